//! `slt reproduce`: the figures of the paper.

use std::fmt;
use std::path::PathBuf;

use clap::Args;
use serde::Serialize;
use slt_paper::figures::{self, Figure};
use slt_paper::{Error, Plan, Runner, Scale, Store, Study};

use crate::arguments::MAX_THREADS;
use crate::failure::Failure;
use crate::interrupt::stop_flag;
use crate::progress::RunsProgress;
use crate::stdout::show;
use crate::usage::OrUsage;
use crate::values::{named, whole};

/// Reproduce figures of the paper
///
/// Runs that are stored are not computed again; an interrupted call goes on where it stopped.
#[derive(Args)]
pub(crate) struct Arguments {
    /// Figures, such as fig4 [default: all]
    #[arg(value_name = "FIGURE")]
    figures: Vec<String>,
    /// How much to run: a few generations for tests, minutes, or all that the paper did
    #[arg(
        long,
        value_name = "SCALE",
        default_value = "quick",
        value_parser = named::<Scale>(&["smoke", "quick", "paper"])
    )]
    scale: Scale,
    /// Number of runs of a configuration, 1 to 10000 [default: smoke 2, quick 5, paper 25]
    #[arg(long, value_name = "R", value_parser = whole::<u64, 1, { Plan::MAX_RUNS }>)]
    runs: Option<u64>,
    /// Number of runs at a time, 1 to 1024 [default: all cores]
    #[arg(long, value_name = "N", value_parser = whole::<usize, 1, MAX_THREADS>)]
    jobs: Option<usize>,
    /// Folder for figures and run records; it is made if the folder around it exists
    #[arg(long, value_name = "DIR", default_value = "reproduction")]
    out: PathBuf,
    /// Print what was made on stdout as JSON
    #[arg(long)]
    json: bool,
}

#[derive(Serialize)]
struct Report {
    scale: Scale,
    runs: u64,
    figures: Vec<FigureReport>,
}

#[derive(Serialize)]
struct FigureReport {
    id: &'static str,
    title: &'static str,
    summary: String,
    files: Vec<String>,
}

pub(crate) fn run(arguments: &Arguments) -> Result<(), Failure> {
    let plan = Plan::new(arguments.scale, arguments.runs).or_usage()?;
    let figures = select(&arguments.figures).or_usage()?;
    let store = Store::open(&arguments.out)?;
    let study = Study { plan, figures, claims: Vec::new() };
    let jobs = arguments.jobs.unwrap_or_else(|| std::thread::available_parallelism().map_or(1, usize::from));
    let runner = Runner { store: &store, jobs, stop: stop_flag()? };
    let records = study.compute(&runner, None, RunsProgress::new)?;

    let mut report = Report { scale: plan.scale, runs: plan.runs, figures: Vec::new() };
    for figure in study.figures {
        let rendered = figure.render(&plan, &records)?;
        let paths = rendered.write(figure.id(), &arguments.out)?;
        let files = paths.iter().map(|path| path.display().to_string()).collect();
        let (id, title, summary) = (figure.id(), figure.title(), rendered.summary);
        report.figures.push(FigureReport { id, title, summary, files });
    }
    show(&report, arguments.json)
}

/// The figures of these names, each once; all if there are no names.
fn select(names: &[String]) -> Result<Vec<&'static dyn Figure>, Error> {
    if names.is_empty() {
        return Ok(figures::all().to_vec());
    }
    let mut selected: Vec<&dyn Figure> = Vec::new();
    for name in names {
        let figure = figures::by_id(name)?;
        if selected.iter().all(|other| other.id() != figure.id()) {
            selected.push(figure);
        }
    }
    Ok(selected)
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for FigureReport { id, title, summary, files } in &self.figures {
            writeln!(f, "{id}  {title}\n      {summary}")?;
            for file in files {
                writeln!(f, "      {file}")?;
            }
        }
        Ok(())
    }
}
