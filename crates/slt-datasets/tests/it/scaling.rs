//! Scaling: exact arithmetic, stored form, properties.

use ndarray::{Array2, array};
use proptest::prelude::*;
use slt_datasets::{
    Dataset, Error,
    scaling::{self, Scaler, ScalerKind},
};

const KINDS: [ScalerKind; 4] =
    [ScalerKind::MinMaxGlobal, ScalerKind::MinMaxPerFeature, ScalerKind::Standard, ScalerKind::MaxAbsGlobal];

fn dataset(features: Array2<f32>) -> Dataset {
    let labels = vec![0; features.nrows()];
    Dataset::new("data", features, labels, 1).unwrap()
}

#[test]
fn standard_scaler_has_mean_zero_and_deviation_one() {
    let data = dataset(array![[1., 10.], [2., 10.], [3., 10.], [6., 10.]]);
    let scaler = Scaler::fit(&data, ScalerKind::Standard).unwrap();
    assert_eq!(scaler.parameters(), [[3.0, 3.5_f32.sqrt()], [10.0, 0.0]]);
    let scaled = scaler.transform(&data).unwrap();
    let first: Vec<f32> = scaled.features().column(0).to_vec();
    assert_eq!(first, [-2., -1., 0., 3.].map(|value: f32| value / 3.5_f32.sqrt()));
}

#[test]
fn constant_features_become_the_middle_whatever_comes_later() {
    // The mean of three times 0.1 misses 0.1 in double precision.
    let data = dataset(array![[0.1, 1.0], [0.1, 2.0], [0.1, 4.0]]);
    for kind in [ScalerKind::MinMaxPerFeature, ScalerKind::Standard] {
        let scaler = Scaler::fit(&data, kind).unwrap();
        let later = scaler.transform_array(&array![[0.1, 1.0], [99.0, 1.0]].view()).unwrap();
        assert_eq!(later.column(0).to_vec(), [0.0, 0.0], "{kind}");
    }
    let constant = dataset(array![[5.0, 5.0]]);
    assert_eq!(scaling::min_max(&constant).unwrap().values(), [0.0, 0.0]);
    let scaler = Scaler::fit(&constant, ScalerKind::MinMaxGlobal).unwrap();
    assert_eq!(scaler.transform(&constant).unwrap().values(), [0.0, 0.0]);
}

#[test]
fn the_largest_absolute_value_leaves_zeros_alone() {
    let data = dataset(array![[0.0, 2.0], [-4.0, 1.0]]);
    let scaler = Scaler::fit(&data, ScalerKind::MaxAbsGlobal).unwrap();
    assert_eq!(scaler.parameters(), [[0.0, 4.0]]);
    assert_eq!(scaler.transform(&data).unwrap().values(), [0.0, 0.5, -1.0, 0.25]);
    let nothing = dataset(array![[0.0], [0.0]]);
    let scaler = Scaler::fit(&nothing, ScalerKind::MaxAbsGlobal).unwrap();
    assert_eq!(scaler.transform_array(&array![[9.0]].view()).unwrap()[[0, 0]], 0.0);
    assert!(Scaler::from_parameters(ScalerKind::MaxAbsGlobal, 2, vec![[1.0, 4.0]]).is_err());
}

#[test]
fn refuses_another_number_of_features() {
    let scaler = Scaler::fit(&dataset(array![[1., 2.], [3., 4.]]), ScalerKind::MinMaxGlobal).unwrap();
    let error = scaler.transform(&dataset(array![[1., 2., 3.]])).unwrap_err();
    assert_eq!(error.to_string(), "the data have 3 features: the scaler was fitted on 2");
}

#[test]
fn refuses_ranges_beyond_single_precision() {
    let wide = dataset(array![[f32::MIN], [f32::MAX]]);
    assert!(matches!(
        Scaler::fit(&wide, ScalerKind::MinMaxGlobal),
        Err(Error::ScalerParameters { index: 0, .. })
    ));
    assert!(matches!(scaling::min_max(&wide), Err(Error::NotFinite { .. })));
    assert!(Scaler::fit(&wide, ScalerKind::Standard).is_ok());
}

#[test]
fn stored_form_is_checked_when_it_is_read() {
    let good = r#"{"kind":"min-max-per-feature","n_features":2,"parameters":[[0.0,1.0],[-1.5,2.5]]}"#;
    let scaler: Scaler = serde_json::from_str(good).unwrap();
    assert_eq!(serde_json::to_string(&scaler).unwrap(), good);
    for (bad, message) in [
        (good.replace("2.5", "-2.5"), "scaler parameters -1.5 and -2.5 (entry 1) are not usable"),
        (good.replace(":2", ":3"), "parameters has 2 entries: 3 are needed, one pair for each feature"),
        (good.replace("min-max-per-feature", "min-max-global"), "2 entries: 1 are needed"),
        (good.replace(":2", ":0"), "n_features is 0"),
        (good.replace("min-max-per-feature", "standard").replace("1.0", "-1.0"), "a finite deviation >= 0"),
        (good.replace("1.0", "1e39"), ""),
    ] {
        let error = serde_json::from_str::<Scaler>(&bad).unwrap_err().to_string();
        assert!(error.contains(message), "{bad} gave: {error}");
    }
}

#[test]
fn names_round_trip() {
    for kind in KINDS {
        assert_eq!(kind.to_string().parse::<ScalerKind>().unwrap(), kind);
        assert_eq!(serde_json::to_string(&kind).unwrap(), format!("\"{kind}\""));
    }
    let error = "minmax".parse::<ScalerKind>().unwrap_err();
    assert_eq!(
        error.to_string(),
        "unknown scaler \"minmax\": expected one of min-max-global, min-max-per-feature, standard, max-abs-global"
    );
}

fn features() -> impl Strategy<Value = Array2<f32>> {
    (1_usize..20, 1_usize..5).prop_flat_map(|(rows, columns)| {
        prop::collection::vec(-1e6_f32..1e6, rows * columns)
            .prop_map(move |values| Array2::from_shape_vec((rows, columns), values).unwrap())
    })
}

#[test]
fn what_could_not_be_scaled_is_refused_by_the_fit() {
    // 1.4 times the difference leaves single precision, the difference does not.
    let wide = dataset(array![[-1.5e38], [1.5e38]]);
    for kind in [ScalerKind::MinMaxGlobal, ScalerKind::MinMaxPerFeature] {
        let error = Scaler::fit(&wide, kind).unwrap_err().to_string();
        assert_eq!(
            error,
            "scaler parameters -1.5e38 and 1.5e38 (entry 0) are not usable: \
             minimum <= maximum, 1.4 times the difference within f32"
        );
    }
    // The mean is near the upper end, so the lower end is too far away from it.
    let lopsided = dataset(array![[f32::MIN], [f32::MAX], [f32::MAX], [f32::MAX]]);
    assert!(matches!(
        Scaler::fit(&lopsided, ScalerKind::Standard),
        Err(Error::ScalerParameters { index: 0, .. })
    ));
}

proptest! {
    #[test]
    fn what_is_fitted_can_scale_its_own_data(
        values in prop::collection::vec(prop::num::f32::NORMAL | prop::num::f32::SUBNORMAL | prop::num::f32::ZERO, 2..12),
    ) {
        let data = dataset(Array2::from_shape_vec((values.len() / 2, 2), values[..values.len() / 2 * 2].to_vec()).unwrap());
        for kind in KINDS {
            if let Ok(scaler) = Scaler::fit(&data, kind) {
                prop_assert!(scaler.transform(&data).is_ok(), "{kind} {scaler:?}");
            }
        }
    }

    #[test]
    fn global_scaler_equals_the_papers_scaling_on_its_own_data(features in features()) {
        let data = dataset(features);
        let scaler = Scaler::fit(&data, ScalerKind::MinMaxGlobal).unwrap();
        prop_assert_eq!(scaler.transform(&data).unwrap(), scaling::min_max(&data).unwrap());
    }

    #[test]
    fn min_max_reaches_both_ends_and_keeps_order(features in features()) {
        let data = dataset(features);
        let scaled = scaling::min_max(&data).unwrap();
        prop_assume!(data.values().iter().any(|&value| value != data.values()[0]));
        let values = data.values().iter().copied();
        let mut pairs: Vec<(f32, f32)> = values.zip(scaled.values().iter().copied()).collect();
        pairs.sort_by(|a, b| a.0.total_cmp(&b.0));
        prop_assert!(pairs.windows(2).all(|pair| pair[0].1 <= pair[1].1));
        prop_assert_eq!(pairs[0].1, -0.7);
        prop_assert!((pairs[pairs.len() - 1].1 - 0.7).abs() <= 1.2e-7);
    }

    #[test]
    fn every_scaler_survives_storage_and_gives_finite_values(features in features()) {
        let data = dataset(features);
        for kind in KINDS {
            let scaler = Scaler::fit(&data, kind).unwrap();
            let stored: Scaler = serde_json::from_str(&serde_json::to_string(&scaler).unwrap()).unwrap();
            prop_assert_eq!(&stored, &scaler);
            let parameters = scaler.parameters().to_vec();
            let parts = Scaler::from_parameters(kind, scaler.n_features(), parameters).unwrap();
            prop_assert_eq!(&parts, &scaler);
            prop_assert!(scaler.transform(&data).is_ok());
        }
    }

    #[test]
    fn features_are_scaled_independently(features in features()) {
        let data = dataset(features);
        for kind in [ScalerKind::MinMaxPerFeature, ScalerKind::Standard] {
            let whole = Scaler::fit(&data, kind).unwrap().transform(&data).unwrap();
            for column in 0..data.n_features() {
                let alone = dataset(data.features().slice(ndarray::s![.., column..=column]).to_owned());
                let scaled = Scaler::fit(&alone, kind).unwrap().transform(&alone).unwrap();
                prop_assert_eq!(scaled.features().column(0), whole.features().column(column));
            }
        }
    }
}
