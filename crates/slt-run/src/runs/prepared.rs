use std::collections::BTreeSet;

use slt_core::{BitMask, Objective};
use slt_datasets::Split;
use slt_ga::{
    Checkpoint, GenerationStats, GeneticAlgorithm, Newcomers, Observer, Origin, Outcome, Search, start,
    start_from,
};
use slt_mlp::{Evaluator, InstructionSet, MetricName, Network};

use super::{Chosen, SearchRecord, SearchSpec, TieBreak};
use crate::Error;

/// A run with its data loaded and its network drawn, ready to be searched.
///
/// Work runs on the current rayon pool.
#[derive(Debug, Clone)]
pub struct Prepared {
    spec: SearchSpec,
    data: Split,
    network: Network,
    objective: Evaluator,
    instructions: InstructionSet,
}

impl Prepared {
    /// Loads the data and draws the network, for the fastest instruction set of this processor.
    ///
    /// # Errors
    /// If the data, the network or the configuration are impossible, or do not fit together.
    pub fn new(spec: &SearchSpec) -> Result<Self, Error> {
        Self::on(spec, spec.data.load()?)
    }

    /// The same on data that were loaded before: those that the spec names.
    ///
    /// # Errors
    /// As [`new`](Self::new).
    pub fn on(spec: &SearchSpec, data: Split) -> Result<Self, Error> {
        spec.config.validate()?;
        let network = Network::from_recipe(spec.network.clone())?;
        let objective = Evaluator::new(&network, &data.train, spec.metric)?;
        Ok(Self { spec: spec.clone(), data, network, objective, instructions: InstructionSet::detect() })
    }

    /// The same on a given instruction set, which does not change any result.
    ///
    /// # Errors
    /// If this processor does not run the instruction set.
    pub fn with_instruction_set(self, instructions: InstructionSet) -> Result<Self, Error> {
        Ok(Self { objective: self.objective.with_instruction_set(instructions)?, instructions, ..self })
    }

    /// The same with or without [racing](Evaluator::with_racing) and [sharing](Evaluator::with_sharing),
    /// which do not change any result either.
    #[must_use]
    pub fn with_shortcuts(mut self, racing: bool, sharing: bool) -> Self {
        self.objective = self.objective.with_racing(racing).with_sharing(sharing);
        self
    }

    /// The data.
    pub fn data(&self) -> &Split {
        &self.data
    }

    /// The network.
    pub fn network(&self) -> &Network {
        &self.network
    }

    /// The search as a checkpoint of it left it.
    ///
    /// # Errors
    /// If the checkpoint is of another run, or contradicts itself.
    pub fn resume(&self, checkpoint: Checkpoint) -> Result<Search<'_>, slt_ga::Error> {
        start_from(&self.objective, &self.spec.config, self.spec.search_seed, checkpoint)
    }

    /// Searches on, from the beginning or as a search was [left](Self::resume). The search that is returned
    /// has come to its end, or was interrupted and can give a checkpoint to go on from.
    ///
    /// # Errors
    /// If the observer stops the search before there is a first population.
    pub fn search<'a>(
        &'a self,
        resumed: Option<Search<'a>>,
        observer: &mut dyn Observer<GeneticAlgorithm>,
    ) -> Result<Search<'a>, slt_ga::Error> {
        let begin = || start(&self.objective, &self.spec.config, self.spec.search_seed, observer);
        let mut search = resumed.map_or_else(begin, Ok)?;
        while search.stop_reason().is_none() {
            search.step(observer)?;
        }
        Ok(search)
    }

    /// Evaluates what a search found.
    ///
    /// # Errors
    /// If the outcome is of another run, whose masks do not fit.
    pub fn record(&self, outcome: &Outcome) -> Result<SearchRecord, Error> {
        let evaluator = |data| {
            Evaluator::new(&self.network, data, MetricName::Accuracy)?.with_instruction_set(self.instructions)
        };
        let (train, test) = (evaluator(&self.data.train)?, evaluator(&self.data.test)?);
        let masks: Vec<&BitMask> = outcome.population.iter().map(|individual| &individual.mask).collect();
        for mask in &masks {
            self.network.check_mask(mask)?;
        }
        let test_accuracies = test.evaluate(&masks, None);
        let zeros = |mask: &BitMask| match self.spec.tie_break {
            TieBreak::Zeros => mask.count_zeros(),
            TieBreak::Rank => 0,
        };
        // Of equals, the first.
        let mut reranked = (&outcome.best.mask, (f64::NEG_INFINITY, 0));
        for (mask, score) in masks.iter().zip(&test_accuracies) {
            let key = (score.exact().unwrap_or(f64::NEG_INFINITY), zeros(mask));
            if key > reranked.1 {
                reranked = (mask, key);
            }
        }
        let chosen = |mask: &BitMask| -> Result<Chosen, Error> {
            Ok(Chosen {
                train_accuracy: train.accuracy(mask)?,
                test_accuracy: test.accuracy(mask)?,
                train_loss: train.cross_entropy(mask)?.min(f64::MAX),
                test_loss: test.cross_entropy(mask)?.min(f64::MAX),
                sparsity: mask.sparsity(),
                mask: mask.clone(),
            })
        };
        Ok(SearchRecord {
            spec: self.spec.clone(),
            best: chosen(&outcome.best.mask)?,
            reranked: chosen(reranked.0)?,
            generations: outcome.generations,
            evaluations: outcome.evaluations,
            evaluated_ones: outcome.evaluated_ones,
            distinct_masks: distinct(masks.iter().map(|mask| mask.stable_hash())),
            distinct_performances: distinct(outcome.population.iter().map(|x| x.performance.to_bits())),
            new_bests: new_bests(&outcome.history),
            bound: outcome.bound,
            stop_reason: outcome.stop_reason,
            history: self.spec.history.of(&outcome.history),
        })
    }
}

/// How many generations had a new best, by what made it.
fn new_bests(history: &[GenerationStats]) -> Newcomers {
    let mut counts = Newcomers::default();
    for origin in history.iter().filter_map(|generation| generation.new_best) {
        match origin {
            Origin::FirstPopulation => {}
            Origin::Recombination => counts.recombination += 1,
            Origin::Mutation => counts.mutation += 1,
            Origin::Migration => counts.migration += 1,
        }
    }
    counts
}

fn distinct(values: impl Iterator<Item = u64>) -> usize {
    values.collect::<BTreeSet<_>>().len()
}
