//! Arrays in memory give the tickets that files with the same numbers give, and those that Python finds.

use std::fs::File;
use std::path::Path;

use serde_json::Value;
use slt_core::Seed;
use slt_datasets::digits;
use slt_datasets::scaling::ScalerKind;
use slt_mlp::{Architecture, Initializer, InstructionSet, MetricName, Network, Recipe, Ticket};
use slt_run::{
    ArrayOptions, DataSource, FileOptions, Going, Loaded, MaskOptions, PreparedMaskSearch, SearchAlgorithm,
    TestChoice, Watch, load_file,
};

struct Nobody;

impl Watch for Nobody {
    fn step(&mut self, _: &Going, _: &dyn Fn() -> Vec<u8>) -> std::ops::ControlFlow<()> {
        std::ops::ControlFlow::Continue(())
    }
}

fn loaded() -> Loaded {
    let raw = digits::raw();
    let labels = raw.labels.iter().map(|&label| i64::from(label)).collect();
    let options = ArrayOptions { scaling: Some(ScalerKind::Standard), ..ArrayOptions::default() };
    Loaded::arrays(raw.features.mapv(|value| value as f32), labels, options).unwrap()
}

/// The ticket that a search finds, in its lean form.
fn lean_ticket(loaded: &Loaded, case: &Value) -> Vec<u8> {
    let shape = loaded.source.shape().unwrap();
    let hidden = case["hidden"].as_array().unwrap().iter().map(|size| size.as_u64().unwrap() as usize);
    let sizes = [shape.features].into_iter().chain(hidden).chain([shape.classes]);
    let seed = Seed(case["seed"].as_u64().unwrap());
    let architecture = Architecture::new(sizes.collect::<Vec<usize>>()).unwrap();
    let recipe = Recipe { architecture, initializer: Initializer::paper(), seed };
    let options = MaskOptions {
        judge: Some(MetricName::Accuracy),
        flips: case["flips"].as_u64(),
        price: case["price"].as_f64().map(MaskOptions::price_per_weight),
        ..MaskOptions::default()
    };
    let Ok(SearchAlgorithm::Mask(algorithm)) = case["algorithm"].as_str().unwrap().parse() else {
        panic!("{} is no algorithm beyond the paper's", case["algorithm"]);
    };
    let spec = options.spec(algorithm, &loaded.source, recipe.clone(), seed).unwrap();
    let prepared = PreparedMaskSearch::on(&spec, &loaded.split, InstructionSet::detect()).unwrap();
    let found = prepared.search(None, &mut Nobody).unwrap().record.best.mask;
    let ticket = Ticket::new(Network::from_recipe(recipe).unwrap(), found).unwrap();
    loaded.keep_in(ticket).unwrap().to_lean_bytes().unwrap()
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

#[test]
fn arrays_give_the_tickets_that_python_finds() {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../python/tests/parity.json");
    let cases: Vec<Value> = serde_json::from_reader(File::open(file).unwrap()).unwrap();
    assert!(!cases.is_empty());
    let loaded = loaded();
    for case in &cases {
        assert_eq!(
            hex(&lean_ticket(&loaded, case)),
            case["lean_bytes"].as_str().unwrap(),
            "{}",
            case["name"]
        );
    }
}

#[test]
fn files_with_the_same_numbers_give_the_same_samples() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("digits.csv");
    let raw = digits::raw();
    let line = |(row, label): (ndarray::ArrayView1<'_, f64>, &u32)| {
        row.iter().map(|value| format!("{value},")).collect::<String>() + &format!("{label}\n")
    };
    let text: String = raw.features.rows().into_iter().zip(&raw.labels).map(line).collect();
    std::fs::write(&path, text).unwrap();
    let options = FileOptions {
        table: slt_datasets::table::TableOptions {
            target: Some(slt_datasets::table::Column::Last),
            ..Default::default()
        },
        test: TestChoice::File(path.clone()),
        ..FileOptions::default()
    };
    let (file, arrays) = (load_file(&path, &options).unwrap(), loaded());
    assert_eq!(file.split.train.values(), arrays.split.train.values());
    assert_eq!(file.split.train.labels(), arrays.split.train.labels());
    let scaler = |loaded: &Loaded| loaded.preprocessing.as_ref().unwrap().scaler().cloned();
    assert_eq!(scaler(&file), scaler(&arrays));
    assert_eq!(file.source.shape().unwrap(), arrays.source.shape().unwrap());
}

#[test]
fn names_are_kept_and_the_source_says_what_the_numbers_are() {
    let features = ndarray::array![[1.0_f32, 2.0], [3.0, 5.0], [4.0, 4.0]];
    let text = |texts: &[&str]| Some(texts.iter().map(ToString::to_string).collect::<Vec<String>>());
    let options = |classes| ArrayOptions { columns: text(&["a", "b"]), classes, scaling: None };
    let loaded = Loaded::arrays(features.clone(), vec![4, 9, 4], options(text(&["no", "yes"]))).unwrap();
    let preprocessing = loaded.preprocessing.as_ref().unwrap();
    assert_eq!(preprocessing.feature_names(), ["a", "b"]);
    assert_eq!(preprocessing.class_names().unwrap(), ["no", "yes"]);
    assert_eq!(loaded.split.train, loaded.split.test);
    let DataSource::File(data) = &loaded.source else { panic!("arrays are no data set of the paper") };
    // hashlib.sha256(numpy.array([[1, 2], [3, 5], [4, 4]], "<f4").tobytes()).hexdigest(), and so of the
    // labels as "<i8".
    let expected = [
        "acca64829bc714e23a2461d40ad32a13370acdd5281c926471ebfed4612ae119",
        "e518f2a6d2e56b6c6b74daf3ad2c5af45e132adc3184574de7efb70f3c7d94db",
    ];
    assert_eq!(data.sha256, expected);
    assert!(Loaded::arrays(features.clone(), vec![4, 9, 4], options(text(&["no"]))).is_err());
    assert!(Loaded::arrays(features, vec![4, 9], options(None)).is_err());
}
