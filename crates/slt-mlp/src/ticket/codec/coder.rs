//! A binary arithmetic coder: one bit at a time, each with the probability that a model gives it.
//!
//! An interval `low..=high` of 64-bit numbers is divided for each bit in proportion to the probabilities, and
//! the part of the bit is what remains; leading bytes that both ends share are final. The message is the
//! shortest number inside the last interval, without the zeros at its end, which the decoder adds again.

/// Bits of a probability.
pub(super) const PROBABILITY_BITS: u32 = 20;

/// Takes bits through a model, in either direction.
pub(super) trait BitCoder {
    /// Codes a bit that is set with the probability `probability / 2^20`, which is above 0 and below 1: an
    /// encoder writes `bit`, a decoder does not look at it. Returns what the bit is.
    fn code(&mut self, probability: u32, bit: bool) -> bool;
}

/// What remains of the interval. `low < high` between two bits, since their first bytes differ.
struct Interval {
    low: u64,
    high: u64,
}

impl Interval {
    const WHOLE: Self = Self { low: 0, high: u64::MAX };

    /// The last number of the part of set bits.
    fn split(&self, probability: u32) -> u64 {
        self.low + ((self.high - self.low) >> PROBABILITY_BITS) * u64::from(probability)
    }

    fn narrow(&mut self, split: u64, bit: bool) {
        if bit {
            self.high = split;
        } else {
            self.low = split + 1;
        }
    }

    /// Takes off the first byte if it is final.
    fn shift(&mut self) -> Option<u8> {
        if (self.low ^ self.high) >> 56 != 0 {
            return None;
        }
        let byte = (self.low >> 56) as u8;
        self.low <<= 8;
        self.high = self.high << 8 | 0xff;
        Some(byte)
    }
}

pub(super) struct Encoder {
    interval: Interval,
    bytes: Vec<u8>,
}

impl Encoder {
    pub(super) fn new() -> Self {
        Self { interval: Interval::WHOLE, bytes: Vec::new() }
    }

    pub(super) fn finish(mut self) -> Vec<u8> {
        let Interval { low, high } = self.interval;
        let number = (0..=64)
            .step_by(8)
            .map(|kept: u32| high & u64::MAX.checked_shl(64 - kept).unwrap_or(0))
            .find(|&number| number >= low)
            .expect("the last one is the end itself");
        self.bytes.extend(number.to_be_bytes());
        while self.bytes.last() == Some(&0) {
            self.bytes.pop();
        }
        self.bytes
    }
}

impl BitCoder for Encoder {
    fn code(&mut self, probability: u32, bit: bool) -> bool {
        let split = self.interval.split(probability);
        self.interval.narrow(split, bit);
        while let Some(byte) = self.interval.shift() {
            self.bytes.push(byte);
        }
        bit
    }
}

/// Never fails and never ends: any bytes are a message, of any number of bits.
pub(super) struct Decoder<'a> {
    interval: Interval,
    /// The part of the message that the interval is about.
    window: u64,
    rest: std::slice::Iter<'a, u8>,
}

impl<'a> Decoder<'a> {
    pub(super) fn new(bytes: &'a [u8]) -> Self {
        let mut decoder = Self { interval: Interval::WHOLE, window: 0, rest: bytes.iter() };
        for _ in 0..8 {
            decoder.next_byte();
        }
        decoder
    }

    fn next_byte(&mut self) {
        self.window = self.window << 8 | u64::from(self.rest.next().copied().unwrap_or(0));
    }
}

impl BitCoder for Decoder<'_> {
    fn code(&mut self, probability: u32, _: bool) -> bool {
        let split = self.interval.split(probability);
        let bit = self.window <= split;
        self.interval.narrow(split, bit);
        while self.interval.shift().is_some() {
            self.next_byte();
        }
        bit
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const HALF: u32 = 1 << (PROBABILITY_BITS - 1);

    fn encoded(message: &[(u32, bool)]) -> Vec<u8> {
        let mut encoder = Encoder::new();
        for &(probability, bit) in message {
            encoder.code(probability, bit);
        }
        encoder.finish()
    }

    proptest! {
        #[test]
        fn messages_come_back(
            message in prop::collection::vec(((1_u32..1 << PROBABILITY_BITS), any::<bool>()), 0..400),
        ) {
            let bytes = encoded(&message);
            let mut decoder = Decoder::new(&bytes);
            for (probability, bit) in message {
                prop_assert_eq!(decoder.code(probability, false), bit);
            }
        }

        #[test]
        fn bits_cost_what_their_probability_says(
            message in prop::collection::vec(((1_u32..1 << PROBABILITY_BITS), any::<bool>()), 0..400),
        ) {
            let cost = |&(probability, bit): &(u32, bool)| {
                let share = f64::from(probability) / f64::from(1 << PROBABILITY_BITS);
                -(if bit { share } else { 1.0 - share }).log2()
            };
            let ideal: f64 = message.iter().map(cost).sum();
            prop_assert!(encoded(&message).len() as f64 <= ideal / 8.0 + 1.5);
        }
    }

    #[test]
    fn nothing_and_what_is_expected_cost_nothing() {
        assert_eq!(encoded(&[]), [0_u8; 0]);
        assert!(encoded(&[((1 << PROBABILITY_BITS) - 1, true); 10_000]).is_empty());
        assert_eq!(encoded(&[(HALF, true); 800]), [0_u8; 0]);
        assert_eq!(encoded(&[(HALF, false); 80]).len(), 10);
    }
}
