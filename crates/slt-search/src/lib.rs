//! One loop for all searches over bit masks.
//!
//! An [`Algorithm`] says how a search begins and what a step does. The loop, [`run`], is the same for all: it
//! owns the random streams, counts the [`Work`], tells [`Observer`]s, keeps to a [`Budget`], takes
//! [`Checkpoint`]s and goes on from them. What is searched is any [`Objective`](slt_core::Objective); where
//! one offers a [`Neighbourhood`](slt_core::Neighbourhood), flips of single bits cost little, and local
//! searches are fast.
//!
//! Here are the searches that follow one mask: [`Descent`], [`Annealing`], [`LateAcceptance`] and
//! [`HeavyTailed`] mutation. Those with a population are in `slt-ga`.
//!
//! ```
//! use slt_core::{BitMask, Objective, Score, Seed};
//! use slt_search::{Annealing, Budget, Descent, Price, Problem, run};
//!
//! /// As many ones as possible, but no two beside each other.
//! struct Apart;
//! impl Objective for Apart {
//!     fn n_bits(&self) -> usize {
//!         50
//!     }
//!     fn evaluate(&self, masks: &[&BitMask], _floor: Option<f64>) -> Vec<Score> {
//!         let clashes = |mask: &BitMask| (1..50).filter(|&i| mask.get(i - 1) && mask.get(i)).count() as f64;
//!         masks.iter().map(|mask| Score::Exact(mask.count_ones() as f64 - 2.0 * clashes(mask))).collect()
//!     }
//! }
//! let problem = Problem::new(&Apart);
//! let descent = run(problem, Descent::default(), Budget::NONE, Seed(1), &mut ())?.best;
//! let annealed = run(problem, Annealing::default(), Budget::NONE, Seed(1), &mut ())?.best;
//! assert!(annealed.performance >= descent.performance);
//! assert!(annealed.performance >= 24.0); // 25 is the best that there is
//!
//! // At a price of 1.5 no one is worth its place.
//! let dear = Descent { price: Price::per_weight(1.5), ..Descent::default() };
//! assert_eq!(run(problem, dear, Budget::NONE, Seed(1), &mut ())?.best.mask, BitMask::zeros(50));
//! # Ok::<(), slt_search::Error>(())
//! ```

/// The example of the README runs, too.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct Readme;

mod algorithm;
mod annealing;
mod arena;
mod candidate;
mod checkpoint;
mod cooling;
mod descent;
mod error;
mod evaluated;
mod heavy_tailed;
mod late_acceptance;
mod observer;
mod price;
mod problem;
mod search;
mod stop;
mod unit_descent;
mod walk;
mod work;

pub use algorithm::{Algorithm, Tally};
pub use annealing::{Annealing, AnnealingState, Temperature};
pub use arena::{Arena, Moves, Pulse, UnitMoves};
pub use candidate::{Candidate, Rank, check_candidate, is_ranked};
pub use checkpoint::Checkpoint;
pub use cooling::{Cooled, Cooling, FLIPS_OF_A_STEP, Passed};
pub use descent::{Descent, DescentState};
pub use error::Error;
pub use heavy_tailed::{HeavyTail, HeavyTailed, HeavyTailedState};
pub use late_acceptance::{LateAcceptance, LateAcceptanceState};
pub use observer::{BestSeen, Observer, OnStep, StopFlag, View, on_step};
pub use price::{Price, PriceUnit};
pub use problem::{Guide, Problem};
pub use search::{Milestone, Outcome, Search, resume, run};
pub use stop::StopReason;
pub use unit_descent::{Batch, UnitDescent, UnitDescentState};
pub use work::{Budget, Work};
