use std::path::{Path, PathBuf};

use clap::Args;
use slt_paper::{Plan, Scale, Study};

use crate::failure::Failure;
use crate::usage::OrUsage;
use crate::values::{named, whole};

/// How much of the paper is run, and where its results are.
#[derive(Args)]
pub(crate) struct StudyArguments {
    /// How much to run: a few generations for tests, minutes, or all that the paper did
    #[arg(
        long,
        value_name = "SCALE",
        default_value = "quick",
        value_parser = named::<Scale>(&["smoke", "quick", "paper"])
    )]
    scale: Scale,
    /// Number of runs of a configuration, 1 to 10000 [default: smoke 2, quick 3, paper 25]
    #[arg(long, value_name = "R", value_parser = whole::<u64, 1, { Plan::MAX_RUNS }>)]
    runs: Option<u64>,
    /// Folder for figures and run records; it is made if the folder around it exists
    #[arg(long, value_name = "DIR", default_value = "reproduction")]
    pub(crate) out: PathBuf,
}

impl StudyArguments {
    /// The whole paper.
    pub(crate) fn study(&self) -> Result<Study, Failure> {
        let plan = Plan::new(self.scale, self.runs).or_usage()?;
        Ok(Study::whole(plan))
    }

    /// Fails if there are no results in the folder: nothing is made where only reading was asked for.
    pub(crate) fn check_results(out: &Path) -> Result<(), Failure> {
        if out.join("runs").is_dir() {
            return Ok(());
        }
        let out = out.display();
        Err(Failure::run(format!("{out} holds no results: `slt reproduce --out {out}` computes them")))
    }
}
