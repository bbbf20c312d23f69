//! `slt mixed-model`.

mod common;

use common::{Folder, reference_folder};
use serde_json::Value;

const TABLE: &str = "\
algorithm,arch,init,acc
GA,A,1,0.95
EP,A,1,0.90
GA,A,2,0.93
EP,A,2,0.85
GA,B,1,0.84
EP,B,1,0.80
GA,B,2,0.89
EP,B,2,0.82
";
const MODEL: &str = "mixed-model t.csv --response acc --fixed algorithm --random arch --random init";

fn with(table: &str) -> Folder {
    let folder = Folder::new();
    folder.write("t.csv", table);
    folder
}

/// Every number of a report, none of which may be null.
fn check_finite(value: &Value) {
    match value {
        Value::Null => panic!("null"),
        Value::Array(values) => values.iter().for_each(check_finite),
        Value::Object(fields) => fields.values().for_each(check_finite),
        _ => {}
    }
}

#[test]
fn reference_tables() {
    let folder = reference_folder().join("mixed_lm");
    let entries = std::fs::read_dir(&folder).unwrap().map(|entry| entry.unwrap().path());
    let mut compared = 0;
    for path in entries.filter(|path| path.extension().is_some_and(|extension| extension == "json")) {
        let expected: Value = serde_json::from_slice(&std::fs::read(&path).unwrap()).unwrap();
        let table = folder.join(expected["csv"].as_str().unwrap());
        let here = with(&std::fs::read_to_string(table).unwrap());
        let reference = expected["reference_level"].as_str().unwrap();
        for model in expected["models"].as_object().unwrap().values() {
            let terms = model["random_terms"].as_array().unwrap();
            let random: Vec<String> =
                terms.iter().map(|term| format!("--random {}", term.as_str().unwrap())).collect();
            let report = here.json(&format!(
                "mixed-model t.csv --response acc --standardize --fixed algorithm --reference {reference} {}",
                random.join(" ")
            ));
            check_finite(&report);
            assert_eq!(report["convergence"]["converged"], true);
            let optimum = &model["independent_dense_reml_optimum"];
            let llf = report["log_likelihood"].as_f64().unwrap() - optimum["reml_llf"].as_f64().unwrap();
            assert!(llf.abs() < 1e-6, "{}: {llf}", path.display());
            let theirs = optimum["fixed_effects_gls_se"].as_array().unwrap();
            for (ours, theirs) in report["fixed"].as_array().unwrap().iter().zip(theirs) {
                assert_eq!(ours["term"], theirs["term"]);
                let difference = ours["estimate"].as_f64().unwrap() - theirs["coef"].as_f64().unwrap();
                assert!(difference.abs() < 1e-6, "{}: {difference}", path.display());
                compared += 1;
            }
        }
    }
    assert!(compared > 0);
}

#[test]
fn the_report_for_people() {
    let folder = with(TABLE);
    let report = folder.succeed(&format!("{MODEL} --reference EP")).stdout;
    for part in ["8 rows of t.csv, REML", "algorithm=GA", "95 % interval", "arch", "residual", ", converged"]
    {
        assert!(report.contains(part), "{part:?} is not in {report}");
    }
    assert!(report.contains("algorithm is compared with EP"), "{report}");
    assert!(folder.succeed(&format!("{MODEL} --method ml --level 0.9")).stdout.contains("90 % interval"));
}

#[test]
fn references_and_interactions() {
    let folder = with(TABLE);
    let term = |report: &Value, i: usize| report["fixed"][i]["term"].as_str().unwrap().to_owned();
    assert_eq!(term(&folder.json(MODEL), 1), "algorithm=GA");
    assert_eq!(term(&folder.json(&format!("{MODEL} --reference GA")), 1), "algorithm=EP");
    let two = "mixed-model t.csv --response acc --fixed algorithm --fixed arch --reference GA --reference B";
    let report = folder.json(&format!("{two} --random arch:init"));
    assert_eq!((term(&report, 1), term(&report, 2)), ("algorithm=EP".to_owned(), "arch=A".to_owned()));
    assert_eq!(
        (&report["random"][0]["term"], &report["random"][0]["n_levels"]),
        (&"arch:init".into(), &4.into())
    );
    // A column of that very name goes first.
    let folder = with(&TABLE.replace("init", "a:b"));
    let report = folder.json("mixed-model t.csv --response acc --fixed algorithm --random a:b");
    assert_eq!(report["random"][0]["n_levels"], 2);
}

#[test]
fn files_from_elsewhere() {
    let expected = with(TABLE).json(MODEL);
    for table in [
        TABLE.replace('\n', "\r\n"),
        format!("\u{feff}{TABLE}"),
        TABLE.replace(',', " , "),
        TABLE.replace("GA", "\"GA\""),
        TABLE.trim_end().to_owned(),
        TABLE.lines().map(|line| format!("{line},\"x, y\"\n")).collect(),
    ] {
        assert_eq!(with(&table).json(MODEL), expected, "{table:?}");
    }
}

#[test]
fn wrong_command_lines() {
    let folder = with(TABLE);
    for (arguments, said) in [
        ("mixed-model", &["required", "--response", "--fixed", "--random"][..]),
        (
            "mixed-model t.csv --response y --fixed algorithm --random arch",
            &["--response", "t.csv", "`y`", "`acc`"],
        ),
        (
            "mixed-model t.csv --response acc --fixed algo --random arch",
            &["--fixed", "`algo`", "`algorithm`"],
        ),
        ("mixed-model t.csv --response acc --fixed algorithm --random arch:inti", &["--random", "`inti`"]),
        ("mixed-model t.csv --response acc --fixed algorithm --random arch:", &["--random", "``"]),
        ("mixed-model t.csv --response acc --fixed acc --random arch", &["--response", "--fixed", "`acc`"]),
        ("mixed-model t.csv --response acc --fixed algorithm --random acc", &["--response", "--random"]),
        (
            "mixed-model t.csv --response acc --fixed algorithm --random arch --random arch",
            &["--random", "same way"],
        ),
        (
            "mixed-model t.csv --response acc --fixed algorithm --random algorithm",
            &["--random", "cannot be told"],
        ),
        (
            "mixed-model t.csv --response acc --fixed algorithm --fixed algorithm --random arch",
            &["--fixed", "`algorithm=GA`"],
        ),
    ] {
        folder.fail(2, arguments, said);
    }
    for (flags, said) in [
        ("--reference ga", &["--reference", "`algorithm`", "`ga`", "`EP`, `GA`"][..]),
        ("--reference EP --reference A", &["--reference", "2 times", "--fixed 1 times"]),
        ("--level 2", &["--level", "2", "between 0 and 1"]),
        ("--level nan", &["--level", "NaN"]),
        ("--level -1", &["--level", "-1"]),
        ("--level high", &["--level", "'high'", "number"]),
        ("--method aov", &["--method", "reml, ml"]),
    ] {
        folder.fail(2, &format!("{MODEL} {flags}"), said);
    }
}

#[test]
fn wrong_tables() {
    for (table, said) in [
        ("", &["t.csv", "empty"][..]),
        ("\n\n", &["t.csv", "empty"]),
        ("algorithm,arch,init,acc\n", &["t.csv", "no rows"]),
        (&TABLE.replace("0.84", "high"), &["t.csv, line 6, column `acc`", "'high'"]),
        (&TABLE.replace("0.84", ""), &["t.csv, line 6, column `acc`", "no value"]),
        (&TABLE.replace("0.84", "NaN"), &["t.csv, line 6, column `acc`", "finite"]),
        (&TABLE.replace("0.84", "-inf"), &["t.csv, line 6, column `acc`", "-inf"]),
        (&TABLE.replace("GA,B,2", "GA,,2"), &["t.csv, line 8, column `arch`", "label"]),
        (&TABLE.replace("GA,B,2", "GA,2"), &["t.csv, line 8", "3 fields", "4 columns"]),
        (&TABLE.replace("arch", "init"), &["t.csv"]),
        (
            &TABLE.replace("algorithm,arch,init,acc", "algorithm,arch,init,acc,acc").replace('\n', ",1\n"),
            &["t.csv"],
        ),
        (&TABLE.replace(",B,", ",A,"), &["t.csv", "`arch`", "`A`", "at least two"]),
        (&TABLE.replace("EP", "GA"), &["t.csv", "`algorithm`", "at least two"]),
        ("algorithm,arch,init,acc\nGA,A,1,0.5\nEP,B,2,0.6\n", &["t.csv", "2 rows", "2 coefficients"]),
    ] {
        let folder = with(table);
        let code = if table.starts_with("algorithm,init") { 2 } else { 1 };
        folder.fail(code, MODEL, said);
    }
    let constant: String =
        TABLE.lines().map(|line| line.split("0.").next().unwrap().to_owned() + "0.5\n").collect();
    let constant = constant.replacen("acc0.5", "acc", 1);
    with(&constant).fail(1, MODEL, &["t.csv", "`acc` is 0.5 in every row"]);
    let folder = Folder::new();
    folder.fail(1, MODEL, &["t.csv", "no such file"]);
    folder.make_folder("t.csv");
    folder.fail(1, MODEL, &["t.csv", "folder"]);
    let folder = Folder::new();
    folder.write("t.csv", b"algorithm,arch,init,acc\nGA,\xff,1,0.5\n");
    folder.fail(1, MODEL, &["t.csv, line 2", "UTF-8"]);
}

#[test]
fn help_describes_every_option() {
    let folder = Folder::new();
    let help = folder.succeed("mixed-model --help").stdout;
    for option in [
        "--response <COLUMN>",
        "--reference <LEVEL>",
        "--random <COLUMN>",
        "[default: 0.95]",
        "[default: reml]",
    ] {
        assert!(help.contains(option), "{option} is not in {help}");
    }
}
