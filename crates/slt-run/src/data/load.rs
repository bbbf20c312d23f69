//! Loading a file.

use std::path::{Path, PathBuf};

use slt_core::Seed;
use slt_datasets::io::csv::{Dialect, Header};
use slt_datasets::paper::PaperData;
use slt_datasets::scaling::ScalerKind;
use slt_datasets::table::{Column, Preprocessing, Table, TableOptions};
use slt_datasets::{Split, split};
use slt_mlp::{DataFiles, DataSplit, Ticket, TicketError};

use super::content::Content;
use super::{DataSource, FileData, FileFormat, TestPart};
use crate::Error;

/// How a file is to become samples. The default suits a table of numbers with the labels in the last column.
#[derive(Debug, Clone, Default)]
pub struct FileOptions {
    /// Which columns hold what, and how the file is laid out.
    pub table: TableOptions,
    /// Width that square images are averaged down to before they are scaled, see
    /// [`Resize`](slt_datasets::Resize).
    pub resize: Option<usize>,
    /// How the features are scaled.
    pub scaling: FileScaling,
    /// Where the test part comes from.
    pub test: TestChoice,
}

/// How the features of a file are scaled.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum FileScaling {
    /// Tables to mean 0 and deviation 1, column by column; images, which are bytes, to `[-0.7, 0.7]`, all
    /// pixels alike.
    #[default]
    ByFormat,
    /// Not at all.
    None,
    /// As asked.
    Kind(ScalerKind),
}

/// Where the test part of a file comes from.
#[derive(Debug, Clone, PartialEq)]
pub enum TestChoice {
    /// The same share of every class, drawn at random.
    Share {
        /// The share, above 0 and below 1.
        fraction: f64,
        /// What it is drawn from.
        seed: Seed,
    },
    /// A file of its own.
    File(PathBuf),
}

impl Default for TestChoice {
    /// A quarter, drawn from seed 1.
    fn default() -> Self {
        Self::Share { fraction: 0.25, seed: Seed(1) }
    }
}

/// Data, and what they are.
#[derive(Debug, Clone)]
pub struct Loaded {
    /// What specs say of them.
    pub source: DataSource,
    /// Training and test part.
    pub split: Split,
    /// What later rows of a file need to become samples; none for the paper's data.
    pub preprocessing: Option<Preprocessing>,
    /// What a user should know: a file without a header, values that were filled in.
    pub notes: Vec<String>,
}

impl Loaded {
    /// Data of the paper.
    ///
    /// # Errors
    /// If there are no such data.
    pub fn paper(data: PaperData) -> Result<Self, Error> {
        Ok(Self { source: data.into(), split: data.load()?, preprocessing: None, notes: Vec::new() })
    }

    /// A ticket that was found on these data with all that later rows need: scaler, categories, names of
    /// columns and classes, and the files. A ticket of the paper's data needs nothing.
    ///
    /// # Errors
    /// If the ticket's network is not for these data.
    pub fn keep_in(&self, ticket: Ticket) -> Result<Ticket, TicketError> {
        match (&self.preprocessing, &self.source) {
            (Some(preprocessing), DataSource::File(file)) => {
                ticket.with_preprocessing(preprocessing.clone())?.with_source(file.for_ticket())
            }
            _ => Ok(ticket),
        }
    }
}

/// Loads a file of any format that is known, divides it, and turns it into samples. What is learned from the
/// data (values for missing ones, categories, the scaling) is learned from the training part alone. `-` is
/// CSV on standard input, a folder is one of IDX files.
///
/// Memory: about twice the samples in single precision, and once more where there are categories.
///
/// # Errors
/// [`Error::File`] with the name of the file, and line and column where the format has them.
pub fn load_file(path: &Path, options: &FileOptions) -> Result<Loaded, Error> {
    let in_file = |error| Error::File { path: path.to_owned(), error };
    let Content { table, test, format, sha256 } = Content::read(path, &options.table)?;
    let (train, test) = match (&options.test, test) {
        (TestChoice::File(_), _) => (table, None),
        (TestChoice::Share { .. }, Some(test)) => (table, Some((test, TestPart::Given))),
        (TestChoice::Share { fraction, seed }, None) => {
            let labels = table.labels().ok_or(slt_datasets::Error::NoLabels).map_err(in_file)?;
            let rows = split::stratified_rows(labels, *fraction, *seed).map_err(in_file)?;
            let (train, test) = table.split(&rows).map_err(in_file)?;
            (train, Some((test, TestPart::Share { fraction: *fraction, seed: *seed })))
        }
    };
    let scaler = options.scaling.of(format);
    let preprocessing = match options.resize {
        None => Preprocessing::fit(&train, options.table.missing, scaler),
        Some(side) => Preprocessing::fit_images(&train, options.table.missing, side, scaler),
    };
    let preprocessing = preprocessing.map_err(in_file)?;
    let (test, part) = match (test, &options.test) {
        (Some(test), _) => test,
        (None, TestChoice::File(path)) => {
            let rows = read_rows(path, &preprocessing, &options.table.dialect)?;
            (rows.table, TestPart::File(rows.sha256))
        }
        (None, TestChoice::Share { .. }) => return Err(in_file(slt_datasets::Error::NoLabels)),
    };

    let mut notes = Vec::new();
    if matches!(format, FileFormat::Csv { header: false, .. })
        && options.table.dialect.header == Header::Detect
    {
        notes.push(format!(
            "{}: the first line holds numbers, so it is a sample, and columns are called x0, x1, ...; --header if it \
             names them",
            path.display()
        ));
    }
    match train.n_missing() + test.n_missing() {
        0 => {}
        missing => notes.push(format!("{missing} missing values are filled in ({})", options.table.missing)),
    }
    for (column, category) in preprocessing.unknown_categories(&test).map_err(in_file)? {
        notes.push(format!(
            "the test part has the category `{category}` in `{column}`, which the training part has not: all its inputs \
             are 0"
        ));
    }

    let name = name_of(path);
    let train = preprocessing.dataset(train, &name).map_err(in_file)?;
    let test = preprocessing.dataset(test, &name).map_err(in_file)?;
    let text = |columns: &[Column]| columns.iter().map(ToString::to_string).collect();
    let source = FileData {
        sha256,
        format,
        target: preprocessing.target_name().map(str::to_owned),
        categorical: text(&options.table.categorical),
        ignored: text(&options.table.ignored),
        missing: options.table.missing,
        resize: options.resize,
        scaling: scaler,
        test: part,
        features: train.n_features(),
        classes: train.n_classes(),
        samples: train.n_samples(),
    };
    let split = Split::new(train, test).map_err(in_file)?;
    Ok(Loaded {
        source: DataSource::File(Box::new(source)),
        split,
        preprocessing: Some(preprocessing),
        notes,
    })
}

/// Rows of a file as the samples that a ticket was made for.
#[derive(Debug, Clone)]
pub struct Rows {
    /// SHA-256 of each file.
    pub sha256: Vec<String>,
    /// Features, and labels if the file has them.
    pub table: Table,
}

/// Reads a file with the columns of an earlier one, with or without labels; of files with a training and a
/// test part the test part.
///
/// # Errors
/// [`Error::File`] with the name of the file, and with line and column or the names of columns that are
/// missing or too many.
pub fn read_rows(path: &Path, preprocessing: &Preprocessing, dialect: &Dialect) -> Result<Rows, Error> {
    Ok(rows_of(Content::later(path, preprocessing, dialect, false)?))
}

/// As [`read_rows`], to predict from: labels are not needed, and may be any texts where the classes have no
/// names; see [`Preprocessing::read_features`].
///
/// # Errors
/// As [`read_rows`].
pub fn read_rows_to_predict(
    path: &Path,
    preprocessing: &Preprocessing,
    dialect: &Dialect,
) -> Result<Rows, Error> {
    Ok(rows_of(Content::later(path, preprocessing, dialect, true)?))
}

fn rows_of(Content { table, test, sha256, .. }: Content) -> Rows {
    Rows { sha256, table: test.unwrap_or(table) }
}

/// Data for a ticket from a file with labels: of the file that the ticket was made on, training and test part
/// as they were; of any other file all samples, for either part. Returns whether both parts are the ticket's
/// own, too.
///
/// # Errors
/// As [`read_rows`]; [`Error::NeedsTestFile`] if the test part was a file of its own and `test` does not name
/// it.
pub fn load_for_ticket(
    path: &Path,
    preprocessing: &Preprocessing,
    files: Option<&DataFiles>,
    dialect: &Dialect,
    test: Option<&Path>,
) -> Result<(Split, bool), Error> {
    let in_file = |error| Error::File { path: path.to_owned(), error };
    let content = Content::later(path, preprocessing, dialect, false)?;
    let known = files.filter(|files| files.sha256 == content.sha256);
    let mut are_its_own = known.is_some();
    let (train, test) = match (known.map(|files| &files.split), content.test, test) {
        (split, _, Some(path)) => {
            let rows = read_rows(path, preprocessing, dialect)?;
            are_its_own = matches!(split, Some(DataSplit::TestFile { sha256 }) if *sha256 == rows.sha256);
            (content.table, rows.table)
        }
        (Some(DataSplit::Stratified { test_fraction, seed }), _, None) => {
            let labels = content.table.labels().ok_or(slt_datasets::Error::NoLabels).map_err(in_file)?;
            let rows = split::stratified_rows(labels, *test_fraction, Seed(*seed)).map_err(in_file)?;
            content.table.split(&rows).map_err(in_file)?
        }
        (Some(DataSplit::TestFile { .. }), _, None) => {
            return Err(Error::NeedsTestFile { path: path.to_owned() });
        }
        (Some(_), Some(test), None) => (content.table, test),
        (_, test, None) => {
            let all = test.unwrap_or(content.table);
            (all.clone(), all)
        }
    };
    let name = name_of(path);
    let train = preprocessing.dataset(train, &name).map_err(in_file)?;
    let test = preprocessing.dataset(test, &name).map_err(in_file)?;
    Ok((Split::new(train, test).map_err(in_file)?, are_its_own))
}

impl FileScaling {
    fn of(self, format: FileFormat) -> Option<ScalerKind> {
        match (self, format) {
            (Self::None, _) => None,
            (Self::Kind(kind), _) => Some(kind),
            (Self::ByFormat, FileFormat::Idx) => Some(ScalerKind::MinMaxGlobal),
            (Self::ByFormat, _) => Some(ScalerKind::Standard),
        }
    }
}

/// What data are called: the name of their file without endings.
fn name_of(path: &Path) -> String {
    let name = path.file_name().unwrap_or(path.as_os_str()).to_string_lossy();
    let name = name.strip_suffix(".gz").unwrap_or(&name);
    let stem = Path::new(name).file_stem().map_or(name.into(), |stem| stem.to_string_lossy());
    if stem == "-" { "standard input".to_owned() } else { stem.into_owned() }
}
