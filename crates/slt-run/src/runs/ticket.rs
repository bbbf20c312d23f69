use std::fmt;

use serde::{Deserialize, Serialize};
use slt_core::BitMask;
use slt_datasets::{Dataset, Split};
use slt_mlp::{Evaluator, MetricName, Network, Recipe};

use super::About;
use crate::{DataSource, Error};

/// A part of a data set.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum SplitPart {
    /// What is searched and trained on.
    Train,
    /// What results are reported on.
    Test,
}

impl SplitPart {
    /// That part of a split.
    pub fn of(self, data: &Split) -> &Dataset {
        match self {
            SplitPart::Train => &data.train,
            SplitPart::Test => &data.test,
        }
    }

    /// The name in files and on the command line.
    pub fn name(self) -> &'static str {
        match self {
            SplitPart::Train => "train",
            SplitPart::Test => "test",
        }
    }
}

impl fmt::Display for SplitPart {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            SplitPart::Train => "training",
            SplitPart::Test => "test",
        })
    }
}

/// A ticket on a data set: what analyses are about.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct TicketSpec {
    /// The data.
    pub data: DataSource,
    /// What the network is drawn from.
    pub network: Recipe,
    /// The mask.
    pub mask: BitMask,
}

impl TicketSpec {
    /// What an analysis of it is about.
    pub(super) fn about(&self) -> About {
        let sizes = self.network.architecture.sizes().to_vec();
        About { data: self.data.clone(), sizes, seed: self.network.seed }
    }

    /// Draws the network and loads the data.
    pub(super) fn load(&self) -> Result<(Network, Split), Error> {
        let network = Network::from_recipe(self.network.clone())?;
        network.check_mask(&self.mask)?;
        Ok((network, self.data.load()?))
    }

    /// An evaluator of accuracies.
    pub(super) fn evaluator(network: &Network, data: &Dataset) -> Result<Evaluator, Error> {
        Ok(Evaluator::new(network, data, MetricName::Accuracy)?)
    }
}
