//! The arms of the experiments: an algorithm on data with a network, R runs of it.

use slt_datasets::paper::{PaperData, PaperName, PaperScaling};
use slt_ga::SelectionKind;
use slt_mlp::{Initializer, Metric};

use super::Evidence;
use crate::cells::{self, any, two_classes, usual_architecture};
use crate::{Algorithm, Error, Plan, Protocol, Records, RunSpec, SearchSpec};

/// Generations after which a search is ended whose survivor selection may lose the best: it would not come to rest on
/// its own. That is well above what the same search takes with cut-off selection, which keeps the rule of the paper.
const RESTLESS_GENERATIONS: u64 = 500;

/// An algorithm on data with a network.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Arm {
    method: Method,
    data: PaperData,
    architecture: &'static str,
}

/// An algorithm.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Method {
    /// A configuration of the genetic algorithm with the accuracy as objective.
    Ga(Algorithm),
    /// The one of the two with the higher mean test accuracy on this data with this network.
    BetterGa,
    /// "GA", networks drawn in another way.
    Initialised(Initializer),
    /// "GA" with another survivor selection.
    Selecting(SelectionKind),
    /// "GA" with the cross-entropy as objective.
    GaLoss,
    /// The same, tickets pruned after the evolution.
    PrunedGaLoss,
    /// Edge-popup that keeps half of the weights.
    EdgePopup(Initializer),
    /// Edge-popup that keeps as many weights as the tickets of the better configuration of the genetic algorithm.
    AdaptedEdgePopup,
    /// Backpropagation.
    Backprop,
}

impl Arm {
    /// An algorithm on moons or circles.
    pub(super) fn binary(method: Method, name: PaperName, architecture: &'static str) -> Self {
        Self { method, data: two_classes(name), architecture }
    }

    /// An algorithm on so many classes of blobs or digits, scaled as the paper says.
    pub(super) fn classes(method: Method, name: PaperName, classes: u32) -> Self {
        let data = PaperData { classes: Some(classes), ..PaperData::new(name) };
        Self { method, data, architecture: usual_architecture(name) }
    }

    /// The same on otherwise scaled data.
    pub(super) fn scaled(self, scaling: PaperScaling) -> Self {
        Self { data: PaperData { scaling, ..self.data }, ..self }
    }

    /// The runs that it needs, as far as they are known from the records.
    ///
    /// # Errors
    /// If a spec is impossible.
    fn runs(&self, plan: &Plan, records: &Records) -> Result<Vec<RunSpec>, Error> {
        let (name, architecture) = (self.data.name, self.architecture);
        Ok(match self.method {
            Method::BetterGa => {
                cells::both_configurations(plan, name, architecture)?.map(any).into_iter().flatten().collect()
            }
            Method::EdgePopup(initializer) => {
                any(cells::edge_popups(plan, self.data, architecture, initializer, cells::KEEP)?).collect()
            }
            Method::AdaptedEdgePopup => {
                let better = Self { method: Method::BetterGa, ..*self };
                let mut runs = better.runs(plan, records)?;
                for protocol in Protocol::ALL {
                    let adapted = cells::adapted_edge_popups(plan, records, name, architecture, protocol)?;
                    runs.extend(any(adapted.into_iter().flatten()));
                }
                runs
            }
            Method::Backprop => any(cells::trainings(plan, self.data, architecture)?).collect(),
            Method::PrunedGaLoss => {
                let searches = self.searches(plan)?;
                let prunings = cells::prunings(records, &searches);
                any(searches).chain(prunings).collect()
            }
            Method::Ga(_) | Method::Initialised(_) | Method::Selecting(_) | Method::GaLoss => {
                any(self.searches(plan)?).collect()
            }
        })
    }

    /// The searches of an arm that is one configuration of the genetic algorithm; none otherwise.
    ///
    /// # Errors
    /// If a spec is impossible.
    pub(super) fn searches(&self, plan: &Plan) -> Result<Vec<SearchSpec>, Error> {
        let of = |algorithm, metric| cells::searches(plan, self.data, self.architecture, algorithm, metric);
        match self.method {
            Method::Ga(algorithm) => of(algorithm, Metric::Accuracy),
            Method::GaLoss | Method::PrunedGaLoss => of(Algorithm::Ga, Metric::CrossEntropy),
            Method::Initialised(initializer) => {
                let mut searches = of(Algorithm::Ga, Metric::Accuracy)?;
                searches.iter_mut().for_each(|search| search.network.initializer = initializer);
                Ok(searches)
            }
            Method::Selecting(selection) => {
                let mut searches = of(Algorithm::Ga, Metric::Accuracy)?;
                for SearchSpec { config, .. } in &mut searches {
                    config.selection = selection;
                    if selection != SelectionKind::CutOff {
                        let cap = &mut config.termination.max_generations;
                        *cap = Some(cap.unwrap_or(RESTLESS_GENERATIONS).min(RESTLESS_GENERATIONS));
                    }
                }
                Ok(searches)
            }
            Method::BetterGa | Method::EdgePopup(_) | Method::AdaptedEdgePopup | Method::Backprop => {
                Ok(Vec::new())
            }
        }
    }
}

/// The runs that arms need, as far as they are known from the records.
///
/// # Errors
/// If a spec is impossible.
pub(super) fn runs(arms: &[Arm], plan: &Plan, records: &Records) -> Result<Vec<RunSpec>, Error> {
    let runs: Vec<Vec<RunSpec>> = arms.iter().map(|arm| arm.runs(plan, records)).collect::<Result<_, _>>()?;
    Ok(runs.into_iter().flatten().collect())
}

impl Evidence<'_> {
    /// The test accuracy of each run of an arm, in percent.
    ///
    /// # Errors
    /// [`Error::Missing`] if a record is not there.
    pub(super) fn accuracies(&self, arm: &Arm) -> Result<Vec<f64>, Error> {
        let Self { plan, records, protocol } = *self;
        let (name, architecture) = (arm.data.name, arm.architecture);
        let shares: Vec<f64> = match arm.method {
            Method::BetterGa => {
                let both = cells::both_configurations(plan, name, architecture)?;
                both.iter().try_for_each(|searches| records.need_all(searches).map(drop))?;
                let better = cells::better_configuration(plan, records, name, architecture, protocol)?;
                let (_, found) = better.expect("all of its records are there");
                found.iter().map(|record| protocol.chosen(record).test_accuracy).collect()
            }
            Method::EdgePopup(initializer) => {
                let specs = cells::edge_popups(plan, arm.data, architecture, initializer, cells::KEEP)?;
                records.need_all(&specs)?.iter().map(|record| record.last.test_accuracy).collect()
            }
            Method::AdaptedEdgePopup => {
                let both = cells::both_configurations(plan, name, architecture)?;
                both.iter().try_for_each(|searches| records.need_all(searches).map(drop))?;
                let specs = cells::adapted_edge_popups(plan, records, name, architecture, protocol)?;
                let specs = specs.expect("all records of the searches are there");
                records.need_all(&specs)?.iter().map(|record| record.last.test_accuracy).collect()
            }
            Method::Backprop => {
                let specs = cells::trainings(plan, arm.data, architecture)?;
                records.need_all(&specs)?.iter().map(|record| record.test_accuracy).collect()
            }
            Method::PrunedGaLoss => self.prunings(arm)?.iter().map(|record| record.test_accuracy).collect(),
            Method::Ga(_) | Method::Initialised(_) | Method::Selecting(_) | Method::GaLoss => {
                let found = records.need_all(&arm.searches(plan)?)?;
                found.iter().map(|record| protocol.chosen(record).test_accuracy).collect()
            }
        };
        Ok(percent(shares))
    }

    /// The sparsity of the reported ticket of each run of an arm before any pruning, in percent.
    ///
    /// # Errors
    /// [`Error::Missing`] if a record is not there.
    pub(super) fn sparsities(&self, arm: &Arm) -> Result<Vec<f64>, Error> {
        let found = self.records.need_all(&arm.searches(self.plan)?)?;
        Ok(percent(found.iter().map(|record| self.protocol.chosen(record).sparsity)))
    }

    /// The same after the post-evolutionary pruning.
    ///
    /// # Errors
    /// [`Error::Missing`] if a record is not there.
    pub(super) fn pruned_sparsities(&self, arm: &Arm) -> Result<Vec<f64>, Error> {
        Ok(percent(self.prunings(arm)?.iter().map(|record| record.sparsity)))
    }

    fn prunings(&self, arm: &Arm) -> Result<Vec<&crate::PruningRecord>, Error> {
        let found = self.records.need_all(&arm.searches(self.plan)?)?;
        found.into_iter().map(|record| self.records.need(&self.protocol.pruning(record))).collect()
    }
}

fn percent(shares: impl IntoIterator<Item = f64>) -> Vec<f64> {
    shares.into_iter().map(|share| 100.0 * share).collect()
}
