//! The comparison of two algorithms on one data set: the statistical analysis of Fig. 6 (c).

use slt_stats::{Coefficient, FixedEffect, MixedModel, RandomTerm, Table};

use crate::Error;

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

/// Compares an algorithm, `target`, with another one, `reference`, by a linear mixed model: the algorithm as fixed effect,
/// architecture and run as crossed random intercepts, all values standardised together, restricted maximum likelihood.
///
/// # Shapes
/// One list of values for each architecture, one value for each run; runs at the same place share a seed. With one
/// architecture there is no random intercept for it.
///
/// # Errors
/// [`Error::Stats`] if the values say nothing: all the same, or a single run.
pub(crate) fn compare(reference: &[Vec<f64>], target: &[Vec<f64>]) -> Result<Comparison, Error> {
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
    let crossed: &[&str] = if reference.len() > 1 { &["architecture", "run"] } else { &["run"] };
    let model = MixedModel {
        fixed: vec![FixedEffect::against("algorithm", "reference")],
        random: crossed.iter().map(|column| RandomTerm::column(column)).collect(),
        standardize: true,
        ..MixedModel::reml("accuracy")
    };
    let fit = model.fit(&table)?;
    let effect = fit.fixed.last().expect("the algorithm is a fixed effect").clone();
    Ok(Comparison { effect, converged: fit.convergence.converged })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// By hand: without variance between architectures or runs, the effect is the difference of the means over the
    /// standard deviation of all values.
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

    #[test]
    fn values_that_say_nothing() {
        let constant = [vec![1.0, 1.0], vec![1.0, 1.0]];
        assert!(matches!(compare(&constant, &constant), Err(Error::Stats(_))));
        assert!(matches!(compare(&[vec![1.0]], &[vec![2.0]]), Err(Error::Stats(_))));
    }
}
