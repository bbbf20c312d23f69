//! The scores of a network and what follows from them, and one epoch of their descent.

use ndarray::Array2;
use slt_core::BitMask;

use super::select::{Cut, Selector, n_dropped};
use super::{EdgePopup, EdgePopupEpoch};
use crate::error::penalty_diverges;
use crate::kernel::{Batch, Gradient, Head, Layer, Rule, Tally, Workspace, spread};
use crate::{Divergence, Error, Scalar};

/// Scores, masks and buffers.
#[derive(Debug)]
pub(crate) struct Scored<'a, T> {
    pub(super) task: &'a EdgePopup<T>,
    pub(super) scores: Vec<Vec<T>>,
    pub(super) velocities: Vec<Vec<T>>,
    n_dropped: Vec<usize>,
    selectors: Vec<Selector<T>>,
    /// Of each layer, what is dropped.
    cuts: Vec<Cut<T>>,
    /// Weights of each layer, zero where they are dropped.
    masked: Vec<Vec<T>>,
    workspace: Workspace<T>,
}

impl<'a, T: Scalar> Scored<'a, T> {
    /// Scores and velocities of each layer, as many as it has weights.
    pub(crate) fn new(task: &'a EdgePopup<T>, scores: Vec<Vec<T>>, velocities: Vec<Vec<T>>) -> Self {
        let n_dropped: Vec<usize> =
            task.weights.iter().map(|w| n_dropped(w.len(), task.config.keep)).collect();
        let mut selectors = vec![Selector::default(); task.weights.len()];
        let cuts =
            selectors.iter_mut().zip(&scores).zip(&n_dropped).map(|((s, scores), &n)| s.cut(scores, n));
        let mut scored = Self {
            task,
            cuts: cuts.collect(),
            scores,
            velocities,
            n_dropped,
            selectors,
            masked: task.weights.clone(),
            workspace: Workspace::new(&task.sizes),
        };
        for l in 0..task.weights.len() {
            scored.select(l);
        }
        scored
    }

    /// Brings the mask of a layer up to date.
    fn select(&mut self, l: usize) {
        self.cuts[l] = self.selectors[l].cut(&self.scores[l], self.n_dropped[l]);
        self.cuts[l].apply(&self.scores[l], &self.task.weights[l], &mut self.masked[l]);
    }

    /// Trains for one epoch, numbered from 1, and evaluates the mask after it.
    pub(crate) fn epoch(&mut self, epoch: usize) -> Result<EdgePopupEpoch, Error> {
        let task = self.task;
        let rate = task.config.rate_of(epoch - 1);
        let (mut loss, mut correct, mut n) = (0.0, 0, 0);
        let mut finite_at_first = true;
        for batch in &task.batches {
            let layers = layers_of(&self.masked, &task.biases);
            self.workspace.forward(&layers, batch);
            let tally = self.workspace.backward(Head::CrossEntropy, &layers, batch);
            loss += tally.loss();
            finite_at_first &= n > 0 || loss.is_finite();
            correct += tally.correct;
            n += batch.n_samples();
            self.update(rate, batch);
        }
        let test = self.test();
        let n_test = task.test.iter().map(Batch::n_samples).sum::<usize>() as f64;
        let record = EdgePopupEpoch {
            epoch,
            learning_rate: rate,
            train_loss: loss / n as f64,
            train_accuracy: correct as f64 / n as f64,
            test_loss: test.loss() / n_test,
            test_accuracy: test.correct as f64 / n_test,
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

    /// The mask on the test data.
    fn test(&mut self) -> Tally {
        let layers = layers_of(&self.masked, &self.task.biases);
        let mut tally = Tally::default();
        for batch in &self.task.test {
            self.workspace.forward(&layers, batch);
            tally.add(&self.workspace.tally(Head::CrossEntropy, batch));
        }
        tally
    }

    /// A step of all scores against the gradient on the batch that the workspace holds.
    fn update(&mut self, rate: f64, batch: &Batch<T>) {
        let config = &self.task.config;
        for l in 0..self.scores.len() {
            let rule = Descent {
                scores: &mut self.scores[l],
                velocities: &mut self.velocities[l],
                weights: &self.task.weights[l],
                n: T::one() / T::of(batch.n_samples() as f64),
                rate: T::of(rate),
                momentum: T::of(config.momentum),
                decay: T::of(config.weight_decay),
            };
            spread(Gradient::new([self.workspace.factors(l, batch)], rule));
            self.select(l);
        }
    }

    pub(super) fn mask(&self) -> BitMask {
        self.cuts.iter().zip(&self.scores).flat_map(|(cut, scores)| cut.mask(scores)).collect()
    }

    pub(super) fn into_scores(self) -> Vec<Array2<T>> {
        let shapes = self.task.sizes.windows(2).map(|pair| (pair[0], pair[1]));
        let matrix = |(s, shape)| Array2::from_shape_vec(shape, s).expect("scores keep their shape");
        self.scores.into_iter().zip(shapes).map(matrix).collect()
    }
}

/// Views of all layers.
fn layers_of<'a, T>(masked: &'a [Vec<T>], biases: &'a [Vec<T>]) -> Vec<Layer<'a, T>> {
    masked.iter().zip(biases).map(|(weights, biases)| Layer { weights, biases, masked: true }).collect()
}

/// `g = dL/dw w sign(s) + decay s; v = momentum v + g; s -= rate v`.
struct Descent<'a, T> {
    scores: &'a mut [T],
    velocities: &'a mut [T],
    weights: &'a [T],
    n: T,
    rate: T,
    momentum: T,
    decay: T,
}

impl<T: Scalar> Rule<T> for Descent<'_, T> {
    #[inline(always)]
    fn apply(&mut self, start: usize, gradient: &[T]) {
        let range = start..start + gradient.len();
        let &mut Self { n, rate, momentum, decay, .. } = self;
        let scores = self.scores[range.clone()].iter_mut().zip(&mut self.velocities[range.clone()]);
        for (((s, v), &g), &w) in scores.zip(gradient).zip(&self.weights[range]) {
            let slope = g * n * w;
            // The slope of |s|; zero at zero.
            let slope = if *s > T::zero() { slope } else { -slope };
            let slope = if *s == T::zero() { T::zero() } else { slope };
            *v = momentum * *v + (slope + decay * *s);
            *s -= rate * *v;
        }
    }

    fn split_at(self, n_weights: usize) -> (Self, Self) {
        let (scores, other_scores) = self.scores.split_at_mut(n_weights);
        let (velocities, other_velocities) = self.velocities.split_at_mut(n_weights);
        let (weights, other_weights) = self.weights.split_at(n_weights);
        (
            Descent { scores, velocities, weights, ..self },
            Descent { scores: other_scores, velocities: other_velocities, weights: other_weights, ..self },
        )
    }
}
