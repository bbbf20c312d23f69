//! `slt reproduce`: the figures of the paper.

use std::fs;
use std::io::ErrorKind;
use std::path::PathBuf;

use clap::Args;
use serde::Serialize;
use slt_paper::{Plan, RunSpec, Runner, Scale, Store, figures};

use crate::failure::{Failure, OrUsage};
use crate::files::print_json;
use crate::interrupt::stop_flag;
use crate::progress::RunsProgress;

/// Reproduce figures of the paper
///
/// Runs that are stored are not computed again; an interrupted call goes on where it stopped.
#[derive(Args)]
pub(crate) struct Arguments {
    /// Figures, such as fig4 [default: all]
    #[arg(value_name = "FIGURE")]
    figures: Vec<String>,
    /// How much to run: smoke, quick or paper
    #[arg(long, value_name = "SCALE", default_value = "quick")]
    scale: Scale,
    /// Number of runs of a configuration [default: smoke 2, quick 5, paper 25]
    #[arg(long, value_name = "R")]
    runs: Option<u64>,
    /// Number of runs at a time [default: all cores]
    #[arg(long, value_name = "N")]
    jobs: Option<usize>,
    /// Folder for figures and run records
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
    files: Vec<PathBuf>,
}

pub(crate) fn run(arguments: &Arguments) -> Result<(), Failure> {
    let plan = Plan::new(arguments.scale, arguments.runs).or_usage()?;
    let jobs = match arguments.jobs {
        Some(0) => return Err(Failure::usage("--jobs is 0, it must be at least 1")),
        Some(jobs) => jobs,
        None => std::thread::available_parallelism().map_or(1, usize::from),
    };
    let wanted: Vec<&dyn figures::Figure> = if arguments.figures.is_empty() {
        figures::all().to_vec()
    } else {
        arguments.figures.iter().map(|id| figures::by_id(id)).collect::<Result<_, _>>().or_usage()?
    };
    let out = &arguments.out;
    match fs::create_dir(out) {
        Err(error) if error.kind() == ErrorKind::NotFound => {
            return Err(Failure::run(format!(
                "cannot make {}: the folder around it does not exist",
                out.display()
            )));
        }
        Err(error) if !out.is_dir() => return Err(Failure::run(format!("{}: {error}", out.display()))),
        _ => {}
    }
    let store = Store::open(out)?;
    let runner = Runner { store: &store, jobs, stop: stop_flag()? };

    let specs: Vec<Vec<RunSpec>> =
        wanted.iter().map(|figure| figure.specs(&plan)).collect::<Result<_, _>>()?;
    let all: Vec<RunSpec> = specs.concat();
    let progress = RunsProgress::new(&all);
    let records = runner.run(&all, &progress);
    progress.finish();
    let mut records = records?;

    let mut report = Report { scale: plan.scale, runs: plan.runs, figures: Vec::new() };
    for (figure, specs) in wanted.into_iter().zip(&specs) {
        let rest = records.split_off(specs.len());
        let rendered = figure.render(&plan, &std::mem::replace(&mut records, rest))?;
        let files = rendered.write(figure.id(), out)?;
        let (id, title, summary) = (figure.id(), figure.title(), rendered.summary);
        if !arguments.json {
            println!("{id}  {title}");
            println!("      {summary}");
            for file in &files {
                println!("      {}", file.display());
            }
        }
        report.figures.push(FigureReport { id, title, summary, files });
    }
    if arguments.json {
        print_json(&report);
    }
    Ok(())
}
