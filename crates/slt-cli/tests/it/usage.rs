//! Wrong command lines: exit code 2 and one line that names the flag and what would be right.

use crate::common::Folder;

#[track_caller]
fn check(cases: &[(&str, &[&str])]) {
    let folder = Folder::new();
    folder.write("a.csv", "old");
    for (arguments, said) in cases {
        folder.fail(2, arguments, said);
    }
}

#[test]
fn what_clap_finds() {
    check(&[
        ("serch", &["'serch'", "'search'"]),
        ("frobnicate", &["'frobnicate'", "--help"]),
        ("data", &["required", "--out <FILE.csv|.npy>, <NAME>"]),
        ("search", &["required", "--arch <SIZES>", "--hidden <SIZES>"]),
        ("search --arch A", &["--data is missing"]),
        ("data moons --out", &["--out", "value is required"]),
        ("data moons --out a.csv --out b.csv", &["--out", "multiple times"]),
        ("data moons circles --out a.csv", &["'circles'", "--help"]),
        ("data moons --sampels 5 --out a.csv", &["'--sampels' found; ", "'--samples'"]),
        ("data moons --frobnicate --out a.csv", &["'--frobnicate'", "--help"]),
        ("data moons --json=5 --out a.csv", &["'5'", "--json"]),
        ("data moon --out a.csv", &["'moon'", "moons, circles, blobs, digits, digits-file-order"]),
        (
            "search --data xor --arch A",
            &["--data xor", "no such file", "moons, circles, blobs, digits, digits-file-order"],
        ),
        ("data moons --split tset --out a.csv", &["--split", "train, test]; ", "'test'"]),
        ("data blobs --center-box --out a.csv", &["--center-box", "value is required"]),
        ("search --data circles --arch A --resume", &["--checkpoint"]),
        ("search --data circles --arch A --checkpoint-every 5", &["--checkpoint"]),
    ]);
}

#[test]
fn data() {
    check(&[
        ("data moons --out a.txt", &["--out", ".csv or .npy"]),
        ("data moons --out csv", &["--out", ".csv or .npy"]),
        ("data moons --samples 0 --out a.csv", &["--samples", "whole number from 1"]),
        ("data moons --samples -5 --out a.csv", &["'-5'", "--samples", "whole number from 1"]),
        ("data moons --samples many --out a.csv", &["'many'", "--samples", "whole number"]),
        ("data moons --samples 60000000 --out a.csv", &["--samples", "60000000", "at most"]),
        ("data blobs --classes 60000 --features 60000 --out a.csv", &["--features", "at most"]),
        ("data moons --samples 99999999999999999999 --out a.csv", &["--samples", "whole number"]),
        ("data moons --noise nan --out a.csv", &["--noise", "NaN", "finite and at least 0"]),
        ("data moons --noise inf --out a.csv", &["--noise", "inf", "finite and at least 0"]),
        ("data moons --noise -0.1 --out a.csv", &["--noise", "-0.1", "finite and at least 0"]),
        ("data moons --noise loud --out a.csv", &["--noise", "'loud'", "number"]),
        ("data moons --seed 4294967296 --out a.csv", &["--seed", "0 to 4294967295"]),
        ("data moons --seed -1 --out a.csv", &["--seed", "0 to 4294967295"]),
        ("data moons --factor 0.5 --out a.csv", &["--factor", "moons", "--noise"]),
        ("data circles --factor 1 --out a.csv", &["--factor", "below 1"]),
        ("data circles --factor -inf --out a.csv", &["--factor", "below 1"]),
        ("data blobs --classes 0 --samples 5 --out a.csv", &["--classes", "1 to 65,536"]),
        ("data blobs --classes 11 --out a.csv", &["--classes", "2 to 10"]),
        ("data digits --classes 1 --out a.csv", &["--classes", "2 to 10"]),
        ("data moons --classes 3 --out a.csv", &["--classes", "2 for moons"]),
        ("data blobs --center-box 10,-10 --out a.csv", &["--center-box", "lower one first"]),
        ("data blobs --center-box nan,1 --out a.csv", &["--center-box", "finite"]),
        ("data blobs --cluster-std -1 --out a.csv", &["--cluster-std", "at least 0"]),
        ("data blobs --features 0 --out a.csv", &["--features", "from 1"]),
        ("data digits --samples 5 --out a.csv", &["--samples", "digits", "--classes"]),
        ("data moons --samples 5 --split test --out a.csv", &["--samples", "--split"]),
    ]);
}

#[test]
fn architectures() {
    let cases = [
        ("E", "A, B, C, D or sizes"),
        ("2,20", "2 classes"),
        ("2", "at least 2 layers"),
        ("2,0,2", "layer 1"),
        ("2,-5,2", "sizes such as"),
        ("-2,5,2", "sizes such as"),
        ("2,5.5,2", "sizes such as"),
        ("2,20,2,", "sizes such as"),
        ("two,20,2", "sizes such as"),
        ("3,5,2", "2 features"),
        ("2,5,3", "2 classes"),
        ("2,5,1", "outputs"),
        ("2,100000,100000,2", "more than"),
        ("2,1000000000,2", "more than"),
        ("2,99999999999999999999,2", "sizes such as"),
        ("2,4294967296,4294967296,4294967296,2", "more than"),
    ];
    let folder = Folder::new();
    for (arch, said) in cases {
        folder.fail(2, &format!("search --data circles --arch {arch}"), &["--arch", said]);
    }
    folder.fail(
        2,
        "search --data digits --classes 5 --arch 64,20,10",
        &["--arch", "5 classes", "10 outputs"],
    );
    folder.fail(2, "search --data blobs --arch 2,20,2", &["--arch", "10 classes"]);
}

#[test]
fn rates_and_counts() {
    let folder = Folder::new();
    for rate in ["--recombination-rate", "--parent-rate", "--mutation-rate", "--migration-rate"] {
        for value in ["-1", "2", "nan", "inf", "-inf", "some"] {
            let arguments = format!("search --data circles --arch A {rate} {value}");
            folder.fail(2, &arguments, &[rate, value, "from 0 to 1"]);
        }
    }
    for (flag, value, range) in [
        ("--population", "0", "from 1 to"),
        ("--population", "-5", "from 1 to"),
        ("--population", "1e3", "whole number"),
        ("--population", "1000000000000", "to 1000000"),
        ("--threads", "0", "from 1 to"),
        ("--threads", "100000000", "to 1024"),
        ("--patience", "1", "from 2 to"),
        ("--max-generations", "-1", "from 0 to"),
        ("--seed", "abc", "whole number from 0"),
        ("--seed", "1.5", "whole number from 0"),
        ("--seed", "-1", "whole number from 0"),
        ("--seed", "18446744073709551616", "to 18446744073709551615"),
        ("--network-seed", "x", "whole number"),
        ("--search-seed", "x", "whole number"),
        ("--checkpoint c.ck --checkpoint-every", "0", "from 1 to"),
    ] {
        let name = flag.rsplit(' ').next().unwrap();
        folder.fail(2, &format!("search --data circles --arch A {flag} {value}"), &[name, value, range]);
    }
}

#[test]
fn searches() {
    check(&[
        (
            "search --data circles --arch A --algorithm ga-ab --objective cross-entropy",
            &["ga-ab", "accuracy", "cross-entropy"],
        ),
        ("search --data circles --arch A --bound 0.9", &["--bound", "--algorithm ga-ab"]),
        ("search --data circles --arch A --attempts 1,2", &["--attempts", "--algorithm ga-ab"]),
        ("search --data circles --arch A --algorithm ga-ab --bound 2", &["--bound", "[0.51, 1]"]),
        ("search --data circles --arch A --algorithm ga-ab --bound nan", &["--bound", "[0.51, 1]"]),
        (
            "search --data circles --arch A --algorithm ga-ab --attempts 5,5",
            &["--attempts", "lower one first"],
        ),
        ("search --data circles --arch A --algorithm ga-ab --attempts 5", &["--attempts", "190,240"]),
        ("search --data circles --arch A --algorithm sa", &["--algorithm", "ga, ga-ab"]),
        (
            "search --data circles --arch A --objective f1",
            &["--objective", "accuracy, balanced-accuracy, macro-f1"],
        ),
        (
            "search --data circles --arch A --objective cross-entropy:0",
            &["--objective", "temperature is 0", "positive"],
        ),
        ("search --data circles --arch A --objective margin:wide", &["--objective", "margin:M"]),
        (
            "search --data circles --arch A --algorithm ga-ab --objective matthews-correlation",
            &["ga-ab", "0 to 1", "matthews-correlation"],
        ),
        ("search --data circles --arch A --instruction-set mmx", &["--instruction-set", "portable"]),
        ("search --data circles --arch A --weights he", &["--weights", "kaiming-normal"]),
        ("search --data circles --arch A --keep 0.5", &["--keep", "--weights"]),
        ("search --data circles --arch A --weights kaiming-normal --keep 0", &["--keep", "(0, 1]"]),
        ("search --data circles --arch A --weights kaiming-normal --keep nan", &["--keep", "NaN", "(0, 1]"]),
        ("search --data circles --classes 3 --arch A", &["--classes", "2 for circles"]),
        ("search --data circles --arch A --out a.csv --checkpoint ./a.csv", &["--checkpoint", "--out"]),
        ("search --data circles --arch 2,30000000,2 --population 1000", &["--population", "weights"]),
        ("search --data circles --arch A --checkpoint a.csv", &["a.csv exists", "--resume"]),
    ]);
}

#[test]
fn reproductions() {
    check(&[
        ("reproduce fig99", &["fig99", "fig4"]),
        ("reproduce --runs 0", &["--runs", "from 1 to"]),
        ("reproduce --runs -1", &["--runs", "from 1 to"]),
        ("reproduce --runs 99999999999999", &["--runs", "to 10000"]),
        ("reproduce --jobs 0", &["--jobs", "from 1 to"]),
        ("reproduce --scale huge", &["--scale", "smoke, quick, paper"]),
    ]);
}

#[test]
fn without_a_command_there_is_help() {
    let done = Folder::new().run("");
    assert_eq!((done.code, done.stdout.as_str()), (Some(2), ""));
    assert!(done.stderr.contains("Usage: slt [OPTIONS] <COMMAND>"));
}
