//! The model of a bit: a logistic regression that learns as it goes, in whole numbers.
//!
//! Cells hold log-odds `v` with a variance `s`. Of a bit that the cells `k` speak about, with signs `x_k` of
//! +1 or -1:
//!
//! ```text
//! z = sum x_k v_k                 p = 1 / (1 + exp(-z))         probability that the bit is set
//! g = p (1 - p)                   e = (bit - p) / (1 + g sum s_k)
//! v_k += x_k s_k e                s_k = s_k / (1 + g s_k)
//! ```
//!
//! That is a Kalman filter with a diagonal covariance (a variance of its own for each cell): cells that know
//! little move far, and the more cells share a surprise, the less each of them moves. All numbers are
//! multiples of 2^-20 in 64-bit integers, quotients and products rounded down, so that encoder and decoder
//! agree on every machine.

use super::coder::{BitCoder, PROBABILITY_BITS};

/// 1 in fixed point, which is also that of the coder's probabilities.
pub(super) const ONE: i64 = 1 << PROBABILITY_BITS;

/// The log-odds that a sum is cut off at, so that no probability is 0 or 1: p is at least 1.6e-5.
const LIMIT: i64 = 11 * ONE;
/// The step of the table of the logistic function, 1/8.
const STEP: i64 = ONE / 8;
const N_STEPS: usize = (LIMIT / STEP) as usize;
/// 1 / (1 + exp(-k/8)).
static LOGISTIC: [i64; N_STEPS + 2] = logistic_table();

const fn logistic_table() -> [i64; N_STEPS + 2] {
    /// exp(-1/8) in multiples of 2^-60, rounded down.
    const DECAY: u128 = 1_017_449_656_738_713_795;
    let mut table = [0; N_STEPS + 2];
    let mut power = 1_u128 << 60;
    let mut k = 0;
    while k < table.len() {
        table[k] = ((1 << (60 + PROBABILITY_BITS)) / ((1 << 60) + power)) as i64;
        power = (power * DECAY) >> 60;
        k += 1;
    }
    table
}

/// The logistic function: linear between the multiples of 1/8.
fn logistic(z: i64) -> i64 {
    let size = z.abs().min(LIMIT);
    let k = (size / STEP) as usize;
    let above = LOGISTIC[k] + (LOGISTIC[k + 1] - LOGISTIC[k]) * (size % STEP) / STEP;
    if z < 0 { ONE - above } else { above }
}

fn times(a: i64, b: i64) -> i64 {
    (a * b) >> PROBABILITY_BITS
}

/// What is known of one piece of context.
#[derive(Debug, Clone, Copy)]
pub(super) struct Cell {
    value: i64,
    variance: i64,
}

impl Cell {
    /// What is expected before anything is learned. Both in multiples of 2^-20, the variance at most 4.
    pub(super) const fn new(value: i64, variance: i64) -> Self {
        Self { value, variance }
    }

    /// Forgets a part, for a context that is similar to the one before: the value becomes 3/4 of itself, and
    /// the variance goes on to where it stays `prior` if nothing is learned.
    pub(super) fn carry(&mut self, prior: i64) {
        self.value = self.value * 3 / 4;
        self.variance = (9 * self.variance + 7 * prior) / 16;
    }
}

/// Cells, and which of them speak about the next bit.
pub(super) struct Regression {
    pub(super) cells: Vec<Cell>,
    speaking: Vec<(usize, bool)>,
}

impl Regression {
    pub(super) fn new(cells: Vec<Cell>) -> Self {
        Self { cells, speaking: Vec::new() }
    }

    /// The cell number `index` speaks about the next bit; against it if `negative`.
    pub(super) fn hear(&mut self, index: usize, negative: bool) {
        self.speaking.push((index, negative));
    }

    /// Codes the bit that was spoken about, and learns from it.
    pub(super) fn code(&mut self, coder: &mut impl BitCoder, bit: bool) -> bool {
        let (mut odds, mut variance) = (0, 0);
        for &(index, negative) in &self.speaking {
            let cell = self.cells[index];
            odds += if negative { -cell.value } else { cell.value };
            variance += cell.variance;
        }
        let p = logistic(odds);
        let bit = coder.code(p as u32, bit);
        let gain = times(p, ONE - p);
        let surprise = if bit { ONE - p } else { -p };
        let error = surprise * ONE / (ONE + times(gain, variance));
        for (index, negative) in self.speaking.drain(..) {
            let cell = &mut self.cells[index];
            let step = times(cell.variance, error);
            cell.value += if negative { -step } else { step };
            cell.variance = cell.variance * ONE / (ONE + times(gain, cell.variance));
        }
        bit
    }
}

#[cfg(test)]
mod tests {
    use super::super::coder::Encoder;
    use super::*;

    #[test]
    fn logistic_is_close_and_never_certain() {
        for z in -200..=200 {
            let z = f64::from(z) / 10.0;
            let exact = 1.0 / (1.0 + (-z.clamp(-11.0, 11.0)).exp());
            let table = logistic((z * ONE as f64) as i64);
            assert!((table as f64 / ONE as f64 - exact).abs() < 2e-4, "{z}: {table}");
            assert!((10..ONE - 10).contains(&table), "{z}: {table}");
        }
        assert_eq!(logistic(0), ONE / 2);
    }

    #[test]
    fn what_is_always_so_becomes_cheap() {
        for (bit, negative) in [(true, false), (false, true)] {
            let mut regression = Regression::new(vec![Cell::new(0, 4 * ONE), Cell::new(0, ONE)]);
            let mut encoder = Encoder::new();
            for _ in 0..10_000 {
                regression.hear(0, false);
                regression.hear(1, negative);
                regression.code(&mut encoder, bit);
            }
            let bytes = encoder.finish();
            assert!(bytes.len() < 6);
        }
    }
}
