//! The comparison of two algorithms on one data set: the statistical analysis of Fig. 6 (c), ours and the
//! published one.

use serde::Serialize;
use slt_datasets::paper::PaperName;
use slt_stats::{Coefficient, FixedEffect, MixedModel, RandomTerm, Table};

use crate::Error;
use crate::method::Method;

/// How much higher or lower an algorithm scores than the one it is compared with.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Comparison {
    /// The fixed effect of the algorithm, in standard deviations of all values of both algorithms.
    pub(crate) effect: Coefficient,
    /// Whether the optimum of the likelihood was reached.
    pub(crate) converged: bool,
}

impl Comparison {
    /// Level below which a p-value counts as significant.
    pub(crate) const LEVEL: f64 = 0.05;

    /// Whether the two differ significantly.
    pub(crate) fn is_significant(&self) -> bool {
        self.effect.p < Self::LEVEL
    }
}

/// Compares an algorithm, `target`, with another one, `reference`, by a linear mixed model: the algorithm as
/// fixed effect, architecture and run as crossed random intercepts, all values standardised together,
/// restricted maximum likelihood.
///
/// # Shapes
/// One list of values for each architecture, one value for each run; runs at the same place share a seed.
/// With one architecture there is no random intercept for it.
///
/// # Errors
/// [`Error::Stats`] if the values say nothing: all the same, or a single run.
pub(crate) fn compare(reference: &[Vec<f64>], target: &[Vec<f64>]) -> Result<Comparison, Error> {
    compare_with(reference, target, RandomTerm::column("run"))
}

/// The same with runs within architectures instead of across them: of networks that only the algorithms
/// share, not the architectures.
///
/// # Errors
/// As [`compare`].
pub(crate) fn compare_nested(reference: &[Vec<f64>], target: &[Vec<f64>]) -> Result<Comparison, Error> {
    compare_with(reference, target, RandomTerm::interaction(["architecture", "run"]))
}

fn compare_with(
    reference: &[Vec<f64>],
    target: &[Vec<f64>],
    of_runs: RandomTerm,
) -> Result<Comparison, Error> {
    let (mut values, mut algorithms) = (Vec::new(), Vec::new());
    let (mut architectures, mut runs) = (Vec::new(), Vec::new());
    for (algorithm, cells) in [("reference", reference), ("target", target)] {
        for (architecture, cell) in cells.iter().enumerate() {
            for (run, &value) in cell.iter().enumerate() {
                values.push(value);
                algorithms.push(algorithm);
                architectures.push(architecture);
                runs.push(run);
            }
        }
    }
    let table = Table::new()
        .with_numbers("accuracy", values)?
        .with_labels("algorithm", algorithms)?
        .with_labels("architecture", architectures)?
        .with_labels("run", runs)?;
    let of_architectures = (reference.len() > 1).then(|| RandomTerm::column("architecture"));
    let model = MixedModel {
        fixed: vec![FixedEffect::against("algorithm", "reference")],
        random: of_architectures.into_iter().chain([of_runs]).collect(),
        standardize: true,
        ..MixedModel::reml("accuracy")
    };
    let fit = model.fit(&table)?;
    let effect = fit.fixed.last().expect("the algorithm is a fixed effect").clone();
    Ok(Comparison { effect, converged: fit.convergence.converged })
}

/// The effect of a target against a reference, in standard deviations of the accuracy.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub(crate) struct Effect {
    pub(crate) coef: f64,
    pub(crate) se: f64,
    pub(crate) z: f64,
    pub(crate) p: f64,
    /// 95 % interval.
    pub(crate) low: f64,
    pub(crate) high: f64,
}

impl From<&Coefficient> for Effect {
    fn from(found: &Coefficient) -> Self {
        Self {
            coef: found.estimate,
            se: found.standard_error,
            z: found.z,
            p: found.p,
            low: found.interval.low,
            high: found.interval.high,
        }
    }
}

/// A row of the table as published.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Published {
    pub(crate) data: PaperName,
    pub(crate) reference: Method,
    pub(crate) target: Method,
    pub(crate) effect: Effect,
}

impl Published {
    /// Reference and target.
    pub(crate) fn methods(self) -> [Method; 2] {
        [self.reference, self.target]
    }
}

/// The table as published.
pub(crate) fn published() -> [Published; 8] {
    use PaperName::{Circles, Moons};
    let (ga, ab, trained) = (Method::ga(), Method::ga_ab(), Method::Backpropagation);
    let (half, adapted) = (Method::edge_popup(), Method::edge_popup_adapted());
    let row = |data, reference, target, [coef, se, z, p, low, high]: [f64; 6]| Published {
        data,
        reference,
        target,
        effect: Effect { coef, se, z, p, low, high },
    };
    [
        row(Moons, ga, ab, [0.042, 0.083, 0.507, 0.612, -0.121, 0.205]),
        row(Moons, half, adapted, [-0.133, 0.095, -1.405, 0.160, -0.320, 0.053]),
        row(Moons, ga, half, [-1.185, 0.081, -14.697, 0.000, -1.343, -1.027]),
        row(Moons, ga, trained, [0.661, 0.087, 7.609, 0.000, 0.491, 0.831]),
        row(Circles, ga, ab, [-0.106, 0.064, -1.670, 0.095, -0.231, 0.018]),
        row(Circles, half, adapted, [-0.062, 0.102, -0.609, 0.543, -0.263, 0.138]),
        row(Circles, ga, half, [-0.964, 0.074, -13.095, 0.000, -1.109, -0.820]),
        row(Circles, ga, trained, [1.030, 0.071, 14.595, 0.000, 0.892, 1.168]),
    ]
}

#[cfg(test)]
mod tests {
    use super::*;

    /// By hand: without variance between architectures or runs, the effect is the difference of the means
    /// over the standard deviation of all values.
    #[test]
    fn the_effect_is_in_standard_deviations() {
        let reference = [vec![1.0, 3.0, 2.0], vec![3.0, 1.0, 2.0]];
        let target = [vec![6.0, 4.0, 5.0], vec![4.0, 6.0, 5.0]];
        let comparison = compare(&reference, &target).unwrap();
        let all: Vec<f64> = [&reference[..], &target[..]].concat().concat();
        let sd = slt_stats::sd(&all, 0).unwrap();
        assert!((comparison.effect.estimate - 3.0 / sd).abs() < 1e-9);
        assert!(comparison.converged && comparison.is_significant());
        assert_eq!(comparison.effect.term, "algorithm=target");
        let reverse = compare(&target, &reference).unwrap();
        assert!((reverse.effect.estimate + comparison.effect.estimate).abs() < 1e-9);
    }

    /// Differences between the architectures hide nothing: they are no part of the residual.
    #[test]
    fn architectures_and_runs_are_accounted_for() {
        let cells = |gain: f64| -> Vec<Vec<f64>> {
            let run = |a: usize, r: usize| 50.0 * a as f64 + [0.3, -0.2, 0.5, 0.0][r] + gain;
            // A residual that differs from cell to cell.
            let rest = |a: usize, r: usize| 0.1 * ((7 * a + 3 * r + gain as usize) % 5) as f64;
            (0..4).map(|a| (0..4).map(|r| run(a, r) + rest(a, r)).collect()).collect()
        };
        assert!(compare(&cells(0.0), &cells(1.0)).unwrap().is_significant());
        assert!(!compare(&cells(0.0), &cells(0.0)).unwrap().is_significant());
        // Of one architecture there is nothing to compare it with.
        assert!(compare(&cells(0.0)[..1], &cells(1.0)[..1]).unwrap().is_significant());
    }

    /// What was printed is the same to its last digit, and in itself.
    #[test]
    fn the_published_table() {
        for Published { data, reference, target, effect: Effect { coef, se, z, low, high, .. } } in
            published()
        {
            let row = format!("{data}: {} against {}", target.label(), reference.label());
            // Rounded to three digits: z to what half a digit of the error makes of it.
            assert!((coef / se - z).abs() <= 0.0005 / se * (1.0 + z.abs()) + 0.0005, "{row}");
            assert!(
                (coef - 1.96 * se - low).abs() < 0.002 && (coef + 1.96 * se - high).abs() < 0.002,
                "{row}"
            );
        }
    }

    /// What the networks of an architecture share is no part of the residual, though runs at the same place
    /// differ from architecture to architecture.
    #[test]
    fn runs_may_be_nested() {
        let cells = |gain: f64| -> Vec<Vec<f64>> {
            let run = |a: usize, r: usize| [0.3, -0.2, 0.5, 0.0, -0.6][(2 * a + 3 * r) % 5] + gain;
            let rest = |a: usize, r: usize| 0.1 * ((7 * a + 3 * r + gain as usize) % 5) as f64;
            (0..4).map(|a| (0..5).map(|r| run(a, r) + rest(a, r)).collect()).collect()
        };
        let (crossed, nested) =
            (compare(&cells(0.0), &cells(1.0)).unwrap(), compare_nested(&cells(0.0), &cells(1.0)).unwrap());
        assert!((crossed.effect.estimate - nested.effect.estimate).abs() < 1e-9);
        assert!(nested.effect.standard_error < 0.7 * crossed.effect.standard_error);
    }

    #[test]
    fn values_that_say_nothing() {
        let constant = [vec![1.0, 1.0], vec![1.0, 1.0]];
        assert!(matches!(compare(&constant, &constant), Err(Error::Stats(_))));
        assert!(matches!(compare(&[vec![1.0]], &[vec![2.0]]), Err(Error::Stats(_))));
    }
}
