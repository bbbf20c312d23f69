//! Arguments that several commands share.

use clap::{Args, ValueEnum};
use slt_datasets::paper::{PaperData, PaperName, PaperScaling};
use slt_datasets::{Dataset, Split};
use slt_mlp::{Kernel, Ticket};

use crate::failure::{Failure, OrUsage};

/// One of the paper's data sets.
#[derive(Args)]
pub(crate) struct DataArguments {
    /// Data set: moons, circles, blobs or digits
    #[arg(long, value_name = "NAME")]
    pub(crate) data: PaperName,
    /// Number of classes of blobs or digits, 2 to 10 [default: 10, or the ticket's]
    #[arg(long, value_name = "K")]
    pub(crate) classes: Option<u32>,
    /// Scaling of the features: paper, none or minmax [default: paper, or the ticket's]
    #[arg(long, value_name = "HOW")]
    pub(crate) scaling: Option<PaperScaling>,
}

impl DataArguments {
    /// The data set that is asked for.
    pub(crate) fn select(&self) -> PaperData {
        let scaling = self.scaling.unwrap_or(PaperScaling::Paper);
        PaperData { name: self.data, classes: self.classes, scaling }
    }

    /// The data set for a ticket: where it was made on data of this name, its number of classes and its scaling are
    /// the defaults.
    pub(crate) fn load_for(&self, ticket: &Ticket) -> Result<Split, Failure> {
        let made_on = &ticket.provenance().data;
        let mut data = self.select();
        if made_on.split('-').next() == Some(&data.name.to_string()) {
            let details = &ticket.provenance().details;
            let classes = details.get("classes").and_then(|classes| classes.parse().ok());
            let scaling = details.get("scaling").and_then(|scaling| scaling.parse().ok());
            data.classes = self.classes.or(classes);
            data.scaling = self.scaling.or(scaling).unwrap_or(data.scaling);
        }
        let name = data.dataset_name().or_usage()?;
        if !made_on.is_empty() && *made_on != name {
            eprintln!("warning: the ticket was made on {made_on}, not on {name}");
        }
        Ok(data.load()?)
    }
}

/// A part of a data set.
#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Part {
    Train,
    Test,
}

impl Part {
    pub(crate) fn of(self, split: &Split) -> &Dataset {
        match self {
            Part::Train => &split.train,
            Part::Test => &split.test,
        }
    }

    pub(crate) fn name(self) -> &'static str {
        match self {
            Part::Train => "train",
            Part::Test => "test",
        }
    }
}

/// How to use the machine. No result depends on it.
#[derive(Args)]
pub(crate) struct MachineArguments {
    /// Number of threads, at least 1 [default: all cores]
    #[arg(long, value_name = "N")]
    threads: Option<usize>,
    /// Instruction set: auto, portable, avx2 or avx512
    #[arg(long, value_name = "NAME", default_value = "auto")]
    pub(crate) kernel: Kernel,
}

impl MachineArguments {
    /// Runs `work` on as many threads as were asked for.
    pub(crate) fn install<T: Send>(&self, work: impl FnOnce() -> T + Send) -> Result<T, Failure> {
        if self.threads == Some(0) {
            return Err(Failure::usage("--threads is 0, it must be at least 1"));
        }
        let builder = rayon::ThreadPoolBuilder::new().num_threads(self.threads.unwrap_or(0));
        let pool = builder.build().map_err(|error| Failure::run(format!("cannot start threads: {error}")))?;
        Ok(pool.install(work))
    }
}
