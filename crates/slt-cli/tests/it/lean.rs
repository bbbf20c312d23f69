//! `slt convert`, lean tickets, and files of earlier versions.

use crate::common::Folder;
use serde_json::Value;

/// A folder with a sparse ticket for ten digits.
fn with_ticket() -> Folder {
    let folder = Folder::new();
    folder.succeed(
        "search --data digits --hidden 12 --algorithm descent --objective cross-entropy --price 1e-3 --sweeps 3 --out t.slt",
    );
    folder
}

fn whole(value: &Value) -> usize {
    value.as_u64().unwrap() as usize
}

#[test]
fn a_lean_ticket_predicts_the_same() {
    let folder = with_ticket();
    let report = folder.json("convert t.slt --to lean --out lean.slt");
    assert_eq!(whole(&report["bytes"]), folder.read("lean.slt").len());
    assert_eq!(whole(&report["bytes_before"]), folder.read("t.slt").len());
    let sizes = folder.json("inspect t.slt")["sizes"].clone();
    assert_eq!((&sizes["lean"], whole(&sizes["full"])), (&report["bytes"], folder.read("t.slt").len()));
    assert_eq!(whole(&sizes["plain_mask"]), (64 * 12 + 120) / 8);
    assert!((whole(&sizes["coded_mask"]) as f64) < sizes["mask_bound"].as_f64().unwrap());
    // First byte, flags, [64, 12, 10], seed 1, check byte.
    assert_eq!(whole(&sizes["lean"]), 8 + whole(&sizes["coded_mask"]));

    let evaluated = |file: &str| folder.json(&format!("evaluate {file} --data digits"));
    assert_eq!(evaluated("lean.slt"), evaluated("t.slt"));
    let predicted = |file: &str| folder.succeed(&format!("predict {file} --data digits --proba")).stdout;
    assert_eq!(predicted("lean.slt"), predicted("t.slt"));
    assert_eq!(folder.json("inspect lean.slt")["mask"], folder.json("inspect t.slt")["mask"]);
    assert!(!folder.succeed("inspect lean.slt").stdout.contains("made on"));
    folder.succeed("prune lean.slt --data digits --out pruned.slt");
    let compared = folder.json("compare lean.slt t.slt --data digits");
    assert_eq!(compared["tickets"][0]["bytes"], report["bytes"]);

    // It does not know its data, and does not find columns of files.
    folder.fail(2, "evaluate lean.slt", &["lean.slt", "data that it does not name", "--data"]);
    folder.write("x.csv", "1,2,0\n");
    folder.fail(2, "predict lean.slt --data x.csv", &["lean.slt", "not on a table"]);
    // Back again, without what was left out; and in place.
    folder.succeed("convert lean.slt --to full --out full.slt");
    assert_eq!(folder.json("inspect full.slt")["provenance"]["data"], "");
    folder.succeed("convert full.slt --to lean --out full.slt");
    assert_eq!(folder.read("full.slt"), folder.read("lean.slt"));
    let mut damaged = folder.read("lean.slt");
    damaged[9] ^= 1;
    folder.write("bad.slt", damaged);
    folder.fail(1, "inspect bad.slt", &["bad.slt", "checksum"]);
    folder.fail(2, "convert t.slt --to small --out s.slt", &["small", "full, lean"]);
}

#[test]
fn a_lean_ticket_of_a_table_takes_columns_by_position() {
    let folder = Folder::new();
    let row = |i: usize| {
        let (x, y) = ((i * 7 % 40) as f64 / 4.0, (i * 11 % 40) as f64 / 2.0 - 3.0);
        (format!("{x},{y}"), usize::from(x + y > 6.0))
    };
    let rows: Vec<(String, usize)> = (0..80).map(row).collect();
    let text = |first: &str, last: bool| {
        let lines = rows.iter().map(|(features, label)| match last {
            true => format!("{features},{label}\n"),
            false => format!("{label},{features}\n"),
        });
        lines.fold(first.to_owned(), |text, line| text + &line)
    };
    folder.write("named.csv", text("x,y,kind\n", true));
    folder.write("last.csv", text("", true));
    folder.write("first.csv", text("", false));
    let search = "--hidden 8 --algorithm descent --sweeps 3 --scaling minmax";
    for (file, target, lean_file) in [
        ("named.csv", "", "last.csv"),
        ("last.csv", "", "last.csv"),
        ("first.csv", "--target 0", "first.csv"),
    ] {
        folder.succeed(&format!("search --data {file} {target} {search} --out t.slt"));
        folder.succeed("convert t.slt --to lean --out lean.slt");
        assert!(folder.read("lean.slt").len() < 40, "{file}");
        let loss = |ticket: &str, file: &str| {
            folder.succeed(&format!("predict {ticket} --data {file} --proba")).stdout
        };
        let (full, lean) = (loss("t.slt", file), loss("lean.slt", lean_file));
        assert_eq!(full, lean, "{file}");
        let accuracy = folder.json(&format!("evaluate lean.slt --data {lean_file}"))["accuracy"].clone();
        assert!(accuracy.as_f64().unwrap() > 0.7, "{file}: {accuracy}");
    }
    folder.fail(1, "predict lean.slt --data named.csv", &["named.csv", "missing", "x1", "kind"]);
    // Which category is which input cannot be left out.
    folder.write("colours.csv", "colour,x,kind\nred,1,a\nblue,2,b\nred,3,a\nblue,1,b\nred,2,a\nblue,3,b\n");
    folder.succeed(&format!("search --data colours.csv --categorical colour {search} --out t.slt"));
    folder.fail(1, "convert t.slt --to lean --out l.slt", &["categories"]);
    assert_eq!(folder.json("inspect t.slt")["sizes"]["lean"], Value::Null);
    assert!(folder.succeed("inspect t.slt").stdout.contains("not to be had"));
}

#[test]
fn a_file_of_an_earlier_version_is_read_and_gets_smaller() {
    let folder = Folder::new();
    let old = include_bytes!("../earlier/digits-3.ticket");
    assert_eq!(old[10], 0, "the plain codec");
    folder.write("old.slt", old);
    let report = folder.json("inspect old.slt");
    assert_eq!(whole(&report["bytes"]), old.len());
    folder.succeed("convert old.slt --to full --out new.slt");
    let new = folder.json("inspect new.slt");
    for key in ["mask", "provenance", "initializer", "network_seed", "architecture"] {
        assert_eq!(report[key], new[key], "{key}");
    }
    assert!(whole(&new["bytes"]) <= old.len());
}
