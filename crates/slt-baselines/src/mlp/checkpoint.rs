//! A training between two epochs, as a value and as bytes.

use std::cell::OnceCell;

use serde::{Deserialize, Deserializer, Serialize};
use slt_core::seal::Kind;
use slt_datasets::numpy::{Mt19937, RandomState};

use super::MlpClassifier;
use super::network::{Trained, lengths, parameters};
use super::solver::{Optimizer, moments_of};
use super::training::{MlpTraining, Progress, Validation, outputs, set_aside};
use super::validation::validation_count;
use crate::checkpoint::{Packed, PackedWords, Precision, compare, ensure, from_bytes, to_bytes};
use crate::{Error, Samples, Scalar};

const KIND: Kind = Kind { magic: *b"SLTMLPCP", version: 1 };

/// A [training](super::MlpTraining) after one of its epochs, with all that it takes to go on to the same end,
/// bit for bit.
///
/// [`to_bytes`](Self::to_bytes) makes it a file, an [envelope](slt_core::seal) with magic `SLTMLPCP`, version
/// 1 and JSON inside:
///
/// | field | holds |
/// |---|---|
/// | `precision` | `f32` or `f64` |
/// | `classifier` | the hyper-parameters |
/// | `sizes`, `n_samples`, `n_classes`, `fingerprint` | layers and data, and a hash of the samples |
/// | `loss_curve`, `validation_scores` | one number for each epoch, exact decimals |
/// | `no_improvement_count`, `earlier`, `seen_earlier` | the count; epochs and samples before a warm start |
/// | `rate`, `steps` | of the optimiser |
/// | `random_key`, `random_position` | state of the Mersenne Twister: 624 words, and how many are used up |
/// | `order` | rows that are trained on, in the order of the last epoch |
/// | `parameters` | weights of each layer, `n_in x n_out`, then biases of each layer |
/// | `moments` | velocities, or Adam's two means, in the order of the parameters |
/// | `best` | with early stopping, the parameters of the best epoch |
///
/// The last five and the key are base64 of the numbers' bytes, the lowest byte of each first. Four bytes a
/// number and three to four numbers a parameter make it 4.3 MB for 266,200 weights in single precision.
///
/// With serde it serialises as the content; reading checks it as [`from_bytes`](Self::from_bytes) does.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(transparent, bound = "T: Scalar")]
pub struct MlpCheckpoint<T>(Content<T>);

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, bound = "T: Scalar")]
struct Content<T> {
    precision: Precision<T>,
    classifier: MlpClassifier,
    sizes: Vec<usize>,
    n_samples: usize,
    n_classes: usize,
    fingerprint: u64,
    loss_curve: Vec<f64>,
    validation_scores: Vec<f64>,
    no_improvement_count: usize,
    earlier: usize,
    seen_earlier: u64,
    rate: f64,
    steps: u64,
    random_key: PackedWords,
    random_position: usize,
    order: PackedWords,
    parameters: Packed<T>,
    moments: Vec<Packed<T>>,
    best: Option<Packed<T>>,
}

impl<'de, T: Scalar> Deserialize<'de> for MlpCheckpoint<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let content = Content::deserialize(deserializer)?;
        content.check().map_err(serde::de::Error::custom)?;
        Ok(Self(content))
    }
}

impl<T: Scalar> MlpCheckpoint<T> {
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

    /// The hyper-parameters of the training.
    pub fn classifier(&self) -> &MlpClassifier {
        &self.0.classifier
    }

    /// The sizes of the layers, inputs first; two classes share one output.
    pub fn sizes(&self) -> &[usize] {
        &self.0.sizes
    }

    /// Epochs that are over.
    pub fn n_iter(&self) -> usize {
        self.0.loss_curve.len() - self.0.earlier
    }

    /// The objective in each epoch, those before a warm start included.
    pub fn loss_curve(&self) -> &[f64] {
        &self.0.loss_curve
    }

    pub(super) fn take(training: &MlpTraining<'_, T>) -> Self {
        let MlpTraining { config, samples, sizes, random, order, network, optimizer, .. } = training;
        let (progress, generator) = (&training.progress, random.generator());
        let packed = |tensors: &[Vec<T>]| Packed(tensors.concat());
        // More rows than 32 bits can number would be refused when it is read.
        let words = order.iter().map(|&row| u32::try_from(row).unwrap_or(u32::MAX));
        Self(Content {
            precision: Precision::default(),
            classifier: config.clone(),
            sizes: sizes.clone(),
            n_samples: samples.n_samples(),
            n_classes: samples.n_classes(),
            fingerprint: training.fingerprint(),
            loss_curve: progress.loss_curve.clone(),
            validation_scores: progress.validation_scores.clone(),
            no_improvement_count: progress.no_improvement_count,
            earlier: progress.earlier,
            seen_earlier: progress.seen_earlier,
            rate: optimizer.rate(),
            steps: optimizer.steps(),
            random_key: PackedWords(generator.key().to_vec()),
            random_position: generator.position(),
            order: PackedWords(words.collect()),
            parameters: packed(network.tensors()),
            moments: optimizer.moments().into_iter().map(Packed).collect(),
            best: training.validation.as_ref().map(|validation| packed(&validation.best)),
        })
    }

    /// The training to go on with.
    pub(super) fn restore<'a>(
        self,
        classifier: &MlpClassifier,
        samples: &'a Samples<T>,
    ) -> Result<MlpTraining<'a, T>, Error> {
        let content = self.0;
        // The layers are compared with the hyper-parameters.
        let sizes = classifier.sizes(samples)?;
        // Where it ends is no part of what it is.
        let taken = MlpClassifier { max_iter: classifier.max_iter, ..content.classifier.clone() };
        compare("classifier", &taken, classifier)?;
        compare("data.n_samples", &content.n_samples, &samples.n_samples())?;
        compare("data.n_classes", &content.n_classes, &samples.n_classes())?;
        compare("sizes", &content.sizes, &sizes)?;
        let fingerprint = crate::checkpoint::fingerprint_of([samples], []);
        compare("data.fingerprint", &content.fingerprint, &fingerprint)?;
        let (epoch, limit) = (content.loss_curve.len() - content.earlier, classifier.max_iter);
        if epoch > limit {
            return Err(Error::ResumeBeyond { parameter: "max_iter", epoch, limit });
        }
        let tensors = |packed: Packed<T>| -> Vec<Vec<T>> {
            let mut rest = packed.0.into_iter();
            let lengths = lengths(&sizes).expect("a checkpoint has the parameters of its layers");
            lengths.into_iter().map(|length| rest.by_ref().take(length).collect()).collect()
        };
        let initial = parameters(&sizes, tensors(content.parameters));
        let network = Trained::new(&sizes, &initial, content.n_classes);
        let mut optimizer = Optimizer::new(classifier, network.tensors().iter().map(Vec::len));
        let moments: Vec<Vec<T>> = content.moments.into_iter().map(|packed| packed.0).collect();
        optimizer.restore(content.rate, content.steps, &moments);
        let key = content.random_key.0.try_into().expect("a checkpoint has a key of 624 words");
        let generator = Mt19937::from_state(key, content.random_position).expect("its position was checked");
        let order: Vec<usize> = content.order.0.into_iter().map(|row| row as usize).collect();
        let validation = content.best.map(tensors);
        let validation = validation.map(|best| Validation { data: set_aside(samples, &order), best });
        let progress = Progress {
            no_improvement_count: content.no_improvement_count,
            earlier: content.earlier,
            seen_earlier: content.seen_earlier,
            ..Progress::new(content.loss_curve, content.validation_scores)
        };
        Ok(MlpTraining {
            config: classifier.clone(),
            samples,
            sizes,
            random: RandomState::from_generator(generator),
            order,
            network,
            optimizer,
            validation,
            progress,
            fingerprint: OnceCell::from(fingerprint),
        })
    }
}

impl<T: Scalar> Content<T> {
    /// Whether the parts fit together, so that a training can go on from them without further checks.
    fn check(&self) -> Result<(), Error> {
        self.classifier.validate_in::<T>()?;
        self.check_network()?;
        self.check_samples()?;
        self.check_progress()
    }

    fn check_network(&self) -> Result<(), Error> {
        let hidden = self.sizes.len().checked_sub(2).map(|depth| &self.sizes[1..=depth]);
        let same = hidden == Some(&self.classifier.hidden_layer_sizes[..]);
        ensure(same, "its layers are not those of its hyper-parameters")?;
        let last = self.sizes.last().copied();
        ensure(
            self.n_classes >= 2 && last == Some(outputs(self.n_classes)),
            "its outputs do not fit its classes",
        )?;
        ensure(self.sizes[0] > 0, "it has no inputs")?;
        let lengths = lengths(&self.sizes).unwrap_or_default();
        let total = lengths.into_iter().try_fold(0_usize, usize::checked_add);
        let whole = |packed: &Packed<T>| Some(packed.0.len()) == total;
        let finite = |packed: &Packed<T>| packed.0.iter().all(|x| x.is_finite());
        let best = self.best.as_ref();
        let parameters = || std::iter::once(&self.parameters).chain(best);
        ensure(parameters().all(whole), "it has not as many parameters as its layers")?;
        ensure(parameters().all(finite), "a parameter is not finite")?;
        ensure(
            best.is_some() == self.classifier.early_stopping,
            "it has best parameters without early stopping, or the other way round",
        )?;
        let kinds = moments_of(self.classifier.solver);
        let moments = self.moments.len() == kinds && self.moments.iter().all(whole);
        ensure(moments, "its moments are not those of its solver and parameters")
    }

    fn check_samples(&self) -> Result<(), Error> {
        let MlpClassifier { early_stopping, validation_fraction, .. } = self.classifier;
        let aside = if early_stopping { validation_count(self.n_samples, validation_fraction) } else { 0 };
        let trained = self.n_samples.checked_sub(aside).filter(|&trained| trained > 0);
        ensure(Some(self.order.0.len()) == trained, "it has not as many rows to train on as its data")?;
        let mut rows = self.order.0.clone();
        rows.sort_unstable();
        let distinct = rows.windows(2).all(|pair| pair[0] < pair[1]);
        let within = rows.last().is_some_and(|&row| (row as usize) < self.n_samples);
        ensure(distinct && within, "its order of rows is none")?;
        let state = self.random_key.0.len() == 624 && self.random_position <= 624;
        ensure(state, "its random numbers have no state of the Mersenne Twister")
    }

    fn check_progress(&self) -> Result<(), Error> {
        let epochs = self.loss_curve.len().checked_sub(self.earlier);
        let Some(epochs) = epochs else { return ensure(false, "it has more earlier epochs than epochs") };
        ensure(self.loss_curve.iter().all(|loss| loss.is_finite()), "a loss is not finite")?;
        let scores = if self.classifier.early_stopping { self.loss_curve.len() } else { 0 };
        let shares = self.validation_scores.iter().all(|score| (0.0..=1.0).contains(score));
        ensure(
            self.validation_scores.len() == scores && shares,
            "its validation scores are not those of its epochs",
        )?;
        let counted = self.no_improvement_count <= self.loss_curve.len();
        ensure(counted, "it counts more epochs without improvement than epochs")?;
        let n_samples = self.order.0.len();
        let batches = n_samples.div_ceil(self.classifier.batch_size_for(n_samples)) as u64;
        let steps = (epochs as u64).checked_mul(batches);
        ensure(Some(self.steps) == steps, "it has not as many updates as its epochs have batches")?;
        let seen =
            (epochs as u64).checked_mul(n_samples as u64).and_then(|n| n.checked_add(self.seen_earlier));
        // Below the largest number that can be counted on by as much again.
        ensure(seen.is_some_and(|seen| seen < 1 << 62), "it has seen more samples than can be counted")?;
        ensure(self.rate.is_finite() && self.rate >= 0.0, "its learning rate is not finite, or negative")
    }
}
