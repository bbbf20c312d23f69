//! The experiments of "Towards Scalable Lottery Ticket Networks using Genetic Algorithms" as data.
//!
//! Compute, store, summarise and draw are four separate steps:
//!
//! - a [`RunSpec`] says what to run: a [search](SearchSpec), a [training](TrainingSpec), an analysis of a ticket;
//! - a [`Store`] keeps each [`RunRecord`] as one file, named by the hash of its spec;
//! - a [`Runner`] computes the records that are missing, in parallel, and can be interrupted at any time;
//! - a [figure](figures) or a [claim](claims) names the specs that it needs and turns their records into a drawing, a table
//!   or a verdict.
//!
//! So figures are drawn again without computing anything, and figures that need the same runs share them. A [`Study`]
//! takes all of that through to the end.
//!
//! ```
//! use slt_core::Seed;
//! use slt_paper::{Algorithm, Prepared, SearchSpec};
//!
//! let mut spec = SearchSpec::paper("circles".parse()?, "A", Algorithm::Ga, Seed(1))?;
//! spec.config.termination.max_generations = Some(5);
//! let prepared = Prepared::new(&spec)?;
//! let outcome = prepared.search(None, &mut ())?.outcome();
//! let record = prepared.record(&outcome)?;
//! assert!(record.best.train_accuracy > 0.5);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod analyses;
mod arm;
pub mod causes;
mod checkpoint;
pub mod claims;
mod comparison;
mod error;
mod farm;
pub mod figures;
mod files;
mod gallery;
mod golden;
mod method;
mod outcome;
mod page;
mod plan;
mod published;
mod records;
mod report;
mod runner;
mod runs;
mod store;
mod study;
mod table;

pub use checkpoint::{read_checkpoint, write_checkpoint};
pub use error::Error;
pub use farm::{Farm, Task};
pub use files::{check_output, write_atomically};
pub use gallery::{Drawn, Gallery};
pub use golden::{Golden, Verdicts, recorded_verdict, verdicts};
pub use outcome::Outcome;
pub use page::counts;
pub use plan::{Plan, Protocol, Scale};
pub use published::{Published, Recomputed};
pub use records::Records;
pub use report::{Report, agreement};
pub use runner::{Progress, RunTimes, Runner};
pub use runs::*;
pub use store::{Entry, Merged, Store, archive};
pub use study::{Shard, Study};
pub use table::{Cell, Table};

/// Compiles the example of the README.
#[cfg(doctest)]
#[doc = include_str!("../../../README.md")]
struct Readme;
