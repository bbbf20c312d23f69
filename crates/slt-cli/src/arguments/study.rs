use std::path::{Path, PathBuf};

use clap::Args;
use slt_paper::{Plan, Scale, Study};

use crate::failure::Failure;
use crate::usage::OrUsage;
use crate::values::{named, shell_word, whole};

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

    /// The command that computes what is missing of these results.
    pub(crate) fn command(&self) -> String {
        let mut command = format!("slt reproduce --scale {}", self.scale);
        if let Some(runs) = self.runs {
            command += &format!(" --runs {runs}");
        }
        format!("{command} --out {}", shell_word(&self.out.to_string_lossy()))
    }

    /// Fails if there are no results in the folder: nothing is made where only reading was asked for.
    pub(crate) fn check_results(out: &Path) -> Result<(), Failure> {
        if out.join("runs").is_dir() {
            return Ok(());
        }
        let command = format!("slt reproduce --out {}", shell_word(&out.to_string_lossy()));
        Err(Failure::run(format!("{} holds no results: `{command}` computes them", out.display())))
    }
}
