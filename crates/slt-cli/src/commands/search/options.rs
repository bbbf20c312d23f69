//! What the options of `slt search` ask for, as a run spec.

use clap::{Args, ValueEnum};
use slt_core::Seed;
use slt_datasets::paper::PaperName;
use slt_ga::{GaConfig, MutationKind, SelectionKind};
use slt_mlp::{Architecture, BiasInit, Initializer, Metric, Recipe, WeightInit};
use slt_paper::{Algorithm, RunSpec};

use crate::arguments::DataArguments;
use crate::failure::{Failure, OrUsage};

/// The random network.
#[derive(Args)]
#[command(next_help_heading = "Network")]
pub(super) struct NetworkArguments {
    /// Architecture: A, B, C, D, or sizes such as 2,20,2
    #[arg(long, value_name = "SIZES")]
    arch: String,
    /// Distribution of the weights
    #[arg(long, value_enum, default_value_t = Weights::Uniform)]
    weights: Weights,
    /// Distribution of the biases
    #[arg(long, value_enum, default_value_t = Biases::Uniform)]
    biases: Biases,
    /// Kept fraction that scales the Kaiming distributions, in (0, 1]
    #[arg(long, default_value_t = 0.5)]
    keep: f64,
    /// Seed of the network alone
    #[arg(long, value_name = "SEED")]
    network_seed: Option<u64>,
}

#[derive(Clone, Copy, ValueEnum)]
enum Weights {
    /// U[-1, 1)
    Uniform,
    /// Kaiming normal, scaled as edge-popup does
    KaimingNormal,
    /// Signed Kaiming constant, scaled as edge-popup does
    SignedConstant,
}

#[derive(Clone, Copy, ValueEnum)]
enum Biases {
    /// U[-1, 1)
    Uniform,
    /// None
    Zero,
    /// U[-b, b) with b = 1 / sqrt(fan in)
    FanIn,
}

/// The search and its parameters.
#[derive(Args)]
#[command(next_help_heading = "Genetic algorithm")]
pub(super) struct GaArguments {
    /// Algorithm: ga, or ga-ab (random masks must reach an adaptive accuracy bound)
    #[arg(long, value_name = "NAME", default_value = "ga")]
    pub(super) algorithm: Algorithm,
    /// What is maximised: accuracy, or cross-entropy (negated)
    #[arg(long, value_name = "NAME", default_value = "accuracy")]
    objective: Metric,
    /// Individuals that survive a generation [default: 100]
    #[arg(long, value_name = "N")]
    population: Option<usize>,
    /// Chance that an individual becomes a first parent [default: 0.3]
    #[arg(long, alias = "rec-rate", value_name = "RATE")]
    recombination_rate: Option<f64>,
    /// Share of the population that partners are drawn from, best first [default: 0.3]
    #[arg(long, alias = "par-rate", value_name = "RATE")]
    parent_rate: Option<f64>,
    /// Chance that an individual spawns a mutant [default: 0.1]
    #[arg(long, alias = "mut-rate", value_name = "RATE")]
    mutation_rate: Option<f64>,
    /// Random masks that join a generation, as a share of the population [default: 0.1]
    #[arg(long, alias = "mig-rate", value_name = "RATE")]
    migration_rate: Option<f64>,
    /// Which bit a mutant has flipped [default: uniform-bit, ga-ab layer-first]
    #[arg(long, value_enum)]
    mutation: Option<Mutation>,
    /// Who survives [default: cut-off]
    #[arg(long, value_enum)]
    selection: Option<Selection>,
    /// Accuracy bound at first (ga-ab) [default: 0.85]
    #[arg(long, value_name = "ACCURACY")]
    bound: Option<f64>,
    /// Attempts for one random mask that leave the bound as it is, and before it falls (ga-ab) [default: by architecture]
    #[arg(long, value_name = "REASONABLE,GIVEN", value_parser = attempts)]
    attempts: Option<(u32, u32)>,
    /// Generations before the search may end for lack of progress [default: 100]
    #[arg(long, value_name = "N")]
    min_generations: Option<u64>,
    /// End when so many recorded bests in a row are equal [default: 50 for accuracy]
    #[arg(long, value_name = "N")]
    patience: Option<u32>,
    /// The last generation [default: none; ga-ab 200; cross-entropy 2000]
    #[arg(long, value_name = "N")]
    max_generations: Option<u64>,
    /// End when every training sample is classified correctly
    #[arg(long)]
    stop_when_solved: bool,
    /// Seed of the search alone
    #[arg(long, value_name = "SEED")]
    search_seed: Option<u64>,
}

#[derive(Clone, Copy, ValueEnum)]
enum Mutation {
    /// Every bit is as likely as any other
    UniformBit,
    /// Every layer is as likely as any other, then every bit in it
    LayerFirst,
}

#[derive(Clone, Copy, ValueEnum)]
enum Selection {
    /// The best
    CutOff,
    /// Draws in proportion to performance
    Roulette,
    /// Walks down the ranking
    RandomWalk,
}

/// Chance to stop at each individual of a random walk.
const WALK_RATE: f64 = 0.5;

fn attempts(text: &str) -> Result<(u32, u32), String> {
    let expected = || "expected two numbers separated by a comma, such as 190,240".to_owned();
    let (reasonable, given) = text.split_once(',').ok_or_else(expected)?;
    Ok((reasonable.trim().parse().map_err(|_| expected())?, given.trim().parse().map_err(|_| expected())?))
}

/// The run that the options ask for.
pub(super) fn spec(
    data: &DataArguments,
    network: &NetworkArguments,
    ga: &GaArguments,
    seed: u64,
) -> Result<RunSpec, Failure> {
    let mut data = data.select();
    let classes = data.n_classes().or_usage()?;
    // Named in full, so that the same data always have the same spec.
    if matches!(data.name, PaperName::Blobs | PaperName::Digits) {
        data.classes = Some(classes);
    }
    let n_features = if data.name == PaperName::Digits { 64 } else { 2 };
    let architecture = Architecture::parse_for(&network.arch, n_features, classes as usize).or_usage()?;
    let (inputs, outputs) = (architecture.n_inputs(), architecture.n_outputs());
    if inputs != n_features || outputs != classes as usize {
        return Err(Failure::usage(format!(
            "--arch {} has {inputs} inputs and {outputs} outputs, {} needs {n_features} and {classes}",
            network.arch,
            data.dataset_name().or_usage()?
        )));
    }
    let keep = network.keep;
    let initializer = Initializer {
        weights: match network.weights {
            Weights::Uniform => WeightInit::Uniform,
            Weights::KaimingNormal => WeightInit::KaimingNormal { keep },
            Weights::SignedConstant => WeightInit::SignedConstant { keep },
        },
        biases: match network.biases {
            Biases::Uniform => BiasInit::Uniform,
            Biases::Zero => BiasInit::Zero,
            Biases::FanIn => BiasInit::FanIn,
        },
    };
    let config = config(ga, data.name, &architecture)?;
    let network_seed = Seed(network.network_seed.unwrap_or(seed));
    Ok(RunSpec {
        data,
        network: Recipe { architecture, initializer: initializer.validate().or_usage()?, seed: network_seed },
        metric: ga.objective,
        config,
        search_seed: Seed(ga.search_seed.unwrap_or(seed)),
    })
}

fn config(ga: &GaArguments, data: PaperName, architecture: &Architecture) -> Result<GaConfig, Failure> {
    let mut config = ga.algorithm.config(ga.objective, data, architecture).or_usage()?;
    let set = |field: &mut f64, value: Option<f64>| *field = value.unwrap_or(*field);
    config.population = ga.population.unwrap_or(config.population);
    set(&mut config.recombination_rate, ga.recombination_rate);
    set(&mut config.parent_rate, ga.parent_rate);
    set(&mut config.mutation_rate, ga.mutation_rate);
    set(&mut config.migration_rate, ga.migration_rate);
    config.mutation = match ga.mutation {
        Some(Mutation::UniformBit) => MutationKind::UniformBit,
        Some(Mutation::LayerFirst) => MutationKind::GroupFirst,
        None => config.mutation,
    };
    config.selection = match ga.selection {
        Some(Selection::CutOff) => SelectionKind::CutOff,
        Some(Selection::Roulette) => SelectionKind::Roulette,
        Some(Selection::RandomWalk) => SelectionKind::RandomWalk { rate: WALK_RATE },
        None => config.selection,
    };
    match &mut config.bound {
        Some(bound) => {
            set(&mut bound.start, ga.bound);
            if let Some((reasonable, given)) = ga.attempts {
                (bound.reasonable, bound.given) = (reasonable, given);
            }
        }
        None if ga.bound.is_some() || ga.attempts.is_some() => {
            return Err(Failure::usage("--bound and --attempts need --algorithm ga-ab"));
        }
        None => {}
    }
    let termination = &mut config.termination;
    termination.min_generations = ga.min_generations.unwrap_or(termination.min_generations);
    termination.patience = ga.patience.or(termination.patience);
    termination.max_generations = ga.max_generations.or(termination.max_generations);
    termination.stop_when_solved |= ga.stop_when_solved;
    config.validate().or_usage()?;
    Ok(config)
}
