//! What a run is called, and what cannot be run.

use crate::common;
use sha2::{Digest, Sha256};
use slt_core::Seed;
use slt_datasets::paper::{PaperData, PaperName, PaperScaling, PaperSplit};
use slt_run::{
    Algorithm, DataSource, Error, HistoryKept, RESULTS_VERSION, RunSpec, SearchSpec, TieBreak,
    architecture_for, canonical_data,
};

/// The text whose SHA-256 names the record: canonical JSON, keys sorted and no white space.
const GA_ON_CIRCLES: &str = concat!(
    r#"{"results_version":2,"spec":{"config":{"admissibility":"ignored","bound":null,"memory":4096,"#,
    r#""migration_rate":0.1,"mutation":"uniform-bit","mutation_rate":0.1,"parent_rate":0.3,"population":100,"#,
    r#""recombination_rate":0.3,"selection":"cut-off","termination":{"looks":null,"max_generations":null,"#,
    r#""min_generations":100,"patience":50,"stop_when_solved":false}},"#,
    r#""data":{"classes":null,"name":"circles","scaling":"paper","split":"paper"},"history":"thinned","kind":"search","metric":"accuracy","#,
    r#""network":{"architecture":[2,75,2],"initializer":{"biases":"uniform","weights":"uniform"},"seed":1},"#,
    r#""search_seed":1,"tie_break":"zeros"}}"#
);

/// A change of this value means that all stored results have to be computed again.
#[test]
fn value_stability_of_the_hash() {
    assert_eq!(RESULTS_VERSION, 2);
    let spec = SearchSpec::paper(PaperName::Circles, "B", Algorithm::Ga, Seed(1)).unwrap();
    let digest: String = Sha256::digest(GA_ON_CIRCLES).iter().map(|byte| format!("{byte:02x}")).collect();
    assert_eq!(spec.hash(), digest);
    assert_eq!(digest, "8a6f10062baa142d749ad6468cd951bffd08d3762abc430c1532e9387f887496");
}

#[test]
fn everything_enters_the_hash() {
    let spec = common::small_spec(1, 5);
    let changes: [fn(&mut SearchSpec); 9] = [
        |spec| spec.data = PaperData { classes: Some(3), ..spec.data.paper().unwrap() }.into(),
        |spec| spec.data = PaperData { scaling: PaperScaling::None, ..spec.data.paper().unwrap() }.into(),
        |spec| spec.data = PaperData { split: PaperSplit::FileOrder, ..spec.data.paper().unwrap() }.into(),
        |spec| spec.tie_break = TieBreak::Rank,
        |spec| spec.history = HistoryKept::Sparse,
        |spec| spec.network.seed = Seed(2),
        |spec| spec.search_seed = Seed(2),
        |spec| spec.metric = slt_mlp::MetricName::CrossEntropy,
        |spec| spec.config.mutation_rate = 0.100_000_000_000_000_02,
    ];
    for (i, change) in changes.into_iter().enumerate() {
        let mut other = spec.clone();
        change(&mut other);
        assert_ne!(other.hash(), spec.hash(), "change {i}");
    }
    let json = serde_json::to_string(&spec).unwrap();
    assert_eq!(serde_json::from_str::<SearchSpec>(&json).unwrap().hash(), spec.hash());
    let any = RunSpec::from(spec.clone());
    let json = serde_json::to_string(&any).unwrap();
    assert_eq!(serde_json::from_str::<RunSpec>(&json).unwrap(), any);
}

#[test]
fn the_same_data_have_one_form() {
    let form = |name, classes, scaling| {
        canonical_data(PaperData { classes, scaling, ..PaperData::new(name) }).unwrap()
    };
    let plain = PaperData::new;
    for (name, as_the_paper, otherwise) in [
        (PaperName::Moons, PaperScaling::MinMax, PaperScaling::None),
        (PaperName::Circles, PaperScaling::None, PaperScaling::MinMax),
    ] {
        assert_eq!(form(name, Some(2), as_the_paper), plain(name));
        assert_eq!(form(name, None, otherwise), PaperData { scaling: otherwise, ..plain(name) });
    }
    for name in [PaperName::Blobs, PaperName::Digits] {
        let ten = PaperData { classes: Some(10), ..plain(name) };
        assert_eq!(form(name, None, PaperScaling::Paper), ten);
        assert_eq!(SearchSpec::paper(name, "A", Algorithm::Ga, Seed(1)).unwrap().data, DataSource::from(ten));
    }
    assert!(canonical_data(PaperData { classes: Some(3), ..plain(PaperName::Moons) }).is_err());
}

#[test]
fn architectures_fit_their_data() {
    let digits = PaperData { classes: Some(4), ..PaperData::new(PaperName::Digits) }.into();
    assert_eq!(architecture_for(&digits, "B").unwrap().sizes(), [64, 75, 4]);
    assert_eq!(architecture_for(&digits, "64,9,8,4").unwrap().sizes(), [64, 9, 8, 4]);
    let error = |text| match architecture_for(&digits, text) {
        Err(Error::Mlp(error)) => error,
        other => panic!("{text}: {other:?}"),
    };
    assert_eq!(error("2,20,4"), slt_mlp::Error::FeatureCount { inputs: 2, features: 64 });
    assert_eq!(error("64,20,10"), slt_mlp::Error::ClassCount { outputs: 10, classes: 4 });
    assert!(matches!(error("E"), slt_mlp::Error::ArchitectureText { .. }));
}

#[test]
fn the_bound_is_on_accuracies() {
    let architecture = "2,20,2".parse().unwrap();
    let circles = DataSource::from(PaperData::new(PaperName::Circles)).shape().unwrap();
    let config = Algorithm::GaAb.config(slt_mlp::MetricName::CrossEntropy, circles, &architecture);
    assert!(matches!(config, Err(Error::BoundNeedsShare { .. })));
}
