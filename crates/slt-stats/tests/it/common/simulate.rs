//! Tables of known truth.

use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::{RngCore, SeedableRng};
use slt_stats::Table;

/// A generator of normal numbers.
pub(crate) struct Normal(ChaCha8Rng);

impl Normal {
    pub(crate) fn new(seed: u64) -> Self {
        Self(ChaCha8Rng::seed_from_u64(seed))
    }

    /// Uniform in (0, 1).
    pub(crate) fn unit(&mut self) -> f64 {
        ((self.0.next_u64() >> 11) as f64 + 0.5) / (1_u64 << 53) as f64
    }

    /// Standard normal (Box and Muller).
    pub(crate) fn draw(&mut self) -> f64 {
        let (radius, angle) = (self.unit(), self.unit());
        (-2.0 * libm::log(radius)).sqrt() * libm::cos(2.0 * std::f64::consts::PI * angle)
    }
}

/// What a table is drawn from.
#[derive(Clone, Debug)]
pub(crate) struct Truth {
    /// Mean of each algorithm; the first is the reference.
    pub(crate) means: Vec<f64>,
    pub(crate) n_arch: usize,
    pub(crate) n_init: usize,
    /// Standard deviations of architectures, initialisations, and residuals.
    pub(crate) sd: [f64; 3],
    /// Share of rows that are missing.
    pub(crate) missing: f64,
}

/// The rows of a table, before their order is fixed.
#[derive(Clone, Debug, Default)]
pub(crate) struct Rows {
    pub(crate) algorithm: Vec<String>,
    pub(crate) arch: Vec<String>,
    pub(crate) init: Vec<usize>,
    pub(crate) y: Vec<f64>,
}

impl Rows {
    pub(crate) fn draw(truth: &Truth, seed: u64) -> Self {
        let mut normal = Normal::new(seed);
        let mut effects = |n: usize, sd: f64| -> Vec<f64> { (0..n).map(|_| sd * normal.draw()).collect() };
        let (arch, init) = (effects(truth.n_arch, truth.sd[0]), effects(truth.n_init, truth.sd[1]));
        let mut rows = Self::default();
        for (algorithm, mean) in truth.means.iter().enumerate() {
            for (a, of_arch) in arch.iter().enumerate() {
                for (i, of_init) in init.iter().enumerate() {
                    let residual = truth.sd[2] * normal.draw();
                    if normal.unit() >= truth.missing {
                        rows.algorithm.push(format!("alg{algorithm}"));
                        rows.arch.push(format!("{}", (b'A' + a as u8) as char));
                        rows.init.push(i);
                        rows.y.push(mean + of_arch + of_init + residual);
                    }
                }
            }
        }
        rows
    }

    /// The table, its rows in the given order and its response changed by `change`.
    pub(crate) fn table(&self, order: &[usize], change: impl Fn(f64) -> f64) -> Table {
        Table::new()
            .with_numbers("y", order.iter().map(|&row| change(self.y[row])))
            .and_then(|table| table.with_labels("algorithm", order.iter().map(|&row| &self.algorithm[row])))
            .and_then(|table| table.with_labels("arch", order.iter().map(|&row| &self.arch[row])))
            .and_then(|table| table.with_labels("init", order.iter().map(|&row| self.init[row])))
            .unwrap()
    }

    pub(crate) fn order(&self) -> Vec<usize> {
        (0..self.y.len()).collect()
    }
}
