//! The networks and data that are measured.

use std::fmt;

use serde::Serialize;
use slt_core::Seed;
use slt_datasets::Dataset;
use slt_datasets::paper::{PaperData, PaperName};
use slt_mlp::{Architecture, Evaluator, Initializer, MetricName, Network};

use crate::error::Error;

/// A network of the paper, drawn from seed 1, and the training set that it is evaluated on.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub(crate) struct Case {
    /// A letter of the paper, or sizes.
    pub(crate) network: &'static str,
    /// The data, with all classes.
    pub(crate) data: PaperName,
}

/// The seed of networks and of searches.
pub(crate) const SEED: Seed = Seed(1);

/// What single evaluations are measured on.
pub(crate) const KERNEL: [Case; 6] = [
    Case { network: "A", data: PaperName::Circles },
    Case { network: "B", data: PaperName::Circles },
    Case { network: "C", data: PaperName::Circles },
    Case { network: "D", data: PaperName::Circles },
    Case { network: "2,100,10", data: PaperName::Blobs },
    DIGITS,
];

pub(crate) const CIRCLES_B: Case = KERNEL[1];
pub(crate) const CIRCLES_D: Case = KERNEL[3];
pub(crate) const MOONS_B: Case = Case { network: "B", data: PaperName::Moons };
pub(crate) const MOONS_D: Case = Case { network: "D", data: PaperName::Moons };
pub(crate) const DIGITS: Case = Case { network: "64,75,10", data: PaperName::Digits };

pub(crate) const METRICS: [MetricName; 2] = [MetricName::Accuracy, MetricName::CrossEntropy];

impl Case {
    /// The network, and the training set scaled as in the paper.
    pub(crate) fn load(self) -> Result<(Network, Dataset), Error> {
        let architecture: Architecture = self.network.parse()?;
        let network = Network::random(&architecture, Initializer::paper(), SEED)?;
        Ok((network, PaperData::new(self.data).load()?.train))
    }

    pub(crate) fn evaluator(self, metric: MetricName) -> Result<Evaluator, Error> {
        let (network, data) = self.load()?;
        Ok(Evaluator::new(&network, &data, metric)?)
    }
}

impl fmt::Display for Case {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.data, self.network)
    }
}
