//! Two interleaving half circles, `sklearn.datasets.make_moons`.

use std::f64::consts::PI;

pub use super::Counts;
use super::{Raw, two_class};
use crate::error::Error;

/// Parameters of the moons.
///
/// With angles `t` evenly spaced over `[0, pi]`, both ends included, the outer moon (class 0) is `(cos t, sin
/// t)` and the inner one (class 1) is `(1 - cos t, 0.5 - sin t)`. The rows are shuffled, then noise is added
/// to every coordinate.
///
/// | field | default | range | purpose |
/// |---|---|---|---|
/// | `samples` | 100 altogether | at least 1 | points on the two moons |
/// | `noise` | none | finite, at least 0 | standard deviation of the Gaussian noise |
/// | `shuffle` | yes | | whether the rows are put into random order |
/// | `seed` | 0 | any | scikit-learn's `random_state` |
///
/// ```
/// use slt_datasets::moons::{Moons, Counts};
///
/// let moons = Moons { samples: Counts::Total(200), noise: Some(0.2), seed: 42, ..Moons::default() };
/// let raw = moons.generate()?;
/// assert_eq!(raw.features.dim(), (200, 2));
/// let data = raw.into_dataset("my moons")?;
/// # Ok::<(), slt_datasets::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct Moons {
    /// Points on the two moons.
    pub samples: Counts,
    /// Standard deviation of the noise; `None` draws none, `Some(0.0)` draws it and adds zeros.
    pub noise: Option<f64>,
    /// Whether the rows are put into random order.
    pub shuffle: bool,
    /// The seed of the random numbers.
    pub seed: u32,
}

impl Default for Moons {
    fn default() -> Self {
        Self { samples: Counts::Total(100), noise: None, shuffle: true, seed: 0 }
    }
}

impl Moons {
    /// Generates the points.
    ///
    /// # Errors
    ///
    /// [`Error::Parameter`] if no samples are asked for or the noise is negative or not finite;
    /// [`Error::TooLarge`] if the samples would not fit into memory.
    pub fn generate(&self) -> Result<Raw, Error> {
        two_class::assemble(self.samples, self.noise, self.shuffle, self.seed, |place| {
            // The end point is set, not reached by multiplication, which could miss it by a rounding.
            let t = if place.count > 1 && place.index == place.count - 1 {
                PI
            } else {
                place.index as f64 * (PI / (place.count.max(2) - 1) as f64)
            };
            let (sin, cos) = libm::sincos(t);
            if place.inner { [1.0 - cos, 1.0 - sin - 0.5] } else { [cos, sin] }
        })
    }
}
