//! Checkpoints from outside: damaged, cut, forged.

use crate::common::{Drawn, Draws, OneMax, Quadratic};
use proptest::prelude::*;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use slt_core::Seed;
use slt_search::{
    Algorithm, Annealing, Budget, Checkpoint, Descent, Error, HeavyTailed, LateAcceptance, Problem, Search,
};

const HEADER: usize = 52;
const DRAWS: Draws = Draws { a_step: 3, last: 9 };

/// After two steps.
fn bytes_of<A: Algorithm>(algorithm: A) -> Vec<u8> {
    let problem = Quadratic::new(20, 1);
    let problem = Problem::new(&problem);
    let mut search = Search::start(problem, algorithm, Budget::NONE, Seed(1), &mut ()).unwrap();
    for _ in 0..2 {
        search.step(&mut ()).unwrap();
    }
    search.view().checkpoint().to_bytes()
}

fn bytes() -> Vec<u8> {
    bytes_of(DRAWS)
}

fn with_content(mut bytes: Vec<u8>, content: &[u8]) -> Vec<u8> {
    bytes.truncate(HEADER);
    bytes[12..20].copy_from_slice(&(content.len() as u64).to_le_bytes());
    bytes[20..].copy_from_slice(&Sha256::digest(content));
    bytes.extend(content);
    bytes
}

/// A checkpoint whose content was changed by someone who knows how to write one.
fn forged(bytes: &[u8], change: impl FnOnce(&mut Value)) -> Vec<u8> {
    let mut content: Value = serde_json::from_slice(&bytes[HEADER..]).unwrap();
    change(&mut content);
    with_content(bytes.to_vec(), &serde_json::to_vec(&content).unwrap())
}

fn read(bytes: &[u8]) -> Result<Checkpoint<Drawn>, Error> {
    Checkpoint::from_bytes(bytes)
}

#[track_caller]
fn check(bytes: &[u8], message: &str) {
    assert_eq!(read(bytes).unwrap_err().to_string(), message);
}

#[test]
fn what_was_written_is_read() {
    let bytes = bytes();
    let checkpoint = read(&bytes).unwrap();
    assert_eq!(checkpoint.to_bytes(), bytes);
    assert_eq!((checkpoint.steps(), checkpoint.work().evaluations), (2, 9));
    assert_eq!(checkpoint.state().step, 2);
    assert_eq!(forged(&bytes, |_| ()).len(), bytes.len());
    read(&forged(&bytes, |_| ())).unwrap();
}

#[test]
fn other_files_and_other_versions() {
    check(b"", "the checkpoint has 0 bytes, it should have 52");
    check(b"SLTSRCH1", "the checkpoint has 8 bytes, it should have 52");
    check(b"SLT", "the checkpoint has 3 bytes, it should have 52");
    let none = "not a checkpoint of a search: the first 8 bytes are not `SLTSRCH1`";
    check(b"PK", none);
    check(&[0; 100], none);
    for version in [0, 2] {
        let mut other = bytes();
        other[8] = version;
        let message = format!("the checkpoint has format version {version}, this program reads version 1");
        check(&other, &message);
    }
}

#[test]
fn a_length_that_lies_takes_no_memory() {
    let mut lie = bytes();
    lie[12..20].fill(0xff);
    let actual = lie.len();
    check(&lie, &format!("the checkpoint has {actual} bytes, it should have {}", u64::MAX));
    let lie = forged(&bytes(), |c| c["state"]["best"]["mask"] = json!("99999999999999999:00"));
    assert!(matches!(read(&lie), Err(Error::CheckpointContent(_))));
}

#[test]
fn content_of_another_form() {
    let cannot = "the checkpoint cannot be decoded";
    let bytes = bytes();
    check(&forged(&bytes, |c| c["state"]["best"]["performance"] = Value::Null), cannot);
    check(&forged(&bytes, |c| c["surprise"] = json!(1)), cannot);
    check(&forged(&bytes, |c| c["state"]["surprise"] = json!(1)), cannot);
    check(&forged(&bytes, |c| c["work"]["surprise"] = json!(1)), cannot);
    check(&with_content(bytes.clone(), b"[]"), cannot);
    // The state of another algorithm.
    check(&bytes_of(HeavyTailed::default()), cannot);
}

#[track_caller]
fn check_forged<A: Algorithm + Clone>(algorithm: &A, change: impl FnOnce(&mut Value), violated: &str) {
    let bytes = forged(&bytes_of(algorithm.clone()), change);
    let checkpoint = Checkpoint::from_bytes(&bytes).unwrap();
    let problem = Quadratic::new(20, 1);
    let problem = Problem::new(&problem);
    let search = Search::resume(problem, algorithm.clone(), Budget::NONE, Seed(1), checkpoint);
    let message = format!("the checkpoint contradicts itself: {violated}");
    assert_eq!(search.unwrap_err().to_string(), message);
}

const WRONG_BITS: &str = "a mask has not the objective's number of bits";
const WRONG_NUMBER: &str = "a performance is not finite, or is -0";

#[test]
fn content_that_contradicts_itself() {
    check_forged(
        &DRAWS,
        |c| c["work"]["evaluated_ones"] = json!(u64::MAX),
        "it evaluated more set bits than its masks have bits",
    );
    for count in ["evaluations", "what_ifs", "commits", "multiply_adds"] {
        let more = "it has asked more than any search can";
        check_forged(&DRAWS, |c| c["work"][count] = json!(u64::MAX), more);
    }
    check_forged(&DRAWS, |c| c["steps"] = json!(3), "its step is another");
    check_forged(&DRAWS, |c| c["state"]["best"]["mask"] = json!("19:000000"), WRONG_BITS);
    check_forged(&DRAWS, |c| c["state"]["best"]["performance"] = json!(-0.0), WRONG_NUMBER);
    check_forged(&DRAWS, |c| c["milestones"][0]["best"]["mask"] = json!("19:000000"), WRONG_BITS);
    check_forged(&DRAWS, |c| c["milestones"][0]["best"]["performance"] = json!(-0.0), WRONG_NUMBER);
}

#[test]
fn states_that_contradict_themselves() {
    let other_mask = json!("19:000000");
    let descent = Descent::default();
    check_forged(&descent, |c| c["state"]["mask"] = other_mask.clone(), WRONG_BITS);
    check_forged(&descent, |c| c["state"]["best"]["candidate"]["mask"] = other_mask.clone(), WRONG_BITS);
    check_forged(&descent, |c| c["state"]["best"]["candidate"]["performance"] = json!(-0.0), WRONG_NUMBER);
    check_forged(&descent, |c| c["state"]["done"] = json!(20), "its sweep is longer than its mask");
    check_forged(
        &descent,
        |c| c["state"]["sweep"] = json!(u64::MAX),
        "it has made more sweeps than there are",
    );
    check_forged(
        &descent,
        |c| c["state"]["taken"] = json!(u64::MAX),
        "it has taken more flips than it has proposed",
    );

    let mut annealing = Annealing::default();
    annealing.cooling.flips = 9_000;
    check_forged(&annealing, |c| c["state"]["cooled"]["mask"] = other_mask.clone(), WRONG_BITS);
    let more = "it has proposed more flips than there are";
    check_forged(&annealing, |c| c["state"]["cooled"]["done"] = json!(9_001), more);
    check_forged(&annealing, |c| c["state"]["start"] = json!(1), "it has started more often than it may");

    let late = LateAcceptance { length: 10, flips: 100, ..LateAcceptance::default() };
    check_forged(&late, |c| c["state"]["mask"] = other_mask.clone(), WRONG_BITS);
    check_forged(&late, |c| c["state"]["done"] = json!(101), more);
    check_forged(&late, |c| c["state"]["earlier"] = json!([]), "it looks back another number of proposals");

    let heavy = HeavyTailed::default();
    check_forged(&heavy, |c| c["state"]["parent"]["mask"] = other_mask.clone(), WRONG_BITS);
    check_forged(&heavy, |c| c["state"]["best"]["performance"] = json!(-0.0), WRONG_NUMBER);
}

/// A forged number of steps leads nowhere that panics.
#[test]
fn steps_without_end() {
    let bytes = forged(&bytes_of(HeavyTailed::default()), |c| c["steps"] = json!(u64::MAX));
    let checkpoint = Checkpoint::from_bytes(&bytes).unwrap();
    let problem = OneMax(20);
    let search =
        Search::resume(Problem::new(&problem), HeavyTailed::default(), Budget::NONE, Seed(1), checkpoint);
    assert!(matches!(search, Err(Error::CheckpointInconsistent { .. })));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(500))]

    #[test]
    fn a_flipped_bit_is_found(at: prop::sample::Index, bit in 0..8_u32) {
        let mut bytes = bytes();
        let at = at.index(bytes.len());
        bytes[at] ^= 1 << bit;
        let error = read(&bytes).unwrap_err();
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
        let error = read(&bytes[..length.index(bytes.len())]).unwrap_err();
        let found = matches!(error, Error::CheckpointLength { .. });
        prop_assert!(found, "{}", error);
    }

    #[test]
    fn any_bytes_at_all(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
        prop_assert!(read(&bytes).is_err());
    }
}
