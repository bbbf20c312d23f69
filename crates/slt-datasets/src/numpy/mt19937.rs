//! The Mersenne Twister MT19937.

use std::fmt;

/// Number of 32-bit words in the state.
const WORDS: usize = 624;
/// Distance between a word and the one it is combined with.
const MIDDLE: usize = 397;

/// The 32-bit Mersenne Twister of Matsumoto and Nishimura (1998), seeded by one integer.
///
/// The seeding is `init_genrand` of the authors' 2002 version, which is what numpy uses for a plain integer
/// seed (arrays of integers go through `init_by_array`, which is not provided).
///
/// ```
/// let mut twister = slt_datasets::numpy::Mt19937::new(5489);
/// assert_eq!(twister.next_u32(), 3_499_211_612); // the first output for the authors' default seed
/// ```
#[derive(Clone, PartialEq, Eq)]
pub struct Mt19937 {
    key: [u32; WORDS],
    position: usize,
}

impl Mt19937 {
    /// A generator at the start of the stream of `seed`.
    #[must_use]
    pub fn new(seed: u32) -> Self {
        let mut key = [seed; WORDS];
        for i in 1..WORDS {
            let previous = key[i - 1];
            key[i] = 1_812_433_253_u32.wrapping_mul(previous ^ (previous >> 30)).wrapping_add(i as u32);
        }
        Self { key, position: WORDS }
    }

    /// A generator in a state that [`key`](Self::key) and [`position`](Self::position) gave, `set_state` in
    /// numpy; none if the position is above 624.
    ///
    /// ```
    /// use slt_datasets::numpy::Mt19937;
    /// let mut twister = Mt19937::new(7);
    /// twister.next_u32();
    /// let mut again = Mt19937::from_state(*twister.key(), twister.position()).unwrap();
    /// assert_eq!(again.next_u32(), twister.next_u32());
    /// assert_eq!(Mt19937::from_state([0; 624], 625), None);
    /// ```
    #[must_use]
    pub fn from_state(key: [u32; WORDS], position: usize) -> Option<Self> {
        (position <= WORDS).then_some(Self { key, position })
    }

    /// The next 32 bits.
    pub fn next_u32(&mut self) -> u32 {
        if self.position == WORDS {
            self.regenerate();
        }
        let mut word = self.key[self.position];
        self.position += 1;
        word ^= word >> 11;
        word ^= (word << 7) & 0x9d2c_5680;
        word ^= (word << 15) & 0xefc6_0000;
        word ^ (word >> 18)
    }

    /// The state words, `get_state()[1]` in numpy.
    #[must_use]
    pub fn key(&self) -> &[u32; WORDS] {
        &self.key
    }

    /// How many of the state words were given out, `get_state()[2]` in numpy; 624 right after seeding.
    #[must_use]
    pub fn position(&self) -> usize {
        self.position
    }

    fn regenerate(&mut self) {
        for i in 0..WORDS {
            let next = self.key[(i + 1) % WORDS];
            let joined = (self.key[i] & 0x8000_0000) | (next & 0x7fff_ffff);
            let twist = if next & 1 == 1 { 0x9908_b0df } else { 0 };
            self.key[i] = self.key[(i + MIDDLE) % WORDS] ^ (joined >> 1) ^ twist;
        }
        self.position = 0;
    }
}

impl fmt::Debug for Mt19937 {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Mt19937").field("position", &self.position).finish_non_exhaustive()
    }
}
