//! The largest eigenvalues of a Hessian that is only known through its products.

use rand::distr::Distribution;
use serde::{Deserialize, Serialize};
use slt_core::random::StandardNormal;
use slt_core::{Purpose, Seed};

use super::{LossSurface, eigen};
use crate::Error;
use crate::error::check;

/// A space is exhausted where the coupling to the rest falls below this share of the operator.
const EXHAUSTED: f64 = 1e-13;

const LANCZOS: Purpose = Purpose::new("lanczos");

/// How the eigenvalues are computed.
///
/// | field | default | range |
/// |---|---|---|
/// | `count` | | at least 1 |
/// | `max_steps` | 300 | at least 1; cut to the number of coordinates |
/// | `tolerance` | 1e-8 | above 0 |
/// | `seed` | 0 | |
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct LanczosConfig {
    /// How many eigenvalues are wanted.
    pub count: usize,
    /// The most products with the Hessian.
    pub max_steps: usize,
    /// Ends when the residuals of all wanted eigenvalues are at most this share of the largest magnitude.
    pub tolerance: f64,
    /// Seed of the random start, drawn from the stream `lanczos`.
    pub seed: Seed,
}

impl LanczosConfig {
    /// The `count` largest eigenvalues.
    pub fn top(count: usize) -> Self {
        Self { count, max_steps: 300, tolerance: 1e-8, seed: Seed(0) }
    }

    /// Checks the ranges.
    ///
    /// # Errors
    /// [`Error::Parameter`] for the first that is out of its range.
    pub fn validate(&self) -> Result<(), Error> {
        check(self.count > 0, "count", 0.0, "at least 1")?;
        check(self.max_steps > 0, "max_steps", 0.0, "at least 1")?;
        let tolerance = self.tolerance;
        check(tolerance > 0.0 && tolerance.is_finite(), "tolerance", tolerance, "finite and above 0")
    }
}

/// The upper end of a spectrum.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Spectrum {
    /// The largest eigenvalues, descending.
    pub eigenvalues: Vec<f64>,
    /// For each, the norm of `H v - lambda v` for its unit Ritz vector: an eigenvalue is that close.
    pub residuals: Vec<f64>,
    /// Products with the Hessian.
    pub steps: usize,
    /// Whether the residuals reached the tolerance.
    pub converged: bool,
}

impl LossSurface {
    /// The largest (most positive) eigenvalues of the Hessian among some coordinates: Lanczos' method with
    /// full reorthogonalisation. Repeated eigenvalues are found as often as they occur: once the wanted ones
    /// are there, the search goes on orthogonally to them until the next one is smaller.
    ///
    /// # Errors
    /// [`Error::Parameter`] for a setting out of range, [`Error::Length`] for a coordinate that does not
    /// exist.
    pub fn largest_eigenvalues(
        &self,
        coordinates: &[usize],
        config: &LanczosConfig,
    ) -> Result<Spectrum, Error> {
        self.check_coordinates(coordinates)?;
        let mut full = vec![0.0; self.n_parameters()];
        lanczos(coordinates.len(), config, |v| {
            coordinates.iter().zip(v).for_each(|(&i, &x)| full[i] = x);
            let product = self.hessian_vector(&full)?;
            Ok(coordinates.iter().map(|&i| product[i]).collect())
        })
    }
}

/// An approximate eigenpair with a unit vector.
#[derive(Debug, Clone)]
struct Pair {
    value: f64,
    residual: f64,
    vector: Vec<f64>,
}

/// Lanczos' method on an operator of dimension `n`. A Krylov space holds one vector of each eigenspace, so
/// after the first round the pairs found are locked, and further rounds look at what is orthogonal to them
/// until nothing there belongs among the largest.
fn lanczos(
    n: usize,
    config: &LanczosConfig,
    mut product: impl FnMut(&[f64]) -> Result<Vec<f64>, Error>,
) -> Result<Spectrum, Error> {
    config.validate()?;
    let count = config.count.min(n);
    let mut locked: Vec<Pair> = Vec::new();
    let (mut steps, mut converged, mut starts) = (0, n == 0, 0);
    while !converged && steps < config.max_steps && locked.len() < n {
        let wanted = count - locked.len().min(count - 1);
        let mut space = Krylov::new(n, &locked);
        let mut done = false;
        while !done && steps < config.max_steps && space.extend(config.seed, &mut starts, &mut product)? {
            steps += 1;
            done = space.has_converged(wanted, config.tolerance);
        }
        let found = space.pairs(wanted);
        let least = if locked.len() < count { f64::NEG_INFINITY } else { locked[count - 1].value };
        let complete = space.is_complete();
        converged = complete || done && found.iter().all(|pair| pair.value <= least);
        locked.extend(found);
        locked.sort_by(|a, b| b.value.total_cmp(&a.value));
        locked.truncate(count);
    }
    let (eigenvalues, residuals) = locked.iter().map(|pair| (pair.value, pair.residual)).unzip();
    Ok(Spectrum { eigenvalues, residuals, steps, converged })
}

/// A growing orthonormal basis in which the operator is tridiagonal.
struct Krylov<'a> {
    n: usize,
    /// Directions that are left out.
    locked: &'a [Pair],
    basis: Vec<Vec<f64>>,
    diagonal: Vec<f64>,
    off: Vec<f64>,
    /// The next basis vector, not normalised; none where a random one is due.
    next: Option<Vec<f64>>,
}

impl<'a> Krylov<'a> {
    fn new(n: usize, locked: &'a [Pair]) -> Self {
        Self { n, locked, basis: Vec::new(), diagonal: Vec::new(), off: Vec::new(), next: None }
    }

    fn is_complete(&self) -> bool {
        self.basis.len() + self.locked.len() >= self.n
    }

    /// The coupling of the basis to the rest of the space.
    fn coupling(&self) -> f64 {
        self.next.as_ref().map_or(0.0, |next| norm(next))
    }

    /// Adds a vector to the basis; false if there is none left.
    fn extend(
        &mut self,
        seed: Seed,
        starts: &mut u64,
        product: &mut impl FnMut(&[f64]) -> Result<Vec<f64>, Error>,
    ) -> Result<bool, Error> {
        if self.is_complete() {
            return Ok(false);
        }
        let coupling = self.coupling();
        let mut v = self.next.take().unwrap_or_else(|| {
            *starts += 1;
            random(self.n, seed, *starts - 1)
        });
        self.orthogonalise(&mut v);
        let length = norm(&v);
        v.iter_mut().for_each(|x| *x /= length);
        let mut w = product(&v)?;
        if !self.basis.is_empty() {
            self.off.push(coupling);
        }
        self.diagonal.push(dot(&v, &w));
        self.basis.push(v);
        self.orthogonalise(&mut w);
        // What is left of an exhausted space is rounding; a random direction then continues, uncoupled.
        let scale = self.diagonal.iter().chain(&self.off).fold(0.0_f64, |top, x| top.max(x.abs()));
        self.next = (norm(&w) > EXHAUSTED * scale).then_some(w);
        Ok(true)
    }

    /// Twice is enough.
    fn orthogonalise(&self, v: &mut [f64]) {
        for _ in 0..2 {
            for b in self.locked.iter().map(|pair| &pair.vector).chain(&self.basis) {
                let along = dot(v, b);
                v.iter_mut().zip(b).for_each(|(v, b)| *v -= along * b);
            }
        }
    }

    /// Whether the residuals of the `wanted` largest Ritz values are small.
    fn has_converged(&self, wanted: usize, tolerance: f64) -> bool {
        let (mut values, mut off) = (self.diagonal.clone(), self.off.clone());
        let mut last = vec![0.0; values.len()];
        last[values.len() - 1] = 1.0;
        let mut rows = [last];
        eigen::ql(&mut values, &mut off, &mut rows);
        let top = values.iter().fold(0.0_f64, |top, x| top.max(x.abs()));
        let coupling = self.coupling();
        let mut pairs: Vec<(f64, f64)> = values.into_iter().zip(rows[0].iter().copied()).collect();
        pairs.sort_by(|a, b| b.0.total_cmp(&a.0));
        // An exhausted space has no residuals, and may lack a larger value than it has.
        self.next.is_some()
            && pairs.len() >= wanted
            && pairs[..wanted].iter().all(|(_, last)| (coupling * last).abs() <= tolerance * top)
    }

    /// The `wanted` largest Ritz pairs.
    fn pairs(&self, wanted: usize) -> Vec<Pair> {
        let m = self.basis.len();
        let (mut values, mut off) = (self.diagonal.clone(), self.off.clone());
        let unit = |k| (0..m).map(|i| f64::from(i == k)).collect();
        let mut rows: Vec<Vec<f64>> = (0..m).map(unit).collect();
        eigen::ql(&mut values, &mut off, &mut rows);
        let mut order: Vec<usize> = (0..m).collect();
        order.sort_by(|&a, &b| values[b].total_cmp(&values[a]));
        order.truncate(wanted);
        let coupling = self.coupling();
        let pair = |i: usize| {
            let mut vector = vec![0.0; self.n];
            for (row, basis) in rows.iter().zip(&self.basis) {
                vector.iter_mut().zip(basis).for_each(|(x, b)| *x += row[i] * b);
            }
            Pair { value: values[i], residual: (coupling * rows[m - 1][i]).abs(), vector }
        };
        order.into_iter().map(pair).collect()
    }
}

fn random(n: usize, seed: Seed, start: u64) -> Vec<f64> {
    let mut rng = seed.stream(LANCZOS, 0, start);
    (0..n).map(|_| StandardNormal.sample(&mut rng)).collect()
}

fn dot(a: &[f64], b: &[f64]) -> f64 {
    a.iter().zip(b).map(|(a, b)| a * b).sum()
}

fn norm(v: &[f64]) -> f64 {
    dot(v, v).sqrt()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of_diagonal(values: &[f64], config: &LanczosConfig) -> Spectrum {
        lanczos(values.len(), config, |v| Ok(v.iter().zip(values).map(|(v, d)| v * d).collect())).unwrap()
    }

    #[test]
    fn repeated_and_zero_eigenvalues() {
        let mut values = vec![0.0; 40];
        values[3] = 5.0;
        values[7] = 5.0;
        values[11] = 2.0;
        values[12] = -7.0;
        let spectrum = of_diagonal(&values, &LanczosConfig::top(4));
        for (value, exact) in spectrum.eigenvalues.iter().zip([5.0, 5.0, 2.0, 0.0]) {
            assert!((value - exact).abs() < 1e-10, "{spectrum:?}");
        }
        assert!(spectrum.converged);
    }

    #[test]
    fn stops_early_and_says_so() {
        let values: Vec<f64> = (0..500).map(|i| f64::from(i) / 500.0).collect();
        let config = LanczosConfig { max_steps: 5, ..LanczosConfig::top(2) };
        let spectrum = of_diagonal(&values, &config);
        assert!(!spectrum.converged && spectrum.steps == 5);
        // The residual bounds the distance to an eigenvalue.
        let far = values.iter().map(|v| (v - spectrum.eigenvalues[0]).abs()).fold(f64::INFINITY, f64::min);
        assert!(far <= spectrum.residuals[0]);
    }

    #[test]
    fn settings_out_of_range_are_errors() {
        let config = LanczosConfig { count: 0, ..LanczosConfig::top(1) };
        assert!(matches!(
            lanczos(3, &config, |v| Ok(v.to_vec())),
            Err(Error::Parameter { parameter: "count", .. })
        ));
        let config = LanczosConfig { tolerance: f64::NAN, ..LanczosConfig::top(1) };
        assert!(lanczos(3, &config, |v| Ok(v.to_vec())).is_err());
        assert!(of_diagonal(&[], &LanczosConfig::top(1)).eigenvalues.is_empty());
    }
}
