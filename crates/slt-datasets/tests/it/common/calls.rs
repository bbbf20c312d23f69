//! Python calls in text form, and the generators of this crate called with their parameters.

use ndarray::Array2;
use serde_json::{Map, Value, json};
use slt_datasets::{
    Raw,
    blobs::{self, Blobs},
    circles::Circles,
    moons::{self, Moons},
};

/// Splits `name(key=value, other=(1, 2))` into the name and its parameters; arguments without a key get their
/// position.
pub(crate) fn parse(call: &str) -> (String, Map<String, Value>) {
    let (name, rest) = call.split_once('(').unwrap_or_else(|| panic!("not a call: {call}"));
    let inside = rest.strip_suffix(')').unwrap_or_else(|| panic!("not a call: {call}"));
    let mut arguments = vec![String::new()];
    let mut depth = 0;
    for character in inside.chars() {
        match character {
            '(' | '[' => depth += 1,
            ')' | ']' => depth -= 1,
            ',' if depth == 0 => {
                arguments.push(String::new());
                continue;
            }
            _ => {}
        }
        arguments.last_mut().unwrap().push(character);
    }
    let parameters =
        arguments.iter().enumerate().map(|(position, argument)| match argument.split_once('=') {
            Some((key, value)) => (key.trim().to_owned(), literal(value)),
            None => (position.to_string(), literal(argument)),
        });
    (name.to_owned(), parameters.collect())
}

/// A Python literal as JSON.
fn literal(text: &str) -> Value {
    let text = text.replace('(', "[").replace(')', "]").replace("None", "null");
    let text = text.replace("True", "true").replace("False", "false");
    serde_json::from_str(text.trim()).unwrap_or_else(|error| panic!("{text}: {error}"))
}

/// Test fraction of `train_test_split(test_size=0.25, shuffle=False)`.
pub(crate) fn test_fraction(call: &str) -> f64 {
    let (name, parameters) = parse(call);
    assert_eq!((name.as_str(), &parameters["shuffle"]), ("train_test_split", &json!(false)));
    parameters["test_size"].as_f64().unwrap()
}

/// Calls the generator that scikit-learn calls `make_...`. Fails on a parameter it does not know.
pub(crate) fn generate(name: &str, parameters: &Map<String, Value>) -> (Raw, Option<Array2<f64>>) {
    match name {
        "make_moons" => {
            let mut config = Moons::default();
            for (key, value) in parameters {
                match key.as_str() {
                    "n_samples" => config.samples = samples(value),
                    "noise" => config.noise = value.as_f64(),
                    "shuffle" => config.shuffle = value.as_bool().unwrap(),
                    "random_state" => config.seed = seed(value),
                    other => panic!("unknown parameter {other} of {name}"),
                }
            }
            (config.generate().unwrap(), None)
        }
        "make_circles" => {
            let mut config = Circles::default();
            for (key, value) in parameters {
                match key.as_str() {
                    "n_samples" => config.samples = samples(value),
                    "noise" => config.noise = value.as_f64(),
                    "factor" => config.factor = value.as_f64().unwrap(),
                    "shuffle" => config.shuffle = value.as_bool().unwrap(),
                    "random_state" => config.seed = seed(value),
                    other => panic!("unknown parameter {other} of {name}"),
                }
            }
            (config.generate().unwrap(), None)
        }
        "make_blobs" => {
            let blobs = blobs_config(parameters).generate().unwrap();
            (blobs.raw, Some(blobs.centers))
        }
        other => panic!("unknown generator {other}"),
    }
}

fn blobs_config(parameters: &Map<String, Value>) -> Blobs {
    let mut config = Blobs::default();
    for (key, value) in parameters {
        match key.as_str() {
            "n_samples" if value.is_array() => {
                config.samples = blobs::Counts::PerCenter(integers(value));
            }
            "n_samples" => config.samples = blobs::Counts::Total(integer(value)),
            "n_features" => config.n_features = integer(value),
            "centers" if value.is_array() => {
                let columns = value[0].as_array().unwrap().len();
                let flat = super::floats(value);
                let places = Array2::from_shape_vec((flat.len() / columns, columns), flat).unwrap();
                config.centers = Some(blobs::Centers::At(places));
            }
            "centers" => config.centers = value.as_u64().map(|count| blobs::Centers::Count(count as usize)),
            "cluster_std" if value.is_array() => {
                config.cluster_std = blobs::Deviation::PerCenter(super::floats(value));
            }
            "cluster_std" => config.cluster_std = blobs::Deviation::Common(value.as_f64().unwrap()),
            "center_box" => config.center_box = (value[0].as_f64().unwrap(), value[1].as_f64().unwrap()),
            "shuffle" => config.shuffle = value.as_bool().unwrap(),
            "random_state" => config.seed = seed(value),
            other => panic!("unknown parameter {other} of make_blobs"),
        }
    }
    config
}

fn samples(value: &Value) -> moons::Counts {
    if value.is_array() {
        let counts = integers(value);
        return moons::Counts::PerClass { outer: counts[0], inner: counts[1] };
    }
    moons::Counts::Total(integer(value))
}

fn seed(value: &Value) -> u32 {
    u32::try_from(value.as_u64().unwrap()).unwrap()
}

fn integer(value: &Value) -> usize {
    value.as_u64().unwrap() as usize
}

fn integers(value: &Value) -> Vec<usize> {
    super::integers(value).into_iter().map(|number| number as usize).collect()
}
