//! Samples with what the engine says of them.

use ndarray::{Array2, Axis};
use slt_core::Purpose;
use slt_core::random::unit_f64;
use slt_mlp::{Predictions, Ticket};

use crate::Error;
use crate::model::{Model, Scaling};

const EXPORT: Purpose = Purpose::new("export");
/// Samples that are made up where none are given.
const MADE_UP: usize = 8;

/// Raw samples, and what the engine says of them.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Samples {
    pub(crate) raw: Array2<f32>,
    pub(crate) predictions: Predictions,
    /// The largest magnitude of a scaled feature.
    pub(crate) largest: f32,
}

impl Samples {
    /// # Shapes
    /// `raw` is `n_samples x n_inputs`, before scaling.
    pub(crate) fn new(ticket: &Ticket, model: &Model, raw: Array2<f32>) -> Result<Self, Error> {
        if raw.ncols() != model.inputs.len() {
            let misfit = slt_mlp::Error::FeatureCount { inputs: model.inputs.len(), features: raw.ncols() };
            return Err(slt_mlp::TicketError::from(misfit).into());
        }
        let mut prepared = raw.clone();
        for (feature, mut column) in prepared.axis_iter_mut(Axis(1)).enumerate() {
            for (sample, value) in column.iter_mut().enumerate() {
                let given = std::mem::replace(value, model.inputs[feature].prepare(*value));
                if !value.is_finite() {
                    return Err(Error::SampleNotFinite { sample, feature, value: given });
                }
            }
        }
        let largest = prepared.iter().fold(0.0_f32, |largest, value| largest.max(value.abs()));
        // A ticket's own scaler takes raw features, a preprocessing those that it has made.
        let features = if ticket.scaler().is_some() { raw.clone() } else { prepared };
        Ok(Self { raw, predictions: ticket.predictions(features)?, largest })
    }

    /// Some in the range of the training data, as far as the ticket knows it.
    pub(crate) fn made_up(ticket: &Ticket, model: &Model) -> Result<Self, Error> {
        let seed = ticket.recipe().seed;
        let mut rng = seed.stream(EXPORT, 0, 0);
        let mut raw = Array2::zeros((MADE_UP, model.inputs.len()));
        for mut row in raw.rows_mut() {
            let mut column = None;
            for (value, input) in row.iter_mut().zip(&model.inputs) {
                let unit = unit_f64(&mut rng);
                let scaled = match input.scaling {
                    Scaling::Standard { .. } => 4.0 * unit - 2.0,
                    _ => 1.4 * unit - 0.7,
                };
                // One category of each column, mostly.
                let is_first = column.replace(&input.column) != Some(&input.column);
                *value = match (&input.category, input.scaling.line()) {
                    (Some(_), _) => f32::from(u8::from(is_first == (unit < 0.5))),
                    (None, Some((centre, slope))) => (centre + scaled / slope) as f32,
                    (None, None) => 0.0,
                };
            }
        }
        Self::new(ticket, model, raw)
    }

    pub(crate) fn len(&self) -> usize {
        self.raw.nrows()
    }

    /// Up to `count` of the samples, evenly spread.
    pub(crate) fn some(&self, count: usize) -> Vec<usize> {
        let count = count.min(self.len());
        (0..count).map(|i| i * self.len() / count).collect()
    }
}
