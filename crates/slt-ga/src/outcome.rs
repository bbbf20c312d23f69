use serde::{Deserialize, Serialize};

use crate::{Bound, Candidate, Evolution, GenerationStats, StopReason};

/// What a search found, and how it got there.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Outcome {
    /// The fittest of the last population: its first individual.
    pub best: Candidate,
    /// The last population, ranked: by performance, then by the number of zeros, both descending.
    pub population: Vec<Candidate>,
    /// The last generation; 0 if the first population was the last.
    pub generations: u64,
    /// Masks handed to the objective. It does not depend on whether the objective makes use of floors, nor
    /// on how often the search was interrupted and resumed.
    pub evaluations: u64,
    /// Set bits of the masks handed to the objective, summed: each mask that
    /// [`evaluations`](Self::evaluations) counts, as often as it is counted. For a masked network, times the
    /// samples, these are the multiply-adds with active weights that an objective does which never stops
    /// early at a floor.
    pub evaluated_ones: u64,
    /// Where the bound on random masks has come to, if there is one: what a following run would
    /// [start at](crate::AdaptiveBound#from-one-run-to-the-next).
    pub bound: Option<Bound>,
    /// Why the search ended.
    pub stop_reason: StopReason,
    /// A record of each generation, from 0 to the last.
    pub history: Vec<GenerationStats>,
}

impl From<slt_search::Outcome<Evolution>> for Outcome {
    fn from(outcome: slt_search::Outcome<Evolution>) -> Self {
        let slt_search::Outcome { best, state, steps, work, stop_reason, .. } = outcome;
        let (population, history, bound) = state.into_parts();
        Self {
            best,
            population,
            generations: steps,
            evaluations: work.evaluations,
            evaluated_ones: work.evaluated_ones,
            bound,
            stop_reason,
            history,
        }
    }
}
