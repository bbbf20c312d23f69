//! `slt mixed-model`.

use std::io::Write;
use std::path::Path;
use std::process::Stdio;

use crate::common::{Done, Folder, reference_folder};
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
const TERMS: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../fixtures/reference/mixed_lm_terms");
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
        ("--reference EP --reference A", &["--reference", "'A'", "one more than there are fixed effects"]),
        ("--reference EP --reference algorithm=GA", &["--reference", "`algorithm` has two", "`EP` and `GA`"]),
        ("--level 2", &["--level", "2", "between 0 and 1"]),
        ("--level 1e300", &["--level is 1e300:"]),
        ("--level nan", &["--level", "NaN"]),
        ("--level -1", &["--level", "-1"]),
        ("--level high", &["--level", "'high'", "number"]),
        ("--method aov", &["--method", "reml, ml"]),
        ("--separator ab", &["--separator", "one character", "tab"]),
        ("--separator a", &["--separator", "letters"]),
        ("--decimal dot", &["--decimal", "point or comma"]),
        ("--separator , --decimal comma", &["--separator", "comma"]),
        ("--numeric x", &["--numeric", "`x`", "--fixed"]),
        ("--factor arch", &["--factor", "`arch`", "--fixed"]),
        ("--factor algorithm --numeric algorithm", &["--numeric", "`algorithm`", "--factor too"]),
        ("--numeric algorithm --reference GA", &["--numeric", "`algorithm`", "--reference too"]),
        ("--interaction algorithm", &["--interaction", "`algorithm`", "a:b"]),
        (
            "--interaction algorithm:arch",
            &["--interaction", "`algorithm:arch`", "needs the fixed effect `arch`"],
        ),
        ("--interaction algorithm:algorithm", &["--interaction", "`algorithm:algorithm`", "different"]),
        ("--interaction algorithm:Arch", &["--interaction", "no column `Arch`", "`arch`"]),
        ("--interaction algorithm:acc", &["--response and --interaction", "`acc`"]),
        ("--fixed ,", &["--fixed", "empty term"]),
        ("--test-against arch", &["--test-against", "`arch`"]),
        ("--test-against algorithm", &["--test-against", "not all"]),
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
        (&TABLE.replace("0.84", "high"), &["t.csv: line 6, column \"acc\"", "\"high\""]),
        (&TABLE.replace("0.84", ""), &["t.csv: line 6, column `acc`", "missing", "--drop-missing"]),
        (&TABLE.replace("0.84", "NaN"), &["t.csv: line 6, column `acc`", "missing", "--drop-missing"]),
        (&TABLE.replace("0.84", "-inf"), &["t.csv: line 6, column \"acc\"", "-inf", "finite"]),
        (&TABLE.replace("GA,B,2", "GA,,2"), &["t.csv: line 8, column `arch`", "missing", "--drop-missing"]),
        (&TABLE.replace("GA,B,2", "GA,2"), &["t.csv: line 8", "3 field", "4"]),
        (&TABLE.replace("arch", "init"), &["t.csv"]),
        (
            &TABLE.replace("algorithm,arch,init,acc", "algorithm,arch,init,acc,acc").replace('\n', ",1\n"),
            &["t.csv"],
        ),
        (&TABLE.replace(",B,", ",A,"), &["t.csv", "`arch`", "`A`", "at least two"]),
        (&TABLE.replace("EP", "GA"), &["t.csv", "`algorithm`", "at least two"]),
        ("algorithm,arch,init,acc\nGA,A,1,0.5\nEP,B,2,0.6\n", &["t.csv", "2 rows", "2 coefficients"]),
        ("algorithm,arch,init,acc\nGA,A,1,0.5\n", &["t.csv", "`GA`", "at least two"]),
        // Lines as an editor counts them.
        (&TABLE.replace('\n', "\r\n").replace("0.84", "oops"), &["t.csv: line 6", "oops"]),
        (&TABLE.replace('\n', "\r").replace("0.84", "oops"), &["t.csv: line 6", "oops"]),
        (&TABLE.replace("GA,A,2", "\n  \n\r\nGA,A,2").replace("0.84", "oops"), &["t.csv: line 9", "oops"]),
        // A quote that is never closed, and a label that would be two lines of the report.
        (&TABLE.replace("GA,B,1", "\"GA,B,1"), &["t.csv: line 6", "quote"]),
        (&TABLE.replace("GA,", "\"GA\nconverged\","), &["t.csv: line 2", "line end"]),
        (&TABLE.replace("GA,", "GA\u{1b}[31m,"), &["t.csv: line 2", "U+001B"]),
        ("1,2,3\n1,2,3\n", &["t.csv", "first line must name the columns"]),
    ] {
        let folder = with(table);
        let code = if table.starts_with("algorithm,init") { 2 } else { 1 };
        folder.fail(code, MODEL, said);
    }
    let constant: String =
        TABLE.lines().map(|line| line.split("0.").next().unwrap().to_owned() + "0.5\n").collect();
    let constant = constant.replacen("acc0.5", "acc", 1);
    with(&constant).fail(1, MODEL, &["t.csv", "`acc` is 0.5 in every row"]);
    with(&constant.replace("0.5", "1e160")).fail(1, MODEL, &["t.csv", "`acc` is 1e160 in every row"]);
    let folder = Folder::new();
    folder.fail(1, MODEL, &["t.csv", "no such file"]);
    folder.make_folder("t.csv");
    folder.fail(1, MODEL, &["t.csv", "folder"]);
    let folder = Folder::new();
    folder.write("t.csv", b"algorithm,arch,init,acc\nGA,\xff,1,0.5\n");
    folder.fail(1, MODEL, &["t.csv: line 2", "UTF-8"]);
}

/// A response whose variance is beyond f64 is not constant, and has effects in its standard deviations.
#[test]
fn a_response_of_extreme_size() {
    let plain = with(TABLE).json(&format!("{MODEL} --standardize"));
    for exponent in ["e160", "e-170"] {
        let folder = with(
            &TABLE
                .lines()
                .map(|line| line.replace("0.", "9.") + exponent + "\n")
                .collect::<String>()
                .replacen(&format!("acc{exponent}"), "acc", 1),
        );
        folder.fail(1, MODEL, &["t.csv", "`acc` spread by about", "--standardize"]);
        let report = folder.json(&format!("{MODEL} --standardize"));
        let z = |report: &Value| report["fixed"][1]["z"].as_f64().unwrap();
        assert!((z(&report) - z(&plain)).abs() < 1e-6, "{report}");
    }
}

/// statsmodels' issue 4152: a covariate within groups.
const TOY: &str = "group,x,y\n0,1,0\n0,2,1\n0,3,1\n1,4,0\n1,5,1\n1,6,1\n";

#[test]
fn numbers_are_covariates_unless_they_are_declared_to_be_labels() {
    let folder = with(TOY);
    let model = "mixed-model t.csv --response y --fixed x --random group";
    for flags in ["", "--numeric x"] {
        let report = folder.json(&format!("{model} {flags}"));
        assert_eq!((&report["covariates"][0], &report["references"]), (&"x".into(), &Value::Array(vec![])));
        assert_eq!(report["fixed"][1]["term"], "x");
        // Slope and error of the two groups' own regressions, which are alike.
        assert!((report["fixed"][1]["estimate"].as_f64().unwrap() - 4.0 / 9.0).abs() < 1e-9);
    }
    let text = folder.succeed(model).stdout;
    assert!(text.contains("x is numeric") && text.contains("--factor x"), "{text}");
    let text = folder.succeed(&format!("{model} --numeric x")).stdout;
    assert!(text.contains("x is numeric\n"), "{text}");
    // Six levels of six rows are too many; that it is a factor shows in the coefficients that are missing.
    for flags in ["--factor x", "--reference 3", "--reference x=3"] {
        folder.fail(1, &format!("{model} {flags}"), &["t.csv", "6 rows", "6 coefficients"]);
    }
    with(&TOY.replace("0,2,", "0,two,")).fail(
        1,
        &format!("{model} --numeric x"),
        &["t.csv: line 3", "\"x\"", "two"],
    );
    with(&TOY.replace("0,2,", "0,inf,")).fail(1, model, &["t.csv: line 3", "\"x\"", "inf", "finite"]);
    // One value that is no number makes labels of all.
    let years = with(&TABLE.replace("GA", "2019").replace("EP", "2021"));
    assert_eq!(years.json(MODEL)["fixed"][1]["term"], "algorithm");
    let report = years.json(&format!("{MODEL} --factor algorithm"));
    assert_eq!(
        (&report["fixed"][1]["term"], &report["references"][0]["level"]),
        (&"algorithm=2021".into(), &"2019".into())
    );
    let report = with(&TABLE.replace("GA", "2019")).json(MODEL);
    assert_eq!(report["fixed"][1]["term"], "algorithm=EP");
    // A covariate may group rows too.
    let report =
        with(TABLE).json("mixed-model t.csv --response acc --fixed init,algorithm --random arch:init");
    assert_eq!((&report["covariates"][0], &report["random"][0]["n_levels"]), (&"init".into(), &4.into()));
}

#[test]
fn interactions_of_fixed_effects() {
    let folder = with(TABLE);
    let model = "mixed-model t.csv --response acc --random arch:init";
    let expected =
        folder.json(&format!("{model} --fixed algorithm --fixed arch --interaction algorithm:arch"));
    assert_eq!(expected["fixed"][3]["term"], "algorithm=GA:arch=B");
    for fixed in ["algorithm,arch,algorithm:arch", "algorithm,arch --fixed algorithm:arch"] {
        assert_eq!(folder.json(&format!("{model} --fixed {fixed}")), expected);
    }
    let report = folder.json(&format!("{model} --fixed algorithm,arch,algorithm:arch --reference arch=B"));
    assert_eq!(report["fixed"][3]["term"], "algorithm=GA:arch=A");
    let (ours, theirs) = (report["fixed"][3]["estimate"].as_f64(), expected["fixed"][3]["estimate"].as_f64());
    assert!((ours.unwrap() + theirs.unwrap()).abs() < 1e-9);
    let rows = TABLE.replace("GA,B,1,0.84\n", "").replace("GA,B,2,0.89\n", "");
    let flags = format!("{model} --fixed algorithm,arch,algorithm:arch");
    with(&rows).fail(2, &flags, &["--interaction", "t.csv", "`algorithm=GA:arch=B`", "no row"]);
}

#[test]
fn likelihood_ratio_tests() {
    let folder = with(&std::fs::read_to_string(Path::new(TERMS).join("drawn.csv")).unwrap());
    let model = "mixed-model t.csv --response y --fixed a,x,a:x --random g --random h --reference lo";
    let report = folder.json(&format!("{model} --drop1 --test-against a,x"));
    check_finite(&report);
    let (test, drop1) = (&report["likelihood_ratio"], &report["drop1"]);
    assert_eq!(test, &drop1["tests"][0]);
    assert_eq!((&test["dropped"][0], &test["df"]), (&"a:x".into(), &2.into()));
    assert_eq!(test["larger"], drop1["full"]);
    let expected: Value =
        serde_json::from_slice(&std::fs::read(Path::new(TERMS).join("drawn.json")).unwrap()).unwrap();
    let expected = &expected["models"]["factor_by_covariate"];
    let close =
        |ours: &Value, theirs: &Value| (ours.as_f64().unwrap() - theirs.as_f64().unwrap()).abs() < 1e-6;
    assert!(
        close(&test["p"], &expected["drop1"][0]["p"])
            && close(&test["smaller"]["aic"], &expected["drop1"][0]["aic"])
    );
    for field in ["log_likelihood", "aic", "bic", "n_parameters"] {
        assert!(close(&report[field], &expected["reml"]["optimum"][field]), "{field}: {report}");
    }
    let text = folder.succeed(&format!("{model} --drop1 --test-against 1")).stdout;
    for part in ["restricted log-likelihood", "AIC", "with 9 parameters", "test (ML) of a, x, a:x", "(none)"]
    {
        assert!(text.contains(part), "{part:?} is not in {text}");
    }
    assert!(!folder.json(model).as_object().unwrap().contains_key("drop1"));
}

#[test]
fn rows_with_missing_values() {
    let complete = with(TABLE).json(MODEL);
    let gaps = "GA,A,,0.99\nEP,NA,1,0.1\n,A,1,0.3\nGA,B,2,?\n";
    let folder = with(&format!("{TABLE}{gaps}"));
    folder.fail(1, MODEL, &["t.csv: line 10, column `init`", "--drop-missing"]);
    let mut report = folder.json(&format!("{MODEL} --drop-missing"));
    assert_eq!(report["rows_dropped"].take(), 4);
    let mut expected = complete.clone();
    assert_eq!(expected["rows_dropped"].take(), 0);
    assert_eq!(report, expected);
    let text = folder.succeed(&format!("{MODEL} --drop-missing")).stdout;
    assert!(
        text.contains("8 rows of t.csv") && text.contains("4 rows with missing values were left out"),
        "{text}"
    );
    let one = with(&format!("{TABLE}GA,A,,0.99\n")).succeed(&format!("{MODEL} --drop-missing")).stdout;
    assert!(one.contains("1 row with missing values was left out"), "{one}");
    // What is not used may be missing.
    let unused =
        TABLE.lines().map(|line| format!("{line},{}\n", if line.starts_with('a') { "note" } else { "" }));
    assert_eq!(with(&unused.collect::<String>()).json(MODEL), complete);
    let nothing = with("algorithm,arch,init,acc\nGA,A,1,NA\n");
    nothing.fail(1, &format!("{MODEL} --drop-missing"), &["t.csv", "no rows without missing values"]);
}

#[test]
fn other_separators_decimals_and_standard_input() {
    let expected = with(TABLE).json(MODEL);
    let comma = |separator: &str| TABLE.replace(',', separator).replace('.', ",");
    for (table, flags) in [
        (TABLE.replace(',', ";"), ""),
        (TABLE.replace(',', "\t"), "--separator tab"),
        (TABLE.replace(',', "|"), "--separator |"),
        (comma(";"), "--decimal comma"),
        (comma("\t"), "--decimal , --separator tab"),
        (TABLE.replace(',', " , ").replace("GA", "\"GA\""), ""),
        (TABLE.replace('\n', "\r"), ""),
        (TABLE.replace("GA,A,2", "   \n\nGA,A,2"), ""),
        (TABLE.replace("GA", "\u{a0}GA\u{a0}"), ""),
    ] {
        assert_eq!(with(&table).json(&format!("{MODEL} {flags}")), expected, "{table:?}");
    }
    let folder = Folder::new();
    let mut child = folder.command(&format!("{} --json", MODEL.replace("t.csv", "-")));
    let mut child =
        child.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    child.stdin.take().unwrap().write_all(TABLE.as_bytes()).unwrap();
    let mut report = Done::of(child).json();
    assert_eq!(report["table"].take(), "standard input");
    let mut expected = expected;
    expected["table"].take();
    assert_eq!(report, expected);
    folder.fail(1, &MODEL.replace("t.csv", "-"), &["standard input", "empty"]);
}

/// The reference and its order, tails that vanish, and values that are next to nothing.
#[test]
fn what_is_printed() {
    let case = TABLE.replace("GA", "ga").replace("EP", "GA");
    let (folder, text) =
        (with(&case), |folder: &Folder, flags: &str| folder.succeed(&format!("{MODEL} {flags}")).stdout);
    assert!(text(&folder, "").contains("algorithm is compared with GA"));
    assert_eq!(folder.json(MODEL)["references"][0]["level"], "GA");
    let sizes = with(&TABLE.replace("GA", "2").replace("EP", "10"));
    assert_eq!(sizes.json(&format!("{MODEL} --factor algorithm"))["references"][0]["level"], "2");
    // z beyond 38, where the tail is no number, and one that rounds to 0.
    let sure = TABLE.replace("EP", "\"E, P\"").replace("0.9", "90000.9");
    for table in [sure, TABLE.replace("0.", "1000.")] {
        let text = text(&with(&table), "");
        assert!(!text.contains("0.00e0") && !text.contains("-0.00 ") && !text.contains("1 rows"), "{text}");
    }
    let certain = text(&with(&TABLE.replace("0.", "1000000.")), "");
    assert!(certain.contains("<1e-300"), "{certain}");
    assert!(text(&with(TABLE), "--level 0.29").contains("29 % interval"));
}

#[test]
fn help_describes_every_option() {
    let folder = Folder::new();
    let help = folder.succeed("mixed-model --help").stdout;
    for option in [
        "--response <COLUMN>",
        "--reference <LEVEL>",
        "--random <COLUMN>",
        "--fixed <TERMS>",
        "--drop1",
        "Unicode",
        "[default: point]",
        "[default: 0.95]",
        "[default: reml]",
    ] {
        assert!(help.contains(option), "{option} is not in {help}");
    }
}
