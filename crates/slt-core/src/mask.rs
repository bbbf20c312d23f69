use std::fmt;
use std::ops::Range;
use std::str::FromStr;

use rand::RngCore;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::Error;
use crate::canonical::to_hex;

const WORD: usize = u64::BITS as usize;

/// A fixed-length bit string: the genome of a search and the mask over a network's weights.
///
/// Bit `i` is bit `i % 64` (counted from the least significant) of word `i / 64`; bits beyond the end of
/// the last word are always zero. Counting, crossover, comparison and hashing work on whole words.
///
/// The text form is the number of bits, a colon, and the bytes of the mask in hexadecimal, bits 0 to 7
/// first: [`Display`](fmt::Display), [`FromStr`] and serde all use it.
///
/// ```
/// use slt_core::BitMask;
/// let mask: BitMask = (0..10).map(|i| i % 3 == 0).collect();
/// assert_eq!(mask.iter_ones().collect::<Vec<_>>(), [0, 3, 6, 9]);
/// assert_eq!(mask.sparsity(), 0.6);
/// assert_eq!(mask.to_string(), "10:4902");
/// assert_eq!("10:4902".parse::<BitMask>()?, mask);
/// # Ok::<(), slt_core::Error>(())
/// ```
#[derive(PartialEq, Eq, PartialOrd, Ord)]
pub struct BitMask {
    words: Vec<u64>,
    len: usize,
}

impl BitMask {
    /// A mask of `len` zeros.
    pub fn zeros(len: usize) -> Self {
        Self { words: vec![0; len.div_ceil(WORD)], len }
    }

    /// A mask of `len` ones.
    pub fn ones(len: usize) -> Self {
        let mut mask = Self { words: vec![u64::MAX; len.div_ceil(WORD)], len };
        mask.clear_tail();
        mask
    }

    /// A mask in which each bit is set with probability 1/2: one word of the generator for each word.
    pub fn random<R: RngCore + ?Sized>(len: usize, rng: &mut R) -> Self {
        let mut mask = Self::zeros(len);
        mask.fill_random(rng);
        mask
    }

    /// A mask from its words.
    ///
    /// # Errors
    /// If there are more or fewer words than `len` bits take, or a bit beyond the end is set.
    pub fn from_words(len: usize, words: Vec<u64>) -> Result<Self, Error> {
        let expected = len.div_ceil(WORD);
        if words.len() != expected {
            return Err(Error::WordCount { bits: len, expected, actual: words.len() });
        }
        let mut mask = Self { words, len };
        let last = mask.words.last().copied();
        mask.clear_tail();
        if mask.words.last().copied() != last {
            return Err(Error::TrailingBits { bits: len });
        }
        Ok(mask)
    }

    /// A mask from its bytes, bits 0 to 7 in the first.
    ///
    /// # Errors
    /// If there are more or fewer bytes than `len` bits take, or a bit beyond the end is set.
    pub fn from_bytes(len: usize, bytes: &[u8]) -> Result<Self, Error> {
        if bytes.len() != len.div_ceil(8) {
            let (expected, actual) = (len.div_ceil(WORD), bytes.len().div_ceil(8));
            return Err(Error::WordCount { bits: len, expected, actual });
        }
        let words = bytes
            .chunks(8)
            .map(|chunk| chunk.iter().rev().fold(0, |word, &byte| word << 8 | u64::from(byte)))
            .collect();
        Self::from_words(len, words)
    }

    /// The bytes of the mask, bits 0 to 7 in the first.
    pub fn to_bytes(&self) -> Vec<u8> {
        let mut bytes: Vec<u8> = self.words.iter().flat_map(|word| word.to_le_bytes()).collect();
        bytes.truncate(self.len.div_ceil(8));
        bytes
    }

    /// Number of bits.
    pub fn len(&self) -> usize {
        self.len
    }

    /// Whether the mask has no bits at all.
    pub fn is_empty(&self) -> bool {
        self.len == 0
    }

    /// The words that hold the bits.
    pub fn words(&self) -> &[u64] {
        &self.words
    }

    /// Bit `i`.
    ///
    /// # Panics
    /// If `i` is not below the length.
    #[inline]
    pub fn get(&self, i: usize) -> bool {
        self.check(i);
        self.words[i / WORD] >> (i % WORD) & 1 == 1
    }

    /// Sets bit `i` to `value`.
    ///
    /// # Panics
    /// If `i` is not below the length.
    #[inline]
    pub fn set(&mut self, i: usize, value: bool) {
        self.check(i);
        let bit = 1 << (i % WORD);
        if value {
            self.words[i / WORD] |= bit;
        } else {
            self.words[i / WORD] &= !bit;
        }
    }

    /// Inverts bit `i`.
    ///
    /// # Panics
    /// If `i` is not below the length.
    #[inline]
    pub fn flip(&mut self, i: usize) {
        self.check(i);
        self.words[i / WORD] ^= 1 << (i % WORD);
    }

    /// Number of set bits.
    pub fn count_ones(&self) -> usize {
        self.words.iter().map(|word| word.count_ones() as usize).sum()
    }

    /// Number of zeros: the pruned weights.
    pub fn count_zeros(&self) -> usize {
        self.len - self.count_ones()
    }

    /// Share of zeros, in [0, 1]; 0 for an empty mask.
    pub fn sparsity(&self) -> f64 {
        if self.len == 0 { 0.0 } else { self.count_zeros() as f64 / self.len as f64 }
    }

    /// Positions of the set bits, ascending.
    pub fn iter_ones(&self) -> impl Iterator<Item = usize> + '_ {
        self.words.iter().enumerate().flat_map(|(i, &word)| {
            std::iter::successors(Some(word), |&rest| Some(rest & (rest - 1)))
                .take(word.count_ones() as usize)
                .map(move |rest| i * WORD + rest.trailing_zeros() as usize)
        })
    }

    /// Some of the bits that follow each other, as a mask of their own.
    ///
    /// # Panics
    /// If the range ends before it starts, or beyond the length.
    ///
    /// ```
    /// use slt_core::BitMask;
    /// let mask: BitMask = (0..200).map(|i| i % 100 == 70).collect();
    /// assert_eq!(mask.slice(69..171).iter_ones().collect::<Vec<_>>(), [1, 101]);
    /// ```
    pub fn slice(&self, bits: Range<usize>) -> Self {
        assert!(
            bits.start <= bits.end && bits.end <= self.len,
            "bits {bits:?} of a mask of {} bits",
            self.len
        );
        let (first, shift) = (bits.start / WORD, bits.start % WORD);
        let word = |i: usize| self.words.get(i).copied().unwrap_or(0);
        // In two steps, because by a whole word nothing can be shifted.
        let words = (first..).map(|i| word(i) >> shift | word(i + 1) << 1 << (WORD - 1 - shift));
        let mut mask = Self { words: words.take(bits.len().div_ceil(WORD)).collect(), len: bits.len() };
        mask.clear_tail();
        mask
    }

    /// Number of positions in which two masks differ.
    ///
    /// # Panics
    /// If the lengths differ.
    pub fn hamming_distance(&self, other: &Self) -> usize {
        self.check_same_length(other);
        self.words.iter().zip(&other.words).map(|(a, b)| (a ^ b).count_ones() as usize).sum()
    }

    /// Redraws every bit; see [`random`](Self::random).
    pub fn fill_random<R: RngCore + ?Sized>(&mut self, rng: &mut R) {
        for word in &mut self.words {
            *word = rng.next_u64();
        }
        self.clear_tail();
    }

    /// Uniform crossover: each bit is `a`'s or `b`'s with probability 1/2. One word of the generator is
    /// drawn for each word; its set bits take from `a`. The buffer is reused.
    ///
    /// # Panics
    /// If the lengths of the parents differ.
    pub fn fill_crossover<R: RngCore + ?Sized>(&mut self, a: &Self, b: &Self, rng: &mut R) {
        a.check_same_length(b);
        self.len = a.len;
        self.words.clear();
        self.words.extend(a.words.iter().zip(&b.words).map(|(a, b)| {
            let from_a = rng.next_u64();
            a & from_a | b & !from_a
        }));
    }

    /// A hash that is the same on every machine and in every version: a chain of 64-bit finalisers
    /// (splitmix64) over the length and the words. Not cryptographic.
    pub fn stable_hash(&self) -> u64 {
        self.words.iter().fold(mix(self.len as u64), |hash, &word| mix(hash ^ word))
    }

    fn clear_tail(&mut self) {
        if let (Some(last), used @ 1..) = (self.words.last_mut(), self.len % WORD) {
            *last &= (1 << used) - 1;
        }
    }

    #[inline]
    #[track_caller]
    fn check(&self, i: usize) {
        assert!(i < self.len, "bit {i} of a mask of {} bits", self.len);
    }

    #[track_caller]
    fn check_same_length(&self, other: &Self) {
        assert!(self.len == other.len, "masks of {} and {} bits", self.len, other.len);
    }
}

/// The splitmix64 step: add the golden ratio, then the finaliser of Stafford's variant 13.
fn mix(x: u64) -> u64 {
    let x = x.wrapping_add(0x9e37_79b9_7f4a_7c15);
    let x = (x ^ x >> 30).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let x = (x ^ x >> 27).wrapping_mul(0x94d0_49bb_1331_11eb);
    x ^ x >> 31
}

impl Clone for BitMask {
    fn clone(&self) -> Self {
        Self { words: self.words.clone(), len: self.len }
    }

    // The derived version would not reuse the buffer.
    fn clone_from(&mut self, source: &Self) {
        self.words.clone_from(&source.words);
        self.len = source.len;
    }
}

impl std::hash::Hash for BitMask {
    fn hash<H: std::hash::Hasher>(&self, state: &mut H) {
        state.write_u64(self.stable_hash());
    }
}

impl FromIterator<bool> for BitMask {
    fn from_iter<I: IntoIterator<Item = bool>>(bits: I) -> Self {
        let mut mask = Self::zeros(0);
        for bit in bits {
            if mask.len.is_multiple_of(WORD) {
                mask.words.push(0);
            }
            mask.len += 1;
            mask.set(mask.len - 1, bit);
        }
        mask
    }
}

impl fmt::Display for BitMask {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.len, to_hex(&self.to_bytes()))
    }
}

impl fmt::Debug for BitMask {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "BitMask({self})")
    }
}

impl FromStr for BitMask {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self, Error> {
        let bad = || Error::Text { text: text.chars().take(40).collect() };
        let (len, digits) = text.split_once(':').ok_or_else(bad)?;
        let len: usize = len.parse().map_err(|_| bad())?;
        let digits = digits.as_bytes();
        // Compared before anything is taken from the heap: the length is not to be trusted.
        if digits.len() % 2 != 0 || digits.len() / 2 != len.div_ceil(8) {
            return Err(bad());
        }
        let digit = |d: u8| (d as char).to_digit(16).filter(|_| !d.is_ascii_uppercase());
        let bytes: Option<Vec<u8>> =
            digits.chunks_exact(2).map(|pair| Some((digit(pair[0])? << 4 | digit(pair[1])?) as u8)).collect();
        Self::from_bytes(len, &bytes.ok_or_else(bad)?)
    }
}

impl Serialize for BitMask {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for BitMask {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?.parse().map_err(serde::de::Error::custom)
    }
}
