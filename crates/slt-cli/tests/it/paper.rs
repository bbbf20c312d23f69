//! The paper at the smallest scale: `slt reproduce`, `slt check` and `slt results` on one folder.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use crate::common::Folder;
use serde_json::Value;
use slt_paper::{Plan, Scale, Study};
use slt_run::{Records, RunSpec, RunTimes, Store};

#[path = "../../../slt-paper/tests/it/fabricated/mod.rs"]
mod fabricated;

/// One run of each configuration.
const SCALE: &str = "--scale smoke --runs 1";

/// Figures whose runs take little time: of two data sets, some planned from the results of others.
const PART: &str = "fig3 fig11";

/// The files below a folder that do not depend on how long things took.
fn results(folder: &Folder, name: &str) -> BTreeMap<PathBuf, Vec<u8>> {
    let root = folder.path(name);
    let mut results = BTreeMap::new();
    for (path, bytes) in folder.files() {
        let Ok(below) = path.strip_prefix(&root) else { continue };
        if !path.is_file() || ["times", "locks"].iter().any(|part| below.starts_with(part)) {
            continue;
        }
        let bytes = if below == Path::new("report.html") { without_times(&bytes) } else { bytes };
        results.insert(below.to_owned(), bytes);
    }
    results
}

/// The report up to its last section.
fn without_times(html: &[u8]) -> Vec<u8> {
    let html = String::from_utf8(html.to_vec()).unwrap();
    html.split("<section id=\"times\">").next().unwrap().as_bytes().to_vec()
}

/// `slt check` prints its table and fails; what is wrong is named.
#[track_caller]
fn check_fails(folder: &Folder, named: &str) {
    let done = folder.run(&format!("check {SCALE} --out out"));
    assert_eq!(done.code, Some(1), "{done:?}");
    assert!(done.stderr.starts_with("error: ") && done.stderr.lines().count() == 1, "{done:?}");
    assert!(done.stderr.contains(named) || done.stdout.contains(named), "{named:?} is not in {done:?}");
}

/// Changes a stored JSON file, checks that `slt check` names what was changed, and puts it back.
#[track_caller]
fn tamper(folder: &Folder, file: &str, change: impl FnOnce(&mut Value), named: &str) {
    let path = format!("out/{file}");
    let before = folder.read(&path);
    let mut value: Value = serde_json::from_slice(&before).unwrap();
    change(&mut value);
    folder.write(&path, serde_json::to_vec(&value).unwrap());
    check_fails(folder, named);
    folder.write(&path, before);
}

/// Figures and their runs come back as they were, whatever is lost of them. One test, because the runs take
/// seconds.
#[test]
fn what_is_lost_comes_back() {
    let folder = Folder::new();
    let reproduce = format!("reproduce {PART} {SCALE} --out out");
    let made = folder.json(&reproduce);
    let drawn = |made: &Value| -> Vec<String> {
        let figures = made["figures"].as_array().unwrap().iter().filter(|figure| figure["drawn"] == true);
        figures.map(|figure| figure["id"].as_str().unwrap().to_owned()).collect()
    };
    assert_eq!(drawn(&made), PART.split(' ').collect::<Vec<_>>());
    let first = results(&folder, "out");
    for figure in PART.split(' ') {
        for extension in ["svg", "png", "csv", "json"] {
            let name = format!("{figure}.{extension}");
            assert!(!first[Path::new(&name)].is_empty(), "{name}");
        }
    }

    // Nothing is computed or drawn again.
    assert!(drawn(&folder.json(&reproduce)).is_empty());
    assert_eq!(results(&folder, "out"), first);

    // One figure and one run are gone: they alone come back, to the bit.
    fs::remove_file(folder.path("out/fig11.png")).unwrap();
    let run = first.keys().find(|path| path.starts_with("runs")).unwrap();
    fs::remove_file(folder.path("out").join(run)).unwrap();
    assert_eq!(drawn(&folder.json(&reproduce)), ["fig11"]);
    assert_eq!(results(&folder, "out"), first);

    // A flipped byte is found, named, and its run computed again.
    let path = folder.path("out").join(run);
    flip_a_byte(&path);
    let name = run.file_name().unwrap().to_str().unwrap();
    let verified = folder.run("results verify --out out");
    assert!(verified.code == Some(1) && verified.stderr.contains(name), "{verified:?}");
    let done = folder.succeed(&reproduce);
    assert!(done.stderr.contains(name), "{}", done.stderr);
    assert_eq!(results(&folder, "out"), first);
    let listed = folder.json("results list --out out");
    assert_eq!(
        listed["runs"].as_array().unwrap().len(),
        first.keys().filter(|path| path.starts_with("runs")).count()
    );
}

/// Stores made-up records of all runs of the paper: they take no time, and what is drawn and said of them is
/// worked out as ever.
fn make_up(folder: &Folder, name: &str) {
    let study = Study::whole(Plan::new(Scale::Smoke, Some(1)).unwrap());
    let store = Store::open(folder.path(name)).unwrap();
    let mut records = Records::new();
    loop {
        let wanted = study.runs(&records).unwrap();
        let missing: Vec<RunSpec> = wanted.into_iter().filter(|spec| !records.contains(spec)).collect();
        if missing.is_empty() {
            return;
        }
        for spec in missing {
            let accuracy = 0.8 + 0.1 * fabricated::noise(&spec);
            let record = fabricated::record(spec, &fabricated::accuracy(accuracy));
            store.save(&record, &RunTimes { seconds: 1.0, cpu_seconds: 1.0 }).unwrap();
            records.extend([record]);
        }
    }
}

/// The whole paper, from runs to report.
#[test]
fn what_was_changed_is_named() {
    let folder = Folder::new();
    make_up(&folder, "out");
    let runs = results(&folder, "out");
    let made = folder.json(&format!("reproduce {SCALE} --out out"));
    let first = results(&folder, "out");
    assert!(runs.iter().all(|(path, bytes)| first[path] == *bytes), "a run was computed");
    assert_eq!(first.keys().filter(|path| path.starts_with("runs")).count(), runs.len());

    let n_figures = made["figures"].as_array().unwrap().len();
    assert!(n_figures >= 14, "{n_figures}");
    let report = String::from_utf8(first[Path::new("report.html")].clone()).unwrap();
    assert_eq!(report.matches("<img ").count(), n_figures);
    assert!(!report.contains("http://") && !report.contains("https://"), "the report needs a network");
    folder.succeed(&format!("check {SCALE} --out out"));

    tamper(&folder, "golden.json", |golden| golden["figures"]["fig3"] = "0".into(), "fig3");
    let change_run = |golden: &mut Value| {
        let (_, run) = golden["runs"].as_object_mut().unwrap().iter_mut().next().unwrap();
        *run = "mask 0".into();
    };
    tamper(&folder, "golden.json", change_run, "mask 0");
    let change_verdict = |claims: &mut Value| claims[0]["verdict"] = "holds".into();
    tamper(&folder, "claims.json", change_verdict, "moons-d-perfect");

    let figure = folder.read("out/fig4.png");
    fs::remove_file(folder.path("out/fig4.png")).unwrap();
    check_fails(&folder, "fig4.png");
    folder.write("out/fig4.png", figure);
    let path = folder.path("out").join(runs.keys().find(|path| path.starts_with("runs")).unwrap());
    let run = fs::read(&path).unwrap();
    flip_a_byte(&path);
    check_fails(&folder, "is damaged");
    fs::remove_file(&path).unwrap();
    check_fails(&folder, "is missing");
    fs::write(&path, run).unwrap();
    folder.succeed(&format!("check {SCALE} --out out"));
}

fn flip_a_byte(file: &Path) {
    let mut bytes = fs::read(file).unwrap();
    let middle = bytes.len() / 2;
    bytes[middle] ^= 1;
    fs::write(file, bytes).unwrap();
}

#[test]
fn shards_together_are_the_whole() {
    let folder = Folder::new();
    folder.succeed(&format!("reproduce {PART} {SCALE} --out whole"));
    folder.make_folder("merged");
    for folder_name in ["runs", "times"] {
        folder.make_folder(&format!("merged/{folder_name}"));
    }
    for shard in 1..=3 {
        let out = format!("shard{shard}");
        folder.succeed(&format!("reproduce {PART} {SCALE} --shard {shard}/3 --out {out}"));
        for part in ["runs", "times"] {
            for entry in fs::read_dir(folder.path(&out).join(part)).unwrap() {
                let path = entry.unwrap().path();
                let target = folder.path("merged").join(part).join(path.file_name().unwrap());
                assert!(!target.exists(), "{} was computed twice", path.display());
                fs::copy(&path, target).unwrap();
            }
        }
    }
    let whole = results(&folder, "whole");
    let runs = |results: &BTreeMap<PathBuf, Vec<u8>>| -> BTreeMap<PathBuf, Vec<u8>> {
        let runs = results.iter().filter(|(path, _)| path.starts_with("runs"));
        runs.map(|(path, bytes)| (path.clone(), bytes.clone())).collect()
    };
    assert_eq!(runs(&results(&folder, "merged")), runs(&whole));
    folder.succeed(&format!("reproduce {PART} {SCALE} --out merged"));
    assert_eq!(results(&folder, "merged"), whole);
}

#[test]
fn what_is_no_folder_of_results() {
    let folder = Folder::new();
    for command in ["check --out none", "results list --out none", "results verify --out none"] {
        folder.run(command).check_failure(1, command, &["none holds no results", "slt reproduce"]);
    }
    folder.run("reproduce --shard 4/3").check_failure(2, "shard", &["--shard", "1 to 3"]);
    folder.run("reproduce --shard x").check_failure(2, "shard", &["--shard", "I/N"]);
    folder.run("reproduce fig99").check_failure(2, "figure", &["fig99", "fig4"]);
    assert!(!folder.path("none").exists());
}
