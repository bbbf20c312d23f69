//! Checkpoints from outside that were forged: whole, but not of a search that there can be.

use crate::common::Parity;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use slt_core::Seed;
use slt_ga::{Checkpoint, Error, GaConfig, start, start_from};

const HEADER: usize = 52;

fn config() -> GaConfig {
    GaConfig { population: 6, memory: 20, ..GaConfig::paper_adaptive(3, 5) }
}

fn bytes() -> Vec<u8> {
    let problem = Parity::new(20, 20);
    let mut search = start(&problem, &config(), Seed(1), &mut ()).unwrap();
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
fn check_with(config: &GaConfig, change: impl FnOnce(&mut Value), violated: &str) {
    let checkpoint = Checkpoint::from_bytes(&forged(change)).unwrap();
    let error = start_from(&Parity::new(20, 20), config, Seed(1), checkpoint).unwrap_err();
    assert_eq!(error.to_string(), format!("the checkpoint contradicts itself: {violated}"));
}

#[track_caller]
fn check(change: impl FnOnce(&mut Value), violated: &str) {
    check_with(&config(), change, violated);
}

#[test]
fn what_was_written_is_read() {
    let bytes = bytes();
    let checkpoint = Checkpoint::from_bytes(&bytes).unwrap();
    assert_eq!(checkpoint.to_bytes(), bytes);
    // Keys may come in another order.
    assert_eq!(forged(|_| ()).len(), bytes.len());
    assert_eq!(checkpoint.state().generation(), 3);
}

/// The mask and what is known of it, the oldest first: as [`slt_ga::Checkpoint`] has always had it.
#[test]
fn the_form_of_the_content() {
    let bytes = bytes();
    let content: Value = serde_json::from_slice(&bytes[HEADER..]).unwrap();
    let keys = |value: &Value| value.as_object().unwrap().keys().cloned().collect::<Vec<_>>();
    assert_eq!(keys(&content["state"]), ["bound", "history", "memory", "population"]);
    assert_eq!(keys(&content["state"]["population"][0]), ["mask", "performance"]);
    assert_eq!(content["algorithm"], "ga");
    let oldest = content["state"]["memory"][0].as_array().unwrap();
    assert!(oldest[0].is_string() && (oldest[1]["exact"].is_f64() || oldest[1]["below"].is_f64()));
    // What ends a search is no part of what it is.
    let mut parameters = serde_json::to_value(config()).unwrap();
    parameters.as_object_mut().unwrap().remove("termination").unwrap();
    assert_eq!(content["parameters"], parameters);
}

#[test]
fn content_that_contradicts_itself() {
    let wrong_bits = "a mask has not the objective's number of bits";
    let wrong_number = "a performance is not finite, or is -0";
    let wrong_records = "its records are not those of generations 0, 1, ...";
    let wrong_bound = "its bound is not in the configured range";
    check(|c| c["state"]["population"][2]["mask"] = json!("19:000000"), wrong_bits);
    check(|c| c["state"]["memory"][0][0] = json!("19:000000"), wrong_bits);
    check(|c| c["state"]["population"][0]["performance"] = json!(-0.0), wrong_number);
    check(|c| c["state"]["memory"][0][1] = json!({"exact": -0.0}), wrong_number);
    check(|c| c["state"]["history"][1]["generation"] = json!(2), wrong_records);
    check(|c| c["steps"] = json!(2), "its last record is not of its last generation");
    check(|c| c["state"]["bound"]["value"] = json!(0.5), wrong_bound);
    check(|c| c["state"]["bound"]["value"] = json!(0.9), wrong_bound);
    check(
        |c| c["state"]["bound"]["exponent"] = json!(0.9),
        "the exponent of the bound's fall is below the configured one",
    );
    let mut steady = config();
    steady.bound.as_mut().unwrap().falls = false;
    let fell = |c: &mut Value| c["parameters"]["bound"]["falls"] = json!(false);
    check_with(&steady, fell, "its bound fell and was not to");
    check(
        |c| c["state"]["bound"] = Value::Null,
        "it has a bound that is not configured, or the other way round",
    );
    check(
        |c| c["state"]["population"].as_array_mut().unwrap().truncate(5),
        "its population has not the configured size",
    );
    check(|c| c["state"]["population"].as_array_mut().unwrap().reverse(), "its population is not ranked");
    check(|c| c["state"]["history"][3]["best"] = json!(7.5), "its last record is not of its population");
    check(|c| c["work"]["evaluations"] = json!(99), "its last record has another number of evaluations");
    check(
        |c| c["work"]["evaluated_ones"] = json!(u64::MAX),
        "it evaluated more set bits than its masks have bits",
    );
    check(|c| c["state"]["memory"][1] = c["state"]["memory"][0].clone(), "it remembers a mask twice");
    let forgetful = GaConfig { memory: 1, ..config() };
    let forget = |c: &mut Value| c["parameters"]["memory"] = json!(1);
    check_with(&forgetful, forget, "it remembers more masks than configured");
}

/// Nobody asks for the best of nobody.
#[test]
fn an_empty_population_or_history_is_not_read() {
    for part in ["population", "history"] {
        let checkpoint = Checkpoint::from_bytes(&forged(|c| c["state"][part] = json!([])));
        assert!(matches!(checkpoint, Err(Error::CheckpointContent(_))));
    }
}
