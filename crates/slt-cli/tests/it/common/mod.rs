//! Runs the binary in a folder of its own.

#![allow(dead_code, reason = "every test file uses its own part")]

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};

use serde_json::Value;
use tempfile::TempDir;

/// A folder in which commands run; it is removed with everything in it.
pub(crate) struct Folder(TempDir);

/// What a command did.
#[derive(Debug)]
pub(crate) struct Done {
    pub(crate) code: Option<i32>,
    pub(crate) stdout: String,
    pub(crate) stderr: String,
}

impl Folder {
    pub(crate) fn new() -> Self {
        Self(tempfile::tempdir().unwrap())
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    pub(crate) fn read(&self, name: &str) -> Vec<u8> {
        fs::read(self.path(name)).unwrap_or_else(|error| panic!("{name}: {error}"))
    }

    pub(crate) fn write(&self, name: &str, bytes: impl AsRef<[u8]>) {
        fs::write(self.path(name), bytes).unwrap();
    }

    pub(crate) fn make_folder(&self, name: &str) {
        fs::create_dir(self.path(name)).unwrap();
    }

    /// `slt` with arguments separated by spaces.
    pub(crate) fn command(&self, arguments: &str) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_slt"));
        command.args(arguments.split_whitespace()).current_dir(self.0.path()).stdin(Stdio::null());
        command
    }

    pub(crate) fn run(&self, arguments: &str) -> Done {
        Done::from(self.command(arguments).output().unwrap())
    }

    /// Runs a command that succeeds.
    #[track_caller]
    pub(crate) fn succeed(&self, arguments: &str) -> Done {
        let done = self.run(arguments);
        assert_eq!(done.code, Some(0), "slt {arguments}: {done:?}");
        done
    }

    /// Runs a command that succeeds and prints one JSON object.
    #[track_caller]
    pub(crate) fn json(&self, arguments: &str) -> Value {
        self.succeed(&format!("{arguments} --json")).json()
    }

    /// Runs a command that fails with `code`: it says why in one line with all of `said`, prints nothing
    /// else, and leaves everything in the folder as it was.
    #[track_caller]
    pub(crate) fn fail(&self, code: i32, arguments: &str, said: &[&str]) {
        let before = self.files();
        let done = self.run(arguments);
        done.check_failure(code, arguments, said);
        assert!(self.files() == before, "slt {arguments}: the folder has changed");
    }

    pub(crate) fn start(&self, arguments: &str) -> Child {
        self.command(arguments).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap()
    }

    /// Everything in the folder, by path; folders have no bytes.
    pub(crate) fn files(&self) -> BTreeMap<PathBuf, Vec<u8>> {
        let mut found = BTreeMap::new();
        collect(self.0.path(), &mut found);
        found
    }
}

/// Waits until a command has written a file, or has ended.
pub(crate) fn wait_for(name: &str, folder: &Folder, child: &mut Child) {
    let start = std::time::Instant::now();
    while !folder.path(name).exists() && child.try_wait().unwrap().is_none() {
        assert!(start.elapsed() < std::time::Duration::from_secs(120), "{name} was not written");
        std::thread::sleep(std::time::Duration::from_millis(1));
    }
}

/// Waits until a process listens to signals.
#[cfg(unix)]
pub(crate) fn wait_for_handler(child: &Child) {
    let start = std::time::Instant::now();
    let catches = || {
        let status = std::fs::read_to_string(format!("/proc/{}/status", child.id())).ok()?;
        let mask = status.lines().find_map(|line| line.strip_prefix("SigCgt:"))?.trim().to_owned();
        // Bit 14 is SIGTERM.
        Some(u64::from_str_radix(&mask, 16).ok()? >> 14 & 1 == 1)
    };
    while catches() == Some(false) {
        assert!(start.elapsed() < std::time::Duration::from_secs(60), "it does not listen to signals");
        std::thread::sleep(std::time::Duration::from_millis(1));
    }
}

/// Waits until a process has had so much processor time.
#[cfg(target_os = "linux")]
pub(crate) fn wait_for_work(child: &Child, time: std::time::Duration) {
    let start = std::time::Instant::now();
    // Fields 14 and 15 are the ticks in user and in kernel mode, of which a second has 100.
    let worked = || {
        let stat = std::fs::read_to_string(format!("/proc/{}/stat", child.id())).unwrap();
        let fields: Vec<&str> = stat.rsplit(')').next().unwrap().split_whitespace().collect();
        let ticks: u64 = fields[11..13].iter().map(|ticks| ticks.parse::<u64>().unwrap()).sum();
        std::time::Duration::from_millis(10 * ticks)
    };
    while worked() < time {
        assert!(start.elapsed() < std::time::Duration::from_secs(60), "it does not work");
        std::thread::sleep(std::time::Duration::from_millis(1));
    }
}

/// Sends a signal such as `-INT`.
#[cfg(unix)]
pub(crate) fn send(signal: &str, child: &Child) {
    let sent = Command::new("kill").args([signal, &child.id().to_string()]).status().unwrap();
    assert!(sent.success());
}

fn collect(folder: &Path, found: &mut BTreeMap<PathBuf, Vec<u8>>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            collect(&path, found);
            found.insert(path, Vec::new());
        } else {
            let bytes = if path.is_file() { fs::read(&path).unwrap() } else { Vec::new() };
            found.insert(path, bytes);
        }
    }
}

impl Done {
    pub(crate) fn of(child: Child) -> Self {
        Self::from(child.wait_with_output().unwrap())
    }

    /// The one JSON object on stdout.
    #[track_caller]
    pub(crate) fn json(&self) -> Value {
        let value: Value =
            serde_json::from_str(&self.stdout).unwrap_or_else(|error| panic!("{error}: {self:?}"));
        assert!(value.is_object() && self.stdout.ends_with('\n'), "{self:?}");
        value
    }

    #[track_caller]
    pub(crate) fn check_failure(&self, code: i32, arguments: &str, said: &[&str]) {
        assert_eq!(self.code, Some(code), "slt {arguments}: {self:?}");
        assert_eq!(self.stdout, "", "slt {arguments}");
        let line = self.stderr.strip_suffix('\n').unwrap_or_default();
        assert!(line.starts_with("error: ") && !line.contains('\n'), "slt {arguments}: {self:?}");
        for part in said {
            assert!(line.contains(part), "slt {arguments}: {part:?} is not in {line:?}");
        }
    }
}

impl From<Output> for Done {
    fn from(output: Output) -> Self {
        let text = |bytes| String::from_utf8(bytes).unwrap();
        Self { code: output.status.code(), stdout: text(output.stdout), stderr: text(output.stderr) }
    }
}

/// What a report of a run says that does not depend on times and file names.
pub(crate) fn lasting(report: &Value) -> Value {
    let mut report = report.clone();
    for key in ["seconds", "cpu_seconds", "fit_cpu_seconds", "file"] {
        report.as_object_mut().unwrap().remove(key).unwrap();
    }
    report
}

/// The folder of reference numbers; `SLT_REFERENCE_DIR` replaces `fixtures/reference`.
pub(crate) fn reference_folder() -> PathBuf {
    let workspace = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    workspace.join(std::env::var_os("SLT_REFERENCE_DIR").unwrap_or_else(|| "fixtures/reference".into()))
}

/// The rows of a file that `slt data` wrote: features, and labels apart.
pub(crate) fn read_table(bytes: &[u8]) -> (Vec<Vec<f64>>, Vec<f64>) {
    let mut rows = if bytes.starts_with(b"\x93NUMPY") { npy_rows(bytes) } else { csv_rows(bytes) };
    let labels = rows.iter_mut().map(|row| row.pop().unwrap()).collect();
    (rows, labels)
}

fn csv_rows(bytes: &[u8]) -> Vec<Vec<f64>> {
    let mut lines = std::str::from_utf8(bytes).unwrap().lines();
    let header: Vec<&str> = lines.next().unwrap().split(',').collect();
    assert_eq!(header.last(), Some(&"label"));
    let rows = lines.map(|line| line.split(',').map(|number| number.parse().unwrap()).collect());
    rows.inspect(|row: &Vec<f64>| assert_eq!(row.len(), header.len())).collect()
}

/// Version 1.0 of the format: 10 bytes, a dictionary, the values.
fn npy_rows(bytes: &[u8]) -> Vec<Vec<f64>> {
    let start = 10 + usize::from(u16::from_le_bytes([bytes[8], bytes[9]]));
    let header = std::str::from_utf8(&bytes[10..start]).unwrap();
    assert!(header.contains("'descr': '<f8'") && header.contains("'fortran_order': False"), "{header}");
    let shape = header.split('(').nth(1).unwrap().split(')').next().unwrap();
    let (n_rows, n_columns) = shape.split_once(',').unwrap();
    let n_columns: usize = n_columns.trim().parse().unwrap();
    let values: Vec<f64> =
        bytes[start..].chunks_exact(8).map(|value| f64::from_le_bytes(value.try_into().unwrap())).collect();
    assert_eq!(values.len(), n_rows.trim().parse::<usize>().unwrap() * n_columns);
    values.chunks_exact(n_columns).map(<[f64]>::to_vec).collect()
}
