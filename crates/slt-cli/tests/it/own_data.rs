//! Data of one's own, through every command.

use crate::common;
use std::io::Write;
use std::process::Stdio;

use crate::common::{Done, Folder};

/// 60 samples of three kinds that a number and a colour tell apart, a running number beside.
fn flowers(missing: bool) -> String {
    let mut text = String::from("id,length,colour,kind\n");
    for i in 0..60 {
        let (kind, colour) = [("setosa", "red"), ("iris, wild", "blue"), ("virginica", "blue")][i % 3];
        let length = [1.0, 2.0, 4.0][i % 3] + 0.01 * i as f64;
        let length = if missing && i == 7 { String::new() } else { length.to_string() };
        text += &format!("{i},{length},{colour},\"{kind}\"\n");
    }
    text
}

const SEARCH: &str =
    "search --data flowers.csv --ignore id --categorical colour --hidden 10 --max-generations 60";

fn folder() -> Folder {
    let folder = Folder::new();
    folder.write("flowers.csv", flowers(false));
    folder
}

#[test]
fn from_a_table_with_texts_and_gaps_to_predictions() {
    let folder = Folder::new();
    folder.write("flowers.csv", flowers(true));
    folder.fail(1, SEARCH, &["flowers.csv", "line 9", "\"length\"", "missing", "--impute"]);
    let found = folder.json(&format!("{SEARCH} --impute median --out t.slt --compare"));
    assert_eq!(found["architecture"], "3,10,3");
    let test = &found["test"];
    assert!(test["accuracy"].as_f64() > Some(0.9), "{test}");
    assert!(found["trained"]["test_accuracy"].as_f64() > Some(0.9), "{found}");
    assert_eq!(test["majority_accuracy"].as_f64(), Some(1.0 / 3.0));
    assert_eq!(test["classes"][0]["name"], "iris, wild");
    assert_eq!(found["bytes"].as_u64().unwrap() as usize, folder.read("t.slt").len());

    // Another order of the columns, no labels, no running number, a gap, and a colour that nobody knows.
    folder.write("later.csv", "colour,length\nred,1.2\nblue,4.1\nblue,\ngreen,2.1\n");
    let predicted = folder.succeed("predict t.slt --data later.csv");
    let lines: Vec<&str> = predicted.stdout.lines().collect();
    assert_eq!(lines[..3], ["prediction", "setosa", "virginica"]);
    assert_eq!(lines.len(), 5);
    assert!(predicted.stderr.contains("`green`"), "{predicted:?}");

    let table = folder.json("predict t.slt --data later.csv --proba --out p.csv");
    assert_eq!(table["samples"], 4);
    let text = String::from_utf8(folder.read("p.csv")).unwrap();
    assert!(text.starts_with("prediction,\"p(iris, wild)\",p(setosa),p(virginica)\n"), "{text}");
    let row: Vec<f64> = text.lines().nth(1).unwrap().split(',').skip(1).map(|p| p.parse().unwrap()).collect();
    assert!((row.iter().sum::<f64>() - 1.0).abs() < 1e-12 && row[1] > row[0].max(row[2]), "{row:?}");

    folder.write("wrong.csv", "colour,width\nred,1.2\n");
    folder.fail(
        1,
        "predict t.slt --data wrong.csv",
        &["wrong.csv", "missing: \"length\"", "too many: \"width\""],
    );
    folder.fail(2, "predict t.slt", &["--data"]);
    folder.fail(2, "evaluate t.slt --data digits", &["t.slt", "columns"]);
    // What the ticket has decided is not ignored without a word.
    for option in ["--target kind", "--impute mean", "--categorical colour", "--scaling none", "--test 0.5"] {
        let flag = option.split(' ').next().unwrap();
        for command in ["evaluate", "predict", "prune --out p.slt", "compare"] {
            folder.fail(2, &format!("{command} t.slt --data flowers.csv {option}"), &[flag, "ticket"]);
        }
    }
}

#[test]
fn a_ticket_knows_its_data() {
    let folder = folder();
    let found = folder.json(&format!("{SEARCH} --out t.slt"));
    let evaluated = folder.succeed("evaluate t.slt --json");
    assert_eq!(evaluated.stderr, "");
    let evaluated = evaluated.json();
    assert_eq!(evaluated["accuracy"], found["test_accuracy"]);
    assert_eq!(evaluated["samples"], found["test"]["samples"]);
    let train = folder.json("evaluate t.slt --split train");
    assert_eq!(train["accuracy"], found["train_accuracy"]);
    assert_eq!((&train["samples"], &evaluated["samples"]), (&45.into(), &15.into()));

    // The content counts, not the name; of another file all samples do.
    folder.write("copy.csv", flowers(false));
    assert_eq!(folder.json("evaluate t.slt --data copy.csv")["samples"], 15);
    folder.write("more.csv", flowers(false) + "60,1.6,red,setosa\n");
    let other = folder.succeed("evaluate t.slt --data more.csv --json");
    assert_eq!(other.json()["samples"], 61);
    assert!(other.stderr.contains("not the file that the ticket was made on"), "{other:?}");

    folder.succeed("prune t.slt --out p.slt");
    let compared = folder.json("compare t.slt p.slt");
    let rows = compared["tickets"].as_array().unwrap();
    assert_eq!(rows[0]["accuracy"], found["test_accuracy"]);
    assert!(rows[1]["active_weights"].as_u64() < rows[0]["active_weights"].as_u64());
    folder.succeed("hessian p.slt --top 1");

    folder.succeed("inspect p.slt --plot p.png");
    assert!(folder.read("p.png").starts_with(b"\x89PNG"));
    folder.succeed("inspect p.slt --plot p.svg");
    folder.fail(2, "inspect p.slt --plot p.pdf", &["--plot", ".png or .svg"]);

    std::fs::remove_file(folder.path("flowers.csv")).unwrap();
    folder.fail(2, "evaluate t.slt", &["flowers", "--data"]);
}

#[test]
fn every_command_takes_a_file() {
    let folder = folder();
    let data = "--data flowers.csv --ignore id --categorical colour --hidden 10";
    let trained = folder.json(&format!("train {data} --out m.json"));
    assert!(trained["test"]["accuracy"].as_f64() > Some(0.9), "{trained}");
    assert_eq!(trained["defaults"], "size");
    let popup = folder.json(&format!("edge-popup {data} --epochs 30 --out e.slt --compare"));
    assert_eq!(popup["config"]["batch_size"], 11);
    assert!(popup["trained"]["test_accuracy"].as_f64() > Some(0.9), "{popup}");
    assert_eq!(folder.json("evaluate e.slt")["accuracy"], popup["last"]["test_accuracy"]);
    let tuned = folder.json(&format!("tune {data} --solver adam --iterations 2 --max-iter 5"));
    let command = tuned["best"]["command"].as_str().unwrap();
    let again = folder.json(command.strip_prefix("slt ").unwrap());
    assert_eq!(again["test_accuracy"], tuned["best"]["test_accuracy"]);
}

#[test]
fn batches_are_not_larger_than_the_data_without_a_word() {
    let folder = folder();
    let data = "--data flowers.csv --ignore id --categorical colour --hidden 10 --batch-size 500";
    for (command, field) in [("train --max-iter 3", "batch_size"), ("edge-popup --epochs 3", "config")] {
        let done = folder.succeed(&format!("{command} {data} --json"));
        assert!(done.stderr.contains("only 45 samples"), "{done:?}");
        let report = done.json();
        let batch_size = report[field].get("batch_size").unwrap_or(&report[field]);
        assert_eq!(*batch_size, 45, "{report}");
    }
}

/// The work of hours is told even where its file cannot be written.
#[test]
fn a_file_that_cannot_be_written_costs_the_file_alone() {
    let folder = folder();
    folder.make_folder("sub");
    let search = "search --data digits --classes 2 --arch A --max-generations 2000 --min-generations 2000 --out sub/t.slt";
    let mut child = folder.start(&format!("{search} --checkpoint c.ck --checkpoint-every 400"));
    common::wait_for("c.ck", &folder, &mut child);
    std::fs::remove_dir(folder.path("sub")).unwrap();
    let done = Done::of(child);
    assert_eq!(done.code, Some(1), "{done:?}");
    assert!(done.stderr.contains("sub/t.slt") && done.stdout.contains("2000 generations"), "{done:?}");
}

#[test]
fn the_split_is_its_own_choice() {
    let folder = folder();
    let samples = |options: &str| folder.json(&format!("{SEARCH} {options}"))["test"]["samples"].clone();
    assert_eq!(samples("--test 0.5"), 30);
    let report = |options: &str| folder.json(&format!("{SEARCH} --network-seed 7 --search-seed 7 {options}"));
    let hash = |options: &str| report(options)["spec_sha256"].as_str().unwrap().to_owned();
    // Another seed of the search is the same split; another seed of the split is another run.
    assert_eq!(hash("--seed 1"), hash("--seed 2"));
    assert_ne!(hash(""), hash("--split-seed 2"));
    assert_eq!(hash(""), hash("--split-seed 1 --test 0.25"));

    folder.write("test.csv", "kind,colour,length\nsetosa,red,1.1\nvirginica,blue,4.4\n");
    assert_eq!(samples("--test-data test.csv --out t.slt"), 2);
    let alone = folder.json("evaluate t.slt");
    assert_eq!(alone["samples"], 2);
    folder.fail(2, "evaluate t.slt --data flowers.csv", &["--test-data"]);
    assert_eq!(folder.json("evaluate t.slt --test-data test.csv --data flowers.csv")["samples"], 2);
    for (options, said) in [
        ("--test 1", "--test"),
        ("--test 0", "--test"),
        ("--test x", "--test"),
        ("--test-data none.csv", "none.csv"),
        ("--test 0.5 --test-data test.csv", "--test-data"),
        ("--scaling paper", "--scaling"),
        ("--classes 3", "--classes"),
        ("--target nothing", "nothing"),
        ("--categorical none", "none"),
        ("--separator ab", "--separator"),
        ("--decimal ;", "--decimal"),
    ] {
        let done = folder.run(&format!("{SEARCH} {options}"));
        assert!(done.code == Some(2) || done.code == Some(1), "{options}: {done:?}");
        assert!(done.stderr.contains(said) && done.stdout.is_empty(), "{options}: {done:?}");
    }
    folder.fail(2, "search --data moons --arch A --target x", &["--target", "paper"]);
}

#[test]
fn other_layouts() {
    let folder = Folder::new();
    let german: String = flowers(false)
        .lines()
        .map(|line| {
            let fields: Vec<&str> = line.splitn(4, ',').collect();
            format!("{};{};{}\r\n", fields[1].replace('.', ","), fields[2], fields[3].replace('"', ""))
        })
        .collect();
    folder.write("german.csv", &german);
    let options = "--categorical colour --hidden 10 --max-generations 60";
    let found = folder.json(&format!("search --data german.csv --decimal , {options} --out t.slt"));
    assert!(found["test"]["accuracy"].as_f64() > Some(0.9), "{found}");
    folder.write("later.csv", "length;colour\n1,2;red\n");
    // The ticket knows how its own file is laid out, which is the default for others.
    let predicted = folder.succeed("predict t.slt --data later.csv").stdout;
    assert_eq!(predicted, "prediction\nsetosa\n");
    assert_eq!(folder.json("evaluate t.slt")["accuracy"], found["test_accuracy"]);
    folder.write("point.csv", "length;colour\n1.2;red\n");
    folder.fail(1, "predict t.slt --data point.csv", &["point.csv", "line 2", "1.2"]);
    assert_eq!(folder.succeed("predict t.slt --data point.csv --decimal .").stdout, predicted);

    // Standard input, and a target by its position.
    let command =
        "search --data - --ignore 0 --categorical 2 --target 3 --hidden 10 --max-generations 20 --json";
    let mut child = folder
        .command(command)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    child.stdin.take().unwrap().write_all(flowers(false).as_bytes()).unwrap();
    let done = Done::of(child);
    assert_eq!(done.code, Some(0), "{done:?}");
    assert_eq!(done.json()["data"], "standard input");

    // A file of numbers alone loses no sample.
    let numbers: String = (0..40).map(|i| format!("{},{},{}\n", i % 2, 0.1 * f64::from(i), i % 2)).collect();
    folder.write("numbers.csv", numbers);
    let done = folder.succeed("search --data numbers.csv --hidden 5 --max-generations 5 --json");
    assert!(done.stderr.contains("the first line holds numbers"), "{done:?}");
    assert_eq!(done.json()["test"]["samples"], 10);
}

/// An IDX file of images or labels.
fn idx(sizes: &[u32], bytes: &[u8]) -> Vec<u8> {
    let mut file = vec![0, 0, 8, sizes.len() as u8];
    sizes.iter().for_each(|size| file.extend(size.to_be_bytes()));
    file.extend(bytes);
    file
}

#[test]
fn a_folder_of_images() {
    let folder = Folder::new();
    folder.make_folder("images");
    // Bright on the left or on the right.
    let image = |i: usize| if i.is_multiple_of(2) { [200, 180, 10, 0] } else { [0, 20, 190, 255] };
    for (part, n) in [("train", 40), ("t10k", 10)] {
        let pixels: Vec<u8> = (0..n).flat_map(image).collect();
        let labels: Vec<u8> = (0..n).map(|i| 3 + (i % 2) as u8).collect();
        folder.write(&format!("images/{part}-images-idx3-ubyte"), idx(&[n as u32, 2, 2], &pixels));
        folder.write(&format!("images/{part}-labels-idx1-ubyte"), idx(&[n as u32], &labels));
    }
    let found = folder.json("search --data images --hidden 8 --max-generations 40 --out t.slt");
    assert_eq!((&found["architecture"], &found["test"]["samples"]), (&"4,8,2".into(), &10.into()));
    assert_eq!(found["test"]["accuracy"], 1.0);
    assert_eq!(found["test"]["classes"][0]["name"], "3");
    assert_eq!(folder.json("evaluate t.slt")["accuracy"], 1.0);
    let predicted = folder.succeed("predict t.slt --data images").stdout;
    assert_eq!(predicted, format!("prediction\n{}", "3\n4\n".repeat(5)));
    folder.make_folder("empty");
    folder.fail(1, "search --data empty --hidden 8", &["empty", "train-images-idx3-ubyte"]);
}

#[test]
fn tickets_of_the_papers_data_predict_their_test_part() {
    let folder = Folder::new();
    folder.succeed("search --data digits --classes 3 --arch A --max-generations 5 --out t.slt");
    let predicted = folder.succeed("predict t.slt").stdout;
    assert!(predicted.lines().count() > 100 && predicted.lines().skip(1).all(|line| "012".contains(line)));
    folder.write("flowers.csv", flowers(false));
    for command in ["predict", "evaluate"] {
        folder.fail(
            2,
            &format!("{command} t.slt --data flowers.csv"),
            &["t.slt", "digits-3-shuffled", "columns"],
        );
        folder.fail(1, &format!("{command} t.slt --data circles"), &["t.slt", "circles", "features"]);
    }
}
