//! What `slt hessian` says of its result.

use std::fmt;

use serde::Serialize;

/// The result on stdout.
#[derive(Serialize)]
pub(super) struct Report {
    pub(super) data: String,
    pub(super) split: &'static str,
    pub(super) samples: usize,
    /// Which parameters the Hessian is about.
    pub(super) parameters: &'static str,
    /// How many they are.
    pub(super) dimension: usize,
    pub(super) loss: f64,
    pub(super) accuracy: f64,
    /// Of the gradient by these parameters.
    pub(super) gradient_norm: f64,
    #[serde(flatten)]
    pub(super) spectrum: Eigenvalues,
    pub(super) seconds: f64,
}

/// The largest eigenvalues and how they were found.
#[derive(Serialize)]
pub(super) struct Eigenvalues {
    pub(super) method: Method,
    /// Descending.
    pub(super) eigenvalues: Vec<f64>,
    /// Norms of `H v - lambda v`: an eigenvalue is that close. Those of the dense method are rounding.
    pub(super) residuals: Option<Vec<f64>>,
    /// Products of the Hessian with a vector.
    pub(super) products: usize,
    /// Whether the residuals reached the tolerance.
    pub(super) converged: Option<bool>,
}

#[derive(Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub(super) enum Method {
    Dense,
    Lanczos,
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { data, split, parameters, dimension, loss, gradient_norm, spectrum, .. } = self;
        let accuracy = 100.0 * self.accuracy;
        writeln!(f, "{data} {split}: loss {loss:.6}, {accuracy:.2} % accuracy")?;
        writeln!(f, "gradient norm {gradient_norm:.6e} over {dimension} {parameters} parameters")?;
        let Eigenvalues { method, eigenvalues, residuals, products, converged } = spectrum;
        match (method, converged) {
            (Method::Dense, _) => write!(f, "largest eigenvalues, dense Hessian")?,
            (Method::Lanczos, Some(true)) => write!(f, "largest eigenvalues, {products} Lanczos steps")?,
            _ => write!(f, "largest eigenvalues, not converged in {products} Lanczos steps")?,
        }
        writeln!(f, " ({:.1} s)", self.seconds)?;
        for (i, value) in eigenvalues.iter().enumerate() {
            write!(f, "{:>5}  {value:>14.8e}", i + 1)?;
            match residuals {
                Some(residuals) => writeln!(f, "  residual {:.1e}", residuals[i])?,
                None => writeln!(f)?,
            }
        }
        Ok(())
    }
}
