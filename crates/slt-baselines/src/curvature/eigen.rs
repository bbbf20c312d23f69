//! Eigenvalues of symmetric matrices: Householder's reduction to tridiagonal form, then QL with implicit
//! shifts (Golub and Van Loan, "Matrix Computations", sections 8.3.1 and 8.3.3).

use ndarray::{Array2, ArrayView2};

/// The eigenvalues of a symmetric matrix, ascending. Only the lower triangle is read.
///
/// Accurate to a few units of rounding of the largest magnitude among them. A matrix with an entry that is
/// not finite has eigenvalues that are NaN.
///
/// # Panics
/// If the matrix is not square.
///
/// ```
/// use ndarray::array;
/// use slt_baselines::symmetric_eigenvalues;
/// let values = symmetric_eigenvalues(array![[2.0, 1.0], [1.0, 2.0]].view());
/// assert!((values[0] - 1.0).abs() < 1e-15 && (values[1] - 3.0).abs() < 1e-15);
/// ```
#[expect(clippy::needless_pass_by_value, reason = "a view is a reference")]
pub fn symmetric_eigenvalues(matrix: ArrayView2<'_, f64>) -> Vec<f64> {
    let n = matrix.nrows();
    assert_eq!(n, matrix.ncols(), "a symmetric matrix is square");
    let lower_is_finite = (0..n).all(|i| (0..=i).all(|j| matrix[[i, j]].is_finite()));
    if !lower_is_finite {
        return vec![f64::NAN; n];
    }
    let mut full = Array2::from_shape_fn((n, n), |(i, j)| matrix[[i.max(j), i.min(j)]]);
    let (mut diagonal, mut off) = tridiagonal(&mut full);
    ql(&mut diagonal, &mut off, &mut []);
    diagonal.sort_by(f64::total_cmp);
    diagonal
}

/// Reduces a symmetric matrix to diagonal and off-diagonal by reflections; the matrix is used up.
fn tridiagonal(a: &mut Array2<f64>) -> (Vec<f64>, Vec<f64>) {
    let n = a.nrows();
    let mut off = vec![0.0; n.saturating_sub(1)];
    for k in 0..n.saturating_sub(1) {
        let mut v: Vec<f64> = (k + 1..n).map(|i| a[[i, k]]).collect();
        // The column is scaled so that its squares neither overflow nor vanish.
        let scale = v.iter().fold(0.0_f64, |top, x| top.max(x.abs()));
        if scale == 0.0 {
            continue;
        }
        v.iter_mut().for_each(|x| *x /= scale);
        let norm = v.iter().map(|x| x * x).sum::<f64>().sqrt();
        let alpha = if v[0] > 0.0 { -norm } else { norm };
        off[k] = alpha * scale;
        v[0] -= alpha;
        let square: f64 = v.iter().map(|x| x * x).sum();
        if square == 0.0 {
            continue;
        }
        // A' = A - v w^T - w v^T on the trailing block, with beta = 2 / v.v, p = beta A v, w = p - beta (p.v)
        // / 2 v.
        let beta = 2.0 / square;
        let m = v.len();
        let mut w: Vec<f64> =
            (0..m).map(|i| beta * (0..m).map(|j| a[[k + 1 + i, k + 1 + j]] * v[j]).sum::<f64>()).collect();
        let half = 0.5 * beta * w.iter().zip(&v).map(|(p, v)| p * v).sum::<f64>();
        w.iter_mut().zip(&v).for_each(|(w, v)| *w -= half * v);
        for i in 0..m {
            for j in 0..m {
                a[[k + 1 + i, k + 1 + j]] -= v[i] * w[j] + w[i] * v[j];
            }
        }
    }
    (a.diag().to_vec(), off)
}

/// Three would do for any matrix of finite numbers.
const MAX_SWEEPS: usize = 100;

/// Diagonalises a tridiagonal matrix in place: `diagonal` becomes the eigenvalues, in no order. The same
/// rotations are applied to row vectors: one that begins as the k-th unit vector ends as the k-th components
/// of the eigenvectors.
pub(super) fn ql(diagonal: &mut [f64], off: &mut [f64], rows: &mut [Vec<f64>]) {
    let n = diagonal.len();
    for l in 0..n {
        for _ in 0..MAX_SWEEPS {
            // The first negligible off-diagonal entry from l on splits the matrix.
            let m = (l..n.saturating_sub(1))
                .find(|&m| {
                    let size = diagonal[m].abs() + diagonal[m + 1].abs();
                    off[m].abs() <= f64::EPSILON * size
                })
                .unwrap_or(n - 1);
            if m == l {
                break;
            }
            // Wilkinson's shift, from the leading two by two block.
            let half = (diagonal[l + 1] - diagonal[l]) / (2.0 * off[l]);
            let root = libm::hypot(half, 1.0);
            let mut g = diagonal[m] - diagonal[l] + off[l] / (half + root.copysign(half));
            let (mut sine, mut cosine, mut p) = (1.0, 1.0, 0.0);
            let mut deflated = false;
            for i in (l..m).rev() {
                let (f, b) = (sine * off[i], cosine * off[i]);
                let r = libm::hypot(f, g);
                if i + 1 < m {
                    off[i + 1] = r;
                }
                if r == 0.0 {
                    // The rotation is undefined: take back the shift and start over on a smaller matrix.
                    diagonal[i + 1] -= p;
                    deflated = true;
                    break;
                }
                (sine, cosine) = (f / r, g / r);
                let shifted = diagonal[i + 1] - p;
                let t = (diagonal[i] - shifted) * sine + 2.0 * cosine * b;
                p = sine * t;
                diagonal[i + 1] = shifted + p;
                g = cosine * t - b;
                for row in rows.iter_mut() {
                    let (a, b) = (row[i], row[i + 1]);
                    (row[i], row[i + 1]) = (cosine * a - sine * b, sine * a + cosine * b);
                }
            }
            if !deflated {
                diagonal[l] -= p;
                off[l] = g;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spectrum_of_a_path() {
        // Second differences: 2 - 2 cos(pi k / (n + 1)).
        for n in [1, 2, 3, 10, 60] {
            let matrix = Array2::from_shape_fn((n, n), |(i, j)| match i.abs_diff(j) {
                0 => 2.0,
                1 => -1.0,
                _ => 0.0,
            });
            let values = symmetric_eigenvalues(matrix.view());
            for (k, value) in values.iter().enumerate() {
                let exact = 2.0 - 2.0 * libm::cos(std::f64::consts::PI * (k + 1) as f64 / (n + 1) as f64);
                assert!((value - exact).abs() < 1e-13, "{n} {k} {value} {exact}");
            }
        }
    }

    #[test]
    fn full_matrices_of_known_spectrum() {
        // Reflections of a diagonal matrix, with repeated and zero eigenvalues.
        let spectrum = [-3.0, 0.0, 0.0, 1e-6, 2.0, 2.0, 1e3];
        let n = spectrum.len();
        let v: Vec<f64> = (0..n).map(|i| libm::sin(i as f64 + 1.0)).collect();
        let square: f64 = v.iter().map(|x| x * x).sum();
        let q = Array2::from_shape_fn((n, n), |(i, j)| f64::from(i == j) - 2.0 * v[i] * v[j] / square);
        let matrix = q.dot(&Array2::from_diag(&ndarray::Array1::from(spectrum.to_vec()))).dot(&q.t());
        for (value, exact) in symmetric_eigenvalues(matrix.view()).iter().zip(spectrum) {
            assert!((value - exact).abs() < 1e-11, "{value} {exact}");
        }
    }

    #[test]
    fn empty_and_zero_matrices() {
        assert!(symmetric_eigenvalues(Array2::zeros((0, 0)).view()).is_empty());
        assert_eq!(symmetric_eigenvalues(Array2::zeros((3, 3)).view()), [0.0; 3]);
        assert!(symmetric_eigenvalues(Array2::from_elem((2, 2), f64::NAN).view())[0].is_nan());
    }
}
