use clap::Args;
use slt_mlp::Initializer;

use crate::arguments::{ArchitectureArguments, InitializerArguments};
use crate::failure::Failure;
use crate::values::{real, whole};

/// Kept fraction that the Kaiming distributions are scaled for.
const KEEP: f64 = 0.5;

/// The random network.
#[derive(Args)]
pub(super) struct NetworkArguments {
    #[command(flatten)]
    pub(super) architecture: ArchitectureArguments,
    #[command(flatten)]
    distributions: InitializerArguments,
    /// Kept fraction that scales kaiming-normal and signed-constant, in (0, 1] [default: 0.5]
    #[arg(long, value_name = "SHARE", value_parser = real)]
    keep: Option<f64>,
    /// Seed of the network alone [default: that of --seed]
    #[arg(long, value_name = "SEED", value_parser = whole::<u64, 0, { u64::MAX }>)]
    pub(super) network_seed: Option<u64>,
}

impl NetworkArguments {
    /// How the network is drawn.
    pub(super) fn initializer(&self) -> Result<Initializer, Failure> {
        if self.keep.is_some() && !self.distributions.is_scaled() {
            return Err(Failure::usage("--keep needs --weights kaiming-normal or signed-constant"));
        }
        self.distributions.initializer(self.keep.unwrap_or(KEEP))
    }
}
