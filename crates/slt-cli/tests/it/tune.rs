//! `slt tune`: the same trials on any number of threads, and after any interruption.

use std::time::{Duration, Instant};

use crate::common::Folder;
#[cfg(unix)]
use crate::common::{Done, send};
use serde_json::Value;

const DIGITS: &str = "tune --data digits --classes 2 --arch 64,8,2";

fn result(report: &Value) -> Value {
    let mut report = report.clone();
    for key in ["seconds", "file"] {
        report.as_object_mut().unwrap().remove(key).unwrap();
    }
    report
}

fn stored(folder: &Folder) -> Value {
    serde_json::from_slice(&folder.read("t.json")).unwrap()
}

#[test]
fn wrong_options_name_flag_and_range() {
    let folder = Folder::new();
    for (options, said) in [
        ("--iterations 0", &["--iterations", "1 to 6000"][..]),
        ("--iterations 6001", &["--iterations", "1 to 6000"]),
        ("--folds 1", &["--folds", "2 to 1000"]),
        ("--folds 600", &["--folds", "no class has 600 samples"]),
        ("--max-iter 0", &["--max-iter", "from 1"]),
        ("--solver lbfgs", &["--solver", "sgd, adam, both"]),
        ("--seed -1", &["--seed", "0 to 4294967295"]),
        ("--training-seed x", &["--training-seed", "whole number"]),
        ("--threads 0", &["--threads", "1 to 1024"]),
        ("--resume", &["--trials"]),
        ("--arch Z", &["--arch"]),
    ] {
        let search = if options.starts_with("--arch") { "tune --data digits" } else { DIGITS };
        folder.fail(2, &format!("{search} {options}"), said);
    }
}

#[test]
fn threads_do_not_matter_and_trials_are_ranked() {
    let folder = Folder::new();
    let search = format!("{DIGITS} --solver both --iterations 3 --max-iter 3");
    let one = folder.json(&format!("{search} --threads 1"));
    assert_eq!(result(&folder.json(&format!("{search} --threads 3"))), result(&one));
    assert_ne!(result(&folder.json(&format!("{search} --seed 1"))), result(&one));
    assert_eq!(one["solvers"], serde_json::json!(["sgd", "adam"]));
    let trials = one["trials"].as_array().unwrap();
    assert_eq!(trials.len(), 6);
    let ranks: Vec<u64> = trials.iter().map(|trial| trial["rank"].as_u64().unwrap()).collect();
    assert!(ranks.is_sorted() && ranks[0] == 1, "{ranks:?}");
    assert_eq!(one["best"]["score"], trials[0]["mean_score"]);
    let text = folder.succeed(&search).stdout;
    assert_eq!(
        text.lines().filter(|line| line.starts_with("   ") && line.contains(" % ")).count(),
        6,
        "{text}"
    );

    // The best trial is a command that runs as printed, and gives the network that is reported.
    let best = &one["best"];
    let command = best["command"].as_str().unwrap();
    assert!(text.contains(command), "{text}");
    let trained = folder.json(command.strip_prefix("slt ").unwrap());
    for field in ["epochs", "train_accuracy", "test_accuracy"] {
        assert_eq!(trained[field], best[field], "{field}");
    }
    for field in ["alpha", "learning_rate_init", "random_state"] {
        assert_eq!(trained["hyper_parameters"][field], trials[0]["classifier"][field], "{field}");
    }
}

#[test]
fn finished_trials_are_not_run_again() {
    let folder = Folder::new();
    let search = format!("{DIGITS} --iterations 3 --max-iter 4");
    let whole = folder.json(&search);
    let kept = format!("{search} --trials t.json");
    assert_eq!(result(&folder.json(&kept)), result(&whole));
    folder.fail(2, &kept, &["t.json exists", "--resume"]);

    // Without some of its trials, in another order, it is as if it had been interrupted.
    let mut content = stored(&folder);
    let trials = content["trials"].as_array_mut().unwrap();
    assert_eq!(trials.len(), 6);
    trials.truncate(4);
    trials.reverse();
    folder.write("t.json", content.to_string());
    assert_eq!(result(&folder.json(&format!("{kept} --resume"))), result(&whole));
    assert_eq!(stored(&folder)["trials"].as_array().unwrap().len(), 6);

    // More of them take up those that are there.
    let more = search.replace("--iterations 3", "--iterations 5");
    let content = stored(&folder);
    let raised = folder.json(&format!("{more} --trials t.json --resume"));
    assert_eq!(result(&raised), result(&folder.json(&more)));
    folder.write("t.json", content.to_string());

    // What is there is believed: a score that was changed comes out.
    let mut content = stored(&folder);
    content["trials"][0]["mean_score"] = 2.0.into();
    folder.write("t.json", content.to_string());
    assert_eq!(folder.json(&format!("{kept} --resume"))["best"]["score"], 2.0);
}

#[test]
fn trials_are_of_one_search() {
    let folder = Folder::new();
    let search = format!("{DIGITS} --iterations 1 --max-iter 1 --solver sgd --trials t.json");
    folder.succeed(&search);
    for (options, said) in [
        (format!("{DIGITS} --iterations 1 --max-iter 1 --solver sgd --folds 4"), "--folds 3, not 4"),
        (
            format!("{DIGITS} --iterations 1 --max-iter 1 --solver sgd --seed 1"),
            "--seed or --training-seed 42, not 1",
        ),
        (format!("{DIGITS} --iterations 1 --max-iter 2 --solver sgd"), "--max-iter 1, not 2"),
        (format!("{DIGITS} --iterations 1 --max-iter 1 --solver both"), "another --solver"),
        (
            format!("{DIGITS} --iterations 1 --max-iter 1 --solver sgd --scaling none"),
            "--data digits-2-shuffled, not digits-2-raw-shuffled",
        ),
        (
            "tune --data digits --classes 2 --arch 64,9,2 --iterations 1 --max-iter 1 --solver sgd".into(),
            "--arch",
        ),
    ] {
        folder.fail(1, &format!("{options} --trials t.json --resume"), &["t.json", "another search", said]);
    }
    for (content, said) in [
        ("", "no trials"),
        ("{}", "no trials"),
        ("{\"format\":\"slt-trials\",\"version\":9}", "version is 9"),
    ] {
        folder.write("t.json", content);
        folder.fail(1, &format!("{search} --resume"), &["t.json", said]);
    }
}

#[cfg(unix)]
#[test]
fn interrupted_and_resumed_is_uninterrupted() {
    let folder = Folder::new();
    let search = "tune --data digits --classes 3 --arch 64,40,3 --iterations 6 --max-iter 60";
    let expected = result(&folder.json(search));
    let kept = format!("{search} --trials t.json --resume --threads 2");
    for (signal, status) in [("-INT", 130), ("-TERM", 143)] {
        let mut run = folder.start(&kept);
        let start = Instant::now();
        let before = folder.path("t.json").exists().then(|| folder.read("t.json"));
        while run.try_wait().unwrap().is_none()
            && folder.path("t.json").exists().then(|| folder.read("t.json")) == before
        {
            assert!(start.elapsed() < Duration::from_secs(120), "no trial was stored");
            std::thread::sleep(Duration::from_millis(1));
        }
        send(signal, &run);
        let done = Done::of(run);
        assert_eq!(done.code, Some(status), "{done:?}");
        assert!(done.stderr.contains("interrupted after") && done.stderr.contains("--resume"), "{done:?}");
    }
    assert_eq!(result(&folder.json(&kept)), expected);
}

#[test]
fn help_says_what_there_is() {
    let help = Folder::new().succeed("tune --help").stdout;
    for part in ["Trials:", "Machine:", "--iterations", "--folds", "--training-seed", "--resume", "--json"] {
        assert!(help.contains(part), "{part}");
    }
}
