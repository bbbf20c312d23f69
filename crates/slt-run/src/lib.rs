//! Runs of searches, trainings and analyses as data.
//!
//! - a [`RunSpec`] says what to run: a [search](SearchSpec), a [training](TrainingSpec), an analysis of a
//!   ticket; it holds everything that the result depends on, and nothing else;
//! - a [`RunRecord`] is what came out;
//! - a [`Store`] keeps each record as one file, named by the hash of its spec;
//! - a [`Runner`] computes the records that are missing, in parallel, and can be interrupted at any time.
//!
//! A [search](SearchSpec) can be run without a store, too:
//!
//! ```
//! use slt_core::Seed;
//! use slt_run::{Algorithm, Prepared, SearchSpec};
//!
//! let mut spec = SearchSpec::paper("circles".parse()?, "A", Algorithm::Ga, Seed(1))?;
//! spec.config.termination.max_generations = Some(5);
//! let prepared = Prepared::new(&spec)?;
//! let outcome = prepared.search(None, &mut ())?.outcome();
//! let record = prepared.record(&outcome.into())?;
//! assert!(record.best.train_accuracy > 0.5);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

/// The example of the README runs, too.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct Readme;

mod checkpoint;
mod data;
mod error;
mod files;
mod records;
mod runner;
mod runs;
mod store;

pub use checkpoint::{read_checkpoint, write_checkpoint};
pub use data::{
    ArrayOptions, DataSource, FileData, FileFormat, FileOptions, FileScaling, Loaded, Rows, TestChoice,
    TestPart, canonical_data, load_file, load_for_ticket, read_rows, read_rows_to_predict,
};
pub use error::Error;
pub use files::{check_output, write_atomically};
pub use records::Records;
pub use runner::{Progress, Runner};
pub use runs::*;
pub use store::{Entry, Merged, RunTimes, Store, archive};
