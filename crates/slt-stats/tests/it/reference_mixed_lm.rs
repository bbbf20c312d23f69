//! Parity with an independent optimum and with statsmodels in `fixtures/reference/mixed_lm`: every model of
//! every table there.

use crate::common::{close, folder, json, names, table};
use serde_json::Value;
use slt_stats::{FixedEffect, MixedFit, MixedModel, RandomTerm};

/// Tolerances against the independent optimum.
const COEFFICIENT: f64 = 1e-6;
const STANDARD_ERROR: f64 = 1e-5;
const LOG_LIKELIHOOD: f64 = 1e-6;
const VARIANCE: f64 = 1e-4;
const ZERO: f64 = 1e-3;

/// Tolerances against statsmodels' Powell search, which stops early.
mod powell {
    pub(crate) const COEFFICIENT: f64 = 2e-5;
    pub(crate) const ALGORITHM_ERROR: f64 = 5e-3;
    pub(crate) const INTERCEPT_ERROR: f64 = 1e-2;
    pub(crate) const LOG_LIKELIHOOD: f64 = 5e-4;
    pub(crate) const VARIANCE: f64 = 1e-2;
    /// Log-likelihood below the optimum at which its estimates are no longer within these.
    pub(crate) const SHORT: f64 = 1e-4;
}

struct Case {
    name: String,
    expected: Value,
    fit: MixedFit,
}

fn model(response: &str, reference: &str, expected: &Value) -> MixedModel {
    let terms = expected["random_terms"].as_array().unwrap();
    let terms = terms.iter().map(|term| RandomTerm::interaction(term.as_str().unwrap().split(':')));
    MixedModel {
        fixed: vec![FixedEffect::against("algorithm", reference)],
        random: terms.collect(),
        ..MixedModel::reml(response)
    }
}

/// Every model of every table.
fn cases() -> Vec<Case> {
    let mut cases = Vec::new();
    for name in names("mixed_lm") {
        let file = json("mixed_lm", &name);
        let csv = std::fs::read(folder("mixed_lm").join(file["csv"].as_str().unwrap())).unwrap();
        let table = table(&csv, &["acc", "acc_z"]);
        for (model_name, expected) in file["models"].as_object().unwrap() {
            let name = format!("{name}, {model_name}");
            let reference = file["reference_level"].as_str().unwrap();
            let model_of = |response: &str| model(response, reference, expected);
            let fit = model_of("acc_z").fit(&table).unwrap_or_else(|e| panic!("{name}: {e}"));
            assert_eq!(fit.n_rows as u64, file["n_rows"].as_u64().unwrap(), "{name}");
            assert_eq!(Value::from_iter(fit.fixed.iter().map(|c| c.term.clone())), file["terms"], "{name}");
            assert!(fit.convergence.converged, "{name}: {:?}", fit.convergence);

            // The response that was standardised there, standardised here, gives the same.
            let ours = MixedModel { standardize: true, ..model_of("acc") }.fit(&table).unwrap();
            close(ours.log_likelihood, fit.log_likelihood, 1e-8, &name);
            for (ours, theirs) in ours.fixed.iter().zip(&fit.fixed) {
                close(ours.estimate, theirs.estimate, 1e-7, &name);
            }
            cases.push(Case { name, expected: expected.clone(), fit });
        }
    }
    assert!(!cases.is_empty());
    cases
}

/// Entries of `value` whose keys our terms have; where statsmodels groups by a column, its key says so.
fn variances<'a>(value: &'a Value, terms: &'a [&str]) -> impl Iterator<Item = (f64, &'a str)> {
    let object = value.as_object().unwrap();
    assert_eq!(object.len(), terms.len());
    object.iter().map(move |(key, variance)| {
        let key = key.strip_prefix("group_intercept_").unwrap_or(key);
        let named = terms.iter().find(|term| **term == key);
        // What is nested there has a name without its group.
        let term = named.or_else(|| terms.iter().find(|term| term.rsplit(':').next() == Some(key)));
        (variance.as_f64().unwrap(), *term.unwrap_or_else(|| panic!("{key} is not in {terms:?}")))
    })
}

#[track_caller]
fn check_variance(ours: f64, theirs: f64, relative: f64, what: &str) {
    if theirs.abs() < ZERO {
        assert!((0.0..ZERO).contains(&ours), "{what}: {ours} instead of {theirs}");
    } else {
        assert!((ours / theirs - 1.0).abs() <= relative, "{what}: {ours} instead of {theirs}");
    }
}

#[test]
fn reference_optimum() {
    for Case { name, expected, fit } in cases() {
        let expected = &expected["independent_dense_reml_optimum"];
        let number = |field: &str| expected[field].as_f64().unwrap();
        let llf = fit.log_likelihood - number("reml_llf");
        assert!(llf.abs() <= LOG_LIKELIHOOD, "{name}: {llf}");
        check_variance(fit.residual_variance, number("scale_residual_variance"), VARIANCE, &name);
        let terms: Vec<&str> = fit.random.iter().map(|term| term.term.as_str()).collect();
        for (theirs, term) in variances(&expected["variance_components"], &terms) {
            let ours = fit.component(term).unwrap();
            check_variance(ours.variance, theirs, VARIANCE, &format!("{name}, {term}"));
            assert_eq!(ours.at_boundary, theirs == 0.0, "{name}, {term}");
        }
        let boundary = fit.random.iter().any(|term| term.at_boundary);
        assert_eq!(Value::from(boundary), expected["at_zero_boundary"], "{name}");
        let coefficients = expected["fixed_effects_gls_se"].as_array().unwrap();
        assert_eq!(coefficients.len(), fit.fixed.len(), "{name}");
        for (ours, theirs) in fit.fixed.iter().zip(coefficients) {
            let what = format!("{name}, {}", ours.term);
            let number = |field: &str| theirs[field].as_f64().unwrap();
            assert_eq!(theirs["term"], ours.term.as_str());
            assert!((ours.estimate - number("coef")).abs() <= COEFFICIENT, "{what}: {}", ours.estimate);
            let se = number("std_err");
            assert!(
                (ours.standard_error / se - 1.0).abs() <= STANDARD_ERROR,
                "{what}: {}",
                ours.standard_error
            );
            // z and p follow from these two.
            close(ours.z, number("z"), STANDARD_ERROR + COEFFICIENT / se, &what);
            close(ours.p, number("p"), STANDARD_ERROR, &what);
            // d log p / dz is at most |z| + 1.
            let allowed = 2.0 * (number("z").abs() + 1.0) * (ours.z - number("z")).abs() + 1e-9;
            let difference = (ours.p - number("p")).abs();
            assert!(difference <= allowed * number("p"), "{what}: {}", ours.p);
            close(ours.interval.low, number("ci95_low"), 2.0 * STANDARD_ERROR, &what);
            close(ours.interval.high, number("ci95_high"), 2.0 * STANDARD_ERROR, &what);
        }
    }
}

#[test]
fn reference_statsmodels_powell() {
    let mut compared = 0;
    for Case { name, expected, fit } in cases() {
        let optimum = &expected["independent_dense_reml_optimum"];
        let expected = &expected["statsmodels"]["powell"];
        if expected.get("failed").is_some() || expected["converged"] != true {
            continue;
        }
        // Where the reference itself shows that the search stopped short, there is nothing to agree with.
        let llf = expected["reml_llf"].as_f64().unwrap();
        if optimum["reml_llf"].as_f64().unwrap() - llf > powell::SHORT {
            continue;
        }
        compared += 1;
        assert!((fit.log_likelihood - llf).abs() <= powell::LOG_LIKELIHOOD, "{name}: {}", fit.log_likelihood);
        let terms: Vec<&str> = fit.random.iter().map(|term| term.term.as_str()).collect();
        for (theirs, term) in variances(&expected["variance_components"], &terms) {
            check_variance(fit.component(term).unwrap().variance, theirs, powell::VARIANCE, &name);
        }
        let coefficients = expected["fixed_effects"].as_array().unwrap();
        for (i, (ours, theirs)) in fit.fixed.iter().zip(coefficients).enumerate() {
            let what = format!("{name}, {}", ours.term);
            close(ours.estimate, theirs["coef"].as_f64().unwrap(), powell::COEFFICIENT, &what);
            let allowed = if i == 0 { powell::INTERCEPT_ERROR } else { powell::ALGORITHM_ERROR };
            // None at a zero boundary, where its Hessian is indefinite.
            if let Some(theirs) = theirs["std_err"].as_f64() {
                assert!((ours.standard_error / theirs - 1.0).abs() <= allowed, "{what}: {theirs}");
            }
        }
    }
    assert!(compared > 0);
}

/// No search of statsmodels finds a better likelihood.
#[test]
fn reference_no_other_optimiser_is_better() {
    for Case { name, expected, fit } in cases() {
        for (method, found) in expected["statsmodels"].as_object().unwrap() {
            if let Some(llf) = found["reml_llf"].as_f64() {
                assert!(llf <= fit.log_likelihood + LOG_LIKELIHOOD, "{name}, {method}: {llf}");
            }
        }
    }
}
