//! Files that appear whole or not at all.

use std::fs;
use std::io::{self, Write};
use std::path::Path;

use tempfile::Builder;

use crate::Error;

/// How the names of temporary files begin and end.
pub(crate) const TEMPORARY: (&str, &str) = (".slt-", ".tmp");

/// Checks that a file can be written to `path`, before hours are spent on its content: the folder exists and can be
/// written to, and nothing but a regular file is in the way.
///
/// # Errors
/// [`Error::NoFolder`], [`Error::NotAFile`] or [`Error::Io`]; nothing is changed in any case.
pub fn check_output(path: &Path) -> Result<(), Error> {
    check_place(path)?;
    tempfile::tempfile_in(folder_of(path)).map(drop).map_err(|error| Error::at(path)(plain(&error)))
}

/// Writes a file so that it appears whole or not at all: to a temporary file in the same folder, then renamed. Where
/// `path` is a symbolic link, what it points to is written.
///
/// # Errors
/// [`Error::NoFolder`], [`Error::NotAFile`] or [`Error::Io`]. What was at `path` is then still there, and nothing new.
pub fn write_atomically(path: &Path, bytes: &[u8]) -> Result<(), Error> {
    check_place(path)?;
    let target = fs::canonicalize(path).unwrap_or_else(|_| path.to_owned());
    replace(&target, bytes).map_err(Error::at(path))
}

/// A device would be replaced by the file, so it is refused like a folder.
fn check_place(path: &Path) -> Result<(), Error> {
    let folder = folder_of(path);
    if !folder.is_dir() {
        return Err(Error::NoFolder { path: path.to_owned(), folder: folder.to_owned() });
    }
    if fs::metadata(path).is_ok_and(|found| !found.is_file()) {
        return Err(Error::NotAFile { path: path.to_owned() });
    }
    Ok(())
}

/// The folder that a path is in.
pub(crate) fn folder_of(path: &Path) -> &Path {
    match path.parent() {
        Some(parent) if !parent.as_os_str().is_empty() => parent,
        _ => Path::new("."),
    }
}

fn replace(target: &Path, bytes: &[u8]) -> io::Result<()> {
    let mut builder = Builder::new();
    builder.prefix(TEMPORARY.0).suffix(TEMPORARY.1);
    let mut file =
        as_readable_as_any(&mut builder).tempfile_in(folder_of(target)).map_err(|error| plain(&error))?;
    file.write_all(bytes).map_err(|error| plain(&error))?;
    file.as_file().sync_all()?;
    file.persist(target).map_err(|error| error.error)?;
    Ok(())
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
