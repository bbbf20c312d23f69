use clap::Args;
use slt_mlp::InstructionSet;

use crate::failure::Failure;
use crate::values::{named, whole};

/// More threads than any machine has cores.
pub(crate) const MAX_THREADS: u64 = 1024;

/// How many threads to use. No result depends on it.
#[derive(Args)]
pub(crate) struct ThreadArguments {
    /// Number of threads, 1 to 1024 [default: all cores]
    #[arg(long, value_name = "N", value_parser = whole::<usize, 1, MAX_THREADS>)]
    threads: Option<usize>,
}

/// How to use the machine. No result depends on it.
#[derive(Args)]
pub(crate) struct MachineArguments {
    #[command(flatten)]
    threads: ThreadArguments,
    /// Instruction set; auto is the fastest that this processor has
    #[arg(
        long = "instruction-set",
        alias = "kernel",
        value_name = "NAME",
        default_value = "auto",
        value_parser = named::<InstructionSet>(InstructionSet::NAMES)
    )]
    pub(crate) instructions: InstructionSet,
}

impl ThreadArguments {
    /// Runs `work` on as many threads as were asked for.
    pub(crate) fn install<T: Send>(&self, work: impl FnOnce() -> T + Send) -> Result<T, Failure> {
        let builder = rayon::ThreadPoolBuilder::new().num_threads(self.threads.unwrap_or(0));
        let pool = builder.build().map_err(|error| Failure::run(format!("cannot start threads: {error}")))?;
        Ok(pool.install(work))
    }
}

impl MachineArguments {
    /// Runs `work` on as many threads as were asked for.
    pub(crate) fn install<T: Send>(&self, work: impl FnOnce() -> T + Send) -> Result<T, Failure> {
        self.threads.install(work)
    }
}
