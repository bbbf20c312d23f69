//! `slt check`: whether stored results are still what is recorded.

use std::fmt;
use std::fs;
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

use clap::Args;
use serde::Serialize;
use slt_paper::{ClaimOutcome, Gallery, Golden, Protocol, Published, Scale};
use slt_run::{Store, write_atomically};

use crate::arguments::StudyArguments;
use crate::failure::Failure;
use crate::stdout::show;
use crate::values::whole;
use crate::verdicts::write_verdicts;

/// Check the results in a folder: exact numbers, verdicts, files
///
/// Everything is worked out again from the stored runs, and compared with what the folder says and with what
/// is recorded for the scale. Fails, naming each, if a number is not the recorded one or a claim that held
/// does not hold. Nothing is computed: run `slt reproduce` first.
///
/// With `--store` it checks a reproduction that is kept in a repository, which says its own scale: figures,
/// verdicts, causes and the page have to be what follows from the stored runs, and a random sample of the
/// runs is computed again and has to come out the same to the bit.
#[derive(Args)]
pub(crate) struct Arguments {
    #[command(flatten)]
    study: StudyArguments,
    /// Check a published reproduction instead, reading only
    #[arg(long, value_name = "DIR", conflicts_with_all = ["scale", "runs", "out"])]
    store: Option<PathBuf>,
    /// Seconds for the sample of runs that is computed again, 0 to 180
    #[arg(long, value_name = "S", default_value_t = 120, requires = "store", value_parser = whole::<u64, 0, 180>)]
    sample_seconds: u64,
    /// Seed of that sample [default: from the clock; it is printed]
    #[arg(long, value_name = "N", requires = "store")]
    sample_seed: Option<u64>,
    /// Write the exact results, with --store the verdicts, to a file, to be recorded
    #[arg(long, value_name = "FILE")]
    write: Option<PathBuf>,
    /// Print the verdicts on stdout as JSON
    #[arg(long)]
    json: bool,
}

#[derive(Serialize)]
struct Checked {
    claims: Vec<ClaimOutcome>,
    problems: Vec<String>,
    /// Whether there are recorded results for this scale and number of runs.
    recorded: bool,
}

pub(crate) fn run(arguments: &Arguments) -> Result<(), Failure> {
    if let Some(folder) = &arguments.store {
        return check_published(arguments, folder);
    }
    let study = arguments.study.study()?;
    let out = &arguments.study.out;
    StudyArguments::check_results(out)?;
    let store = Store::open(out)?;
    let mut problems = Vec::new();
    let records = study.load(&store, |spec, damage| {
        let reason = damage.map_or("is missing".to_owned(), |damage| format!("is damaged: {damage}"));
        problems.push(format!("run {} ({}) {reason}", spec.label(), &spec.hash()[..8]));
    })?;
    let Some(records) = records else {
        let (n, first) = (problems.len(), &problems[0]);
        return Err(Failure::run(format!(
            "{first}{}; `{}` computes what is missing",
            if n > 1 { format!(" and {} more", n - 1) } else { String::new() },
            arguments.study.command()
        )));
    };
    let outcomes = study.decide(&records)?;
    let golden = Golden::of(&study, &records, &outcomes)?;
    if let Some(path) = &arguments.write {
        write_atomically(path, &golden.to_json())?;
    }
    let recorded =
        Golden::recorded(study.plan.scale).filter(|recorded| recorded.runs_per_cell == study.plan.runs);
    if let Some(recorded) = &recorded {
        problems.extend(recorded.differences(&golden));
    }
    let command = arguments.study.command();
    problems.extend(stored_claims(out, &outcomes, &command));
    problems.extend(stored_golden(out, &golden, &command));
    for path in Gallery::open(out, "").check() {
        problems.push(format!("{} is missing or was changed: `{command}` draws it again", path.display()));
    }
    let checked = Checked { claims: outcomes, problems, recorded: recorded.is_some() };
    show(&checked, arguments.json)?;
    match checked.problems.len() {
        0 => Ok(()),
        n => {
            Err(Failure::run(format!("{n} results are not as recorded; the first: {}", checked.problems[0])))
        }
    }
}

/// What was found in a published reproduction.
#[derive(Serialize)]
struct CheckedStore {
    scale: Scale,
    runs_per_cell: u64,
    runs: usize,
    figures: usize,
    claims: usize,
    causes: usize,
    sample_seed: u64,
    recomputed: usize,
    too_long_to_recompute: usize,
    problems: Vec<String>,
}

fn check_published(arguments: &Arguments, folder: &Path) -> Result<(), Failure> {
    let published = Published::open(folder)?;
    let mut problems = published.differences()?;
    let clock = || SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).map_or(0, |time| time.as_secs());
    let sample_seed = arguments.sample_seed.unwrap_or_else(clock);
    let jobs = std::thread::available_parallelism().map_or(1, usize::from);
    let sample = published.recompute(sample_seed, Duration::from_secs(arguments.sample_seconds), jobs)?;
    problems.extend(sample.different.iter().map(|run| format!("run {run} comes out differently")));
    if let Some(path) = &arguments.write {
        let mut bytes =
            serde_json::to_vec_pretty(&published.verdicts()?).expect("plain data has a JSON form");
        bytes.push(b'\n');
        write_atomically(path, &bytes)?;
    }
    let ([figures, claims, causes], plan) = (published.counts(), published.plan());
    let checked = CheckedStore {
        scale: plan.scale,
        runs_per_cell: plan.runs,
        runs: published.records().len(),
        figures,
        claims,
        causes,
        sample_seed,
        recomputed: sample.runs,
        too_long_to_recompute: sample.left_out,
        problems,
    };
    show(&checked, arguments.json)?;
    match checked.problems.len() {
        0 => Ok(()),
        n => Err(Failure::run(format!(
            "{n} parts do not follow from the runs; the first: {}",
            checked.problems[0]
        ))),
    }
}

impl fmt::Display for CheckedStore {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(
            f,
            "scale {}, {} runs of a configuration: {} runs, {} figures, {} claims and {} causes follow from them",
            self.scale, self.runs_per_cell, self.runs, self.figures, self.claims, self.causes
        )?;
        writeln!(
            f,
            "sample seed {}: {} runs were computed again ({} take too long for that)",
            self.sample_seed, self.recomputed, self.too_long_to_recompute
        )?;
        for problem in &self.problems {
            writeln!(f, "CHANGED  {problem}")?;
        }
        Ok(())
    }
}

/// Where the verdicts in the folder are not those of its runs.
fn stored_claims(out: &Path, outcomes: &[ClaimOutcome], command: &str) -> Vec<String> {
    let path = out.join("claims.json");
    let name = path.display();
    let stored: Vec<ClaimOutcome> =
        match fs::read(&path).ok().and_then(|bytes| serde_json::from_slice(&bytes).ok()) {
            Some(stored) => stored,
            None => return vec![format!("{name} is missing or damaged: `{command}` writes it again")],
        };
    let mut problems = Vec::new();
    for now in outcomes {
        let before =
            stored.iter().find(|before| before.claim == now.claim && before.protocol == now.protocol);
        let (claim, protocol) = (&now.claim, now.protocol.map_or("both", Protocol::name));
        match before {
            Some(before) if before == now => {}
            Some(before) if before.decision.verdict != now.decision.verdict => problems.push(format!(
                "claim {claim} ({protocol}): {name} says \"{}\", the runs say \"{}\"",
                before.decision.verdict, now.decision.verdict
            )),
            Some(_) => {
                problems.push(format!(
                    "claim {claim} ({protocol}): its numbers in {name} are not those of the runs"
                ));
            }
            None => problems.push(format!("claim {claim} ({protocol}) is not in {name}")),
        }
    }
    if stored.len() > outcomes.len() {
        problems.push(format!("{name} has {} verdicts, there are {}", stored.len(), outcomes.len()));
    }
    problems
}

/// Where the exact numbers in the folder are not those of its runs.
fn stored_golden(out: &Path, golden: &Golden, command: &str) -> Vec<String> {
    let path = out.join("golden.json");
    let name = path.display();
    match fs::read(&path).ok().and_then(|bytes| serde_json::from_slice::<Golden>(&bytes).ok()) {
        Some(stored) if stored == *golden => Vec::new(),
        Some(stored) if (stored.scale, stored.runs_per_cell) != (golden.scale, golden.runs_per_cell) => {
            vec![format!("{name} is of scale {} with {} runs", stored.scale, stored.runs_per_cell)]
        }
        Some(stored) => {
            stored.differences(golden).into_iter().map(|line| format!("{name}: {line}")).collect()
        }
        None => vec![format!("{name} is missing or damaged: `{command}` writes it again")],
    }
}

impl fmt::Display for Checked {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write_verdicts(f, &self.claims)?;
        for problem in &self.problems {
            writeln!(f, "CHANGED  {problem}")?;
        }
        if !self.recorded {
            writeln!(f, "there are no recorded results for this scale and number of runs")?;
        }
        Ok(())
    }
}
