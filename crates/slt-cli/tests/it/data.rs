//! `slt data`.

use crate::common::{Folder, read_table};

#[test]
fn csv_and_npy_hold_the_same_numbers() {
    let folder = Folder::new();
    for out in ["a.csv", "a.npy"] {
        folder.succeed(&format!("data blobs --samples 50 --classes 4 --features 3 --seed 5 --out {out}"));
    }
    let (rows, labels) = read_table(&folder.read("a.csv"));
    assert_eq!((rows.clone(), labels.clone()), read_table(&folder.read("a.npy")));
    assert_eq!((rows.len(), rows[0].len()), (50, 3));
    assert!(labels.iter().all(|label| [0.0, 1.0, 2.0, 3.0].contains(label)));
    assert!(folder.read("a.csv").starts_with(b"x0,x1,x2,label\n"));
}

#[test]
fn a_negative_interval_may_stand_apart_from_its_flag() {
    let folder = Folder::new();
    folder.succeed("data blobs --samples 9 --center-box -10,-5 --out apart.csv");
    folder.succeed("data blobs --samples 9 --center-box=-10,-5 --out joined.csv");
    assert_eq!(folder.read("apart.csv"), folder.read("joined.csv"));
}

#[test]
fn the_papers_set_is_the_default() {
    let folder = Folder::new();
    let report = folder.json("data digits --out train.csv");
    assert_eq!((&report["name"], &report["samples"]), (&"digits-10-shuffled train".into(), &1347.into()));
    assert_eq!((&report["features"], &report["classes"]), (&64.into(), &10.into()));
    let report = folder.json("data digits --classes 3 --split test --scaling none --out test.csv");
    assert_eq!(report["name"], "digits-3-raw-shuffled test");
    let (rows, labels) = read_table(&folder.read("test.csv"));
    assert!(rows.iter().flatten().all(|&pixel| (0.0..=16.0).contains(&pixel) && pixel.fract() == 0.0));
    assert!(labels.iter().all(|&label| label < 3.0));
    // The number of classes is one of the data set, not an option that makes a new one.
    assert_eq!(folder.json("data blobs --classes 2 --out blobs.npy")["name"], "blobs-2 train");
}

#[test]
fn digits_come_in_two_splits() {
    let folder = Folder::new();
    let mut tables = Vec::new();
    for (data, name) in [("digits", "digits-10-shuffled test"), ("digits-file-order", "digits-10 test")] {
        let report = folder.json(&format!("data {data} --split test --out {data}.npy"));
        assert_eq!((&report["name"], &report["samples"]), (&name.into(), &450.into()));
        tables.push(read_table(&folder.read(&format!("{data}.npy"))));
    }
    assert_ne!(tables[0], tables[1]);
    folder.fail(
        2,
        "data digits-file-order --samples 5 --out a.csv",
        &["--samples", "no option of digits", "--classes"],
    );
}

/// What takes no ticket; the tests of tickets have the other commands.
#[test]
fn reports_name_the_split() {
    let folder = Folder::new();
    for command in [
        "search --arch 64,4,2 --max-generations 1",
        "edge-popup --arch 64,4,2 --epochs 1",
        "train --arch 64,4,2 --max-iter 1",
        "tune --arch 64,4,2 --max-iter 1 --iterations 1 --solver adam",
    ] {
        for (data, name) in [("digits", "digits-2-shuffled"), ("digits-file-order", "digits-2")] {
            let report = folder.json(&format!("{command} --data {data} --classes 2"));
            assert_eq!(report["data"], name, "{command}");
        }
    }
}

#[test]
fn an_existing_file_is_replaced_or_left_alone() {
    let folder = Folder::new();
    folder.write("a.csv", "old");
    folder.fail(2, "data moons --samples 5 --noise -1 --out a.csv", &["--noise", "at least 0"]);
    folder.succeed("data moons --samples 5 --out a.csv");
    assert_eq!(read_table(&folder.read("a.csv")).1.len(), 5);
    assert_eq!(folder.files().len(), 1);
}

#[cfg(unix)]
#[test]
fn through_a_link_its_target_is_written() {
    let folder = Folder::new();
    folder.write("target.csv", "old");
    std::os::unix::fs::symlink("target.csv", folder.path("link.csv")).unwrap();
    folder.succeed("data moons --samples 5 --out link.csv");
    assert!(folder.path("link.csv").is_symlink());
    assert!(folder.read("target.csv").starts_with(b"x0,x1,label\n"));
}
