//! The generators against scikit-learn with every parameter that the shared reference leaves at its default.

use std::{fs, path::Path};

use crate::common::{calls, compare, floats, integers};
use serde_json::Value;

#[test]
fn all_parameters_equal_the_reference() {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/generator_parameters.json");
    let json: Value = serde_json::from_slice(&fs::read(file).unwrap()).unwrap();
    for set in json["sets"].as_array().unwrap() {
        let (name, parameters) = (set["generator"].as_str().unwrap(), set["params"].as_object().unwrap());
        let path = format!("{name}({parameters:?})");
        let (raw, centers) = calls::generate(name, parameters);
        let labels: Vec<u64> = raw.labels.iter().map(|&label| label.into()).collect();
        assert_eq!(labels, integers(&set["y"]), "{path}: labels");
        let values: Vec<f64> = raw.features.iter().copied().collect();
        compare::close(&path, &values, &floats(&set["X"]), compare::ROWS);
        if let Some(centers) = centers {
            let centers: Vec<f64> = centers.iter().copied().collect();
            compare::close(&path, &centers, &floats(&set["centers"]), compare::ROWS);
        }
    }
    assert_eq!(json["sets"].as_array().unwrap().len(), 14);
}
