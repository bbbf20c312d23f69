//! The configurations of the paper, each as a list of runs with seeds 1 to R: what figures and claims are built from.

use slt_baselines::{EdgePopupConfig, LanczosConfig, MlpClassifier};
use slt_core::Seed;
use slt_datasets::paper::{PaperData, PaperName, PaperScaling};
use slt_mlp::{BiasInit, Initializer, Metric, Recipe, WeightInit};

use crate::{
    Algorithm, AssessmentSpec, Directions, EdgePopupSpec, Error, LandscapeSpec, Part, Plan, Protocol,
    Records, RunSpec, SearchRecord, SearchSpec, SpectrumSpec, TrainingSpec, architecture_for, canonical_data,
};

/// The four architectures of moons and circles, from small to large.
pub(crate) const ARCHITECTURES: [&str; 4] = ["A", "B", "C", "D"];

/// Numbers of classes of the blobs.
pub(crate) const BLOB_CLASSES: std::ops::RangeInclusive<u32> = 2..=10;

/// Numbers of classes of the digits.
pub(crate) const DIGIT_CLASSES: [u32; 5] = [2, 3, 4, 5, 10];

/// Fraction of the weights that edge-popup keeps unless it is adapted.
pub(crate) const KEEP: f64 = 0.5;

/// Moons or circles.
pub(crate) fn two_classes(name: PaperName) -> PaperData {
    PaperData::new(name)
}

/// Blobs or digits of so many classes, scaled as in the paper unless another scaling is asked for.
pub(crate) fn classes(name: PaperName, classes: u32, scaling: PaperScaling) -> Result<PaperData, Error> {
    canonical_data(PaperData { classes: Some(classes), scaling, ..PaperData::new(name) })
}

/// The letter of the network that the paper uses for a data set with many classes.
pub(crate) fn usual_architecture(name: PaperName) -> &'static str {
    if name == PaperName::Digits { "B" } else { "C" }
}

/// The initialisations that Fig. 5 compares, with our additions: name and initializer.
pub(crate) fn initializers() -> [(&'static str, Initializer); 5] {
    let normal = WeightInit::KaimingNormal { keep: KEEP };
    let constant = WeightInit::SignedConstant { keep: KEEP };
    [
        ("uniform", Initializer::paper()),
        ("Kaiming normal", Initializer { weights: normal, biases: BiasInit::Zero }),
        ("signed constant", Initializer { weights: constant, biases: BiasInit::Zero }),
        ("Kaiming normal, with biases", Initializer { weights: normal, biases: BiasInit::Uniform }),
        ("signed constant, with biases", Initializer { weights: constant, biases: BiasInit::Uniform }),
    ]
}

/// A network for a data set, drawn with a seed.
fn recipe(
    data: &PaperData,
    architecture: &str,
    initializer: Initializer,
    seed: Seed,
) -> Result<Recipe, Error> {
    Ok(Recipe { architecture: architecture_for(data, architecture)?, initializer, seed })
}

/// One search of the genetic algorithm, as the plan allows.
pub(crate) fn search(
    plan: &Plan,
    data: PaperData,
    architecture: &str,
    algorithm: Algorithm,
    metric: Metric,
    seed: Seed,
) -> Result<SearchSpec, Error> {
    let data = canonical_data(data)?;
    let network = recipe(&data, architecture, Initializer::paper(), seed)?;
    let mut config = algorithm.config(metric, data.name, &network.architecture)?;
    plan.shorten(data.name, metric, &mut config);
    Ok(SearchSpec { data, network, metric, config, search_seed: seed })
}

/// The searches of a configuration.
pub(crate) fn searches(
    plan: &Plan,
    data: PaperData,
    architecture: &str,
    algorithm: Algorithm,
    metric: Metric,
) -> Result<Vec<SearchSpec>, Error> {
    plan.seeds().map(|seed| search(plan, data, architecture, algorithm, metric, seed)).collect()
}

/// The runs of edge-popup with an initialisation and a keep rate, on the same networks as the searches.
pub(crate) fn edge_popups(
    plan: &Plan,
    data: PaperData,
    architecture: &str,
    initializer: Initializer,
    keep: f64,
) -> Result<Vec<EdgePopupSpec>, Error> {
    let data = canonical_data(data)?;
    let mut config = EdgePopupConfig { keep, ..EdgePopupConfig::paper(data.name) };
    plan.cap_epochs(&mut config);
    plan.seeds()
        .map(|seed| {
            let network = recipe(&data, architecture, initializer, seed)?;
            Ok(EdgePopupSpec { data, network, config, search_seed: seed })
        })
        .collect()
}

/// The trainings with the paper's hyper-parameters.
pub(crate) fn trainings(
    plan: &Plan,
    data: PaperData,
    architecture: &str,
) -> Result<Vec<TrainingSpec>, Error> {
    let data = canonical_data(data)?;
    let sizes = architecture_for(&data, architecture)?.sizes().to_vec();
    let hidden = &sizes[1..sizes.len() - 1];
    let mut classifier = MlpClassifier::paper(data.name, sizes[sizes.len() - 1], hidden)?;
    plan.cap_training(&mut classifier);
    Ok((1..=plan.runs as u32)
        .map(|random_state| TrainingSpec {
            data,
            classifier: MlpClassifier { random_state, ..classifier.clone() },
        })
        .collect())
}

/// The two configurations of the genetic algorithm on moons or circles, "GA" first.
pub(crate) fn both_configurations(
    plan: &Plan,
    name: PaperName,
    architecture: &str,
) -> Result<[Vec<SearchSpec>; 2], Error> {
    let of = |algorithm| searches(plan, two_classes(name), architecture, algorithm, Metric::Accuracy);
    Ok([of(Algorithm::Ga)?, of(Algorithm::GaAb)?])
}

/// The configuration with the higher mean test accuracy and its records; "GA" if the means are equal. `None` until all
/// records are there.
pub(crate) fn better_configuration<'a>(
    plan: &Plan,
    records: &'a Records,
    name: PaperName,
    architecture: &str,
    protocol: Protocol,
) -> Result<Option<(Algorithm, Vec<&'a SearchRecord>)>, Error> {
    let [ga, ab] = both_configurations(plan, name, architecture)?;
    let (Some(ga), Some(ab)) = (records.get_all(&ga), records.get_all(&ab)) else { return Ok(None) };
    let mean = |records: &[&SearchRecord]| {
        let accuracies = records.iter().map(|record| protocol.chosen(record).test_accuracy);
        accuracies.sum::<f64>() / records.len() as f64
    };
    let ab_is_better = mean(&ab) > mean(&ga);
    Ok(Some(if ab_is_better { (Algorithm::GaAb, ab) } else { (Algorithm::Ga, ga) }))
}

/// The runs of "EP (adapted)": edge-popup that keeps as many weights as the tickets of the better configuration of the
/// genetic algorithm have on average, rounded to 4 digits. `None` until the records of the searches are there.
pub(crate) fn adapted_edge_popups(
    plan: &Plan,
    records: &Records,
    name: PaperName,
    architecture: &str,
    protocol: Protocol,
) -> Result<Option<Vec<EdgePopupSpec>>, Error> {
    let Some((_, tickets)) = better_configuration(plan, records, name, architecture, protocol)? else {
        return Ok(None);
    };
    let sparsity = tickets.iter().map(|record| protocol.chosen(record).sparsity).sum::<f64>();
    let keep = 1.0 - sparsity / tickets.len() as f64;
    let keep = (1e4 * keep).round() / 1e4;
    edge_popups(plan, two_classes(name), architecture, Initializer::paper(), keep).map(Some)
}

/// The prunings, in both protocols, of all tickets of `searches` that are there.
pub(crate) fn prunings(records: &Records, searches: &[SearchSpec]) -> Vec<RunSpec> {
    let found = searches.iter().filter_map(|spec| records.get(spec));
    found.flat_map(|record| Protocol::ALL.map(|protocol| protocol.pruning(record).into())).collect()
}

/// Specs of one kind as specs of any kind.
pub(crate) fn any<S: Into<RunSpec>>(specs: impl IntoIterator<Item = S>) -> impl Iterator<Item = RunSpec> {
    specs.into_iter().map(Into::into)
}

/// The blobs or digits of a configuration: searches on so many classes with the paper's network.
pub(crate) fn class_searches(
    plan: &Plan,
    name: PaperName,
    count: u32,
    scaling: PaperScaling,
    metric: Metric,
) -> Result<Vec<SearchSpec>, Error> {
    let data = classes(name, count, scaling)?;
    searches(plan, data, usual_architecture(name), Algorithm::Ga, metric)
}

/// The searches whose tickets Fig. 8 looks at: cross-entropy on ten blobs, at most 5 runs.
pub(crate) fn curved_searches(plan: &Plan, scaling: PaperScaling) -> Result<Vec<SearchSpec>, Error> {
    let plan = Plan { runs: plan.runs.min(5), ..*plan };
    class_searches(&plan, PaperName::Blobs, 10, scaling, Metric::CrossEntropy)
}

/// The plane of Fig. 8 (a, b) around the first ticket of the raw blobs. `None` until the ticket is there.
pub(crate) fn landscape(plan: &Plan, records: &Records) -> Result<Option<LandscapeSpec>, Error> {
    let searches = curved_searches(plan, PaperScaling::Paper)?;
    Ok(searches.first().and_then(|spec| records.get(spec)).map(|record| LandscapeSpec {
        ticket: record.spec.ticket(&Protocol::Clean.chosen(record).mask),
        part: Part::Train,
        steps: plan.landscape_steps(),
        seed: Seed(1),
        directions: Directions::Normal,
    }))
}

/// The Hessian eigenvalues of Fig. 8 for the tickets that are there.
pub(crate) fn spectra(
    plan: &Plan,
    records: &Records,
    scaling: PaperScaling,
) -> Result<Vec<SpectrumSpec>, Error> {
    let searches = curved_searches(plan, scaling)?;
    let found = searches.iter().filter_map(|spec| records.get(spec));
    let spectrum = |record: &SearchRecord| SpectrumSpec {
        ticket: record.spec.ticket(&Protocol::Clean.chosen(record).mask),
        part: Part::Train,
        lanczos: LanczosConfig { tolerance: 1e-4, ..LanczosConfig::top(10) },
    };
    Ok(found.map(spectrum).collect())
}

/// How the reported ticket of a search errs on the test data.
pub(crate) fn assessment(record: &SearchRecord, protocol: Protocol) -> AssessmentSpec {
    let mask = &protocol.chosen(record).mask;
    AssessmentSpec { ticket: record.spec.ticket(mask), part: Part::Test }
}

/// The assessments, in both protocols, of all tickets of `searches` that are there.
pub(crate) fn assessments(records: &Records, searches: &[SearchSpec]) -> Vec<RunSpec> {
    let found = searches.iter().filter_map(|spec| records.get(spec));
    found.flat_map(|record| Protocol::ALL.map(|protocol| assessment(record, protocol).into())).collect()
}

/// Searches for tickets in one network, which differ in the seed of the search: what Fig. 1 shows. Moons, A.
pub(crate) fn searches_of_one_network(plan: &Plan) -> Result<Vec<SearchSpec>, Error> {
    let first = search(plan, two_classes(PaperName::Moons), "A", Algorithm::Ga, Metric::Accuracy, Seed(1))?;
    let seeds = (1..=plan.recurring_tickets()).map(Seed);
    Ok(seeds.map(|search_seed| SearchSpec { search_seed, ..first.clone() }).collect())
}
