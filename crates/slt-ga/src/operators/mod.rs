//! The operators, each a dozen lines: who is drawn, at what rate, from which random stream and how often
//! again is up to the [`GeneticAlgorithm`](crate::GeneticAlgorithm).
//!
//! [`GaConfig`](crate::GaConfig) names the ones a search uses. They are public so that other searches can
//! be built from them.

mod crossover;
mod mutation;
mod selection;

pub use crossover::{Crossover, Uniform};
pub use mutation::{GroupFirst, Mutation, UniformBit};
pub use selection::{CutOff, RandomWalk, Ranked, Roulette, SurvivorSelection};
