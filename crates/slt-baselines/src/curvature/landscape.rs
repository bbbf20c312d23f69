//! Loss and accuracy on a plane through the parameters.

use ndarray::Array2;
use rayon::prelude::*;
use serde::{Deserialize, Serialize};

use super::LossSurface;
use crate::Error;

/// Loss and accuracy at a point.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct LossAt {
    /// Mean cross-entropy.
    pub loss: f64,
    /// Samples whose label is the first largest logit.
    pub n_correct: u64,
}

/// Loss and accuracy on a grid.
///
/// # Shapes
/// Both arrays are `axis_1.len() x axis_2.len()`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Landscape {
    /// Steps along the first direction.
    pub axis_1: Vec<f64>,
    /// Steps along the second direction.
    pub axis_2: Vec<f64>,
    /// Mean cross-entropy.
    pub loss: Array2<f64>,
    /// Samples classified correctly.
    pub n_correct: Array2<u64>,
    /// Samples in all.
    pub n_samples: usize,
}

impl LossSurface {
    /// Loss and accuracy at `parameters + axis_1[i] * direction_1 + axis_2[j] * direction_2` for all i and j.
    ///
    /// # Errors
    /// [`Error::Length`] if a direction does not have an entry for each parameter.
    pub fn landscape(
        &self,
        [direction_1, direction_2]: [&[f64]; 2],
        [axis_1, axis_2]: [&[f64]; 2],
    ) -> Result<Landscape, Error> {
        self.check_length("entries of the first direction", direction_1)?;
        self.check_length("entries of the second direction", direction_2)?;
        let shape = (axis_1.len(), axis_2.len());
        let points: Vec<LossAt> = (0..shape.0 * shape.1)
            .into_par_iter()
            .map(|point| {
                let (a, b) = (axis_1[point / shape.1], axis_2[point % shape.1]);
                let moved = self.parameters().iter().zip(direction_1).zip(direction_2);
                let moved: Vec<f64> = moved.map(|((p, d), e)| p + a * d + b * e).collect();
                self.loss_on_this_thread(&moved)
            })
            .collect();
        let grid = |i: usize, j: usize| points[i * shape.1 + j];
        Ok(Landscape {
            axis_1: axis_1.to_vec(),
            axis_2: axis_2.to_vec(),
            loss: Array2::from_shape_fn(shape, |(i, j)| grid(i, j).loss),
            n_correct: Array2::from_shape_fn(shape, |(i, j)| grid(i, j).n_correct),
            n_samples: self.n_samples(),
        })
    }
}
