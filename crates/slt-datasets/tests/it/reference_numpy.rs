//! `RandomState` against numpy.

use crate::common::{calls, compare, floats, integers, load, sha256_int64};
use serde_json::{Map, Value};
use slt_datasets::numpy::RandomState;

/// Normals, absolute: the logarithm may differ in its last digit.
const NORMALS: f64 = 1e-15;

fn draws<T>(seed: u32, n: usize, mut draw: impl FnMut(&mut RandomState) -> T) -> Vec<T> {
    let mut random = RandomState::new(seed);
    (0..n).map(|_| draw(&mut random)).collect()
}

fn wide(values: &[usize]) -> Vec<u64> {
    values.iter().map(|&value| value as u64).collect()
}

#[track_caller]
fn check_normals(path: &str, actual: &[f64], expected: &Value) {
    let expected = floats(expected);
    let scale = expected.iter().fold(1.0_f64, |scale, value| scale.max(value.abs()));
    compare::close(path, actual, &expected, NORMALS * scale);
}

#[test]
fn vectors_equal_the_reference() {
    for (file, json) in load("rng_numpy_legacy") {
        let vectors = json["vectors"].as_array().unwrap();
        assert!(!vectors.is_empty(), "{file}: no vectors");
        for vector in vectors {
            check_vector(&format!("{file}/seed {}", vector["seed"]), vector);
        }
    }
}

fn check_vector(path: &str, vector: &Value) {
    let seed = vector["seed"].as_u64().unwrap() as u32;
    check_state(path, seed, &vector["state_after_seeding"]);

    let words = draws(seed, 10, |random| u64::from(random.next_u32()));
    assert_eq!(words, integers(&vector["raw_uint32_first_10"]), "{path}: words");
    assert_eq!(
        draws(seed, 10, RandomState::random_sample),
        floats(&vector["random_sample_10"]),
        "{path}: samples"
    );
    let numbers = draws(seed, 10, |random| random.random_interval(999));
    assert_eq!(numbers, integers(&vector["randint_0_1000_10"]), "{path}: randint");
    let numbers = draws(seed, 5, |random| random.random_interval(u64::from(u32::MAX) - 1));
    assert_eq!(numbers, integers(&vector["randint_0_2pow32m1_int64_5"]), "{path}: wide randint");

    let normals = draws(seed, 10, RandomState::standard_normal);
    check_normals(&format!("{path}/standard_normal"), &normals, &vector["standard_normal_10"]);
    let normals = draws(seed, 10, |random| random.normal(0.0, 0.07));
    check_normals(&format!("{path}/normal"), &normals, &vector["normal_loc0_scale0.07_size_5x2"]);

    let expected = floats(&vector["uniform_m1_1_10"]);
    assert_eq!(draws(seed, 10, |random| random.uniform(-1.0, 1.0)), expected, "{path}: uniform");
    let mut filled = [0.0; 10];
    RandomState::new(seed).fill_uniform(-1.0, 1.0, &mut filled);
    assert_eq!(filled[..], expected, "{path}: filled slice");
    let matrix = RandomState::new(seed).uniform_array(-1.0, 1.0, (5, 2));
    assert_eq!(matrix.iter().copied().collect::<Vec<f64>>(), expected, "{path}: filled matrix");

    let order = |n| wide(&RandomState::new(seed).permutation(n));
    assert_eq!(order(10), integers(&vector["shuffle_arange10"]), "{path}: shuffle");
    assert_eq!(order(20), integers(&vector["permutation_20"]), "{path}: permutation");
    assert_eq!(
        order(50_000)[..10],
        integers(&vector["shuffle_arange50000_first_10"]),
        "{path}: long shuffle"
    );
    assert_eq!(
        vector["shuffle_arange50000_sha256_int64_le"],
        sha256_int64(order(50_000)),
        "{path}: long shuffle"
    );

    let sum = compare::exact_sum(draws(seed, 100_000, RandomState::standard_normal).into_iter());
    compare::close_sum(path, sum, &vector["standard_normal_100000_sum"], 0.0);
    let sum = compare::exact_sum(draws(seed, 100_000, RandomState::random_sample).into_iter());
    assert_eq!(vector["random_sample_100000_sum"], sum, "{path}: sum of samples");

    let mut random = RandomState::new(seed);
    for step in vector["mixed_sequence_one_generator"].as_array().unwrap() {
        let call = step["call"].as_str().unwrap();
        check_normals(&format!("{path}/{call}"), &perform(&mut random, call), &step["out"]);
    }
}

fn check_state(path: &str, seed: u32, state: &Value) {
    let random = RandomState::new(seed);
    let key: Vec<u64> = random.generator().key().iter().map(|&word| word.into()).collect();
    let (first, last) = (integers(&state["key_first_8"]), integers(&state["key_last_3"]));
    assert_eq!(key[..first.len()], first, "{path}: first state words");
    assert_eq!(key[key.len() - last.len()..], last, "{path}: last state words");
    assert_eq!(state["pos"], random.generator().position(), "{path}: position");
}

/// Makes one call of a mixed sequence, such as `uniform(-20,40,(2,2))`.
fn perform(random: &mut RandomState, call: &str) -> Vec<f64> {
    let (name, arguments) = calls::parse(call);
    let number = |key: &str| arguments[key].as_f64().unwrap();
    match name.as_str() {
        "standard_normal" => (0..size(&arguments, "0")).map(|_| random.standard_normal()).collect(),
        "random_sample" => (0..size(&arguments, "0")).map(|_| random.random_sample()).collect(),
        "permutation" => {
            random.permutation(size(&arguments, "0")).iter().map(|&value| value as f64).collect()
        }
        "randint" => {
            let max = (number("1") - number("0")) as u64 - 1;
            (0..size(&arguments, "2")).map(|_| number("0") + random.random_interval(max) as f64).collect()
        }
        "uniform" => (0..size(&arguments, "2")).map(|_| random.uniform(number("0"), number("1"))).collect(),
        "normal" => {
            let means = floats(&arguments["loc"]);
            (0..size(&arguments, "size"))
                .map(|index| random.normal(means[index % means.len()], number("scale")))
                .collect()
        }
        other => panic!("unknown call {other}"),
    }
}

/// The number of elements of a size, which is a number or a list of them.
fn size(arguments: &Map<String, Value>, key: &str) -> usize {
    floats(&arguments[key]).iter().product::<f64>() as usize
}
