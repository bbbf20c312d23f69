//! What moons and circles share: two curves, shuffled rows, Gaussian noise.

use ndarray::Array2;

use super::{check_deviation, check_size, raw::Raw};
use crate::{error::Error, numpy::RandomState};

/// How many samples the two curves of [`Moons`](super::moons::Moons) and [`Circles`](super::circles::Circles)
/// get.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Counts {
    /// This many altogether: `n / 2` rounded down on the outer curve, the rest on the inner one.
    Total(usize),
    /// As many on each curve; scikit-learn's two-element tuple. One of them may be 0.
    PerClass {
        /// Samples on the outer curve, class 0.
        outer: usize,
        /// Samples on the inner curve, class 1.
        inner: usize,
    },
}

impl Counts {
    /// Outer and inner count.
    fn counts(self) -> Result<(usize, usize), Error> {
        let (outer, inner) = match self {
            Self::Total(total) => (total / 2, total - total / 2),
            Self::PerClass { outer, inner } => (outer, inner),
        };
        if check_size(outer.checked_add(inner), 2)? == 0 {
            return Err(Error::Parameter {
                parameter: "samples",
                value: 0.0,
                allowed: "at least 1 altogether",
            });
        }
        Ok((outer, inner))
    }
}

/// The class of a curve and where a point sits on it.
pub(super) struct Place {
    /// On the inner curve (class 1), or else on the outer one (class 0).
    pub(super) inner: bool,
    /// Number of the point on its curve, from 0.
    pub(super) index: usize,
    /// Number of points on its curve.
    pub(super) count: usize,
}

/// Places the points, puts the rows into random order, then adds noise to the rows in their new order.
pub(super) fn assemble(
    samples: Counts,
    noise: Option<f64>,
    shuffle: bool,
    seed: u32,
    point: impl Fn(&Place) -> [f64; 2],
) -> Result<Raw, Error> {
    let (outer, inner) = samples.counts()?;
    if let Some(noise) = noise {
        check_deviation("noise", noise)?;
    }
    let mut random = RandomState::new(seed);
    let n = outer + inner;
    let order = if shuffle { random.permutation(n) } else { (0..n).collect() };
    let mut values = Vec::with_capacity(2 * n);
    for &row in &order {
        let place = if row < outer {
            Place { inner: false, index: row, count: outer }
        } else {
            Place { inner: true, index: row - outer, count: inner }
        };
        values.extend(point(&place));
    }
    if let Some(noise) = noise {
        for value in &mut values {
            *value += random.normal(0.0, noise);
        }
    }
    Ok(Raw {
        features: Array2::from_shape_vec((n, 2), values).expect("two values were pushed a row"),
        labels: order.iter().map(|&row| u32::from(row >= outer)).collect(),
        n_classes: 2,
    })
}
