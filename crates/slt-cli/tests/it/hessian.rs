//! `slt hessian`: eigenvalues at a ticket.

use crate::common::Folder;
use serde_json::Value;

/// A folder with a ticket of digits, two classes.
fn with_ticket() -> Folder {
    let folder = Folder::new();
    folder.succeed("edge-popup --data digits --classes 2 --arch 64,6,2 --epochs 5 --out t.slt");
    folder
}

fn values(report: &Value, key: &str) -> Vec<f64> {
    report[key].as_array().unwrap().iter().map(|value| value.as_f64().unwrap()).collect()
}

#[test]
fn wrong_options_name_flag_and_range() {
    let folder = with_ticket();
    for (options, said) in [
        ("--top 0", &["--top", "from 1"][..]),
        ("--top -1", &["--top", "from 1"]),
        ("--max-steps 0", &["--max-steps", "from 1"]),
        ("--tolerance 0", &["--tolerance is 0", "above 0"]),
        ("--tolerance nan", &["--tolerance is NaN", "above 0"]),
        ("--parameters some", &["--parameters", "unmasked, all"]),
        ("--split validation", &["--split", "train, test"]),
        ("--dense --lanczos", &["--dense", "--lanczos"]),
        ("--seed x", &["--seed", "whole number"]),
        ("--threads 0", &["--threads", "1 to 1024"]),
    ] {
        folder.fail(2, &format!("hessian t.slt --data digits {options}"), said);
    }
    // The ticket says what it was made on.
    let report = |command: &str| {
        let mut report = folder.json(command);
        report.as_object_mut().unwrap().remove("seconds");
        report
    };
    assert_eq!(report("hessian t.slt"), report("hessian t.slt --data digits"));
    folder.fail(1, "hessian none.slt --data digits", &["none.slt"]);
    folder.fail(1, "hessian t.slt --data circles", &["t.slt", "circles", "features"]);
}

#[test]
fn both_methods_agree() {
    let folder = with_ticket();
    for parameters in ["unmasked", "all"] {
        let report = |method: &str| {
            folder.json(&format!("hessian t.slt --data digits --parameters {parameters} --top 4 {method}"))
        };
        let (dense, lanczos) = (report("--dense"), report("--lanczos --seed 3"));
        assert_eq!((&dense["method"], &lanczos["method"]), (&"dense".into(), &"lanczos".into()));
        assert_eq!(lanczos["converged"], true);
        let (exact, found) = (values(&dense, "eigenvalues"), values(&lanczos, "eigenvalues"));
        assert!(exact.len() == 4 && exact[0] > 0.0 && exact.is_sorted_by(|a, b| a >= b), "{exact:?}");
        for ((exact, found), residual) in exact.iter().zip(&found).zip(values(&lanczos, "residuals")) {
            assert!((exact - found).abs() < 1e-6 * exact.abs().max(1.0), "{exact} {found}");
            assert!(residual <= 1e-6, "{residual}");
        }
        for key in ["loss", "gradient_norm", "dimension", "data", "accuracy"] {
            assert_eq!(dense[key], lanczos[key], "{key}");
        }
        let dimension = if parameters == "all" { 64 * 6 + 6 * 2 + 8 } else { (64 * 6 + 6 * 2) / 2 + 8 };
        assert_eq!(dense["dimension"], dimension, "{parameters}");
    }
}

#[test]
fn data_are_those_of_an_evaluation() {
    let folder = with_ticket();
    for options in ["--split test", "--split train", "--split test --scaling none"] {
        let hessian = folder.run(&format!("hessian t.slt --data digits --top 1 --json {options}"));
        let evaluation = folder.run(&format!("evaluate t.slt --data digits --json {options}"));
        // The same warnings on the same data.
        assert_eq!((hessian.code, &hessian.stderr), (Some(0), &evaluation.stderr), "{options}");
        let (hessian, evaluation) = (hessian.json(), evaluation.json());
        for key in ["data", "split", "samples", "accuracy"] {
            assert_eq!(hessian[key], evaluation[key], "{options} {key}");
        }
        let (ours, theirs) = (hessian["loss"].as_f64().unwrap(), evaluation["loss"].as_f64().unwrap());
        assert!((ours - theirs).abs() < 1e-5 * theirs, "{options}: {ours} {theirs}");
    }
}

#[test]
fn threads_do_not_matter_and_lack_of_convergence_is_told() {
    let folder = with_ticket();
    let report = |options: &str| {
        let mut report = folder.json(&format!("hessian t.slt --data digits --lanczos --top 3 {options}"));
        report.as_object_mut().unwrap().remove("seconds").unwrap();
        report
    };
    assert_eq!(report("--threads 1"), report("--threads 3"));
    let done = folder.succeed("hessian t.slt --data digits --lanczos --top 3 --max-steps 4 --json");
    assert!(done.stderr.contains("not converged after 4 steps"), "{done:?}");
    assert_eq!((&done.json()["converged"], &done.json()["products"]), (&false.into(), &4.into()));
    let text = folder.succeed("hessian t.slt --data digits --lanczos --top 2").stdout;
    assert!(text.contains("Lanczos steps") && text.contains("residual"), "{text}");
}

#[test]
fn help_says_what_there_is() {
    let help = Folder::new().succeed("hessian --help").stdout;
    for part in ["--split", "--top", "--dense", "--parameters", "--seed", "--json", "Machine:"] {
        assert!(help.contains(part), "{part}");
    }
}
