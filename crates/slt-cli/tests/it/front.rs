//! `slt search --front`: accuracy against sparsity, as a table with a ticket for each row.

#[cfg(unix)]
use crate::common::{Done, send, wait_for, wait_for_handler};
use crate::common::{Folder, lasting};
use serde_json::Value;

const DIGITS: &str = "search --data digits --classes 3 --arch 64,6,3";
const NSGA2: &str = "--algorithm nsga2 --population 20 --max-generations 15";

/// The rows of a front's table, by column.
fn rows(folder: &Folder, file: &str) -> Vec<Vec<String>> {
    let text = String::from_utf8(folder.read(file)).unwrap();
    let mut lines = text.lines().map(|line| line.split(',').map(str::to_owned).collect::<Vec<_>>());
    let header = lines.next().unwrap().join(",");
    assert_eq!(header, "point,price,sparsity,active_weights,performance,train_accuracy,test_accuracy,ticket");
    let rows: Vec<Vec<String>> = lines.collect();
    assert!(!rows.is_empty() && rows.iter().all(|row| row.len() == 8), "{text}");
    rows
}

fn number(text: &str) -> f64 {
    text.parse().unwrap()
}

/// Whether a table is a front, the same as in the report, with a ticket for each row that does as it says.
#[track_caller]
fn check_front(folder: &Folder, report: &Value, file: &str) -> Vec<Vec<String>> {
    let rows = rows(folder, file);
    let front = &report["front"];
    assert_eq!(front["file"], file);
    let points = front["points"].as_array().unwrap();
    assert_eq!(points.len(), rows.len());
    for two in rows.windows(2) {
        assert!(number(&two[0][2]) < number(&two[1][2]), "sparsity: {two:?}");
        assert!(number(&two[0][4]) > number(&two[1][4]), "performance: {two:?}");
    }
    let stem = file.strip_suffix(".csv").unwrap();
    for ((row, point), number_of_row) in rows.iter().zip(points).zip(1..) {
        assert_eq!(row[0], number_of_row.to_string());
        assert_eq!(row[7], format!("{stem}-{number_of_row:02}.slt"));
        assert_eq!(point["ticket"], row[7].as_str());
        for (place, key) in [(2, "sparsity"), (4, "performance"), (5, "train_accuracy"), (6, "test_accuracy")]
        {
            assert_eq!(point[key], number(&row[place]), "{key}");
        }
        let ticket = folder.json(&format!("inspect {}", row[7]));
        assert_eq!(ticket["mask_hash"], point["mask_hash"]);
        assert_eq!(ticket["sparsity"], point["sparsity"]);
    }
    let last = rows.last().unwrap();
    let evaluated = folder.json(&format!("evaluate {}", last[7]));
    assert_eq!(evaluated["accuracy"], number(&last[6]));
    rows
}

#[test]
fn nsga2_writes_its_front() {
    let folder = Folder::new();
    let search = format!("{DIGITS} {NSGA2} --objective accuracy");
    let report = folder.json(&format!("{search} --front front.csv --out best.slt"));
    let rows = check_front(&folder, &report, "front.csv");
    assert!(rows.len() > 3, "{rows:?}");
    assert!(rows.iter().all(|row| row[1].is_empty()), "there is no price: {rows:?}");
    // Moves follow what results are judged by, so the best is the first.
    assert_eq!(report["mask_hash"], report["front"]["points"][0]["mask_hash"]);
    let said = folder.succeed(&format!("{search} --front front.csv --threads 1")).stdout;
    assert!(
        said.contains(&format!("front: {} points, ", rows.len())) && said.contains("-> front.csv"),
        "{said}"
    );
    // Nobody asked: nobody is told.
    assert_eq!(folder.json(&search).get("front"), None);
}

#[test]
fn threads_and_interruptions_change_no_front() {
    let folder = Folder::new();
    let search = format!("{DIGITS} {NSGA2}");
    let front = |more: &str| folder.json(&format!("{search} --front f.csv {more}"))["front"].clone();
    let whole = front("--threads 1");
    let files = folder.files();
    assert_eq!(front("--threads 2 --instruction-set portable"), whole);
    assert!(folder.files() == files, "tickets and table have changed");
    let part = folder.json(&format!("{DIGITS} {} --checkpoint c.ck", NSGA2.replace("15", "6")));
    assert_eq!((&part["steps"], &part["stop_reason"]), (&6.into(), &"max-generations".into()));
    assert_eq!(front("--checkpoint c.ck --resume"), whole);
    folder.fail(
        2,
        &format!("{DIGITS} {} --checkpoint c.ck --resume", NSGA2.replace("15", "6")),
        &["cannot go on from c.ck", "after generation 15", "raise --max-generations"],
    );
}

#[test]
fn prices_make_a_front() {
    let folder = Folder::new();
    for (algorithm, options) in [
        ("descent", "--sweeps 4"),
        ("anneal", "--flips 2000"),
        ("late-acceptance", "--flips 2000"),
        ("memetic", "--population 2 --children 1 --flips 800"),
    ] {
        let search = format!("{DIGITS} --algorithm {algorithm} {options}");
        let report = folder.json(&format!(
            "{search} --front {algorithm}.csv --price 0.001,0,0.003,0.02,0.001 --out best.slt"
        ));
        let rows = check_front(&folder, &report, &format!("{algorithm}.csv"));
        // Each row is what a search with its price finds by itself; one that has no row is beaten by one that
        // has.
        let points = report["front"]["points"].as_array().unwrap();
        for price in ["0", "0.001", "0.003", "0.02"] {
            let alone = folder.json(&format!("{search} --price {price}"));
            match rows.iter().position(|row| row[1] == price) {
                Some(place) => {
                    assert_eq!(alone["mask_hash"], points[place]["mask_hash"], "{algorithm} {price}");
                    assert_eq!(alone["performance"], points[place]["performance"]);
                    assert_eq!(points[place]["price"], number(price));
                }
                None => {
                    let value = |key: &str| alone[key].as_f64().unwrap();
                    let (performance, sparsity) = (value("performance"), value("sparsity"));
                    let is_as_good =
                        |row: &Vec<String>| number(&row[4]) >= performance && number(&row[2]) >= sparsity;
                    assert!(rows.iter().any(is_as_good), "{algorithm} {price}");
                }
            }
        }
        // The main result is the first row, which is judged best.
        assert_eq!(report["mask_hash"], report["front"]["points"][0]["mask_hash"]);
        assert_eq!(folder.json("inspect best.slt")["mask_hash"], report["mask_hash"]);
        assert_eq!(report["performance"], number(&rows[0][4]));
    }
}

#[test]
fn without_prices_there_is_a_grid() {
    let folder = Folder::new();
    let report = folder.json(&format!("{DIGITS} --algorithm descent --sweeps 3 --front f.csv"));
    let rows = check_front(&folder, &report, "f.csv");
    let known = ["0", "0.00001", "0.00003", "0.0001", "0.0003", "0.001", "0.003", "0.01"];
    assert!(rows.len() > 1 && rows.iter().all(|row| known.contains(&row[1].as_str())), "{rows:?}");
    // One price is one search, which may keep a checkpoint.
    let one =
        format!("{DIGITS} --algorithm descent --sweeps 3 --price 0.01 --front one.csv --checkpoint c.ck");
    assert_eq!(check_front(&folder, &folder.json(&one), "one.csv").len(), 1);
    assert!(folder.path("c.ck").exists());
}

/// A time is for all searches together.
#[test]
fn searches_share_a_time() {
    let folder = Folder::new();
    let start = std::time::Instant::now();
    let endless = format!("{DIGITS} --algorithm anneal --restarts 100000000 --time 1s");
    let report = folder.json(&format!("{endless} --front f.csv --price 0,0.001,0.01"));
    assert!(start.elapsed() >= std::time::Duration::from_secs(1));
    assert_eq!(report["stop_reason"], "time");
    check_front(&folder, &report, "f.csv");
}

#[cfg(unix)]
#[test]
fn an_interruption_keeps_what_was_reached() {
    let folder = Folder::new();
    // None of the two searches has an end.
    let search = format!("{DIGITS} --algorithm anneal --restarts 100000000 --flips 500");
    let child =
        folder.start(&format!("{search} --front f.csv --out t.slt --price 0,0.001 --time 100000s --json"));
    wait_for_handler(&child);
    send("-INT", &child);
    let done = Done::of(child);
    assert_eq!(done.code, Some(130), "{done:?}");
    assert!(done.stderr.contains("of search 1 of 2; t.slt and f.csv hold what was reached"), "{done:?}");
    let rows = check_front(&folder, &done.json(), "f.csv");
    assert_eq!((rows.len(), rows[0][1].as_str()), (1, "0"));

    // NSGA-II has its front so far, and goes on from its checkpoint.
    let search = format!("{DIGITS} --algorithm nsga2 --population 20 --max-generations 100000000");
    let mut child =
        folder.start(&format!("{search} --front n.csv --checkpoint c.ck --checkpoint-every 2 --json"));
    wait_for("c.ck", &folder, &mut child);
    send("-INT", &child);
    let done = Done::of(child);
    assert_eq!(done.code, Some(130), "{done:?}");
    assert!(done.stderr.contains("n.csv holds what was reached, c.ck holds a checkpoint"), "{done:?}");
    let reached = done.json();
    check_front(&folder, &reached, "n.csv");
    let steps = reached["steps"].as_u64().unwrap();
    let resumed = folder.json(&format!(
        "{DIGITS} --algorithm nsga2 --population 20 --max-generations {steps} --front n.csv --checkpoint c.ck --resume"
    ));
    assert_eq!(resumed["front"], reached["front"]);
}

#[test]
fn what_cannot_be_written_or_kept_is_refused_before_the_work() {
    let folder = Folder::new();
    folder.make_folder("f-02.slt");
    folder.make_folder("x.csv");
    for (options, code, said) in [
        (format!("{NSGA2} --front none/f.csv"), 1, "none/f.csv: the folder none does not exist"),
        (format!("{NSGA2} --front x.csv"), 1, "x.csv"),
        (format!("{NSGA2} --front f.csv"), 1, "f-02.slt"),
        (format!("{NSGA2} --front g.csv --out g.csv"), 2, "--front and --out both write g.csv"),
        (format!("{NSGA2} --front g.csv --out g-50.slt"), 2, "--front and --out both write g-50.slt"),
        (
            format!("{NSGA2} --front g.csv --checkpoint ./g-01.slt"),
            2,
            "--front and --checkpoint both write g-01.slt",
        ),
        (
            "--algorithm anneal --front g.csv --checkpoint c.ck".to_owned(),
            2,
            "--checkpoint keeps one search, and --front searches with 8 prices",
        ),
        (
            "--algorithm anneal --price 0,1".to_owned(),
            2,
            "--price has 2 prices, expected one; --front FILE.csv",
        ),
        ("--algorithm anneal --front g.csv --price 0,-1".to_owned(), 2, "--price is -1: it must be"),
        (format!("{NSGA2} --front g.csv --price 1"), 2, "--price needs --algorithm descent, anneal,"),
        ("--algorithm anneal --price-ramp 0.1".to_owned(), 2, "--price-ramp needs --price or --front"),
        (
            "--algorithm umda --front g.csv".to_owned(),
            2,
            "--front needs --algorithm descent, anneal, late-acceptance, memetic or nsga2",
        ),
        ("--algorithm ga --front g.csv".to_owned(), 2, "--front needs another algorithm than ga and ga-ab"),
    ] {
        folder.fail(code, &format!("{DIGITS} {options}"), &[said]);
    }
}

#[test]
fn a_front_changes_nothing_else() {
    let folder = Folder::new();
    let search = format!("{DIGITS} {NSGA2}");
    let report = |options: &str| lasting(&folder.json(&format!("{search} {options}")));
    let mut with = report("--front f.csv");
    assert!(with.as_object_mut().unwrap().remove("front").is_some());
    assert_eq!(with, report(""));
}
