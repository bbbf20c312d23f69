//! The methods that are compared on moons and circles.

use serde::Serialize;
use slt_datasets::paper::PaperName;
use slt_mlp::{Initializer, Metric};
use slt_plot::Color;

use super::common;
use crate::cells::{self, any, two_classes};
use crate::{Algorithm, EdgePopupSpec, Error, Plan, Protocol, Records, RunSpec};

/// A method of Fig. 3 and 6.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub(super) enum Contender {
    #[serde(rename = "GA")]
    Ga,
    #[serde(rename = "GA (adaptive AB)")]
    GaAb,
    #[serde(rename = "EP (50%)")]
    EdgePopup,
    /// Edge-popup that keeps as many weights as the tickets of the better configuration of the genetic algorithm have.
    #[serde(rename = "EP (adapted)")]
    EdgePopupAdapted,
    #[serde(rename = "Backpropagation")]
    Backpropagation,
}

impl Contender {
    /// All of them.
    pub(super) const ALL: [Self; 5] =
        [Self::Ga, Self::GaAb, Self::EdgePopup, Self::EdgePopupAdapted, Self::Backpropagation];

    /// The paper's name.
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Ga => "GA",
            Self::GaAb => "GA (adaptive AB)",
            Self::EdgePopup => "EP (50%)",
            Self::EdgePopupAdapted => "EP (adapted)",
            Self::Backpropagation => "Backpropagation",
        }
    }

    /// The colour in all figures.
    pub(super) fn color(self) -> Color {
        match self {
            Self::Ga => common::GA,
            Self::GaAb => common::GA_AB,
            Self::EdgePopup => common::EDGE_POPUP,
            Self::EdgePopupAdapted => common::EDGE_POPUP_ADAPTED,
            Self::Backpropagation => common::BACKPROPAGATION,
        }
    }

    /// Whether its results depend on the protocol: directly, or through the sparsity that it is adapted to.
    pub(super) fn has_protocols(self) -> bool {
        matches!(self, Self::Ga | Self::GaAb | Self::EdgePopupAdapted)
    }

    fn algorithm(self) -> Option<Algorithm> {
        match self {
            Self::Ga => Some(Algorithm::Ga),
            Self::GaAb => Some(Algorithm::GaAb),
            _ => None,
        }
    }

    /// The runs that are known from the records, under both protocols.
    pub(super) fn runs(
        self,
        plan: &Plan,
        records: &Records,
        name: PaperName,
        architecture: &str,
    ) -> Result<Vec<RunSpec>, Error> {
        let data = two_classes(name);
        Ok(match self {
            Self::Ga | Self::GaAb => {
                let [ga, ab] = cells::both_configurations(plan, name, architecture)?;
                any(if self == Self::Ga { ga } else { ab }).collect()
            }
            Self::EdgePopup => any(half_kept(plan, name, architecture)?).collect(),
            Self::Backpropagation => any(cells::trainings(plan, data, architecture)?).collect(),
            Self::EdgePopupAdapted => {
                let [ga, ab] = cells::both_configurations(plan, name, architecture)?;
                let mut runs: Vec<RunSpec> = any(ga).chain(any(ab)).collect();
                for protocol in Protocol::ALL {
                    let adapted = cells::adapted_edge_popups(plan, records, name, architecture, protocol)?;
                    runs.extend(any(adapted.unwrap_or_default()));
                }
                runs
            }
        })
    }

    /// The test accuracy of each run, in the order of the seeds.
    pub(super) fn accuracies(
        self,
        plan: &Plan,
        records: &Records,
        name: PaperName,
        architecture: &str,
        protocol: Protocol,
    ) -> Result<Vec<f64>, Error> {
        let data = two_classes(name);
        if let Some(algorithm) = self.algorithm() {
            let specs = cells::searches(plan, data, architecture, algorithm, Metric::Accuracy)?;
            let found = records.need_all(&specs)?;
            return Ok(found.into_iter().map(|record| protocol.chosen(record).test_accuracy).collect());
        }
        let last_epochs = |specs: &[EdgePopupSpec]| -> Result<Vec<f64>, Error> {
            Ok(records.need_all(specs)?.into_iter().map(|record| record.last.test_accuracy).collect())
        };
        match self {
            Self::EdgePopup => last_epochs(&half_kept(plan, name, architecture)?),
            Self::EdgePopupAdapted => last_epochs(&adapted(plan, records, name, architecture, protocol)?),
            _ => {
                let trained = cells::trainings(plan, data, architecture)?;
                Ok(records.need_all(&trained)?.into_iter().map(|record| record.test_accuracy).collect())
            }
        }
    }
}

/// The runs of EP (50%).
fn half_kept(plan: &Plan, name: PaperName, architecture: &str) -> Result<Vec<EdgePopupSpec>, Error> {
    cells::edge_popups(plan, two_classes(name), architecture, Initializer::paper(), cells::KEEP)
}

/// The runs of EP (adapted), once the searches that it adapts to are there.
pub(super) fn adapted(
    plan: &Plan,
    records: &Records,
    name: PaperName,
    architecture: &str,
    protocol: Protocol,
) -> Result<Vec<EdgePopupSpec>, Error> {
    for searches in cells::both_configurations(plan, name, architecture)? {
        records.need_all(&searches)?;
    }
    // With all searches there, the runs are known.
    Ok(cells::adapted_edge_popups(plan, records, name, architecture, protocol)?.unwrap_or_default())
}
