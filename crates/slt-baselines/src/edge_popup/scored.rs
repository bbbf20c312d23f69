//! The scores of a network and what follows from them, and one epoch of their descent.

use ndarray::Array2;
use slt_core::BitMask;

use super::select::{Selector, n_dropped};
use super::{EdgePopup, EdgePopupEpoch};
use crate::error::penalty_diverges;
use crate::kernel::{Blocks, Head, Masked, Pass, Step, Tally, Vectors, Want, Workspace, run};
use crate::{Divergence, Error, Scalar};

/// Scores, masks and buffers.
#[derive(Debug)]
pub(super) struct Scored<'a, T> {
    pub(super) task: &'a EdgePopup<T>,
    pub(super) scores: Vec<Vec<T>>,
    pub(super) velocities: Vec<Vec<T>>,
    n_dropped: Vec<usize>,
    masks: Vec<Vec<bool>>,
    layers: Vec<Masked<T>>,
    selector: Selector<T>,
    workspace: Workspace<T>,
    gradient: Vec<T>,
}

impl<'a, T: Scalar> Scored<'a, T> {
    /// Scores and velocities of each layer, as many as it has weights.
    pub(super) fn new(task: &'a EdgePopup<T>, scores: Vec<Vec<T>>, velocities: Vec<Vec<T>>) -> Self {
        let lengths = || task.weights.iter().map(Vec::len);
        let mut scored = Self {
            task,
            scores,
            velocities,
            n_dropped: lengths().map(|n| n_dropped(n, task.config.keep)).collect(),
            masks: lengths().map(|n| vec![false; n]).collect(),
            layers: vec![Masked::default(); task.weights.len()],
            selector: Selector::default(),
            workspace: Workspace::new(&task.sizes),
            gradient: Vec::new(),
        };
        for l in 0..task.weights.len() {
            scored.select(l);
            scored.layers[l].set(&task.weights[l], &scored.masks[l], task.sizes[l + 1]);
        }
        scored
    }

    /// Brings the mask of a layer up to date; returns how many of its bits changed.
    fn select(&mut self, l: usize) -> usize {
        self.selector.select(&self.scores[l], self.n_dropped[l], &mut self.masks[l])
    }

    /// Trains for one epoch, numbered from 1, and evaluates the mask after it.
    pub(super) fn epoch(&mut self, epoch: usize) -> Result<EdgePopupEpoch, Error> {
        let task = self.task;
        let rate = task.config.rate_of(epoch - 1);
        let (mut loss, mut correct, mut n) = (0.0, 0, 0);
        let mut finite_at_first = true;
        for batch in &task.batches {
            let tally = self.pass(batch, Want::Weights);
            loss += tally.loss();
            finite_at_first &= n > 0 || loss.is_finite();
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
        if finite {
            return Ok(record);
        }
        let cause = if epoch == 1 && !finite_at_first { Divergence::Start } else { self.cause() };
        Err(Error::Diverged { epoch, cause })
    }

    /// What is to blame where the loss was finite at first.
    fn cause(&self) -> Divergence {
        let EdgePopup { config, large: (features, weights), .. } = self.task;
        if penalty_diverges(config.learning_rate, config.weight_decay, config.momentum) {
            Divergence::Penalty("weight_decay")
        } else if *features {
            Divergence::Features
        } else if *weights {
            Divergence::Weights
        } else {
            Divergence::LearningRate
        }
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

    pub(super) fn mask(&self) -> BitMask {
        self.masks.iter().flatten().copied().collect()
    }

    pub(super) fn into_scores(self) -> Vec<Array2<T>> {
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
    fn run<I: Vectors>(self) {
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
