use clap::{Args, ValueEnum};
use slt_mlp::{BiasInit, Initializer, WeightInit};

use crate::failure::Failure;
use crate::usage::OrUsage;

/// How a random network is drawn.
#[derive(Args)]
pub(crate) struct InitializerArguments {
    /// Distribution of the weights
    #[arg(long, value_enum, value_name = "NAME", default_value_t = Weights::Uniform)]
    weights: Weights,
    /// Distribution of the biases
    #[arg(long, value_enum, value_name = "NAME", default_value_t = Biases::Uniform)]
    biases: Biases,
}

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
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

impl InitializerArguments {
    /// Whether the distribution of the weights depends on the kept fraction.
    pub(crate) fn is_scaled(&self) -> bool {
        self.weights != Weights::Uniform
    }

    /// The distributions, scaled for the kept fraction `keep` where they depend on it.
    pub(crate) fn initializer(&self, keep: f64) -> Result<Initializer, Failure> {
        let weights = match self.weights {
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
