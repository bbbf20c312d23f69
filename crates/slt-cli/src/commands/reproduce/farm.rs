//! The runs as tasks that an engine starts: computing one, and the scripts that have all of them computed.

use std::collections::BTreeSet;
use std::fmt;
use std::path::{Path, PathBuf};

use clap::{Args, ValueEnum};
use serde::Serialize;
use slt_core::canonical;
use slt_paper::{Farm, Study, Task};
use slt_run::{Runner, Store, check_output, write_atomically};

use crate::failure::Failure;
use crate::interrupt::stop_flag;
use crate::progress::RunsProgress;
use crate::stdout::show;

/// Which part of a farm's work is meant.
#[derive(Args)]
pub(crate) struct FarmArguments {
    /// Compute nothing; write a script that has an engine compute the runs on many cores or machines
    #[arg(long, value_enum, value_name = "ENGINE", conflicts_with_all = ["shard", "task", "jobs", "json", "out"])]
    pub(super) emit: Option<Engine>,
    /// File for the script of --emit [default: stdout]
    #[arg(long, value_name = "FILE", requires = "emit")]
    script: Option<PathBuf>,
    /// Compute the runs of one task of such a script, and draw nothing
    #[arg(long, value_name = "NAME", conflicts_with = "shard")]
    pub(super) task: Option<String>,
}

/// What starts the tasks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum Engine {
    /// A Python script for HyperQueue
    Hyperqueue,
    /// A bash script that submits arrays of jobs to Slurm
    Slurm,
    /// A bash script for GNU parallel
    Parallel,
}

/// The result of a task on stdout.
#[derive(Serialize)]
struct Computed<'a> {
    task: &'a str,
    /// Number of its records, those that were there before included.
    computed: usize,
}

impl fmt::Display for Computed<'_> {
    /// An engine collects what its tasks print, so this is nothing.
    fn fmt(&self, _: &mut fmt::Formatter<'_>) -> fmt::Result {
        Ok(())
    }
}

/// Computes a task, and stores its records in `out`.
pub(super) fn compute(study: Study, name: &str, out: &Path, jobs: usize, json: bool) -> Result<(), Failure> {
    let farm = Farm::new(study)?;
    let task = farm.task(name).map_err(|error| Failure::usage(format!("--task: {error}")))?;
    let store = Store::open(out)?;
    let runner = Runner { store: &store, jobs, stop: stop_flag()? };
    let computed = farm.compute(task, &runner, RunsProgress::new)?;
    show(&Computed { task: name, computed }, json)
}

impl FarmArguments {
    /// Writes the script of an engine for a study, of which `figures` are asked for, or all if there are
    /// none.
    pub(super) fn emit(&self, engine: Engine, study: Study, figures: &[String]) -> Result<(), Failure> {
        let farm = Farm::new(study)?;
        if farm.tasks().is_empty() {
            return Err(Failure::usage("--emit: these figures need no runs; draw them without it"));
        }
        let script = engine.script(&farm, figures);
        match &self.script {
            None => show(&script, false),
            Some(path) => {
                check_output(path)?;
                Ok(write_atomically(path, script.as_bytes())?)
            }
        }
    }
}

impl Engine {
    /// The script that computes all tasks of a farm.
    fn script(self, farm: &Farm, figures: &[String]) -> String {
        let plan = farm.study().plan;
        let (scale, runs) = (plan.scale.to_string(), plan.runs.to_string());
        let mut words = vec!["reproduce", "--scale", &scale, "--runs", &runs];
        words.extend(figures.iter().map(String::as_str));
        let (template, listed, tasks) = match self {
            Engine::Hyperqueue => {
                (include_str!("farm/hyperqueue.py"), as_list(&words), in_python(farm.tasks()))
            }
            Engine::Slurm => (include_str!("farm/slurm.sh"), in_bash(&words), stages_in_bash(farm.tasks())),
            Engine::Parallel => {
                (include_str!("farm/parallel.sh"), in_bash(&words), stages_in_bash(farm.tasks()))
            }
        };
        let stages: BTreeSet<String> = farm.tasks().iter().map(|task| task.stage().to_string()).collect();
        let digest = canonical::sha256_hex(format!("{words:?} {tasks}").as_bytes())[..8].to_owned();
        [
            ("@VERSION@", env!("CARGO_PKG_VERSION")),
            ("@SCALE@", &scale),
            ("@COMMAND@", &words.join(" ")),
            ("@WORDS@", &listed),
            ("@STAGES@", &in_bash(stages)),
            ("@DIGEST@", &digest),
            ("@TASKS@", tasks.trim_end()),
        ]
        .iter()
        .fold(template.to_owned(), |script, (field, value)| script.replace(field, value))
    }
}

/// The tasks as entries of a Python dictionary: a name, and the names of what it needs.
fn in_python(tasks: &[Task]) -> String {
    let entry = |task: &Task| {
        let needed: Vec<String> = tasks.iter().filter(|other| task.needs(other)).map(Task::name).collect();
        format!("    {}: {},\n", as_list(&[task.name()]).trim_matches(['[', ']']), as_list(&needed))
    };
    tasks.iter().map(entry).collect()
}

/// A list of texts, which Python writes as JSON does.
fn as_list(texts: &[impl Serialize]) -> String {
    serde_json::to_string(texts).expect("text has a JSON form")
}

/// The tasks as one array a stage.
fn stages_in_bash(tasks: &[Task]) -> String {
    let array = |stage: &[Task]| {
        let names: String = stage.iter().map(|task| format!("    {}\n", in_bash([task.name()]))).collect();
        format!("stage_{}=(\n{names})\n", stage[0].stage())
    };
    tasks.chunk_by(|a, b| a.stage() == b.stage()).map(array).collect()
}

/// Words that bash takes as they are.
fn in_bash(words: impl IntoIterator<Item = impl AsRef<str>>) -> String {
    let quoted = words.into_iter().map(|word| format!("'{}'", word.as_ref().replace('\'', r"'\''")));
    quoted.collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_quoted() {
        assert_eq!(in_bash(["a b", "$(c)", "d'e"]), r"'a b' '$(c)' 'd'\''e'");
        assert_eq!(as_list(&["a\"b", "c"]), r#"["a\"b","c"]"#);
    }
}
