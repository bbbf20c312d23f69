//! Covariates, interactions and likelihood-ratio tests: parity with an independent optimum, with statsmodels
//! and with published output of lme4 and nlme, of every model of every table in
//! `fixtures/reference/mixed_lm_terms`.

use crate::common::{close, family_is_there, folder, json, names, table};
use serde_json::Value;
use slt_stats::{Error, FixedEffect, Interaction, Method, MixedFit, MixedModel, RandomTerm, Table};

const FAMILY: &str = "mixed_lm_terms";

struct Case {
    name: String,
    expected: Value,
    model: MixedModel,
    table: Table,
}

fn strings(value: &Value) -> Vec<&str> {
    value.as_array().unwrap().iter().map(|text| text.as_str().unwrap()).collect()
}

fn model(spec: &Value) -> MixedModel {
    let effect = |column: &str| FixedEffect {
        column: column.to_owned(),
        reference: spec["reference"][column].as_str().map(str::to_owned),
    };
    let (interactions, effects): (Vec<&str>, Vec<&str>) =
        strings(&spec["fixed"]).into_iter().partition(|term| term.contains(':'));
    MixedModel {
        fixed: effects.into_iter().map(effect).collect(),
        interactions: interactions.into_iter().map(|term| Interaction::of(term.split(':'))).collect(),
        random: strings(&spec["random"]).into_iter().map(|t| RandomTerm::interaction(t.split(':'))).collect(),
        ..MixedModel::reml(spec["response"].as_str().unwrap())
    }
}

/// None in a folder from elsewhere that has no such family.
fn cases() -> Vec<Case> {
    if !family_is_there(FAMILY) {
        return Vec::new();
    }
    let mut cases = Vec::new();
    for name in names(FAMILY) {
        let file = json(FAMILY, &name);
        let csv = std::fs::read(folder(FAMILY).join(file["csv"].as_str().unwrap())).unwrap();
        for (model_name, spec) in file["models"].as_object().unwrap() {
            let mut numeric = strings(&spec["numeric"]);
            numeric.push(spec["response"].as_str().unwrap());
            let table = table(&csv, &numeric);
            let name = format!("{name}, {model_name}");
            cases.push(Case { name, expected: spec.clone(), model: model(spec), table });
        }
    }
    assert!(!cases.is_empty());
    cases
}

/// Both criteria of every model.
fn fits() -> impl Iterator<Item = (String, Value, MixedFit)> {
    cases().into_iter().flat_map(|Case { name, expected, model, table }| {
        [("reml", Method::Reml), ("ml", Method::Ml)].map(|(key, method)| {
            let fit = MixedModel { method, ..model.clone() }.fit(&table);
            let fit = fit.unwrap_or_else(|e| panic!("{name}: {e}"));
            assert!(fit.convergence.converged, "{name}: {:?}", fit.convergence);
            (format!("{name}, {key}"), expected[key].clone(), fit)
        })
    })
}

#[track_caller]
fn check_variance(ours: f64, theirs: f64, tolerance: f64, what: &str) {
    assert!(
        (ours - theirs).abs() <= tolerance * theirs.abs().max(1e-2),
        "{what}: {ours} instead of {theirs}"
    );
}

#[test]
fn reference_optimum() {
    for (name, expected, fit) in fits() {
        let expected = &expected["optimum"];
        let number = |field: &str| expected[field].as_f64().unwrap();
        for (ours, field) in [(fit.log_likelihood, "log_likelihood"), (fit.aic, "aic"), (fit.bic, "bic")] {
            assert!((ours - number(field)).abs() <= 2e-7, "{name}, {field}: {ours} {}", number(field));
        }
        assert_eq!(fit.n_parameters as u64, expected["n_parameters"].as_u64().unwrap(), "{name}");
        check_variance(fit.residual_variance, number("residual_variance"), 1e-4, &name);
        for (term, theirs) in expected["variances"].as_object().unwrap() {
            check_variance(fit.component(term).unwrap().variance, theirs.as_f64().unwrap(), 1e-4, &name);
        }
        let theirs = expected["coefficients"].as_object().unwrap();
        assert_eq!(fit.fixed.len(), theirs.len(), "{name}");
        for (term, theirs) in theirs {
            let ours = fit.coefficient(term).unwrap_or_else(|| panic!("{name}: {term} is not there"));
            let (estimate, error) =
                (theirs["estimate"].as_f64().unwrap(), theirs["std_err"].as_f64().unwrap());
            let what = format!("{name}, {term}: {} ± {}", ours.estimate, ours.standard_error);
            // In standard errors, since an intercept may be far from the data.
            assert!((ours.estimate - estimate).abs() <= 1e-5 * error, "{what} instead of {estimate}");
            assert!((ours.standard_error / error - 1.0).abs() <= 1e-5, "{what} instead of {error}");
            close(ours.z, estimate / error, 1e-4, &what);
        }
    }
}

/// Where statsmodels converges it has the same likelihood, estimates and, up to its own convention, standard
/// errors.
#[test]
fn reference_statsmodels() {
    let mut compared = 0;
    for (name, expected, fit) in fits() {
        let (expected, optimum) = (&expected["statsmodels"], &expected["optimum"]);
        let Some(llf) = expected["log_likelihood"].as_f64() else { continue };
        assert!(llf <= fit.log_likelihood + 1e-6, "{name}: {llf} is better than {}", fit.log_likelihood);
        if expected["converged"] != true || optimum["log_likelihood"].as_f64().unwrap() - llf > 1e-5 {
            continue;
        }
        compared += 1;
        check_variance(fit.residual_variance, expected["residual_variance"].as_f64().unwrap(), 1e-2, &name);
        for (term, theirs) in expected["coefficients"].as_object().unwrap() {
            let ours = fit.coefficient(term).unwrap();
            let theirs = theirs["estimate"].as_f64().unwrap();
            assert!((ours.estimate - theirs).abs() <= 1e-2 * ours.standard_error, "{name}, {term}: {theirs}");
        }
    }
    assert!(compared > 0 || !family_is_there(FAMILY));
}

/// Half a unit of the last digit that is printed there.
#[track_caller]
fn as_printed(ours: f64, theirs: &Value, what: &str) {
    let text = theirs.to_string();
    let digits = text.split_once('.').map_or(0, |(_, digits)| digits.trim_end_matches('0').len());
    let unit = 10.0_f64.powi(-(digits.max(1) as i32));
    let difference = (ours - theirs.as_f64().unwrap()).abs();
    assert!(difference <= 0.51 * unit, "{what}: {ours} instead of {text}");
}

#[test]
fn reference_published() {
    for (name, expected, fit) in fits() {
        let published = &expected["published"];
        if published.is_null() {
            continue;
        }
        for (field, ours) in [
            ("aic", fit.aic),
            ("bic", fit.bic),
            ("minus_two_log_likelihood", -2.0 * fit.log_likelihood),
            ("residual_variance", fit.residual_variance),
            ("n_parameters", fit.n_parameters as f64),
        ] {
            if !published[field].is_null() {
                as_printed(ours, &published[field], &format!("{name}, {field}"));
            }
        }
        // The searches for these stop at some 1e-4 of them.
        for (term, theirs) in published["variances"].as_object().into_iter().flatten() {
            let ratio = fit.component(term).unwrap().variance / theirs.as_f64().unwrap();
            assert!((ratio - 1.0).abs() < 3e-4, "{name}, {term}: {ratio}");
        }
        for (term, theirs) in published["coefficients"].as_object().into_iter().flatten() {
            let ours = fit.coefficient(term).unwrap();
            as_printed(ours.estimate, &theirs[0], &format!("{name}, {term}"));
            as_printed(ours.standard_error, &theirs[1], &format!("{name}, {term}"));
        }
    }
}

#[test]
fn reference_drop1() {
    let mut compared = 0;
    for Case { name, expected, model, table } in cases() {
        let ours = model.drop1(&table).unwrap();
        let theirs = expected["drop1"].as_array().unwrap();
        assert_eq!(ours.tests.len(), theirs.len(), "{name}");
        for (ours, theirs) in ours.tests.iter().zip(theirs) {
            let number = |field: &str| theirs[field].as_f64().unwrap();
            assert!(ours.converged && theirs["term"] == ours.dropped.join(":"), "{name}: {ours:?}");
            assert_eq!(ours.df as u64, theirs["df"].as_u64().unwrap(), "{name}");
            assert!((ours.statistic - number("statistic")).abs() < 1e-6, "{name}: {ours:?}");
            assert!((ours.p / number("p") - 1.0).abs() < 1e-5, "{name}: {ours:?} {}", number("p"));
            assert!((ours.smaller.aic - number("aic")).abs() < 1e-6, "{name}: {ours:?}");
            assert!((ours.smaller.bic - number("bic")).abs() < 1e-6, "{name}: {ours:?}");

            // The same by hand.
            let mut smaller = model.clone();
            smaller.fixed.retain(|effect| effect.column != ours.dropped[0]);
            smaller.interactions.retain(|term| term.columns.join(":") != ours.dropped[0]);
            assert_eq!(&model.likelihood_ratio(&smaller, &table).unwrap(), ours, "{name}");
            let swapped = smaller.likelihood_ratio(&model, &table).unwrap_err();
            assert!(matches!(swapped, Error::NotNested { .. }), "{name}: {swapped}");
            compared += 1;
        }
    }
    assert!(compared > 0 || !family_is_there(FAMILY));
}

/// The printed test of anova() and drop1() of lme4.
#[test]
fn reference_published_tests() {
    let mut compared = 0;
    for Case { name, expected, model, table } in cases() {
        let ours = model.drop1(&table).unwrap();
        for (term, theirs) in expected["ml"]["published"]["lrt"].as_object().into_iter().flatten() {
            let test = ours.tests.iter().find(|test| test.dropped == [term.as_str()]).unwrap();
            assert!((test.statistic - theirs[0].as_f64().unwrap()).abs() <= 0.005, "{name}: {test:?}");
            assert_eq!(test.df as u64, theirs[1].as_u64().unwrap(), "{name}");
            compared += 1;
        }
    }
    assert!(compared > 0 || std::env::var_os("SLT_REFERENCE_DIR").is_some());
}
