//! A run between two epochs, as a value and as bytes.

use serde::{Deserialize, Deserializer, Serialize};
use slt_core::Seed;
use slt_core::seal::Kind;

use super::{EdgePopup, EdgePopupConfig, EdgePopupEpoch, EdgePopupTraining, Snapshot};
use crate::checkpoint::{Packed, Precision, compare, ensure, from_bytes, to_bytes};
use crate::{Error, Scalar};

const KIND: Kind = Kind { magic: *b"SLTEPUCP", version: 1 };

/// A [run of edge-popup](super::EdgePopupTraining) after one of its epochs, with all that it takes to go on
/// to the same end, bit for bit. After the first scores nothing is random, so it holds no state of a
/// generator.
///
/// [`to_bytes`](Self::to_bytes) makes it a file, an [envelope](slt_core::seal) with magic `SLTEPUCP`, version
/// 1 and JSON inside:
///
/// | field | holds |
/// |---|---|
/// | `precision` | `f32` or `f64` |
/// | `config` | the hyper-parameters |
/// | `seed` | of the first scores; `null` if they were given |
/// | `sizes`, `fingerprint` | layers, and a hash of network, training and test data |
/// | `records` | of each epoch learning rate, training loss and accuracy, test loss and accuracy, in double precision |
/// | `changed_bits` | of each epoch |
/// | `best` | the mask after the first epoch of the highest test accuracy; `null` before the first epoch |
/// | `scores`, `velocities` | of each layer, `n_in x n_out` |
///
/// Records, scores and velocities are base64 of the numbers' bytes, the lowest byte of each first. That makes
/// 3 MB for 266,200 weights in single precision.
///
/// With serde it serialises as the content; reading checks it as [`from_bytes`](Self::from_bytes) does.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(transparent, bound = "T: Scalar")]
pub struct EdgePopupCheckpoint<T>(Content<T>);

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, bound = "T: Scalar")]
struct Content<T> {
    precision: Precision<T>,
    config: EdgePopupConfig,
    seed: Option<Seed>,
    sizes: Vec<usize>,
    fingerprint: u64,
    records: Packed<f64>,
    changed_bits: Vec<usize>,
    best: Option<Snapshot>,
    scores: Vec<Packed<T>>,
    velocities: Vec<Packed<T>>,
}

impl<'de, T: Scalar> Deserialize<'de> for EdgePopupCheckpoint<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let content = Content::deserialize(deserializer)?;
        content.check().map_err(serde::de::Error::custom)?;
        Ok(Self(content))
    }
}

impl<T: Scalar> EdgePopupCheckpoint<T> {
    /// The checkpoint as bytes, the same for the same checkpoint.
    pub fn to_bytes(&self) -> Vec<u8> {
        to_bytes(KIND, self)
    }

    /// Reads a checkpoint, and checks that it is whole and makes sense. It takes memory in proportion to the
    /// bytes that are there, whatever they say.
    ///
    /// # Errors
    /// [`Error::CheckpointSeal`], [`Error::CheckpointContent`], [`Error::CheckpointInconsistent`], in the
    /// order of what is checked; [`Error::Parameter`] if a hyper-parameter is out of range.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, Error> {
        let content: Content<T> = from_bytes(KIND, bytes)?;
        content.check()?;
        Ok(Self(content))
    }

    /// The hyper-parameters of the run.
    pub fn config(&self) -> &EdgePopupConfig {
        &self.0.config
    }

    /// The seed of the first scores; none if they were given.
    pub fn seed(&self) -> Option<Seed> {
        self.0.seed
    }

    /// The sizes of the layers, inputs first.
    pub fn sizes(&self) -> &[usize] {
        &self.0.sizes
    }

    /// The epochs that are over.
    pub fn history(&self) -> Vec<EdgePopupEpoch> {
        self.0.history()
    }

    pub(super) fn take(training: &EdgePopupTraining<'_, T>) -> Self {
        let EdgePopupTraining { seed, scored, history, best, .. } = training;
        let packed = |layers: &[Vec<T>]| layers.iter().map(|layer| Packed(layer.clone())).collect();
        Self(Content {
            precision: Precision::default(),
            config: scored.task.config,
            seed: *seed,
            sizes: scored.task.sizes.clone(),
            fingerprint: scored.task.fingerprint,
            records: Packed(history.iter().flat_map(numbers).collect()),
            changed_bits: history.iter().map(|record| record.changed_bits).collect(),
            best: best.clone(),
            scores: packed(&scored.scores),
            velocities: packed(&scored.velocities),
        })
    }

    /// The run to go on with.
    pub(super) fn restore(
        self,
        task: &EdgePopup<T>,
        seed: Option<Seed>,
    ) -> Result<EdgePopupTraining<'_, T>, Error> {
        let content = self.0;
        // The number of epochs is checked by what it means for the learning rates.
        let taken = EdgePopupConfig { epochs: task.config.epochs, ..content.config };
        compare("config", &taken, &task.config)?;
        compare("seed", &content.seed, &seed)?;
        compare("network.sizes", &content.sizes, &task.sizes)?;
        compare("fingerprint", &content.fingerprint, &task.fingerprint)?;
        let history = content.history();
        let (epoch, given) = (history.len(), task.config.epochs);
        if epoch > given {
            return Err(Error::ResumeBeyond { parameter: "epochs", epoch, limit: given });
        }
        if let Some(e) = first_other_rate(&history, &task.config) {
            let planned = content.config.epochs;
            return Err(Error::ResumeSchedule { planned, epoch, given, differs: e + 1 });
        }
        let plain = |layers: Vec<Packed<T>>| layers.into_iter().map(|layer| layer.0).collect();
        let scored = T::scored(task, plain(content.scores), plain(content.velocities));
        Ok(EdgePopupTraining::restored(seed, scored, history, content.best))
    }
}

/// The numbers of a record that are not whole. The test loss alone may be infinite, or NaN, which JSON cannot
/// say.
fn numbers(record: &EdgePopupEpoch) -> [f64; 5] {
    let &EdgePopupEpoch { learning_rate, train_loss, train_accuracy, test_loss, test_accuracy, .. } = record;
    [learning_rate, train_loss, train_accuracy, test_loss, test_accuracy]
}

/// The first epoch, counted from 0, that had another learning rate than `config` gives it.
fn first_other_rate(history: &[EdgePopupEpoch], config: &EdgePopupConfig) -> Option<usize> {
    (0..).zip(history).find(|(e, record)| record.learning_rate != config.rate_of(*e)).map(|(e, _)| e)
}

impl<T: Scalar> Content<T> {
    fn history(&self) -> Vec<EdgePopupEpoch> {
        let records = (1..).zip(self.records.0.as_chunks::<5>().0).zip(&self.changed_bits);
        let record = |((epoch, &numbers), &changed_bits)| {
            let [learning_rate, train_loss, train_accuracy, test_loss, test_accuracy] = numbers;
            EdgePopupEpoch {
                epoch,
                learning_rate,
                train_loss,
                train_accuracy,
                test_loss,
                test_accuracy,
                changed_bits,
            }
        };
        records.map(record).collect()
    }

    /// Whether the parts fit together, so that a run can go on from them without further checks.
    fn check(&self) -> Result<(), Error> {
        self.config.validate_in::<T>()?;
        ensure(self.sizes.len() >= 2 && !self.sizes.contains(&0), "it has no layers, or an empty one")?;
        let lengths: Option<Vec<usize>> =
            self.sizes.windows(2).map(|pair| pair[0].checked_mul(pair[1])).collect();
        let lengths = lengths.unwrap_or_default();
        let whole =
            |layers: &[Packed<T>]| layers.iter().map(|layer| layer.0.len()).eq(lengths.iter().copied());
        ensure(
            whole(&self.scores) && whole(&self.velocities),
            "it has not a score and a velocity for each weight",
        )?;
        let mut scores = self.scores.iter().flat_map(|layer| &layer.0);
        ensure(scores.all(|score| score.is_finite()), "a score is not finite")?;
        self.check_history(lengths.iter().sum())
    }

    fn check_history(&self, n_bits: usize) -> Result<(), Error> {
        let history = self.history();
        let whole = self.records.0.len() == 5 * history.len() && self.changed_bits.len() == history.len();
        ensure(whole, "it has not five numbers, and changed bits, for each epoch")?;
        ensure(history.len() <= self.config.epochs, "it has more records than epochs")?;
        let rates = first_other_rate(&history, &self.config).is_none();
        ensure(rates, "the learning rates of its records are not those of its schedule")?;
        let share = |x: f64| (0.0..=1.0).contains(&x);
        let shares = history.iter().all(|r| share(r.train_accuracy) && share(r.test_accuracy));
        ensure(shares, "an accuracy is not from 0 to 1")?;
        let finite = history.iter().all(|r| r.train_loss.is_finite());
        ensure(finite, "a training loss is not finite")?;
        let first_best = history.iter().fold(None, |best: Option<&EdgePopupEpoch>, record| match best {
            Some(best) if record.test_accuracy <= best.test_accuracy => Some(best),
            _ => Some(record),
        });
        let told = self.best.as_ref().map(|best| (best.epoch, best.test_accuracy, best.mask.len()));
        let expected = first_best.map(|best| (best.epoch, best.test_accuracy, n_bits));
        ensure(told == expected, "its best mask is not of the epoch of the highest test accuracy")
    }
}
