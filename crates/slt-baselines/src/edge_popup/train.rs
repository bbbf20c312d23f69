//! The training loop.

use std::ops::ControlFlow;

use ndarray::{Array1, Array2};
use rand::distr::Distribution;
use slt_core::random::SymmetricUniform;
use slt_core::{BitMask, Purpose, Seed};
use slt_mlp::{Layer, Network};

use super::select::{Selector, n_dropped};
use super::{EdgePopupConfig, EdgePopupEpoch, EdgePopupOutcome, EdgePopupStop, Snapshot};
use crate::kernel::{Blocks, Head, InstructionSet, Masked, Pass, Step, Tally, Want, Workspace, run};
use crate::{Error, Samples, Scalar};

const SCORES: Purpose = Purpose::new("scores");

/// Edge-popup on one network and one data set.
///
/// ```
/// use std::ops::ControlFlow;
/// use slt_baselines::{EdgePopup, EdgePopupConfig, Samples};
/// use slt_core::Seed;
/// use slt_datasets::paper::PaperName;
/// use slt_mlp::{Architecture, Initializer, Network};
///
/// let digits = slt_datasets::digits::paper(2)?;
/// let network = Network::random(&Architecture::new([64, 20, 2])?, Initializer::paper(), Seed(7))?;
/// let config = EdgePopupConfig { epochs: 10, ..EdgePopupConfig::paper(PaperName::Digits) };
/// let (train, test) = (Samples::<f32>::from(&digits.train), Samples::from(&digits.test));
/// let outcome = EdgePopup::new(&network, &train, &test, config)?.run(Seed(7), |_, _| ControlFlow::Continue(()))?;
/// let ticket = outcome.ticket(network)?;
/// assert!(ticket.accuracy(&digits.test)? > 0.9);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone)]
pub struct EdgePopup<T> {
    config: EdgePopupConfig,
    sizes: Vec<usize>,
    /// Weights of each layer, `n_in x n_out`.
    weights: Vec<Vec<T>>,
    biases: Vec<Vec<T>>,
    batches: Vec<Blocks<T>>,
    test: Blocks<T>,
}

impl<T: Scalar> EdgePopup<T> {
    /// A run on a random network.
    ///
    /// # Errors
    /// [`Error::Parameter`] for a hyper-parameter out of range, [`Error::FeatureCount`] or [`Error::ClassCount`] if the
    /// data do not fit the network.
    pub fn new(
        network: &Network,
        train: &Samples<T>,
        test: &Samples<T>,
        config: EdgePopupConfig,
    ) -> Result<Self, Error> {
        let convert = |layer: &Layer| (layer.weights().mapv(T::of_single), layer.biases().mapv(T::of_single));
        let layers: Vec<_> = network.layers().iter().map(convert).collect();
        Self::from_parameters(&layers, train, test, config)
    }

    /// A run on given parameters.
    ///
    /// # Shapes
    /// Weights `n_in x n_out` and biases `n_out` of each layer.
    ///
    /// # Errors
    /// As [`new`](Self::new); [`Error::LayerShape`] if the layers do not fit each other.
    pub fn from_parameters(
        layers: &[(Array2<T>, Array1<T>)],
        train: &Samples<T>,
        test: &Samples<T>,
        config: EdgePopupConfig,
    ) -> Result<Self, Error> {
        config.validate()?;
        let sizes = crate::layers::sizes(layers)?;
        for samples in [train, test] {
            crate::layers::check_samples(&sizes, samples)?;
        }
        let n = train.n_samples();
        let batches = (0..n)
            .step_by(config.batch_size)
            .map(|start| Blocks::pack(train, start..n.min(start.saturating_add(config.batch_size))))
            .collect();
        let test = Blocks::pack(test, 0..test.n_samples());
        let (weights, biases) = layers.iter().map(|(w, b)| (w.iter().copied().collect(), b.to_vec())).unzip();
        Ok(Self { config, sizes, weights, biases, batches, test })
    }

    /// The scores that [`run`](Self::run) starts from: U[-b, b) with b = 1 / sqrt(fan_in), which is Kaiming's uniform
    /// distribution with a = sqrt(5). The stream `scores` of the seed, one index a layer, gives them in bit order; they
    /// are rounded to single precision.
    pub fn initial_scores(&self, seed: Seed) -> Vec<Array2<T>> {
        let draw = |(l, pair): (usize, &[usize])| {
            let mut rng = seed.stream(SCORES, 0, l as u64);
            let bound = 1.0 / (pair[0] as f64).sqrt();
            Array2::from_shape_simple_fn((pair[0], pair[1]), || {
                T::of_single((bound * f64::from(SymmetricUniform.sample(&mut rng))) as f32)
            })
        };
        self.sizes.windows(2).enumerate().map(draw).collect()
    }

    /// Trains random scores.
    ///
    /// The observer is told of every epoch and the mask after it, and may end the run with [`ControlFlow::Break`].
    ///
    /// # Errors
    /// [`Error::Diverged`] if a loss or a score is not finite.
    pub fn run(
        &self,
        seed: Seed,
        observer: impl FnMut(&EdgePopupEpoch, &BitMask) -> ControlFlow<()>,
    ) -> Result<EdgePopupOutcome<T>, Error> {
        self.run_from(&self.initial_scores(seed), observer)
    }

    /// As [`run`](Self::run), from given scores.
    ///
    /// # Shapes
    /// `n_in x n_out` for each layer.
    ///
    /// # Errors
    /// As [`run`](Self::run); [`Error::LayerShape`] or [`Error::Length`] if the scores do not fit the network.
    pub fn run_from(
        &self,
        scores: &[Array2<T>],
        mut observer: impl FnMut(&EdgePopupEpoch, &BitMask) -> ControlFlow<()>,
    ) -> Result<EdgePopupOutcome<T>, Error> {
        let mut state = State::new(self, scores)?;
        let mut history = Vec::with_capacity(self.config.epochs);
        let mut best: Option<Snapshot> = None;
        let mut mask = state.mask();
        let mut stop = EdgePopupStop::Epochs;
        for epoch in 1..=self.config.epochs {
            let record = state.epoch(epoch)?;
            let before = std::mem::replace(&mut mask, state.mask());
            let record = EdgePopupEpoch { changed_bits: mask.hamming_distance(&before), ..record };
            history.push(record);
            let test_accuracy = record.test_accuracy;
            if best.as_ref().is_none_or(|best| test_accuracy > best.test_accuracy) {
                best = Some(Snapshot { epoch, test_accuracy, mask: mask.clone() });
            }
            if observer(&record, &mask).is_break() {
                stop = EdgePopupStop::Observer;
                break;
            }
        }
        let (epoch, test_accuracy) = history.last().map_or((0, 0.0), |r| (r.epoch, r.test_accuracy));
        let last = Snapshot { epoch, test_accuracy, mask };
        let best = best.unwrap_or_else(|| last.clone());
        Ok(EdgePopupOutcome { last, best, history, scores: state.into_scores(), stop })
    }
}

/// Scores, masks and buffers.
struct State<'a, T> {
    task: &'a EdgePopup<T>,
    scores: Vec<Vec<T>>,
    velocities: Vec<Vec<T>>,
    n_dropped: Vec<usize>,
    masks: Vec<Vec<bool>>,
    layers: Vec<Masked<T>>,
    selector: Selector<T>,
    workspace: Workspace<T>,
    gradient: Vec<T>,
}

impl<'a, T: Scalar> State<'a, T> {
    fn new(task: &'a EdgePopup<T>, scores: &[Array2<T>]) -> Result<Self, Error> {
        let expected = task.weights.len();
        if scores.len() != expected {
            return Err(Error::Length { what: "layers of scores", expected, actual: scores.len() });
        }
        for (layer, (scores, pair)) in scores.iter().zip(task.sizes.windows(2)).enumerate() {
            let (expected, actual) = ((pair[0], pair[1]), scores.dim());
            if expected != actual {
                return Err(Error::LayerShape { what: "the scores", layer, expected, actual });
            }
        }
        let lengths = || task.weights.iter().map(Vec::len);
        let mut state = Self {
            task,
            scores: scores.iter().map(|s| s.iter().copied().collect()).collect(),
            velocities: lengths().map(|n| vec![T::zero(); n]).collect(),
            n_dropped: lengths().map(|n| n_dropped(n, task.config.keep)).collect(),
            masks: lengths().map(|n| vec![false; n]).collect(),
            layers: vec![Masked::default(); expected],
            selector: Selector::default(),
            workspace: Workspace::new(&task.sizes),
            gradient: Vec::new(),
        };
        for l in 0..expected {
            state.select(l);
            state.layers[l].set(&task.weights[l], &state.masks[l], task.sizes[l + 1]);
        }
        Ok(state)
    }

    /// Brings the mask of a layer up to date; returns how many of its bits changed.
    fn select(&mut self, l: usize) -> usize {
        self.selector.select(&self.scores[l], self.n_dropped[l], &mut self.masks[l])
    }

    /// Trains for one epoch, numbered from 1, and evaluates the mask after it.
    fn epoch(&mut self, epoch: usize) -> Result<EdgePopupEpoch, Error> {
        let task = self.task;
        let rate = task.config.rate_of(epoch - 1);
        let (mut loss, mut correct, mut n) = (0.0, 0, 0);
        for batch in &task.batches {
            let tally = self.pass(batch, Want::Weights);
            loss += tally.loss();
            correct += tally.correct;
            n += batch.n_samples();
            self.update(rate, batch.n_samples());
        }
        let test = self.pass(&task.test, Want::Tally);
        let record = EdgePopupEpoch {
            epoch,
            learning_rate: rate,
            train_loss: loss / n as f64,
            train_accuracy: correct as f64 / n as f64,
            test_loss: test.loss() / task.test.n_samples() as f64,
            test_accuracy: test.correct as f64 / task.test.n_samples() as f64,
            changed_bits: 0,
        };
        let finite = record.train_loss.is_finite() && self.scores.iter().flatten().all(|s| s.is_finite());
        if finite { Ok(record) } else { Err(Error::Diverged { epoch }) }
    }

    fn pass(&mut self, data: &Blocks<T>, want: Want) -> Tally {
        self.workspace.clear();
        Step {
            layers: &self.layers,
            biases: &self.task.biases,
            data,
            blocks: 0..data.len(),
            head: Some(Head::CrossEntropy),
            want,
            workspace: &mut self.workspace,
        }
        .run();
        self.workspace.tally
    }

    /// A step of all scores against the gradient of the workspace, which is summed over `n` samples.
    fn update(&mut self, rate: f64, n: usize) {
        let config = &self.task.config;
        for l in 0..self.scores.len() {
            self.workspace.weight_gradient(l, &mut self.gradient);
            run(Update {
                scores: &mut self.scores[l],
                velocities: &mut self.velocities[l],
                gradient: &self.gradient,
                weights: &self.task.weights[l],
                n: T::one() / T::of(n as f64),
                rate: T::of(rate),
                momentum: T::of(config.momentum),
                decay: T::of(config.weight_decay),
            });
            if self.select(l) > 0 {
                self.layers[l].set(&self.task.weights[l], &self.masks[l], self.task.sizes[l + 1]);
            }
        }
    }

    fn mask(&self) -> BitMask {
        self.masks.iter().flatten().copied().collect()
    }

    fn into_scores(self) -> Vec<Array2<T>> {
        let shapes = self.task.sizes.windows(2).map(|pair| (pair[0], pair[1]));
        let matrix = |(s, shape)| Array2::from_shape_vec(shape, s).expect("scores keep their shape");
        self.scores.into_iter().zip(shapes).map(matrix).collect()
    }
}

/// `g = dL/dw w sign(s) + decay s; v = momentum v + g; s -= rate v`.
struct Update<'a, T> {
    scores: &'a mut [T],
    velocities: &'a mut [T],
    gradient: &'a [T],
    weights: &'a [T],
    n: T,
    rate: T,
    momentum: T,
    decay: T,
}

impl<T: Scalar> Pass for Update<'_, T> {
    #[inline(always)]
    fn run<I: InstructionSet>(self) {
        let Update { scores, velocities, gradient, weights, n, rate, momentum, decay } = self;
        for (((s, v), &g), &w) in scores.iter_mut().zip(velocities).zip(gradient).zip(weights) {
            let slope = g * n * w;
            // The slope of |s|; zero at zero.
            let slope = if *s > T::zero() { slope } else { -slope };
            let slope = if *s == T::zero() { T::zero() } else { slope };
            *v = momentum * *v + (slope + decay * *s);
            *s -= rate * *v;
        }
    }
}
