//! Linear mixed models with crossed and nested random intercepts.

mod design;
mod factor;
mod fit;
mod fixed;
mod grouping;
mod likelihood;
mod model;
mod optimise;
mod ratio;
mod standardised;
mod symmetric;
mod table;

pub use fit::{Coefficient, Convergence, Criteria, MixedFit, VarianceComponent};
pub use model::{FixedEffect, Interaction, Method, MixedModel, RandomTerm, Reference};
pub use ratio::{Drop1, LikelihoodRatio};
pub use table::Table;
