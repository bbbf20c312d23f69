//! The update rules.

use super::{LearningRate, MlpClassifier, Solver};
use crate::Scalar;
use crate::kernel::{Pass, Rule, Vectors, run};

/// Below this, an adaptive learning rate is not divided any more.
const LEAST_RATE: f64 = 1e-6;

/// How many moments a solver keeps for each parameter: a velocity, or two means.
pub(super) fn moments_of(solver: Solver) -> usize {
    match solver {
        Solver::Sgd => 1,
        Solver::Adam => 2,
    }
}

/// Learning rate and moments of a training run.
#[derive(Debug)]
pub(crate) struct Optimizer<T> {
    solver: Solver,
    schedule: LearningRate,
    initial_rate: f64,
    power_t: f64,
    rate: f64,
    momentum: f64,
    nesterov: bool,
    beta: [f64; 2],
    epsilon: f64,
    /// Updates so far.
    steps: u64,
    /// For each tensor: velocity, or the two means of Adam.
    moments: Vec<[Vec<T>; 2]>,
}

impl<T: Scalar> Optimizer<T> {
    /// For tensors of the given lengths.
    pub(super) fn new(config: &MlpClassifier, lengths: impl Iterator<Item = usize>) -> Self {
        Self {
            solver: config.solver,
            schedule: config.learning_rate,
            initial_rate: config.learning_rate_init,
            power_t: config.power_t,
            rate: config.learning_rate_init,
            momentum: config.momentum,
            nesterov: config.nesterovs_momentum,
            beta: [config.beta_1, config.beta_2],
            epsilon: config.epsilon,
            steps: 0,
            moments: lengths.map(|n| std::array::from_fn(|_| vec![T::zero(); n])).collect(),
        }
    }

    /// Goes on where another optimiser stood: its [`rate`](Self::rate), [`steps`](Self::steps) and
    /// [`moments`](Self::moments).
    pub(super) fn restore(&mut self, rate: f64, steps: u64, moments: &[Vec<T>]) {
        (self.rate, self.steps) = (rate, steps);
        for (kind, all) in moments.iter().enumerate() {
            let mut rest = &all[..];
            for tensor in &mut self.moments {
                let (own, others) = rest.split_at(tensor[kind].len());
                tensor[kind].copy_from_slice(own);
                rest = others;
            }
        }
    }

    /// Updates so far.
    pub(super) fn steps(&self) -> u64 {
        self.steps
    }

    /// The moments that the solver uses, each over all tensors.
    pub(super) fn moments(&self) -> Vec<Vec<T>> {
        let kinds = 0..moments_of(self.solver);
        kinds.map(|kind| self.moments.iter().flat_map(|tensor| &tensor[kind]).copied().collect()).collect()
    }

    /// The rate of the last update; Adam's includes the correction for the start.
    pub(super) fn rate(&self) -> f64 {
        self.rate
    }

    /// Begins an update of all tensors.
    pub(super) fn begin_step(&mut self) {
        self.steps += 1;
        if self.solver == Solver::Adam {
            let t = self.steps as f64;
            let correction = (1.0 - libm::pow(self.beta[1], t)).sqrt() / (1.0 - libm::pow(self.beta[0], t));
            self.rate = self.initial_rate * correction;
        }
    }

    /// How one tensor is updated: the gradient is that of the summed loss over `n` samples, `alpha` the
    /// strength of the penalty.
    pub(super) fn rule<'a>(
        &'a mut self,
        tensor: usize,
        w: &'a mut [T],
        alpha: f64,
        n: usize,
    ) -> Update<'a, T> {
        let formula = match self.solver {
            Solver::Sgd => Formula::Sgd { momentum: T::of(self.momentum), nesterov: self.nesterov },
            Solver::Adam => Formula::Adam {
                beta: self.beta.map(T::of),
                // scikit-learn takes 1 - beta in double precision.
                rest: self.beta.map(|beta| T::of(1.0 - beta)),
                epsilon: T::of(self.epsilon),
            },
        };
        let (rate, alpha, n) = (T::of(self.rate), T::of(alpha), T::one() / T::of(n as f64));
        let moments = self.moments[tensor].each_mut().map(Vec::as_mut_slice);
        Update { formula, rate, alpha, n, w, moments }
    }

    /// Updates one tensor without a penalty.
    pub(super) fn update(&mut self, tensor: usize, w: &mut [T], gradient: &[T], n: usize) {
        run(Whole(self.rule(tensor, w, 0.0, n), gradient));
    }

    /// Called after every epoch.
    pub(super) fn end_epoch(&mut self, samples_seen: u64) {
        if self.solver == Solver::Sgd && self.schedule == LearningRate::InvScaling {
            self.rate = self.initial_rate / libm::pow(samples_seen.saturating_add(1) as f64, self.power_t);
        }
    }

    /// Called when the loss does not improve any more: whether to stop.
    pub(super) fn stops(&mut self) -> bool {
        let adaptive = self.solver == Solver::Sgd && self.schedule == LearningRate::Adaptive;
        if !adaptive || self.rate <= LEAST_RATE {
            return true;
        }
        self.rate /= 5.0;
        false
    }
}

/// The update of one tensor, or of a part of it.
#[derive(Debug)]
pub(super) struct Update<'a, T> {
    formula: Formula<T>,
    rate: T,
    alpha: T,
    /// What the gradient is multiplied by to be that of the mean loss.
    n: T,
    w: &'a mut [T],
    moments: [&'a mut [T]; 2],
}

#[derive(Debug, Clone, Copy)]
enum Formula<T> {
    Sgd { momentum: T, nesterov: bool },
    Adam { beta: [T; 2], rest: [T; 2], epsilon: T },
}

impl<T: Scalar> Rule<T> for Update<'_, T> {
    #[inline(always)]
    fn apply(&mut self, start: usize, gradient: &[T]) {
        let range = start..start + gradient.len();
        let Self { formula, rate, alpha, n, w, moments: [first, second] } = self;
        let (rate, alpha, n, w) = (*rate, *alpha, *n, &mut w[range.clone()]);
        match *formula {
            Formula::Sgd { momentum, nesterov } => {
                for ((w, &g), v) in w.iter_mut().zip(gradient).zip(&mut first[range]) {
                    let step = rate * ((g + alpha * *w) * n);
                    *v = momentum * *v - step;
                    *w += if nesterov { momentum * *v - step } else { *v };
                }
            }
            Formula::Adam { beta, rest, epsilon } => {
                let moments = first[range.clone()].iter_mut().zip(&mut second[range]);
                for ((w, &g), (mean, square)) in w.iter_mut().zip(gradient).zip(moments) {
                    let g = (g + alpha * *w) * n;
                    *mean = beta[0] * *mean + rest[0] * g;
                    *square = beta[1] * *square + rest[1] * (g * g);
                    *w -= rate * *mean / (square.sqrt() + epsilon);
                }
            }
        }
    }

    fn split_at(self, n_weights: usize) -> (Self, Self) {
        let (w, others) = self.w.split_at_mut(n_weights);
        let [(a, c), (b, d)] = self.moments.map(|moments| moments.split_at_mut(n_weights));
        (Update { w, moments: [a, b], ..self }, Update { w: others, moments: [c, d], ..self })
    }
}

/// The update of a whole tensor.
struct Whole<'a, T>(Update<'a, T>, &'a [T]);

impl<T: Scalar> Pass for Whole<'_, T> {
    #[inline(always)]
    fn run<I: Vectors>(self) {
        let Self(mut update, gradient) = self;
        update.apply(0, gradient);
    }
}
