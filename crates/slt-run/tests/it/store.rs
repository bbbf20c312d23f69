//! Records on disk: whole or not at all, and never wrong.

use std::fs;
use std::path::{Path, PathBuf};

use crate::common::{TIMES, compute, files, small_spec};
use slt_run::Error;
use slt_run::{Merged, RESULTS_VERSION, RunRecord, RunSpec, RunTimes, Store};

/// What loading gives, and what is said about the file.
fn load(store: &Store, spec: &RunSpec) -> (Option<RunRecord>, Option<String>) {
    let mut said = None;
    let record = store.load(spec, |_, reason| said = Some(reason.to_owned())).unwrap();
    (record, said)
}

#[test]
fn a_record_reads_back_as_it_was() {
    let folder = tempfile::tempdir().unwrap();
    let [one, two] = [1, 2].map(|seed| RunRecord::from(compute(&small_spec(seed, 5))));
    let store = Store::open(folder.path()).unwrap();
    assert_eq!(load(&store, &one.spec()), (None, None));
    store.save(&one, &TIMES).unwrap();
    let alone = files(folder.path());
    store.save(&two, &TIMES).unwrap();
    assert_eq!(load(&store, &one.spec()), (Some(one.clone()), None));
    assert_eq!(load(&store, &two.spec()), (Some(two), None));

    // The bytes are a function of the record, and the store a folder of files that can be merged.
    let other = tempfile::tempdir().unwrap();
    Store::open(other.path()).unwrap().save(&one, &TIMES).unwrap();
    assert_eq!(files(other.path()), alone);
    assert_eq!(alone.keys().filter(|path| path.starts_with("runs")).count(), 1);
}

#[test]
fn a_damaged_record_counts_as_missing() {
    let folder = tempfile::tempdir().unwrap();
    let record = RunRecord::from(compute(&small_spec(1, 5)));
    let store = Store::open(folder.path()).unwrap();
    store.save(&record, &TIMES).unwrap();
    let path = folder.path().join("runs").join(record.spec().hash() + ".json");
    let bytes = fs::read(&path).unwrap();
    for at in (0..bytes.len()).step_by(97) {
        let mut damaged = bytes.clone();
        damaged[at] ^= 1;
        fs::write(&path, damaged).unwrap();
        let (found, said) = load(&store, &record.spec());
        assert!(found.is_none() && said.is_some(), "byte {at}");
    }
    let version = |version: u32| format!("\"results_version\":{version}");
    let (own, next) = (version(RESULTS_VERSION), version(RESULTS_VERSION + 1));
    let newer = String::from_utf8(bytes.clone()).unwrap().replacen(&own, &next, 1);
    let says_next = format!("results version {}", RESULTS_VERSION + 1);
    for (damaged, expected) in [
        (Vec::new(), "no record"),
        (bytes[..bytes.len() / 2].to_vec(), "no record"),
        (b"{}".to_vec(), "no record"),
        (newer.into_bytes(), says_next.as_str()),
    ] {
        fs::write(&path, damaged).unwrap();
        let (found, said) = load(&store, &record.spec());
        assert!(found.is_none() && said.as_ref().unwrap().contains(expected), "{said:?}");
    }
    // A whole record under the name of another run.
    fs::write(&path, &bytes).unwrap();
    let other = small_spec(2, 5).into();
    fs::rename(&path, folder.path().join("runs").join(RunSpec::hash(&other) + ".json")).unwrap();
    let (found, said) = load(&store, &other);
    assert!(found.is_none() && said.unwrap().contains("another run"));
}

#[test]
fn what_is_no_store() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("file");
    fs::write(&file, "text").unwrap();
    assert!(matches!(Store::open(&file), Err(Error::NotAFolder { .. })));
    assert!(matches!(Store::open(folder.path().join("none/store")), Err(Error::NoFolder { .. })));
    assert!(matches!(Store::open(file.join("store")), Err(Error::Io { .. })));
    assert_eq!(files(folder.path()).len(), 1);
}

/// A store of the runs with these seeds, in a folder of its own.
fn store_of(root: &Path, name: &str, seeds: &[u64], times: &RunTimes) -> PathBuf {
    let folder = root.join(name);
    let store = Store::open(&folder).unwrap();
    for &seed in seeds {
        store.save(&compute(&small_spec(seed, 5)).into(), times).unwrap();
    }
    folder
}

#[test]
fn stores_are_merged_in_any_order() {
    let folder = tempfile::tempdir().unwrap();
    let slow = RunTimes { seconds: 9.0, cpu_seconds: 8.0 };
    let a = store_of(folder.path(), "a", &[1, 2], &TIMES);
    let b = store_of(folder.path(), "b", &[2, 3], &slow);
    let whole = store_of(folder.path(), "whole", &[1, 2, 3], &TIMES);
    // What a process leaves behind that is killed while it writes.
    fs::write(b.join("runs/.slt-0.tmp"), "half a rec").unwrap();
    let runs = |root: &Path| files(&root.join("runs"));

    let (one, other) = (folder.path().join("one"), folder.path().join("other"));
    let merged = Store::merge(&one, &[a.clone(), b.clone()]).unwrap();
    assert_eq!(merged, Merged { copied: 3, equal: 1, total: 3 });
    assert_eq!(runs(&one), runs(&whole));
    Store::merge(&other, std::slice::from_ref(&b)).unwrap();
    let merged = Store::merge(&other, &[one.clone(), a.clone()]).unwrap();
    assert_eq!(merged, Merged { copied: 1, equal: 4, total: 3 });
    assert_eq!(runs(&other), runs(&whole));

    // Times that are known stay.
    let times = |root: &Path, seed| Store::open(root).unwrap().times(&small_spec(seed, 5).into());
    assert_eq!([1, 2, 3].map(|seed| times(&one, seed)), [Some(TIMES), Some(TIMES), Some(slow)]);
    assert_eq!([1, 2, 3].map(|seed| times(&other, seed)), [Some(TIMES), Some(slow), Some(slow)]);

    // Once more, and into itself: nothing changes.
    let before = files(&one);
    let merged = Store::merge(&one, &[one.clone(), a, b]).unwrap();
    assert_eq!((merged, files(&one)), (Merged { copied: 0, equal: 7, total: 3 }, before));
}

#[test]
fn what_is_not_whole_or_not_equal_is_not_merged() {
    let folder = tempfile::tempdir().unwrap();
    let a = store_of(folder.path(), "a", &[1], &TIMES);
    let b = store_of(folder.path(), "b", &[1, 2], &TIMES);
    let path = |seed| b.join("runs").join(small_spec(seed, 5).hash() + ".json");
    let target = folder.path().join("target");
    #[track_caller]
    fn fails(target: &Path, sources: [&PathBuf; 2], named: &[&str]) {
        for sources in [sources, [sources[1], sources[0]]] {
            let error = Store::merge(target, &sources.map(Clone::clone)).unwrap_err().to_string();
            for part in named {
                assert!(error.contains(part), "{part:?} is not in {error:?}");
            }
            assert!(!target.exists());
        }
    }

    let whole = fs::read(path(2)).unwrap();
    let mut flipped = whole.clone();
    flipped[whole.len() / 2] ^= 1;
    for damaged in [flipped, whole[..whole.len() / 2].to_vec(), Vec::new()] {
        fs::write(path(2), damaged).unwrap();
        fails(&target, [&a, &b], &["cannot be merged: it", &small_spec(2, 5).hash(), "remove it"]);
    }
    fs::write(path(2), &whole).unwrap();
    fs::write(b.join("runs/notes.txt"), "text").unwrap();
    fails(&target, [&a, &b], &["notes.txt", "no record"]);
    fs::remove_file(b.join("runs/notes.txt")).unwrap();
    fs::copy(path(2), b.join("runs/copy.json")).unwrap();
    fails(&target, [&a, &b], &["copy.json", "its name"]);
    fs::remove_file(b.join("runs/copy.json")).unwrap();
    fails(&target, [&a, &folder.path().join("none")], &["none", "holds no results"]);

    // The same run with another result, whole and rightly named.
    let mut other = compute(&small_spec(1, 5));
    other.best.test_accuracy += 0.25;
    Store::open(&b).unwrap().save(&other.into(), &TIMES).unwrap();
    fails(&target, [&a, &b], &["the same run and differ", &small_spec(1, 5).hash()]);
    let before = files(&a);
    assert!(matches!(Store::merge(&a, std::slice::from_ref(&b)), Err(Error::Conflict { .. })));
    assert_eq!(files(&a), before);
}
