use clap::{Args, ValueEnum};
use slt_mlp::{BiasInit, Initializer, WeightInit};

use crate::failure::Failure;
use crate::usage::OrUsage;
use crate::values::{real, whole};

/// Kept fraction that the Kaiming distributions are scaled for.
const KEEP: f64 = 0.5;

/// The random network.
#[derive(Args)]
pub(super) struct NetworkArguments {
    /// Architecture: A, B, C, D, or sizes such as 2,20,2
    #[arg(long, value_name = "SIZES")]
    pub(super) arch: String,
    /// Distribution of the weights
    #[arg(long, value_enum, value_name = "NAME", default_value_t = Weights::Uniform)]
    weights: Weights,
    /// Distribution of the biases
    #[arg(long, value_enum, value_name = "NAME", default_value_t = Biases::Uniform)]
    biases: Biases,
    /// Kept fraction that scales kaiming-normal and signed-constant, in (0, 1] [default: 0.5]
    #[arg(long, value_name = "SHARE", value_parser = real)]
    keep: Option<f64>,
    /// Seed of the network alone [default: that of --seed]
    #[arg(long, value_name = "SEED", value_parser = whole::<u64, 0, { u64::MAX }>)]
    pub(super) network_seed: Option<u64>,
}

#[derive(Clone, Copy, ValueEnum)]
enum Weights {
    /// U[-1, 1)
    Uniform,
    /// Kaiming normal, scaled as edge-popup does
    KaimingNormal,
    /// Signed Kaiming constant, scaled as edge-popup does
    SignedConstant,
}

#[derive(Clone, Copy, ValueEnum)]
enum Biases {
    /// U[-1, 1)
    Uniform,
    /// None
    Zero,
    /// U[-b, b) with b = 1 / sqrt(fan in)
    FanIn,
}

impl NetworkArguments {
    /// How the network is drawn.
    pub(super) fn initializer(&self) -> Result<Initializer, Failure> {
        let keep = self.keep.unwrap_or(KEEP);
        let weights = match self.weights {
            Weights::Uniform if self.keep.is_some() => {
                return Err(Failure::usage("--keep needs --weights kaiming-normal or signed-constant"));
            }
            Weights::Uniform => WeightInit::Uniform,
            Weights::KaimingNormal => WeightInit::KaimingNormal { keep },
            Weights::SignedConstant => WeightInit::SignedConstant { keep },
        };
        let biases = match self.biases {
            Biases::Uniform => BiasInit::Uniform,
            Biases::Zero => BiasInit::Zero,
            Biases::FanIn => BiasInit::FanIn,
        };
        Initializer { weights, biases }.validate().or_usage()
    }
}
