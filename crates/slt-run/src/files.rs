//! Files that appear whole or not at all.

use std::fs::{self, File, OpenOptions};
use std::io::{self, ErrorKind, Write};
use std::path::{Component, Path, PathBuf};
use std::time::Duration;

use tempfile::{Builder, NamedTempFile};

use crate::Error;

/// How the names of temporary files begin and end.
const TEMPORARY: (&str, &str) = (".slt-", ".tmp");

/// A temporary file that nobody holds and that is older than this was left by a process that was killed.
const ABANDONED: Duration = Duration::from_secs(60);

/// More links in a row than a system follows.
const MAX_LINKS: usize = 40;

/// Checks that a file can be written to `path`, before hours are spent on its content: the name is one that a
/// file can have, the folder exists and can be written to, and nothing but a regular file that may be written
/// is in the way. Where `path` is a symbolic link, all of that is about what it points to, which need not
/// exist. Temporary files that a killed process has left in that folder are removed.
///
/// # Errors
/// [`Error::NoFolder`], [`Error::NotAFile`], [`Error::NoFileName`] or [`Error::Io`]; `path` is as it was in
/// any case.
pub fn check_output(path: &Path) -> Result<(), Error> {
    let target = target_of(path)?;
    sweep(folder_of(&target));
    match fs::symlink_metadata(&target) {
        Ok(_) => drop(OpenOptions::new().write(true).open(&target).map_err(Error::at(path))?),
        Err(error) if error.kind() != ErrorKind::NotFound => return Err(Error::at(path)(error)),
        Err(_) => {}
    }
    temporary_beside(&target).map(drop).map_err(Error::at(path))
}

/// Writes a file so that it appears whole or not at all: to a temporary file in the same folder, then
/// renamed. Where `path` is a symbolic link, what it points to is written, and the link stays. A file that is
/// written over keeps its permissions.
///
/// # Errors
/// As [`check_output`]. What was at `path` is then still there, and nothing new.
pub fn write_atomically(path: &Path, bytes: &[u8]) -> Result<(), Error> {
    let target = target_of(path)?;
    replace(&target, bytes).map_err(Error::at(path))
}

/// The file that `path` is about: the end of its links. A device would be replaced by the file, so it is
/// refused like a folder.
fn target_of(path: &Path) -> Result<PathBuf, Error> {
    let no_name = || Error::NoFileName { path: path.to_owned() };
    let ends_in_a_separator = |path: &Path| {
        path.as_os_str().as_encoded_bytes().last().is_some_and(|&b| b == b'/' || b == b'\\' && cfg!(windows))
    };
    let mut target = path.to_owned();
    for _ in 0..MAX_LINKS {
        if ends_in_a_separator(&target) && !target.is_dir() {
            return Err(no_name());
        }
        match fs::read_link(&target) {
            Ok(link) => target = folder_of(&target).join(link),
            Err(_) => break,
        }
    }
    if fs::metadata(&target).is_ok_and(|found| !found.is_file()) {
        return Err(Error::NotAFile { path: path.to_owned() });
    }
    if !matches!(target.components().next_back(), Some(Component::Normal(_))) {
        return Err(no_name());
    }
    let folder = folder_of(&target);
    if !folder.is_dir() {
        return Err(Error::NoFolder { path: path.to_owned(), folder: folder.to_owned() });
    }
    Ok(target)
}

/// The folder that a path is in.
pub(crate) fn folder_of(path: &Path) -> &Path {
    match path.parent() {
        Some(parent) if !parent.as_os_str().is_empty() => parent,
        _ => Path::new("."),
    }
}

/// Whether a name is that of a temporary file of [`write_atomically`].
pub(crate) fn is_temporary(name: &str) -> bool {
    name.starts_with(TEMPORARY.0) && name.ends_with(TEMPORARY.1)
}

/// Removes the temporary files in a folder that a process has left there because it was killed. Nothing is
/// lost with one that cannot be removed, so that is no error.
pub(crate) fn sweep(folder: &Path) {
    let Ok(entries) = fs::read_dir(folder) else { return };
    for entry in entries.flatten() {
        if !entry.file_name().to_str().is_some_and(is_temporary) {
            continue;
        }
        let old = entry
            .metadata()
            .and_then(|found| found.modified())
            .is_ok_and(|time| time.elapsed().is_ok_and(|age| age >= ABANDONED));
        // The process that writes it holds a lock on it.
        if old && File::open(entry.path()).is_ok_and(|file| file.try_lock().is_ok()) {
            let _ = fs::remove_file(entry.path());
        }
    }
}

fn replace(target: &Path, bytes: &[u8]) -> io::Result<()> {
    let mut file = temporary_beside(target)?;
    file.write_all(bytes).map_err(|error| plain(&error))?;
    if let Ok(old) = fs::metadata(target) {
        file.as_file().set_permissions(old.permissions())?;
    }
    file.as_file().sync_all()?;
    file.persist(target).map_err(|error| error.error)?;
    Ok(())
}

fn temporary_beside(target: &Path) -> io::Result<NamedTempFile> {
    let mut builder = Builder::new();
    builder.prefix(TEMPORARY.0).suffix(TEMPORARY.1);
    let file =
        as_readable_as_any(&mut builder).tempfile_in(folder_of(target)).map_err(|error| plain(&error))?;
    // Some file systems know no locks; then only its age protects the file from being swept away.
    let _ = file.as_file().try_lock();
    Ok(file)
}

/// Temporary files are private; a result is as readable as any new file.
fn as_readable_as_any<'a, 'b>(builder: &'a mut Builder<'b, 'b>) -> &'a mut Builder<'b, 'b> {
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        // The umask is applied to it.
        builder.permissions(fs::Permissions::from_mode(0o666));
    }
    builder
}

/// What the system says, without the name of the temporary file that `tempfile` adds to it.
fn plain(error: &io::Error) -> io::Error {
    let text = error.to_string();
    io::Error::new(error.kind(), text.split(" at path ").next().unwrap_or(&text))
}
