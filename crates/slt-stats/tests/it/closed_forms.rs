//! Balanced tables have solutions in closed form, and small samples can be worked by hand.

use crate::common;
use crate::common::simulate::{Rows, Truth};
use slt_stats::{
    Alternative, FixedEffect, Method, MixedFit, MixedModel, PValue, RandomTerm, Table, Zeros, mann_whitney_u,
    mean, sd, spearman, t_interval, wilcoxon_signed_rank,
};

#[track_caller]
fn close(ours: f64, theirs: f64, tolerance: f64) {
    assert!((ours - theirs).abs() <= tolerance * theirs.abs().max(1.0), "{ours} instead of {theirs}");
}

/// Groups of a balanced one-way layout.
const GROUPS: [[f64; 4]; 3] = [[7.1, 6.4, 8.0, 7.7], [5.0, 5.9, 6.1, 4.8], [9.2, 8.1, 8.8, 9.9]];

fn one_way(groups: &[[f64; 4]], method: Method) -> MixedFit {
    let labels = (0..groups.len()).flat_map(|group| [group; 4]);
    let table =
        Table::new().with_numbers("y", groups.concat()).unwrap().with_labels("group", labels).unwrap();
    let random = vec![RandomTerm::column("group")];
    MixedModel { random, method, ..MixedModel::reml("y") }.fit(&table).unwrap()
}

#[test]
fn one_way_analysis_of_variance() {
    let (q, m) = (GROUPS.len() as f64, 4.0);
    let means = GROUPS.map(|group| mean(&group).unwrap());
    let between = m * sd(&means, 1).unwrap().powi(2);
    let within = GROUPS.iter().map(|group| sd(group, 1).unwrap().powi(2)).sum::<f64>() / q;
    for (method, between) in [(Method::Reml, between), (Method::Ml, between * (q - 1.0) / q)] {
        let fit = one_way(&GROUPS, method);
        assert!(fit.convergence.converged);
        close(fit.residual_variance, within, 1e-9);
        close(fit.random[0].variance, (between - within) / m, 1e-9);
        close(fit.fixed[0].estimate, mean(&means).unwrap(), 1e-12);
        close(fit.fixed[0].standard_error, (between / (q * m)).sqrt(), 1e-9);
        // V has q times the eigenvalue `between` and else `within`; r'V^-1 r is the number of degrees of
        // freedom.
        let n = q * m;
        let log_v = q * between.ln() + (n - q) * within.ln();
        let (df, log_x) = match method {
            Method::Reml => (n - 1.0, (n / between).ln()),
            Method::Ml => (n, 0.0),
        };
        let expected = -0.5 * (df * (1.0 + (2.0 * std::f64::consts::PI).ln()) + log_v + log_x);
        close(fit.log_likelihood, expected, 1e-9);
    }
}

#[test]
fn groups_that_are_too_alike_have_variance_zero() {
    let groups = [[1.0, 2.0, 3.0, 4.0], [4.0, 3.0, 2.0, 1.1], [1.0, 4.0, 2.0, 3.0]];
    for method in [Method::Reml, Method::Ml] {
        let fit = one_way(&groups, method);
        assert!(fit.convergence.converged && fit.random[0].at_boundary);
        assert_eq!((fit.random[0].variance, fit.random[0].sd), (0.0, 0.0));
        // What is left is the mean of one sample.
        let y = groups.concat();
        let ddof = if method == Method::Reml { 1 } else { 0 };
        close(fit.residual_variance, sd(&y, ddof).unwrap().powi(2), 1e-12);
        close(fit.fixed[0].estimate, mean(&y).unwrap(), 1e-12);
    }
}

/// Two algorithms on the same initialisations: the paired t test, whose statistic is the z here.
#[test]
fn a_pair_of_algorithms() {
    let y = [[0.91, 0.95], [0.88, 0.90], [0.93, 0.94], [0.85, 0.91], [0.92, 0.97], [0.90, 0.93]];
    let table = Table::new()
        .with_numbers("y", y.concat())
        .and_then(|table| table.with_labels("algorithm", y.iter().flat_map(|_| ["a", "b"])))
        .and_then(|table| table.with_labels("init", (0..y.len()).flat_map(|init| [init, init])))
        .unwrap();
    let fixed = vec![FixedEffect { column: "algorithm".to_owned(), reference: None }];
    let fit = MixedModel { fixed, random: vec![RandomTerm::column("init")], ..MixedModel::reml("y") }
        .fit(&table)
        .unwrap();
    let difference: Vec<f64> = y.iter().map(|pair| pair[1] - pair[0]).collect();
    let effect = fit.coefficient("algorithm=b").unwrap();
    close(effect.estimate, mean(&difference).unwrap(), 1e-12);
    close(effect.standard_error, sd(&difference, 1).unwrap() / 6.0_f64.sqrt(), 1e-9);
    let t = t_interval(&difference, 0.95).unwrap();
    assert!(t.low < effect.interval.low && effect.interval.high < t.high);
}

/// statsmodels 0.15.0, `fit(reml=False, method=["powell"], xtol=1e-12, ftol=1e-14)` on the table t4 of the
/// reference.
#[test]
fn maximum_likelihood_of_an_unbalanced_table() {
    let csv = include_bytes!("../../../../fixtures/reference/mixed_lm/t4_unbalanced_4alg.csv");
    let table = common::table(csv, &["acc_z"]);
    let model = MixedModel {
        fixed: vec![FixedEffect::against("algorithm", "ga")],
        random: vec![RandomTerm::column("arch"), RandomTerm::column("init")],
        method: Method::Ml,
        ..MixedModel::reml("acc_z")
    };
    let fit = model.fit(&table).unwrap();
    assert!(fit.convergence.converged);
    close(fit.log_likelihood, -178.292_507_389_185_63, 1e-9);
    let expected = [0.159_186_435, 0.595_294_369, -0.839_677_319, -0.304_489_455];
    for (ours, theirs) in fit.fixed.iter().zip(expected) {
        close(ours.estimate, theirs, 2e-6);
    }
    close(fit.random[0].variance, 0.415_260_828, 1e-4);
    close(fit.random[1].variance, 0.211_652_543, 1e-4);
    close(fit.residual_variance, 0.158_182_123, 1e-4);
}

#[test]
fn without_random_terms_it_is_least_squares() {
    let rows = Rows::draw(
        &Truth { means: vec![0.0, 1.0], n_arch: 3, n_init: 4, sd: [0.0, 0.0, 1.0], missing: 0.2 },
        1,
    );
    let fixed = vec![FixedEffect::against("algorithm", "alg0")];
    let fit = MixedModel { fixed, ..MixedModel::reml("y") }.fit(&rows.table(&rows.order(), |y| y)).unwrap();
    let of = |name: &str| -> Vec<f64> {
        rows.y
            .iter()
            .zip(&rows.algorithm)
            .filter(|(_, algorithm)| *algorithm == name)
            .map(|(y, _)| *y)
            .collect()
    };
    let (a, b) = (of("alg0"), of("alg1"));
    let test = slt_stats::student_t(&b, &a, Alternative::TwoSided).unwrap();
    close(fit.fixed[1].estimate, test.mean_difference, 1e-12);
    close(fit.fixed[1].standard_error, test.standard_error, 1e-12);
    assert!(fit.convergence.converged && fit.random.is_empty());
}

#[test]
fn ties_count_in_exact_tests() {
    // Of the 10 ways to choose 2 of the ranks 1, 2.5, 2.5, 4, 5, three sum to at most 3.5 ...
    let (x, y) = ([1.0, 2.0], [2.0, 3.0, 4.0]);
    let less = mann_whitney_u(&x, &y, Alternative::Less, PValue::Exact).unwrap();
    assert_eq!((less.u, less.has_ties), (0.5, true));
    // ... no: two do, 1 with either of the tied ones.
    close(less.p, 0.2, 1e-15);
    // Ranks 1.5, 1.5, 3 with one sign of the tied ones negative: W+ is at least 4.5 in 3 of 8 ways.
    let (x, y) = ([1.0, 0.0, 5.0], [0.0, 1.0, 3.0]);
    let greater = wilcoxon_signed_rank(&x, &y, Alternative::Greater, Zeros::Drop, PValue::Exact).unwrap();
    assert_eq!((greater.w_plus, greater.w_minus), (4.5, 1.5));
    close(greater.p, 0.375, 1e-15);
}

/// scipy 1.17.1.
#[test]
fn spearmans_correlation() {
    let (x, y) = ([0.1, 0.4, 0.4, 0.7, 0.9, 0.2], [3.0, 5.0, 4.0, 9.0, 9.0, 1.0]);
    let ours = spearman(&x, &y, Alternative::TwoSided).unwrap();
    close(ours.rho, 0.911_764_705_882_352_3, 1e-14);
    close(ours.p, 0.011_334_724_201_099_123, 1e-12);
    let x: Vec<f64> = (1..=8).map(f64::from).collect();
    let y = [2.0, 1.0, 4.0, 3.0, 8.0, 5.0, 6.0, 7.0];
    let ours = spearman(&x, &y, Alternative::Greater).unwrap();
    close(ours.rho, 0.809_523_809_523_809_6, 1e-14);
    close(ours.p, 0.007_451_333_843_115_036, 1e-12);
}
