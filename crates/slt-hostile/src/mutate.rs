//! Mutations of bytes: what chance, carelessness and malice do to a file.
//!
//! They know nothing of formats but that some bytes are text with numbers, words and brackets, or JSON. What
//! is drawn follows from a seed alone, so a mutant is found again by its number.

use std::ops::Range;

use rand::RngCore;
use serde_json::Value;
use slt_core::random::{StreamRng, index_below};

/// Mutants do not grow beyond this: what is looked for is what a small file can do.
const MAX_BYTES: usize = 1 << 17;

/// Numbers that lengths, counts and indices break at, as they are in binary files.
const WHOLE: [u64; 20] = [
    0,
    1,
    2,
    3,
    7,
    8,
    0x7f,
    0x80,
    0xff,
    0x100,
    0x7fff,
    0xffff,
    0x1_0000,
    0x7fff_ffff,
    0x8000_0000,
    0xffff_ffff,
    1 << 32,
    i64::MAX as u64,
    1 << 63,
    u64::MAX,
];

/// Numbers that break arithmetic, as they are in binary files.
const FLOATS: [f64; 9] =
    [0.0, -0.0, 1.0, f64::NAN, f64::INFINITY, f64::NEG_INFINITY, f64::MAX, f64::MIN_POSITIVE, f64::EPSILON];

/// What takes the place of a number in a text.
const NUMBERS: [&str; 24] = [
    "0",
    "1",
    "-1",
    "-0",
    "-0.0",
    "2",
    "64",
    "1000",
    "65537",
    "1e999",
    "-1e999",
    "1e-999",
    "1.7976931348623157e308",
    "5e-324",
    "0.1",
    "0.5",
    "NaN",
    "Infinity",
    "4294967296",
    "9223372036854775807",
    "9223372036854775808",
    "18446744073709551615",
    "18446744073709551616",
    "null",
];

/// What is put into a text anywhere.
const SNIPPETS: [&str; 22] = [
    "\"", "'", ",", ";", "\t", "\n", "\r", "\r\n", ":", "[", "]", "{", "}", "(", ")", "\\u0000", "\\",
    "\u{feff}", "\u{2028}", "é", "\0", " ",
];

/// A source of mutations.
pub struct Mutator {
    rng: StreamRng,
}

impl Mutator {
    /// Mutations that follow from a stream.
    pub fn new(rng: StreamRng) -> Self {
        Self { rng }
    }

    /// A number below `n`, which is at least 1.
    pub fn below(&mut self, n: usize) -> usize {
        index_below(&mut self.rng, n)
    }

    /// Mutates bytes once to four times, once most often. Pieces are taken from `other` as well.
    pub fn mutate(&mut self, bytes: &mut Vec<u8>, other: &[u8]) {
        let mut times = 1 + [0, 0, 0, 1, 1, 2, 3][self.below(7)];
        // Most changes of a text of JSON make it none, so that readers would hardly see anything else.
        if self.below(4) > 0
            && let Ok(mut value @ (Value::Object(_) | Value::Array(_))) = serde_json::from_slice(bytes)
        {
            while times > 0 {
                self.edit_json(&mut value);
                times -= 1;
            }
            *bytes = value.to_string().into_bytes();
        }
        for _ in 0..times {
            self.edit(bytes, other);
        }
        bytes.truncate(MAX_BYTES);
    }

    fn edit(&mut self, bytes: &mut Vec<u8>, other: &[u8]) {
        let is_text = !bytes.is_empty() && std::str::from_utf8(bytes).is_ok();
        match self.below(if is_text { 16 } else { 9 }) {
            0 => self.flip(bytes),
            1 | 2 => self.overwrite(bytes),
            3 => self.cut(bytes),
            4 => self.insert(bytes),
            5 => self.repeat(bytes),
            6 => self.swap(bytes),
            7 => self.splice(bytes, other),
            8 => self.shuffle_byte(bytes),
            9..=11 => self.replace_number(bytes),
            12 => self.nest(bytes),
            13 => self.replace_word(bytes),
            14 => self.insert_snippet(bytes),
            _ => self.repeat_item(bytes),
        }
    }

    /// A place, from 0 to the length; every other time near the beginning, where headers are.
    fn place(&mut self, n: usize) -> usize {
        let n = if self.below(2) == 0 { n.min(64) } else { n };
        self.below(n + 1)
    }

    /// A piece: short ones are as likely as long ones.
    fn piece(&mut self, n: usize) -> Range<usize> {
        let start = self.place(n);
        let most = n - start;
        let limit = 1_usize << self.below(usize::BITS as usize - most.leading_zeros() as usize + 1);
        start..start + self.below(limit.min(most) + 1)
    }

    fn flip(&mut self, bytes: &mut [u8]) {
        if bytes.is_empty() {
            return;
        }
        let at = self.place(bytes.len() - 1);
        bytes[at] ^= 1 << self.below(8);
    }

    fn shuffle_byte(&mut self, bytes: &mut [u8]) {
        if bytes.is_empty() {
            return;
        }
        let at = self.place(bytes.len() - 1);
        bytes[at] = self.rng.next_u32() as u8;
    }

    /// Bytes of a number that is at a limit, of 1 to 8 bytes in either order.
    fn limit(&mut self) -> Vec<u8> {
        let mut number = match self.below(4) {
            0 => FLOATS[self.below(FLOATS.len())].to_le_bytes().to_vec(),
            1 => (FLOATS[self.below(FLOATS.len())] as f32).to_le_bytes().to_vec(),
            _ => {
                let width = 1 << self.below(4);
                WHOLE[self.below(WHOLE.len())].to_le_bytes()[..width].to_vec()
            }
        };
        if self.below(2) == 0 {
            number.reverse();
        }
        number
    }

    fn overwrite(&mut self, bytes: &mut [u8]) {
        let number = self.limit();
        let at = self.place(bytes.len());
        bytes[at..].iter_mut().zip(number).for_each(|(byte, new)| *byte = new);
    }

    fn cut(&mut self, bytes: &mut Vec<u8>) {
        let mut piece = self.piece(bytes.len());
        if self.below(3) == 0 {
            piece.end = bytes.len();
        }
        bytes.drain(piece);
    }

    fn insert(&mut self, bytes: &mut Vec<u8>) {
        let new = if self.below(2) == 0 {
            self.limit()
        } else {
            let n = 1 + self.below(32);
            let byte = self.rng.next_u32() as u8;
            vec![byte; n]
        };
        let at = self.place(bytes.len());
        bytes.splice(at..at, new);
    }

    /// How often something is repeated: seldom often.
    fn times(&mut self, length: usize) -> usize {
        let most = 1 << self.below(12);
        (1 + self.below(most)).min(MAX_BYTES / (length + 1))
    }

    fn repeat(&mut self, bytes: &mut Vec<u8>) {
        let piece = self.piece(bytes.len());
        let times = self.times(piece.len());
        let new = bytes[piece.clone()].repeat(times);
        bytes.splice(piece.end..piece.end, new);
    }

    fn swap(&mut self, bytes: &mut Vec<u8>) {
        let (first, second) = (self.piece(bytes.len()), self.piece(bytes.len()));
        let (first, second) = if first.start <= second.start { (first, second) } else { (second, first) };
        if first.end > second.start {
            return;
        }
        let swapped =
            [&bytes[second.clone()], &bytes[first.end..second.start], &bytes[first.clone()]].concat();
        bytes.splice(first.start..second.end, swapped);
    }

    fn splice(&mut self, bytes: &mut Vec<u8>, other: &[u8]) {
        let (place, piece) = (self.piece(bytes.len()), self.piece(other.len()));
        bytes.splice(place, other[piece].iter().copied());
    }

    /// A run of bytes that `belongs` says belong together, near a random place.
    fn token(&mut self, bytes: &[u8], belongs: fn(&u8) -> bool) -> Option<Range<usize>> {
        let from = self.place(bytes.len());
        let start = from + bytes[from..].iter().position(belongs)?;
        let end = bytes[start..].iter().position(|byte| !belongs(byte)).map_or(bytes.len(), |n| start + n);
        let before = bytes[..start].iter().rposition(|byte| !belongs(byte)).map_or(0, |last| last + 1);
        Some(before..end)
    }

    fn replace_number(&mut self, bytes: &mut Vec<u8>) {
        let is_part = |byte: &u8| byte.is_ascii_digit() || b"+-.eE".contains(byte);
        let Some(place) = self.token(bytes, is_part) else { return };
        let new = match self.below(NUMBERS.len() + 2) {
            // Digits without an end, before or behind the point.
            0 => "9".repeat(1 + self.below(5_000)),
            1 => format!("0.{}1", "0".repeat(self.below(5_000))),
            number => NUMBERS[number - 2].to_owned(),
        };
        bytes.splice(place, new.into_bytes());
    }

    fn replace_word(&mut self, bytes: &mut Vec<u8>) {
        let is_part = |byte: &u8| byte.is_ascii_alphanumeric() || b"_-".contains(byte);
        let (Some(place), Some(new)) = (self.token(bytes, is_part), self.token(bytes, is_part)) else {
            return;
        };
        let new = bytes[new].to_vec();
        bytes.splice(place, new);
    }

    /// An item of a list, or a line, again and again.
    fn repeat_item(&mut self, bytes: &mut Vec<u8>) {
        let is_part = if self.below(2) == 0 { |byte: &u8| *byte != b',' } else { |byte: &u8| *byte != b'\n' };
        let Some(item) = self.token(bytes, is_part) else { return };
        let separator = bytes.get(item.end).copied().unwrap_or(b',');
        let times = self.times(item.len());
        let new = [&[separator], &bytes[item.clone()]].concat().repeat(times);
        bytes.splice(item.end..item.end, new);
    }

    /// Lists in lists, or objects in objects, closed again or not.
    fn nest(&mut self, bytes: &mut Vec<u8>) {
        let depth = 1 << self.below(15);
        let (open, close) = if self.below(2) == 0 { ("[", "]") } else { ("{\"a\":", "}") };
        let close = if self.below(2) == 0 { close } else { "" };
        let new = format!("{}0{}", open.repeat(depth), close.repeat(depth)).into_bytes();
        let is_part = |byte: &u8| !b"[]{}:,\n".contains(byte);
        let Some(place) = self.token(bytes, is_part) else { return };
        bytes.splice(place, new);
    }

    fn insert_snippet(&mut self, bytes: &mut Vec<u8>) {
        let snippet = SNIPPETS[self.below(SNIPPETS.len())];
        let (at, times) = (self.place(bytes.len()), self.times(snippet.len()));
        bytes.splice(at..at, snippet.repeat(times).into_bytes());
    }
}
