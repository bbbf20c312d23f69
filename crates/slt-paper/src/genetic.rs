//! Configurations of the genetic algorithm.

use slt_ga::SelectionKind;
use slt_mlp::{Initializer, MetricName};
use slt_run::Algorithm;

/// A configuration of the genetic algorithm.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Ga {
    /// Without or with the bound on the accuracy of random masks.
    pub(crate) algorithm: Algorithm,
    /// How that bound goes.
    pub(crate) bounding: Bounding,
    /// What is maximised.
    pub(crate) metric: MetricName,
    /// How networks are drawn.
    pub(crate) initializer: Initializer,
    /// Who survives.
    pub(crate) selection: SelectionKind,
    /// The last generation.
    pub(crate) cap: Cap,
    /// Number of individuals, if it is not the paper's.
    pub(crate) population: Option<usize>,
    /// Whether the ticket that is reported is pruned after the evolution.
    pub(crate) pruned: bool,
}

/// How the bound on the accuracy of random masks goes, for "GA (adaptive AB)".
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) enum Bounding {
    /// It starts anew with each run, with the [limits](crate::attempt_limits) of the architecture.
    Paper,
    /// The same with a quarter of the attempts.
    Quarter,
    /// A run starts where the one before it, in the order of the seeds, left off: what the published code
    /// does with the runs of a process.
    Carried,
    /// It starts there.
    From(f64),
    /// It stays there.
    Fixed(f64),
}

/// The generation at which a search ends at the latest.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Cap {
    /// The one of the configuration.
    Own,
    /// This one.
    At(u64),
    /// None.
    Open,
}

impl Ga {
    /// "GA" of the paper for a metric.
    pub(crate) fn new(metric: MetricName) -> Self {
        Self {
            algorithm: Algorithm::Ga,
            bounding: Bounding::Paper,
            metric,
            initializer: Initializer::paper(),
            selection: SelectionKind::CutOff,
            cap: Cap::Own,
            population: None,
            pruned: false,
        }
    }
}
