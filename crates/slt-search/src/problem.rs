use slt_core::{BitMask, Objective};

/// What is searched: an objective to move on, and perhaps another one to judge by.
///
/// With a judge, moves follow the objective, but which of the masks on the way is the best is for the judge to say: the
/// accuracy where moves follow a loss, or the same on samples that were held out.
#[derive(Clone, Copy)]
pub struct Problem<'a> {
    objective: &'a dyn Objective,
    judge: Option<&'a dyn Objective>,
}

impl<'a> Problem<'a> {
    /// Moves and results are judged by the same objective.
    pub fn new(objective: &'a dyn Objective) -> Self {
        Self { objective, judge: None }
    }

    /// Results are judged by `judge`.
    #[must_use]
    pub fn judged_by(self, judge: &'a dyn Objective) -> Self {
        Self { judge: Some(judge), ..self }
    }

    /// What moves follow.
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
