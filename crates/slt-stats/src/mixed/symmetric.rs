//! Elimination in dense symmetric matrices, all the linear algebra that the model needs.

use std::ops::Range;

/// A symmetric matrix, of which the lower triangle is kept (the rest of the square is not read).
#[derive(Clone)]
pub(crate) struct Symmetric {
    order: usize,
    values: Vec<f64>,
}

/// A column is, up to rounding, a combination of those before it.
#[derive(Debug)]
pub(crate) struct Dependent {
    pub(crate) column: usize,
}

impl Symmetric {
    pub(crate) fn zeros(order: usize) -> Self {
        Self { order, values: vec![0.0; order * order] }
    }

    /// From the entries of the lower triangle, `entry(row, column)` with `column <= row`.
    pub(crate) fn from_fn(order: usize, mut entry: impl FnMut(usize, usize) -> f64) -> Self {
        let mut matrix = Self::zeros(order);
        for row in 0..order {
            for column in 0..=row {
                matrix.values[row * order + column] = entry(row, column);
            }
        }
        matrix
    }

    /// The entry in a row and a column, in either order.
    pub(crate) fn get(&self, row: usize, column: usize) -> f64 {
        self.values[row.max(column) * self.order + row.min(column)]
    }

    pub(crate) fn add(&mut self, row: usize, column: usize, value: f64) {
        self.values[row.max(column) * self.order + row.min(column)] += value;
    }

    /// Part of a row, up to its diagonal.
    pub(crate) fn row(&self, row: usize, columns: Range<usize>) -> &[f64] {
        debug_assert!(columns.end <= row + 1);
        &self.values[row * self.order..][columns]
    }

    /// Cholesky factorisation of some columns, the first that have not been eliminated yet; returns the
    /// logarithm of the determinant of their block.
    ///
    /// They become columns of the lower factor, and what is right of them becomes the Schur complement: for
    /// the blocks `[[A, B'], [B, C]]`, eliminating those of `A = L L'` leaves `[[L, .], [B L'^-1, C - B A^-1
    /// B']]`.
    ///
    /// # Errors
    /// [`Dependent`] if less than `tolerance` of a diagonal entry is left when its turn comes.
    pub(crate) fn eliminate(&mut self, columns: Range<usize>, tolerance: f64) -> Result<f64, Dependent> {
        let order = self.order;
        let diagonal: Vec<f64> = columns.clone().map(|j| self.get(j, j)).collect();
        let mut log_determinant = 0.0;
        let mut factor = vec![0.0; order];
        for (j, before) in columns.zip(diagonal) {
            let pivot = self.get(j, j);
            // Not `<=`, so that NaN is dependent too.
            if !(pivot > tolerance * before && pivot > 0.0) {
                return Err(Dependent { column: j });
            }
            log_determinant += libm::log(pivot);
            let root = pivot.sqrt();
            for (row, factor) in factor.iter_mut().enumerate().skip(j) {
                let entry = &mut self.values[row * order + j];
                *entry /= root;
                *factor = *entry;
            }
            for row in j + 1..order {
                let scale = factor[row];
                // Indicators make most of them zero.
                if scale != 0.0 {
                    let rest = &mut self.values[row * order..][j + 1..=row];
                    for (entry, factor) in rest.iter_mut().zip(&factor[j + 1..=row]) {
                        *entry -= scale * factor;
                    }
                }
            }
        }
        Ok(log_determinant)
    }

    /// Solves `L' x = b` with the lower factor `L` that [`Symmetric::eliminate`] left in a block.
    pub(crate) fn solve_transposed(&self, block: Range<usize>, b: &[f64]) -> Vec<f64> {
        let mut x = b.to_vec();
        for j in (0..block.len()).rev() {
            x[j] /= self.get(block.start + j, block.start + j);
            for i in 0..j {
                x[i] -= self.get(block.start + j, block.start + i) * x[j];
            }
        }
        x
    }

    /// Solves `L L' x = b` likewise.
    pub(crate) fn solve(&self, block: Range<usize>, b: &[f64]) -> Vec<f64> {
        let mut x = b.to_vec();
        for i in 0..block.len() {
            for j in 0..i {
                x[i] -= self.get(block.start + i, block.start + j) * x[j];
            }
            x[i] /= self.get(block.start + i, block.start + i);
        }
        self.solve_transposed(block, &x)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn example() -> Symmetric {
        let rows = [[4.0, 0.0, 0.0], [2.0, 5.0, 0.0], [6.0, 1.0, 20.0]];
        Symmetric::from_fn(3, |i, j| rows[i][j])
    }

    #[test]
    fn elimination_leaves_factor_and_schur_complement() {
        let mut matrix = example();
        let log_determinant = matrix.eliminate(0..2, 0.0).unwrap();
        assert!((log_determinant - 16.0_f64.ln()).abs() < 1e-15);
        assert_eq!((matrix.get(0, 0), matrix.get(1, 0), matrix.get(1, 1)), (2.0, 1.0, 2.0));
        // 20 - [6, 1] [[4, 2], [2, 5]]^-1 [6, 1]' = 20 - 10.
        assert_eq!(matrix.get(2, 2), 10.0);
    }

    #[test]
    fn solutions() {
        let mut matrix = example();
        matrix.eliminate(0..3, 0.0).unwrap();
        let x = matrix.solve(0..3, &[12.0, 8.0, 27.0]);
        for x in x {
            assert!((x - 1.0).abs() < 1e-14);
        }
        // The cofactor of each diagonal entry over the determinant, 160.
        for (column, cofactor) in [99.0, 44.0, 16.0].into_iter().enumerate() {
            let mut unit = [0.0; 3];
            unit[column] = 1.0;
            assert!((matrix.solve(0..3, &unit)[column] - cofactor / 160.0).abs() < 1e-14);
        }
    }

    #[test]
    fn dependent_columns_are_named() {
        let mut matrix =
            Symmetric::from_fn(3, |i, j| [[1.0, 0.0, 0.0], [0.0, 1.0, 0.0], [1.0, 1.0, 2.0]][i][j]);
        assert_eq!(matrix.eliminate(0..3, 1e-10).unwrap_err().column, 2);
    }
}
