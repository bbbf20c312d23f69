//! Tickets: a mask with all that is needed to use it.

pub mod codec;
mod error;
mod format;
mod lean;
mod predictions;
mod recipe;
mod source;

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use slt_core::BitMask;
use slt_datasets::Dataset;
use slt_datasets::scaling::Scaler;
use slt_datasets::table::Preprocessing;

pub use error::TicketError;
pub use predictions::Predictions;
pub use source::{DataFiles, DataSplit};

use crate::{Evaluator, Metric, MetricName, Network, Recipe, prune};

/// Where a ticket comes from. Nothing of it is needed to use the ticket.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Provenance {
    /// Name of the data set that the mask was searched on.
    #[serde(default)]
    pub data: String,
    /// What searched, such as `ga`.
    #[serde(default)]
    pub algorithm: String,
    /// Anything else worth keeping: seeds, objective, accuracies, the program's version.
    #[serde(default)]
    pub details: BTreeMap<String, String>,
}

/// A strong lottery ticket: a random network, given by the recipe it is drawn from, and the mask that makes it solve
/// a task.
///
/// The weights are not stored: they are drawn again. So a ticket file takes a bit per weight at most ([`codec`]) and a few
/// hundred bytes; the [lean form](Self::to_lean_bytes) takes about ten bytes and the mask.
///
/// ```
/// use slt_core::{BitMask, Seed};
/// use slt_mlp::{Architecture, Initializer, Network, Ticket};
/// let data = slt_datasets::digits::paper(2)?;
/// let network = Network::random(&Architecture::new([64, 10, 2])?, Initializer::paper(), Seed(1))?;
/// let ticket = Ticket::new(network, BitMask::ones(660))?.pruned(&data.train)?;
/// let bytes = ticket.to_bytes();
/// assert_eq!(Ticket::from_bytes(&bytes)?, ticket);
/// println!("{:.4} at {:.1} % sparsity", ticket.accuracy(&data.test)?, 100.0 * ticket.sparsity());
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct Ticket {
    network: Network,
    mask: BitMask,
    scaler: Option<Scaler>,
    class_names: Option<Vec<String>>,
    preprocessing: Option<Preprocessing>,
    source: Option<DataFiles>,
    provenance: Provenance,
}

impl Ticket {
    /// A ticket of a network and a mask over its weights.
    ///
    /// # Errors
    /// If the mask does not have a bit for each weight, or the network was not drawn from a recipe.
    pub fn new(network: Network, mask: BitMask) -> Result<Self, TicketError> {
        network.check_mask(&mask)?;
        if network.recipe().is_none() {
            return Err(TicketError::NoRecipe);
        }
        Ok(Self {
            network,
            mask,
            scaler: None,
            class_names: None,
            preprocessing: None,
            source: None,
            provenance: Provenance::default(),
        })
    }

    /// The same ticket with a note of where it comes from.
    #[must_use]
    pub fn with_provenance(self, provenance: Provenance) -> Self {
        Self { provenance, ..self }
    }

    /// The same ticket for raw data: every data set is scaled before it reaches the network.
    ///
    /// # Errors
    /// If the scaler was fitted on another number of features, or the ticket has a
    /// [`preprocessing`](Self::preprocessing), which scales already.
    pub fn with_scaler(self, scaler: Scaler) -> Result<Self, TicketError> {
        if self.preprocessing.is_some() {
            return Err(TicketError::ScaledTwice);
        }
        let (inputs, features) = (self.network.architecture().n_inputs(), scaler.n_features());
        if inputs != features {
            return Err(TicketError::ScalerFeatures { inputs, features });
        }
        Ok(Self { scaler: Some(scaler), ..self })
    }

    /// The same ticket with names for its classes.
    ///
    /// # Errors
    /// If there are more or fewer names than classes.
    pub fn with_class_names(self, names: Vec<String>) -> Result<Self, TicketError> {
        let classes = self.network.architecture().n_outputs();
        if names.len() != classes {
            return Err(TicketError::ClassNames { classes, names: names.len() });
        }
        Ok(Self { class_names: Some(names), ..self })
    }

    /// The same ticket for tables: what was learned from the training rows, which later files need. Its class names are
    /// the ticket's, unless the ticket has its own.
    ///
    /// # Errors
    /// If the preprocessing makes another number of features than the network has inputs, or knows another number of
    /// classes than the network has outputs, or the ticket has a [`scaler`](Self::scaler).
    pub fn with_preprocessing(self, preprocessing: Preprocessing) -> Result<Self, TicketError> {
        if self.scaler.is_some() {
            return Err(TicketError::ScaledTwice);
        }
        let architecture = self.network.architecture();
        let (inputs, features) = (architecture.n_inputs(), preprocessing.n_features());
        if inputs != features {
            return Err(TicketError::PreprocessingFeatures { inputs, features });
        }
        let (classes, names) = (architecture.n_outputs(), preprocessing.class_names().map(<[String]>::len));
        if let Some(names) = names.filter(|&names| names != classes) {
            return Err(TicketError::ClassNames { classes, names });
        }
        Ok(Self { preprocessing: Some(preprocessing), ..self })
    }

    /// The same ticket with a note of the files of its data.
    ///
    /// # Errors
    /// As [`DataFiles::check`].
    pub fn with_source(self, source: DataFiles) -> Result<Self, TicketError> {
        source.check()?;
        Ok(Self { source: Some(source), ..self })
    }

    /// The same ticket with another mask.
    ///
    /// # Errors
    /// If the mask does not have a bit for each weight.
    pub fn with_mask(self, mask: BitMask) -> Result<Self, TicketError> {
        self.network.check_mask(&mask)?;
        Ok(Self { mask, ..self })
    }

    fn recipe(&self) -> &Recipe {
        self.network.recipe().expect("checked when the ticket was made")
    }

    /// The network.
    pub fn network(&self) -> &Network {
        &self.network
    }

    /// The mask.
    pub fn mask(&self) -> &BitMask {
        &self.mask
    }

    /// What scales data before they reach the network.
    pub fn scaler(&self) -> Option<&Scaler> {
        self.scaler.as_ref()
    }

    /// Names of the classes: those given by [`with_class_names`](Self::with_class_names), or else those of the
    /// [`preprocessing`](Self::preprocessing).
    pub fn class_names(&self) -> Option<&[String]> {
        self.class_names.as_deref().or(self.preprocessing.as_ref().and_then(Preprocessing::class_names))
    }

    /// What turns tables into features of the network, if the ticket was made on one. Data sets that
    /// [`evaluator`](Self::evaluator) takes are those that it makes.
    pub fn preprocessing(&self) -> Option<&Preprocessing> {
        self.preprocessing.as_ref()
    }

    /// The files of the ticket's data.
    pub fn source(&self) -> Option<&DataFiles> {
        self.source.as_ref()
    }

    /// Where the ticket comes from.
    pub fn provenance(&self) -> &Provenance {
        &self.provenance
    }

    /// Share of the weights that are masked out, in [0, 1].
    pub fn sparsity(&self) -> f64 {
        self.mask.sparsity()
    }

    /// An evaluator of the network on `data`, scaled as the ticket scales.
    ///
    /// # Errors
    /// If the data do not have the network's numbers of features and classes.
    pub fn evaluator(&self, data: &Dataset, metric: impl Metric + 'static) -> Result<Evaluator, TicketError> {
        Ok(match &self.scaler {
            Some(scaler) => Evaluator::new(&self.network, &scaler.transform(data)?, metric)?,
            None => Evaluator::new(&self.network, data, metric)?,
        })
    }

    /// Share of the samples that are classified correctly.
    ///
    /// # Errors
    /// As [`evaluator`](Self::evaluator).
    pub fn accuracy(&self, data: &Dataset) -> Result<f64, TicketError> {
        Ok(self.evaluator(data, MetricName::Accuracy)?.accuracy(&self.mask)?)
    }

    /// Mean cross-entropy.
    ///
    /// # Errors
    /// As [`evaluator`](Self::evaluator).
    pub fn cross_entropy(&self, data: &Dataset) -> Result<f64, TicketError> {
        Ok(self.evaluator(data, MetricName::CrossEntropy)?.cross_entropy(&self.mask)?)
    }

    /// The predicted class of each sample. The labels of `data` play no part.
    ///
    /// # Errors
    /// As [`evaluator`](Self::evaluator).
    pub fn predict(&self, data: &Dataset) -> Result<Vec<u32>, TicketError> {
        Ok(self.evaluator(data, MetricName::Accuracy)?.predict(&self.mask)?)
    }

    /// The ticket after one pass of [`prune`] guided by `data`.
    ///
    /// # Errors
    /// As [`evaluator`](Self::evaluator).
    pub fn pruned(self, data: &Dataset) -> Result<Self, TicketError> {
        let mask = prune(&self.evaluator(data, MetricName::Accuracy)?, &self.mask)?;
        self.with_mask(mask)
    }
}
