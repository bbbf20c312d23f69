//! One module a section.

mod flips;
mod ga;
mod kernel;
mod memory;
mod prune;
mod saved;
mod threads;
mod units;

use std::fmt;

use clap::ValueEnum;

use crate::effort::Effort;
use crate::error::Error;
use crate::findings::Findings;

/// A part of the benchmarks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Section {
    /// Peak memory of a run
    Memory,
    /// Single evaluations beside the peak of the processor
    Kernel,
    /// What racing and sharing save
    Saved,
    /// Whole runs of the genetic algorithm
    Ga,
    /// Scaling from one thread to two
    Threads,
    /// What-ifs of single flips
    Flips,
    /// Pruning
    Prune,
    /// Searching unit by unit
    Units,
}

impl Section {
    /// In the order in which they are run. Memory is first because the peak of a program never falls.
    pub(crate) const ALL: [Self; 8] = [
        Self::Memory,
        Self::Kernel,
        Self::Saved,
        Self::Ga,
        Self::Threads,
        Self::Flips,
        Self::Prune,
        Self::Units,
    ];

    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Memory => "memory",
            Self::Kernel => "kernel",
            Self::Saved => "saved",
            Self::Ga => "ga",
            Self::Threads => "threads",
            Self::Flips => "flips",
            Self::Prune => "prune",
            Self::Units => "units",
        }
    }

    pub(crate) fn title(self) -> &'static str {
        match self {
            Self::Memory => "peak resident memory of a run",
            Self::Kernel => {
                "random masks one by one, one thread, median of paired rounds (active = set bits x samples)"
            }
            Self::Saved => "a run's evaluations again, processor seconds, one thread",
            Self::Ga => "whole runs, one thread",
            Self::Threads => "throughput relative to one thread, median of rounds",
            Self::Flips => "what single flips would give, processor microseconds, one thread",
            Self::Prune => "post-evolutionary pruning, processor seconds, one thread",
            Self::Units => {
                "flips of weights of the first layer, unit by unit, processor microseconds, one thread"
            }
        }
    }

    pub(crate) fn measure(self, effort: Effort) -> Result<Findings, Error> {
        match self {
            Self::Memory => memory::measure(effort),
            Self::Kernel => kernel::measure(effort),
            Self::Saved => saved::measure(effort),
            Self::Ga => ga::measure(effort),
            Self::Threads => threads::measure(effort),
            Self::Flips => flips::measure(effort),
            Self::Prune => prune::measure(effort),
            Self::Units => units::measure(effort),
        }
    }
}

impl fmt::Display for Section {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}
