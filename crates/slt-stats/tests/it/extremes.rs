//! Numbers whose squares are beyond f64, covariates far from 0, and messages about them.

use crate::common::simulate::Normal;
use slt_stats::{
    Alternative, BoxPlot, Error, FixedEffect, Interaction, Interval, MixedModel, RandomTerm, Summary, Table,
    mean, paired_t, quantile, sd, student_t, t_interval, welch_t,
};

const X: [f64; 6] = [0.91, 0.88, 0.93, 0.85, 0.92, 0.90];
const Y: [f64; 6] = [0.95, 0.90, 0.94, 0.91, 0.97, 0.93];

/// Powers of two, so that nothing is rounded, whose squares overflow, vanish, or are subnormal.
fn scales() -> [f64; 4] {
    [1000, 520, -530, -1000].map(|exponent| libm::ldexp(1.0, exponent))
}

#[test]
fn statistics_follow_the_unit_of_the_sample() {
    for scale in scales() {
        let [x, y] = [X, Y].map(|sample| sample.map(|value| value * scale));
        assert_eq!(mean(&x).unwrap(), mean(&X).unwrap() * scale);
        assert_eq!(sd(&x, 1).unwrap(), sd(&X, 1).unwrap() * scale);
        assert_eq!(Summary::of(&x).unwrap().sd.unwrap(), Summary::of(&X).unwrap().sd.unwrap() * scale);
        assert_eq!(BoxPlot::of(&x, 1.5).unwrap().mean, mean(&x).unwrap());
        let Interval { low, high } = t_interval(&X, 0.95).unwrap();
        assert_eq!(t_interval(&x, 0.95).unwrap(), Interval { low: low * scale, high: high * scale });
        for test in [welch_t, student_t, paired_t] {
            let [ours, plain] =
                [test(&x, &y, Alternative::Less), test(&X, &Y, Alternative::Less)].map(Result::unwrap);
            assert_eq!((ours.t, ours.df, ours.p), (plain.t, plain.df, plain.p));
            assert_eq!(ours.mean_difference, plain.mean_difference * scale);
            assert_eq!(ours.standard_error, plain.standard_error * scale);
        }
    }
    let largest = [f64::MAX, f64::MAX, -f64::MAX];
    close(quantile(&[-f64::MAX, f64::MAX], 0.75).unwrap(), f64::MAX / 2.0);
    close(mean(&largest).unwrap(), f64::MAX / 3.0);
    assert!(sd(&largest, 0).unwrap().is_finite());
}

/// Six groups of five with a covariate.
fn table(response: f64, slope: f64, offset: f64) -> Table {
    let mut normal = Normal::new(5);
    let effects: Vec<f64> = (0..6).map(|_| normal.draw()).collect();
    let x: Vec<f64> = (0..30).map(|_| normal.draw()).collect();
    let y: Vec<f64> = (0..30).map(|row| 0.7 * x[row] + effects[row % 6] + normal.draw()).collect();
    Table::new()
        .with_numbers("y", y.into_iter().map(|y| response * y))
        .and_then(|table| table.with_numbers("x", x.into_iter().map(|x| slope * x + offset)))
        .and_then(|table| table.with_labels("a", (0..30).map(|row| row / 15)))
        .and_then(|table| table.with_labels("g", (0..30).map(|row| row % 6)))
        .unwrap()
}

fn model() -> MixedModel {
    MixedModel {
        fixed: vec![FixedEffect::of("x"), FixedEffect::of("a")],
        interactions: vec![Interaction::of(["a", "x"])],
        random: vec![RandomTerm::column("g")],
        ..MixedModel::reml("y")
    }
}

#[track_caller]
fn close(ours: f64, theirs: f64) {
    assert!((ours - theirs).abs() <= 1e-9 * theirs.abs(), "{ours:e} instead of {theirs:e}");
}

#[test]
fn a_response_of_any_size() {
    let plain = model().fit(&table(1.0, 1.0, 0.0)).unwrap();
    for response in [1e130, 1e-130] {
        let fit = model().fit(&table(response, 1.0, 0.0)).unwrap();
        close(fit.coefficient("x").unwrap().estimate, response * plain.coefficient("x").unwrap().estimate);
        close(fit.residual_variance, response * response * plain.residual_variance);
    }
    let standardized = MixedModel { standardize: true, ..model() };
    let plain = standardized.fit(&table(1.0, 1.0, 0.0)).unwrap();
    for response in [1e160, 1e-160, 1e305, 1e-305] {
        // Its variance is not a number, but in standard deviations it is.
        let error = model().fit(&table(response, 1.0, 0.0)).unwrap_err();
        assert!(matches!(error, Error::Spread { .. }) && error.to_string().len() < 250, "{error}");
        let fit = standardized.fit(&table(response, 1.0, 0.0)).unwrap();
        close(fit.residual_variance, plain.residual_variance);
        close(fit.coefficient("a=1:x").unwrap().estimate, plain.coefficient("a=1:x").unwrap().estimate);
    }
}

#[test]
fn a_covariate_of_any_size_and_far_from_zero() {
    let plain = model().fit(&table(1.0, 1.0, 0.0)).unwrap();
    for slope in [1e-300, 1e-160, 1e-6, 1e6, 1e160, 1e300] {
        let fit = model().fit(&table(1.0, slope, 0.0)).unwrap();
        for term in ["x", "a=1:x"] {
            let (ours, plain) = (fit.coefficient(term).unwrap(), plain.coefficient(term).unwrap());
            close(ours.estimate * slope, plain.estimate);
            close(ours.standard_error * slope, plain.standard_error);
            close(ours.z, plain.z);
        }
        // The restricted likelihood is that of X as it is: two columns in another unit.
        close(fit.log_likelihood, plain.log_likelihood - 2.0 * slope.ln());
    }
    for offset in [2e3, -1e7] {
        let fit = model().fit(&table(1.0, 1.0, offset)).unwrap();
        let (ours, theirs) = (fit.coefficient("x").unwrap(), plain.coefficient("x").unwrap());
        assert!((ours.estimate - theirs.estimate).abs() < 1e-7 * theirs.standard_error, "{offset}: {ours:?}");
        // The effect of a is that at x = 0, which is far away.
        let (main, slope) = (fit.coefficient("a=1").unwrap(), plain.coefficient("a=1:x").unwrap().estimate);
        let expected = plain.coefficient("a=1").unwrap().estimate - offset * slope;
        assert!((main.estimate - expected).abs() < 1e-7 * main.standard_error, "{offset}: {main:?}");
        close(fit.residual_variance, plain.residual_variance);
    }
    let tiny = model().fit(&table(1e100, 1e-300, 0.0)).unwrap_err();
    assert!(matches!(&tiny, Error::CoefficientRange { term } if term == "x"), "{tiny}");
}

#[test]
fn no_message_has_hundreds_of_digits() {
    for value in [f64::MAX, -f64::MAX, 1e160, f64::MIN_POSITIVE, 5e-324, f64::INFINITY] {
        let constant = Table::new()
            .with_numbers("y", [value; 4])
            .and_then(|table| table.with_numbers("x", [1.0, 2.0, 3.0, value]))
            .and_then(|table| table.with_labels("g", [1, 1, 2, 2]))
            .unwrap();
        let random = vec![RandomTerm::column("g")];
        let messages = [
            MixedModel { random: random.clone(), ..MixedModel::reml("y") }.fit(&constant).unwrap_err(),
            MixedModel { level: 1.0 + value.abs(), ..MixedModel::reml("x") }.fit(&constant).unwrap_err(),
            quantile(&X, 1.0 + value.abs()).err().unwrap_or(Error::EmptyTable),
            slt_stats::Correction::Holm.adjust(&[0.5, 1.0 + value.abs()]).err().unwrap_or(Error::EmptyTable),
            BoxPlot::of(&X, -value.abs()).unwrap_err(),
            mean(&[value * 2.0 - value, f64::INFINITY]).unwrap_err(),
        ];
        for message in messages.map(|error| error.to_string()) {
            assert!(message.len() < 120 && !message.contains("0000000"), "{value:e}: {message}");
        }
    }
    assert!(quantile(&X, 1.5).unwrap_err().to_string().contains("p is 1.5;"));
}
