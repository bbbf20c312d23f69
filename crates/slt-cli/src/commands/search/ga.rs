use clap::{Args, ValueEnum};
use slt_baselines::DataShape;
use slt_ga::{AdaptiveBound, GaConfig, MutationKind, SelectionKind};
use slt_mlp::{Architecture, MetricName};
use slt_run::{Algorithm, SearchAlgorithm};

use crate::failure::Failure;
use crate::usage::OrUsage;
use crate::values::{limits, rate, real, whole};

/// The search and its parameters.
#[derive(Args)]
pub(super) struct GaArguments {
    /// Chance that an individual becomes a first parent, 0 to 1 [default: 0.3]
    #[arg(long, alias = "rec-rate", value_name = "RATE", value_parser = rate)]
    recombination_rate: Option<f64>,
    /// Share of the population that partners are drawn from, best first, 0 to 1 [default: 0.3]
    #[arg(long, alias = "par-rate", value_name = "RATE", value_parser = rate)]
    parent_rate: Option<f64>,
    /// Chance that an individual spawns a mutant, 0 to 1 [default: 0.1]
    #[arg(long, alias = "mut-rate", value_name = "RATE", value_parser = rate)]
    mutation_rate: Option<f64>,
    /// Random masks that join a generation, as a share of the population, 0 to 1 [default: 0.1]
    #[arg(long, alias = "mig-rate", value_name = "RATE", value_parser = rate)]
    migration_rate: Option<f64>,
    /// Which bit a mutant has flipped [default: uniform-bit, ga-ab layer-first]
    #[arg(long, value_enum, value_name = "NAME")]
    mutation: Option<Mutation>,
    /// Who survives [default: cut-off]
    #[arg(long, value_enum, value_name = "NAME")]
    selection: Option<Selection>,
    /// Accuracy bound at first, 0.51 to 1 (ga-ab) [default: 0.85]
    #[arg(long, value_name = "ACCURACY", value_parser = real)]
    bound: Option<f64>,
    /// Attempts for one random mask that leave the bound as it is, and before it falls (ga-ab) [default: by
    /// architecture]
    #[arg(long, value_name = "REASONABLE,GIVEN", value_parser = limits)]
    attempts: Option<(u32, u32)>,
    /// Generations before the search may end for lack of progress [default: 100]
    #[arg(long, value_name = "N", value_parser = whole::<u64, 0, { u64::MAX }>)]
    min_generations: Option<u64>,
    /// End when so many recorded bests in a row are equal, at least 2 [default: 50 for what predicted
    /// classes decide]
    #[arg(long, value_name = "N", value_parser = whole::<u32, 2, { u32::MAX as u64 }>)]
    patience: Option<u32>,
    /// The last generation (nsga2 and umda, too) [default: none; ga-ab 200; losses and auc 2000; nsga2, umda
    /// 250]
    #[arg(long, value_name = "N", value_parser = whole::<u64, 0, { u64::MAX }>)]
    pub(super) max_generations: Option<u64>,
    /// End when nothing is left to gain; for a cross-entropy, when every training sample is classified
    /// correctly
    #[arg(long)]
    stop_when_solved: bool,
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

/// The option that other algorithms have, too.
pub(super) const MAX_GENERATIONS: &str = "--max-generations";

/// Refuses a population whose masks would take too much memory.
pub(super) fn check_population(population: Option<usize>, bits: usize) -> Result<(), Failure> {
    let most = SearchAlgorithm::MAX_POPULATION_BITS;
    match population {
        Some(population) if bits.saturating_mul(population) > most => Err(Failure::usage(format!(
            "--population {population} times {bits} weights is more than {most} bits of masks"
        ))),
        _ => Ok(()),
    }
}

/// Chance to stop at each individual of a random walk.
const WALK_RATE: f64 = 0.5;

impl GaArguments {
    /// The options of this kind that were given.
    pub(super) fn given(&self) -> impl Iterator<Item = &'static str> {
        let given = [
            (self.recombination_rate.is_some(), "--recombination-rate"),
            (self.parent_rate.is_some(), "--parent-rate"),
            (self.mutation_rate.is_some(), "--mutation-rate"),
            (self.migration_rate.is_some(), "--migration-rate"),
            (self.mutation.is_some(), "--mutation"),
            (self.selection.is_some(), "--selection"),
            (self.bound.is_some(), "--bound"),
            (self.attempts.is_some(), "--attempts"),
            (self.min_generations.is_some(), "--min-generations"),
            (self.patience.is_some(), "--patience"),
            (self.max_generations.is_some(), MAX_GENERATIONS),
            (self.stop_when_solved, "--stop-when-solved"),
        ];
        given.into_iter().filter_map(|(given, flag)| given.then_some(flag))
    }

    /// The paper's configuration with the changes that are asked for.
    pub(super) fn config(
        &self,
        algorithm: Algorithm,
        population: Option<usize>,
        objective: MetricName,
        data: DataShape,
        architecture: &Architecture,
    ) -> Result<GaConfig, Failure> {
        let mut config = algorithm.config(objective, data, architecture).or_usage()?;
        let set = |field: &mut f64, value: Option<f64>| *field = value.unwrap_or(*field);
        config.population = population.unwrap_or(config.population);
        set(&mut config.recombination_rate, self.recombination_rate);
        set(&mut config.parent_rate, self.parent_rate);
        set(&mut config.mutation_rate, self.mutation_rate);
        set(&mut config.migration_rate, self.migration_rate);
        config.mutation = match self.mutation {
            Some(Mutation::UniformBit) => MutationKind::UniformBit,
            Some(Mutation::LayerFirst) => MutationKind::GroupFirst,
            None => config.mutation,
        };
        config.selection = match self.selection {
            Some(Selection::CutOff) => SelectionKind::CutOff,
            Some(Selection::Roulette) => SelectionKind::Roulette,
            Some(Selection::RandomWalk) => SelectionKind::RandomWalk { rate: WALK_RATE },
            None => config.selection,
        };
        self.set_bound(config.bound.as_mut())?;
        let termination = &mut config.termination;
        termination.min_generations = self.min_generations.unwrap_or(termination.min_generations);
        termination.patience = self.patience.or(termination.patience);
        termination.max_generations = self.max_generations.or(termination.max_generations);
        termination.stop_when_solved |= self.stop_when_solved;
        config.validate().or_usage()?;
        Ok(config)
    }

    fn set_bound(&self, bound: Option<&mut AdaptiveBound>) -> Result<(), Failure> {
        let Some(bound) = bound else {
            if self.bound.is_some() || self.attempts.is_some() {
                return Err(Failure::usage("--bound and --attempts need --algorithm ga-ab"));
            }
            return Ok(());
        };
        if let Some(start) = self.bound {
            let lowest = bound.lowest;
            if !(lowest..=1.0).contains(&start) {
                return Err(Failure::usage(format!("--bound is {start}: it must be in [{lowest}, 1]")));
            }
            bound.start = start;
        }
        if let Some((reasonable, given)) = self.attempts {
            (bound.reasonable, bound.given) = (reasonable, given);
        }
        Ok(())
    }
}
