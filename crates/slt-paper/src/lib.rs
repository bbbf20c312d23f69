//! The experiments of "Towards Scalable Lottery Ticket Networks using Genetic Algorithms" as data.
//!
//! Compute, store, summarise and draw are four separate steps:
//!
//! - a [`RunSpec`] says what to run; [`Prepared`] runs it;
//! - a [`Store`] keeps each [`RunRecord`] as one file, named by the hash of its spec;
//! - a [`Runner`] computes the records that are missing, in parallel, and can be interrupted at any time;
//! - a [figure](figures) names the specs it needs and turns their records into a drawing and a table.
//!
//! So figures are drawn again without computing anything, and figures that need the same runs share them.
//!
//! ```
//! use slt_core::Seed;
//! use slt_ga::{GaConfig, Termination};
//! use slt_paper::{Algorithm, Prepared, RunSpec};
//!
//! let mut spec = RunSpec::paper("circles".parse()?, "A", Algorithm::Ga, Seed(1))?;
//! spec.config.termination.max_generations = Some(5);
//! let prepared = Prepared::new(&spec)?;
//! let outcome = prepared.search(None, &mut ())?.outcome();
//! let record = prepared.record(&outcome)?;
//! assert!(record.best.train_accuracy > 0.5);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod checkpoint;
mod error;
pub mod figures;
mod files;
mod prepared;
mod record;
mod runner;
mod scale;
mod spec;
mod store;
mod table;

pub use checkpoint::{read_checkpoint, write_checkpoint};
pub use error::Error;
pub use files::{check_output, write_atomically};
pub use prepared::Prepared;
pub use record::{Chosen, RunRecord};
pub use runner::{Progress, RunTimes, Runner};
pub use scale::{Plan, Scale};
pub use spec::{Algorithm, RESULTS_VERSION, RunSpec, architecture_for, attempt_limits, canonical_data};
pub use store::Store;
pub use table::Table;

/// Compiles the example of the README.
#[cfg(doctest)]
#[doc = include_str!("../../../README.md")]
struct Readme;
