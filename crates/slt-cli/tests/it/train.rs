//! `slt train`: hyper-parameters, their defaults and ranges, and the same network every time.

#[cfg(unix)]
use crate::common::{Done, send, wait_for};
use crate::common::{Folder, lasting};
use serde_json::Value;

const DIGITS: &str = "train --data digits --classes 2 --arch B";

#[test]
fn wrong_hyper_parameters_name_flag_and_range() {
    let folder = Folder::new();
    for (options, said) in [
        ("--alpha -1", &["--alpha is -1", "at least 0"][..]),
        ("--alpha nan", &["--alpha is NaN", "finite and at least 0"]),
        ("--alpha inf", &["--alpha is inf", "finite"]),
        ("--alpha some", &["--alpha", "'some'", "number"]),
        ("--batch-size 0", &["--batch-size", "from 1 to"]),
        ("--batch-size -5", &["--batch-size", "from 1 to"]),
        ("--batch-size 1.5", &["--batch-size", "whole number"]),
        ("--learning-rate-init 0", &["--learning-rate-init is 0", "above 0"]),
        ("--learning-rate-init nan", &["--learning-rate-init is NaN", "above 0"]),
        ("--momentum 2", &["--momentum is 2", "from 0 to 1"]),
        ("--solver sgd --momentum -0.1", &["--momentum is -0.1", "from 0 to 1"]),
        ("--solver sgd --learning-rate invscaling --power-t -1", &["--power-t is -1", "at least 0"]),
        ("--beta-1 1", &["--beta-1 is 1", "below 1"]),
        ("--beta-2 -0.5", &["--beta-2 is -0.5", "at least 0"]),
        ("--epsilon 0", &["--epsilon is 0", "above 0"]),
        ("--epsilon nan", &["--epsilon is NaN", "above 0"]),
        ("--max-iter 0", &["--max-iter", "from 1 to"]),
        ("--tol -1", &["--tol is -1", "at least 0"]),
        ("--tol nan", &["--tol is NaN", "at least 0"]),
        ("--n-iter-no-change 0", &["--n-iter-no-change", "from 1 to"]),
        ("--solver lbfgs", &["--solver", "adam, sgd"]),
        ("--learning-rate fast", &["--learning-rate", "constant, invscaling, adaptive"]),
        ("--seed 4294967296", &["--seed", "0 to 4294967295"]),
        ("--seed -1", &["--seed", "0 to 4294967295"]),
        ("--momentum 0.5", &["--momentum needs --solver sgd"]),
        ("--no-nesterov", &["--no-nesterov needs --solver sgd"]),
        ("--solver sgd --epsilon 1e-8", &["--epsilon needs --solver adam"]),
        ("--solver sgd --power-t 0.3", &["--power-t needs --learning-rate invscaling"]),
        ("--solver sgd --nesterov --no-nesterov", &["--nesterov", "--no-nesterov"]),
        ("--defaults paper --solver sgd", &["--defaults paper", "another solver"]),
    ] {
        folder.fail(2, &format!("{DIGITS} {options}"), said);
    }
    for (arguments, said) in [
        ("train --data digits --arch 64,3", &["--arch", "10 classes"][..]),
        ("train --data digits --classes 7 --arch B --defaults paper", &["--defaults", "no hyper-parameters"]),
        ("train --data circles --classes 3 --arch B", &["--classes", "2 for circles"]),
        ("train --arch B", &["--data"]),
        ("train --data moons", &["--arch"]),
    ] {
        folder.fail(2, arguments, said);
    }
}

#[test]
fn defaults_are_the_papers_where_it_has_them() {
    let folder = Folder::new();
    let report = |options: &str| folder.json(&format!("{options} --max-iter 1"));
    let paper = report(DIGITS);
    assert_eq!(paper["defaults"], "paper");
    let found = &paper["hyper_parameters"];
    assert_eq!((&found["solver"], &found["batch_size"]), (&"adam".into(), &64.into()));
    assert_eq!((&found["alpha"], &found["epsilon"]), (&0.000215.into(), &4.64159e-9.into()));

    for options in [
        "--arch 64,5,2".to_owned(),
        "--arch B --solver sgd".to_owned(),
        "--arch B --defaults scikit-learn".to_owned(),
    ] {
        let other = report(&format!("train --data digits --classes 2 {options}"));
        assert_eq!(other["defaults"], "scikit-learn", "{options}");
        let found = &other["hyper_parameters"];
        assert_eq!((&found["alpha"], &found["batch_size"]), (&1e-4.into(), &Value::Null));
        assert_eq!(found["max_iter"], 1);
    }
    let given = report(&format!("{DIGITS} --alpha 0.5 --batch-size 10 --tol 0 --no-shuffle"));
    let found = &given["hyper_parameters"];
    assert_eq!((&found["alpha"], &found["batch_size"]), (&0.5.into(), &10.into()));
    assert_eq!((&found["tol"], &found["shuffle"]), (&0.0.into(), &false.into()));
    let sgd = report(&format!(
        "{DIGITS} --solver sgd --learning-rate adaptive --momentum 0.25 --no-nesterov --learning-rate-init 0.1"
    ));
    let found = &sgd["hyper_parameters"];
    assert_eq!((&found["learning_rate"], &found["momentum"]), (&"adaptive".into(), &0.25.into()));
    assert_eq!(found["nesterovs_momentum"], false);
}

#[test]
fn a_training_is_reported_and_repeatable() {
    let folder = Folder::new();
    let report = folder.json(&format!("{DIGITS} --seed 3 --out m.json"));
    assert_eq!(report["stop_reason"], "converged");
    assert!(report["test_accuracy"].as_f64() > Some(0.99), "{report}");
    assert!(report["best_loss"].as_f64() <= report["loss"].as_f64());
    let again = folder.json(&format!("{DIGITS} --seed 3"));
    assert_eq!(lasting(&again), lasting(&report));
    assert_ne!(folder.json(&format!("{DIGITS} --seed 4"))["loss"], report["loss"]);

    let model: Value = serde_json::from_slice(&folder.read("m.json")).unwrap();
    assert_eq!(model["layer_sizes"], serde_json::json!([64, 75, 2]));
    assert_eq!(model["loss_curve"].as_array().unwrap().len() as u64, report["epochs"].as_u64().unwrap());
    let rows = |layer: usize| model["coefs"][layer].as_array().unwrap();
    // Two classes share one output.
    assert_eq!((rows(0).len(), rows(0)[0].as_array().unwrap().len()), (64, 75));
    assert_eq!((rows(1).len(), rows(1)[0].as_array().unwrap().len()), (75, 1));
    assert_eq!(model["intercepts"][1].as_array().unwrap().len(), 1);

    let capped = folder.json(&format!("{DIGITS} --max-iter 2"));
    assert_eq!((&capped["epochs"], &capped["stop_reason"]), (&2.into(), &"max-iter".into()));
    let text = folder.succeed(&format!("{DIGITS} --max-iter 2")).stdout;
    assert!(text.contains("defaults of paper") && text.contains("2 epochs (max-iter)"), "{text}");
}

#[test]
fn a_training_that_diverges_fails_and_says_when() {
    let folder = Folder::new();
    let options = "--solver sgd --learning-rate-init 1e30 --out m.json";
    folder.fail(1, &format!("{DIGITS} {options}"), &["diverged in epoch 1", "learning rate"]);
}

#[test]
fn a_place_that_cannot_be_written_to_is_found_first() {
    let folder = Folder::new();
    folder.make_folder("m.json");
    folder.fail(1, &format!("{DIGITS} --out m.json"), &["m.json"]);
    folder.fail(1, &format!("{DIGITS} --out none/m.json"), &["none"]);
}

#[cfg(unix)]
#[test]
fn an_interrupted_training_keeps_what_it_reached_and_goes_on() {
    let folder = Folder::new();
    let train = "train --data circles --arch C --tol 0 --n-iter-no-change 1000000";
    let kept = format!("{train} --out m.json --checkpoint c.ck");
    let mut child = folder.start(&format!("{kept} --max-iter 1000000 --checkpoint-every 1"));
    wait_for("c.ck", &folder, &mut child);
    send("-INT", &child);
    let done = Done::of(child);
    assert_eq!(done.code, Some(130), "{done:?}");
    for said in ["interrupted after epoch", "m.json holds what was reached", "c.ck holds a checkpoint"] {
        assert!(done.stderr.contains(said), "{said}: {done:?}");
    }
    let reached: usize = {
        let text = done.stderr.split("interrupted after epoch ").nth(1).unwrap();
        text.split(' ').next().unwrap().parse().unwrap()
    };
    let end = format!("--max-iter {}", reached + 2);
    let resumed = folder.json(&format!("{kept} {end} --resume"));
    let whole = folder.json(&format!("{train} {end} --out w.json"));
    for field in ["epochs", "loss", "train_accuracy", "test_accuracy"] {
        assert_eq!(resumed[field], whole[field], "{field}");
    }
    assert_eq!(folder.read("m.json"), folder.read("w.json"));
    // The end is kept, and costs nothing.
    let again = folder.succeed(&format!("{kept} {end}"));
    assert!(again.stderr.contains("the checkpoint holds the end"), "{again:?}");
    folder.fail(1, &format!("{kept} {end} --resume --alpha 0.5"), &["c.ck", "--alpha"]);
}

#[test]
fn help_says_what_there_is() {
    let help = Folder::new().succeed("train --help").stdout;
    for option in ["--solver", "--alpha", "--learning-rate-init", "--no-nesterov", "--defaults", "--json"] {
        assert!(help.contains(option), "{option}");
    }
    assert!(help.contains("Training:") && help.contains("Table 2"), "{help}");
}
