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
    // Which category is which input cannot be left out.
    folder.write("colours.csv", "colour,x,kind\nred,1,a\nblue,2,b\nred,3,a\nblue,1,b\nred,2,a\nblue,3,b\n");
    folder.succeed(&format!("search --data colours.csv --categorical colour {search} --out t.slt"));
    folder.fail(1, "convert t.slt --to lean --out l.slt", &["categories"]);
    assert_eq!(folder.json("inspect t.slt")["sizes"]["lean"], Value::Null);
    assert!(folder.succeed("inspect t.slt").stdout.contains("not to be had"));
}

#[test]
fn a_lean_ticket_takes_the_file_that_the_full_one_was_made_on() {
    let folder = Folder::new();
    // The second class is where the sum of two columns is large; the third column is noise.
    let row = |i: usize| {
        let (x, y) = ((i * 7 % 40) as f64 / 4.0, (i * 11 % 40) as f64 / 2.0 - 3.0);
        (format!("{x},{y},{}", i % 3), usize::from(x + y > 6.0))
    };
    let rows: Vec<(String, usize)> = (0..80).map(row).collect();
    let file = |header: &str, labels: [&str; 2], first: bool| {
        let line = |(features, label): &(String, usize)| match first {
            true => format!("{},{features}\n", labels[*label]),
            false => format!("{features},{}\n", labels[*label]),
        };
        header.to_owned() + "\n" + &rows.iter().map(line).collect::<String>()
    };
    folder.write("last.csv", file("length,width,noise,kind", ["0", "1"], false));
    folder.write("first.csv", file("kind,length,width,noise", ["0", "1"], true));
    // Numbered from 1; and called as in the ticket, but for the labels.
    folder.write("from-1.csv", file("x1,x2,x3,y", ["0", "1"], false));
    folder.write("from-0.csv", file("x0,x1,x2,y", ["0", "1"], false));
    folder.write("texts.csv", file("length,width,noise,kind", ["blue", "violet"], false));
    let search = "--hidden 8 --algorithm descent --sweeps 3";
    let predict =
        |ticket: &str, file: &str| folder.succeed(&format!("predict {ticket} --data {file} --proba")).stdout;
    let samples =
        |report: &Value| (report["correct"].clone(), report["loss"].clone(), report["samples"].clone());
    for (data, target) in
        [("last.csv", "kind"), ("first.csv", "kind"), ("from-1.csv", "y"), ("from-0.csv", "y")]
    {
        // All rows are test samples, as they are for a lean ticket.
        folder.succeed(&format!(
            "search --data {data} --test-data {data} --target {target} {search} --out t.slt"
        ));
        folder.succeed("convert t.slt --to lean --out lean.slt");
        assert_eq!(predict("lean.slt", data), predict("t.slt", data), "{data}");
        let of = |ticket: &str| {
            samples(&folder.json(&format!("evaluate {ticket} --data {data} --test-data {data}")))
        };
        assert_eq!(of("lean.slt"), of("t.slt"), "{data}");
        folder.succeed(&format!("prune lean.slt --data {data} --out pruned.slt"));
    }

    // Texts as labels: predictions are the same but for their names, and an evaluation says what it needs.
    folder.succeed(&format!("search --data texts.csv {search} --out t.slt"));
    let said = folder.succeed("convert t.slt --to lean --out lean.slt").stderr;
    assert!(said.contains("0 is blue, 1 is violet"), "{said}");
    let numbers = predict("t.slt", "texts.csv").replace("blue", "0").replace("violet", "1");
    assert_eq!(predict("lean.slt", "texts.csv"), numbers);
    folder.fail(
        1,
        "evaluate lean.slt --data texts.csv",
        &["texts.csv", "line 2", "kind", "is not the number of a class, 0 to 1"],
    );

    // Other columns are not taken for the ticket's.
    folder.write("wide.csv", "id,length,width,noise,kind\n1,2,3,1,0\n");
    folder.write("narrow.csv", "length,kind\n2,0\n");
    for command in ["evaluate", "predict"] {
        for (data, found) in [("wide.csv", "found 5"), ("narrow.csv", "found 2")] {
            folder.fail(
                1,
                &format!("{command} lean.slt --data {data}"),
                &[data, "by their positions", "expected 3, or 4 with the labels at position 3", found],
            );
        }
    }
    folder.write("shifted.csv", "id,length,width,noise\n1,2,3,1.5\n2,2,3,2.5\n3,2,3,0\n");
    folder.fail(
        1,
        "predict lean.slt --data shifted.csv",
        &["shifted.csv", "line 4", "noise", "more than 2 different"],
    );
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
