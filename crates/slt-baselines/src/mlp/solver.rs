//! The update rules.

use super::{LearningRate, MlpClassifier, Solver};
use crate::Scalar;
use crate::kernel::{Pass, Vectors, run};

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
pub(super) struct Optimizer<T> {
    solver: Solver,
    schedule: LearningRate,
    initial_rate: f64,
    power_t: f64,
    rate: f64,
    momentum: f64,
    nesterov: bool,
    beta: (f64, f64),
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
            beta: (config.beta_1, config.beta_2),
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
            let correction = (1.0 - libm::pow(self.beta.1, t)).sqrt() / (1.0 - libm::pow(self.beta.0, t));
            self.rate = self.initial_rate * correction;
        }
    }

    /// Updates one tensor: `gradient` is that of the summed loss over `n` samples, `alpha` the strength of the penalty.
    pub(super) fn update(&mut self, tensor: usize, w: &mut [T], gradient: &[T], alpha: f64, n: usize) {
        let [first, second] = &mut self.moments[tensor];
        let (rate, alpha, n) = (T::of(self.rate), T::of(alpha), T::one() / T::of(n as f64));
        match self.solver {
            Solver::Sgd => {
                let (momentum, nesterov) = (T::of(self.momentum), self.nesterov);
                run(Sgd { w, gradient, velocity: first, alpha, n, rate, momentum, nesterov });
            }
            Solver::Adam => {
                let (beta, epsilon) = ((T::of(self.beta.0), T::of(self.beta.1)), T::of(self.epsilon));
                // scikit-learn takes 1 - beta in double precision.
                let rest = (T::of(1.0 - self.beta.0), T::of(1.0 - self.beta.1));
                run(Adam { w, gradient, mean: first, square: second, alpha, n, rate, beta, rest, epsilon });
            }
        }
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

struct Sgd<'a, T> {
    w: &'a mut [T],
    gradient: &'a [T],
    velocity: &'a mut [T],
    alpha: T,
    n: T,
    rate: T,
    momentum: T,
    nesterov: bool,
}

impl<T: Scalar> Pass for Sgd<'_, T> {
    #[inline(always)]
    fn run<I: Vectors>(self) {
        let Sgd { w, gradient, velocity, alpha, n, rate, momentum, nesterov } = self;
        for ((w, &g), v) in w.iter_mut().zip(gradient).zip(velocity) {
            let step = rate * ((g + alpha * *w) * n);
            *v = momentum * *v - step;
            *w += if nesterov { momentum * *v - step } else { *v };
        }
    }
}

struct Adam<'a, T> {
    w: &'a mut [T],
    gradient: &'a [T],
    mean: &'a mut [T],
    square: &'a mut [T],
    alpha: T,
    n: T,
    rate: T,
    beta: (T, T),
    rest: (T, T),
    epsilon: T,
}

impl<T: Scalar> Pass for Adam<'_, T> {
    #[inline(always)]
    fn run<I: Vectors>(self) {
        let Adam { w, gradient, mean, square, alpha, n, rate, beta, rest, epsilon } = self;
        for (((w, &g), m), v) in w.iter_mut().zip(gradient).zip(mean).zip(square) {
            let g = (g + alpha * *w) * n;
            *m = beta.0 * *m + rest.0 * g;
            *v = beta.1 * *v + rest.1 * (g * g);
            *w -= rate * *m / (v.sqrt() + epsilon);
        }
    }
}
