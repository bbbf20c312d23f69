//! How generated code draws weights and biases again; `docs/numerics.md` has the streams.

use slt_core::{Purpose, Seed};
use slt_mlp::{BiasInit, Recipe, WeightInit};

use crate::Error;

pub(crate) const WEIGHTS: Purpose = Purpose::new("weights");

/// From a 32-bit word to a weight, without a mathematical library.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) enum WeightDraw {
    /// U[-1, 1): `(word >> 8) * 2^-23 - 1`.
    Uniform,
    /// That times a factor in double precision, rounded.
    Scaled(f64),
    /// A constant of each layer; its sign is the highest bit.
    Sign,
}

impl WeightDraw {
    pub(crate) fn of(recipe: &Recipe) -> Result<Self, Error> {
        match recipe.initializer.weights {
            WeightInit::Uniform => Ok(Self::Uniform),
            WeightInit::UniformWithin { half_width } => Ok(Self::Scaled(half_width)),
            WeightInit::SignedConstant { .. } => Ok(Self::Sign),
            _ => Err(Error::SeedWeights),
        }
    }
}

/// From a 32-bit word to a bias of a layer with so many inputs.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) enum BiasDraw {
    Zero,
    Uniform,
    /// Times a factor for each layer.
    Scaled,
}

impl BiasDraw {
    pub(crate) fn of(recipe: &Recipe) -> Self {
        match recipe.initializer.biases {
            BiasInit::Zero => Self::Zero,
            BiasInit::Uniform => Self::Uniform,
            _ => Self::Scaled,
        }
    }

    /// The factors of all layers.
    pub(crate) fn factors(recipe: &Recipe) -> Vec<f64> {
        let factor = |(n_in, _): (usize, usize)| match recipe.initializer.biases {
            BiasInit::UniformWithin { half_width } => half_width,
            BiasInit::FanIn => 1.0 / (n_in as f64).sqrt(),
            _ => 1.0,
        };
        recipe.architecture.layer_shapes().map(factor).collect()
    }
}

/// The words that the weights of a layer are made of, in bit order.
pub(crate) fn words(seed: Seed, layer: usize, count: usize) -> Vec<u32> {
    use rand::RngCore;
    let mut rng = seed.stream(WEIGHTS, 0, layer as u64);
    (0..count).map(|_| rng.next_u32()).collect()
}

/// The largest factor of a uniform weight in fixed-point numbers.
const LARGEST: i32 = i16::MAX as i32;

/// A uniform weight in units of 2^-15 of its half-width: 24 bits, rounded to 16. Generated code does the
/// same.
pub(crate) fn uniform_factor(word: u32) -> i32 {
    let exact = (word >> 8) as i32 - (1 << 23);
    ((exact + 128) >> 8).min(LARGEST)
}
