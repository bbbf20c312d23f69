//! What a test looks at, and how it writes down what it finds.

use super::Finding;
use crate::arm::{Arm, Quantity};
use crate::comparison::{Comparison, compare};
use crate::{Error, Plan, Protocol, Records};

/// The records that a claim is tested on.
#[derive(Clone, Copy)]
pub(crate) struct Evidence<'a> {
    pub(super) plan: &'a Plan,
    pub(super) records: &'a Records,
    pub(super) protocol: Protocol,
}

impl Evidence<'_> {
    /// A value of each run of an arm, in percent.
    fn percentages(&self, arm: &Arm, quantity: Quantity) -> Result<Vec<f64>, Error> {
        let shares = arm.values(self.plan, self.records, self.protocol, quantity)?;
        Ok(shares.into_iter().map(|share| 100.0 * share).collect())
    }

    /// The test accuracy of each run of an arm, in percent.
    ///
    /// # Errors
    /// [`Error::Missing`] if a record is not there.
    pub(super) fn accuracies(&self, arm: &Arm) -> Result<Vec<f64>, Error> {
        self.percentages(arm, Quantity::TestAccuracy)
    }

    /// The sparsity of the result of each run of an arm, in percent.
    ///
    /// # Errors
    /// [`Error::Missing`] if a record is not there.
    pub(super) fn sparsities(&self, arm: &Arm) -> Result<Vec<f64>, Error> {
        self.percentages(arm, Quantity::Sparsity)
    }

    /// The mean test accuracy of an arm, in percent.
    ///
    /// # Errors
    /// [`Error::Missing`] if a record is not there.
    pub(super) fn mean(&self, arm: &Arm) -> Result<f64, Error> {
        Ok(slt_stats::mean(&self.accuracies(arm)?)?)
    }

    /// The mean test accuracies of some arms, in percent.
    ///
    /// # Errors
    /// [`Error::Missing`] if a record is not there.
    pub(super) fn means(&self, arms: &[Arm]) -> Result<Vec<f64>, Error> {
        arms.iter().map(|arm| self.mean(arm)).collect()
    }

    /// How the test accuracies of one algorithm differ from those of another, given an arm of each for each
    /// architecture. `None` if that cannot be told: for a single run, or accuracies that are all the same.
    ///
    /// # Errors
    /// [`Error::Missing`] if a record is not there.
    pub(super) fn compare(&self, reference: &[Arm], target: &[Arm]) -> Result<Option<Comparison>, Error> {
        let of = |arms: &[Arm]| arms.iter().map(|arm| self.accuracies(arm)).collect::<Result<Vec<_>, _>>();
        Ok(compare(&of(reference)?, &of(target)?).ok())
    }
}

/// The numbers that decide a claim, as they are found.
#[derive(Debug, Default)]
pub(super) struct Notes(Vec<(String, f64)>);

impl Notes {
    /// Writes down a number and gives it back. One that is not finite is no measurement and is left out.
    pub(super) fn add(&mut self, name: impl Into<String>, value: f64) -> f64 {
        if value.is_finite() {
            self.0.push((name.into(), value));
        }
        value
    }

    /// Writes down a number if there is one.
    pub(super) fn add_some(&mut self, name: impl Into<String>, value: Option<f64>) -> Option<f64> {
        value.map(|value| self.add(name, value))
    }

    /// Writes down numbers that belong together, each under `name` and its own key.
    pub(super) fn add_each<K: std::fmt::Display>(
        &mut self,
        name: &str,
        keys: impl IntoIterator<Item = K>,
        values: &[f64],
    ) {
        for (key, &value) in keys.into_iter().zip(values) {
            self.add(format!("{name}, {key}"), value);
        }
    }

    /// Writes down coefficient and p-value of a comparison.
    pub(super) fn add_comparison(&mut self, name: &str, comparison: Option<&Comparison>) {
        if let Some(Comparison { effect, .. }) = comparison {
            self.add(format!("{name}: coefficient"), effect.estimate);
            self.add(format!("{name}: p"), effect.p);
        }
    }

    /// What was found.
    pub(super) fn finding(self, met: bool) -> Finding {
        Finding { met, measured: self.0 }
    }
}
