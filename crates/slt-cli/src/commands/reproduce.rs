//! `slt reproduce`: the figures, tables and claims of the paper.

mod farm;
mod report;

use std::collections::BTreeMap;
use std::path::Path;
use std::str::FromStr;

use clap::Args;
use slt_core::canonical;
use slt_paper::figures::{self, Figure};
use slt_paper::{ClaimOutcome, Drawn, Error, Gallery, Golden, Report, Shard, Study};
use slt_run::{Records, RunSpec, RunTimes, Runner, Store, write_atomically};

use crate::arguments::{MAX_THREADS, StudyArguments};
use crate::failure::Failure;
use crate::interrupt::stop_flag;
use crate::progress::RunsProgress;
use crate::stdout::show;
use crate::usage::OrUsage;
use crate::values::whole;
use farm::FarmArguments;
use report::{FigureReport, Made};

/// The environment variable that says which commit is run.
const COMMIT: &str = "SLT_COMMIT";

/// Reproduce figures, tables and claims of the paper
///
/// Runs that are stored are not computed again; an interrupted call goes on where it stopped. Without names
/// of figures, all figures are drawn, all claims decided, and a report is written. With names, the claims are
/// decided that the runs of those figures suffice for.
#[derive(Args)]
pub(crate) struct Arguments {
    /// Figures, such as fig4 or table1 [default: all, with claims and report]
    #[arg(value_name = "FIGURE")]
    figures: Vec<String>,
    #[command(flatten)]
    study: StudyArguments,
    /// Number of runs at a time, 1 to 1024 [default: all cores]
    #[arg(long, value_name = "N", value_parser = whole::<usize, 1, MAX_THREADS>)]
    jobs: Option<usize>,
    /// Compute one of several shares of the runs, and draw nothing; copy the folders of all shares together,
    /// then call without it
    #[arg(long, value_name = "I/N")]
    shard: Option<ShardArgument>,
    /// Print what was made on stdout as JSON
    #[arg(long)]
    json: bool,
    #[command(flatten, next_help_heading = "Cluster")]
    farm: FarmArguments,
}

#[derive(Clone, Copy)]
struct ShardArgument(Shard);

impl FromStr for ShardArgument {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let parsed = text.split_once('/').and_then(|(i, n)| Some((i.parse().ok()?, n.parse().ok()?)));
        let (index, count) = parsed.ok_or("expected I/N, such as 1/3")?;
        if count == 0 {
            return Err("expected at least one share, such as 1/1".to_owned());
        }
        Shard::new(index, count).map(Self).map_err(|error| error.to_string())
    }
}

pub(crate) fn run(arguments: &Arguments) -> Result<(), Failure> {
    let mut study = arguments.study.study()?;
    let whole = arguments.figures.is_empty();
    if !whole {
        study.figures = select(&arguments.figures).or_usage()?;
        study.claims = Vec::new();
        study.causes = Vec::new();
    }
    if let Some(engine) = arguments.farm.emit {
        return arguments.farm.emit(engine, study, &arguments.figures);
    }
    let out = &arguments.study.out;
    let jobs = arguments.jobs.unwrap_or_else(|| std::thread::available_parallelism().map_or(1, usize::from));
    if let Some(task) = &arguments.farm.task {
        return farm::compute(study, task, out, jobs, arguments.json);
    }
    let store = Store::open(out)?;
    let runner = Runner { store: &store, jobs, stop: stop_flag()? };
    let records = study.compute(&runner, arguments.shard.map(|shard| shard.0), RunsProgress::new)?;

    let (scale, runs) = (study.plan.scale, study.plan.runs);
    let mut made =
        Made { scale, runs, computed: records.len(), figures: Vec::new(), claims: Vec::new(), report: None };
    if arguments.shard.is_some() {
        return show(&made, arguments.json);
    }
    let mut gallery = Gallery::open(out, &program());
    let mut drawn = BTreeMap::new();
    for &figure in &study.figures {
        let (files, new) = gallery.draw(figure, &study.plan, &records)?;
        made.figures.push(FigureReport::new(figure, &files, new, out));
        drawn.insert(figure.id, files);
    }
    if !whole {
        study.claims = Study::whole(study.plan).complete(&records)?.claims;
    }
    let outcomes = study.decide(&records)?;
    if whole {
        write_results(&study, &records, &outcomes, out)?;
        write_report(&study, &store, &records, &outcomes, &drawn, out)?;
        made.report = Some(out.join("report.html").display().to_string());
    }
    made.claims = outcomes;
    show(&made, arguments.json)
}

/// The figures of these names, each once.
fn select(names: &[String]) -> Result<Vec<&'static Figure>, Error> {
    let mut selected: Vec<&Figure> = Vec::new();
    for name in names {
        let figure = figures::by_id(name)?;
        if selected.iter().all(|other| other.id != figure.id) {
            selected.push(figure);
        }
    }
    Ok(selected)
}

/// What identifies this program: figures drawn by another one are drawn again.
fn program() -> String {
    let bytes = std::env::current_exe().and_then(std::fs::read).unwrap_or_default();
    canonical::sha256_hex(&bytes)
}

/// The verdicts, and the exact results that `slt check` compares.
fn write_results(
    study: &Study,
    records: &Records,
    outcomes: &[ClaimOutcome],
    out: &Path,
) -> Result<(), Failure> {
    let mut claims = serde_json::to_vec_pretty(outcomes).expect("plain data has a JSON form");
    claims.push(b'\n');
    write_atomically(&out.join("claims.json"), &claims)?;
    write_atomically(&out.join("golden.json"), &Golden::of(study, records, outcomes)?.to_json())?;
    Ok(())
}

fn write_report(
    study: &Study,
    store: &Store,
    records: &Records,
    outcomes: &[ClaimOutcome],
    figures: &BTreeMap<&'static str, Drawn>,
    out: &Path,
) -> Result<(), Failure> {
    let sum = |specs: &[RunSpec]| {
        let mut total = RunTimes { seconds: 0.0, cpu_seconds: 0.0 };
        for times in specs.iter().filter_map(|spec| store.times(spec)) {
            total.seconds += times.seconds;
            total.cpu_seconds += times.cpu_seconds;
        }
        total
    };
    let (mut runs, mut times) = (BTreeMap::new(), BTreeMap::new());
    for figure in &study.figures {
        let specs = figure.runs(&study.plan, records)?;
        times.insert(figure.id, sum(&specs));
        runs.insert(figure.id, specs);
    }
    let all = study.runs(records)?;
    let commit = std::env::var(COMMIT).ok().filter(|commit| !commit.is_empty());
    let report = Report {
        study,
        outcomes,
        figures,
        runs: &runs,
        times: &times,
        total: (all.len(), sum(&all)),
        version: env!("CARGO_PKG_VERSION"),
        commit: commit.as_deref(),
    };
    write_atomically(&out.join("report.html"), report.html(records)?.as_bytes())?;
    Ok(())
}
