//! A genetic algorithm over bit masks, for any [`Objective`](slt_core::Objective).
//!
//! It is the algorithm of Schönberger, Zorn, Nüßlein, Gabor and Altmann, "Towards Scalable Lottery Ticket
//! Networks using Genetic Algorithms", with the paper's configurations as presets. There it searches for
//! the subnetworks of a random network that solve a task untrained; but this crate knows no networks.
//! Whatever can say how well a bit string performs can be searched:
//!
//! ```
//! use slt_core::{BitMask, Objective, Score, Seed};
//! use slt_ga::{GaConfig, Termination, run};
//!
//! /// Which items to pack: as much value as possible, within a weight. Too heavy counts as a loss.
//! struct Knapsack {
//!     items: Vec<(f64, f64)>,
//!     capacity: f64,
//! }
//!
//! impl Objective for Knapsack {
//!     fn n_bits(&self) -> usize {
//!         self.items.len()
//!     }
//!     fn evaluate(&self, masks: &[&BitMask], _floor: Option<f64>) -> Vec<Score> {
//!         let performance = |mask: &&BitMask| {
//!             let packed = mask.iter_ones().map(|i| self.items[i]);
//!             let (value, weight) = packed.fold((0.0, 0.0), |(v, w), item| (v + item.0, w + item.1));
//!             Score::Exact(if weight <= self.capacity { value } else { self.capacity - weight })
//!         };
//!         masks.iter().map(performance).collect()
//!     }
//! }
//!
//! let items: Vec<_> = (0..60_u32).map(|i| (f64::from(i * 37 % 101), f64::from(i * 53 % 97))).collect();
//! let knapsack = Knapsack { items, capacity: 1000.0 };
//! let config = GaConfig {
//!     termination: Termination { max_generations: Some(1000), ..GaConfig::paper().termination },
//!     ..GaConfig::paper()
//! };
//! let outcome = run(&knapsack, &config, Seed(1), &mut ())?;
//! println!("{} after {} generations: {}", outcome.best.performance, outcome.generations, outcome.stop_reason);
//! # assert!(outcome.best.performance > 2000.0);
//! # Ok::<(), slt_ga::Error>(())
//! ```
//!
//! # Three promises
//!
//! **The same seed gives the same bits.** Every decision has a random stream of its own, named by its
//! purpose, the generation and a place in it; [`run`] lists them. So a result does not depend on the number
//! of threads an objective uses, on the machine, or on what an observer does, and an operator can draw as
//! much as it likes without shifting the draws of another. The few functions that round differently from
//! one platform to the next are taken from `libm`.
//!
//! **Shortcuts change nothing.** Survivors are the N best, so newcomers need not be told apart below the
//! N-th: the objective is given that *floor* and may stop early on masks that stay strictly below it.
//! Population, records and the count of evaluations are the same as for an objective that never stops
//! early. To make sure of that, an exact answer below the floor is taken for no more than "below".
//! Evaluated masks are remembered by the mask itself, not by a hash of it.
//!
//! **Any moment can be continued.** A [`Checkpoint`] after any generation, written to bytes and
//! [resumed](resume) elsewhere, leads to the same [`Outcome`] as if nothing had happened, and refuses to
//! be resumed as another search than it was.
//!
//! # The parts
//!
//! - [`GaConfig`]: what is searched how, with [presets](GaConfig#implementations);
//!   [`Termination`]: until when.
//! - [`run`] and [`resume`]: the whole search; the order of the loop and every hook is written out there.
//!   [`start`] is the same, one step at a time.
//! - [`GeneticAlgorithm`]: the same as an [`Algorithm`](slt_search::Algorithm), for the one loop of
//!   `slt-search`, which has the [`Observer`], [`Checkpoint`] and [`Candidate`]; an individual is a
//!   candidate. [`Evolution`] is its state.
//! - [`Observer`]: is told of every generation, may take a [`Checkpoint`], may stop the search.
//!   [`StopFlag`], [`BestSeen`] and [`on_step`] are ready to use, and nothing here prints:
//!
//! ```
//! use std::ops::ControlFlow;
//! use slt_ga::{View, on_step};
//! let mut bests = Vec::new();
//! let observer = on_step(|view: &View<'_>| {
//!     bests.push(view.state().stats().best);
//!     ControlFlow::Continue(())
//! });
//! # let _ = observer;
//! ```
//!
//! - [`GenerationStats`]: the record of a generation, with its sparsity and [`diversity`]; [`thinned`] leaves
//!   out those that say little.
//! - [`operators`]: crossover, mutation and survivor selection, one a file.

/// The example of the README runs, too.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct Readme;

mod algorithm;
mod bound;
mod config;
mod evolution;
mod generation;
mod generations;
mod linkage;
mod memetic;
mod memory;
mod nsga2;
pub mod operators;
mod outcome;
pub mod pareto;
mod run;
mod stats;
mod umda;

pub use algorithm::GeneticAlgorithm;
pub use bound::{AdaptiveBound, Bound};
pub use config::{Admissibility, GaConfig, Looks, MutationKind, SelectionKind, Termination, ValidConfig};
pub use evolution::Evolution;
pub use memetic::{Member, Memetic, MemeticState};
pub use nsga2::{Nsga2, Nsga2State};
pub use outcome::Outcome;
pub use run::{Checkpoint, Search, View, resume, run, start, start_from};
pub use slt_search::{BestSeen, Candidate, Error, Observer, Pulse, StopFlag, StopReason, on_step};
pub use stats::{GenerationStats, Newcomers, Origin, diversity, thinned};
pub use umda::{Umda, UmdaState};
