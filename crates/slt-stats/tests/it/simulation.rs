//! Fits of simulated tables find the truth: intervals cover it as often as they say, estimates are not
//! biased.

use crate::common::simulate::{Rows, Truth};
use slt_stats::{FixedEffect, Interval, MixedFit, MixedModel, RandomTerm, mean, standard_error};

const TABLES: u64 = 1000;

fn fits(truth: &Truth) -> Vec<MixedFit> {
    let model = MixedModel {
        fixed: vec![FixedEffect::against("algorithm", "alg0")],
        random: vec![RandomTerm::column("arch"), RandomTerm::column("init")],
        ..MixedModel::reml("y")
    };
    let fit = |seed| {
        let rows = Rows::draw(truth, seed);
        model.fit(&rows.table(&rows.order(), |y| y)).unwrap_or_else(|e| panic!("table {seed}: {e}"))
    };
    (0..TABLES).map(fit).collect()
}

/// Fails unless the mean of the estimates is the truth, up to simulation error.
#[track_caller]
fn check_unbiased(estimates: &[f64], truth: f64, what: &str) {
    let (mean, se) = (mean(estimates).unwrap(), standard_error(estimates).unwrap());
    assert!((mean - truth).abs() <= 4.0 * se, "{what}: {mean} instead of {truth}, standard error {se}");
}

/// Returns how many fits are inside the boundary.
#[track_caller]
fn check(truth: &Truth) -> usize {
    let fits = fits(truth);
    assert!(fits.iter().all(|fit| fit.convergence.converged));
    for (level, mean) in truth.means.iter().enumerate().skip(1) {
        let (term, effect) = (format!("algorithm=alg{level}"), mean - truth.means[0]);
        let of = |fit: &MixedFit| fit.coefficient(&term).unwrap().clone();
        let covered = fits.iter().filter(|fit| of(fit).interval.contains(effect)).count();
        let coverage = Interval { low: 0.92, high: 0.98 };
        assert!(coverage.contains(covered as f64 / TABLES as f64), "{term}: {covered} of {TABLES}");
        let estimates: Vec<f64> = fits.iter().map(|fit| of(fit).estimate).collect();
        check_unbiased(&estimates, effect, &term);
        // Standard errors are what the estimates scatter by.
        let errors: Vec<f64> = fits.iter().map(|fit| of(fit).standard_error).collect();
        let ratio = slt_stats::mean(&errors).unwrap() / slt_stats::sd(&estimates, 1).unwrap();
        assert!((0.88..1.14).contains(&ratio), "{term}: {ratio}");
    }
    // REML estimates of variances are unbiased where none of them is held at zero.
    let inside = fits.iter().filter(|fit| fit.random.iter().all(|term| !term.at_boundary)).count();
    if inside == fits.len() {
        let residual: Vec<f64> = fits.iter().map(|fit| fit.residual_variance).collect();
        check_unbiased(&residual, truth.sd[2] * truth.sd[2], "residual variance");
        for (term, sd) in [("arch", truth.sd[0]), ("init", truth.sd[1])] {
            let variances: Vec<f64> = fits.iter().map(|fit| fit.component(term).unwrap().variance).collect();
            check_unbiased(&variances, sd * sd, term);
        }
    }
    inside
}

#[test]
fn balanced_tables() {
    check(&Truth { means: vec![0.9, 0.88], n_arch: 4, n_init: 25, sd: [0.03, 0.02, 0.03], missing: 0.0 });
}

#[test]
fn tables_with_large_components() {
    let truth = Truth { means: vec![0.9, 0.88], n_arch: 6, n_init: 12, sd: [0.1, 0.05, 0.02], missing: 0.0 };
    assert_eq!(check(&truth), TABLES as usize);
}

#[test]
fn unbalanced_tables_of_three_algorithms() {
    check(&Truth {
        means: vec![0.9, 0.88, 0.9],
        n_arch: 4,
        n_init: 20,
        sd: [0.03, 0.02, 0.04],
        missing: 0.3,
    });
}

#[test]
fn tables_without_an_effect_of_initialisations() {
    check(&Truth { means: vec![0.9, 0.91], n_arch: 6, n_init: 10, sd: [0.02, 0.0, 0.03], missing: 0.1 });
}
