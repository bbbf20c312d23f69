use ndarray::{Array1, Array2};
use ndarray_rand::RandomExt;
use rand::RngCore;
use rand::distr::Distribution;
use serde::{Deserialize, Serialize};
use slt_core::random::{StandardNormal, SymmetricUniform};
use slt_core::{Purpose, Seed};

use crate::Error;

const WEIGHTS: Purpose = Purpose::new("weights");
const BIASES: Purpose = Purpose::new("biases");

/// How the weights of a layer are drawn.
///
/// The two Kaiming distributions are edge-popup's scaled versions: with a fraction `keep` of the weights
/// kept, `std = sqrt(2 / (fan_in * keep))`. A `keep` so small that weights could leave single precision
/// (below 2.5e-75) is refused.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum WeightInit {
    /// U[-1, 1).
    Uniform,
    /// U[-h, h): h times what [`Uniform`](Self::Uniform) draws, in double precision, rounded once. So
    /// networks of one seed and different half-widths are scaled copies of each other.
    UniformWithin {
        /// h: positive, and finite in single precision.
        half_width: f64,
    },
    /// Normal with mean 0 and the scaled Kaiming standard deviation.
    KaimingNormal {
        /// Fraction of the weights that a mask is going to keep, in (0, 1].
        keep: f64,
    },
    /// The scaled Kaiming standard deviation with a random sign.
    SignedConstant {
        /// Fraction of the weights that a mask is going to keep, in (0, 1].
        keep: f64,
    },
}

/// How the biases of a layer are drawn.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum BiasInit {
    /// No biases.
    Zero,
    /// U[-1, 1).
    Uniform,
    /// U[-h, h), as [`WeightInit::UniformWithin`] draws.
    UniformWithin {
        /// h: positive, and finite in single precision.
        half_width: f64,
    },
    /// U[-b, b) with `b = 1 / sqrt(fan_in)`, the default of common deep-learning libraries.
    FanIn,
}

/// How a network is drawn.
///
/// ```
/// use slt_mlp::{BiasInit, Initializer, WeightInit};
/// let paper = Initializer::paper();
/// assert_eq!((paper.weights, paper.biases), (WeightInit::Uniform, BiasInit::Uniform));
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Initializer {
    /// Distribution of the weights.
    pub weights: WeightInit,
    /// Distribution of the biases.
    pub biases: BiasInit,
}

impl Initializer {
    /// Weights and biases from U[-1, 1), as the paper draws them.
    pub fn paper() -> Self {
        Self { weights: WeightInit::Uniform, biases: BiasInit::Uniform }
    }

    /// Weights and biases from U[-h, h) with `h = half_width`; the second version of the paper has 2.5.
    ///
    /// ```
    /// use slt_core::Seed;
    /// use slt_mlp::{Initializer, Network};
    /// let draw = |initializer| Network::random(&"A".parse()?, initializer, Seed(7));
    /// let (narrow, wide) = (draw(Initializer::paper())?, draw(Initializer::uniform(2.5))?);
    /// assert_eq!(wide.layers()[0].weights(), narrow.layers()[0].weights() * 2.5);
    /// assert!(draw(Initializer::uniform(0.0)).is_err());
    /// # Ok::<(), slt_mlp::Error>(())
    /// ```
    pub fn uniform(half_width: f64) -> Self {
        Self {
            weights: WeightInit::UniformWithin { half_width },
            biases: BiasInit::UniformWithin { half_width },
        }
    }

    /// Checks the ranges.
    ///
    /// # Errors
    /// If `keep` is not in (0, 1] or so small that weights overflow single precision, or a half-width is not
    /// positive and finite in single precision.
    pub fn validate(self) -> Result<Self, Error> {
        match self.weights {
            WeightInit::Uniform => {}
            WeightInit::UniformWithin { half_width } => check_half_width(half_width)?,
            WeightInit::KaimingNormal { keep } | WeightInit::SignedConstant { keep } => {
                if !(keep > 0.0 && keep <= 1.0) {
                    return Err(Error::KeepOutOfRange { keep });
                }
                if !((LARGEST_NORMAL * deviation(1, keep)) as f32).is_finite() {
                    return Err(Error::KeepTooSmall { keep });
                }
            }
        }
        if let BiasInit::UniformWithin { half_width } = self.biases {
            check_half_width(half_width)?;
        }
        Ok(self)
    }

    /// Draws layer `layer` of a network.
    ///
    /// # Shapes
    /// Weights `n_in x n_out`, biases `n_out`.
    pub(crate) fn draw(
        self,
        seed: Seed,
        layer: usize,
        (n_in, n_out): (usize, usize),
    ) -> (Array2<f32>, Array1<f32>) {
        let rng = &mut seed.stream(WEIGHTS, 0, layer as u64);
        let shape = (n_in, n_out);
        let weights = match self.weights {
            WeightInit::Uniform => Array2::random_using(shape, SymmetricUniform, rng),
            WeightInit::UniformWithin { half_width } => {
                Array2::random_using(shape, Scaled(half_width, SymmetricUniform), rng)
            }
            WeightInit::KaimingNormal { keep } => {
                Array2::random_using(shape, Scaled(deviation(n_in, keep), StandardNormal), rng)
            }
            WeightInit::SignedConstant { keep } => {
                Array2::random_using(shape, Scaled(deviation(n_in, keep), Sign), rng)
            }
        };
        let rng = &mut seed.stream(BIASES, 0, layer as u64);
        let biases = match self.biases {
            BiasInit::Zero => Array1::zeros(n_out),
            BiasInit::Uniform => Array1::random_using(n_out, SymmetricUniform, rng),
            BiasInit::UniformWithin { half_width } => {
                Array1::random_using(n_out, Scaled(half_width, SymmetricUniform), rng)
            }
            BiasInit::FanIn => {
                let bound = 1.0 / (n_in as f64).sqrt();
                Array1::random_using(n_out, Scaled(bound, SymmetricUniform), rng)
            }
        };
        (weights, biases)
    }
}

/// No draw of the polar method is larger: `|z| <= sqrt(-2 ln r2)`, and `r2` is at least 2^-104.
const LARGEST_NORMAL: f64 = 12.1;

/// The scaled Kaiming standard deviation.
fn deviation(n_in: usize, keep: f64) -> f64 {
    (2.0 / (n_in as f64 * keep)).sqrt()
}

fn check_half_width(half_width: f64) -> Result<(), Error> {
    let single = half_width as f32;
    if single > 0.0 && single.is_finite() { Ok(()) } else { Err(Error::HalfWidthOutOfRange { half_width }) }
}

/// A distribution times a factor, in double precision, rounded once.
struct Scaled<D>(f64, D);

impl Distribution<f32> for Scaled<StandardNormal> {
    fn sample<R: RngCore + ?Sized>(&self, rng: &mut R) -> f32 {
        (self.0 * self.1.sample(rng)) as f32
    }
}

impl Distribution<f32> for Scaled<SymmetricUniform> {
    fn sample<R: RngCore + ?Sized>(&self, rng: &mut R) -> f32 {
        (self.0 * f64::from(self.1.sample(rng))) as f32
    }
}

/// +1 or -1 by the highest bit of a 32-bit word.
struct Sign;

impl Distribution<f32> for Scaled<Sign> {
    fn sample<R: RngCore + ?Sized>(&self, rng: &mut R) -> f32 {
        (if rng.next_u32() >> 31 == 0 { self.0 } else { -self.0 }) as f32
    }
}
