//! What is in a file, whatever its format.

use std::fs::{self, File};
use std::io::{self, BufReader, Cursor, Read};
use std::path::Path;

use sha2::{Digest, Sha256};
use slt_core::canonical;
use slt_datasets::io::csv::{Decimal, Dialect, Separator};
use slt_datasets::io::{MaybeGzip, idx, npy, npz};
use slt_datasets::table::{Column, Preprocessing, Table, TableOptions};

use super::FileFormat;
use crate::Error;

/// Bytes that a format can be told by.
const MAGIC: usize = 8;

/// The content of a file.
pub(super) struct Content {
    pub(super) table: Table,
    /// The test part, if the format has one.
    pub(super) test: Option<Table>,
    pub(super) format: FileFormat,
    /// SHA-256 of each file, as 64 hexadecimal digits.
    pub(super) sha256: Vec<String>,
}

/// What the first bytes of a file say.
enum Magic {
    Npy,
    Npz,
    Idx,
    /// Anything else is read as text.
    Text,
}

impl Magic {
    fn of(start: &[u8]) -> Self {
        match start {
            [0x93, b'N', b'U', b'M', b'P', b'Y', ..] => Self::Npy,
            [b'P', b'K', 3, 4, ..] => Self::Npz,
            [0, 0, 8, 1..=4, ..] => Self::Idx,
            _ => Self::Text,
        }
    }
}

impl Content {
    /// Reads a file, or the files of a folder.
    pub(super) fn read(path: &Path, options: &TableOptions) -> Result<Self, Error> {
        if path.is_dir() {
            return Self::read_folder(path);
        }
        let ((table, test, format), sha256) = parse(path, |magic, reader| match magic {
            Magic::Text => {
                let table = Table::read(reader, options)?;
                let format = format_of(&options.dialect, table.has_header());
                Ok((table, None, format))
            }
            magic => arrays(&magic, reader, options.target.as_ref(), None),
        })?;
        Ok(Self { table, test, format, sha256: vec![sha256] })
    }

    /// Reads a file with the columns of an earlier one, with or without labels; if it is to predict from, they
    /// may be others than those of the classes where the names of these are not known.
    pub(super) fn later(
        path: &Path,
        preprocessing: &Preprocessing,
        dialect: &Dialect,
        for_predictions: bool,
    ) -> Result<Self, Error> {
        if path.is_dir() {
            return Self::read_folder(path);
        }
        let ((table, test, format), sha256) = parse(path, |magic, reader| match magic {
            Magic::Text => {
                let table = match for_predictions {
                    true => preprocessing.read_features(reader, dialect)?,
                    false => preprocessing.read(reader, dialect)?,
                };
                let format = format_of(dialect, table.has_header());
                Ok((table, None, format))
            }
            magic => {
                let target = preprocessing.target_name().map(Column::from);
                arrays(&magic, reader, target.as_ref(), Some(preprocessing.n_columns()))
            }
        })?;
        Ok(Self { table, test, format, sha256: vec![sha256] })
    }

    /// Reads images and labels as MNIST has them.
    fn read_folder(folder: &Path) -> Result<Self, Error> {
        let mut names = Vec::new();
        for entry in fs::read_dir(folder).map_err(Error::at(folder))? {
            names.extend(entry.map_err(Error::at(folder))?.file_name().into_string().ok());
        }
        let in_folder = |error| Error::File { path: folder.to_owned(), error };
        let files = idx::find(names.iter().map(String::as_str)).map_err(in_folder)?;
        let mut sha256 = Vec::new();
        let mut part = |(images, labels): (&str, &str)| -> Result<Table, Error> {
            let images = folder.join(images);
            let (features, hash) = parse(&images, |_, reader| idx::read_images(reader))?;
            sha256.push(hash);
            let (labels, hash) = parse(&folder.join(labels), |_, reader| idx::read_labels(reader))?;
            sha256.push(hash);
            let labels = labels.into_iter().map(i64::from).collect();
            Table::from_arrays(features, Some(labels)).map_err(|error| Error::File { path: images, error })
        };
        let table = part(files.train)?;
        let test = files.test.map(part).transpose()?;
        Ok(Self { table, test, format: FileFormat::Idx, sha256 })
    }
}

fn format_of(dialect: &Dialect, header: bool) -> FileFormat {
    FileFormat::Csv {
        header,
        separator: match dialect.separator {
            Separator::Detect => None,
            Separator::Byte(byte) => Some(char::from(byte)),
        },
        decimal: if dialect.decimal == Decimal::Comma { ',' } else { '.' },
    }
}

/// What is in files of numpy: the table, and a test part if there is one. The labels of a `.npy` file are in
/// the column `target`; if the number of the other columns is known, they may be missing.
fn arrays(
    magic: &Magic,
    reader: &mut dyn Read,
    target: Option<&Column>,
    n_columns: Option<usize>,
) -> Result<(Table, Option<Table>, FileFormat), slt_datasets::Error> {
    if matches!(magic, Magic::Npz) {
        // The list of what is in the file is at its end.
        let mut bytes = Vec::new();
        reader.read_to_end(&mut bytes)?;
        let found = npz::read(Cursor::new(bytes))?;
        let table = |arrays: npz::Arrays| Table::from_arrays(arrays.features, arrays.labels);
        return Ok((table(found.train)?, found.test.map(table).transpose()?, FileFormat::Npz));
    }
    let array = npy::read_features(reader)?;
    let target = target.filter(|_| n_columns.is_none_or(|n_columns| array.ncols() > n_columns));
    Ok((Table::from_array(array, target)?, None, FileFormat::Npy))
}

/// Opens a file, takes it out of gzip if it is in there, tells its format, and gives it to `read`. Returns
/// what that read, and the SHA-256 of the file as it is stored.
fn parse<T>(
    path: &Path,
    read: impl FnOnce(Magic, &mut dyn Read) -> Result<T, slt_datasets::Error>,
) -> Result<(T, String), Error> {
    let source: Box<dyn Read> = if path.as_os_str() == "-" {
        Box::new(io::stdin().lock())
    } else {
        Box::new(File::open(path).map_err(Error::at(path))?)
    };
    let mut source = Hashing { source, digest: Sha256::new() };
    let in_file = |error| Error::File { path: path.to_owned(), error };
    let read = {
        let mut inside = MaybeGzip::new(BufReader::new(&mut source)).map_err(Error::at(path))?;
        let start = start_of(&mut inside).map_err(Error::at(path))?;
        read(Magic::of(&start), &mut Cursor::new(start).chain(inside))
    };
    let read = read.map_err(in_file)?;
    io::copy(&mut source, &mut io::sink()).map_err(Error::at(path))?;
    Ok((read, canonical::to_hex(&source.digest.finalize())))
}

/// The first bytes, as many as there are.
fn start_of(reader: &mut impl Read) -> io::Result<Vec<u8>> {
    let mut start = Vec::new();
    reader.by_ref().take(MAGIC as u64).read_to_end(&mut start)?;
    Ok(start)
}

/// Hashes what goes through.
struct Hashing<R> {
    source: R,
    digest: Sha256,
}

impl<R: Read> Read for Hashing<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let n = self.source.read(buffer)?;
        self.digest.update(&buffer[..n]);
        Ok(n)
    }
}
