//! The work of a scale as tasks: `slt reproduce --task` and `--emit`, and `slt results merge`.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::process::{Command, Stdio};

use crate::common::Folder;
use serde_json::json;

const SMOKE: &str = "reproduce --scale smoke";

/// The records below a folder.
fn runs(folder: &Folder, name: &str) -> BTreeMap<PathBuf, Vec<u8>> {
    let root = folder.path(name).join("runs");
    let files = folder.files().into_iter().filter(|(path, _)| path.is_file());
    files.filter_map(|(path, bytes)| Some((path.strip_prefix(&root).ok()?.to_owned(), bytes))).collect()
}

/// Whether a program of the machine takes a file; not asked where there is no such program.
#[track_caller]
fn accepts(folder: &Folder, program: &str, arguments: &[&str]) {
    let check =
        Command::new(program).args(arguments).current_dir(folder.path("")).stdin(Stdio::null()).output();
    if let Ok(output) = check {
        assert!(output.status.success(), "{program} {arguments:?}: {output:?}");
    }
}

#[test]
fn tasks_together_are_the_figure() {
    let folder = Folder::new();
    // One run: each division is a single task.
    let figure = "fig11 --scale smoke --runs 1";
    folder.succeed(&format!("reproduce {figure} --out whole"));
    let script = folder.succeed(&format!("reproduce {figure} --emit parallel")).stdout;
    let names: Vec<&str> = script.lines().filter_map(|line| line.strip_prefix("    '1-")).collect();
    assert_eq!(names.len(), 5, "{script}");
    for (i, name) in names.iter().enumerate() {
        let task = format!("1-{}", name.trim_end_matches('\''));
        let command = format!("reproduce {figure} --out part{} --task {task}", i % 2);
        assert_eq!(folder.succeed(&command).stdout, "");
        // Again: nothing is left to do.
        let before = folder.files();
        let summary = folder.json(&command);
        assert_eq!((&summary["task"], summary.as_object().unwrap().len()), (&json!(task), 2));
        assert!(summary["computed"].as_u64().unwrap() >= 1 && folder.files() == before);
    }
    let whole = runs(&folder, "whole");
    let merged = folder.json("results merge one part0 part1");
    assert_eq!(merged, json!({ "copied": whole.len(), "equal": 0, "total": whole.len() }));
    folder.succeed("results merge other part1 part0");
    assert!(runs(&folder, "one") == whole && runs(&folder, "other") == whole);
    folder.succeed("results verify --out one");
}

#[test]
fn a_task_that_is_too_early_or_unknown_says_so() {
    let folder = Folder::new();
    let early = format!("{SMOKE} --out out --task 2-moons-2.50.50.2-part-2");
    folder.run(&early).check_failure(1, &early, &["needs task `1-moons-2.50.50.2-part-", "first"]);
    let unknown = format!("{SMOKE} --out none --task 1-moons");
    folder.fail(2, &unknown, &["--task", "`1-moons`", "such as `1-", "--emit"]);
    folder.fail(2, &format!("{SMOKE} --task x --shard 1/2"), &["--shard", "--task"]);
}

#[test]
fn scripts_are_valid_and_name_every_task() {
    let folder = Folder::new();
    for scale in ["smoke", "paper"] {
        for (engine, file) in [("hyperqueue", "farm.py"), ("slurm", "slurm.sh"), ("parallel", "parallel.sh")]
        {
            let command = format!("reproduce --scale {scale} --emit {engine}");
            assert_eq!(folder.succeed(&format!("{command} --script {file}")).stdout, "");
            let script = folder.read(file);
            assert_eq!(folder.succeed(&command).stdout.as_bytes(), script);
            let script = String::from_utf8(script).unwrap();
            let rest: Vec<&str> =
                script.split('@').filter(|part| !part.contains([' ', ']', ')', '"'])).collect();
            assert_eq!(rest, Vec::<&str>::new(), "{engine}: a field is not filled in");
            for name in ["1-moons-2.50.50.2-part-2", "2-moons-2.50.50.2-part-2", "3-moons-2.50.50.2"] {
                assert!(script.contains(name), "{engine}: {name}");
            }
            match file {
                "farm.py" => {
                    let check = "compile(open('farm.py').read(), 'farm.py', 'exec')";
                    accepts(&folder, "python3", &["-c", check]);
                }
                _ => accepts(&folder, "bash", &["-n", file]),
            }
        }
    }
}

/// A stand-in for GNU parallel that ends with a code.
#[cfg(unix)]
#[test]
fn the_script_for_parallel_says_whether_tasks_failed_or_parallel_did() {
    use std::env;
    use std::os::unix::fs::PermissionsExt;

    let folder = Folder::new();
    folder.succeed("reproduce fig11 --scale smoke --runs 1 --emit parallel --script parallel.sh");
    folder.make_folder("bin");
    folder.write(
        "bin/parallel",
        "#!/bin/sh\n[ \"$1\" = --version ] && echo 'GNU parallel 20221122' || exit \"$CODE\"\n",
    );
    std::fs::set_permissions(folder.path("bin/parallel"), std::fs::Permissions::from_mode(0o755)).unwrap();
    let others = env::var_os("PATH").unwrap_or_default();
    let path = env::join_paths(std::iter::once(folder.path("bin")).chain(env::split_paths(&others))).unwrap();
    for (code, said) in [
        (0, ""),
        (1, "stage 1: 1 task failed; "),
        (2, "stage 1: 2 tasks failed; "),
        (10, "stage 1: 10 tasks failed; "),
        (100, "stage 1: 100 tasks failed; "),
        (101, "stage 1: more than 100 tasks failed; "),
        (143, "stage 1: GNU parallel failed itself, with exit code 143"),
        (255, "stage 1: GNU parallel failed itself, with exit code 255"),
    ] {
        let mut bash = Command::new("bash");
        bash.args(["parallel.sh", "true", "out"]).env("PATH", &path).env("CODE", code.to_string());
        // Not asked where there is no bash.
        let Ok(output) = bash.current_dir(folder.path("")).stdin(Stdio::null()).output() else { return };
        let stderr = String::from_utf8(output.stderr).unwrap();
        assert_eq!(output.status.code(), Some(i32::from(code != 0)), "{code}: {stderr}");
        match said {
            "" => assert_eq!(stderr, ""),
            said => assert!(stderr.starts_with(&format!("error: {said}")), "{code}: {stderr}"),
        }
    }
}

#[test]
fn what_cannot_be_emitted() {
    let folder = Folder::new();
    for (arguments, said) in [
        ("--emit lsf", ["--emit", "hyperqueue, slurm, parallel"]),
        ("--emit slurm --out out", ["--emit", "--out"]),
        ("--emit slurm --jobs 2", ["--emit", "--jobs"]),
        ("--emit slurm --task x", ["--emit", "--task"]),
        ("--script farm.sh", ["--script", "--emit"]),
        ("fig2 --emit slurm", ["--emit", "need no runs"]),
    ] {
        let (code, said) = (2, said.to_vec());
        let said: Vec<&str> = if arguments.starts_with("--script") { vec!["--emit"] } else { said };
        folder.fail(code, &format!("{SMOKE} {arguments}"), &said);
    }
    folder.fail(
        1,
        &format!("{SMOKE} --emit slurm --script none/farm.sh"),
        &["none/farm.sh", "does not exist"],
    );
}

#[test]
fn what_cannot_be_merged() {
    let folder = Folder::new();
    folder.fail(2, "results merge", &["<DEST>"]);
    folder.fail(2, "results merge one", &["<SRC>"]);
    folder.fail(1, "results merge one none", &["none holds no results", "slt reproduce --out"]);
    folder.make_folder("damaged");
    folder.make_folder("damaged/runs");
    folder.write("damaged/runs/0.json", "{}");
    folder.fail(1, "results merge one damaged", &["0.json", "no record"]);
}
