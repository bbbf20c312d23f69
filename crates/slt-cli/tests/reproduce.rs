//! `slt reproduce`: from runs to figures, in one process or several, with interruptions.

mod common;

use std::collections::BTreeMap;
use std::path::PathBuf;

use common::{Done, Folder};

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
    let folder = Folder::new();

    #[cfg(unix)]
    {
        let child = folder.start(ONE_RUN);
        while !folder.path("results/locks").exists() {
            std::thread::sleep(std::time::Duration::from_millis(1));
        }
        std::thread::sleep(std::time::Duration::from_millis(300));
        common::send("-INT", &child);
        Done::of(child).check_failure(130, ONE_RUN, &["interrupted", "goes on where it stopped"]);
    }

    // Two at once share the work.
    let both = [folder.start(ONE_RUN), folder.start(ONE_RUN)].map(Done::of);
    for done in &both {
        assert_eq!(done.code, Some(0), "{done:?}");
        assert!(done.stdout.contains("results/fig4.png"), "{done:?}");
    }
    let first = results(&folder);
    let names: Vec<_> = first.keys().filter(|path| path.is_file()).collect();
    assert_eq!(names.len(), 6, "{names:?}");
    for extension in ["svg", "png", "csv", "json"] {
        assert!(first.contains_key(&folder.path(&format!("results/fig4.{extension}"))), "{names:?}");
    }

    // Again, and with figures named twice: nothing is computed, the bytes are the same.
    let all = folder.files();
    let report = folder.json(&format!("{ONE_RUN} fig4"));
    assert_eq!((&report["runs"], report["figures"].as_array().unwrap().len()), (&1.into(), 1));
    assert_eq!(report["figures"][0]["files"][3], "results/fig4.svg");
    assert!(folder.files() == all);

    // The claims that its runs suffice for are decided, and no others.
    let claims = report["claims"].as_array().unwrap();
    let decided: Vec<&str> = claims.iter().map(|outcome| outcome["claim"].as_str().unwrap()).collect();
    // They are about one run, which both protocols share.
    assert_eq!(decided, ["fig4-shape", "fig4-marginal", "fig4-homogeneous"]);
}
