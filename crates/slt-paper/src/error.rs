/// Runs of a configuration, at most.
pub(crate) const MAX_RUNS: u64 = 10_000;

/// What can go wrong while experiments are planned, computed and drawn.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// A name that is not in a fixed list.
    #[error("unknown {kind} `{given}`: expected {known}")]
    UnknownName {
        /// What the name stands for.
        kind: &'static str,
        /// What was given.
        given: String,
        /// What there is.
        known: String,
    },
    /// A figure needs at least one run, and its specs have to fit into memory.
    #[error("the number of runs is {runs}, it must be 1 to {}", MAX_RUNS)]
    Runs {
        /// What was asked for.
        runs: u64,
    },
    /// There is no such share of the work.
    #[error("there is no shard {index} of {count}: it must be 1 to {count}")]
    Shard {
        /// Which share was asked for.
        index: u32,
        /// How many there are.
        count: u32,
    },
    /// There is no such task.
    #[error(
        "there is no task `{given}` of this scale, number of runs and figures: names are such as `{example}`, and \
         --emit lists them"
    )]
    UnknownTask {
        /// What was asked for.
        given: String,
        /// One that there is.
        example: String,
    },
    /// A task needs the results of another one, which is not finished.
    #[error(
        "task `{task}` needs task `{needed}` to be finished first: the record of `{run}` is missing or damaged"
    )]
    Unfinished {
        /// The task that cannot be computed yet.
        task: String,
        /// The task that it needs.
        needed: String,
        /// A run of that task, in words.
        run: String,
    },
    /// A run could not be computed, stored or read.
    #[error(transparent)]
    Run(#[from] slt_run::Error),
    /// The data could not be made.
    #[error(transparent)]
    Data(#[from] slt_datasets::Error),
    /// The network or a mask is impossible.
    #[error(transparent)]
    Mlp(#[from] slt_mlp::Error),
    /// A baseline failed.
    #[error(transparent)]
    Baselines(#[from] slt_baselines::Error),
    /// A statistic could not be computed.
    #[error(transparent)]
    Stats(#[from] slt_stats::Error),
    /// The search failed.
    #[error(transparent)]
    Search(#[from] slt_ga::Error),
    /// The figure could not be drawn.
    #[error(transparent)]
    Plot(#[from] slt_plot::Error),
}
