use serde::{Deserialize, Serialize};

/// What a search has asked so far. It does not depend on threads, nor on how often the search was
/// interrupted.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Work {
    /// Masks handed to an objective.
    pub evaluations: u64,
    /// Set bits of those masks, summed.
    pub evaluated_ones: u64,
    /// Flips asked about.
    pub what_ifs: u64,
    /// Flips taken.
    pub commits: u64,
    /// Multiply-adds with active weights of all of that, as
    /// [`Objective::multiply_adds`](slt_core::Objective::multiply_adds) and
    /// [`Neighbourhood::multiply_adds`](slt_core::Neighbourhood::multiply_adds) count them.
    pub multiply_adds: u64,
}

impl Work {
    /// Masks that were judged: evaluations and what-ifs.
    pub fn judged(&self) -> u64 {
        // What is read from files may say anything.
        self.evaluations.saturating_add(self.what_ifs)
    }
}

/// How much a search may ask. It ends after the first step by which a limit is reached; without limits, when
/// its algorithm comes to an end.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Budget {
    /// Steps of the algorithm.
    pub steps: Option<u64>,
    /// Masks judged: evaluations and what-ifs.
    pub evaluations: Option<u64>,
    /// Multiply-adds with active weights.
    pub multiply_adds: Option<u64>,
}

impl Budget {
    /// No limit: the algorithm has to come to an end by itself.
    pub const NONE: Self = Self { steps: None, evaluations: None, multiply_adds: None };

    /// A number of steps.
    pub fn steps(steps: u64) -> Self {
        Self { steps: Some(steps), ..Self::NONE }
    }

    /// A number of masks judged.
    pub fn evaluations(evaluations: u64) -> Self {
        Self { evaluations: Some(evaluations), ..Self::NONE }
    }

    /// A number of multiply-adds.
    pub fn multiply_adds(multiply_adds: u64) -> Self {
        Self { multiply_adds: Some(multiply_adds), ..Self::NONE }
    }

    /// Each limit with what is used of it.
    fn limits(&self, steps: u64, work: &Work) -> impl Iterator<Item = (u64, u64)> {
        let limits = [
            (self.steps, steps),
            (self.evaluations, work.judged()),
            (self.multiply_adds, work.multiply_adds),
        ];
        limits.into_iter().filter_map(|(limit, used)| Some((limit?, used)))
    }

    /// The share of each limit that is used up.
    pub(crate) fn used(&self, steps: u64, work: &Work) -> impl Iterator<Item = f64> {
        self.limits(steps, work).map(|(limit, used)| used as f64 / limit.max(1) as f64)
    }

    /// Whether a limit is reached.
    pub(crate) fn reached(&self, steps: u64, work: &Work) -> bool {
        self.limits(steps, work).any(|(limit, used)| used >= limit)
    }
}
