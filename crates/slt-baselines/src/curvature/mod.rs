//! The loss around a lottery ticket: exact gradients, Hessian-vector products, eigenvalues and landscapes.
//!
//! All in double precision, and spread over the threads of the current rayon pool by samples or by points;
//! results do not depend on their number.

mod eigen;
mod lanczos;
mod landscape;
mod surface;

pub use eigen::symmetric_eigenvalues;
pub use lanczos::{LanczosConfig, Spectrum};
pub use landscape::{Landscape, LossAt};
pub use surface::{LossSurface, MAX_DENSE};
