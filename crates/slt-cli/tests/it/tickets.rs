//! Ticket files: `slt inspect`, `slt evaluate`, `slt prune`, and files that are none.

use crate::common::Folder;
use serde_json::Value;
use sha2::{Digest, Sha256};

/// A folder with a ticket for the digits 0 to 2, and the search's report.
fn with_ticket() -> (Folder, Value) {
    let folder = Folder::new();
    let report =
        folder.json("search --data digits --classes 3 --arch A --seed 2 --max-generations 60 --out t.slt");
    (folder, report)
}

#[test]
fn a_ticket_gives_what_the_search_found() {
    let (folder, found) = with_ticket();
    for (part, accuracy) in [("train", "train_accuracy"), ("test", "test_accuracy")] {
        let report = folder.json(&format!("evaluate t.slt --data digits --split {part} --threads 2"));
        assert_eq!(report["accuracy"], found[accuracy], "{part}");
        assert_eq!(report["mask_hash"], found["mask_hash"]);
        let (correct, samples) = (report["correct"].as_f64().unwrap(), report["samples"].as_f64().unwrap());
        assert_eq!(report["accuracy"], correct / samples);
    }
    let report = folder.json("inspect t.slt");
    for (key, value) in
        [("network_seed", "network_seed"), ("sparsity", "sparsity"), ("mask_hash", "mask_hash")]
    {
        assert_eq!(report[key], found[value], "{key}");
    }
    assert_eq!((&report["architecture"], &report["weights"]), (&"64,20,3".into(), &1340.into()));
    assert_eq!(report["bytes"], folder.read("t.slt").len());
    assert_eq!(report["provenance"]["data"], "digits-3-shuffled");
    assert!(folder.succeed("inspect t.slt").stdout.contains("digits-3-shuffled"));
}

#[test]
fn pruning_keeps_the_accuracy() {
    let (folder, found) = with_ticket();
    let report = folder.json("prune t.slt --data digits --out p.slt");
    let number = |value: &Value| value.as_f64().unwrap();
    assert_eq!(report["before"]["train_accuracy"], found["train_accuracy"]);
    assert!(number(&report["after"]["train_accuracy"]) >= number(&report["before"]["train_accuracy"]));
    assert!(number(&report["after"]["sparsity"]) > number(&report["before"]["sparsity"]));
    let pruned = folder.json("evaluate p.slt --data digits");
    // Its figures are its own, and those of before are named so; pruned again, they are those of the
    // beginning.
    let found = folder.json("inspect t.slt")["provenance"]["details"].clone();
    folder.succeed("prune p.slt --data digits --on test --out again.slt");
    for file in ["p.slt", "again.slt"] {
        let details = folder.json(&format!("inspect {file}"))["provenance"]["details"].clone();
        let evaluated = folder.json(&format!("evaluate {file} --data digits"));
        assert_eq!(details["test accuracy"].as_str(), Some(&*evaluated["accuracy"].to_string()), "{file}");
        assert!(details.get("spec sha256").is_none(), "{file}");
        for key in ["train accuracy", "test accuracy", "spec sha256"] {
            assert_eq!(details[format!("unpruned {key}")], found[key], "{file}, {key}");
        }
    }
    assert_eq!(pruned["accuracy"], report["after"]["test_accuracy"]);
    // In place, on another instruction set: the same file.
    folder.succeed("prune t.slt --data digits --out t.slt --instruction-set portable");
    assert_eq!(folder.read("t.slt"), folder.read("p.slt"));
}

#[test]
fn pruning_guards_what_it_is_told_to() {
    let (folder, _) = with_ticket();
    let number = |value: &Value| value.as_f64().unwrap();
    let prune = |options: &str| folder.json(&format!("prune t.slt {options} --out p.slt"));
    let plain = prune("");
    assert_eq!(plain["pruning"]["guard"], "accuracy");
    let mut weights = f64::INFINITY;
    for tolerance in [0.0, 0.05, 0.5] {
        let report = prune(&format!("--by loss --tolerance {tolerance} --passes 9"));
        let [before, after] = [&report["before"], &report["after"]].map(|state| number(&state["train_loss"]));
        assert!(after <= before + tolerance, "{tolerance}: {after} after {before}");
        let active = number(&report["after"]["active_weights"]);
        assert!(active < weights, "{tolerance}");
        weights = active;
        assert_eq!(report["pruning"]["guard"]["loss"]["tolerance"], tolerance);
    }
    assert_eq!(
        folder.json("inspect p.slt")["provenance"]["details"]["pruned"],
        "digits-3-shuffled train, loss +0.5, up to 9 passes"
    );
    let careful = prune("--hold-out 0.3 --hold-out-seed 4 --order by-target");
    assert!(
        number(&careful["after"]["held_out_accuracy"]) >= number(&careful["before"]["held_out_accuracy"])
    );
    assert!(number(&careful["held_out"]) > 100.0);
    assert_ne!(careful["after"]["mask_hash"], plain["after"]["mask_hash"]);
    assert_ne!(
        prune("--hold-out 0.3 --hold-out-seed 5 --order by-target")["after"]["mask_hash"],
        careful["after"]["mask_hash"]
    );
    let said = folder.succeed("prune t.slt --by loss --out p.slt").stdout;
    assert!(said.contains("test accuracy, loss "), "{said}");
    for (options, said) in [
        ("--tolerance 0.1", &["--tolerance", "--by loss"][..]),
        ("--by loss --tolerance -1", &["--tolerance", "-1", "at least 0"]),
        ("--by loss --tolerance inf", &["--tolerance", "finite"]),
        ("--by margin", &["--by", "margin", "accuracy, loss"]),
        ("--hold-out 1", &["--hold-out", "above 0 and below 1"]),
        ("--hold-out 1e-9", &["--hold-out", "too small"]),
        ("--hold-out-seed 3", &["--hold-out"]),
        ("--order up", &["--order", "by-source, by-target"]),
        ("--passes 0", &["--passes", "whole number from 1"]),
    ] {
        folder.fail(2, &format!("prune t.slt {options} --out q.slt"), said);
    }
}

#[test]
fn other_data_are_an_error_or_a_warning() {
    let (folder, _) = with_ticket();
    for command in ["evaluate t.slt", "prune t.slt --out p.slt"] {
        folder.fail(
            1,
            &format!("{command} --data circles"),
            &["t.slt", "circles", "2 features", "64 inputs"],
        );
        let four = format!("{command} --data digits --classes 4");
        folder.fail(1, &four, &["t.slt", "digits-4-shuffled", "4 classes", "3 outputs"]);
        folder.fail(2, &format!("{command} --data digits --classes 12"), &["--classes", "2 to 10"]);
    }
    let done = folder.succeed("evaluate t.slt --data digits --scaling none --json");
    let said = "warning: the ticket was made on digits-3-shuffled, not on digits-3-raw-shuffled\n";
    assert_eq!(done.stderr, said);
    assert_eq!(done.json()["data"], "digits-3-raw-shuffled");
}

/// A ticket of a version whose digits were in file order:
/// `search --data digits --classes 3 --arch 64,4,3 --seed 2 --max-generations 30` of that version made it. It
/// names its data `digits-3`.
#[test]
fn an_earlier_ticket_is_one_of_digits_in_file_order() {
    let folder = Folder::new();
    folder.write("old.slt", include_bytes!("../earlier/digits-3.ticket"));
    let ticket = folder.json("inspect old.slt");
    assert_eq!(ticket["provenance"]["data"], "digits-3");
    let recorded = |part: &str| ticket["provenance"]["details"][format!("{part} accuracy")].as_str().unwrap();
    for part in ["train", "test"] {
        let done =
            folder.succeed(&format!("evaluate old.slt --data digits-file-order --split {part} --json"));
        assert_eq!((done.stderr.as_str(), &done.json()["data"]), ("", &"digits-3".into()));
        assert_eq!(done.json()["accuracy"].to_string(), recorded(part), "{part}");
    }
    let warning = "warning: the ticket was made on digits-3, not on digits-3-shuffled\n";
    for command in ["evaluate old.slt", "prune old.slt --out p.slt", "hessian old.slt --top 1"] {
        let with = |data: &str| folder.succeed(&format!("{command} --data {data}")).stderr;
        assert_eq!(with("digits"), warning, "{command}");
        assert_eq!(with("digits-file-order"), "", "{command}");
    }
}

#[test]
fn a_ticket_names_its_split() {
    let folder = Folder::new();
    for (data, name, other) in
        [("digits", "digits-2-shuffled", "digits-file-order"), ("digits-file-order", "digits-2", "digits")]
    {
        for command in ["search --max-generations 1", "edge-popup --epochs 1"] {
            folder.succeed(&format!("{command} --data {data} --classes 2 --arch 64,4,2 --out t.slt"));
            assert_eq!(folder.json("inspect t.slt")["provenance"]["data"], name);
            assert_eq!(folder.succeed(&format!("evaluate t.slt --data {data}")).stderr, "");
            let warning = folder.succeed(&format!("evaluate t.slt --data {other}")).stderr;
            assert!(
                warning.starts_with(&format!("warning: the ticket was made on {name}, not on")),
                "{warning}"
            );
        }
    }
}

#[test]
fn files_that_are_no_tickets() {
    let (folder, _) = with_ticket();
    folder.make_folder("folder");
    folder.write("p.slt", "old");
    for (file, said) in [("none.slt", "no such file"), ("folder", "is a folder")] {
        folder.fail(1, &format!("inspect {file}"), &[file, said]);
        folder.fail(1, &format!("evaluate {file} --data digits"), &[file, said]);
        folder.fail(1, &format!("prune {file} --data digits --out p.slt"), &[file, said]);
    }
    let ticket = folder.read("t.slt");
    for (bytes, said) in [
        (Vec::new(), "not a ticket"),
        (b"x0,x1,label\n1,2,0\n".to_vec(), "not a ticket"),
        (vec![0; 70 << 20], "is no ticket"),
        ([ticket.as_slice(), b"more"].concat(), "after its end"),
    ] {
        folder.write("bad.slt", bytes);
        folder.fail(1, "inspect bad.slt", &["bad.slt", said]);
    }
    for length in (0..ticket.len()).step_by(7) {
        folder.write("bad.slt", &ticket[..length]);
        folder.fail(
            1,
            "inspect bad.slt",
            &["bad.slt", if length < 8 { "not a ticket" } else { "cut short" }],
        );
    }
    for byte in (0..ticket.len()).step_by(7) {
        let mut flipped = ticket.clone();
        flipped[byte] ^= 0x10;
        folder.write("bad.slt", flipped);
        folder.fail(1, "inspect bad.slt", &["bad.slt"]);
    }
}

/// Where the fields of the ticket are: magic, version, codec, number of layers, three sizes, initialiser,
/// seed, mask.
const VERSION: usize = 8;
const LAYERS: usize = 11;
const SIZES: usize = 15;
const MASK_LENGTH: usize = SIZES + 3 * 4 + 2 + 8 + 8;

#[test]
fn lengths_in_a_ticket_are_not_believed() {
    let (folder, _) = with_ticket();
    let ticket = folder.read("t.slt");
    let metadata_length = MASK_LENGTH + 4 + 1340_usize.div_ceil(8);
    for (at, value, said) in [
        (VERSION, vec![3, 0], "version 3"),
        (LAYERS, u32::MAX.to_le_bytes().to_vec(), "cut short"),
        (SIZES, 0_u32.to_le_bytes().to_vec(), "0 units"),
        (SIZES + 4, u32::MAX.to_le_bytes().to_vec(), "more than"),
        (SIZES + 4, 2_000_000_u32.to_le_bytes().to_vec(), "mask"),
        (MASK_LENGTH, u32::MAX.to_le_bytes().to_vec(), "cut short"),
        (metadata_length, 0x7fff_ffff_u32.to_le_bytes().to_vec(), "cut short"),
    ] {
        let mut bytes = ticket.clone();
        bytes[at..at + value.len()].copy_from_slice(&value);
        // With a checksum that is right.
        let body = bytes.len() - 8;
        let digest = Sha256::digest(&bytes[..body]);
        bytes[body..].copy_from_slice(&digest[..8]);
        folder.write("bad.slt", bytes);
        folder.fail(1, "inspect bad.slt", &["bad.slt", said]);
    }
}
