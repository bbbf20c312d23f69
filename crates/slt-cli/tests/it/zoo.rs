//! The tickets that come with the project, and what `slt evaluate --verify` says of tickets.

use std::fs;
use std::path::{Path, PathBuf};

use crate::common::Folder;
use slt_mlp::Ticket;

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..").canonicalize().unwrap()
}

/// Each does what it claims, on the data that it was made on, where those come with the project.
#[test]
fn tickets_do_what_they_claim() {
    let folder = Folder::new();
    let files = fs::read_dir(root().join("tickets")).unwrap().map(|entry| entry.unwrap().path());
    let tickets: Vec<PathBuf> =
        files.filter(|file| file.extension().is_some_and(|end| end == "slt")).collect();
    let (mut verified, mut far) = (0, Vec::new());
    for ticket in &tickets {
        let name = ticket.file_name().unwrap().to_str().unwrap();
        folder.write(name, fs::read(ticket).unwrap());
        // Lean forms claim nothing.
        if Ticket::is_lean(&folder.read(name)) {
            continue;
        }
        let inspected = folder.json(&format!("inspect {name}"));
        let details = &inspected["provenance"]["details"];
        let data = match details["file"].as_str() {
            None => String::new(),
            Some(file) if root().join(file).exists() => format!("--data {}", root().join(file).display()),
            Some(_) => {
                far.push(name);
                continue;
            }
        };
        let report = folder.json(&format!("evaluate {name} --verify {data}"));
        assert_eq!(report["verified"], true, "{name}: {report}");
        assert_eq!(report["claims"].as_array().unwrap().len(), 2, "{name}");
        verified += 1;
    }
    // MNIST and Fashion-MNIST do not come with it.
    assert!(verified >= 8 && far.iter().all(|name| name.contains("mnist")), "{verified} of {tickets:?}");
}

#[test]
fn claims_are_computed_again() {
    let folder = Folder::new();
    let search = "--hidden 12 --algorithm descent --objective cross-entropy --price 1e-3 --sweeps 2";
    let found = folder.json(&format!("search --data digits --classes 3 {search} --out t.slt"));
    let report = folder.json("evaluate t.slt --verify");
    for (claim, part) in report["claims"].as_array().unwrap().iter().zip(["train", "test"]) {
        assert_eq!(claim["split"], part);
        assert_eq!(claim["accuracy"], found[format!("{part}_accuracy")]);
        assert_eq!(claim["claimed_accuracy"], claim["accuracy"]);
    }
    // Other data, a ticket that says nothing, and one that is wrong.
    let refused = |arguments: &str, said: &str| {
        let done = folder.run(arguments);
        assert!(done.code == Some(1) && done.stderr.contains(said), "{arguments}: {}", done.stderr);
    };
    refused("evaluate t.slt --verify --data digits-file-order", "error: t.slt was not made on these data");
    folder.succeed("convert t.slt --to lean --out lean.slt");
    refused(
        "evaluate lean.slt --verify --data digits --classes 3",
        "error: lean.slt was not made on these data",
    );
    folder.fail(2, "evaluate t.slt --verify --split train", &["--verify", "--split"]);
    let mut lie = Ticket::from_bytes(&folder.read("t.slt")).unwrap();
    let mut provenance = lie.provenance().clone();
    provenance.details.insert("test accuracy".to_owned(), "0.5".to_owned());
    lie = lie.with_provenance(provenance);
    folder.write("lie.slt", lie.to_bytes());
    let done = folder.run("evaluate lie.slt --verify");
    assert!(
        done.stdout.contains("claimed 50.00 %") && done.stdout.contains("not the same"),
        "{}",
        done.stdout
    );
    refused("evaluate lie.slt --verify", "error: lie.slt does not do what it claims");

    // On a file, its own split.
    let wine = root().join("fixtures/data/wine.csv");
    folder
        .succeed(&format!("search --data {} --hidden 8 --algorithm descent --out wine.slt", wine.display()));
    assert_eq!(folder.json("evaluate wine.slt --verify")["verified"], true);
    folder.write("other.csv", [fs::read(&wine).unwrap(), b"\n".to_vec()].concat());
    refused("evaluate wine.slt --verify --data other.csv", "error: wine.slt was not made on these data");
}
