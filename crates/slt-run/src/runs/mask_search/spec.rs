use serde::{Deserialize, Serialize};
use slt_baselines::DataShape;
use slt_core::{BitMask, Seed};
use slt_ga::Memetic;
use slt_mlp::{MetricName, Recipe, SignedMask};
use slt_search::Budget;

use super::SearchMethod;
use crate::checkpoint::Resumable;
use crate::runs::{RunSpec, TicketSpec};
use crate::{DataSource, Error};

/// A mean cross-entropy from which nothing was gained by searching on: all training samples are right by far.
pub const ENOUGH: f64 = 1e-5;

/// A search for a mask by any algorithm of `slt-search` and `slt-ga`, on any metric.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct MaskSearchSpec {
    /// The data.
    pub data: DataSource,
    /// What the network is drawn from.
    pub network: Recipe,
    /// Whether weights may be inverted: masks have two bits for each, see [`SignedMask::from_bits`], and what
    /// is found is no ticket in the strict sense. Only a [`UnitDescent`](slt_search::UnitDescent) can.
    #[serde(default, skip_serializing_if = "is_false")]
    pub signed: bool,
    /// How it is searched.
    pub method: SearchMethod,
    /// What moves follow, and what results are judged by.
    pub goal: Goal,
    /// How much it may ask.
    pub budget: Budget,
    /// Seed of the search.
    pub search_seed: Seed,
}

/// What moves follow, and what results are judged by.
///
/// The training data may be divided: `hold_out` sets a stratified part aside, by which results are then
/// judged. Moves follow the metric on the rest, or on `samples` of it, evenly spread; a memetic algorithm
/// then ends on all of it.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Goal {
    /// What moves follow.
    pub metric: MetricName,
    /// What results are judged by; the metric that moves follow if there is none.
    pub judge: Option<MetricName>,
    /// What a last local search follows, on all samples; none leaves it out.
    pub refinement: Option<MetricName>,
    /// The most samples that moves are judged on.
    pub samples: Option<usize>,
    /// The part of the training data that is held out for the judge.
    pub hold_out: Option<HoldOut>,
    /// Pixels that copies of the images which moves follow are moved by along both axes, see
    /// [`Shifts`](slt_datasets::Shifts); 0 for no copies. Only a [`UnitDescent`](slt_search::UnitDescent)
    /// can.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub shifts: usize,
}

fn is_false(given: &bool) -> bool {
    !given
}

fn is_zero(n: &usize) -> bool {
    *n == 0
}

/// A part of the training data that moves do not see.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct HoldOut {
    /// Its share, in (0, 1).
    pub share: f64,
    /// Seed of the division, whatever the seed of the search.
    pub seed: Seed,
}

impl Goal {
    /// Everything follows one metric, on all samples.
    pub fn only(metric: MetricName) -> Self {
        Self { metric, judge: None, refinement: None, samples: None, hold_out: None, shifts: 0 }
    }

    /// What does well on data of a shape with a network of so many weights, found on parts of the paper's
    /// training data: moves follow the accuracy for two classes of few features and many samples, where the
    /// classes overlap more often than not; else the cross-entropy. The training accuracy judges, and is
    /// refined in the end.
    ///
    /// | classes | features | samples | weights | moves follow |
    /// |---|---|---|---|---|
    /// | 2 | up to 4 | from 2,000 | below 1,000 | accuracy on at most 10,000 samples |
    /// | 2 | up to 4 | from 2,000 | from 1,000 | accuracy on at most 50,000 samples |
    /// | others | | | | cross-entropy on at most 10,000 samples |
    pub fn usual(shape: DataShape, n_weights: usize) -> Self {
        let overlaps = shape.classes == 2 && shape.features <= 4 && shape.samples >= 2_000;
        Self {
            metric: if overlaps { MetricName::Accuracy } else { MetricName::CrossEntropy },
            judge: Some(MetricName::Accuracy),
            refinement: Some(MetricName::Accuracy),
            samples: Some(if overlaps && n_weights >= 1_000 { 50_000 } else { 10_000 }),
            hold_out: None,
            shifts: 0,
        }
    }

    /// The same where active weights have a price: it is in units of the metric that moves follow, so that is
    /// refined, too.
    #[must_use]
    pub fn priced(self) -> Self {
        Self { refinement: Some(self.metric), ..self }
    }

    /// What is refined, if moves are judged on `seen` of `all` samples that may be learnt from: nothing,
    /// where that would be the same as moves have followed before.
    pub fn refined(&self, seen: usize, all: usize) -> Option<MetricName> {
        self.refinement.filter(|&refined| refined != self.metric || seen < all)
    }

    /// The memetic algorithm that goes with it, for masks of `n_weights` bits: [`Memetic::for_bits`], that
    /// ends where a cross-entropy is [`ENOUGH`].
    pub fn memetic(&self, n_weights: usize) -> Memetic {
        let enough = (self.metric == MetricName::CrossEntropy).then_some(-ENOUGH);
        Memetic { enough, ..Memetic::for_bits(n_weights) }
    }
}

impl Resumable for MaskSearchSpec {
    const PARTS: &'static [&'static str] = &["data", "network", "signed", "goal", "search_seed", "method"];

    fn hash(&self) -> String {
        RunSpec::from(self.clone()).hash()
    }

    fn with_end_of(&self, other: &Self) -> Self {
        Self { budget: other.budget, method: self.method.with_end_of(&other.method), ..self.clone() }
    }
}

impl MaskSearchSpec {
    /// The name of its record in a store: see [`RunSpec::hash`].
    pub fn hash(&self) -> String {
        Resumable::hash(self)
    }

    /// What does well without anybody's choice: [`Goal::memetic`] on [`Goal::usual`], to its end.
    ///
    /// # Errors
    /// If the data cannot be looked at.
    pub fn usual(data: DataSource, network: Recipe, search_seed: Seed) -> Result<Self, Error> {
        let n_weights = network.architecture.n_weights();
        let goal = Goal::usual(data.shape()?, n_weights);
        let method = SearchMethod::Memetic(goal.memetic(n_weights));
        Ok(Self { data, network, signed: false, method, goal, budget: Budget::NONE, search_seed })
    }

    /// Share of the weights that one of its masks hides.
    pub(super) fn sparsity(&self, mask: &BitMask) -> f64 {
        let signed = self.signed.then(|| SignedMask::from_bits(mask).ok()).flatten();
        signed.map_or_else(|| mask.sparsity(), |signed| signed.kept().sparsity())
    }

    /// The ticket of a mask of its network, for analyses, which do not know signed ones.
    pub fn ticket(&self, mask: &BitMask) -> TicketSpec {
        TicketSpec { data: self.data.clone(), network: self.network.clone(), mask: mask.clone() }
    }
}
