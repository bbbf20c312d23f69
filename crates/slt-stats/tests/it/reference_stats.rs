//! Parity with numpy, scipy, matplotlib and seaborn in `fixtures/reference/stats`: every sample, every pair,
//! every family of p-values there.

use crate::common::{close, json, numbers};
use serde_json::Value;
use slt_stats::{
    Alternative, BoxPlot, Correction, Dominance, Error, Interval, PValue, Summary, TTest, Wilcoxon, Zeros,
    mann_whitney_u, mean, paired_t, quantiles, sd, standard_error, student_t, t_interval, welch_t,
    wilcoxon_signed_rank,
};

const TOLERANCE: f64 = 1e-10;
const P_VALUE: f64 = 1e-9;

const ALTERNATIVES: [(Alternative, &str); 3] =
    [(Alternative::TwoSided, "two_sided"), (Alternative::Less, "less"), (Alternative::Greater, "greater")];

/// Fails unless our p-value is theirs, in small ones to as many digits.
#[track_caller]
fn check_p(ours: f64, theirs: &Value, what: &str) {
    let theirs = theirs.as_f64().unwrap_or_else(|| panic!("{what}: no p-value"));
    assert!((ours - theirs).abs() <= P_VALUE * theirs, "{what}: p {ours} instead of {theirs}");
}

#[track_caller]
fn check_interval(ours: Interval, theirs: &Value, tolerance: f64, what: &str) {
    let theirs = numbers(theirs);
    close(ours.low, theirs[0], tolerance, what);
    close(ours.high, theirs[1], tolerance, what);
}

#[test]
fn reference_descriptive_statistics() {
    let file = json("stats", "descriptive.json");
    for (name, expected) in file["samples"].as_object().unwrap() {
        let x = numbers(&expected["x"]);
        let check = |ours: f64, field: &str| {
            close(ours, expected[field].as_f64().unwrap(), TOLERANCE, &format!("{name}, {field}"));
        };
        let summary = Summary::of(&x).unwrap();
        assert_eq!(summary.n as u64, expected["n"].as_u64().unwrap(), "{name}");
        check(summary.mean, "mean");
        check(mean(&x).unwrap(), "mean");
        check(summary.min, "min");
        check(summary.max, "max");
        check(summary.median, "median");
        check(summary.sd.unwrap(), "sd_ddof1");
        check(sd(&x, 0).unwrap(), "sd_ddof0");
        check(sd(&x, 1).unwrap(), "sd_ddof1");
        check(standard_error(&x).unwrap(), "sem");
        let t = t_interval(&x, 0.95).unwrap();
        if expected["ci95_t"][0].is_null() {
            // scipy has no interval of width zero.
            assert_eq!((t.low, t.high), (summary.mean, summary.mean), "{name}");
        } else {
            check_interval(t, &expected["ci95_t"], TOLERANCE, name);
        }
        let p = [0.025, 0.05, 0.1, 0.25, 0.5, 0.75, 0.9, 0.95, 0.975];
        let theirs = numbers(&expected["percentiles_linear_2.5_5_10_25_50_75_90_95_97.5"]);
        assert_eq!(theirs.len(), p.len());
        for (ours, theirs) in quantiles(&x, &p).unwrap().into_iter().zip(theirs) {
            close(ours, theirs, TOLERANCE, name);
        }
    }
}

#[test]
fn reference_box_plots() {
    let file = json("stats", "descriptive.json");
    for (name, expected) in file["samples"].as_object().unwrap() {
        let ours = BoxPlot::of(&numbers(&expected["x"]), 1.5).unwrap();
        let theirs = &expected["boxplot_matplotlib"];
        let check = |ours: f64, field: &str| {
            close(ours, theirs[field].as_f64().unwrap(), TOLERANCE, &format!("{name}, {field}"));
        };
        check(ours.mean, "mean");
        check(ours.q1, "q1");
        check(ours.median, "med");
        check(ours.q3, "q3");
        check(ours.q3 - ours.q1, "iqr");
        check(ours.whisker_low, "whislo");
        check(ours.whisker_high, "whishi");
        check(ours.notch_low, "notch_cilo");
        check(ours.notch_high, "notch_cihi");
        assert_eq!(ours.outliers, numbers(&theirs["fliers"]), "{name}");
    }
}

/// The pairs of samples, each with a name.
fn pairs() -> Vec<(String, Vec<f64>, Vec<f64>, Value)> {
    let file = json("stats", "comparisons.json");
    let pairs = file["pairs"].as_array().unwrap();
    assert!(!pairs.is_empty());
    let name = |pair: &Value| format!("{} and {}", pair["x"], pair["y"]);
    let values = |pair: &Value, field: &str| numbers(&pair[field]);
    let pair = |pair: &Value| (name(pair), values(pair, "x_values"), values(pair, "y_values"), pair.clone());
    pairs.iter().map(pair).collect()
}

/// A t test with an infinite or undefined statistic is an error here.
#[track_caller]
fn check_t(ours: Result<TTest, Error>, theirs: &Value, p: &str, what: &str) {
    let Some(t) = theirs["statistic"].as_f64() else {
        assert!(matches!(ours, Err(Error::NoVariation { .. })), "{what}: {ours:?}");
        return;
    };
    let ours = ours.unwrap_or_else(|e| panic!("{what}: {e}"));
    close(ours.df, theirs["df"].as_f64().unwrap(), TOLERANCE, what);
    // Where differences differ by rounding alone, so do statistics.
    if t.abs() < 1e9 {
        close(ours.t, t, TOLERANCE, what);
        check_p(ours.p, &theirs[p], what);
    }
}

#[test]
fn reference_t_tests() {
    for (name, x, y, expected) in pairs() {
        let welch = &expected["welch_t"];
        for (alternative, side) in ALTERNATIVES {
            check_t(welch_t(&x, &y, alternative), welch, &format!("pvalue_{side}"), &name);
        }
        if let Ok(test) = welch_t(&x, &y, Alternative::TwoSided) {
            check_interval(test.interval(0.95).unwrap(), &welch["ci95_mean_difference"], TOLERANCE, &name);
        }
        check_t(student_t(&x, &y, Alternative::TwoSided), &expected["student_t"], "pvalue", &name);
        if let Some(paired) = expected.get("paired_t") {
            check_t(paired_t(&x, &y, Alternative::TwoSided), paired, "pvalue", &name);
        }
    }
}

#[test]
fn reference_mann_whitney() {
    for (name, x, y, expected) in pairs() {
        let expected = &expected["mann_whitney_u"];
        for (key, method) in [
            ("asymptotic_continuity", PValue::Asymptotic { continuity: true }),
            ("asymptotic_no_continuity", PValue::Asymptotic { continuity: false }),
            ("exact", PValue::Exact),
        ] {
            let Some(theirs) = expected.get(key) else { continue };
            for (alternative, side) in ALTERNATIVES {
                let ours = mann_whitney_u(&x, &y, alternative, method).unwrap();
                assert_eq!(ours.u, theirs["U1"].as_f64().unwrap(), "{name}");
                assert_eq!(ours.has_ties, expected["has_ties"].as_bool().unwrap(), "{name}");
                check_p(ours.p, &theirs[format!("p_{side}")], &format!("{name}, {key}, {side}"));
            }
        }
        let auto = mann_whitney_u(&x, &y, Alternative::TwoSided, PValue::Auto).unwrap();
        check_p(auto.p, &expected["scipy_auto_two_sided_p"], &name);
    }
}

#[test]
fn reference_wilcoxon() {
    let mut compared = 0;
    for (name, x, y, expected) in pairs() {
        let Some(expected) = expected.get("wilcoxon_signed_rank") else { continue };
        let run = |alternative, zeros, method| wilcoxon_signed_rank(&x, &y, alternative, zeros, method);
        let n_zeros = expected["n_zero_differences"].as_u64().unwrap();
        if n_zeros as usize == x.len() {
            let ours = run(Alternative::TwoSided, Zeros::Drop, PValue::Auto);
            assert!(matches!(ours, Err(Error::NoVariation { .. })), "{name}: {ours:?}");
            continue;
        }
        compared += 1;
        for (key, zeros) in [("wilcox", Zeros::Drop), ("pratt", Zeros::Pratt), ("zsplit", Zeros::Split)] {
            for continuity in [false, true] {
                let key = format!("{key}_asymptotic_{}continuity", if continuity { "" } else { "no_" });
                let what = format!("{name}, {key}");
                let theirs = &expected[key.as_str()];
                let ours = run(Alternative::TwoSided, zeros, PValue::Asymptotic { continuity }).unwrap();
                assert_eq!(ours.n_zeros as u64, n_zeros, "{what}");
                assert_eq!(
                    ours.statistic(),
                    theirs["statistic_min_Wplus_Wminus"].as_f64().unwrap(),
                    "{what}"
                );
                close(-ours.z.unwrap().abs(), theirs["z"].as_f64().unwrap(), TOLERANCE, &what);
                check_p(ours.p, &theirs["p_two_sided"], &what);
            }
        }
        if let Some(exact) = expected.get("exact") {
            for (alternative, side) in ALTERNATIVES {
                let ours = run(alternative, Zeros::Drop, PValue::Exact).unwrap();
                let two_sided = alternative == Alternative::TwoSided;
                let statistic = if two_sided { ours.statistic() } else { ours.w_plus };
                assert_eq!(statistic, exact[side]["statistic"].as_f64().unwrap(), "{name}");
                check_p(ours.p, &exact[side]["p"], &format!("{name}, {side}"));
            }
        }
        let auto: Wilcoxon = run(Alternative::TwoSided, Zeros::Drop, PValue::Auto).unwrap();
        check_p(auto.p, &expected["scipy_default_call"]["pvalue"], &name);
    }
    assert!(compared > 0);
}

#[test]
fn reference_effect_sizes() {
    for (name, x, y, expected) in pairs() {
        let ours = Dominance::of(&x, &y).unwrap();
        let counts = [ours.greater, ours.less, ours.equal];
        let theirs = ["n_greater", "n_less", "n_equal"].map(|field| expected[field].as_u64().unwrap());
        assert_eq!(counts, theirs, "{name}");
        close(ours.cliffs_delta(), expected["cliffs_delta"].as_f64().unwrap(), TOLERANCE, &name);
        close(ours.a12(), expected["vargha_delaney_a12"].as_f64().unwrap(), TOLERANCE, &name);
    }
}

#[test]
fn reference_multiple_testing() {
    let file = json("stats", "multiple_testing.json");
    let cases = file["cases"].as_array().unwrap();
    assert!(!cases.is_empty());
    for case in cases {
        let p = numbers(&case["p"]);
        for (key, correction) in [
            ("holm", Correction::Holm),
            ("bonferroni", Correction::Bonferroni),
            ("fdr_bh", Correction::BenjaminiHochberg),
            ("holm-sidak", Correction::HolmSidak),
        ] {
            let ours = correction.adjust(&p).unwrap();
            let theirs = numbers(&case[key]["adjusted"]);
            assert_eq!(ours.len(), theirs.len());
            for (ours, theirs) in ours.iter().zip(theirs) {
                assert!(
                    (ours - theirs).abs() <= P_VALUE * theirs,
                    "{key} of {p:?}: {ours} instead of {theirs}"
                );
            }
            let rejected: Vec<bool> = ours.iter().map(|&p| p <= 0.05).collect();
            assert_eq!(Value::from(rejected), case[key]["reject_at_0.05"], "{key} of {p:?}");
        }
    }
}
