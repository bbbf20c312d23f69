//! The work of a study as tasks: command lines that an engine such as HyperQueue, Slurm or GNU parallel
//! starts.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::ops::RangeInclusive;

use crate::study::division;
use crate::{Error, Scale, Study};
use slt_run::{Progress, Records, RunRecord, RunSpec, Runner, Store};

/// The work of a [`Study`] as [tasks](Task) with dependencies.
///
/// Runs of different divisions never depend on each other, so a task belongs to one division, and a task
/// needs none of another division. A division of little work is one task. A larger one is done in three
/// stages:
///
/// | stage | tasks | runs |
/// |---|---|---|
/// | 1 | one a part | those that are known without any result, with the seeds of the part |
/// | 2 | one a part | those that follow from all results of stage 1, with the seeds of the part |
/// | 3 | one | whatever follows from the results of stages 1 and 2, until nothing is missing |
///
/// Every run is in exactly one task. Names and runs of the tasks are a function of the study alone, so every
/// process works them out for itself, and no engine has to pass on more than a name.
#[derive(Clone)]
pub struct Farm {
    study: Study,
    tasks: Vec<Task>,
}

/// Some runs of one division, to be computed by one process.
#[derive(Debug, Clone, PartialEq)]
pub struct Task {
    division: String,
    stage: u32,
    /// From 1; none if the task is about all seeds.
    part: Option<usize>,
    seeds: RangeInclusive<u64>,
    step: Step,
    /// What the runs cost that are known without any result, as [`RunSpec::cost`].
    cost: f64,
}

/// Which runs of its seeds are a task's own.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Step {
    /// All, until nothing is missing.
    Whole,
    /// Those that are known without any result.
    Begin,
    /// Those that follow from these.
    Follow,
    /// What is left then, until nothing is missing.
    Close,
}

impl Task {
    /// Its name: stage, division and part, of lower-case letters, digits, dots and hyphens, such as
    /// `1-moons-2.20.2-part-3`.
    pub fn name(&self) -> String {
        self.to_string()
    }

    /// Its stage, from 1: a task needs tasks of earlier stages only.
    pub fn stage(&self) -> u32 {
        self.stage
    }

    /// Whether another task has to be finished before: all tasks of earlier stages of its division have.
    pub fn needs(&self, other: &Task) -> bool {
        self.division == other.division && other.stage < self.stage
    }
}

impl fmt::Display for Task {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}-{}", self.stage, self.division)?;
        self.part.map_or(Ok(()), |part| write!(f, "-part-{part}"))
    }
}

impl Farm {
    /// Divides the work of a study. No part of a division takes more than about five minutes of one core, a
    /// second at scale `smoke`, unless the runs of a single seed do.
    ///
    /// # Errors
    /// If a spec is impossible.
    pub fn new(study: Study) -> Result<Self, Error> {
        let mut divisions: BTreeMap<String, BTreeMap<u64, f64>> = BTreeMap::new();
        for spec in study.runs(&Records::new())? {
            let costs = divisions.entry(in_a_name(&division(&spec))).or_default();
            *costs.entry(spec.seed().0).or_default() += spec.cost();
        }
        let limit = largest_part(study.plan.scale);
        let mut tasks: Vec<Task> =
            divisions.iter().flat_map(|(division, costs)| tasks_of(division, costs, limit)).collect();
        // The longest first, so that no long task is left over when the others are done.
        tasks.sort_by(|a, b| a.stage.cmp(&b.stage).then(b.cost.total_cmp(&a.cost)));
        Ok(Self { study, tasks })
    }

    /// The study whose work it is.
    pub fn study(&self) -> &Study {
        &self.study
    }

    /// All tasks: by stage, in a stage the longest first.
    pub fn tasks(&self) -> &[Task] {
        &self.tasks
    }

    /// The task of a name.
    ///
    /// # Errors
    /// [`Error::UnknownTask`] if there is none; the message names one that there is.
    pub fn task(&self, name: &str) -> Result<&Task, Error> {
        self.tasks.iter().find(|task| task.name() == name).ok_or_else(|| Error::UnknownTask {
            given: name.to_owned(),
            example: self.tasks.first().map(Task::name).unwrap_or_default(),
        })
    }

    /// The runs of a task as far as they are known from `records`, those that are among them included.
    ///
    /// # Errors
    /// If a spec is impossible.
    pub fn runs(&self, task: &Task, records: &Records) -> Result<Vec<RunSpec>, Error> {
        let of_division = |records: &Records| -> Result<Vec<RunSpec>, Error> {
            let mut runs = self.study.runs(records)?;
            runs.retain(|spec| in_a_name(&division(spec)) == task.division);
            Ok(runs)
        };
        let mut runs = match task.step {
            Step::Begin => of_division(&Records::new())?,
            _ => of_division(records)?,
        };
        if task.step == Step::Follow {
            let begun: BTreeSet<String> = of_division(&Records::new())?.iter().map(RunSpec::hash).collect();
            runs.retain(|spec| !begun.contains(&spec.hash()));
        }
        runs.retain(|spec| task.seeds.contains(&spec.seed().0));
        Ok(runs)
    }

    /// Computes the runs of a task that are not stored. Returns how many runs the task has; all of them are
    /// stored then. `progress` makes a display for the runs of each round.
    ///
    /// # Errors
    /// [`Error::Unfinished`] if a task that it needs is not finished; otherwise as [`Runner::run`].
    pub fn compute<P: Progress>(
        &self,
        task: &Task,
        runner: &Runner<'_>,
        progress: impl Fn(&[RunSpec]) -> P,
    ) -> Result<usize, Error> {
        let mut records = self.inputs(task, runner.store)?;
        let given = records.len();
        loop {
            let mut missing = self.runs(task, &records)?;
            missing.retain(|spec| !records.contains(spec));
            if missing.is_empty() {
                return Ok(records.len() - given);
            }
            records.extend(runner.run(&missing, &progress(&missing))?);
        }
    }

    /// The records that a task starts from: those of the tasks that it needs.
    fn inputs(&self, task: &Task, store: &Store) -> Result<Records, Error> {
        let mut records = Records::new();
        for stage in 1..task.stage {
            // A part has worked out its runs without the results of the other parts of its stage.
            let inputs = records.clone();
            for needed in self.tasks.iter().filter(|needed| needed.stage == stage && task.needs(needed)) {
                records.extend(self.outputs(needed, &inputs, store, task)?);
            }
        }
        Ok(records)
    }

    /// The records that a task has made from `inputs`.
    fn outputs(
        &self,
        task: &Task,
        inputs: &Records,
        store: &Store,
        needed_by: &Task,
    ) -> Result<Vec<RunRecord>, Error> {
        let mut records = inputs.clone();
        let mut made = Vec::new();
        loop {
            let mut missing = self.runs(task, &records)?;
            missing.retain(|spec| !records.contains(spec));
            if missing.is_empty() {
                return Ok(made);
            }
            for spec in missing {
                let Some(record) = store.load(&spec, |_, _| {})? else {
                    return Err(Error::Unfinished {
                        task: needed_by.name(),
                        needed: task.name(),
                        run: spec.label(),
                    });
                };
                records.insert(record.clone());
                made.push(record);
            }
        }
    }
}

/// The most that the runs of a part may cost, in the unit of [`RunSpec::cost`].
fn largest_part(scale: Scale) -> f64 {
    match scale {
        // About a second, so that tests have parts.
        Scale::Smoke => 1.5e4,
        // About five minutes.
        Scale::Quick | Scale::Paper => 6e6,
    }
}

/// The tasks of a division, given what its runs cost that are known without any result, by seed.
fn tasks_of(division: &str, costs: &BTreeMap<u64, f64>, limit: f64) -> Vec<Task> {
    let parts = parts_of(costs, limit);
    let task = |stage, part, seeds, step, cost| Task {
        division: division.to_owned(),
        stage,
        part,
        seeds,
        step,
        cost,
    };
    let all = 0..=u64::MAX;
    if let [(_, cost)] = parts[..] {
        return vec![task(1, None, all, Step::Whole, cost)];
    }
    let mut tasks = Vec::new();
    for (stage, step) in [(1, Step::Begin), (2, Step::Follow)] {
        for ((seeds, cost), part) in parts.iter().zip(1..) {
            tasks.push(task(stage, Some(part), seeds.clone(), step, *cost));
        }
    }
    tasks.push(task(3, None, all, Step::Close, 0.0));
    tasks
}

/// Ranges of seeds, which together are all seeds, and what their runs cost: as few as the limit allows.
fn parts_of(costs: &BTreeMap<u64, f64>, limit: f64) -> Vec<(RangeInclusive<u64>, f64)> {
    // Where a part begins, and its cost. Runs that follow may have any seed, so the first part begins at 0.
    let mut parts: Vec<(u64, f64)> = Vec::new();
    for (&seed, &cost) in costs {
        match parts.last_mut() {
            Some((_, sum)) if *sum + cost <= limit => *sum += cost,
            None => parts.push((0, cost)),
            Some(_) => parts.push((seed, cost)),
        }
    }
    let ends = parts.iter().skip(1).map(|(start, _)| start - 1).chain([u64::MAX]).collect::<Vec<_>>();
    parts.into_iter().zip(ends).map(|((start, cost), end)| (start..=end, cost)).collect()
}

/// A division as part of a name: `moons [2, 20, 2]` is `moons-2.20.2`. Two divisions of the same name are
/// one.
fn in_a_name(division: &str) -> String {
    let mut name = String::new();
    for c in division.replace(", ", ".").chars() {
        match c.to_ascii_lowercase() {
            c @ ('a'..='z' | '0'..='9' | '.') => name.push(c),
            _ if name.is_empty() || name.ends_with('-') => {}
            _ => name.push('-'),
        }
    }
    name.trim_end_matches('-').to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_are_as_few_as_the_limit_allows_and_hold_every_seed() {
        let costs: BTreeMap<u64, f64> = (1..=5).map(|seed| (seed, 1.0)).collect();
        let starts =
            |limit| -> Vec<u64> { parts_of(&costs, limit).iter().map(|(seeds, _)| *seeds.start()).collect() };
        assert_eq!(starts(2.0), [0, 3, 5]);
        assert_eq!(starts(5.0), [0]);
        // A single seed is not divided, however much it costs.
        assert_eq!(starts(0.5), [0, 2, 3, 4, 5]);
        let parts = parts_of(&costs, 2.0);
        for pair in parts.windows(2) {
            assert_eq!(pair[0].0.end() + 1, *pair[1].0.start());
        }
        assert_eq!(*parts.last().unwrap().0.end(), u64::MAX);
        assert_eq!(parts.iter().map(|(_, cost)| cost).sum::<f64>(), 5.0);
    }

    #[test]
    fn names_are_safe_in_files_and_shells() {
        assert_eq!(in_a_name("moons [2, 20, 2]"), "moons-2.20.2");
        assert_eq!(in_a_name("blobs 10 seed 3"), "blobs-10-seed-3");
        assert_eq!(in_a_name(" A$(b) 'c'/"), "a-b-c");
    }
}
