//! What a test looks at, and how it writes down what it finds.

use std::cell::RefCell;
use std::rc::Rc;

use slt_stats::Interval;

use super::verdict::{Condition, Finding};
use crate::arm::Arm;
use crate::comparison::{Comparison, compare};
use crate::method::Method;
use crate::quantity::Quantity;
use crate::{Error, Plan, Protocol};
use slt_run::{Records, SearchRecord};

/// Which runs are drawn: places in the order of the seeds.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(super) struct Draw {
    /// Of the arms that share networks.
    pub(super) networks: Vec<usize>,
    /// Of trainings, which have networks of their own.
    pub(super) trainings: Vec<usize>,
}

/// A test of a claim.
pub(super) type Test = fn(&Evidence<'_>, &mut Notes) -> Result<(), Error>;

/// Half-width of a 95 % interval in standard errors.
const NORMAL_95: f64 = 1.959_963_984_540_054;

/// The records that a claim is tested on: all runs, or runs drawn from them.
pub(crate) struct Evidence<'a> {
    pub(super) plan: &'a Plan,
    pub(super) records: &'a Records,
    pub(super) protocol: Protocol,
    draw: Option<&'a Draw>,
    known: Rc<Known>,
}

/// What was looked up before: draws look at the same runs again and again.
#[derive(Default)]
struct Known {
    values: RefCell<Vec<Values>>,
    named: RefCell<Vec<(String, Rc<[f64]>)>>,
    comparisons: RefCell<Vec<Compared>>,
}

/// A value of each run of an arm.
type Values = (Arm, Quantity, Rc<[f64]>);

/// Reference, target, and how they differ.
type Compared = (Vec<Arm>, Vec<Arm>, Option<Comparison>);

impl<'a> Evidence<'a> {
    /// All runs.
    pub(super) fn new(plan: &'a Plan, records: &'a Records, protocol: Protocol) -> Self {
        Self { plan, records, protocol, draw: None, known: Rc::default() }
    }

    /// Runs whose values are made up, in percent.
    #[cfg(test)]
    pub(super) fn made_up(
        plan: &'a Plan,
        records: &'a Records,
        protocol: Protocol,
        values: Vec<(Arm, Quantity, Vec<f64>)>,
    ) -> Self {
        let evidence = Self::new(plan, records, protocol);
        let shared = values.into_iter().map(|(arm, quantity, values)| (arm, quantity, values.into()));
        *evidence.known.values.borrow_mut() = shared.collect();
        evidence
    }

    /// Runs drawn from these.
    pub(super) fn drawn<'b>(&'b self, draw: &'b Draw) -> Evidence<'b> {
        Evidence { draw: Some(draw), ..self.undrawn() }
    }

    /// All runs, whatever is drawn: for what is said of single runs.
    pub(super) fn undrawn(&self) -> Self {
        Self { draw: None, known: Rc::clone(&self.known), ..*self }
    }

    /// Number of runs of an arm.
    pub(super) fn runs(&self) -> u64 {
        self.plan.runs
    }

    /// What a test finds.
    pub(super) fn finding(&self, test: Test) -> Result<Finding, Error> {
        let mut notes = Notes::default();
        test(self, &mut notes)?;
        Ok(notes.finding())
    }

    /// The values of all runs, before any draw: shares in percent.
    fn known_values(&self, arm: &Arm, quantity: Quantity) -> Result<Rc<[f64]>, Error> {
        let find = |(of, what, _): &&Values| (of, what) == (arm, &quantity);
        if let Some((_, _, values)) = self.known.values.borrow().iter().find(find) {
            return Ok(Rc::clone(values));
        }
        let values = arm.values(self.plan, self.records, self.protocol, quantity)?;
        let values: Rc<[f64]> = values.into_iter().map(|value| quantity.in_percent(value)).collect();
        self.known.values.borrow_mut().push((*arm, quantity, Rc::clone(&values)));
        Ok(values)
    }

    /// A value of each run of an arm, shares in percent, in the order of the seeds or as drawn.
    ///
    /// # Errors
    /// [`slt_run::Error::Missing`] if a record is not there.
    pub(super) fn values(&self, arm: &Arm, quantity: Quantity) -> Result<Vec<f64>, Error> {
        if arm.method == Method::BetterGa {
            // Which one is the better is chosen among the runs at hand.
            let [ga, ab] = arm.both_configurations();
            let by = self.protocol.better_by();
            let ab_is_better =
                slt_stats::mean(&self.values(&ab, by)?)? > slt_stats::mean(&self.values(&ga, by)?)?;
            return self.values(if ab_is_better { &ab } else { &ga }, quantity);
        }
        let values = self.known_values(arm, quantity)?;
        Ok(self.picked(&values, arm.method == Method::Backpropagation))
    }

    /// A value of each run that is worked out by `compute` once, under a name of its own, as it is or as
    /// drawn.
    ///
    /// # Errors
    /// Those of `compute`.
    pub(super) fn named(
        &self,
        name: &str,
        compute: impl FnOnce() -> Result<Vec<f64>, Error>,
    ) -> Result<Vec<f64>, Error> {
        let find = |(other, _): &&(String, Rc<[f64]>)| other == name;
        let found = self.known.named.borrow().iter().find(find).map(|(_, values)| Rc::clone(values));
        let values = match found {
            Some(values) => values,
            None => {
                let values: Rc<[f64]> = compute()?.into();
                self.known.named.borrow_mut().push((name.to_owned(), Rc::clone(&values)));
                values
            }
        };
        Ok(self.picked(&values, false))
    }

    /// What `value` is of each search of an arm of the genetic algorithm, as it is or as drawn; worked out
    /// once for each `what`.
    ///
    /// # Errors
    /// [`slt_run::Error::Missing`] if a record is not there.
    pub(super) fn of_searches(
        &self,
        arm: &Arm,
        what: &str,
        value: impl Fn(&SearchRecord) -> f64,
    ) -> Result<Vec<f64>, Error> {
        self.named(&format!("{what}, {arm:?}"), || {
            Ok(arm.tickets(self.plan, self.records)?.into_iter().map(value).collect())
        })
    }

    /// The values at the places that are drawn. Arms of fewer runs have theirs drawn likewise.
    fn picked(&self, values: &[f64], trainings: bool) -> Vec<f64> {
        match &self.draw {
            None => values.to_vec(),
            Some(draw) => {
                let places = if trainings { &draw.trainings } else { &draw.networks };
                let places = places.iter().cycle().take(values.len());
                places.map(|&place| values[place % values.len()]).collect()
            }
        }
    }

    /// The test accuracy of each run of an arm, in percent.
    ///
    /// # Errors
    /// [`slt_run::Error::Missing`] if a record is not there.
    pub(super) fn accuracies(&self, arm: &Arm) -> Result<Vec<f64>, Error> {
        self.values(arm, Quantity::TestAccuracy)
    }

    /// The sparsity of the result of each run of an arm, in percent.
    ///
    /// # Errors
    /// [`slt_run::Error::Missing`] if a record is not there.
    pub(super) fn sparsities(&self, arm: &Arm) -> Result<Vec<f64>, Error> {
        self.values(arm, Quantity::Sparsity)
    }

    /// The mean test accuracy of an arm, in percent.
    ///
    /// # Errors
    /// [`slt_run::Error::Missing`] if a record is not there.
    pub(super) fn mean(&self, arm: &Arm) -> Result<f64, Error> {
        Ok(slt_stats::mean(&self.accuracies(arm)?)?)
    }

    /// The mean test accuracies of some arms, in percent.
    ///
    /// # Errors
    /// [`slt_run::Error::Missing`] if a record is not there.
    pub(super) fn means(&self, arms: &[Arm]) -> Result<Vec<f64>, Error> {
        arms.iter().map(|arm| self.mean(arm)).collect()
    }

    /// How the test accuracies of one algorithm differ from those of another, given an arm of each for each
    /// architecture. `None` if that cannot be told: for a single run, or accuracies that are all the same.
    ///
    /// It has an interval of its own, so it is always that of all runs.
    ///
    /// # Errors
    /// [`slt_run::Error::Missing`] if a record is not there.
    pub(super) fn compare(&self, reference: &[Arm], target: &[Arm]) -> Result<Option<Comparison>, Error> {
        let find = |(a, b, _): &&Compared| (&a[..], &b[..]) == (reference, target);
        if let Some((_, _, comparison)) = self.known.comparisons.borrow().iter().find(find) {
            return Ok(comparison.clone());
        }
        let all = self.undrawn();
        let of = |arms: &[Arm]| arms.iter().map(|arm| all.accuracies(arm)).collect::<Result<Vec<_>, _>>();
        let comparison = compare(&of(reference)?, &of(target)?).ok();
        let known = (reference.to_vec(), target.to_vec(), comparison.clone());
        self.known.comparisons.borrow_mut().push(known);
        Ok(comparison)
    }
}

/// The numbers that decide a claim, as they are found, and the conditions that they have to meet.
#[derive(Debug, Default)]
pub(super) struct Notes {
    measured: Vec<(String, f64)>,
    conditions: Vec<Condition>,
    /// Whether a condition is not met.
    failed: bool,
}

impl Notes {
    /// Writes down a number and gives it back. One that is not finite is no measurement and is left out.
    pub(super) fn add(&mut self, name: impl Into<String>, value: f64) -> f64 {
        if value.is_finite() {
            self.measured.push((name.into(), value));
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

    /// Asks for `value >= threshold`. A value that is not a number is never enough.
    pub(super) fn at_least(&mut self, name: impl Into<String>, value: f64, threshold: f64) {
        self.condition(name, value, value - threshold, value >= threshold, None);
    }

    /// Asks for `value <= threshold`.
    pub(super) fn at_most(&mut self, name: impl Into<String>, value: f64, threshold: f64) {
        self.condition(name, value, threshold - value, value <= threshold, None);
    }

    /// Asks for `value > other`.
    pub(super) fn above(&mut self, name: impl Into<String>, value: f64, other: f64) {
        self.condition(name, value, value - other, value > other, None);
    }

    /// Asks for `value < other`.
    pub(super) fn below(&mut self, name: impl Into<String>, value: f64, other: f64) {
        self.condition(name, value, other - value, value < other, None);
    }

    /// Asks for a value at most `width` away from `centre`.
    pub(super) fn within(&mut self, name: impl Into<String>, value: f64, width: f64, centre: f64) {
        let distance = (value - centre).abs();
        self.condition(name, value, width - distance, distance <= width, None);
    }

    /// Asks for something that has no measure.
    pub(super) fn holds(&mut self, name: impl Into<String>, met: bool) {
        let margin = if met { 1.0 } else { -1.0 };
        self.condition(name, f64::from(u8::from(met)), margin, met, Some(0.0));
    }

    /// Asks for a margin that has a standard error of its own, for claims that are decided by intervals.
    /// Without a comparison there is none, and the condition is not met.
    pub(super) fn interval(&mut self, name: impl Into<String>, margin_and_error: Option<(f64, f64)>) {
        let (margin, error) = margin_and_error.unwrap_or((-1.0, 0.0));
        self.condition(name, margin, margin, margin >= 0.0, Some(error));
    }

    /// Asks for an effect that is smaller than `width` standard deviations either way: equivalence, by the 90
    /// % interval.
    pub(super) fn equivalent(&mut self, name: &str, comparison: Option<&Comparison>, width: f64) {
        self.add_comparison(name, comparison);
        let (effect, error) = comparison.map_or((f64::NAN, 0.0), |comparison| {
            (comparison.effect.estimate, comparison.effect.standard_error)
        });
        let margin = if effect.is_nan() { -1.0 } else { width - effect.abs() };
        let name = format!("{name}: effect within {width} standard deviations");
        self.condition(name, effect, margin, margin >= 0.0, Some(error));
    }

    /// Asks for an effect of less than `most` standard deviations, by the upper 95 % bound.
    pub(super) fn effect_below(&mut self, name: &str, comparison: Option<&Comparison>, most: f64) {
        self.add_comparison(name, comparison);
        let (effect, error) = comparison.map_or((f64::NAN, 0.0), |comparison| {
            (comparison.effect.estimate, comparison.effect.standard_error)
        });
        let margin = if effect.is_nan() { -1.0 } else { most - effect };
        let name = format!("{name}: effect below {most} standard deviations");
        self.condition(name, effect, margin, margin > 0.0, Some(error));
    }

    fn condition(
        &mut self,
        name: impl Into<String>,
        value: f64,
        margin: f64,
        met: bool,
        standard_error: Option<f64>,
    ) {
        let finite = |number: f64| if number.is_nan() { f64::MIN } else { number.clamp(f64::MIN, f64::MAX) };
        self.failed |= !met;
        let (value, margin) = (finite(value), finite(margin));
        // Where the error is known, so is the interval.
        let interval = standard_error
            .filter(|&error| error > 0.0)
            .map(|error| Interval { low: value - NORMAL_95 * error, high: value + NORMAL_95 * error });
        self.conditions.push(Condition { name: name.into(), value, interval, margin, standard_error });
    }

    /// What was found.
    fn finding(self) -> Finding {
        let met = !self.failed && !self.conditions.is_empty();
        Finding { met, measured: self.measured, conditions: self.conditions }
    }
}
