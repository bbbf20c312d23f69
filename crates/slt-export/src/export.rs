use ndarray::Array2;
use slt_mlp::{Recipe, Ticket};

use crate::Error;
use crate::fixed::{Fixed, MIN_RANGE};
use crate::model::Model;
use crate::samples::Samples;

/// The range of fixed-point arithmetic where no samples say otherwise.
const DEFAULT_RANGE: f64 = 16.0;

/// A ticket that is to be written in another format.
///
/// What every format takes are **raw features**: a number for each input of the network, in the order of
/// [`Preprocessing::feature_names`](slt_datasets::table::Preprocessing::feature_names) if the ticket was made
/// on a table. Scaling is a part of the export, and so is filling in missing values (NaN), where the ticket
/// does. Categories are not texts any more: each is a feature of its own, 1 for the sample's category and 0
/// for others. The paper's data sets are scaled when they are loaded, so their tickets take scaled features.
///
/// ```
/// use slt_core::{BitMask, Seed};
/// use slt_export::{Export, Language, SourceOptions};
/// use slt_mlp::{Architecture, Initializer, Network, Ticket};
/// let network = Network::random(&Architecture::new([2, 20, 2])?, Initializer::paper(), Seed(7))?;
/// let ticket = Ticket::new(network, BitMask::ones(80))?;
/// let export = Export::new(&ticket)?;
/// std::fs::write(std::env::temp_dir().join("ticket.onnx"), export.onnx()?)?;
/// let source = export.source(Language::C, &SourceOptions::default())?;
/// assert!(source.text.contains("int slt_predict(const float features[SLT_FEATURES])"));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone)]
pub struct Export<'t> {
    pub(crate) ticket: &'t Ticket,
    pub(crate) model: Model,
    pub(crate) samples: Samples,
    pub(crate) are_given: bool,
}

impl<'t> Export<'t> {
    /// An export with made-up samples as test vectors: 8, drawn from the ticket's seed around the training
    /// data as far as the ticket's scaler knows them.
    ///
    /// # Errors
    /// If made-up samples cannot be scaled, which takes a scaler of numbers near the end of single precision.
    pub fn new(ticket: &'t Ticket) -> Result<Self, Error> {
        let model = Model::of(ticket);
        let samples = Samples::made_up(ticket, &model)?;
        Ok(Self { ticket, model, samples, are_given: false })
    }

    /// The same with real samples: test vectors are some of them, evenly spread, and they say which range
    /// fixed-point numbers have to cover.
    ///
    /// # Shapes
    /// `features` is `n_samples x n_inputs`: raw features. NaN is a missing value.
    ///
    /// # Errors
    /// If there are no samples, they have another number of features, or a value is not finite and nothing
    /// stands for it.
    pub fn with_samples(self, features: Array2<f32>) -> Result<Self, Error> {
        let samples = Samples::new(self.ticket, &self.model, features)?;
        Ok(Self { samples, are_given: true, ..self })
    }

    /// Active weights on a way to an output: those that are exported.
    #[must_use]
    pub fn n_active(&self) -> usize {
        self.model.n_edges()
    }

    pub(crate) fn recipe(&self) -> &Recipe {
        self.ticket.recipe()
    }

    /// The network in integers.
    pub(crate) fn fixed(&self, range: Option<f64>) -> Result<Fixed, Error> {
        let largest = f64::from(self.samples.largest).max(MIN_RANGE);
        let default = if self.are_given { largest.log2().ceil().exp2() } else { DEFAULT_RANGE };
        Fixed::of(&self.model, self.recipe(), range.unwrap_or(default))
    }
}
