//! Places that cannot be written to, and streams that are closed.

use std::io::{BufRead, BufReader};
use std::process::Stdio;

use crate::common::{Done, Folder};

const SEARCH: &str = "search --data digits --classes 2 --arch A --max-generations 3";

/// Every command that writes, up to the path that it writes to.
fn writers() -> [String; 4] {
    [
        "data moons --samples 5 --out".to_owned(),
        format!("{SEARCH} --out"),
        format!("{SEARCH} --checkpoint"),
        "prune t.slt --data digits --out".to_owned(),
    ]
}

fn with_ticket() -> Folder {
    let folder = Folder::new();
    folder.succeed(&format!("{SEARCH} --out t.slt"));
    folder
}

#[test]
fn a_folder_that_does_not_exist() {
    let folder = with_ticket();
    for command in writers() {
        folder.fail(1, &format!("{command} none/x.csv"), &["none/x.csv", "folder none does not exist"]);
        folder.fail(1, &format!("{command} t.slt/x.csv"), &["t.slt/x.csv", "folder t.slt does not exist"]);
    }
    folder.fail(1, "reproduce --out none/results", &["none/results", "folder none does not exist"]);
}

#[test]
fn something_else_is_in_the_way() {
    let folder = with_ticket();
    folder.make_folder("x.csv");
    for command in writers() {
        folder.fail(1, &format!("{command} x.csv"), &["x.csv", "expected a file"]);
    }
    folder.fail(1, "reproduce --out t.slt", &["t.slt", "expected a folder"]);
}

/// A device would be replaced by a file: a socket stands for it here.
#[cfg(unix)]
#[test]
fn a_device_is_not_replaced() {
    use std::os::unix::fs::FileTypeExt;
    let folder = with_ticket();
    let _listener = std::os::unix::net::UnixListener::bind(folder.path("x.csv")).unwrap();
    for command in writers() {
        folder.fail(1, &format!("{command} x.csv"), &["x.csv", "expected a file"]);
        assert!(folder.path("x.csv").metadata().unwrap().file_type().is_socket());
    }
}

/// The tests may run as a user who may write everywhere; then there is nothing to see.
#[cfg(unix)]
#[test]
fn a_folder_that_is_read_only() {
    use std::fs::{self, Permissions};
    use std::os::unix::fs::PermissionsExt;
    let folder = with_ticket();
    folder.make_folder("ro");
    fs::set_permissions(folder.path("ro"), Permissions::from_mode(0o555)).unwrap();
    if fs::write(folder.path("ro/probe"), "").is_err() {
        for command in writers() {
            folder.fail(1, &format!("{command} ro/x.csv"), &["ro/x.csv", "denied"]);
        }
        folder.fail(1, "reproduce --out ro/results", &["ro/results", "denied"]);
    }
    fs::set_permissions(folder.path("ro"), Permissions::from_mode(0o755)).unwrap();
}

#[test]
fn a_reader_that_has_seen_enough() {
    let folder = with_ticket();
    for arguments in
        ["inspect t.slt", "inspect t.slt --json", "--help", "search --help", &format!("{SEARCH} --json")]
    {
        // The first line is read, then the pipe is closed.
        let mut child = folder.start(arguments);
        let mut line = String::new();
        BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).unwrap();
        let done = Done::of(child);
        assert_eq!((done.code, done.stderr.as_str()), (Some(0), ""), "slt {arguments}");

        // The pipe is closed before anything is written.
        let mut child = folder.start(arguments);
        drop(child.stdout.take());
        let done = Done::of(child);
        assert_eq!((done.code, done.stderr.as_str()), (Some(0), ""), "slt {arguments}");
    }
}

#[test]
fn a_closed_stderr_changes_nothing() {
    let folder = with_ticket();
    for (arguments, code) in
        [("inspect none.slt", 1), ("inspect", 2), ("evaluate t.slt --data digits --scaling none", 0)]
    {
        let mut child = folder.start(arguments);
        drop(child.stderr.take());
        assert_eq!(Done::of(child).code, Some(code), "slt {arguments}");
    }
}

#[cfg(target_os = "linux")]
#[test]
fn a_stdout_that_is_full() {
    let folder = with_ticket();
    let full = std::fs::OpenOptions::new().write(true).open("/dev/full").unwrap();
    let output = folder.command("inspect t.slt").stdout(Stdio::from(full)).output().unwrap();
    Done::from(output).check_failure(1, "inspect t.slt", &["stdout"]);
}
