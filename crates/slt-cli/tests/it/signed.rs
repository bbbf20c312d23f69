//! `slt search --signed`, and what the other commands make of a signed ticket.

use crate::common::Folder;
use serde_json::Value;

const SEARCH: &str = "search --data digits --hidden 12 --algorithm unit-descent --batch all:2 --price 1e-4";

fn whole(value: &Value) -> u64 {
    value.as_u64().unwrap_or_else(|| panic!("{value} is no whole number"))
}

#[test]
fn a_signed_ticket_is_found_and_used() {
    let folder = Folder::new();
    let found = folder.json(&format!("{SEARCH} --signed --out t.slt"));
    let strict = folder.json(&format!("{SEARCH} --out strict.slt"));
    assert_ne!(found["spec_sha256"], strict["spec_sha256"]);
    assert!(found["train_loss"].as_f64() < strict["train_loss"].as_f64());
    let (active, inverted) = (whole(&found["active_weights"]), whole(&found["inverted_weights"]));
    assert!(inverted > 0 && inverted < active);
    assert_eq!(strict.get("inverted_weights"), None);
    let weights = 64 * 12 + 120;
    assert_eq!(found["sparsity"].as_f64().unwrap(), (weights - active) as f64 / weights as f64);

    let inspected = folder.json("inspect t.slt");
    for key in ["active_weights", "inverted_weights", "sparsity", "mask_hash"] {
        assert_eq!(inspected[key], found[key], "{key}");
    }
    assert_eq!(whole(&inspected["weights"]), weights);
    assert_eq!(whole(&inspected["sizes"]["plain_mask"]), weights / 4);
    assert!(inspected["mask"].as_str().unwrap().starts_with(&format!("{}:", 2 * weights)));
    // Inverted or not is a bit of its own, if nothing is known of it; plainly every weight has two.
    let [coded, bound] = ["coded_mask", "mask_bound"].map(|key| inspected["sizes"][key].as_f64().unwrap());
    assert!(coded < 1.05 * bound && coded < weights as f64 / 4.0, "{coded} {bound}");
    let told = folder.succeed("inspect t.slt --plot t.svg").stdout;
    assert!(
        told.contains(&format!("{inverted} of them inverted")) && told.contains("strict sense"),
        "{told}"
    );
    assert_eq!(folder.json("inspect strict.slt").get("inverted_weights"), None);

    let evaluated = folder.json("evaluate t.slt");
    for (key, searched) in [("accuracy", "test_accuracy"), ("loss", "test_loss"), ("mask_hash", "mask_hash")]
    {
        assert_eq!(evaluated[key], found[searched], "{key}");
    }
    let compared = folder.json("compare t.slt strict.slt");
    assert_eq!(compared["tickets"][0]["accuracy"], found["test_accuracy"]);
    assert_eq!(compared["tickets"][1]["accuracy"], strict["test_accuracy"]);
    let predicted = folder.succeed("predict t.slt").stdout;
    assert_eq!(predicted.lines().count(), 1 + whole(&evaluated["samples"]) as usize);

    folder.succeed("convert t.slt --to lean --out lean.slt");
    assert_eq!(folder.read("lean.slt").len() as u64, whole(&inspected["sizes"]["lean"]));
    assert_eq!(folder.json("evaluate lean.slt --data digits"), evaluated);
    assert_eq!(folder.succeed("predict lean.slt --data digits").stdout, predicted);

    let pruned = folder.json("prune t.slt --out pruned.slt");
    assert_eq!(pruned["before"]["mask_hash"], found["mask_hash"]);
    assert!(pruned["after"]["sparsity"].as_f64() > found["sparsity"].as_f64());
    let inspected = folder.json("inspect pruned.slt");
    assert_eq!(inspected["mask_hash"], pruned["after"]["mask_hash"]);
    assert!(whole(&inspected["inverted_weights"]) <= inverted);
    folder.succeed("hessian t.slt --top 2 --max-steps 20");
}

#[test]
fn a_signed_ticket_is_exported_with_its_weights() {
    let folder = Folder::new();
    folder.succeed(&format!("{SEARCH} --signed --out t.slt"));
    for (to, file) in [("onnx", "t.onnx"), ("safetensors", "t.safetensors"), ("c", "t.c"), ("rust", "t.rs")] {
        folder.succeed(&format!("export t.slt --to {to} --out {file}"));
    }
    folder.succeed("export t.slt --to json --out t.json");
    let document: Value = serde_json::from_slice(&folder.read("t.json")).unwrap();
    assert!(document["inverted"].as_str().unwrap().starts_with("888:"));
    folder.fail(2, "export t.slt --to c --weights seed --out seed.c", &["inverts", "table of weights"]);
}

/// A ticket of a table keeps its columns, whatever its mask is.
#[test]
fn a_table_may_have_a_signed_ticket() {
    let folder = Folder::new();
    let row = |i: i32| format!("{},{},{}\n", i % 7, i * i % 11, ["in", "out"][(i % 7 > i * i % 11) as usize]);
    folder.write("d.csv", format!("a,b,kind\n{}", (0..200).map(row).collect::<String>()));
    let search =
        "search --data d.csv --target kind --hidden 20 --algorithm unit-descent --signed --out t.slt";
    let found = folder.json(search);
    assert!(whole(&found["inverted_weights"]) > 0);
    assert_eq!(folder.json("evaluate t.slt")["accuracy"], found["test_accuracy"]);
    let of_classes = |line: &str| ["in", "out"].contains(&line);
    assert!(folder.succeed("predict t.slt --data d.csv").stdout.lines().skip(1).all(of_classes));
    folder.succeed("export t.slt --to onnx --out t.onnx");
}

#[test]
fn only_units_have_signs() {
    let folder = Folder::new();
    let needs = &["--signed needs --algorithm unit-descent"];
    folder.fail(2, "search --data digits --hidden 12 --algorithm memetic --signed --out t.slt", needs);
    folder.fail(2, "search --data digits --hidden 12 --signed --out t.slt", &["--signed needs"]);
    // A checkpoint of the other kind is not gone on from.
    folder.succeed(&format!("{SEARCH} --checkpoint c"));
    let other = format!("{SEARCH} --signed --checkpoint c --resume");
    folder.fail(1, &other, &["--signed absent, not true"]);
}
