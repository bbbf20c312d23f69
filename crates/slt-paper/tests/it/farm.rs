//! The tasks of a farm together are the study.

use crate::fabricated;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::atomic::AtomicBool;

use slt_paper::{Error, Farm, Plan, Scale, Study, Task, figures};
use slt_run::{Records, RunSpec, Runner, Store};

fn study(scale: Scale, runs: Option<u64>) -> Study {
    let plan = Plan::new(scale, runs).unwrap();
    Study::whole(plan)
}

fn farm(scale: Scale, runs: Option<u64>) -> Farm {
    Farm::new(study(scale, runs)).unwrap()
}

/// Records in which the runs have different results, so that different runs follow.
fn record(spec: RunSpec) -> slt_run::RunRecord {
    let mut made = fabricated::accuracy(0.5 + 0.01 * (spec.seed().0 % 10) as f64);
    made.sparsity = 0.3 + 0.02 * (spec.seed().0 % 10) as f64;
    fabricated::record(spec, &made)
}

/// All that is missing is made up, round after round.
fn complete(records: &mut Records, runs: impl Fn(&Records) -> Vec<RunSpec>) {
    loop {
        let missing: Vec<RunSpec> =
            runs(records).into_iter().filter(|spec| !records.contains(spec)).collect();
        if missing.is_empty() {
            return;
        }
        records.extend(missing.into_iter().map(record));
    }
}

/// Which task computes each run, when each sees nothing but the results of the tasks that it needs.
fn owners(farm: &Farm) -> BTreeMap<String, (Task, RunSpec)> {
    let mut owners = BTreeMap::new();
    for task in farm.tasks() {
        let mut records = Records::new();
        let given = owners.values().filter(|(other, _): &&(Task, RunSpec)| task.needs(other));
        records.extend(given.map(|(_, spec)| record(spec.clone())));
        let inputs = records.clone();
        complete(&mut records, |records| farm.runs(task, records).unwrap());
        for spec in farm.runs(task, &records).unwrap().into_iter().filter(|spec| !inputs.contains(spec)) {
            let other = owners.insert(spec.hash(), (task.clone(), spec.clone()));
            assert!(other.is_none(), "{} is a run of {task} and of {}", spec.label(), other.unwrap().0);
        }
    }
    owners
}

#[test]
fn every_run_is_in_exactly_one_task() {
    // The whole paper, whose largest divisions, those of the searches beyond it, are done in stages; and what
    // has runs of each kind, in parts of one seed and of several.
    let whole = study(Scale::Smoke, Some(1));
    let mut parts = study(Scale::Smoke, Some(4));
    parts.figures = ["fig6", "fig8", "fig11"].map(|id| figures::by_id(id).unwrap()).to_vec();
    parts.claims = Vec::new();
    for (study, n_stages) in [(whole, 2), (parts, 3)] {
        let mut records = Records::new();
        complete(&mut records, |records| study.runs(records).unwrap());
        let all: BTreeSet<String> = study.runs(&records).unwrap().iter().map(RunSpec::hash).collect();
        let owners = owners(&Farm::new(study).unwrap());
        assert_eq!(owners.keys().cloned().collect::<BTreeSet<_>>(), all);
        // Chains, in which a run starts from what the one before it left, are in the third stage.
        let stages: BTreeSet<u32> = owners.values().map(|(task, _)| task.stage()).collect();
        assert_eq!(stages, (1..=n_stages).collect());
    }
}

#[test]
fn tasks_need_tasks_of_their_division_and_earlier_stages() {
    let farm = farm(Scale::Paper, None);
    let division = |task: &Task| -> String {
        let name = task.name();
        name.split_once('-').unwrap().1.split("-part-").next().unwrap().to_owned()
    };
    for task in farm.tasks() {
        for other in farm.tasks() {
            let expected = division(task) == division(other) && other.stage() < task.stage();
            assert_eq!(task.needs(other), expected, "{task}, {other}");
        }
    }
    assert!(farm.tasks().is_sorted_by_key(Task::stage));
    // Enough for many cores, and not more than a Slurm array may have.
    for stage in 1..=3 {
        let n = farm.tasks().iter().filter(|task| task.stage() == stage).count();
        assert!((8..1_000).contains(&n), "{n} tasks in stage {stage}");
    }
}

#[test]
fn names_are_stable_and_lead_back() {
    for scale in [Scale::Smoke, Scale::Quick, Scale::Paper] {
        let (farm, again) = (farm(scale, None), farm(scale, None));
        let names: Vec<String> = farm.tasks().iter().map(Task::name).collect();
        assert_eq!(again.tasks().iter().map(Task::name).collect::<Vec<_>>(), names);
        assert_eq!(names.iter().collect::<BTreeSet<_>>().len(), names.len());
        for (task, name) in farm.tasks().iter().zip(&names) {
            assert_eq!(again.task(name).unwrap(), task);
            assert!(name.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b"-.".contains(&b)));
        }
        for name in ["1-blobs-10-seed-1", "2-moons-2.50.50.2-part-2", "3-circles-2.50.50.2"] {
            assert!(names.iter().any(|other| other == name), "{scale}: {name} is not in {names:?}");
        }
    }
    let error = farm(Scale::Smoke, None).task("1-moons").unwrap_err().to_string();
    assert!(error.contains("`1-moons`") && error.contains("-part-"), "{error}");
}

#[test]
fn a_task_that_is_too_early_names_what_it_needs() {
    let folder = tempfile::tempdir().unwrap();
    let store = Store::open(folder.path()).unwrap();
    let stop = AtomicBool::new(false);
    let runner = Runner { store: &store, jobs: 1, stop: &stop };
    let farm = farm(Scale::Smoke, None);
    for name in ["2-moons-2.50.50.2-part-1", "3-moons-2.50.50.2"] {
        let task = farm.task(name).unwrap();
        let error = farm.compute(task, &runner, |_| ()).unwrap_err();
        let Error::Unfinished { task, needed, .. } = error else { panic!("{error}") };
        assert!(task == name && needed.starts_with("1-moons-2.50.50.2-part-"), "{task} {needed}");
    }
    assert_eq!(std::fs::read_dir(folder.path().join("runs")).unwrap().count(), 0);
}
