//! A training that its user steps, one epoch at a time.

use std::cell::OnceCell;

use ndarray::Array1;
use serde::{Deserialize, Serialize};
use slt_datasets::numpy::RandomState;

use super::fitted::{FittedMlp, MlpParameters};
use super::network::{Trained, parameters};
use super::solver::Optimizer;
use super::validation::split;
use super::{MlpCheckpoint, MlpClassifier, Solver};
use crate::checkpoint::fingerprint_of;
use crate::error::{any_large, penalty_diverges};
use crate::kernel::{Batch, EVALUATION_BATCH};
use crate::{Divergence, Error, Samples, Scalar};

/// What an observer learns after every epoch.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct MlpEpoch {
    /// Number of the epoch, from 1.
    pub epoch: usize,
    /// Mean objective over the epoch's batches, each taken before its update.
    pub loss: f64,
    /// The learning rate of the epoch; Adam's, of its last batch, with the correction for the start.
    pub learning_rate: f64,
    /// Epochs in a row without improvement.
    pub no_improvement_count: usize,
    /// With early stopping, the accuracy on the validation part after the epoch.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub validation_score: Option<f64>,
}

/// Why training ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum MlpStop {
    /// Loss or validation score did not improve by `tol` for more than `n_iter_no_change` epochs.
    Converged,
    /// `max_iter` epochs are over.
    MaxIter,
    /// The observer, or whoever stepped the training, asked for it.
    Observer,
}

/// A training that is stepped by its user, one epoch at a time, and can be interrupted and resumed.
///
/// Resumed from the [checkpoint](Self::checkpoint) of any epoch, on the same samples, it goes on to the same
/// end, bit for bit. Only `max_iter` may be another one then: no result depends on it but by its being the
/// end.
///
/// ```
/// use slt_baselines::{MlpCheckpoint, MlpClassifier, MlpTraining, Samples};
/// let digits = Samples::<f32>::from(&slt_datasets::paper::digits(2)?.train);
/// let mlp = MlpClassifier { max_iter: 4, ..MlpClassifier::scikit_learn([10]) };
/// let mut training = MlpTraining::start(&mlp, &digits)?;
/// training.step()?;
/// let bytes = training.checkpoint().to_bytes();
/// while training.stop().is_none() {
///     training.step()?;
/// }
///
/// let resumed = MlpTraining::resume(&mlp, &digits, MlpCheckpoint::from_bytes(&bytes)?)?;
/// let fitted = resumed.run(|_| std::ops::ControlFlow::Continue(()))?;
/// assert_eq!(fitted, training.fitted());
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug)]
pub struct MlpTraining<'a, T> {
    pub(super) config: MlpClassifier,
    pub(super) samples: &'a Samples<T>,
    pub(super) sizes: Vec<usize>,
    pub(super) random: RandomState,
    /// The rows that are trained on, in the order of the last epoch.
    pub(super) order: Vec<usize>,
    pub(super) network: Trained<T>,
    pub(super) optimizer: Optimizer<T>,
    pub(super) validation: Option<Validation<T>>,
    pub(super) progress: Progress,
    pub(super) fingerprint: OnceCell<u64>,
}

/// What the stopping rule goes by.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Progress {
    pub(super) loss_curve: Vec<f64>,
    pub(super) best_loss: f64,
    /// One for each loss with early stopping, else none.
    pub(super) validation_scores: Vec<f64>,
    pub(super) best_score: f64,
    pub(super) no_improvement_count: usize,
    /// Epochs of the curve and samples seen before this training.
    pub(super) earlier: usize,
    pub(super) seen_earlier: u64,
}

/// The part that was set aside, and the best parameters on it so far.
#[derive(Debug)]
pub(super) struct Validation<T> {
    pub(super) data: Vec<Batch<T>>,
    pub(super) best: Vec<Vec<T>>,
}

impl Progress {
    pub(super) fn new(loss_curve: Vec<f64>, validation_scores: Vec<f64>) -> Self {
        let best_loss = loss_curve.iter().copied().fold(f64::INFINITY, f64::min);
        let best_score = validation_scores.iter().copied().fold(f64::NEG_INFINITY, f64::max);
        Self {
            loss_curve,
            best_loss,
            validation_scores,
            best_score,
            no_improvement_count: 0,
            earlier: 0,
            seen_earlier: 0,
        }
    }

    fn counted(&mut self, improved: bool) {
        self.no_improvement_count = if improved { 0 } else { self.no_improvement_count.saturating_add(1) };
    }
}

impl<'a, T: Scalar> MlpTraining<'a, T> {
    /// Draws the initial parameters.
    ///
    /// # Errors
    /// As [`MlpClassifier::fit`], but for divergence.
    pub fn start(classifier: &MlpClassifier, samples: &'a Samples<T>) -> Result<Self, Error> {
        let sizes = classifier.sizes(samples)?;
        let mut random = RandomState::new(classifier.random_state);
        let initial = draw(&sizes, &mut random);
        Self::new(classifier, samples, sizes, &initial, random, Progress::new(Vec::new(), Vec::new()))
    }

    /// Takes the initial parameters, see [`MlpClassifier::fit_from`].
    ///
    /// # Errors
    /// As [`MlpClassifier::fit_from`], but for divergence.
    pub fn start_from(
        classifier: &MlpClassifier,
        initial: &MlpParameters<T>,
        samples: &'a Samples<T>,
    ) -> Result<Self, Error> {
        let sizes = classifier.sizes(samples)?;
        initial.check(&sizes)?;
        let mut random = RandomState::new(classifier.random_state);
        draw::<T>(&sizes, &mut random);
        Self::new(classifier, samples, sizes, initial, random, Progress::new(Vec::new(), Vec::new()))
    }

    /// Goes on from where another training ended, see [`MlpClassifier::warm_start`].
    ///
    /// # Errors
    /// As [`MlpClassifier::warm_start`], but for divergence.
    pub fn warm_start(
        classifier: &MlpClassifier,
        fitted: &FittedMlp<T>,
        samples: &'a Samples<T>,
    ) -> Result<Self, Error> {
        let sizes = classifier.sizes(samples)?;
        fitted.parameters.check(&sizes)?;
        let before = fitted.validation_scores.is_some();
        if before != classifier.early_stopping {
            return Err(Error::EarlyStopping { before });
        }
        let scores = fitted.validation_scores.clone().unwrap_or_default();
        let progress = Progress {
            no_improvement_count: fitted.no_improvement_count,
            earlier: fitted.loss_curve.len(),
            seen_earlier: fitted.samples_seen,
            ..Progress::new(fitted.loss_curve.clone(), scores)
        };
        let random = RandomState::new(classifier.random_state);
        Self::new(classifier, samples, sizes, &fitted.parameters, random, progress)
    }

    /// Goes on from a checkpoint.
    ///
    /// # Errors
    /// [`Error::ResumeMismatch`] if the samples or a hyper-parameter other than `max_iter` are not the
    /// checkpoint's, [`Error::ResumeBeyond`] if more than `max_iter` epochs are over.
    pub fn resume(
        classifier: &MlpClassifier,
        samples: &'a Samples<T>,
        checkpoint: MlpCheckpoint<T>,
    ) -> Result<Self, Error> {
        checkpoint.restore(classifier, samples)
    }

    fn new(
        config: &MlpClassifier,
        samples: &'a Samples<T>,
        sizes: Vec<usize>,
        initial: &MlpParameters<T>,
        mut random: RandomState,
        progress: Progress,
    ) -> Result<Self, Error> {
        let network = Trained::new(&sizes, initial, samples.n_classes());
        let (order, validation) = if config.early_stopping {
            let (labels, fraction) = (samples.labels(), config.validation_fraction);
            let parts = split(labels, samples.n_classes(), fraction, &mut random)?;
            let data = set_aside(samples, &parts.train);
            (parts.train, Some(Validation { data, best: network.tensors().to_vec() }))
        } else {
            ((0..samples.n_samples()).collect(), None)
        };
        let lengths = network.tensors().iter().map(Vec::len);
        let optimizer = Optimizer::new(config, lengths);
        let (config, fingerprint) = (config.clone(), OnceCell::new());
        Ok(Self {
            config,
            samples,
            sizes,
            random,
            order,
            network,
            optimizer,
            validation,
            progress,
            fingerprint,
        })
    }

    /// Trains for an epoch, whether or not there is a reason to stop.
    ///
    /// Batches of wide networks are spread over the threads of the current rayon pool; no result depends on
    /// them.
    ///
    /// # Errors
    /// [`Error::Diverged`] if the loss or a parameter is not finite. Such a training is lost: go back to a
    /// checkpoint.
    pub fn step(&mut self) -> Result<MlpEpoch, Error> {
        let Self { config, samples, random, order, network, optimizer, validation, progress, .. } = self;
        if config.shuffle {
            random.shuffle(order);
        }
        let mut total = 0.0;
        let mut finite_at_first = true;
        let n_samples = order.len();
        for (batch, rows) in order.chunks(config.batch_size_for(n_samples)).enumerate() {
            total += T::step(network, optimizer, config.alpha, samples, rows);
            finite_at_first &= batch > 0 || total.is_finite();
        }
        let loss = total / n_samples as f64;
        let epoch = progress.loss_curve.len() - progress.earlier + 1;
        if !loss.is_finite() || !network.is_finite() {
            let cause = if epoch == 1 && !finite_at_first { Divergence::Start } else { self.cause() };
            return Err(Error::Diverged { epoch, cause });
        }
        progress.loss_curve.push(loss);
        let validation_score = match validation {
            Some(validation) => Some(validation.judge(network, progress, config.tol)),
            None => {
                progress.counted(loss <= progress.best_loss - config.tol);
                None
            }
        };
        progress.best_loss = progress.best_loss.min(loss);
        let no_improvement_count = progress.no_improvement_count;
        let learning_rate = optimizer.rate();
        optimizer.end_epoch(progress.seen_earlier.saturating_add((epoch as u64) * (n_samples as u64)));
        if no_improvement_count > config.n_iter_no_change && !optimizer.stops() {
            progress.no_improvement_count = 0;
        }
        Ok(MlpEpoch { epoch, loss, learning_rate, no_improvement_count, validation_score })
    }

    /// Why the training should end now, if it should.
    pub fn stop(&self) -> Option<MlpStop> {
        let epochs = self.n_iter();
        // The count is still above the limit only if the learning rate could not be lowered instead.
        if epochs > 0 && self.progress.no_improvement_count > self.config.n_iter_no_change {
            Some(MlpStop::Converged)
        } else {
            (epochs >= self.config.max_iter).then_some(MlpStop::MaxIter)
        }
    }

    /// Epochs so far.
    pub fn n_iter(&self) -> usize {
        self.progress.loss_curve.len() - self.progress.earlier
    }

    /// The objective in each epoch so far, those of the training that this one goes on from included.
    pub fn loss_curve(&self) -> &[f64] {
        &self.progress.loss_curve
    }

    /// Samples in a batch: what was asked for, or as many as there are to train on.
    pub fn batch_size(&self) -> usize {
        self.config.batch_size_for(self.order.len())
    }

    /// All that it takes to go on to the same end.
    pub fn checkpoint(&self) -> MlpCheckpoint<T> {
        MlpCheckpoint::take(self)
    }

    /// Ends the training. Its reason is [`MlpStop::Observer`] unless there is a better one.
    pub fn fitted(self) -> FittedMlp<T> {
        let (stop, batch_size) = (self.stop().unwrap_or(MlpStop::Observer), self.batch_size());
        let epochs = self.n_iter() as u64;
        let Self { samples, sizes, order, network, validation, progress, .. } = self;
        let scores = validation.is_some().then_some(progress.validation_scores);
        let tensors = validation.map_or_else(|| network.tensors().to_vec(), |validation| validation.best);
        FittedMlp {
            parameters: parameters(&sizes, tensors),
            n_classes: samples.n_classes(),
            loss_curve: progress.loss_curve,
            best_loss: progress.best_loss,
            stop,
            validation_scores: scores,
            batch_size,
            earlier: progress.earlier,
            no_improvement_count: progress.no_improvement_count,
            samples_seen: progress.seen_earlier.saturating_add(epochs * order.len() as u64),
        }
    }

    pub(super) fn fingerprint(&self) -> u64 {
        *self.fingerprint.get_or_init(|| fingerprint_of([self.samples], []))
    }

    /// What is to blame where the loss was finite at first.
    fn cause(&self) -> Divergence {
        let MlpClassifier { solver, alpha, learning_rate_init, momentum, epsilon, .. } = self.config;
        let per_sample = alpha / self.batch_size() as f64;
        let (penalty, idle_epsilon) = match solver {
            Solver::Sgd => (penalty_diverges(learning_rate_init, per_sample, momentum), false),
            // Adam's steps do not depend on the size of the gradient, unless its square overflows, or
            // underflows.
            Solver::Adam => (
                T::of(per_sample * per_sample).is_infinite(),
                epsilon < T::MIN_POSITIVE.to_double().sqrt() && learning_rate_init <= 1.0,
            ),
        };
        if penalty {
            Divergence::Penalty("alpha")
        } else if any_large(self.samples.values()) {
            Divergence::Features
        } else if idle_epsilon {
            Divergence::Epsilon
        } else {
            Divergence::LearningRate
        }
    }
}

impl<T: Scalar> Validation<T> {
    /// Takes the score of an epoch, and the parameters where it is the best one.
    fn judge(&mut self, network: &mut Trained<T>, progress: &mut Progress, tol: f64) -> f64 {
        let n_samples: usize = self.data.iter().map(Batch::n_samples).sum();
        let score = T::correct(network, &self.data) as f64 / n_samples as f64;
        progress.validation_scores.push(score);
        progress.counted(score >= progress.best_score + tol);
        if score > progress.best_score {
            progress.best_score = score;
            self.best.clone_from_slice(network.tensors());
        }
        score
    }
}

/// The samples that are not at the rows of `train`, in order.
pub(super) fn set_aside<T: Scalar>(samples: &Samples<T>, train: &[usize]) -> Vec<Batch<T>> {
    let mut trained = vec![false; samples.n_samples()];
    train.iter().for_each(|&row| trained[row] = true);
    let rows: Vec<usize> = (0..trained.len()).filter(|&row| !trained[row]).collect();
    Batch::pack_all(samples, &rows, EVALUATION_BATCH)
}

impl MlpClassifier {
    /// The parameters that [`fit`](Self::fit) starts from.
    ///
    /// # Errors
    /// As [`fit`](Self::fit).
    pub fn initial_parameters<T: Scalar>(&self, samples: &Samples<T>) -> Result<MlpParameters<T>, Error> {
        Ok(draw(&self.sizes(samples)?, &mut RandomState::new(self.random_state)))
    }

    /// The sizes of the layers, inputs first; hyper-parameters and classes are checked.
    pub(super) fn sizes<T: Scalar>(&self, samples: &Samples<T>) -> Result<Vec<usize>, Error> {
        self.validate_in::<T>()?;
        let outputs = match samples.n_classes() {
            classes @ 0..2 => return Err(Error::ClassCount { expected: 2, classes }),
            classes => outputs(classes),
        };
        Ok([&[samples.n_features()], &self.hidden_layer_sizes[..], &[outputs]].concat())
    }
}

/// Outputs for so many classes: two share one.
pub(super) fn outputs(classes: usize) -> usize {
    if classes == 2 { 1 } else { classes }
}

/// Uniform parameters within Glorot's bound, layer by layer, weights before biases.
fn draw<T: Scalar>(sizes: &[usize], random: &mut RandomState) -> MlpParameters<T> {
    let mut parameters = MlpParameters { coefs: Vec::new(), intercepts: Vec::new() };
    for pair in sizes.windows(2) {
        let bound = (6.0 / (pair[0] + pair[1]) as f64).sqrt();
        let coefs = random.uniform_array(-bound, bound, (pair[0], pair[1]));
        parameters.coefs.push(coefs.mapv(T::of));
        let intercepts = Array1::from_shape_simple_fn(pair[1], || random.uniform(-bound, bound));
        parameters.intercepts.push(intercepts.mapv(T::of));
    }
    parameters
}
