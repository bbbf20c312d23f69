//! What there is to say of an algorithm, and what is asked of it; `methods` says it of each.

use slt_baselines::DataShape;
use slt_mlp::MetricName;
use slt_search::Price;

use super::methods::TABLE;
use super::prepared::Task;
use super::{Goal, MaskAlgorithm, MaskOption, MaskOptions, SearchMethod, Searched};
use crate::Error;

/// An algorithm with its parameters, as runs know it.
pub(super) trait Method {
    /// See [`SearchMethod::name`].
    fn name(&self) -> &'static str;

    /// See [`SearchMethod::validate`].
    fn checked(&self) -> Result<(), slt_search::Error>;

    /// See [`SearchMethod::price`].
    fn price(&self) -> Option<&Price> {
        None
    }

    /// Refuses a metric that it is not defined for.
    fn follows(&self, _metric: MetricName) -> Result<(), Error> {
        Ok(())
    }

    /// The masks that it asks for as a whole until it ends; none if most of what it asks for are flips.
    fn masks(&self, _metric: MetricName) -> Option<f64> {
        None
    }

    /// The same with the end of another of its kind, if some of its parameters only end it: see
    /// [`Algorithm::parameters`](slt_search::Algorithm::parameters).
    fn with_end_of(&self, _other: &SearchMethod) -> Option<SearchMethod> {
        None
    }

    /// Searches.
    fn search(&self, task: Task<'_>) -> Result<Searched, Error>;
}

/// What an algorithm is asked for on, and for what.
pub(super) struct Setting {
    pub(super) goal: Goal,
    pub(super) shape: DataShape,
    pub(super) weights: usize,
}

/// What is known of an algorithm before it has parameters: a row of the [table](TABLE).
pub(in crate::runs) struct Row {
    pub(in crate::runs) algorithm: MaskAlgorithm,
    pub(in crate::runs) name: &'static str,
    options: &'static [MaskOption],
    has_end: bool,
    /// Its goal, from the usual one.
    pub(super) goal: fn(Goal, &MaskOptions) -> Goal,
    /// The algorithm with the parameters that are asked for.
    pub(super) asked: fn(&MaskOptions, &Setting) -> Result<SearchMethod, Error>,
}

impl Row {
    pub(super) const fn new(
        algorithm: MaskAlgorithm,
        name: &'static str,
        options: &'static [MaskOption],
        asked: fn(&MaskOptions, &Setting) -> Result<SearchMethod, Error>,
    ) -> Self {
        Self { algorithm, name, options, has_end: true, goal: |usual, _| usual, asked }
    }

    /// It goes on until something else ends it.
    pub(super) const fn without_end(self) -> Self {
        Self { has_end: false, ..self }
    }

    /// It has another goal than the usual one.
    pub(super) const fn with_goal(self, goal: fn(Goal, &MaskOptions) -> Goal) -> Self {
        Self { goal, ..self }
    }
}

impl MaskAlgorithm {
    pub(super) fn row(self) -> &'static Row {
        TABLE.iter().find(|row| row.algorithm == self).expect("the table has a row for each algorithm")
    }

    /// The name on the command line.
    pub fn name(self) -> &'static str {
        self.row().name
    }

    /// Whether it takes an option; those that it does not take are of no effect on it.
    pub fn takes(self, option: MaskOption) -> bool {
        self.row().options.contains(&option)
    }

    /// Whether it ends by itself. Otherwise it needs a budget, or somebody who stops it.
    pub fn has_end(self) -> bool {
        self.row().has_end
    }
}

impl SearchMethod {
    /// The name on the command line.
    pub fn name(&self) -> &'static str {
        self.method().name()
    }

    /// What active weights cost, for an algorithm that has a price.
    pub fn price(&self) -> Option<&Price> {
        self.method().price()
    }

    /// Checks every parameter.
    ///
    /// # Errors
    /// [`Config`](slt_search::Error::Config) with the first that is out of range;
    /// [`NeverEnds`](slt_search::Error::NeverEnds) for a genetic algorithm without an end.
    pub fn validate(&self) -> Result<(), slt_search::Error> {
        self.method().checked()
    }

    /// Whether an algorithm of its name takes an option.
    pub(super) fn takes(&self, option: MaskOption) -> bool {
        TABLE.iter().any(|row| row.name == self.name() && row.options.contains(&option))
    }

    /// The same, ended by the rules of another one.
    pub(super) fn with_end_of(&self, other: &Self) -> Self {
        self.method().with_end_of(other).unwrap_or_else(|| self.clone())
    }
}
