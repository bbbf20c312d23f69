//! `slt results`: what a folder of results holds, and joining several.

use std::fmt;
use std::path::PathBuf;

use clap::{Args, Subcommand};
use serde::Serialize;
use slt_paper::Published;
use slt_run::{Merged, RunRecord, Store, archive};

use crate::arguments::StudyArguments;
use crate::failure::Failure;
use crate::stdout::show;
use crate::values::shell_word;

/// List, verify or merge stored runs
#[derive(Args)]
pub(crate) struct Arguments {
    #[command(subcommand)]
    action: Action,
}

#[derive(Subcommand)]
enum Action {
    /// List the runs that are stored
    List(Folder),
    /// Read every record and check that it is whole and named rightly
    Verify(Folder),
    /// Write the stored runs as archives, a small file for each configuration
    Pack(Archives),
    /// Write what is kept in a repository: archives, figures, verdicts, causes, and the page beside the
    /// folder
    Publish(Publication),
    /// Put the runs of archives into the folder of results, so that `slt reproduce` goes on from there
    Unpack(Archives),
    /// Copy the runs of other folders into one
    ///
    /// Runs that are there already are left as they are; the order of the folders does not matter. Everything
    /// is checked first: a file that is no whole record, or two records of a run that differ, and nothing is
    /// copied.
    Merge(Folders),
}

#[derive(Args)]
struct Folder {
    /// Folder of the results
    #[arg(long, value_name = "DIR", default_value = "reproduction")]
    out: PathBuf,
    /// Print the result on stdout as JSON
    #[arg(long)]
    json: bool,
}

#[derive(Args)]
struct Archives {
    #[command(flatten)]
    folder: Folder,
    /// Folder of the archives
    #[arg(long, value_name = "DIR")]
    archives: PathBuf,
}

#[derive(Args)]
struct Publication {
    #[command(flatten)]
    study: StudyArguments,
    /// Folder to write to; the page is FOLDER.md
    #[arg(long, value_name = "FOLDER")]
    to: PathBuf,
    /// Print the result on stdout as JSON
    #[arg(long)]
    json: bool,
}

#[derive(Args)]
struct Folders {
    /// Folder that gets the runs; it is made if the folder around it exists
    #[arg(value_name = "DEST")]
    into: PathBuf,
    /// Folders that the runs come from
    #[arg(value_name = "SRC", required = true)]
    from: Vec<PathBuf>,
    /// Print the result on stdout as JSON
    #[arg(long)]
    json: bool,
}

/// Runs that are not part of the study stay out; runs that are missing leave out what needs them.
fn publish(arguments: &Publication) -> Result<Moved, Failure> {
    StudyArguments::check_results(&arguments.study.out)?;
    let study = arguments.study.study()?;
    let store = Store::open(&arguments.study.out)?;
    let records = study.stored(&store)?;
    Published::write(&arguments.to, study.plan, &records)?;
    Ok(Moved { runs: records.len(), archives_written: None })
}

/// What was packed or unpacked.
#[derive(Serialize)]
struct Moved {
    runs: usize,
    archives_written: Option<Vec<String>>,
}

impl fmt::Display for Moved {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.archives_written {
            Some(written) => writeln!(f, "{} runs, {} archives written", self.runs, written.len()),
            None => writeln!(f, "{} runs", self.runs),
        }
    }
}

/// Damaged records are named, and not packed.
fn pack(arguments: &Archives) -> Result<Moved, Failure> {
    StudyArguments::check_results(&arguments.folder.out)?;
    let store = Store::open(&arguments.folder.out)?;
    let mut records = Vec::new();
    for (path, record) in store.entries()? {
        records.push(record.map_err(|reason| Failure::run(format!("{}: {reason}", path.display())))?);
    }
    let written = archive::pack(&records, &arguments.archives)?;
    Ok(Moved { runs: records.len(), archives_written: Some(written) })
}

fn unpack(arguments: &Archives) -> Result<Moved, Failure> {
    let records = archive::unpack(&arguments.archives)?;
    let store = Store::open(&arguments.folder.out)?;
    for record in records.iter() {
        store.add(record)?;
    }
    Ok(Moved { runs: records.len(), archives_written: None })
}

#[derive(Serialize)]
struct Joined {
    /// Number of runs that were copied.
    copied: usize,
    /// Number of runs that were there already, or in an earlier folder.
    equal: usize,
    /// Number of runs that are there now.
    total: usize,
}

#[derive(Serialize)]
struct Listed {
    runs: Vec<Row>,
    damaged: Vec<Damaged>,
    #[serde(skip)]
    rows_are_shown: bool,
}

#[derive(Serialize)]
struct Row {
    sha256: String,
    run: String,
    test_accuracy: Option<f64>,
    cpu_seconds: Option<f64>,
}

#[derive(Serialize)]
struct Damaged {
    file: String,
    reason: String,
}

pub(crate) fn run(arguments: &Arguments) -> Result<(), Failure> {
    let (folder, rows_are_shown) = match &arguments.action {
        Action::List(folder) => (folder, true),
        Action::Verify(folder) => (folder, false),
        Action::Pack(archives) => return show(&pack(archives)?, archives.folder.json),
        Action::Publish(publication) => return show(&publish(publication)?, publication.json),
        Action::Unpack(archives) => return show(&unpack(archives)?, archives.folder.json),
        Action::Merge(folders) => return merge(folders),
    };
    StudyArguments::check_results(&folder.out)?;
    let store = Store::open(&folder.out)?;
    let mut listed = Listed { runs: Vec::new(), damaged: Vec::new(), rows_are_shown };
    for (path, record) in store.entries()? {
        match record {
            Ok(record) => listed.runs.push(Row::new(&store, &record)),
            Err(reason) => listed.damaged.push(Damaged { file: path.display().to_string(), reason }),
        }
    }
    listed.runs.sort_by(|a, b| a.run.cmp(&b.run));
    show(&listed, folder.json)?;
    match listed.damaged.as_slice() {
        [] => Ok(()),
        [first, rest @ ..] => {
            let more = if rest.is_empty() { String::new() } else { format!(" (and {} more)", rest.len()) };
            Err(Failure::run(format!(
                "{} is not used: {}{more}; `slt reproduce --out {}` with its scale and runs computes it again",
                first.file,
                first.reason,
                shell_word(&folder.out.to_string_lossy())
            )))
        }
    }
}

fn merge(folders: &Folders) -> Result<(), Failure> {
    let Merged { copied, equal, total } = Store::merge(&folders.into, &folders.from)?;
    show(&Joined { copied, equal, total }, folders.json)
}

impl fmt::Display for Joined {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { copied, equal, total } = self;
        writeln!(f, "{copied} runs copied, {equal} were there; {total} runs")
    }
}

impl Row {
    fn new(store: &Store, record: &RunRecord) -> Self {
        let spec = record.spec();
        let test_accuracy = record.test_accuracy();
        let cpu_seconds = store.times(&spec).map(|times| times.cpu_seconds);
        Self { sha256: spec.hash(), run: spec.label(), test_accuracy, cpu_seconds }
    }
}

impl fmt::Display for Listed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.rows_are_shown {
            let width = self.runs.iter().map(|row| row.run.len()).max().unwrap_or(0);
            for Row { sha256, run, test_accuracy, cpu_seconds } in &self.runs {
                let accuracy = test_accuracy.map_or(String::new(), |a| format!("{:.2} %", 100.0 * a));
                let seconds = cpu_seconds.map_or(String::new(), |s| format!("{s:.2} s"));
                writeln!(f, "{}  {run:width$}  {accuracy:>9}  {seconds:>9}", &sha256[..12])?;
            }
        }
        for Damaged { file, reason } in &self.damaged {
            writeln!(f, "DAMAGED  {file}: {reason}")?;
        }
        let cpu: f64 = self.runs.iter().filter_map(|row| row.cpu_seconds).sum();
        writeln!(f, "{} runs, {cpu:.1} s of processor time; {} damaged", self.runs.len(), self.damaged.len())
    }
}
