//! What can be run, one kind a file: a spec, the record that it gives, and how.
//!
//! | kind | what | record |
//! |---|---|---|
//! | [`SearchSpec`] | the genetic algorithm | [`SearchRecord`] |
//! | [`MaskSearchSpec`] | any other search for a mask | [`MaskSearchRecord`] |
//! | [`EdgePopupSpec`] | edge-popup | [`EdgePopupRecord`] |
//! | [`TrainingSpec`] | backpropagation | [`TrainingRecord`] |
//! | [`PruningSpec`] | post-evolutionary pruning of a ticket | [`PruningRecord`] |
//! | [`AssessmentSpec`] | confusions and confidence of a ticket | [`AssessmentRecord`] |
//! | [`LandscapeSpec`] | loss and accuracy around a ticket | [`LandscapeRecord`] |
//! | [`SpectrumSpec`] | Hessian eigenvalues at a ticket | [`SpectrumRecord`] |
//!
//! A spec holds everything that its record depends on, masks included, so no run refers to another one.

mod algorithms;
mod assessment;
mod edge_popup;
mod landscape;
mod mask_search;
mod prepared;
mod pruning;
mod search;
mod search_record;
mod spectrum;
mod ticket;
mod training;

use std::ops::ControlFlow;

use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use slt_core::{Seed, canonical};
use slt_ga::{Pulse, View};
use slt_mlp::{BiasInit, Initializer, Recipe, WeightInit};

pub use algorithms::SearchAlgorithm;
pub use assessment::{AssessmentRecord, AssessmentSpec};
pub use edge_popup::{EdgePopupRecord, EdgePopupSpec, Popup};
pub use landscape::{Directions, LandscapeRecord, LandscapeSpec};
pub use mask_search::{
    ENOUGH, FrontPoint, Goal, Going, HoldOut, MaskAlgorithm, MaskOption, MaskOptions, MaskSearchRecord,
    MaskSearchSpec, Passed, PreparedMaskSearch, SearchMethod, Searched, Watch, steps_of,
};
pub use prepared::Prepared;
pub use pruning::{PruningRecord, PruningSpec};
use search::genetic_passes;
pub use search::{Algorithm, HistoryKept, SearchSpec, TieBreak, architecture_for, attempt_limits};
pub use search_record::{Chosen, SearchRecord};
pub use spectrum::{Coordinates, SpectrumRecord, SpectrumSpec};
pub use ticket::{SplitPart, TicketSpec};
pub use training::{TrainingRecord, TrainingSpec};

use crate::{DataSource, Error};

/// The version of everything that results depend on beside the spec: `docs/numerics.md`. It enters the hash
/// of a spec, so stored results of another version are not found.
pub const RESULTS_VERSION: u32 = 2;

/// A kind of run.
pub trait Run: Clone + Into<RunSpec> + Serialize + DeserializeOwned {
    /// What it gives.
    type Record;

    /// The record of such a run, if `record` is one.
    fn of(record: &RunRecord) -> Option<&Self::Record>;
}

/// What every kind of run says of itself, and how it is executed.
pub(crate) trait Kind {
    /// In a word or two: `ga`.
    fn what(&self) -> String;

    /// What it is run on.
    fn about(&self) -> About;

    /// About how many evaluations of all its weights on all training samples it takes.
    fn passes(&self) -> f64;

    /// Runs it. A kind that keeps checkpoints goes on from the one of its context.
    ///
    /// # Errors
    /// [`Error::Interrupted`] if the context said so.
    fn execute(&self, context: &mut dyn Context) -> Result<RunRecord, Error>;
}

/// What a run is about.
pub(crate) struct About {
    /// The data.
    pub(crate) data: DataSource,
    /// Sizes of the layers of its network.
    pub(crate) sizes: Vec<usize>,
    /// What tells the repetitions of a configuration apart.
    pub(crate) seed: Seed,
}

/// What every kind of record says of itself.
pub(crate) trait Recorded {
    /// See [`RunRecord::digest`].
    fn digest(&self) -> String;

    /// See [`RunRecord::test_accuracy`].
    fn test_accuracy(&self) -> Option<f64> {
        None
    }
}

/// Who has a run executed: is told how it goes, says when it has to stop, and keeps its checkpoints.
pub(crate) trait Context {
    /// The share `done` of the run is done.
    fn advanced(&mut self, done: f64) -> ControlFlow<()>;

    /// The run, a search, says how far a long step has come.
    fn pulse(&mut self, pulse: &Pulse) -> ControlFlow<()>;

    /// The run, a search, has taken a step.
    fn step(&mut self, view: &View<'_>) -> ControlFlow<()>;

    /// The bytes of the checkpoint of an interrupted run.
    fn checkpoint(&mut self) -> Result<Option<Vec<u8>>, Error>;

    /// The run goes on after so many steps, or the checkpoint cannot be used, and why.
    fn resumed(&mut self, from: Result<u64, String>);

    /// Whether a checkpoint is due: they are not kept more often than they are worth.
    fn is_due(&self) -> bool;

    /// Keeps the bytes of a checkpoint. That it cannot be kept is no reason to end the run.
    fn keep(&mut self, checkpoint: &[u8]);
}

/// Nobody is told, nothing is kept.
struct Alone;

impl Context for Alone {
    fn advanced(&mut self, _: f64) -> ControlFlow<()> {
        ControlFlow::Continue(())
    }

    fn pulse(&mut self, _: &Pulse) -> ControlFlow<()> {
        ControlFlow::Continue(())
    }

    fn step(&mut self, _: &View<'_>) -> ControlFlow<()> {
        ControlFlow::Continue(())
    }

    fn checkpoint(&mut self) -> Result<Option<Vec<u8>>, Error> {
        Ok(None)
    }

    fn resumed(&mut self, _: Result<u64, String>) {}

    fn is_due(&self) -> bool {
        false
    }

    fn keep(&mut self, _: &[u8]) {}
}

macro_rules! kinds {
    ($($kind:ident: $spec:ident => $record:ident),* $(,)?) => {
        /// What to run: everything that the result depends on, and nothing else.
        #[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
        #[serde(tag = "kind", rename_all = "kebab-case")]
        #[non_exhaustive]
        pub enum RunSpec {
            $(
                #[doc = concat!("See [`", stringify!($spec), "`].")]
                $kind($spec),
            )*
        }

        /// What came out of a run. Depends on its spec alone: times are kept elsewhere.
        #[allow(clippy::large_enum_variant, reason = "a few thousand of them at most, most of which are of the largest kind")]
        #[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
        #[serde(tag = "kind", rename_all = "kebab-case")]
        #[non_exhaustive]
        pub enum RunRecord {
            $(
                #[doc = concat!("See [`", stringify!($record), "`].")]
                $kind($record),
            )*
        }

        impl RunSpec {
            pub(crate) fn kind(&self) -> &dyn Kind {
                match self { $(Self::$kind(spec) => spec,)* }
            }
        }

        impl RunRecord {
            /// What was run.
            pub fn spec(&self) -> RunSpec {
                match self { $(Self::$kind(record) => RunSpec::$kind(record.spec.clone()),)* }
            }

            fn recorded(&self) -> &dyn Recorded {
                match self { $(Self::$kind(record) => record,)* }
            }
        }

        $(
            impl From<$spec> for RunSpec {
                fn from(spec: $spec) -> Self {
                    Self::$kind(spec)
                }
            }

            impl From<$record> for RunRecord {
                fn from(record: $record) -> Self {
                    Self::$kind(record)
                }
            }

            impl Run for $spec {
                type Record = $record;

                fn of(record: &RunRecord) -> Option<&$record> {
                    match record {
                        RunRecord::$kind(record) => Some(record),
                        _ => None,
                    }
                }
            }
        )*
    };
}

kinds! {
    Search: SearchSpec => SearchRecord,
    MaskSearch: MaskSearchSpec => MaskSearchRecord,
    EdgePopup: EdgePopupSpec => EdgePopupRecord,
    Training: TrainingSpec => TrainingRecord,
    Pruning: PruningSpec => PruningRecord,
    Assessment: AssessmentSpec => AssessmentRecord,
    Landscape: LandscapeSpec => LandscapeRecord,
    Spectrum: SpectrumSpec => SpectrumRecord,
}

impl RunSpec {
    /// SHA-256 of the spec as canonical JSON (keys sorted, no white space) together with the
    /// [`RESULTS_VERSION`], as 64 hexadecimal digits: the name of its record in a store.
    pub fn hash(&self) -> String {
        #[derive(Serialize)]
        struct Versioned<'a> {
            results_version: u32,
            spec: &'a RunSpec,
        }
        let versioned = Versioned { results_version: RESULTS_VERSION, spec: self };
        canonical::sha256_hex(canonical::to_json(&versioned).as_bytes())
    }

    /// The data that it runs on.
    pub fn data(&self) -> DataSource {
        self.kind().about().data
    }

    /// Sizes of the layers of its network, inputs and outputs included. Training has one output for two
    /// classes, but is named like the others.
    pub fn sizes(&self) -> Vec<usize> {
        self.kind().about().sizes
    }

    /// The seed that tells the repetitions of a configuration apart.
    pub fn seed(&self) -> Seed {
        self.kind().about().seed
    }

    /// The configuration that it is a run of, seeds left out, as the name of a file: what is run on what, and
    /// the beginning of a hash of all the rest.
    pub fn cell(&self) -> String {
        let label = self.label();
        let (name, _) = label.rsplit_once(" seed ").unwrap_or((&label, ""));
        let words: Vec<&str> = name
            .split(|c: char| !(c.is_ascii_alphanumeric() || c == '.'))
            .filter(|word| !word.is_empty())
            .collect();
        let mut rest = serde_json::to_value(self).expect("plain data has a JSON form");
        leave_out_seeds(&mut rest);
        let hash = canonical::sha256_hex(canonical::to_json(&rest).as_bytes());
        format!("{}-{}", words.join("-").to_lowercase(), &hash[..8])
    }

    /// What is run on what, in a few words: `ga circles [2,75,2] seed 1`.
    pub fn label(&self) -> String {
        let About { data, sizes, seed } = self.kind().about();
        let data = data.name();
        let sizes: Vec<String> = sizes.iter().map(usize::to_string).collect();
        format!("{} {data} [{}] seed {seed}", self.kind().what(), sizes.join(","))
    }

    /// Roughly how many millions of multiply-adds it takes, to begin with the longest and to tell how much is
    /// left.
    pub fn cost(&self) -> f64 {
        let About { data, sizes, .. } = self.kind().about();
        let weights: f64 = sizes.windows(2).map(|pair| pair[0] as f64 * pair[1] as f64).sum();
        let samples = data.shape().map_or(0, |shape| shape.samples) as f64;
        samples * (weights + 30.0) * self.kind().passes() / 1e6
    }

    /// Computes it from the beginning on the current thread pool, without a store.
    ///
    /// # Errors
    /// If the spec is impossible.
    pub fn compute(&self) -> Result<RunRecord, Error> {
        self.kind().execute(&mut Alone)
    }
}

impl RunRecord {
    /// The exact part of the result in a line: masks by their hashes, and shares of samples.
    pub fn digest(&self) -> String {
        self.recorded().digest()
    }

    /// The test accuracy that the run is judged by, if it has one.
    pub fn test_accuracy(&self) -> Option<f64> {
        self.recorded().test_accuracy()
    }
}

/// Takes what differs between the runs of a configuration out of a spec.
fn leave_out_seeds(value: &mut serde_json::Value) {
    const SEEDS: [&str; 6] = ["seed", "search_seed", "random_state", "mask", "start", "exponent"];
    if let serde_json::Value::Object(fields) = value {
        fields.retain(|key, _| !SEEDS.contains(&key.as_str()));
        fields.values_mut().for_each(leave_out_seeds);
    }
}

/// How a network is drawn, in a word or two, if it is not as the paper usually does.
fn initialisation(network: &Recipe) -> Option<String> {
    let Initializer { weights, biases } = network.initializer;
    let weights = match weights {
        WeightInit::Uniform if biases == BiasInit::Uniform => return None,
        WeightInit::Uniform => "uniform",
        WeightInit::KaimingNormal { .. } => "Kaiming normal",
        WeightInit::SignedConstant { .. } => "signed constant",
        _ => "other weights",
    };
    let biases = match biases {
        BiasInit::Zero => "no biases",
        BiasInit::Uniform => "uniform biases",
        _ => "other biases",
    };
    Some(format!("{weights}, {biases}"))
}
