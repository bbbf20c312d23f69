use serde::{Deserialize, Serialize};
use slt_baselines::DataShape;
use slt_core::{BitMask, Seed};
use slt_ga::Memetic;
use slt_mlp::{MetricName, Recipe};
use slt_search::Budget;

use super::SearchMethod;
use crate::checkpoint::Resumable;
use crate::runs::{RunSpec, TicketSpec};
use crate::{DataSource, Error};

/// A search for a mask by any algorithm of `slt-search` and `slt-ga`, on any metric.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct MaskSearchSpec {
    /// The data.
    pub data: DataSource,
    /// What the network is drawn from.
    pub network: Recipe,
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
/// The training data may be divided: `hold_out` sets a stratified part aside, by which results are then judged. Moves follow
/// the metric on the rest, or on `samples` of it, evenly spread; a memetic algorithm then ends on all of it.
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
        Self { metric, judge: None, refinement: None, samples: None, hold_out: None }
    }

    /// What does well on data of a shape, found on training data of the paper's: moves follow the accuracy on at most 10,000
    /// samples for two classes of few features and many samples, where the classes overlap more often than not; else the
    /// cross-entropy. The training accuracy judges.
    ///
    /// | classes | features | samples | moves follow |
    /// |---|---|---|---|
    /// | 2 | up to 4 | from 2,000 | accuracy |
    /// | others | | | cross-entropy; in the end the accuracy |
    pub fn for_shape(shape: DataShape) -> Self {
        let overlaps = shape.classes == 2 && shape.features <= 4 && shape.samples >= 2_000;
        Self {
            metric: if overlaps { MetricName::Accuracy } else { MetricName::CrossEntropy },
            judge: Some(MetricName::Accuracy),
            refinement: Some(MetricName::Accuracy),
            samples: Some(10_000),
            hold_out: None,
        }
    }
}

impl Resumable for MaskSearchSpec {
    const PARTS: &'static [&'static str] = &["data", "network", "goal", "search_seed", "method"];

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

    /// What does well without anybody's choice: [`Memetic::for_bits`] on [`Goal::for_shape`], to its end.
    ///
    /// # Errors
    /// If the data cannot be looked at.
    pub fn usual(data: DataSource, network: Recipe, search_seed: Seed) -> Result<Self, Error> {
        let method = SearchMethod::Memetic(Memetic::for_bits(network.architecture.n_weights()));
        let goal = Goal::for_shape(data.shape()?);
        Ok(Self { data, network, method, goal, budget: Budget::NONE, search_seed })
    }

    /// The ticket of a mask of its network.
    pub fn ticket(&self, mask: &BitMask) -> TicketSpec {
        TicketSpec { data: self.data.clone(), network: self.network.clone(), mask: mask.clone() }
    }
}
