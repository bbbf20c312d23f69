//! The largest random term, eliminated on its own.
//!
//! `Z'Z` of one grouping is diagonal, `m_i` being the rows of level i, so that the inverse of `W = I + g Z
//! Z'` and all products with it are sums over levels, with `c_i` the row of level i of `Z'B`, B being all
//! other columns `[X Z2 y]`:
//!
//! - `log abs W = sum log(1 + g m_i)`, `B'W^-1 B = B'B - sum g h_i c_i c_i'` with `h_i = 1 / (1 + g m_i)`;
//! - `Z'W^-1 Z = diag(d_i)` with `d_i = m_i h_i`, and row i of `Z'W^-1 B` is `h_i c_i`.
//!
//! The other random terms and X are eliminated from `B'W^-1 B` as they are from `B'B` without this grouping:
//! the Schur complement that a sparse Cholesky factorisation arrives at. With L the factor of that
//! elimination, `Z'P Z = diag(d) - U U'`, where row i of U is `h_i c_i D L^-T`. The derivatives of the
//! likelihood ask for traces and squared norms alone, which are made of `Q = sum h_i^2 c_i c_i'` and `R = sum
//! d_i h_i^2 c_i c_i'`, so that U, with a row for each level, is never formed: a step costs (columns of B in
//! a level)^2 for each level, and (columns of B)^3 once.

use std::collections::BTreeMap;
use std::ops::Range;

use super::symmetric::Symmetric;

/// Cross-products of the levels of a grouping with all other columns.
pub(crate) struct Grouping {
    /// For each level what is not 0 in its row of `Z'B`, by column; column 0 is the intercept, which counts
    /// the rows.
    rows: Vec<BTreeMap<usize, f64>>,
    /// Columns of B.
    order: usize,
}

/// The grouping at a variance.
pub(crate) struct Weighted<'a> {
    grouping: &'a Grouping,
    variance: f64,
    /// `log abs W`.
    pub(crate) log_determinant: f64,
    /// `B'W^-1 B`.
    pub(crate) cross: Symmetric,
    /// Q and R.
    plain: Symmetric,
    weighted: Symmetric,
    /// Sums of `d_i` and of its squares.
    trace: f64,
    squares: f64,
}

/// The factor of the other columns: `D L^-T` is what U is made with.
pub(crate) struct Factor<'a> {
    /// After elimination of the first columns.
    pub(crate) matrix: &'a Symmetric,
    /// D, by column of the factor.
    pub(crate) scales: &'a [f64],
    /// The column of B that a column of the factor is.
    pub(crate) columns: &'a [usize],
}

impl Grouping {
    /// Without rows.
    pub(crate) fn of(n_levels: usize, order: usize) -> Self {
        Self { rows: vec![BTreeMap::new(); n_levels], order }
    }

    pub(crate) fn n_levels(&self) -> usize {
        self.rows.len()
    }

    /// Adds a row of the table, by what is not 0 in it.
    pub(crate) fn add(&mut self, level: usize, entries: &[(usize, f64)]) {
        for &(column, value) in entries {
            *self.rows[level].entry(column).or_insert(0.0) += value;
        }
    }

    /// Rows of each level, with `h_i`.
    fn levels(&self, variance: f64) -> impl Iterator<Item = (f64, f64, &BTreeMap<usize, f64>)> {
        self.rows.iter().map(move |row| {
            let m = row[&0];
            (m, 1.0 / (1.0 + variance * m), row)
        })
    }

    /// The grouping at a variance relative to the residual one; `cross` is `B'B`.
    pub(crate) fn weigh(&self, cross: &Symmetric, variance: f64) -> Weighted<'_> {
        let mut weighted = Weighted {
            grouping: self,
            variance,
            log_determinant: 0.0,
            cross: cross.clone(),
            plain: Symmetric::zeros(self.order),
            weighted: Symmetric::zeros(self.order),
            trace: 0.0,
            squares: 0.0,
        };
        for (m, h, row) in self.levels(variance) {
            let d = m * h;
            weighted.log_determinant += libm::log1p(variance * m);
            weighted.trace += d;
            weighted.squares += d * d;
            for (&i, &of_i) in row {
                for (&j, &of_j) in row.range(..=i) {
                    let product = of_i * of_j;
                    weighted.cross.add(i, j, -(variance * h) * product);
                    weighted.plain.add(i, j, h * h * product);
                    weighted.weighted.add(i, j, d * h * h * product);
                }
            }
        }
        weighted
    }
}

impl Weighted<'_> {
    /// Trace and squared norm of `diag(d) - U U'`.
    pub(crate) fn own_block(&self, factor: &Factor) -> (f64, f64) {
        let whitened = |matrix: &Symmetric| factor.whiten(matrix);
        let r = factor.columns.len();
        let (plain, weighted) = (whitened(&self.plain), whitened(&self.weighted));
        let trace = |square: &[f64]| (0..r).map(|i| square[i * r + i]).sum::<f64>();
        let norm: f64 = plain.iter().map(|entry| entry * entry).sum();
        (self.trace - trace(&plain), self.squares - 2.0 * trace(&weighted) + norm)
    }

    /// Squared norm of the block of this grouping and another term, whose levels are columns `levels` of B
    /// and rows from `start` of the eliminated matrix.
    pub(crate) fn other_block(&self, factor: &Factor, levels: Range<usize>, start: usize) -> f64 {
        let (r, width) = (factor.columns.len(), levels.len());
        // The block is h C T with T = E - D L^-T U2', of which the rows in the columns of the factor are kept
        // beside E.
        let mut solved = vec![0.0; r * width];
        for level in 0..width {
            let row = factor.matrix.row(start + level, 0..r);
            row.iter().enumerate().for_each(|(j, &entry)| solved[j * width + level] = entry);
        }
        factor.backward(&mut solved, width);
        let mut all = vec![0.0; self.grouping.order * width];
        for (j, (&column, &scale)) in factor.columns.iter().zip(factor.scales).enumerate() {
            let entries = &solved[j * width..][..width];
            let row = all[column * width..][..width].iter_mut();
            row.zip(entries).for_each(|(row, entry)| *row = -scale * entry);
        }
        levels.enumerate().for_each(|(level, column)| all[column * width + level] += 1.0);
        // <Q T, T>.
        let mut norm = 0.0;
        for i in 0..self.grouping.order {
            let row = &all[i * width..][..width];
            for j in 0..=i {
                let product = self.plain.get(i, j);
                if product != 0.0 {
                    let other = &all[j * width..][..width];
                    let dot: f64 = row.iter().zip(other).map(|(a, b)| a * b).sum();
                    norm += product * dot * if i == j { 1.0 } else { 2.0 };
                }
            }
        }
        norm
    }

    /// `t = Z'P y` as the squares `|t|^2` and the sums `sum d_i t_i^2` and `sum t_i h_i c_i`; `y` is the row
    /// of the response in the columns of the factor.
    pub(crate) fn response(&self, factor: &Factor, y: &[f64]) -> Response {
        let mut solved = y.to_vec();
        factor.backward(&mut solved, 1);
        let mut combination = vec![0.0; self.grouping.order];
        for ((&column, &scale), entry) in factor.columns.iter().zip(factor.scales).zip(solved) {
            combination[column] = -scale * entry;
        }
        combination[self.grouping.order - 1] = 1.0;
        let mut response = Response { squares: 0.0, weighted: 0.0, sums: vec![0.0; self.grouping.order] };
        for (m, h, row) in self.grouping.levels(self.variance) {
            let t = h * row.iter().map(|(&column, entry)| combination[column] * entry).sum::<f64>();
            response.squares += t * t;
            response.weighted += m * h * t * t;
            row.iter().for_each(|(&column, entry)| response.sums[column] += t * h * entry);
        }
        response
    }
}

/// Sums over the levels of a grouping with `t = Z'P y`.
pub(crate) struct Response {
    pub(crate) squares: f64,
    pub(crate) weighted: f64,
    pub(crate) sums: Vec<f64>,
}

impl Factor<'_> {
    fn entry(&self, row: usize, column: usize) -> f64 {
        self.matrix.get(row, column)
    }

    /// `L^-1 D M D L^-T` of a matrix in the columns of B, as a square.
    fn whiten(&self, matrix: &Symmetric) -> Vec<f64> {
        let r = self.columns.len();
        let mut square: Vec<f64> = (0..r * r)
            .map(|at| {
                let (i, j) = (at / r, at % r);
                self.scales[i] * self.scales[j] * matrix.get(self.columns[i], self.columns[j])
            })
            .collect();
        self.forward(&mut square, r);
        let mut transposed: Vec<f64> = (0..r * r).map(|at| square[at % r * r + at / r]).collect();
        self.forward(&mut transposed, r);
        transposed
    }

    /// `L^-1 D v` of a vector in the columns of B.
    pub(crate) fn whiten_vector(&self, vector: &[f64]) -> Vec<f64> {
        let mut solved: Vec<f64> =
            self.columns.iter().zip(self.scales).map(|(&column, scale)| scale * vector[column]).collect();
        self.forward(&mut solved, 1);
        solved
    }

    /// Solves `L X = B` in place, the rows of B being of a width.
    fn forward(&self, rows: &mut [f64], width: usize) {
        for j in 0..self.columns.len() {
            let (before, row) = rows.split_at_mut(j * width);
            let row = &mut row[..width];
            for i in 0..j {
                subtract(row, self.entry(j, i), &before[i * width..][..width]);
            }
            let root = self.entry(j, j);
            row.iter_mut().for_each(|entry| *entry /= root);
        }
    }

    /// Solves `L' X = B` likewise.
    fn backward(&self, rows: &mut [f64], width: usize) {
        for j in (0..self.columns.len()).rev() {
            let (before, row) = rows.split_at_mut(j * width);
            let row = &mut row[..width];
            let root = self.entry(j, j);
            row.iter_mut().for_each(|entry| *entry /= root);
            for i in 0..j {
                subtract(&mut before[i * width..][..width], self.entry(j, i), row);
            }
        }
    }
}

/// Subtracts a multiple of a row; of a nested term most multiples are 0.
fn subtract(row: &mut [f64], scale: f64, other: &[f64]) {
    if scale != 0.0 {
        row.iter_mut().zip(other).for_each(|(entry, other)| *entry -= scale * other);
    }
}
