//! Columns of numbers in their standard deviations.

use crate::error::Error;
use crate::magnitude::{divided, unit};
use crate::summary::mean_and_squares;

/// A column with mean 0 and standard deviation 1 (n in the denominator), and what it was before.
///
/// All cross-products are of such columns, however large and far from 0 the numbers of the table are.
pub(crate) struct Standardised {
    pub(crate) values: Vec<f64>,
    pub(crate) mean: f64,
    pub(crate) sd: f64,
}

/// All values are equal.
pub(crate) struct Constant(pub(crate) f64);

impl Standardised {
    pub(crate) fn new(numbers: &[f64]) -> Result<Self, Constant> {
        let unit = unit(numbers);
        let values = divided(numbers, unit);
        let (mean, squares) = mean_and_squares(&values);
        let sd = (squares / values.len() as f64).sqrt();
        if sd > 0.0 {
            let standardised = values.iter().map(|value| (value - mean) / sd).collect();
            Ok(Self { values: standardised, mean: mean * unit, sd: sd * unit })
        } else {
            Err(Constant(numbers[0]))
        }
    }

    /// Fails if the variance of the column, or what may be a small share of it, is not a number of f64.
    pub(crate) fn check_variance(&self, column: &str) -> Result<(), Error> {
        let variance = self.sd * self.sd;
        if (1e-290..1e305).contains(&variance) {
            Ok(())
        } else {
            Err(Error::Spread { column: column.to_owned(), spread: self.sd })
        }
    }
}
