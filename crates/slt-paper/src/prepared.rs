use slt_core::{BitMask, Objective};
use slt_datasets::Split;
use slt_ga::{Checkpoint, Observer, Outcome};
use slt_mlp::{Evaluator, Kernel, Metric, Network};

use crate::{Chosen, Error, RunRecord, RunSpec};

/// A run with its data loaded and its network drawn, ready to be searched.
///
/// Work runs on the current rayon pool.
#[derive(Debug, Clone)]
pub struct Prepared {
    spec: RunSpec,
    data: Split,
    network: Network,
    objective: Evaluator,
    kernel: Kernel,
}

impl Prepared {
    /// Loads the data and draws the network, for the fastest kernel of this processor.
    ///
    /// # Errors
    /// If the data, the network or the configuration are impossible, or do not fit together.
    pub fn new(spec: &RunSpec) -> Result<Self, Error> {
        Self::with_kernel(spec, Kernel::detect())
    }

    /// The same on a given kernel, which does not change any result.
    ///
    /// # Errors
    /// As [`new`](Self::new), or if this processor does not run the kernel.
    pub fn with_kernel(spec: &RunSpec, kernel: Kernel) -> Result<Self, Error> {
        spec.config.validate()?;
        let data = spec.data.load()?;
        let network = Network::from_recipe(spec.network.clone())?;
        let objective = Evaluator::new(&network, &data.train, spec.metric)?.with_kernel(kernel)?;
        Ok(Self { spec: spec.clone(), data, network, objective, kernel })
    }

    /// The data.
    pub fn data(&self) -> &Split {
        &self.data
    }

    /// The network.
    pub fn network(&self) -> &Network {
        &self.network
    }

    /// Searches, from the beginning or from a checkpoint of the same run.
    ///
    /// # Errors
    /// If the checkpoint is of another run, or the observer stops the search before there is a first population.
    pub fn search(
        &self,
        checkpoint: Option<Checkpoint>,
        observer: &mut dyn Observer,
    ) -> Result<Outcome, slt_ga::Error> {
        let RunSpec { config, search_seed, .. } = &self.spec;
        match checkpoint {
            None => slt_ga::run(&self.objective, config, *search_seed, observer),
            Some(checkpoint) => slt_ga::resume(&self.objective, config, *search_seed, checkpoint, observer),
        }
    }

    /// Evaluates what a search found.
    ///
    /// # Errors
    /// If the outcome is of another run, whose masks do not fit.
    pub fn record(&self, outcome: &Outcome) -> Result<RunRecord, Error> {
        let evaluator =
            |data| Evaluator::new(&self.network, data, Metric::Accuracy)?.with_kernel(self.kernel);
        let (train, test) = (evaluator(&self.data.train)?, evaluator(&self.data.test)?);
        let masks: Vec<&BitMask> = outcome.population.iter().map(|individual| &individual.mask).collect();
        for mask in &masks {
            self.network.check_mask(mask)?;
        }
        let test_accuracies = test.evaluate(&masks, None);
        let first_largest = test_accuracies.iter().filter_map(|score| score.exact()).enumerate().fold(
            (0, f64::NEG_INFINITY),
            |top, (i, accuracy)| if accuracy > top.1 { (i, accuracy) } else { top },
        );
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
        Ok(RunRecord {
            spec: self.spec.clone(),
            best: chosen(&outcome.best.mask)?,
            reranked: chosen(masks.get(first_largest.0).copied().unwrap_or(&outcome.best.mask))?,
            generations: outcome.generations,
            evaluations: outcome.evaluations,
            stop_reason: outcome.stop_reason,
            history: outcome.history.clone(),
        })
    }
}
