//! The profiled likelihood of the relative variances, and its derivatives.
//!
//! The model is `y = X b + e` with `Var(e) = s V`, `V = I + sum over terms k of g_k Z_k Z_k'`, where `g_k` is the variance of
//! term k relative to the residual variance `s`. With `b` and `s` at their best for given `g`, minus twice the
//! log-likelihood is, up to a constant,
//!
//! | method | deviance |
//! |---|---|
//! | REML | `log abs V + log abs(X'V^-1 X) + (n - p) log y'Py` |
//! | ML | `log abs V + n log y'Py` |
//!
//! with `P = V^-1 - V^-1 X (X'V^-1 X)^-1 X'V^-1`. The data enter through the cross-products of `[X Z y]` alone. Bordered by
//! `I + D Z'Z D` and `D Z'[X Z y]`, `D = diag(sqrt g)`, they give all that is needed in one elimination: eliminating
//! the border leaves the cross-products with `V^-1` in the middle (Woodbury) and the logarithm of `abs V` (Sylvester),
//! eliminating X after that leaves those with `P`. From these, with `t_k = Z_k'Py` and `S_kl = Z_k'P Z_l`,
//!
//! - `d/dg_k (log abs V + log abs(X'V^-1 X)) = tr S_kk`, and its derivative by `g_l` is `-|S_kl|^2` (Frobenius);
//! - `d/dg_k y'Py = -|t_k|^2`, and its derivative by `g_l` is `2 t_k' S_kl t_l`;
//! - for `log abs V` alone, `V^-1` takes the place of `P`.
//!
//! A step costs about (levels)^3, whatever the number of rows.

use std::ops::Range;

use super::Method;
use super::optimise::Expansion;
use super::symmetric::{Dependent, Symmetric};

/// Cross-products of a design and a standardised response, and what they are of.
pub(crate) struct Likelihood {
    /// Rows of the table.
    pub(crate) n: usize,
    /// Fixed effects.
    pub(crate) p: usize,
    /// Levels of each random term, counted from the first level of the first.
    pub(crate) terms: Vec<Range<usize>>,
    /// `[X Z y]'[X Z y]`, of order `p + q + 1`.
    pub(crate) cross: Symmetric,
    pub(crate) method: Method,
}

/// Everything about the other parameters at given relative variances.
pub(crate) struct Profile {
    /// Coefficients of X.
    pub(crate) coefficients: Vec<f64>,
    /// Diagonal of `(X'V^-1 X)^-1`.
    pub(crate) unscaled_variances: Vec<f64>,
    /// Residual variance.
    pub(crate) residual_variance: f64,
    /// Log-likelihood, restricted for REML.
    pub(crate) log_likelihood: f64,
}

/// Nothing is left of the response, up to rounding, once the effects are taken out.
pub(crate) struct Saturated;

impl From<Dependent> for Saturated {
    fn from(_: Dependent) -> Self {
        Self
    }
}

/// Share of the response's squares that rounding leaves of nothing.
const NOTHING: f64 = 1e-12;

/// The bordered cross-products after elimination.
struct Eliminated {
    matrix: Symmetric,
    log_v: f64,
    log_x: f64,
    /// `y'Py`.
    squares: f64,
    /// Derivatives of the determinants in the deviance.
    determinants: Blocks,
}

/// Traces of the diagonal blocks of a matrix over the levels, and squared norms of all blocks.
struct Blocks {
    traces: Vec<f64>,
    norms: Symmetric,
}

/// A search variable, so scaled that the deviance is close to a parabola: `x = log(1 + m g)` for terms with `m` rows a level
/// on average. It is 0 exactly where the variance is.
pub(crate) fn relative_variance(x: f64, rows_per_level: f64) -> f64 {
    libm::expm1(x) / rows_per_level
}

impl Likelihood {
    /// Number of levels of all random terms.
    fn q(&self) -> usize {
        self.terms.last().map_or(0, |term| term.end)
    }

    fn rows_per_level(&self, term: usize) -> f64 {
        self.n as f64 / self.terms[term].len() as f64
    }

    /// What divides `y'Py` to give the residual variance.
    pub(crate) fn df(&self) -> f64 {
        match self.method {
            Method::Reml => (self.n - self.p) as f64,
            Method::Ml => self.n as f64,
        }
    }

    /// Relative variances at the search variables.
    pub(crate) fn variances(&self, x: &[f64]) -> Vec<f64> {
        x.iter().enumerate().map(|(term, &x)| relative_variance(x, self.rows_per_level(term))).collect()
    }

    fn eliminated(&self, x: &[f64]) -> Result<Eliminated, Saturated> {
        let (p, q) = (self.p, self.q());
        let mut roots = vec![0.0; q];
        for (term, variance) in self.terms.iter().zip(self.variances(x)) {
            roots[term.clone()].fill(variance.sqrt());
        }
        // Order: the border of q columns, then X, Z, y.
        let mut matrix = Symmetric::from_fn(q + p + q + 1, |row, column| match (row < q, column < q) {
            (true, _) => {
                let product = roots[row] * roots[column] * self.cross.get(p + row, p + column);
                if row == column { 1.0 + product } else { product }
            }
            (false, true) => roots[column] * self.cross.get(row - q, p + column),
            (false, false) => self.cross.get(row - q, column - q),
        });
        let log_v = matrix.eliminate(0..q, 0.0)?;
        let with_v = if self.method == Method::Ml { Some(self.blocks(&matrix)) } else { None };
        let log_x = matrix.eliminate(q..q + p, 0.0)?;
        let determinants = with_v.unwrap_or_else(|| self.blocks(&matrix));
        let y = q + p + q;
        let squares = matrix.get(y, y);
        // The response is standardised, its squares sum to n.
        if squares > NOTHING * self.n as f64 {
            Ok(Eliminated { matrix, log_v, log_x, squares, determinants })
        } else {
            Err(Saturated)
        }
    }

    /// Of the block of Z in the bordered matrix.
    fn blocks(&self, matrix: &Symmetric) -> Blocks {
        let start = self.q() + self.p;
        let mut norms = Symmetric::zeros(self.terms.len());
        let mut traces = vec![0.0; self.terms.len()];
        for (k, rows) in self.terms.iter().enumerate() {
            for i in rows.clone() {
                traces[k] += matrix.get(start + i, start + i);
                for (l, columns) in self.terms[..=k].iter().enumerate() {
                    let squares = (columns.start..columns.end)
                        .map(|j| matrix.get(start + i, start + j))
                        .fold(0.0, |sum, entry| sum + entry * entry);
                    norms.add(k, l, squares);
                }
            }
        }
        Blocks { traces, norms }
    }

    /// The deviance at the search variables, with derivatives by them.
    pub(crate) fn expansion(&self, x: &[f64]) -> Result<Expansion, Saturated> {
        let Eliminated { matrix, log_v, log_x, squares, determinants } = self.eliminated(x)?;
        let (df, q, start) = (self.df(), self.q(), self.q() + self.p);
        let t: Vec<f64> = (0..q).map(|j| matrix.get(start + q, start + j)).collect();
        let t_squares: Vec<f64> =
            self.terms.iter().map(|term| t[term.clone()].iter().map(|t| t * t).sum()).collect();
        // `t_k' S_kl t_l`.
        let curvature = |k: usize, l: usize| -> f64 {
            let row = |i: usize| -> f64 {
                let columns = self.terms[l].clone();
                columns.map(|j| matrix.get(start + i, start + j) * t[j]).sum()
            };
            self.terms[k].clone().map(|i| t[i] * row(i)).sum()
        };
        // By g, then by x, whose first and second derivatives of g are the same.
        let slopes: Vec<f64> =
            (0..x.len()).map(|k| determinants.traces[k] - df * t_squares[k] / squares).collect();
        let inner: Vec<f64> = (0..x.len()).map(|k| libm::exp(x[k]) / self.rows_per_level(k)).collect();
        let hessian = Symmetric::from_fn(x.len(), |k, l| {
            let of_squares =
                2.0 * curvature(k, l) / squares - t_squares[k] * t_squares[l] / (squares * squares);
            let by_g = df * of_squares - determinants.norms.get(k, l);
            by_g * inner[k] * inner[l] + if k == l { slopes[k] * inner[k] } else { 0.0 }
        });
        let determinant = if self.method == Method::Reml { log_v + log_x } else { log_v };
        let gradient = slopes.iter().zip(&inner).map(|(slope, inner)| slope * inner).collect();
        Ok(Expansion { value: determinant + df * libm::log(squares), gradient, hessian })
    }

    /// The other parameters at the search variables.
    pub(crate) fn profile(&self, x: &[f64]) -> Result<Profile, Saturated> {
        let Eliminated { matrix, log_v, log_x, squares, .. } = self.eliminated(x)?;
        let (df, q) = (self.df(), self.q());
        let block = q..q + self.p;
        let residual_variance = squares / df;
        let determinant = if self.method == Method::Reml { log_v + log_x } else { log_v };
        let constant = 1.0 + libm::log(2.0 * std::f64::consts::PI * residual_variance);
        Ok(Profile {
            coefficients: matrix.solve_transposed(block.clone(), matrix.row(q + self.p + q, block.clone())),
            unscaled_variances: matrix.inverse_diagonal(block),
            residual_variance,
            log_likelihood: -0.5 * (df * constant + determinant),
        })
    }

    /// The first random term whose variance cannot be told from the residual one and those before it, if there is any.
    ///
    /// With P at zero variances, the parameters are identifiable if and only if the matrices `P` and `P Z_k Z_k' P` are
    /// linearly independent, that is, if their matrix of inner products can be inverted (Rao and Kleffe, 1988).
    pub(crate) fn unidentifiable(&self) -> Option<usize> {
        let mut matrix = self.cross.clone();
        // The caller has found X of full rank.
        matrix.eliminate(0..self.p, 0.0).ok()?;
        let (terms, p) = (&self.terms, self.p);
        let product = |k: usize, l: usize| -> f64 {
            let squares = |i: usize| terms[l].clone().map(move |j| (i, j));
            terms[k].clone().flat_map(squares).map(|(i, j)| matrix.get(p + i, p + j).powi(2)).sum()
        };
        let trace = |k: usize| -> f64 { terms[k].clone().map(|i| matrix.get(p + i, p + i)).sum() };
        // Nothing but rounding is left of a term that the fixed effects determine.
        let before = |k: usize| -> f64 { terms[k].clone().map(|i| self.cross.get(p + i, p + i)).sum() };
        if let Some(term) = (0..terms.len()).find(|&k| trace(k) <= 1e-10 * before(k)) {
            return Some(term);
        }
        let mut products = Symmetric::from_fn(terms.len() + 1, |row, column| match (row, column) {
            (0, 0) => (self.n - self.p) as f64,
            (k, 0) => trace(k - 1),
            (k, l) => product(k - 1, l - 1),
        });
        products.eliminate(0..terms.len() + 1, 1e-9).err().map(|dependent| dependent.column - 1)
    }
}
