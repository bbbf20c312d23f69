//! What every part of `slt` shares: masks, randomness, and the question that a search asks.
//!
//! - [`BitMask`] is a fixed-length bit string packed into `u64` words. A genome and a mask are the same
//!   thing, so they are one type: bit `i` says whether weight `i` of a network is kept.
//! - [`Seed`] opens named random streams. A stream depends on the seed, what it is for, and where it is
//!   used, and on nothing else, so results do not depend on the number of threads or on the order in
//!   which work finishes. [`random`] holds the few distributions that enter results, over the raw bits.
//! - [`Objective`] is the one seam between search algorithms and what they optimise. An algorithm knows
//!   nothing of networks; an evaluator knows nothing of populations. [`Neighbourhood`] is the same seam for
//!   local search: one mask, and what single flips of it are worth.
//! - [`canonical`] is the JSON that hashes of stored things are made of, [`seal`] the envelope of what is
//!   stored as bytes.
//!
//! The crate holds no arrays and does no input or output.
//!
//! ```
//! use slt_core::{BitMask, Objective, Purpose, Score, Seed};
//!
//! /// Counts the set bits: the "one-max" problem.
//! struct OneMax(usize);
//!
//! impl Objective for OneMax {
//!     fn n_bits(&self) -> usize {
//!         self.0
//!     }
//!     fn evaluate(&self, masks: &[&BitMask], _floor: Option<f64>) -> Vec<Score> {
//!         masks.iter().map(|mask| Score::Exact(mask.count_ones() as f64)).collect()
//!     }
//! }
//!
//! let mut rng = Seed(1).stream(Purpose::new("example"), 0, 0);
//! let mask = BitMask::random(100, &mut rng);
//! assert_eq!(OneMax(100).evaluate(&[&mask], None), [Score::Exact(mask.count_ones() as f64)]);
//! ```

/// The example of the README runs, too.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct Readme;

pub mod canonical;
mod error;
mod mask;
mod neighbourhood;
mod objective;
pub mod random;
mod score;
pub mod seal;
mod short;
mod units;

pub use error::Error;
pub use mask::BitMask;
pub use neighbourhood::{Neighbourhood, WhatIf};
pub use objective::Objective;
pub use random::{Purpose, Seed, StreamRng};
pub use score::Score;
pub use short::Short;
pub use units::Units;
