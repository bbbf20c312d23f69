//! Writing a file whole or not at all.

use std::fs;

use crate::common::files;
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

#[cfg(unix)]
#[test]
fn a_link_to_a_file_that_is_not_there_makes_it() {
    let folder = tempfile::tempdir().unwrap();
    fs::create_dir(folder.path().join("inner")).unwrap();
    let [first, second] = ["first", "second"].map(|name| folder.path().join(name));
    // Links are relative to their own folder, and may lead to links.
    std::os::unix::fs::symlink("second", &first).unwrap();
    std::os::unix::fs::symlink("inner/target", &second).unwrap();
    check_output(&first).unwrap();
    write_atomically(&first, b"text").unwrap();
    assert!(first.is_symlink() && second.is_symlink());
    assert_eq!(fs::read_to_string(folder.path().join("inner/target")).unwrap(), "text");

    let lost = folder.path().join("lost");
    std::os::unix::fs::symlink("none/target", &lost).unwrap();
    for result in [check_output(&lost), write_atomically(&lost, b"text")] {
        assert!(matches!(result, Err(Error::NoFolder { folder, .. }) if folder.ends_with("none")));
    }
    let circle = folder.path().join("circle");
    std::os::unix::fs::symlink("circle", &circle).unwrap();
    assert!(check_output(&circle).is_err());
    assert!(lost.is_symlink() && circle.is_symlink());
}

#[test]
fn a_name_that_no_file_can_have_is_refused_before_the_work() {
    let folder = tempfile::tempdir().unwrap();
    for name in ["new/", "..", ".", "inner/.."] {
        let path = folder.path().join(name);
        for result in [check_output(&path), write_atomically(&path, b"text")] {
            assert!(result.is_err(), "{name}");
        }
    }
    // 255 bytes are what the usual file systems allow.
    let longest = folder.path().join("x".repeat(255));
    check_output(&longest).unwrap();
    write_atomically(&longest, b"text").unwrap();
    let longer = folder.path().join("x".repeat(256));
    for result in [check_output(&longer), write_atomically(&longer, b"text")] {
        assert!(matches!(result, Err(Error::Io { path, .. }) if path == longer));
    }
    assert_eq!(files(folder.path()).len(), 1);
}

#[cfg(unix)]
#[test]
fn a_file_that_is_written_over_keeps_its_permissions() {
    use std::os::unix::fs::PermissionsExt;
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("file");
    for mode in [0o600, 0o640, 0o755] {
        fs::write(&path, "old").unwrap();
        fs::set_permissions(&path, fs::Permissions::from_mode(mode)).unwrap();
        write_atomically(&path, b"new").unwrap();
        assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o777, mode);
    }
}

#[test]
fn what_a_killed_process_left_is_swept_away() {
    let folder = tempfile::tempdir().unwrap();
    let [old, new, held, other] =
        [".slt-aBc.tmp", ".slt-new.tmp", ".slt-held.tmp", "mine.tmp"].map(|name| folder.path().join(name));
    let long_ago = std::time::SystemTime::now() - std::time::Duration::from_secs(3600);
    for path in [&old, &new, &held, &other] {
        fs::write(path, "part").unwrap();
        if path != &new {
            fs::File::options().write(true).open(path).unwrap().set_modified(long_ago).unwrap();
        }
    }
    let lock = fs::File::open(&held).unwrap();
    lock.lock().unwrap();
    check_output(&folder.path().join("out")).unwrap();
    assert!(!old.exists(), "nobody holds it");
    assert!(new.exists() && held.exists() && other.exists());
}
