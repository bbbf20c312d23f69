//! Whole searches with each technique of the evaluation engine on and off: the same outcome, to the bit, with
//! every record of every generation.

use slt_core::Seed;
use slt_datasets::Dataset;
use slt_ga::{GaConfig, Outcome, run};
use slt_mlp::{Architecture, Evaluator, Initializer, InstructionSet, MetricName, Network};

/// The outcome with racing, sharing, and a number of threads.
fn search(objective: &Evaluator, config: &GaConfig, racing: bool, sharing: bool, threads: usize) -> Outcome {
    let objective = objective.clone().with_racing(racing).with_sharing(sharing);
    let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
    pool.install(|| run(&objective, config, Seed(3), &mut ())).unwrap()
}

#[track_caller]
fn check(data: &Dataset, architecture: &str, metric: MetricName, mut config: GaConfig, generations: u64) {
    config.termination.max_generations = Some(generations);
    let architecture = architecture.parse::<Architecture>().unwrap();
    let network = Network::random(&architecture, Initializer::paper(), Seed(3)).unwrap();
    let objective = Evaluator::new(&network, data, metric).unwrap();
    let plain = search(&objective, &config, false, false, 1);
    assert_eq!(plain.generations, generations);
    for (racing, sharing, threads) in [(true, false, 1), (false, true, 1), (true, true, 1), (true, true, 3)] {
        let outcome = search(&objective, &config, racing, sharing, threads);
        assert!(outcome == plain, "racing {racing}, sharing {sharing}, {threads} threads");
    }
}

/// A tenth of the samples, so that the portable instruction set can take part.
fn small(data: &Dataset) -> Dataset {
    data.subset(&(0..data.n_samples() / 10).collect::<Vec<_>>()).unwrap()
}

#[test]
fn ga_on_circles() {
    check(&slt_datasets::paper::circles().unwrap().train, "B", MetricName::Accuracy, GaConfig::paper(), 25);
}

#[test]
fn ga_on_moons_with_two_hidden_layers() {
    check(
        &small(&slt_datasets::paper::moons().unwrap().train),
        "2,20,15,2",
        MetricName::Accuracy,
        GaConfig::paper(),
        60,
    );
}

#[test]
fn ga_with_adaptive_bound() {
    let data = slt_datasets::paper::moons().unwrap().train;
    check(&small(&data), "A", MetricName::Accuracy, GaConfig::paper_adaptive(36, 45), 15);
}

#[test]
fn ga_on_the_loss_of_digits_and_blobs() {
    let digits = slt_datasets::paper::digits(10).unwrap().train;
    check(&digits, "64,20,10", MetricName::CrossEntropy, GaConfig::paper_loss(2), 40);
    let blobs = slt_datasets::paper::blobs(4).unwrap().train;
    check(&small(&blobs), "2,30,4", MetricName::CrossEntropy, GaConfig::paper_loss(5), 30);
}

#[test]
fn every_instruction_set_finds_the_same() {
    let data = small(&slt_datasets::paper::circles().unwrap().train);
    let network = Network::random(&"A".parse().unwrap(), Initializer::paper(), Seed(3)).unwrap();
    let mut config = GaConfig::paper();
    config.termination.max_generations = Some(20);
    for metric in [MetricName::Accuracy, MetricName::CrossEntropy] {
        let outcomes: Vec<Outcome> = InstructionSet::available()
            .into_iter()
            .map(|instructions| {
                Evaluator::new(&network, &data, metric).unwrap().with_instruction_set(instructions).unwrap()
            })
            .map(|objective| search(&objective, &config, true, true, 1))
            .collect();
        assert!(outcomes.iter().all(|outcome| *outcome == outcomes[0]), "{metric}");
    }
}
