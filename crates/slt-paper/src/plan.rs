use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};
use slt_baselines::{EdgePopupConfig, MlpClassifier};
use slt_core::Seed;
use slt_datasets::paper::PaperName;
use slt_ga::{GaConfig, Memetic};
use slt_mlp::{MetricName, PruningOrder};
use slt_search::Budget;

use crate::error::{Error, MAX_RUNS};
use crate::quantity::Quantity;
use slt_run::{Chosen, PruningSpec, SearchRecord, SplitPart};

/// How much of an experiment is run.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Scale {
    /// A sign of life for automated tests: few runs, few generations.
    Smoke,
    /// Minutes on two cores: few runs, the longest of them cut short.
    Quick,
    /// The paper's settings with 25 runs.
    Paper,
}

impl Scale {
    const ALL: [Scale; 3] = [Scale::Smoke, Scale::Quick, Scale::Paper];

    /// The name on the command line.
    pub fn name(self) -> &'static str {
        match self {
            Scale::Smoke => "smoke",
            Scale::Quick => "quick",
            Scale::Paper => "paper",
        }
    }

    /// Number of runs of a configuration, R.
    pub fn runs(self) -> u64 {
        match self {
            Scale::Smoke => 2,
            Scale::Quick => 3,
            Scale::Paper => 25,
        }
    }
}

impl fmt::Display for Scale {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

impl FromStr for Scale {
    type Err = Error;

    fn from_str(name: &str) -> Result<Self, Error> {
        Self::ALL.into_iter().find(|scale| scale.name() == name).ok_or_else(|| Error::UnknownName {
            kind: "scale",
            given: name.to_owned(),
            known: "smoke, quick or paper".to_owned(),
        })
    }
}

/// What a figure is asked to plan for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Plan {
    /// How much is run.
    pub scale: Scale,
    /// Number of runs of a configuration, 1 to [`MAX_RUNS`](Self::MAX_RUNS).
    pub runs: u64,
}

impl Plan {
    /// The most runs of a configuration.
    pub const MAX_RUNS: u64 = MAX_RUNS;

    /// The plan of a scale, with another number of runs if one is given.
    ///
    /// # Errors
    /// If the number of runs is out of range.
    pub fn new(scale: Scale, runs: Option<u64>) -> Result<Self, Error> {
        match runs.unwrap_or(scale.runs()) {
            runs @ 1..=Self::MAX_RUNS => Ok(Self { scale, runs }),
            runs => Err(Error::Runs { runs }),
        }
    }

    /// The seeds of the runs of a configuration.
    pub fn seeds(&self) -> impl Iterator<Item = Seed> + use<> {
        (1..=self.runs).map(Seed)
    }

    /// Makes a search as short as the scale asks.
    ///
    /// | search | smoke | quick | paper |
    /// |---|---|---|---|
    /// | all | 20 individuals, 5 generations | | |
    /// | "GA", accuracy | | its own rules | its own rules |
    /// | "GA (adaptive AB)" | | 100 generations | its own rules (200) |
    /// | cross-entropy, blobs | | 200 generations | its own rules (2,000) |
    /// | cross-entropy, digits | | 1,000 generations | its own rules (2,000) |
    pub fn shorten(&self, data: PaperName, metric: MetricName, config: &mut GaConfig) {
        let cap = match (self.scale, metric.is_gradual(), data) {
            (Scale::Smoke, _, _) => {
                config.population = config.population.min(20);
                Some(5)
            }
            (Scale::Quick, true, PaperName::Digits) => Some(1_000),
            (Scale::Quick, true, _) => Some(200),
            (Scale::Quick, false, _) if config.bound.is_some() => Some(100),
            (Scale::Quick, false, _) | (Scale::Paper, _, _) => None,
        };
        let own = config.termination.max_generations;
        config.termination.max_generations = [own, cap].into_iter().flatten().min();
    }

    /// Makes the local searches of a memetic search as short as the scale asks: at scale quick, they have a
    /// tenth of their flips. What other searches may ask in comparison follows from them.
    pub(crate) fn shorten_memetic(&self, memetic: &mut Memetic) {
        if self.scale == Scale::Quick {
            for flips in [&mut memetic.founder_flips, &mut memetic.child_flips, &mut memetic.refine_flips] {
                *flips = flips.div_ceil(10);
            }
        }
    }

    /// Limits a search for a mask as the scale asks: at scale smoke it ends with the step that judges its
    /// 2,000th mask.
    pub(crate) fn limit(&self, budget: &mut Budget) {
        if self.scale == Scale::Smoke {
            budget.evaluations = Some(2_000);
        }
    }

    /// Caps the epochs of edge-popup as the scale asks.
    pub fn cap_epochs(&self, config: &mut EdgePopupConfig) {
        if self.scale == Scale::Smoke {
            config.epochs = config.epochs.min(2);
        }
    }

    /// Caps the epochs of a training as the scale asks.
    pub fn cap_training(&self, classifier: &mut MlpClassifier) {
        if self.scale == Scale::Smoke {
            classifier.max_iter = classifier.max_iter.min(3);
        }
    }

    /// Points along each direction of a landscape.
    pub fn landscape_steps(&self) -> usize {
        match self.scale {
            Scale::Smoke => 5,
            Scale::Quick | Scale::Paper => 51,
        }
    }

    /// Number of tickets of one network that are compared bit by bit.
    pub fn recurring_tickets(&self) -> u64 {
        match self.scale {
            Scale::Smoke => 4,
            Scale::Quick | Scale::Paper => 25,
        }
    }
}

/// On which data choices are made after a search.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Protocol {
    /// The individual is chosen, and pruned, on training data. Our headline.
    Clean,
    /// The published reference's: the individual of the last population with the best *test* accuracy is
    /// reported, and pruned by its test accuracy. For comparison with published numbers.
    Paper,
}

impl Protocol {
    /// Both.
    pub const ALL: [Protocol; 2] = [Protocol::Clean, Protocol::Paper];

    /// The name in tables.
    pub fn name(self) -> &'static str {
        match self {
            Protocol::Clean => "clean",
            Protocol::Paper => "paper",
        }
    }

    /// The individual that is reported.
    pub fn chosen(self, record: &SearchRecord) -> &Chosen {
        match self {
            Protocol::Clean => &record.best,
            Protocol::Paper => &record.reranked,
        }
    }

    /// What decides which of the two configurations of the genetic algorithm is the better one, by its mean.
    pub(crate) fn better_by(self) -> Quantity {
        match self {
            Protocol::Clean => Quantity::TrainAccuracy,
            Protocol::Paper => Quantity::TestAccuracy,
        }
    }

    /// The data that pruning looks at.
    pub fn guard(self) -> SplitPart {
        match self {
            Protocol::Clean => SplitPart::Train,
            Protocol::Paper => SplitPart::Test,
        }
    }

    /// The pruning of what a search found, in the order of the published code: by target neuron.
    pub fn pruning(self, record: &SearchRecord) -> PruningSpec {
        PruningSpec {
            ticket: record.spec.ticket(&self.chosen(record).mask),
            guard: self.guard(),
            order: PruningOrder::ByTarget,
        }
    }
}

impl fmt::Display for Protocol {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}
