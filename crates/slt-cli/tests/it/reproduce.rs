//! `slt reproduce`: from runs to figures, in one process or several, with interruptions.

use std::collections::BTreeMap;
use std::path::PathBuf;

use crate::common::{Done, Folder};
#[cfg(unix)]
use crate::common::{send, wait_for, wait_for_handler};

const ONE_RUN: &str = "reproduce fig4 --scale smoke --runs 1 --out results";

/// The results without times and locks.
fn results(folder: &Folder) -> BTreeMap<PathBuf, Vec<u8>> {
    let mut files = folder.files();
    let root = folder.path("results");
    files.retain(|path, _| !path.starts_with(root.join("times")) && !path.starts_with(root.join("locks")));
    files
}

/// One test, because a run takes seconds.
#[test]
fn a_figure_is_computed_once() {
    let whole = Folder::new();

    // Two at once share the work.
    let both = [whole.start(ONE_RUN), whole.start(ONE_RUN)].map(Done::of);
    for done in &both {
        assert_eq!(done.code, Some(0), "{done:?}");
        assert!(done.stdout.contains("results/fig4.png"), "{done:?}");
    }
    let first = results(&whole);
    let names: Vec<_> = first.keys().filter(|path| path.is_file()).collect();
    assert_eq!(names.len(), 6, "{names:?}");
    for extension in ["svg", "png", "csv", "json"] {
        assert!(first.contains_key(&whole.path(&format!("results/fig4.{extension}"))), "{names:?}");
    }

    // Again, and with figures named twice: nothing is computed, the bytes are the same.
    let all = whole.files();
    let report = whole.json(&format!("{ONE_RUN} fig4"));
    assert_eq!((&report["runs"], report["figures"].as_array().unwrap().len()), (&1.into(), 1));
    assert_eq!(report["figures"][0]["files"][3], "results/fig4.svg");
    assert!(whole.files() == all);

    // After an interruption it comes to the same figure. It was interrupted in the first of many runs, so
    // that it cannot have been done before the signal came.
    #[cfg(unix)]
    {
        let folder = Folder::new();
        let many = "reproduce fig4 --scale smoke --runs 100 --out results";
        let mut child = folder.start(many);
        wait_for("results/locks", &folder, &mut child);
        wait_for_handler(&child);
        send("-INT", &child);
        Done::of(child).check_failure(130, many, &["interrupted", "goes on where it stopped"]);
        folder.succeed(ONE_RUN);
        let figure = |folder: &Folder, of| folder.read(&format!("results/fig4.{of}"));
        for extension in ["svg", "png", "csv", "json"] {
            assert!(figure(&folder, extension) == figure(&whole, extension), "fig4.{extension}");
        }
    }

    // The claims that its runs suffice for are decided, and no others.
    let claims = report["claims"].as_array().unwrap();
    let decided: Vec<&str> = claims.iter().map(|outcome| outcome["claim"].as_str().unwrap()).collect();
    // They are about one run, which both protocols share.
    assert_eq!(decided, ["fig4-shape", "fig4-marginal", "fig4-homogeneous"]);
}
