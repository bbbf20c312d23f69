//! Random tickets of all kinds, with raw samples for them.

#![allow(dead_code, reason = "every test file uses its own part")]

use ndarray::Array2;
use slt_core::random::{chance, index_below, unit_f64};
use slt_core::{BitMask, Purpose, Seed};
use slt_datasets::Dataset;
use slt_datasets::io::csv::Dialect;
use slt_datasets::scaling::{Scaler, ScalerKind};
use slt_datasets::table::{Missing, Preprocessing, Table, TableOptions};
use slt_mlp::{Architecture, BiasInit, Initializer, Network, Predictions, SignedMask, Ticket, WeightInit};

const TEST: Purpose = Purpose::new("test");

/// A ticket, raw samples, and what the engine says of them.
pub(crate) struct Case {
    pub(crate) name: String,
    pub(crate) ticket: Ticket,
    pub(crate) raw: Array2<f32>,
    pub(crate) expected: Predictions,
}

/// All initialisers with weights that code can draw.
pub(crate) fn drawable() -> Vec<Initializer> {
    let signed = WeightInit::SignedConstant { keep: 0.5 };
    vec![
        Initializer::paper(),
        Initializer::uniform(2.5),
        Initializer { weights: WeightInit::Uniform, biases: BiasInit::FanIn },
        Initializer { weights: WeightInit::Uniform, biases: BiasInit::Zero },
        Initializer { weights: signed, biases: BiasInit::Zero },
        Initializer { weights: signed, biases: BiasInit::Uniform },
        Initializer { weights: signed, biases: BiasInit::UniformWithin { half_width: 0.3 } },
    ]
}

pub(crate) fn kaiming() -> Initializer {
    Initializer { weights: WeightInit::KaimingNormal { keep: 0.3 }, biases: BiasInit::Uniform }
}

/// A random ticket for numbers; the scaler is of each kind in turn, or missing.
pub(crate) fn numbers(seed: u64, initializer: Initializer) -> Case {
    let mut rng = Seed(seed).stream(TEST, 0, 0);
    let n_layers = index_below(&mut rng, 3);
    let mut sizes = vec![1 + index_below(&mut rng, 40)];
    sizes.extend((0..n_layers).map(|_| 1 + index_below(&mut rng, 30)));
    sizes.push(2 + index_below(&mut rng, 5));
    let architecture = Architecture::new(sizes.clone()).unwrap();
    let network = Network::random(&architecture, initializer, Seed(seed ^ 0x1234_5678_9abc)).unwrap();
    // From almost nothing to everything.
    let density = [0.0, 0.05, 0.3, 0.7, 1.0][index_below(&mut rng, 5)];
    let mut mask = BitMask::zeros(architecture.n_weights());
    for bit in 0..mask.len() {
        mask.set(bit, chance(&mut rng, density));
    }
    let ticket = Ticket::new(network, mask).unwrap();

    let (n, width) = (24, sizes[0]);
    let spread: Vec<(f64, f64)> = (0..width)
        .map(|i| (100.0 * unit_f64(&mut rng) - 50.0, if i == 3 { 0.0 } else { 10.0 * unit_f64(&mut rng) }))
        .collect();
    let raw = Array2::from_shape_fn((n, width), |(_, i)| {
        (spread[i].0 + spread[i].1 * (2.0 * unit_f64(&mut rng) - 1.0)) as f32
    });
    let kinds = [
        ScalerKind::Standard,
        ScalerKind::MinMaxGlobal,
        ScalerKind::MinMaxPerFeature,
        ScalerKind::MaxAbsGlobal,
    ];
    let kind = kinds.get((seed % 5) as usize);
    let classes = *sizes.last().unwrap();
    let (ticket, raw) = match kind {
        Some(&kind) => {
            let data = Dataset::new("random", raw.clone(), vec![0; n], classes).unwrap();
            (ticket.with_scaler(Scaler::fit(&data, kind).unwrap()).unwrap(), raw)
        }
        None => (ticket, raw / 60.0),
    };
    let ticket = match seed % 3 {
        0 => ticket.with_class_names((0..classes).map(|class| (3 * class).to_string()).collect()).unwrap(),
        1 => ticket
            .with_class_names((0..classes).map(|class| format!("\"slt_{class}\" */ @AT@ \\ ??/ é")).collect())
            .unwrap(),
        _ => ticket,
    };
    let expected = ticket.predictions(raw.clone()).unwrap();
    Case {
        name: format!("seed {seed}, {sizes:?}, {initializer:?}, {kind:?}, density {density}"),
        ticket,
        raw,
        expected,
    }
}

/// The same with every third weight inverted.
pub(crate) fn signed(case: Case) -> Case {
    let Case { name, ticket, raw, .. } = case;
    let mask = ticket.mask();
    let inverted = (0..mask.len()).map(|weight| mask.get(weight) && weight % 3 == 0).collect();
    let network = Network::from_recipe(ticket.recipe().clone()).unwrap();
    let mut signed = Ticket::signed(network, SignedMask::new(mask.clone(), inverted).unwrap()).unwrap();
    if let Some(scaler) = ticket.scaler() {
        signed = signed.with_scaler(scaler.clone()).unwrap();
    }
    if let Some(names) = ticket.class_names() {
        signed = signed.with_class_names(names.to_vec()).unwrap();
    }
    let expected = signed.predictions(raw.clone()).unwrap();
    Case { name: format!("signed, {name}"), ticket: signed, raw, expected }
}

/// A ticket for a table with categories and missing values. Raw samples have NaN where they are missing.
pub(crate) fn table(seed: u64, initializer: Initializer, kind: Option<ScalerKind>) -> Case {
    let mut rng = Seed(seed).stream(TEST, 1, 0);
    let mut file = String::from("length,colour,weight,kind\n");
    for i in 0..40 {
        let length = if i % 9 == 4 { String::new() } else { format!("{}", 3.0 * unit_f64(&mut rng)) };
        let colour = ["red", "blue", "*/ green", ""][if i % 11 == 5 { 3 } else { index_below(&mut rng, 3) }];
        file += &format!("{length},{colour},{},{}\n", 1000.0 + unit_f64(&mut rng), ["yes", "no"][i % 2]);
    }
    let options = TableOptions {
        categorical: vec!["colour".into()],
        missing: Missing::Median,
        ..TableOptions::default()
    };
    let read = Table::read(file.as_bytes(), &options).unwrap();
    let preprocessing = Preprocessing::fit(&read, Missing::Median, kind).unwrap();
    assert_eq!(
        preprocessing.feature_names(),
        ["length", "colour=*/ green", "colour=blue", "colour=red", "weight"]
    );
    let architecture = Architecture::new([5, 12, 2]).unwrap();
    let network = Network::random(&architecture, initializer, Seed(seed)).unwrap();
    let mask = BitMask::random(architecture.n_weights(), &mut rng);
    let ticket = Ticket::new(network, mask).unwrap().with_preprocessing(preprocessing.clone()).unwrap();

    // The raw features, from the text of the file.
    let mut raw = Vec::new();
    for line in file.lines().skip(1) {
        let fields: Vec<&str> = line.split(',').collect();
        raw.push(fields[0].parse().unwrap_or(f32::NAN));
        for category in ["*/ green", "blue", "red"] {
            raw.push(if fields[1].is_empty() {
                f32::NAN
            } else {
                f32::from(u8::from(fields[1] == category))
            });
        }
        raw.push(fields[2].parse().unwrap());
    }
    let later = preprocessing.read(file.as_bytes(), &Dialect::default()).unwrap();
    let expected = ticket.predict_table(later).unwrap();
    let name = format!("table of seed {seed}, {initializer:?}, {kind:?}");
    Case { name, ticket, raw: Array2::from_shape_vec((40, 5), raw).unwrap(), expected }
}
