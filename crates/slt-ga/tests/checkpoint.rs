//! Checkpoints from outside: damaged, cut, forged.

mod common;

use common::Parity;
use proptest::prelude::*;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use slt_core::Seed;
use slt_ga::{Checkpoint, Error, GaConfig, Search};

const HEADER: usize = 52;

fn bytes() -> Vec<u8> {
    let config = GaConfig { population: 6, memory: 20, ..GaConfig::paper_adaptive(3, 5) };
    let problem = Parity::new(20, 20);
    let mut search = Search::start(&problem, config.validate().unwrap(), Seed(1), &mut ()).unwrap();
    for _ in 0..3 {
        search.step(&mut ()).unwrap();
    }
    search.view().checkpoint().to_bytes()
}

/// A checkpoint whose content was changed by someone who knows how to write one.
fn forged(change: impl FnOnce(&mut Value)) -> Vec<u8> {
    let mut bytes = bytes();
    let mut content: Value = serde_json::from_slice(&bytes[HEADER..]).unwrap();
    change(&mut content);
    let content = serde_json::to_vec(&content).unwrap();
    bytes.truncate(HEADER);
    bytes[12..20].copy_from_slice(&(content.len() as u64).to_le_bytes());
    bytes[20..].copy_from_slice(&Sha256::digest(&content));
    bytes.extend(content);
    bytes
}

#[track_caller]
fn check(bytes: &[u8], message: &str) {
    let error = Checkpoint::from_bytes(bytes).unwrap_err().to_string();
    assert_eq!(error, message);
}

#[test]
fn what_was_written_is_read() {
    let bytes = bytes();
    assert_eq!(Checkpoint::from_bytes(&bytes).unwrap().to_bytes(), bytes);
    assert_eq!(forged(|_| ()).len(), bytes.len());
    Checkpoint::from_bytes(&forged(|_| ())).unwrap();
}

#[test]
fn other_files_and_other_versions() {
    check(b"", "the checkpoint has 0 bytes, it should have 52");
    check(b"SLTGACP1", "the checkpoint has 8 bytes, it should have 52");
    check(b"SLT", "the checkpoint has 3 bytes, it should have 52");
    check(b"PK", "not a checkpoint of slt-ga: the first 8 bytes are not `SLTGACP1`");
    check(&[0; 100], "not a checkpoint of slt-ga: the first 8 bytes are not `SLTGACP1`");
    for version in [1, 3] {
        let mut other = bytes();
        other[8] = version;
        let message = format!("the checkpoint has format version {version}, this program reads version 2");
        check(&other, &message);
    }
}

#[test]
fn a_length_that_lies_takes_no_memory() {
    let mut lie = bytes();
    lie[12..20].fill(0xff);
    let actual = lie.len();
    check(&lie, &format!("the checkpoint has {actual} bytes, it should have {}", u64::MAX));
    let mask = "\"population\":[{\"mask\":\"99999999999999999:00\",\"performance\":1.0}]";
    let content = format!("{{{mask}}}");
    let mut lie = bytes();
    lie.truncate(HEADER);
    lie[12..20].copy_from_slice(&(content.len() as u64).to_le_bytes());
    lie[20..].copy_from_slice(&Sha256::digest(&content));
    lie.extend(content.bytes());
    assert!(matches!(Checkpoint::from_bytes(&lie), Err(Error::CheckpointContent(_))));
}

#[test]
fn content_that_contradicts_itself() {
    let contradiction = |text: &str| format!("the checkpoint contradicts itself: {text}");
    let wrong_bits = contradiction("a mask has not the objective's number of bits");
    let wrong_number = contradiction("a performance is not finite, or is -0");
    let wrong_records = contradiction("its records are not those of generations 0, 1, ...");
    let wrong_bound = contradiction("its bound is not in the configured range");
    check(&forged(|c| c["n_bits"] = json!(21)), &wrong_bits);
    check(&forged(|c| c["population"][2]["mask"] = json!("19:000000")), &wrong_bits);
    check(&forged(|c| c["memory"][0][0] = json!("19:000000")), &wrong_bits);
    check(&forged(|c| c["population"][0]["performance"] = json!(-0.0)), &wrong_number);
    check(&forged(|c| c["memory"][0][1] = json!({"exact": -0.0})), &wrong_number);
    check(&forged(|c| c["history"][1]["generation"] = json!(2)), &wrong_records);
    check(&forged(|c| c["bound"]["value"] = json!(0.5)), &wrong_bound);
    check(&forged(|c| c["bound"]["value"] = json!(0.9)), &wrong_bound);
    check(
        &forged(|c| c["bound"]["exponent"] = json!(0.9)),
        &contradiction("the exponent of the bound's fall is below the configured one"),
    );
    let fell = |c: &mut Value| c["config"]["bound"]["falls"] = json!(false);
    check(&forged(fell), &contradiction("its bound fell and was not to"));
    check(
        &forged(|c| c["bound"] = Value::Null),
        &contradiction("it has a bound that is not configured, or the other way round"),
    );
    check(
        &forged(|c| c["population"] = json!([])),
        &contradiction("its population has not the configured size"),
    );
    check(
        &forged(|c| c["population"].as_array_mut().unwrap().reverse()),
        &contradiction("its population is not ranked"),
    );
    check(&forged(|c| c["history"] = json!([])), &contradiction("its last record is not of its population"));
    check(
        &forged(|c| c["evaluations"] = json!(1)),
        &contradiction("its last record has another number of evaluations"),
    );
    check(
        &forged(|c| c["evaluated_ones"] = json!(u64::MAX)),
        &contradiction("it evaluated more set bits than its masks have bits"),
    );
    check(&forged(|c| c["memory"][1] = c["memory"][0].clone()), &contradiction("it remembers a mask twice"));
    check(
        &forged(|c| c["config"]["memory"] = json!(1)),
        &contradiction("it remembers more masks than configured"),
    );
    check(&forged(|c| c["config"]["mutation_rate"] = json!(7)), "mutation_rate is 7, it must be in [0, 1]");
    let cannot = "the checkpoint cannot be decoded";
    check(&forged(|c| c["population"][0]["performance"] = Value::Null), cannot);
    check(&forged(|c| c["surprise"] = json!(1)), cannot);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(500))]

    #[test]
    fn a_flipped_bit_is_found(at: prop::sample::Index, bit in 0..8_u32) {
        let mut bytes = bytes();
        let at = at.index(bytes.len());
        bytes[at] ^= 1 << bit;
        let error = Checkpoint::from_bytes(&bytes).unwrap_err();
        let expected = match at {
            0..8 => matches!(error, Error::NotACheckpoint),
            8..12 => matches!(error, Error::CheckpointVersion { .. }),
            12..20 => matches!(error, Error::CheckpointLength { .. }),
            _ => matches!(error, Error::CheckpointChecksum),
        };
        prop_assert!(expected, "byte {}: {}", at, error);
    }

    #[test]
    fn a_cut_file_is_found(length: prop::sample::Index) {
        let bytes = bytes();
        let error = Checkpoint::from_bytes(&bytes[..length.index(bytes.len())]).unwrap_err();
        let found = matches!(error, Error::CheckpointLength { .. });
        prop_assert!(found, "{}", error);
    }

    #[test]
    fn any_bytes_at_all(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
        prop_assert!(Checkpoint::from_bytes(&bytes).is_err());
    }
}
