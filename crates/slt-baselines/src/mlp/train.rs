//! The training loop.

use std::ops::ControlFlow;

use ndarray::{Array1, Array2};
use serde::{Deserialize, Serialize};
use slt_datasets::numpy::RandomState;

use super::MlpClassifier;
use super::fitted::{FittedMlp, MlpParameters};
use super::solver::Optimizer;
use crate::kernel::{Blocks, Dense, Head, Step, Want, Workspace};
use crate::{Error, Samples, Scalar};

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
}

/// Why training ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum MlpStop {
    /// The loss did not improve by `tol` for more than `n_iter_no_change` epochs.
    Converged,
    /// `max_iter` epochs are over.
    MaxIter,
    /// The observer asked for it.
    Observer,
}

/// The batch size where none is given.
const AUTO_BATCH: usize = 200;

impl MlpClassifier {
    /// Trains on `samples`.
    ///
    /// The observer is told of every epoch and may end the training with [`ControlFlow::Break`].
    ///
    /// # Errors
    /// [`Error::Parameter`] for a hyper-parameter out of range, [`Error::ClassCount`] with fewer than two classes, and
    /// [`Error::Diverged`] if the loss or a parameter is not finite after an epoch.
    pub fn fit<T: Scalar>(
        &self,
        samples: &Samples<T>,
        observer: impl FnMut(&MlpEpoch) -> ControlFlow<()>,
    ) -> Result<FittedMlp<T>, Error> {
        self.validate()?;
        let sizes = self.sizes(samples)?;
        let mut random = RandomState::new(self.random_state);
        let initial = draw(&sizes, &mut random);
        self.train(&sizes, &initial, random, samples, observer)
    }

    /// As [`fit`](Self::fit), from given parameters instead of random ones. The shuffles are the same as if the
    /// parameters had been drawn.
    ///
    /// # Shapes
    /// `coefs` are `n_in x n_out`. Two classes share one output.
    ///
    /// # Errors
    /// As [`fit`](Self::fit); [`Error::LayerShape`] or [`Error::Length`] if the parameters do not fit.
    pub fn fit_from<T: Scalar>(
        &self,
        initial: &MlpParameters<T>,
        samples: &Samples<T>,
        observer: impl FnMut(&MlpEpoch) -> ControlFlow<()>,
    ) -> Result<FittedMlp<T>, Error> {
        self.validate()?;
        let sizes = self.sizes(samples)?;
        initial.check(&sizes)?;
        let mut random = RandomState::new(self.random_state);
        draw::<T>(&sizes, &mut random);
        self.train(&sizes, initial, random, samples, observer)
    }

    /// The parameters that [`fit`](Self::fit) starts from.
    ///
    /// # Errors
    /// As [`fit`](Self::fit).
    pub fn initial_parameters<T: Scalar>(&self, samples: &Samples<T>) -> Result<MlpParameters<T>, Error> {
        self.validate()?;
        Ok(draw(&self.sizes(samples)?, &mut RandomState::new(self.random_state)))
    }

    fn sizes<T: Scalar>(&self, samples: &Samples<T>) -> Result<Vec<usize>, Error> {
        let outputs = match samples.n_classes() {
            classes @ 0..2 => return Err(Error::ClassCount { expected: 2, classes }),
            2 => 1,
            classes => classes,
        };
        Ok([&[samples.n_features()], &self.hidden_layer_sizes[..], &[outputs]].concat())
    }

    fn train<T: Scalar>(
        &self,
        sizes: &[usize],
        initial: &MlpParameters<T>,
        mut random: RandomState,
        samples: &Samples<T>,
        mut observer: impl FnMut(&MlpEpoch) -> ControlFlow<()>,
    ) -> Result<FittedMlp<T>, Error> {
        let n_samples = samples.n_samples();
        let mut order: Vec<usize> = (0..n_samples).collect();
        let mut state = State::new(self, sizes, initial, samples);
        let mut curve: Vec<f64> = Vec::new();
        let (mut best, mut count) = (f64::INFINITY, 0);
        let stop = loop {
            if self.shuffle {
                random.shuffle(&mut order);
            }
            let batch_size = self.batch_size.unwrap_or(AUTO_BATCH).min(n_samples);
            let mut total = 0.0;
            for rows in order.chunks(batch_size) {
                total += state.step(self.alpha, samples, rows);
            }
            let (loss, epoch) = (total / n_samples as f64, curve.len() + 1);
            if !loss.is_finite() || !state.is_finite() {
                return Err(Error::Diverged { epoch });
            }
            curve.push(loss);
            count = if loss > best - self.tol { count + 1 } else { 0 };
            best = best.min(loss);
            let learning_rate = state.optimizer.rate();
            let record = MlpEpoch { epoch, loss, learning_rate, no_improvement_count: count };
            state.optimizer.end_epoch(epoch * n_samples);
            if observer(&record).is_break() {
                break MlpStop::Observer;
            }
            if count > self.n_iter_no_change {
                if state.optimizer.stops() {
                    break MlpStop::Converged;
                }
                count = 0;
            }
            if epoch == self.max_iter {
                break MlpStop::MaxIter;
            }
        };
        Ok(FittedMlp::new(state.into_parameters(sizes), samples.n_classes(), curve, best, stop))
    }
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

/// Parameters, optimiser and buffers; a step allocates nothing.
struct State<T> {
    weights: Vec<Vec<T>>,
    biases: Vec<Vec<T>>,
    optimizer: Optimizer<T>,
    workspace: Workspace<T>,
    batch: Blocks<T>,
    gradient: Vec<T>,
    head: Head,
    n_out: Vec<usize>,
}

impl<T: Scalar> State<T> {
    fn new(
        config: &MlpClassifier,
        sizes: &[usize],
        initial: &MlpParameters<T>,
        samples: &Samples<T>,
    ) -> Self {
        let weights: Vec<Vec<T>> = initial.coefs.iter().map(|w| w.iter().copied().collect()).collect();
        let biases: Vec<Vec<T>> = initial.intercepts.iter().map(|b| b.to_vec()).collect();
        let lengths = weights.iter().chain(&biases).map(Vec::len);
        Self {
            optimizer: Optimizer::new(config, lengths),
            weights,
            biases,
            workspace: Workspace::new(sizes),
            batch: Blocks::new(samples.n_features()),
            gradient: Vec::new(),
            head: if samples.n_classes() == 2 { Head::Logistic } else { Head::ClippedSoftmax },
            n_out: sizes[1..].to_vec(),
        }
    }

    /// One batch: returns the objective, summed over its samples, before the update.
    fn step(&mut self, alpha: f64, samples: &Samples<T>, rows: &[usize]) -> f64 {
        let Self { weights, biases, optimizer, workspace, batch, gradient, head, n_out } = self;
        batch.fill(samples, rows.iter().copied());
        workspace.clear();
        with_layers(weights, n_out, |layers| {
            Step {
                layers,
                biases,
                data: batch,
                blocks: 0..batch.len(),
                head: Some(*head),
                want: Want::All,
                workspace,
            }
            .run();
        });
        let penalty: f64 = weights.iter().map(|w| sum_of_squares(w)).sum();
        optimizer.begin_step();
        for l in 0..weights.len() {
            workspace.weight_gradient(l, gradient);
            optimizer.update(l, &mut weights[l], gradient, alpha, rows.len());
            workspace.bias_gradient(l, gradient);
            optimizer.update(n_out.len() + l, &mut biases[l], gradient, 0.0, rows.len());
        }
        workspace.tally.loss() + 0.5 * alpha * penalty
    }

    fn is_finite(&self) -> bool {
        self.weights.iter().chain(&self.biases).flatten().all(|w| w.is_finite())
    }

    fn into_parameters(self, sizes: &[usize]) -> MlpParameters<T> {
        let shapes = sizes.windows(2).map(|pair| (pair[0], pair[1]));
        let matrix = |(w, shape)| Array2::from_shape_vec(shape, w).expect("weights keep their shape");
        MlpParameters {
            coefs: self.weights.into_iter().zip(shapes).map(matrix).collect(),
            intercepts: self.biases.into_iter().map(Array1::from).collect(),
        }
    }
}

/// Networks of up to this many layers need no allocation for their views.
const USUAL_LAYERS: usize = 8;

/// Calls `body` with views of the weights.
fn with_layers<T: Scalar>(weights: &[Vec<T>], n_out: &[usize], body: impl FnOnce(&[Dense<'_, T>])) {
    let view = |l: usize| Dense { weights: &weights[l], n_out: n_out[l] };
    if weights.len() <= USUAL_LAYERS {
        let views: [Dense<'_, T>; USUAL_LAYERS] = std::array::from_fn(|l| view(l.min(weights.len() - 1)));
        body(&views[..weights.len()]);
    } else {
        body(&(0..weights.len()).map(view).collect::<Vec<_>>());
    }
}

/// In double precision, in eight lanes.
fn sum_of_squares<T: Scalar>(values: &[T]) -> f64 {
    let mut lanes = [0.0; 8];
    let (chunks, rest) = values.as_chunks::<8>();
    for chunk in chunks {
        for i in 0..8 {
            lanes[i] += chunk[i].to_double() * chunk[i].to_double();
        }
    }
    for (lane, x) in lanes.iter_mut().zip(rest) {
        *lane += x.to_double() * x.to_double();
    }
    lanes.iter().sum()
}
