//! Masked multi-layer perceptrons: random networks, inference at hardware speed, pruning, and ticket files.
//!
//! A [`Network`] is drawn from a [`Recipe`] (an [`Architecture`], an [`Initializer`] and a seed) and never
//! changes. A [`BitMask`](slt_core::BitMask) over its weights cuts out a subnetwork; an [`Evaluator`] says
//! how well that subnetwork does on a data set, and is the [`Objective`](slt_core::Objective) of a search.
//! What a search finds becomes a [`Ticket`], which can be [pruned](prune), saved and used. [`Flips`] says
//! what single flips of a mask would give, for a local search.
//!
//! The engine behind the evaluator lays samples across SIMD lanes and does work in proportion to the active
//! weights. Its results do not depend on the instruction set ([`InstructionSet`]) or on the number of
//! threads: `docs/numerics.md` fixes every sum. [`plain`] says the same thing slowly, for tests.
//!
//! ```
//! use slt_core::{BitMask, Purpose, Seed};
//! use slt_mlp::{Architecture, Evaluator, Initializer, MetricName, Network, Ticket};
//!
//! let data = slt_datasets::paper::moons()?;
//! let network = Network::random(&Architecture::new([2, 20, 2])?, Initializer::paper(), Seed(7))?;
//! let evaluator = Evaluator::new(&network, &data.train, MetricName::Accuracy)?;
//!
//! // The poor man's search: the best of 20 random masks.
//! let masks = (0..20).map(|i| BitMask::random(80, &mut Seed(7).stream(Purpose::new("example"), 0, i)));
//! let best = masks.max_by_key(|mask| evaluator.count_correct(mask).unwrap_or(0)).unwrap();
//! let ticket = Ticket::new(network, best)?;
//! assert!(ticket.accuracy(&data.test)? > 0.5);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

/// The example of the README runs, too.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct Readme;

mod architecture;
mod cross_entropy;
mod engine;
mod error;
mod evaluator;
mod flips;
mod initializer;
pub mod metric;
mod network;
pub mod plain;
mod prune;
mod signed;
mod ticket;

pub use architecture::Architecture;
pub use cross_entropy::cross_entropy_f32;
pub use engine::multiply_add_burst;
pub use error::Error;
pub use evaluator::Evaluator;
pub use flips::Flips;
pub use initializer::{BiasInit, Initializer, WeightInit};
pub use metric::{Metric, MetricName};
pub use network::{Layer, Network, Recipe};
pub use prune::{Guard, Pruning, PruningOrder, prune, prune_in};
pub use signed::{SignedEvaluator, SignedMask};
pub use slt_simd::{InstructionSet, InstructionSetError};
pub use ticket::codec;
pub use ticket::{DataFiles, DataSplit, Predictions, Provenance, Ticket, TicketError};
