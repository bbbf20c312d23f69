//! What can be run, one kind a file: a spec, the record that it gives, and how.
//!
//! | kind | what | record |
//! |---|---|---|
//! | [`SearchSpec`] | the genetic algorithm | [`SearchRecord`] |
//! | [`EdgePopupSpec`] | edge-popup | [`EdgePopupRecord`] |
//! | [`TrainingSpec`] | backpropagation | [`TrainingRecord`] |
//! | [`PruningSpec`] | post-evolutionary pruning of a ticket | [`PruningRecord`] |
//! | [`AssessmentSpec`] | confusions and confidence of a ticket | [`AssessmentRecord`] |
//! | [`LandscapeSpec`] | loss and accuracy around a ticket | [`LandscapeRecord`] |
//! | [`SpectrumSpec`] | Hessian eigenvalues at a ticket | [`SpectrumRecord`] |
//!
//! A spec holds everything that its record depends on, masks included, so no run refers to another one.

mod assessment;
mod edge_popup;
mod landscape;
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
use slt_datasets::paper::{PaperData, PaperName};
use slt_mlp::{BiasInit, Initializer, Recipe, WeightInit};

pub use assessment::{AssessmentRecord, AssessmentSpec};
pub use edge_popup::{EdgePopupRecord, EdgePopupSpec, Popup};
pub use landscape::{Directions, LandscapeRecord, LandscapeSpec};
pub use prepared::Prepared;
pub use pruning::{PruningRecord, PruningSpec};
pub use search::{
    Algorithm, HistoryKept, SearchSpec, TieBreak, architecture_for, attempt_limits, canonical_data,
};
pub use search_record::{Chosen, SearchRecord};
pub use spectrum::{Coordinates, SpectrumRecord, SpectrumSpec};
pub use ticket::{Part, TicketSpec};
pub use training::{TrainingRecord, TrainingSpec};

use crate::Error;

/// The version of everything that results depend on beside the spec: `docs/numerics.md`. It enters the hash of a spec,
/// so stored results of another version are not found.
pub const RESULTS_VERSION: u32 = 2;

/// A kind of run.
pub trait Run: Clone + Into<RunSpec> + Serialize + DeserializeOwned {
    /// What it gives.
    type Record;

    /// The record of such a run, if `record` is one.
    fn of(record: &RunRecord) -> Option<&Self::Record>;
}

/// Is told which share of a run is done, and may stop it.
pub(crate) type Advance<'a> = &'a mut dyn FnMut(f64) -> ControlFlow<()>;

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

        impl RunRecord {
            /// What was run.
            pub fn spec(&self) -> RunSpec {
                match self { $(Self::$kind(record) => RunSpec::$kind(record.spec.clone()),)* }
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
    pub fn data(&self) -> PaperData {
        match self {
            Self::Search(spec) => spec.data,
            Self::EdgePopup(spec) => spec.data,
            Self::Training(spec) => spec.data,
            Self::Pruning(PruningSpec { ticket, .. })
            | Self::Assessment(AssessmentSpec { ticket, .. })
            | Self::Landscape(LandscapeSpec { ticket, .. })
            | Self::Spectrum(SpectrumSpec { ticket, .. }) => ticket.data,
        }
    }

    /// Sizes of the layers of its network, inputs and outputs included. Training has one output for two classes, but is
    /// named like the others.
    pub fn sizes(&self) -> Vec<usize> {
        match self {
            Self::Search(spec) => spec.network.architecture.sizes().to_vec(),
            Self::EdgePopup(spec) => spec.network.architecture.sizes().to_vec(),
            Self::Training(spec) => spec.sizes(),
            Self::Pruning(PruningSpec { ticket, .. })
            | Self::Assessment(AssessmentSpec { ticket, .. })
            | Self::Landscape(LandscapeSpec { ticket, .. })
            | Self::Spectrum(SpectrumSpec { ticket, .. }) => ticket.network.architecture.sizes().to_vec(),
        }
    }

    /// The seed that tells the repetitions of a configuration apart.
    pub fn seed(&self) -> Seed {
        match self {
            Self::Search(spec) => spec.search_seed,
            Self::EdgePopup(spec) => spec.search_seed,
            Self::Training(spec) => Seed(u64::from(spec.classifier.random_state)),
            Self::Pruning(PruningSpec { ticket, .. })
            | Self::Assessment(AssessmentSpec { ticket, .. })
            | Self::Landscape(LandscapeSpec { ticket, .. })
            | Self::Spectrum(SpectrumSpec { ticket, .. }) => ticket.network.seed,
        }
    }

    /// The configuration that it is a run of, seeds left out, as the name of a file: what is run on what, and the beginning
    /// of a hash of all the rest.
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
        let what = match self {
            Self::Search(spec) => spec.name(),
            Self::EdgePopup(spec) => spec.name(),
            Self::Training(_) => "backprop".to_owned(),
            Self::Pruning(spec) => format!("pruning on {} data,", spec.guard),
            Self::Assessment(_) => "assessment".to_owned(),
            Self::Landscape(_) => "landscape".to_owned(),
            Self::Spectrum(_) => "Hessian".to_owned(),
        };
        let data = self.data().dataset_name().unwrap_or_default();
        let sizes: Vec<String> = self.sizes().iter().map(usize::to_string).collect();
        format!("{what} {data} [{}] seed {}", sizes.join(","), self.seed())
    }

    /// Roughly how many millions of multiply-adds it takes, to begin with the longest and to tell how much is left.
    pub fn cost(&self) -> f64 {
        let sizes = self.sizes();
        let weights: usize = sizes.windows(2).map(|pair| pair[0] * pair[1]).sum();
        let data = self.data();
        let samples = match data.name {
            PaperName::Moons | PaperName::Circles => 50_000.0,
            PaperName::Blobs => 3_750.0 * f64::from(data.classes.unwrap_or(10)),
            PaperName::Digits => 135.0 * f64::from(data.classes.unwrap_or(10)),
        };
        let passes = match self {
            Self::Search(spec) => spec.passes(),
            // Forward and backward, both slower than the masked engine.
            Self::EdgePopup(spec) => 15.0 * spec.config.epochs as f64,
            Self::Training(spec) => 10.0 * spec.classifier.max_iter.min(100) as f64,
            Self::Pruning(_) => weights as f64 / 50.0,
            Self::Assessment(_) => 5.0,
            Self::Landscape(spec) => 6.0 * (spec.steps * spec.steps) as f64,
            Self::Spectrum(_) => 2_000.0,
        };
        samples * (weights as f64 + 30.0) * passes / 1e6
    }

    /// Runs of the same key may depend on each other's results, those of different keys never do: the unit in which
    /// work is divided among machines.
    pub fn division(&self) -> String {
        let (data, sizes) = (self.data(), self.sizes());
        match data.name {
            // The keep rate of EP (adapted) comes from all runs of the genetic algorithm.
            PaperName::Moons | PaperName::Circles => format!("{} {sizes:?}", data.name),
            PaperName::Blobs | PaperName::Digits => {
                format!("{} {} seed {}", data.name, data.classes.unwrap_or(10), self.seed())
            }
        }
    }

    /// Runs it from the beginning. Searches have checkpoints and are run by [`Prepared`].
    pub(crate) fn execute(&self, advance: Advance<'_>) -> Result<RunRecord, Error> {
        Ok(match self {
            Self::Search(spec) => {
                let prepared = Prepared::new(spec)?;
                prepared.record(&prepared.search(None, &mut ())?.outcome())?.into()
            }
            Self::EdgePopup(spec) => spec.run(advance)?.into(),
            Self::Training(spec) => spec.run(advance)?.into(),
            Self::Pruning(spec) => spec.run()?.into(),
            Self::Assessment(spec) => spec.run()?.into(),
            Self::Landscape(spec) => spec.run(advance)?.into(),
            Self::Spectrum(spec) => spec.run()?.into(),
        })
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
