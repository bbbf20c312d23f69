//! What is in a file, whatever its format.

use std::fs::File;
use std::io::{self, BufReader, Cursor, Read};
use std::path::{Path, PathBuf};

use flate2::bufread::MultiGzDecoder;
use sha2::{Digest, Sha256};
use slt_core::canonical;
use slt_datasets::io::csv::{Decimal, Dialect, Separator};
use slt_datasets::io::{idx, npy};
use slt_datasets::table::{Preprocessing, Table, TableOptions};

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
    pub(super) sha256: String,
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
        let ((table, format), sha256) = parse(path, |magic, reader| match magic {
            Magic::Text => {
                let table = Table::read(reader, options)?;
                let format = format_of(&options.dialect, table.has_header());
                Ok((table, format))
            }
            magic => arrays(&magic, reader),
        })?;
        Ok(Self { table, test: None, format, sha256 })
    }

    /// Reads a file with the columns of an earlier one, with or without labels.
    pub(super) fn later(
        path: &Path,
        preprocessing: &Preprocessing,
        dialect: &Dialect,
    ) -> Result<Self, Error> {
        if path.is_dir() {
            let mut content = Self::read_folder(path)?;
            content.table = content.test.take().unwrap_or(content.table);
            return Ok(content);
        }
        let ((table, format), sha256) = parse(path, |magic, reader| match magic {
            Magic::Text => {
                let table = preprocessing.read(reader, dialect)?;
                let format = format_of(dialect, table.has_header());
                Ok((table, format))
            }
            magic => arrays(&magic, reader),
        })?;
        Ok(Self { table, test: None, format, sha256 })
    }

    /// Reads images and labels as MNIST has them.
    fn read_folder(folder: &Path) -> Result<Self, Error> {
        let mut digest = Sha256::new();
        let mut part = |images: &[&str], what: &'static str| -> Result<Option<Table>, Error> {
            let find = |kind: &str| images.iter().find_map(|name| idx_file(folder, name, kind));
            let (Some(images), Some(labels)) = (find("images"), find("labels")) else { return Ok(None) };
            let (labels_bytes, labels_hash) = parse(&labels, |_, reader| {
                let mut bytes = Vec::new();
                reader.read_to_end(&mut bytes)?;
                Ok(bytes)
            })?;
            let (data, images_hash) =
                parse(&images, |_, reader| idx::read(reader, labels_bytes.as_slice(), what))?;
            digest.update(images_hash.as_bytes());
            digest.update(labels_hash.as_bytes());
            let labels = data.labels().iter().map(|&label| i64::from(label)).collect();
            let table = Table::from_arrays(data.features().clone(), Some(labels));
            table.map(Some).map_err(|error| Error::File { path: images.clone(), error })
        };
        let train = part(&["train"], "train")?;
        let test = part(&["t10k", "test"], "test")?;
        let Some(table) = train else { return Err(Error::NoImages { path: folder.to_owned() }) };
        let sha256 = canonical::to_hex(&digest.finalize());
        Ok(Self { table, test, format: FileFormat::Idx, sha256 })
    }
}

/// The file of a part in a folder of IDX files: `train-images-idx3-ubyte`, `train-images.idx3-ubyte`, gzipped or not.
fn idx_file(folder: &Path, part: &str, kind: &str) -> Option<PathBuf> {
    let dimensions = if kind == "images" { 3 } else { 1 };
    [format!("{part}-{kind}-idx{dimensions}-ubyte"), format!("{part}-{kind}.idx{dimensions}-ubyte")]
        .into_iter()
        .flat_map(|name| [name.clone(), format!("{name}.gz")])
        .map(|name| folder.join(name))
        .find(|path| path.is_file())
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

/// Reads arrays of numpy.
fn arrays(magic: &Magic, reader: &mut dyn Read) -> Result<(Table, FileFormat), slt_datasets::Error> {
    match magic {
        Magic::Npy => {
            let raw = npy::read(reader)?;
            let labels = raw.labels.iter().map(|&label| i64::from(label)).collect();
            Ok((Table::from_arrays(raw.features.mapv(|x| x as f32), Some(labels))?, FileFormat::Npy))
        }
        _ => Err(slt_datasets::Error::CsvEmpty),
    }
}

/// Opens a file, takes it out of gzip if it is in there, tells its format, and gives it to `read`. Returns what that read, and
/// the SHA-256 of the file as it is stored.
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
    let start = start_of(&mut source).map_err(Error::at(path))?;
    let read = if start.starts_with(&[0x1f, 0x8b]) {
        let stored = BufReader::new(Cursor::new(start).chain(&mut source));
        let mut inside = MultiGzDecoder::new(stored);
        let start = start_of(&mut inside).map_err(Error::at(path))?;
        read(Magic::of(&start), &mut Cursor::new(start).chain(inside))
    } else {
        read(Magic::of(&start), &mut Cursor::new(start).chain(&mut source))
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
