//! The legacy random numbers of numpy, `numpy.random.RandomState`, draw for draw.
//!
//! scikit-learn's data sets, weight initialisation and shuffling all come from this generator, so matching
//! them means matching it: the Mersenne Twister underneath ([`Mt19937`]), and how each distribution consumes
//! its words ([`RandomState`]). numpy has frozen this stream, so it does not change between versions.
//!
//! Integers, uniforms and permutations equal numpy's bit for bit. Normals go through a logarithm, which is
//! taken from the `libm` crate so that they are the same on every platform; they may differ from a numpy
//! built on another C library by one unit in the last place.

mod mt19937;
mod random_state;

pub use mt19937::Mt19937;
pub use random_state::RandomState;
