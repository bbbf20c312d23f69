//! Uniform distributions of any half-width.

use proptest::prelude::*;
use slt_core::Seed;
use slt_mlp::{Architecture, BiasInit, Error, Initializer, Network, WeightInit};

fn parameters(initializer: Initializer, seed: u64) -> Vec<f32> {
    let network =
        Network::random(&Architecture::new([3, 40, 20, 2]).unwrap(), initializer, Seed(seed)).unwrap();
    let layers = network.layers().iter();
    layers
        .flat_map(|layer| layer.weights().iter().chain(layer.biases()).copied().collect::<Vec<_>>())
        .collect()
}

proptest! {
    #[test]
    fn is_the_standard_draw_times_the_half_width(half_width in 1e-3..1e3_f64, seed: u64) {
        let standard = parameters(Initializer::paper(), seed);
        let scaled: Vec<f32> = standard.iter().map(|&x| (half_width * f64::from(x)) as f32).collect();
        prop_assert_eq!(parameters(Initializer::uniform(half_width), seed), scaled);
    }
}

#[test]
fn half_width_one_is_the_standard_draw() {
    assert_eq!(parameters(Initializer::uniform(1.0), 3), parameters(Initializer::paper(), 3));
}

#[test]
fn weights_and_biases_choose_separately() {
    let mixed = Initializer {
        weights: WeightInit::KaimingNormal { keep: 1.0 },
        biases: BiasInit::UniformWithin { half_width: 4.0 },
    };
    let network = Network::random(&"A".parse().unwrap(), mixed, Seed(5)).unwrap();
    let paper = Network::random(&"A".parse().unwrap(), Initializer::paper(), Seed(5)).unwrap();
    for (layer, standard) in network.layers().iter().zip(paper.layers()) {
        assert_eq!(layer.biases(), &(standard.biases() * 4.0));
    }
}

#[test]
fn impossible_half_widths_are_refused() {
    for half_width in [0.0, -1.0, f64::NAN, f64::INFINITY, 1e39, 1e-60] {
        let error = Initializer::uniform(half_width).validate().unwrap_err();
        assert!(matches!(error, Error::HalfWidthOutOfRange { .. }), "{half_width}");
        let biases = Initializer { biases: BiasInit::UniformWithin { half_width }, ..Initializer::paper() };
        assert!(biases.validate().is_err(), "{half_width}");
    }
    let error = Initializer::uniform(-2.5).validate().unwrap_err();
    assert_eq!(
        error.to_string(),
        "the half-width `half_width` is -2.5; it is positive, and finite in single precision"
    );
}

#[test]
fn json_is_pinned() {
    let json =
        r#"{"weights":{"uniform-within":{"half_width":2.5}},"biases":{"uniform-within":{"half_width":2.5}}}"#;
    assert_eq!(serde_json::to_string(&Initializer::uniform(2.5)).unwrap(), json);
    assert_eq!(serde_json::from_str::<Initializer>(json).unwrap(), Initializer::uniform(2.5));
}

/// Weights scaled by a tiny `keep` would be infinite, in all layers or in some draws of a narrow one.
#[test]
fn a_kept_fraction_whose_weights_overflow_is_refused() {
    let architecture = Architecture::new([2, 5, 2]).unwrap();
    for keep in [1e-80, 2e-75, f64::MIN_POSITIVE, 5e-324] {
        for weights in [WeightInit::KaimingNormal { keep }, WeightInit::SignedConstant { keep }] {
            let initializer = Initializer { weights, biases: BiasInit::Zero };
            let error = Network::random(&architecture, initializer, Seed(1)).unwrap_err();
            assert_eq!(error, Error::KeepTooSmall { keep });
            assert!(error.to_string().len() < 130, "{error}");
        }
    }
    for keep in [3e-75, 1e-6, 1.0] {
        let initializer = Initializer { weights: WeightInit::KaimingNormal { keep }, biases: BiasInit::Zero };
        let network = Network::random(&architecture, initializer, Seed(1)).unwrap();
        assert!(network.layers().iter().flat_map(slt_mlp::Layer::weights).all(|w| w.is_finite()));
    }
}
