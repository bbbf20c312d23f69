//! Tickets that were made on tables: format version 2, what it refuses, and predictions.

use proptest::prelude::*;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use slt_core::{BitMask, Purpose, Seed};
use slt_datasets::{
    io::csv::Dialect,
    scaling::{Scaler, ScalerKind},
    table::{Missing, Preprocessing, Table, TableOptions},
};
use slt_mlp::{
    Architecture, DataFiles, DataSplit, Initializer, MetricName, Network, Ticket, TicketError, plain,
};

const FILE: &str = "\
length,colour,kind,width
5.0,red,setosa,1
7.0,blue,virginica,?
,red,setosa,3
6.0,,virginica,4
4.0,green,setosa,4
";

fn table() -> Table {
    let options = TableOptions {
        target: Some("kind".into()),
        categorical: vec!["colour".into()],
        missing: Missing::Median,
        ..TableOptions::default()
    };
    Table::read(FILE.as_bytes(), &options).unwrap()
}

fn bare(sizes: [usize; 3]) -> Ticket {
    let architecture = Architecture::new(sizes).unwrap();
    let network = Network::random(&architecture, Initializer::paper(), Seed(3)).unwrap();
    let mask = BitMask::random(architecture.n_weights(), &mut Seed(3).stream(Purpose::new("test"), 0, 0));
    Ticket::new(network, mask).unwrap()
}

fn preprocessing() -> Preprocessing {
    Preprocessing::fit(&table(), Missing::Median, Some(ScalerKind::Standard)).unwrap()
}

fn source() -> DataFiles {
    let split = DataSplit::Stratified { test_fraction: 0.25, seed: u64::MAX };
    DataFiles { format: "csv".into(), sha256: vec!["0123456789abcdef".repeat(4)], split }
}

fn ticket() -> Ticket {
    bare([5, 6, 2]).with_preprocessing(preprocessing()).unwrap().with_source(source()).unwrap()
}

/// The bytes of a ticket after a change of its metadata and version, with a checksum that fits.
fn forged(ticket: &Ticket, version: u16, change: impl FnOnce(&mut Value)) -> Vec<u8> {
    let bytes = ticket.to_bytes();
    let mask = ticket.mask().to_bytes().len();
    // Magic, version, codec, 3 layers, initialiser with its number, seed, mask.
    let at = 8 + 2 + 1 + 4 + 3 * 4 + 2 + 8 + 8 + 4 + mask;
    let mut metadata: Value = serde_json::from_slice(&bytes[at + 4..bytes.len() - 8]).unwrap();
    change(&mut metadata);
    let metadata = serde_json::to_vec(&metadata).unwrap();
    let mut forged = bytes[..at].to_vec();
    forged[8..10].copy_from_slice(&version.to_le_bytes());
    forged.extend((metadata.len() as u32).to_le_bytes());
    forged.extend(metadata);
    let digest = Sha256::digest(&forged);
    forged.extend(&digest[..8]);
    forged
}

#[test]
fn version_2_is_written_only_where_it_is_needed() {
    assert_eq!(bare([5, 6, 2]).to_bytes()[8..10], [1, 0]);
    assert_eq!(ticket().to_bytes()[8..10], [2, 0]);
    assert_eq!(bare([5, 6, 2]).with_source(source()).unwrap().to_bytes()[8..10], [2, 0]);
}

#[test]
fn everything_is_read_back() {
    let read = Ticket::from_bytes(&ticket().to_bytes()).unwrap();
    assert_eq!(read, ticket());
    assert_eq!(read.to_bytes(), ticket().to_bytes());
    assert_eq!(read.class_names().unwrap(), ["setosa", "virginica"]);
    assert_eq!((read.source(), read.preprocessing()), (Some(&source()), Some(&preprocessing())));
}

#[test]
fn the_file_is_pinned() {
    let digest = Sha256::digest(ticket().to_bytes());
    let hex: String = digest.iter().map(|byte| format!("{byte:02x}")).collect();
    assert_eq!(hex, "c5bd20e3b89f40679b0b3a934e44a64bde6bac58c0edb699ed95ce85f18e524f");
}

#[test]
fn tables_are_prepared_as_the_training_data_were() {
    let ticket = Ticket::from_bytes(&ticket().to_bytes()).unwrap();
    let data = preprocessing().dataset(table(), "flowers").unwrap();
    let predictions = ticket.predict_table(table()).unwrap();
    assert_eq!(predictions.classes, ticket.predict(&data).unwrap());
    let evaluator = ticket.evaluator(&data, MetricName::CrossEntropy).unwrap();
    assert_eq!(predictions.logits, evaluator.logits(ticket.mask()).unwrap());
    // In double precision, by another route: the losses of the labels.
    let probabilities = predictions.probabilities();
    let exact = plain::logits::<f64>(
        &plain::layers(ticket.network(), ticket.mask()),
        &data.features().mapv(f64::from),
    );
    for ((row, logits), sum) in probabilities.rows().into_iter().zip(exact.rows()).zip(probabilities.rows()) {
        assert!((sum.sum() - 1.0).abs() < 1e-15);
        let odds = (logits[0] - logits[1]).exp();
        assert!((row[0] / row[1] / odds - 1.0).abs() < 1e-5, "{row} {logits}");
    }
    let later = ticket.preprocessing().unwrap();
    let later = later.read("width,length,colour\n?,5,black\n".as_bytes(), &Dialect::default()).unwrap();
    assert_eq!(ticket.predict_table(later).unwrap().classes.len(), 1);
}

#[test]
fn what_does_not_fit_is_refused() {
    let error = |result: Result<Ticket, TicketError>| result.unwrap_err().to_string();
    assert_eq!(
        error(bare([4, 6, 2]).with_preprocessing(preprocessing())),
        "the preprocessing makes 5 features, the network has 4 inputs"
    );
    assert_eq!(error(bare([5, 6, 3]).with_preprocessing(preprocessing())), "2 class names for 3 classes");
    let scaler = || Scaler::from_parameters(ScalerKind::MinMaxGlobal, 5, vec![[0.0, 1.0]]).unwrap();
    let twice = "a ticket has a scaler or a preprocessing, which scales already, not both";
    assert_eq!(error(ticket().with_scaler(scaler())), twice);
    assert_eq!(
        error(bare([5, 6, 2]).with_scaler(scaler()).unwrap().with_preprocessing(preprocessing())),
        twice
    );
    assert!(matches!(bare([5, 6, 2]).predict_table(table()), Err(TicketError::NoPreprocessing)));
}

#[test]
fn files_from_outside_are_checked() {
    let ticket = ticket();
    assert_eq!(Ticket::from_bytes(&forged(&ticket, 2, |_| {})).unwrap(), ticket);
    // Version 1 did not have these fields, and a program for it would not prepare the data.
    assert!(matches!(
        Ticket::from_bytes(&forged(&ticket, 1, |_| {})),
        Err(TicketError::Field { field: "metadata" })
    ));
    type Change = fn(&mut Value);
    let changes: [Change; 10] = [
        |metadata| metadata["preprocessing"]["columns"] = json!([]),
        |metadata| _ = metadata["preprocessing"]["columns"].as_array_mut().unwrap().pop(),
        |metadata| metadata["preprocessing"]["columns"][0]["name"] = json!("a\u{1b}[2J"),
        |metadata| metadata["preprocessing"]["target"]["classes"] = json!(["a"]),
        |metadata| metadata["preprocessing"]["scaler"]["parameters"] = json!([[0.0, -1.0], [0.0, 1.0]]),
        |metadata| metadata["preprocessing"]["more"] = json!(1),
        |metadata| metadata["source"]["sha256"] = json!(["x"]),
        |metadata| metadata["source"]["sha256"] = json!(vec!["0".repeat(64); 5]),
        |metadata| metadata["source"]["split"] = json!({"ordered": {"test_fraction": 1.0}}),
        |metadata| metadata["source"]["format"] = json!("c\nsv"),
    ];
    for (index, change) in changes.into_iter().enumerate() {
        assert!(Ticket::from_bytes(&forged(&ticket, 2, change)).is_err(), "change {index}");
    }
}

proptest! {
    #[test]
    fn any_flipped_bit_is_noticed(at in any::<prop::sample::Index>(), bit in 0..8) {
        let mut bytes = ticket().to_bytes();
        let at = at.index(bytes.len());
        bytes[at] ^= 1_u8 << bit;
        prop_assert!(Ticket::from_bytes(&bytes).is_err());
    }
}
