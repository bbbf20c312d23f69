use serde::{Deserialize, Serialize};
use slt_core::{BitMask, Objective};

/// What is searched: an objective to move on, and perhaps another one to judge by.
///
/// With a judge, moves follow the objective, but which of the masks on the way is the best is for the judge
/// to say: the accuracy where moves follow a loss, or the same on samples that were held out.
///
/// Some searches follow a *refinement* in the end: another objective, or the same on more samples. Without
/// one, that is the objective.
#[derive(Clone, Copy)]
pub struct Problem<'a> {
    objective: &'a dyn Objective,
    judge: Option<&'a dyn Objective>,
    refinement: Option<&'a dyn Objective>,
}

/// What moves follow.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Guide {
    /// The objective.
    Objective,
    /// The refinement.
    Refinement,
}

impl<'a> Problem<'a> {
    /// Moves and results are judged by the same objective.
    pub fn new(objective: &'a dyn Objective) -> Self {
        Self { objective, judge: None, refinement: None }
    }

    /// Results are judged by `judge`.
    #[must_use]
    pub fn judged_by(self, judge: &'a dyn Objective) -> Self {
        Self { judge: Some(judge), ..self }
    }

    /// In the end, moves follow `refinement`.
    #[must_use]
    pub fn refined_on(self, refinement: &'a dyn Objective) -> Self {
        Self { refinement: Some(refinement), ..self }
    }

    /// What moves follow by a guide.
    pub fn followed(&self, guide: Guide) -> &'a dyn Objective {
        match guide {
            Guide::Objective => None,
            Guide::Refinement => self.refinement,
        }
        .unwrap_or(self.objective)
    }

    /// Whether there is a refinement.
    pub fn has_refinement(&self) -> bool {
        self.refinement.is_some()
    }

    /// All objectives, those that are missing as `None`.
    pub(crate) fn all(&self) -> [Option<&'a dyn Objective>; 3] {
        [Some(self.objective), self.judge, self.refinement]
    }

    /// The objective.
    pub fn objective(&self) -> &'a dyn Objective {
        self.objective
    }

    /// What results are judged by, if it is something else.
    pub fn judge(&self) -> Option<&'a dyn Objective> {
        self.judge
    }

    /// Whether nothing is left to gain.
    pub fn solved(&self, mask: &BitMask, performance: f64) -> bool {
        self.judge.unwrap_or(self.objective).solved(mask, performance)
    }
}
