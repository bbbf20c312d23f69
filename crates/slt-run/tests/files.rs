//! Writing a file whole or not at all.

mod common;

use std::fs;

use common::files;
use slt_run::Error;
use slt_run::{check_output, write_atomically};

#[test]
fn a_file_is_made_or_replaced() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("file");
    for content in ["one", "another, longer"] {
        write_atomically(&path, content.as_bytes()).unwrap();
        assert_eq!(fs::read_to_string(&path).unwrap(), content);
        assert_eq!(files(folder.path()).len(), 1);
    }
}

#[test]
fn nothing_but_a_file_is_replaced() {
    let folder = tempfile::tempdir().unwrap();
    let inner = folder.path().join("inner");
    fs::create_dir(&inner).unwrap();
    for result in [check_output(&inner), write_atomically(&inner, b"text")] {
        assert!(matches!(result, Err(Error::NotAFile { path }) if path == inner));
    }
    let nowhere = folder.path().join("none/file");
    for result in [check_output(&nowhere), write_atomically(&nowhere, b"text")] {
        assert!(matches!(result, Err(Error::NoFolder { path, .. }) if path == nowhere));
    }
    assert!(files(folder.path()).is_empty() && inner.is_dir());
}

#[test]
fn a_check_leaves_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("file");
    check_output(&path).unwrap();
    assert!(files(folder.path()).is_empty());
    fs::write(&path, "old").unwrap();
    check_output(&path).unwrap();
    assert_eq!(fs::read_to_string(&path).unwrap(), "old");
}

#[cfg(unix)]
#[test]
fn a_new_file_is_as_readable_as_any() {
    use std::os::unix::fs::PermissionsExt;
    let folder = tempfile::tempdir().unwrap();
    let (ours, any) = (folder.path().join("ours"), folder.path().join("any"));
    write_atomically(&ours, b"").unwrap();
    fs::write(&any, "").unwrap();
    let mode = |path| fs::metadata(path).unwrap().permissions().mode();
    assert_eq!(mode(&ours), mode(&any));
}

#[cfg(unix)]
#[test]
fn a_link_stays_a_link() {
    let folder = tempfile::tempdir().unwrap();
    let (link, target) = (folder.path().join("link"), folder.path().join("target"));
    fs::write(&target, "old").unwrap();
    std::os::unix::fs::symlink(&target, &link).unwrap();
    write_atomically(&link, b"new").unwrap();
    assert!(link.is_symlink());
    assert_eq!(fs::read_to_string(&target).unwrap(), "new");
}
