//! What holds for all data.

use crate::common::simulate::{Normal, Rows, Truth};
use proptest::prelude::*;
use slt_stats::{
    Alternative, Correction, Dominance, FixedEffect, Method, MixedFit, MixedModel, PValue, RandomTerm,
    mann_whitney_u, quantile, spearman,
};

fn truth() -> impl Strategy<Value = Truth> {
    (2..4_usize, 2..5_usize, 3..8_usize, 0.0..1.0, 0.0..1.0, 0.1..1.0, 0.0..0.3).prop_map(
        |(algorithms, n_arch, n_init, arch, init, residual, missing)| Truth {
            means: (0..algorithms).map(|level| level as f64 * 0.3).collect(),
            n_arch,
            n_init,
            sd: [arch, init, residual],
            missing,
        },
    )
}

fn model(method: Method) -> MixedModel {
    MixedModel {
        fixed: vec![FixedEffect { column: "algorithm".to_owned(), reference: None }],
        random: vec![RandomTerm::column("arch"), RandomTerm::column("init")],
        method,
        ..MixedModel::reml("y")
    }
}

/// Whether the likelihood is as good, and coefficients agree to a share of their standard errors.
fn assert_like(a: &MixedFit, b: &MixedFit, scale: f64, shift: f64) {
    for (i, (a, b)) in a.fixed.iter().zip(&b.fixed).enumerate() {
        let expected = a.estimate * scale + if i == 0 { shift } else { 0.0 };
        assert!((b.estimate - expected).abs() <= 1e-6 * b.standard_error, "{a:?} {b:?}");
        assert!((b.standard_error / (a.standard_error * scale.abs()) - 1.0).abs() < 1e-6, "{a:?} {b:?}");
    }
    let total = |fit: &MixedFit| fit.residual_variance + fit.random.iter().map(|t| t.variance).sum::<f64>();
    for (a_term, b_term) in a.random.iter().zip(&b.random) {
        let difference = b_term.variance - a_term.variance * scale * scale;
        assert!(difference.abs() <= 1e-5 * total(b), "{a:?} {b:?}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn the_order_of_rows_does_not_matter(truth in truth(), seed: u64, ml: bool) {
        let rows = Rows::draw(&truth, seed);
        let model = model(if ml { Method::Ml } else { Method::Reml });
        let mut order = rows.order();
        let Ok(fit) = model.fit(&rows.table(&order, |y| y)) else { return Ok(()) };
        let mut keys = Normal::new(seed);
        order.sort_by_cached_key(|_| keys.unit().to_bits());
        let permuted = model.fit(&rows.table(&order, |y| y)).unwrap();
        prop_assert!((fit.log_likelihood - permuted.log_likelihood).abs() < 1e-8);
        assert_like(&fit, &permuted, 1.0, 0.0);
    }

    #[test]
    fn the_fit_follows_a_change_of_units(truth in truth(), seed: u64, scale in 1e-3..1e3_f64, shift in -10.0..10.0_f64, flip: bool) {
        let rows = Rows::draw(&truth, seed);
        let scale = if flip { -scale } else { scale };
        let Ok(fit) = model(Method::Reml).fit(&rows.table(&rows.order(), |y| y)) else { return Ok(()) };
        let changed = model(Method::Reml).fit(&rows.table(&rows.order(), |y| scale * y + shift)).unwrap();
        assert_like(&fit, &changed, scale, shift);
        let df = (fit.n_rows - fit.fixed.len()) as f64;
        let expected = fit.log_likelihood - df * scale.abs().ln();
        prop_assert!((changed.log_likelihood - expected).abs() < 1e-6, "{} {expected}", changed.log_likelihood);
    }

    #[test]
    fn another_reference_is_the_same_model(truth in truth(), seed: u64) {
        let rows = Rows::draw(&truth, seed);
        let table = rows.table(&rows.order(), |y| y);
        let against = |level: &str| {
            let fixed = vec![FixedEffect::against("algorithm", level)];
            MixedModel { fixed, ..model(Method::Reml) }.fit(&table)
        };
        let (Ok(zero), Ok(one)) = (against("alg0"), against("alg1")) else { return Ok(()) };
        let (up, down) = (zero.coefficient("algorithm=alg1").unwrap(), one.coefficient("algorithm=alg0").unwrap());
        prop_assert!((up.estimate + down.estimate).abs() <= 1e-7 * up.standard_error);
        prop_assert!((up.standard_error / down.standard_error - 1.0).abs() < 1e-7);
        prop_assert!((zero.log_likelihood - one.log_likelihood).abs() < 1e-8);
    }

    #[test]
    fn adjusted_p_values_keep_their_order(p in prop::collection::vec(0.0..=1.0_f64, 1..12)) {
        let adjust = |correction: Correction| correction.adjust(&p).unwrap();
        let all = [Correction::Holm, Correction::HolmSidak, Correction::Bonferroni, Correction::BenjaminiHochberg];
        for correction in all {
            let adjusted = adjust(correction);
            for (i, &a) in adjusted.iter().enumerate() {
                prop_assert!(a >= p[i] * (1.0 - 1e-15) && a <= 1.0, "{correction:?}");
                for (j, &b) in adjusted.iter().enumerate() {
                    prop_assert!(p[i] > p[j] || a <= b, "{correction:?}");
                }
            }
        }
        let [holm, sidak, bonferroni, bh] = all.map(adjust);
        for i in 0..p.len() {
            prop_assert!(sidak[i] <= holm[i] * (1.0 + 1e-12) && holm[i] <= bonferroni[i] && bh[i] <= bonferroni[i]);
        }
    }

    #[test]
    fn u_and_dominance_agree(x in prop::collection::vec(0..9_u8, 1..12), y in prop::collection::vec(0..9_u8, 1..12)) {
        let (x, y): (Vec<f64>, Vec<f64>) = (x.into_iter().map(f64::from).collect(), y.into_iter().map(f64::from).collect());
        let test = |x, y, alternative| mann_whitney_u(x, y, alternative, PValue::Exact).unwrap();
        let ours = test(&x, &y, Alternative::Less);
        let pairs = (x.len() * y.len()) as f64;
        prop_assert!((ours.u / pairs - Dominance::of(&x, &y).unwrap().a12()).abs() < 1e-14);
        // Seen from the other side.
        let theirs = test(&y, &x, Alternative::Greater);
        prop_assert!((ours.u + theirs.u - pairs).abs() < 1e-9);
        prop_assert!((ours.p - theirs.p).abs() < 1e-12);
    }

    #[test]
    fn ranks_see_no_monotone_change(x in prop::collection::vec(-3.0..3.0_f64, 3..20), seed: u64) {
        let mut normal = Normal::new(seed);
        let y: Vec<f64> = x.iter().map(|x| x + normal.draw()).collect();
        let changed: Vec<f64> = y.iter().map(|&y| libm::exp(y)).collect();
        let Ok(ours) = spearman(&x, &y, Alternative::TwoSided) else { return Ok(()) };
        prop_assert_eq!(ours, spearman(&x, &changed, Alternative::TwoSided).unwrap());
        prop_assert!((-1.0..=1.0).contains(&ours.rho) && (0.0..=1.0).contains(&ours.p));
    }

    #[test]
    fn quantiles_rise(x in prop::collection::vec(-1e3..1e3_f64, 1..20), p in 0.0..=1.0_f64, q in 0.0..=1.0_f64) {
        let (low, high) = (quantile(&x, p.min(q)).unwrap(), quantile(&x, p.max(q)).unwrap());
        prop_assert!(low <= high + 1e-12);
        prop_assert_eq!(quantile(&x, 0.0).unwrap(), x.iter().copied().fold(f64::INFINITY, f64::min));
    }
}
