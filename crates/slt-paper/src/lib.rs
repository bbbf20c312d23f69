//! The experiments of "Towards Scalable Lottery Ticket Networks using Genetic Algorithms" as data.
//!
//! Compute, store, summarise and draw are four separate steps. `slt_run` does the first two: specs, records,
//! the store, the runner. Here,
//!
//! - a [figure](figures), a [claim](claims) or a [cause](causes) names the specs that it needs and turns
//!   their records into a drawing, a table or a verdict;
//! - a [`Study`] takes all of that through to the end, at the scale of a [`Plan`].
//!
//! So figures are drawn again without computing anything, and figures that need the same runs share them.

mod analyses;
mod arm;
mod beyond;
pub mod causes;
pub mod claims;
mod comparison;
mod error;
mod farm;
pub mod figures;
mod gallery;
mod genetic;
mod golden;
mod method;
mod outcome;
mod page;
mod plan;
mod published;
mod quantity;
mod report;
mod study;
mod table;

pub use error::Error;
pub use farm::{Farm, Task};
pub use gallery::{Drawn, Gallery};
pub use golden::{Golden, Verdicts, recorded_verdict, verdicts};
pub use outcome::ClaimOutcome;
pub use page::counts;
pub use plan::{Plan, Protocol, Scale};
pub use published::{Published, Recomputed};
pub use report::{Report, agreement};
pub use study::{Shard, Study};
pub use table::{Cell, Table};

/// The example of the README runs, too.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct Readme;
