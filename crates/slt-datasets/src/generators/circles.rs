//! A large circle around a smaller one, `sklearn.datasets.make_circles`.

use std::f64::consts::PI;

pub use super::Counts;
use super::{Raw, two_class};
use crate::error::Error;

/// Parameters of the circles.
///
/// With angles `t` evenly spaced over `[0, 2 pi)`, the outer circle (class 0) is `(cos t, sin t)` and the
/// inner one (class 1) is `(factor cos t, factor sin t)`. The rows are shuffled, then noise is added to every
/// coordinate.
///
/// | field | default | range | purpose |
/// |---|---|---|---|
/// | `samples` | 100 altogether | at least 1 | points on the two circles |
/// | `noise` | none | finite, at least 0 | standard deviation of the Gaussian noise |
/// | `factor` | 0.8 | 0 to below 1 | radius of the inner circle |
/// | `shuffle` | yes | | whether the rows are put into random order |
/// | `seed` | 0 | any | scikit-learn's `random_state` |
///
/// ```
/// use slt_datasets::circles::Circles;
///
/// let raw = Circles { factor: 0.5, shuffle: false, ..Circles::default() }.generate()?;
/// assert_eq!(raw.features.row(0).to_vec(), [1.0, 0.0]);
/// assert_eq!(raw.features.row(50).to_vec(), [0.5, 0.0]);
/// # Ok::<(), slt_datasets::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct Circles {
    /// Points on the two circles.
    pub samples: Counts,
    /// Standard deviation of the noise; `None` draws none, `Some(0.0)` draws it and adds zeros.
    pub noise: Option<f64>,
    /// Radius of the inner circle; the outer one has radius 1.
    pub factor: f64,
    /// Whether the rows are put into random order.
    pub shuffle: bool,
    /// The seed of the random numbers.
    pub seed: u32,
}

impl Default for Circles {
    fn default() -> Self {
        Self { samples: Counts::Total(100), noise: None, factor: 0.8, shuffle: true, seed: 0 }
    }
}

impl Circles {
    /// Generates the points.
    ///
    /// # Errors
    ///
    /// [`Error::Parameter`] if no samples are asked for, the noise is negative or not finite, or the factor
    /// is outside `[0, 1)`; [`Error::TooLarge`] if the samples would not fit into memory.
    pub fn generate(&self) -> Result<Raw, Error> {
        let factor = self.factor;
        if !(0.0..1.0).contains(&factor) {
            return Err(Error::Parameter {
                parameter: "factor",
                value: factor,
                allowed: "at least 0 and below 1",
            });
        }
        two_class::assemble(self.samples, self.noise, self.shuffle, self.seed, |place| {
            let t = place.index as f64 * (2.0 * PI / place.count as f64);
            let (sin, cos) = libm::sincos(t);
            if place.inner { [cos * factor, sin * factor] } else { [cos, sin] }
        })
    }
}
