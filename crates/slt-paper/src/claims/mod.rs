//! The claims of the paper as data: where they stand, what was published, and a test on the records.
//!
//! `all` is the table of claims; the tests are functions in a file for each topic. A test looks at arms of
//! the experiments, which share their runs with the figures, and writes down conditions: numbers with the
//! distance from their threshold. The claim is met where all conditions are.
//!
//! A verdict carries its uncertainty. How it is reached depends on the claim's [`Basis`]; it needs the
//! claim's full number of runs at full length, whatever is asked for on the command line.

mod all;
mod assessed;
mod blobs;
mod bootstrap;
mod choices;
mod claim;
mod curvature;
mod digits;
mod edge_popup;
mod evidence;
mod evolution;
mod headline;
mod scaling;
mod significance;
mod trend;
mod two_classes;
mod verdict;

pub use claim::{Basis, Claim};
pub use verdict::{Condition, Decision, Finding, Verdict};

/// All claims, in the order of the paper.
pub fn all() -> &'static [&'static Claim] {
    &all::ALL
}

/// The claim of a name, if there is one.
pub fn by_id(id: &str) -> Option<&'static Claim> {
    all().iter().copied().find(|claim| claim.id == id)
}
