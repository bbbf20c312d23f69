//! Records on disk: whole or not at all, and never wrong.

mod common;

use std::fs;

use common::{TIMES, compute, files, small_spec};
use slt_paper::{Error, RunRecord, RunSpec, Store};

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
    let newer = String::from_utf8(bytes.clone()).unwrap().replacen(
        "\"results_version\":1",
        "\"results_version\":2",
        1,
    );
    for (damaged, expected) in [
        (Vec::new(), "no record"),
        (bytes[..bytes.len() / 2].to_vec(), "no record"),
        (b"{}".to_vec(), "no record"),
        (newer.into_bytes(), "results version 2"),
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
