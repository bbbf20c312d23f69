//! Tickets: a mask with all that is needed to use it.

pub mod codec;
mod error;
mod format;
mod lean;
mod predictions;
mod recipe;
mod source;

use std::borrow::Cow;
use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use slt_core::BitMask;
use slt_datasets::Dataset;
use slt_datasets::scaling::Scaler;
use slt_datasets::table::Preprocessing;

pub use error::TicketError;
pub use predictions::Predictions;
pub use source::{DataFiles, DataSplit};

use crate::{Evaluator, Metric, MetricName, Network, Recipe, SignedMask, prune};

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

/// A strong lottery ticket: a random network, given by the recipe it is drawn from, and the mask that makes
/// it solve a task.
///
/// A [signed](Self::signed) ticket, which inverts weights as well, is an extension that is no strong lottery
/// ticket in that sense.
///
/// The weights are not stored: they are drawn again. So a ticket file takes a bit per weight at most
/// ([`codec`]) and a few hundred bytes; the [lean form](Self::to_lean_bytes) takes about ten bytes and the
/// mask.
///
/// ```
/// use slt_core::{BitMask, Seed};
/// use slt_mlp::{Architecture, Initializer, Network, Ticket};
/// let data = slt_datasets::paper::digits(2)?;
/// let network = Network::random(&Architecture::new([64, 10, 2])?, Initializer::paper(), Seed(1))?;
/// let ticket = Ticket::new(network, BitMask::ones(660))?.pruned(&data.train)?;
/// let bytes = ticket.to_bytes();
/// assert_eq!(Ticket::from_bytes(&bytes)?, ticket);
/// println!("{:.4} at {:.1} % sparsity", ticket.accuracy(&data.test)?, 100.0 * ticket.sparsity());
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct Ticket {
    /// As it is drawn.
    drawn: Network,
    mask: BitMask,
    inverted: Option<Inverted>,
    scaler: Option<Scaler>,
    class_names: Option<Vec<String>>,
    preprocessing: Option<Preprocessing>,
    source: Option<DataFiles>,
    provenance: Provenance,
}

/// The weights that a signed ticket inverts, at least one, all of them kept.
#[derive(Debug, Clone, PartialEq)]
struct Inverted {
    weights: BitMask,
    /// The network in which they are inverted.
    network: Network,
}

impl Inverted {
    /// None, where nothing is inverted.
    fn of(drawn: &Network, weights: BitMask) -> Result<Option<Self>, TicketError> {
        if weights.count_ones() == 0 {
            return Ok(None);
        }
        let network = drawn.inverted(&weights)?;
        Ok(Some(Self { weights, network }))
    }
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
            drawn: network,
            mask,
            inverted: None,
            scaler: None,
            class_names: None,
            preprocessing: None,
            source: None,
            provenance: Provenance::default(),
        })
    }

    /// A ticket of a network and a signed mask, which inverts weights. It is no strong lottery ticket in the
    /// strict sense, unless nothing is inverted: then it is what [`new`](Self::new) makes.
    ///
    /// # Errors
    /// As [`new`](Self::new).
    ///
    /// ```
    /// use slt_core::{BitMask, Seed};
    /// use slt_mlp::{Architecture, Initializer, Network, SignedMask, Ticket};
    /// let network = Network::random(&Architecture::new([2, 20, 2])?, Initializer::paper(), Seed(1))?;
    /// let weight = |network: &Network| network.layers()[0].weights()[[0, 0]];
    /// let (kept, inverted) = (BitMask::ones(80), (0..80).map(|bit| bit == 0).collect());
    /// let ticket = Ticket::signed(network.clone(), SignedMask::new(kept, inverted)?)?;
    /// assert_eq!(weight(ticket.network()), -weight(&network));
    /// assert_eq!(Ticket::from_bytes(&ticket.to_bytes())?, ticket);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn signed(network: Network, mask: SignedMask) -> Result<Self, TicketError> {
        let (kept, weights) = mask.into_parts();
        let ticket = Self::new(network, kept)?;
        Ok(Self { inverted: Inverted::of(&ticket.drawn, weights)?, ..ticket })
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
        let (inputs, features) = (self.drawn.architecture().n_inputs(), scaler.n_features());
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
        let classes = self.drawn.architecture().n_outputs();
        if names.len() != classes {
            return Err(TicketError::ClassNames { classes, names: names.len() });
        }
        Ok(Self { class_names: Some(names), ..self })
    }

    /// The same ticket for tables: what was learned from the training rows, which later files need. Its class
    /// names are the ticket's, unless the ticket has its own.
    ///
    /// # Errors
    /// If the preprocessing makes another number of features than the network has inputs, or knows another
    /// number of classes than the network has outputs, or the ticket has a [`scaler`](Self::scaler).
    pub fn with_preprocessing(self, preprocessing: Preprocessing) -> Result<Self, TicketError> {
        if self.scaler.is_some() {
            return Err(TicketError::ScaledTwice);
        }
        let architecture = self.drawn.architecture();
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

    /// The same ticket with another mask. Weights that it keeps are inverted if they were before.
    ///
    /// # Errors
    /// If the mask does not have a bit for each weight.
    pub fn with_mask(self, mask: BitMask) -> Result<Self, TicketError> {
        self.drawn.check_mask(&mask)?;
        let inverted = match &self.inverted {
            Some(Inverted { weights, .. }) => {
                let still = (0..mask.len()).map(|weight| weights.get(weight) && mask.get(weight));
                Inverted::of(&self.drawn, still.collect())?
            }
            None => None,
        };
        Ok(Self { mask, inverted, ..self })
    }

    /// What the network was drawn from, before any weights were inverted.
    pub fn recipe(&self) -> &Recipe {
        self.drawn.recipe().expect("checked when the ticket was made")
    }

    /// The network that the mask is laid over: as it is drawn or, for a signed ticket, with the weights
    /// inverted that it inverts. So whoever takes network and mask has what the ticket computes, signed or
    /// not.
    pub fn network(&self) -> &Network {
        self.inverted.as_ref().map_or(&self.drawn, |inverted| &inverted.network)
    }

    /// The mask of the weights that are kept, inverted or not.
    pub fn mask(&self) -> &BitMask {
        &self.mask
    }

    /// The weights that a signed ticket inverts, at least one. `None` of a ticket in the strict sense.
    pub fn inverted(&self) -> Option<&BitMask> {
        self.inverted.as_ref().map(|inverted| &inverted.weights)
    }

    /// The signed mask, of a ticket that inverts weights.
    pub fn signed_mask(&self) -> Option<SignedMask> {
        let mask = |inverted: &BitMask| SignedMask::new(self.mask.clone(), inverted.clone());
        self.inverted().map(|inverted| mask(inverted).expect("inverted weights are kept"))
    }

    /// The bits of the mask: one for each weight or, of a ticket that inverts weights, two, see
    /// [`SignedMask::to_bits`].
    pub fn mask_bits(&self) -> Cow<'_, BitMask> {
        match self.signed_mask() {
            Some(mask) => Cow::Owned(mask.to_bits()),
            None => Cow::Borrowed(&self.mask),
        }
    }

    /// The mask, coded as [`codec`] codes it, signed or not.
    pub fn coded_mask(&self) -> Vec<u8> {
        let coded = match self.signed_mask() {
            Some(mask) => codec::encode_signed(&self.drawn, &mask),
            None => codec::encode(&self.drawn, &self.mask),
        };
        coded.expect("checked when the ticket was made")
    }

    /// What scales data before they reach the network.
    pub fn scaler(&self) -> Option<&Scaler> {
        self.scaler.as_ref()
    }

    /// Names of the classes: those given by [`with_class_names`](Self::with_class_names), or else those of
    /// the [`preprocessing`](Self::preprocessing).
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
            Some(scaler) => Evaluator::new(self.network(), &scaler.transform(data)?, metric)?,
            None => Evaluator::new(self.network(), data, metric)?,
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
