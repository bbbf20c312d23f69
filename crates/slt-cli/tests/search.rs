//! `slt search`: the same result whatever the machine, and after any interruption.

mod common;

use std::process::Child;
use std::time::{Duration, Instant};

use common::Folder;
#[cfg(unix)]
use common::{Done, send};
use serde_json::Value;

/// A search that takes a moment.
fn search_of(generations: u64) -> String {
    let ends = format!("--min-generations {generations} --max-generations {generations}");
    format!("search --data digits --classes 2 --arch A --seed 3 {ends}")
}

/// What does not depend on times and file names.
fn result(report: &Value) -> Value {
    let mut report = report.clone();
    for key in ["seconds", "cpu_seconds", "file"] {
        report.as_object_mut().unwrap().remove(key).unwrap();
    }
    report
}

/// Waits until a search has stored a checkpoint, or has ended.
fn wait_for_checkpoint(folder: &Folder, search: &mut Child) {
    let start = Instant::now();
    while !folder.path("c.ck").exists() && search.try_wait().unwrap().is_none() {
        assert!(start.elapsed() < Duration::from_secs(60), "no checkpoint was stored");
        std::thread::sleep(Duration::from_millis(1));
    }
}

/// A folder with a checkpoint of an endless search, and the search.
fn with_checkpoint() -> (Folder, &'static str) {
    let folder = Folder::new();
    let search = "search --data digits --classes 3 --arch A --min-generations 1000000 --checkpoint c.ck";
    let mut child = folder.start(&format!("{search} --checkpoint-every 1"));
    wait_for_checkpoint(&folder, &mut child);
    child.kill().unwrap();
    child.wait().unwrap();
    (folder, search)
}

#[test]
fn threads_and_kernels_do_not_matter() {
    let folder = Folder::new();
    let search = "search --data circles --arch A --seed 1 --max-generations 3";
    let one = result(&folder.json(&format!("{search} --threads 1")));
    assert_eq!(one["mask_hash"].as_str().unwrap().len(), 16);
    assert_eq!((&one["generations"], &one["stop_reason"]), (&3.into(), &"max-generations".into()));
    for machine in ["--threads 2", "--threads 4", "--kernel portable", "--no-racing --no-sharing"] {
        assert_eq!(result(&folder.json(&format!("{search} {machine}"))), one, "{machine}");
    }
    assert_ne!(result(&folder.json(&format!("{search} --search-seed 2"))), one);
}

#[test]
fn the_same_data_by_another_name_is_the_same_run() {
    let folder = Folder::new();
    let hash = |options: &str| {
        let report = folder.json(&format!("search --arch A --max-generations 0 {options}"));
        report["spec_sha256"].as_str().unwrap().to_owned()
    };
    assert_eq!(hash("--data digits"), hash("--data digits --classes 10 --scaling minmax"));
    assert_eq!(hash("--data circles --threads 1"), hash("--data circles --classes 2 --scaling none"));
    assert_ne!(hash("--data circles"), hash("--data circles --scaling minmax"));
}

#[test]
fn killed_and_resumed_is_uninterrupted() {
    for (generations, machine) in [(400, "--threads 2"), (20, "--kernel portable")] {
        let folder = Folder::new();
        let search = search_of(generations);
        let expected = folder.json(&format!("{search} --out whole.slt"));
        let kept = format!("{search} --checkpoint c.ck --out resumed.slt --resume");
        for every in [5, 7] {
            let mut child = folder.start(&format!("{kept} --checkpoint-every {every}"));
            wait_for_checkpoint(&folder, &mut child);
            child.kill().unwrap();
            child.wait().unwrap();
        }
        let resumed = folder.json(&format!("{kept} {machine}"));
        assert_eq!(result(&resumed), result(&expected), "{machine}");
        assert_eq!(folder.read("resumed.slt"), folder.read("whole.slt"));
        assert!(!folder.path("c.ck").exists(), "the checkpoint of a finished search is removed");
    }
}

#[cfg(unix)]
#[test]
fn interrupted_and_resumed_is_uninterrupted() {
    let folder = Folder::new();
    let search = search_of(400);
    let expected = result(&folder.json(&search));
    for (signal, every) in [("-INT", 1), ("-TERM", 2)] {
        let mut child =
            folder.start(&format!("{search} --checkpoint c.ck --checkpoint-every {every} --json"));
        wait_for_checkpoint(&folder, &mut child);
        send(signal, &child);
        let done = Done::of(child);
        done.check_failure(1, signal, &["interrupted after generation", "c.ck", "--resume"]);
        let resumed = folder.json(&format!("{search} --checkpoint c.ck --resume"));
        assert_eq!(result(&resumed), expected, "{signal}");
    }
    assert!(folder.files().is_empty());
}

#[cfg(unix)]
#[test]
fn an_interruption_without_checkpoint_says_so() {
    let folder = Folder::new();
    let endless = "search --data digits --classes 2 --arch A --min-generations 1000000000 --out t.slt";
    let search = folder.start(endless);
    // Until it listens to signals and has something to lose.
    std::thread::sleep(Duration::from_millis(500));
    send("-INT", &search);
    Done::of(search).check_failure(1, endless, &["interrupted", "--checkpoint"]);
    assert!(folder.files().is_empty());
}

#[test]
fn a_checkpoint_is_of_one_run() {
    let (folder, search) = with_checkpoint();
    folder.fail(2, search, &["c.ck exists", "--resume"]);
    for (options, field) in [
        ("--seed 2", "network.seed = 1, not 2"),
        ("--search-seed 2", "search_seed = 1, not 2"),
        ("--scaling none", "data.scaling"),
        ("--biases zero", "network.initializer.biases"),
        ("--objective cross-entropy", "metric = \"accuracy\""),
        ("--population 50", "config.population = 100, not 50"),
        ("--mutation-rate 0.2", "config.mutation_rate = 0.1, not 0.2"),
        ("--max-generations 9", "config.termination.max_generations"),
        ("--algorithm ga-ab", "config."),
    ] {
        folder.fail(1, &format!("{search} --resume {options}"), &["c.ck", field]);
    }
    for (data, field) in [("digits --classes 4", "data.classes = 3, not 4"), ("circles", "data.")] {
        let other = format!("search --arch A --checkpoint c.ck --resume --data {data}");
        folder.fail(1, &other, &["c.ck", field]);
    }
}

#[test]
fn a_damaged_checkpoint_is_refused() {
    let (folder, search) = with_checkpoint();
    let whole = folder.read("c.ck");
    let content = whole.iter().position(|&byte| byte == b'\n').unwrap() + 1;
    let with = |at: usize, bytes: &[u8]| {
        let mut damaged = whole.clone();
        damaged[at..at + bytes.len()].copy_from_slice(bytes);
        damaged
    };
    for (damaged, said) in [
        (Vec::new(), "no checkpoint"),
        (b"something else".to_vec(), "no checkpoint"),
        (vec![b'x'; 3_000_000], "no checkpoint"),
        (whole[..content / 2].to_vec(), "no checkpoint"),
        (whole[..content + 30].to_vec(), "bytes"),
        (whole[..whole.len() - 1].to_vec(), "bytes"),
        (with(content / 2, &[whole[content / 2] ^ 1]), "damaged"),
        (with(whole.len() - 9, &[whole[whole.len() - 9] ^ 1]), "damaged"),
        (with(content + 8, &[99]), "version 99"),
        (with(content + 12, &[0xff; 8]), "bytes"),
    ] {
        folder.write("c.ck", damaged);
        folder.fail(1, &format!("{search} --resume"), &["c.ck", said]);
    }
}
