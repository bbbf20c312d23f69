//! `slt search`: the same result whatever the machine, and after any interruption.

use std::process::Child;
use std::time::{Duration, Instant};

#[cfg(unix)]
use crate::common::{Done, send, wait_for_handler, wait_for_work};
use crate::common::{Folder, lasting};

/// A search that takes a moment.
fn search_of(generations: u64) -> String {
    let ends = format!("--min-generations {generations} --max-generations {generations}");
    format!("search --data digits --classes 2 --arch A --seed 3 {ends}")
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
fn threads_and_instruction_sets_do_not_matter() {
    let folder = Folder::new();
    let search = "search --data circles --arch A --seed 1 --max-generations 3";
    let one = lasting(&folder.json(&format!("{search} --threads 1")));
    assert_eq!(one["mask_hash"].as_str().unwrap().len(), 16);
    assert_eq!((&one["generations"], &one["stop_reason"]), (&3.into(), &"max-generations".into()));
    for machine in ["--threads 2", "--threads 4", "--instruction-set portable", "--no-racing --no-sharing"] {
        assert_eq!(lasting(&folder.json(&format!("{search} {machine}"))), one, "{machine}");
    }
    assert_ne!(lasting(&folder.json(&format!("{search} --search-seed 2"))), one);
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
    for (generations, machine) in [(400, "--threads 2"), (20, "--instruction-set portable")] {
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
        assert_eq!(lasting(&resumed), lasting(&expected), "{machine}");
        assert_eq!(folder.read("resumed.slt"), folder.read("whole.slt"));
        // The end is kept: the same command again finds it, with --resume or without.
        let again = folder.succeed(&kept);
        assert!(again.stderr.contains("the checkpoint holds the end"), "{again:?}");
        let again = folder.json(&kept.replace(" --resume", ""));
        assert_eq!(lasting(&again), lasting(&expected));
    }
}

#[test]
fn a_limit_may_be_raised() {
    let folder = Folder::new();
    let search = "search --data digits --classes 2 --arch A --seed 3 --min-generations 300";
    let whole = folder.json(&format!("{search} --max-generations 40"));
    folder.json(&format!("{search} --max-generations 15 --checkpoint c.ck"));
    let raised = folder.json(&format!("{search} --max-generations 40 --checkpoint c.ck --resume"));
    assert_eq!(lasting(&raised), lasting(&whole));
    let back = format!("{search} --max-generations 15 --checkpoint c.ck --resume");
    folder.fail(2, &back, &["after generation 40", "after generation 15", "--max-generations"]);
}

#[cfg(unix)]
#[test]
fn interrupted_and_resumed_is_uninterrupted() {
    let folder = Folder::new();
    let search = search_of(400);
    let expected = lasting(&folder.json(&search));
    for (signal, status, every) in [("-INT", 130, 1), ("-TERM", 143, 2), ("-HUP", 129, 3)] {
        let mut child = folder
            .start(&format!("{search} --checkpoint c.ck --checkpoint-every {every} --out t.slt --json"));
        wait_for_checkpoint(&folder, &mut child);
        send(signal, &child);
        let done = Done::of(child);
        assert_eq!(done.code, Some(status), "{done:?}");
        assert!(done.stderr.contains("interrupted after generation"), "{done:?}");
        assert!(done.stderr.contains("t.slt holds what was reached, c.ck holds a checkpoint"), "{done:?}");
        // The best so far is a ticket like any other.
        let reached = done.json();
        assert_eq!(reached["stop_reason"], "interrupted");
        let ticket = folder.json("inspect t.slt");
        assert_eq!(ticket["mask_hash"], reached["mask_hash"]);
        let resumed = folder.json(&format!("{search} --checkpoint c.ck --resume"));
        assert_eq!(lasting(&resumed), expected, "{signal}");
        std::fs::remove_file(folder.path("c.ck")).unwrap();
    }
}

#[cfg(target_os = "linux")]
#[test]
fn an_interruption_without_files_says_so() {
    let folder = Folder::new();
    let endless = "search --data digits --classes 2 --arch A --min-generations 1000000000";
    let search = folder.start(endless);
    wait_for_handler(&search);
    wait_for_work(&search, Duration::from_millis(300));
    send("-INT", &search);
    let done = Done::of(search);
    assert_eq!(done.code, Some(130), "{done:?}");
    assert!(done.stderr.contains("nothing is kept; --checkpoint FILE and --out FILE keep"), "{done:?}");
    assert!(folder.files().is_empty());
}

/// What `nohup` and shells for jobs in the background ask for.
#[cfg(target_os = "linux")]
#[test]
fn a_signal_that_is_ignored_at_the_start_stays_ignored() {
    let folder = Folder::new();
    let script = "trap '' HUP INT; exec \"$0\" search --data digits --classes 2 --arch A --min-generations 1000000000 \
         --checkpoint c.ck --checkpoint-every 1";
    let mut search = std::process::Command::new("sh")
        .args(["-c", script, env!("CARGO_BIN_EXE_slt")])
        .current_dir(folder.path("."))
        .stdout(std::process::Stdio::piped())
        .stderr(std::process::Stdio::piped())
        .spawn()
        .unwrap();
    wait_for_handler(&search);
    send("-HUP", &search);
    send("-INT", &search);
    // It goes on for many generations.
    for _ in 0..20 {
        wait_for_checkpoint(&folder, &mut search);
        assert!(search.try_wait().unwrap().is_none(), "it has ended");
        std::fs::remove_file(folder.path("c.ck")).unwrap();
    }
    send("-TERM", &search);
    assert_eq!(Done::of(search).code, Some(143));
}

#[cfg(unix)]
#[test]
fn a_checkpoint_that_cannot_be_written_ends_nothing() {
    let folder = Folder::new();
    folder.make_folder("sub");
    let search = format!("{} --checkpoint sub/c.ck --checkpoint-every 200", search_of(2000));
    let mut child = folder.start(&search);
    let start = Instant::now();
    while !folder.path("sub/c.ck").exists() {
        assert!(start.elapsed() < Duration::from_secs(60) && child.try_wait().unwrap().is_none());
        std::thread::sleep(Duration::from_millis(1));
    }
    std::fs::rename(folder.path("sub"), folder.path("gone")).unwrap();
    let done = Done::of(child);
    assert_eq!(done.code, Some(0), "{done:?}");
    assert!(done.stderr.contains("warning: no checkpoint: "), "{done:?}");
    let hash = folder.json(&search_of(2000))["mask_hash"].as_str().unwrap().to_owned();
    assert!(done.stdout.contains(&hash), "{done:?}");
}

#[test]
fn a_checkpoint_is_of_one_run() {
    let (folder, search) = with_checkpoint();
    folder.fail(2, search, &["c.ck exists", "--resume"]);
    for (options, field) in [
        ("--seed 2", "--network-seed 1, not 2"),
        ("--search-seed 2", "--search-seed 1, not 2"),
        ("--scaling none", "--scaling paper, not none"),
        ("--biases zero", "--biases uniform, not zero"),
        ("--objective cross-entropy", "--objective accuracy, not cross-entropy"),
        ("--population 50", "--population 100, not 50"),
        ("--mutation-rate 0.2", "--mutation-rate 0.1, not 0.2"),
        ("--algorithm ga-ab", "--algorithm "),
    ] {
        folder.fail(1, &format!("{search} --resume {options}"), &["c.ck", field]);
    }
    for (data, field) in
        [("digits --classes 4", "--classes 3, not 4"), ("circles", "with --classes 3, not null")]
    {
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
