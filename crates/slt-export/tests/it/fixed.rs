//! What fixed-point arithmetic costs, and what it says of that.

use crate::common::{Case, drawable, kaiming, numbers, table};
use proptest::prelude::*;
use slt_datasets::scaling::ScalerKind;
use slt_export::{Arithmetic, Error, Export, FixedReport, Language, SourceOptions, Weights};

fn report(case: &Case, range: Option<f64>, weights: Weights) -> Result<FixedReport, Error> {
    let export = Export::new(&case.ticket)?.with_samples(case.raw.clone())?;
    let options =
        SourceOptions { weights, arithmetic: Arithmetic::Fixed { range }, ..SourceOptions::default() };
    Ok(export.source(Language::Rust, &options)?.fixed.unwrap())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    /// The bound holds, for the engine's logits.
    #[test]
    fn errors_are_within_the_bound(seed in 0_u64..1 << 40, which in 0_usize..8) {
        let initializer = drawable().get(which).copied().unwrap_or_else(kaiming);
        let case = numbers(seed, initializer);
        let fixed = report(&case, None, Weights::Table).unwrap();
        prop_assert_eq!(fixed.samples, case.raw.nrows());
        prop_assert!(fixed.largest_error <= fixed.error_bound, "{}: {fixed:?}", case.name);
        // Where the margin is more than twice the bound, the class is the engine's.
        let clear = case.expected.logits.rows().into_iter().filter(|logits| {
            let mut sorted: Vec<f64> = logits.iter().map(|&logit| f64::from(logit)).collect();
            sorted.sort_by(|a, b| b.total_cmp(a));
            sorted[0] - sorted[1] > 2.0 * fixed.error_bound
        });
        prop_assert!(fixed.same_class >= clear.count(), "{}: {fixed:?}", case.name);
        // Weights from the seed are the same integers.
        if which < 7 {
            prop_assert_eq!(report(&case, None, Weights::Seed).unwrap(), fixed);
        }
    }
}

/// The bound says something: on a network as one would use it, it is a small part of what logits are.
#[test]
fn the_bound_is_close() {
    for seed in 0..8 {
        let case = table(seed, drawable()[0], Some(ScalerKind::MinMaxPerFeature));
        let fixed = report(&case, None, Weights::Table).unwrap();
        let largest = case.expected.logits.iter().fold(0.0_f32, |largest, logit| largest.max(logit.abs()));
        assert!(fixed.error_bound < 0.01 * f64::from(largest), "{fixed:?}, {largest}");
        assert!(fixed.error_bound < 100.0 * fixed.largest_error, "{fixed:?}");
    }
    // Additions alone lose almost nothing.
    for seed in 0..8 {
        let case = table(seed, drawable()[5], Some(ScalerKind::MinMaxPerFeature));
        let fixed = report(&case, None, Weights::Table).unwrap();
        assert!(fixed.error_bound < 1e-4, "{fixed:?}");
    }
}

#[test]
fn ranges_are_checked() {
    let case = table(3, drawable()[0], Some(ScalerKind::MinMaxPerFeature));
    for range in [0.0, -1.0, f64::NAN, f64::INFINITY, 1e-4, 2e6] {
        assert!(matches!(report(&case, Some(range), Weights::Table), Err(Error::Range { .. })), "{range}");
    }
    // A wider range costs precision; one that the samples leave is refused.
    let (near, far) = (
        report(&case, Some(1.0), Weights::Table).unwrap(),
        report(&case, Some(64.0), Weights::Table).unwrap(),
    );
    assert!(near.error_bound < far.error_bound, "{near:?}, {far:?}");
    let error = report(&case, Some(0.01), Weights::Table).unwrap_err();
    assert!(error.to_string().contains("the range is 0.01: use a larger range"), "{error}");
}
