use serde::{Deserialize, Serialize};

use crate::Error;

/// What active weights cost: a search that has a price looks for masks of high performance minus cost.
///
/// | name | default | range | purpose |
/// |---|---|---|---|
/// | `amount` | 0 | finite, at least 0 | performance that a unit has to be worth |
/// | `unit` | `Weights` | see [`PriceUnit`] | what is paid for |
/// | `ramp` | 0 | \[0, 1\] | the part of a local search in which the price rises linearly from 0 to the amount |
///
/// ```
/// use slt_search::{Price, PriceUnit};
/// let price = Price::per_weight(1e-4);
/// assert_eq!(price.cost(100, 1_000, 1.0), 0.01);
/// // The mask of 10 of 1,000 weights takes log2(1,000 over 10) = 77.8 bits.
/// let coded = Price { unit: PriceUnit::CodedBits, ..price };
/// assert!((coded.cost(10, 1_000, 1.0) - 77.8e-4).abs() < 1e-5);
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Price {
    /// Performance that a unit has to be worth.
    pub amount: f64,
    /// What is paid for.
    pub unit: PriceUnit,
    /// The part of a local search in which the price rises from 0.
    pub ramp: f64,
}

/// What is paid for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum PriceUnit {
    /// Active weights.
    Weights,
    /// Bits of a mask that is coded as well as its number of ones allows: the binary logarithm of the number
    /// of such masks. The next weight costs the more, the fewer there are; above half of the weights it costs
    /// less than nothing.
    CodedBits,
}

impl Price {
    /// Weights cost nothing.
    pub const NONE: Self = Self { amount: 0.0, unit: PriceUnit::Weights, ramp: 0.0 };

    /// A price for each active weight.
    pub fn per_weight(amount: f64) -> Self {
        Self { amount, ..Self::NONE }
    }

    /// What a mask with so many of `n_bits` weights costs when `progress`, in \[0, 1\], of a local search is
    /// over.
    pub fn cost(&self, ones: usize, n_bits: usize, progress: f64) -> f64 {
        if self.amount == 0.0 {
            return 0.0;
        }
        let risen = if progress < self.ramp { progress / self.ramp } else { 1.0 };
        let units = match self.unit {
            PriceUnit::Weights => ones as f64,
            PriceUnit::CodedBits => log2_binomial(n_bits as f64, ones as f64),
        };
        risen * self.amount * units
    }

    /// What masks are worth when `progress` of a local search is over.
    pub(crate) fn worth(&self, n_bits: usize, progress: f64) -> Worth<'_> {
        Worth { price: self, n_bits, progress }
    }

    pub(crate) fn check(&self) -> Result<(), Error> {
        Error::check_range("price.amount", self.amount, 0.0, f64::MAX, "finite and at least 0")?;
        Error::check_range("price.ramp", self.ramp, 0.0, 1.0, "in [0, 1]")
    }
}

/// What a mask is worth to a local search: its performance minus what its weights cost.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Worth<'p> {
    price: &'p Price,
    n_bits: usize,
    progress: f64,
}

impl Worth<'_> {
    pub(crate) fn of(&self, performance: f64, ones: usize) -> f64 {
        performance - self.price.cost(ones, self.n_bits, self.progress)
    }

    /// The performance that a mask needs to be worth `value`.
    pub(crate) fn performance_for(&self, value: f64, ones: usize) -> f64 {
        value + self.price.cost(ones, self.n_bits, self.progress)
    }
}

fn log2_binomial(n: f64, k: f64) -> f64 {
    let factorial = |x: f64| libm::lgamma(x + 1.0);
    (factorial(n) - factorial(k) - factorial(n - k)) / std::f64::consts::LN_2
}
