//! The profiled likelihood of the relative variances, and its derivatives.
//!
//! The model is `y = X b + e` with `Var(e) = s V`, `V = I + sum over terms k of g_k Z_k Z_k'`, where `g_k` is
//! the variance of term k relative to the residual variance `s`. With `b` and `s` at their best for given
//! `g`, minus twice the log-likelihood is, up to a constant,
//!
//! | method | deviance |
//! |---|---|
//! | REML | `log abs V + log abs(X'V^-1 X) + (n - p) log y'Py` |
//! | ML | `log abs V + n log y'Py` |
//!
//! with `P = V^-1 - V^-1 X (X'V^-1 X)^-1 X'V^-1`. The data enter through the cross-products of `[X Z y]`
//! alone. Bordered by `I + D Z'Z D` and `D Z'[X Z y]`, `D = diag(sqrt g)`, they give all that is needed in
//! one elimination: eliminating the border leaves the cross-products with `V^-1` in the middle (Woodbury) and
//! the logarithm of `abs V` (Sylvester), eliminating X after that leaves those with `P`. From these, with
//! `t_k = Z_k'Py` and `S_kl = Z_k'P Z_l`,
//!
//! - `d/dg_k (log abs V + log abs(X'V^-1 X)) = tr S_kk`, and its derivative by `g_l` is `-|S_kl|^2`
//!   (Frobenius);
//! - `d/dg_k y'Py = -|t_k|^2`, and its derivative by `g_l` is `2 t_k' S_kl t_l`;
//! - for `log abs V` alone, `V^-1` takes the place of `P`.
//!
//! A step costs about (levels)^3, whatever the number of rows. A grouping with too many levels for that is
//! eliminated before all else ([`super::grouping`]), which puts cross-products with `(I + g Z Z')^-1` in the
//! place of the plain ones.

use std::ops::Range;

use super::grouping::{Factor, Grouping, Weighted};
use super::model::Method;
use super::optimise::Expansion;
use super::symmetric::{Dependent, Symmetric};
use crate::magnitude::unit;

/// Cross-products of a design and a standardised response, and what they are of.
pub(crate) struct Likelihood {
    /// Rows of the table.
    pub(crate) n: usize,
    /// Fixed effects.
    pub(crate) p: usize,
    /// Levels of each random term in `cross`, counted from the first level of the first.
    pub(crate) terms: Vec<Range<usize>>,
    /// `[X Z y]'[X Z y]`, of order `p + q + 1`.
    pub(crate) cross: Symmetric,
    /// The first random term, if it is eliminated on its own; the columns beside it are those of `cross`.
    pub(crate) grouping: Option<Grouping>,
    pub(crate) method: Method,
}

/// Everything about the other parameters at given relative variances.
pub(crate) struct Profile {
    /// Coefficients of the columns that are asked for.
    pub(crate) coefficients: Vec<f64>,
    /// Their variances relative to the residual one and to the square of a unit, and that unit.
    pub(crate) unscaled_variances: Vec<(f64, f64)>,
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

/// The bordered cross-products, at first only the border eliminated.
struct Bordered<'a> {
    matrix: Symmetric,
    log_v: f64,
    /// Roots of the relative variances, by column of the border.
    roots: Vec<f64>,
    grouping: Option<Weighted<'a>>,
}

/// After elimination of X as well.
struct Eliminated<'a> {
    bordered: Bordered<'a>,
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

/// A search variable, so scaled that the deviance is close to a parabola: `x = log(1 + m g)` for terms with
/// `m` rows a level on average. It is 0 exactly where the variance is.
pub(crate) fn relative_variance(x: f64, rows_per_level: f64) -> f64 {
    libm::expm1(x) / rows_per_level
}

impl Likelihood {
    /// Number of levels in the cross-products.
    fn q(&self) -> usize {
        self.terms.last().map_or(0, |term| term.end)
    }

    /// Number of random terms.
    pub(crate) fn n_terms(&self) -> usize {
        self.n_grouped() + self.terms.len()
    }

    /// Random terms that are eliminated on their own.
    fn n_grouped(&self) -> usize {
        usize::from(self.grouping.is_some())
    }

    fn rows_per_level(&self, term: usize) -> f64 {
        let n_levels = match (&self.grouping, term) {
            (Some(grouping), 0) => grouping.n_levels(),
            _ => self.terms[term - self.n_grouped()].len(),
        };
        self.n as f64 / n_levels as f64
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

    fn bordered(&self, x: &[f64]) -> Result<Bordered<'_>, Saturated> {
        let (p, q) = (self.p, self.q());
        let variances = self.variances(x);
        let grouping = self.grouping.as_ref().map(|grouping| grouping.weigh(&self.cross, variances[0]));
        let mut roots = vec![0.0; q];
        for (term, variance) in self.terms.iter().zip(&variances[self.n_grouped()..]) {
            roots[term.clone()].fill(variance.sqrt());
        }
        let cross = grouping.as_ref().map_or(&self.cross, |grouping| &grouping.cross);
        // Order: the border of q columns, then X, Z, y.
        let mut matrix = Symmetric::from_fn(q + p + q + 1, |row, column| match (row < q, column < q) {
            (true, _) => {
                let product = roots[row] * roots[column] * cross.get(p + row, p + column);
                if row == column { 1.0 + product } else { product }
            }
            (false, true) => roots[column] * cross.get(row - q, p + column),
            (false, false) => cross.get(row - q, column - q),
        });
        let log_w = grouping.as_ref().map_or(0.0, |grouping| grouping.log_determinant);
        let log_v = log_w + matrix.eliminate(0..q, 0.0)?;
        Ok(Bordered { matrix, log_v, roots, grouping })
    }

    fn eliminated(&self, x: &[f64]) -> Result<Eliminated<'_>, Saturated> {
        let (p, q) = (self.p, self.q());
        let mut bordered = self.bordered(x)?;
        let with_v = if self.method == Method::Ml { Some(self.blocks(&bordered, q)) } else { None };
        let log_x = bordered.matrix.eliminate(q..q + p, 0.0)?;
        let determinants = with_v.unwrap_or_else(|| self.blocks(&bordered, q + p));
        let y = q + p + q;
        let squares = bordered.matrix.get(y, y);
        // The response is standardised, its squares sum to n.
        if squares > NOTHING * self.n as f64 {
            Ok(Eliminated { bordered, log_x, squares, determinants })
        } else {
            Err(Saturated)
        }
    }

    /// Columns of the cross-products that the eliminated columns of the bordered matrix are, and what these
    /// are scaled by.
    fn factor_columns(&self, bordered: &Bordered, eliminated: usize) -> (Vec<usize>, Vec<f64>) {
        let (p, q) = (self.p, self.q());
        let columns = (0..eliminated).map(|column| if column < q { p + column } else { column - q });
        let scales = (0..eliminated).map(|column| bordered.roots.get(column).copied().unwrap_or(1.0));
        (columns.collect(), scales.collect())
    }

    /// What the block of Z in the bordered matrix comes to, some columns of which have been eliminated.
    fn blocks(&self, bordered: &Bordered, eliminated: usize) -> Blocks {
        let (matrix, start, grouped) = (&bordered.matrix, self.q() + self.p, self.n_grouped());
        let mut norms = Symmetric::zeros(self.n_terms());
        let mut traces = vec![0.0; self.n_terms()];
        if let Some(grouping) = &bordered.grouping {
            let (columns, scales) = self.factor_columns(bordered, eliminated);
            let factor = Factor { matrix, scales: &scales, columns: &columns };
            let (trace, norm) = grouping.own_block(&factor);
            traces[0] = trace;
            norms.add(0, 0, norm);
            for (k, levels) in self.terms.iter().enumerate() {
                let columns = self.p + levels.start..self.p + levels.end;
                norms.add(grouped + k, 0, grouping.other_block(&factor, columns, start + levels.start));
            }
        }
        for (k, rows) in self.terms.iter().enumerate() {
            for i in rows.clone() {
                traces[grouped + k] += matrix.get(start + i, start + i);
                for (l, columns) in self.terms[..=k].iter().enumerate() {
                    let squares = (columns.start..columns.end)
                        .map(|j| matrix.get(start + i, start + j))
                        .fold(0.0, |sum, entry| sum + entry * entry);
                    norms.add(grouped + k, grouped + l, squares);
                }
            }
        }
        Blocks { traces, norms }
    }

    /// `|t_k|^2` and `t_k' S_kl t_l`.
    fn of_response(&self, bordered: &Bordered) -> (Vec<f64>, Symmetric) {
        let (matrix, grouped) = (&bordered.matrix, self.n_grouped());
        let (q, start) = (self.q(), self.q() + self.p);
        let t: Vec<f64> = (0..q).map(|j| matrix.get(start + q, start + j)).collect();
        let mut squares = vec![0.0; self.n_terms()];
        let mut curvature = Symmetric::zeros(self.n_terms());
        for (k, rows) in self.terms.iter().enumerate() {
            squares[grouped + k] = t[rows.clone()].iter().map(|t| t * t).sum();
            for (l, columns) in self.terms[..=k].iter().enumerate() {
                let row = |i: usize| -> f64 {
                    columns.clone().map(|j| matrix.get(start + i, start + j) * t[j]).sum()
                };
                let product: f64 = rows.clone().map(|i| t[i] * row(i)).sum();
                curvature.add(grouped + k, grouped + l, product);
            }
        }
        if let Some(grouping) = &bordered.grouping {
            let (columns, scales) = self.factor_columns(bordered, start);
            let factor = Factor { matrix, scales: &scales, columns: &columns };
            let response = grouping.response(&factor, matrix.row(start + q, 0..start));
            let whitened = factor.whiten_vector(&response.sums);
            squares[0] = response.squares;
            let own: f64 = whitened.iter().map(|entry| entry * entry).sum();
            curvature.add(0, 0, response.weighted - own);
            for (k, levels) in self.terms.iter().enumerate() {
                let of_level = |i: usize| -> f64 {
                    let row = matrix.row(start + i, 0..start);
                    let projected: f64 = row.iter().zip(&whitened).map(|(a, b)| a * b).sum();
                    t[i] * (response.sums[self.p + i] - projected)
                };
                curvature.add(grouped + k, 0, levels.clone().map(of_level).sum());
            }
        }
        (squares, curvature)
    }

    /// The deviance at the search variables, with derivatives by them.
    pub(crate) fn expansion(&self, x: &[f64]) -> Result<Expansion, Saturated> {
        let Eliminated { bordered, log_x, squares, determinants } = self.eliminated(x)?;
        let df = self.df();
        let (t_squares, curvature) = self.of_response(&bordered);
        // By g, then by x, whose first and second derivatives of g are the same.
        let slopes: Vec<f64> =
            (0..x.len()).map(|k| determinants.traces[k] - df * t_squares[k] / squares).collect();
        let inner: Vec<f64> = (0..x.len()).map(|k| libm::exp(x[k]) / self.rows_per_level(k)).collect();
        let hessian = Symmetric::from_fn(x.len(), |k, l| {
            let of_squares =
                2.0 * curvature.get(k, l) / squares - t_squares[k] * t_squares[l] / (squares * squares);
            let by_g = df * of_squares - determinants.norms.get(k, l);
            by_g * inner[k] * inner[l] + if k == l { slopes[k] * inner[k] } else { 0.0 }
        });
        let determinant = self.determinant(bordered.log_v, log_x);
        let gradient = slopes.iter().zip(&inner).map(|(slope, inner)| slope * inner).collect();
        Ok(Expansion { value: determinant + df * libm::log(squares), gradient, hessian })
    }

    fn determinant(&self, log_v: f64, log_x: f64) -> f64 {
        match self.method {
            Method::Reml => log_v + log_x,
            Method::Ml => log_v,
        }
    }

    /// The other parameters at the search variables; each coefficient is a combination of those of X, by
    /// places and weights.
    pub(crate) fn profile(&self, x: &[f64], basis: &[Vec<(usize, f64)>]) -> Result<Profile, Saturated> {
        let Eliminated { bordered, log_x, squares, .. } = self.eliminated(x)?;
        let (matrix, df, q) = (&bordered.matrix, self.df(), self.q());
        let block = q..q + self.p;
        let residual_variance = squares / df;
        let determinant = self.determinant(bordered.log_v, log_x);
        let constant = 1.0 + libm::log(2.0 * std::f64::consts::PI * residual_variance);
        let coefficients = matrix.solve_transposed(block.clone(), matrix.row(q + self.p + q, block.clone()));
        let combined = |vector: &[f64], weights: &[(usize, f64)]| -> f64 {
            weights.iter().map(|&(place, weight)| weight * vector[place]).sum()
        };
        let variance = |weights: &Vec<(usize, f64)>| {
            let unit = unit(weights.iter().map(|(_, weight)| weight));
            let weights: Vec<_> = weights.iter().map(|&(place, weight)| (place, weight / unit)).collect();
            let mut vector = vec![0.0; self.p];
            weights.iter().for_each(|&(place, weight)| vector[place] = weight);
            (combined(&matrix.solve(block.clone(), &vector), &weights), unit)
        };
        Ok(Profile {
            coefficients: basis.iter().map(|weights| combined(&coefficients, weights)).collect(),
            unscaled_variances: basis.iter().map(variance).collect(),
            residual_variance,
            log_likelihood: -0.5 * (df * constant + determinant),
        })
    }

    /// The first random term whose variance cannot be told from the residual one and those before it, if
    /// there is any.
    ///
    /// With P at zero variances, the parameters are identifiable if and only if the matrices `P` and `P Z_k
    /// Z_k' P` are linearly independent, that is, if their matrix of inner products can be inverted (Rao and
    /// Kleffe, 1988).
    pub(crate) fn unidentifiable(&self) -> Option<usize> {
        let (p, q, n_terms) = (self.p, self.q(), self.n_terms());
        let mut bordered = self.bordered(&vec![0.0; n_terms]).ok()?;
        // The caller has found X of full rank.
        bordered.matrix.eliminate(q..q + p, 0.0).ok()?;
        let Blocks { traces, norms } = self.blocks(&bordered, q + p);
        // Nothing but rounding is left of a term that the fixed effects determine: of n, each row being in
        // one level.
        if let Some(term) = traces.iter().position(|&trace| trace <= 1e-10 * self.n as f64) {
            return Some(term);
        }
        let mut products = Symmetric::from_fn(n_terms + 1, |row, column| match (row, column) {
            (0, 0) => (self.n - self.p) as f64,
            (k, 0) => traces[k - 1],
            (k, l) => norms.get(k - 1, l - 1),
        });
        products.eliminate(0..n_terms + 1, 1e-9).err().map(|dependent| dependent.column - 1)
    }
}
