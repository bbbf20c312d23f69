//! The one error type of this crate.

use std::io;

use slt_core::Short;

/// Everything that can be wrong with a data set, a parameter or a file.
///
/// Messages are one line each; the fields carry the numbers and names so that callers can react without
/// parsing text. Rows and columns of arrays count from 0, lines of text files from 1.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// A data set without samples or without features.
    #[error(
        "a data set of {n_samples} samples x {n_features} features is empty: at least 1 of each is needed"
    )]
    Empty {
        /// Number of rows.
        n_samples: usize,
        /// Number of columns.
        n_features: usize,
    },
    /// Features that are no square image, or one that is moved too far.
    #[error(
        "{n_features} features are not a square image of more than {pixels} pixels a side, to be moved by {pixels}"
    )]
    NotSquare {
        /// Number of features.
        n_features: usize,
        /// Pixels that images are moved by.
        pixels: usize,
    },
    /// Images that cannot be averaged down to so few pixels.
    #[error(
        "{n_features} features cannot be resized to {side} x {side}: images must be square, at most {max} pixels wide, and not \
         narrower than what they become"
    )]
    Resize {
        /// Number of features.
        n_features: usize,
        /// Pixels that a row is to have.
        side: usize,
        /// Pixels that a row may have before.
        max: usize,
    },
    /// What is to be averaged down has columns that are no pixels.
    #[error("only images are resized, and the column {column:?} holds categories")]
    ResizeCategories {
        /// Name of the column.
        column: String,
    },
    /// The number of labels differs from the number of samples.
    #[error("{n_labels} labels for {n_samples} samples: every sample needs exactly one label")]
    LabelCount {
        /// Number of rows.
        n_samples: usize,
        /// Number of labels.
        n_labels: usize,
    },
    /// A feature is NaN, infinite, or too large for `f32`.
    #[error("the value {} at row {row}, column {column} is not {}", Short(*.value), wanted(*.value))]
    NotFinite {
        /// Row, from 0.
        row: usize,
        /// Column, from 0.
        column: usize,
        /// The offending value.
        value: f64,
    },
    /// A label that is not below the number of classes.
    #[error("label {label} at row {row} is out of range: {n_classes} classes are numbered 0 to {}", .n_classes - 1)]
    LabelOutOfRange {
        /// Row, from 0.
        row: usize,
        /// The offending label.
        label: u32,
        /// Number of classes, at least 1.
        n_classes: usize,
    },
    /// A number of classes that no data set may have.
    #[error("{n_classes} classes: a data set has between 1 and {max} classes")]
    ClassCount {
        /// The number asked for.
        n_classes: usize,
        /// The largest number allowed, [`crate::MAX_CLASSES`].
        max: usize,
    },
    /// A row index beyond the last sample.
    #[error("row {index} does not exist: the data set has {n_samples} samples, rows 0 to {}", .n_samples - 1)]
    IndexOutOfRange {
        /// The index asked for.
        index: usize,
        /// Number of rows, at least 1.
        n_samples: usize,
    },
    /// The two halves of a split do not describe the same problem.
    #[error("training set and test set differ: {train} against {test} {quantity}")]
    SplitMismatch {
        /// What differs: `features` or `classes`.
        quantity: &'static str,
        /// The number in the training set.
        train: usize,
        /// The number in the test set.
        test: usize,
    },
    /// A parameter outside its range.
    #[error("{parameter} is {}: it must be {allowed}", Short(*.value))]
    Parameter {
        /// Name of the field or argument.
        parameter: &'static str,
        /// The value given.
        value: f64,
        /// The range, in words.
        allowed: &'static str,
    },
    /// A split that a data set of the paper does not come in.
    #[error("split is {split}: it must be paper for {data}")]
    PaperSplit {
        /// The split asked for.
        split: &'static str,
        /// The data set.
        data: &'static str,
    },
    /// Two parameters that must have the same number of entries.
    #[error("{parameter} has {found} entries: {expected} are needed, {reason}")]
    Length {
        /// Name of the field or argument.
        parameter: &'static str,
        /// Number of entries given.
        found: usize,
        /// Number of entries needed.
        expected: usize,
        /// Where the needed number comes from.
        reason: &'static str,
    },
    /// An array that would be larger than this crate is willing to build.
    #[error("{n_samples} samples x {n_features} features are too many: at most {max} values are built")]
    TooLarge {
        /// Number of rows asked for.
        n_samples: usize,
        /// Number of columns asked for.
        n_features: usize,
        /// The largest number of values.
        max: usize,
    },
    /// A fraction that leaves one side of a split without samples.
    #[error(
        "a test fraction of {test_fraction} gives {n_train} training and {n_test} test samples: \
         both need at least 1"
    )]
    EmptySplit {
        /// The fraction asked for.
        test_fraction: f64,
        /// Size of the training set.
        n_train: usize,
        /// Size of the test set.
        n_test: usize,
    },
    /// A name that is not in a fixed list.
    #[error("unknown {kind} {given:?}: expected one of {}", .known.join(", "))]
    UnknownName {
        /// What the name stands for, such as `data set`.
        kind: &'static str,
        /// The name given.
        given: String,
        /// The names that exist.
        known: &'static [&'static str],
    },
    /// Data with another number of features than the scaler was fitted on.
    #[error("the data have {found} features: the scaler was fitted on {expected}")]
    FeatureCount {
        /// Number of columns given.
        found: usize,
        /// Number of columns of the fit.
        expected: usize,
    },
    /// A fitted range or deviation that `f32` cannot hold, or stored parameters that no fit produces.
    #[error(
        "scaler parameters {} and {} (entry {index}) are not usable: {allowed}",
        Short(*.first),
        Short(*.second)
    )]
    ScalerParameters {
        /// Position in the list of parameter pairs.
        index: usize,
        /// Minimum or mean.
        first: f32,
        /// Maximum or standard deviation.
        second: f32,
        /// What usable parameters look like.
        allowed: &'static str,
    },
    /// A CSV file without a single line.
    #[error("the CSV file is empty: its first line should name the columns")]
    CsvEmpty,
    /// A CSV file with a header and nothing below it.
    #[error("the CSV file has no rows of data")]
    CsvNoRows,
    /// Too few columns to hold what was asked for.
    #[error(
        "the CSV file has {found} column(s) when separated by {separator:?}: at least {needed} are needed"
    )]
    CsvTooFewColumns {
        /// Number of columns found.
        found: usize,
        /// Number of columns needed.
        needed: usize,
        /// The column separator used.
        separator: char,
    },
    /// A row with more or fewer fields than the first one.
    #[error("line {line} has {found} field(s), the first line {expected}")]
    CsvRagged {
        /// Line, from 1.
        line: u64,
        /// Number of fields in this line.
        found: usize,
        /// Number of fields in the first line.
        expected: usize,
    },
    /// A first line of numbers and texts, where the dialect leaves it to the line whether it names the
    /// columns.
    #[error(
        "line {line} holds the number {number:?} beside texts: it could name the columns or be the first \
         sample; say whether the file has a header"
    )]
    CsvHeaderUnclear {
        /// Line, from 1.
        line: u64,
        /// A number in that line, shortened.
        number: String,
    },
    /// A quoted field that goes on at the end of its line.
    #[error(
        "line {line}, field {field}: the quote is not closed on its line (a field may not hold a line end)"
    )]
    CsvQuote {
        /// Line of the opening quote, from 1.
        line: u64,
        /// Field of the line, from 1.
        field: usize,
    },
    /// A field with a character that is no text.
    #[error("line {line}, field {field}: there is the control character U+{:04X}", u32::from(*.character))]
    CsvControl {
        /// Line, from 1.
        line: u64,
        /// Field of the line, from 1.
        field: usize,
        /// The character.
        character: char,
    },
    /// A line that is longer than any line of a table.
    #[error("line {line} has more than {max} bytes: is this a CSV file?")]
    CsvLongLine {
        /// Line, from 1.
        line: u64,
        /// The largest length in bytes.
        max: usize,
    },
    /// A line with more fields than any table has columns.
    #[error("line {line} has {found} fields: at most {max} columns are read")]
    CsvTooManyColumns {
        /// Line, from 1.
        line: u64,
        /// Number of fields.
        found: usize,
        /// The largest number.
        max: usize,
    },
    /// A column that the file does not have, or has several times.
    #[error("there are {count} columns named {name:?}, exactly one is needed; the columns are {known}")]
    CsvColumn {
        /// The name asked for, shortened.
        name: String,
        /// How often it occurs.
        count: usize,
        /// The column names of the file; of many the first ones.
        known: String,
    },
    /// Two columns of one name.
    #[error("there are two columns named {name:?}: names must differ")]
    CsvEqualColumns {
        /// The name, shortened.
        name: String,
    },
    /// A column that is to be two things.
    #[error("the column {name:?} is asked to be two of these at once: target, category, ignored")]
    CsvColumnUse {
        /// The name, shortened.
        name: String,
    },
    /// A later file with other columns than the training file.
    #[error(
        "the columns are not those of the training data{}{}",
        part("; missing: ", .missing),
        part("; too many: ", .extra)
    )]
    CsvColumns {
        /// Columns that are not there.
        missing: String,
        /// Columns that the training file did not have.
        extra: String,
    },
    /// A later file with another number of columns than the training file, which did not name them.
    #[error(
        "columns are taken by their positions, as the training data have no names for them: expected {expected}, found {found}"
    )]
    CsvColumnCount {
        /// Columns of the file.
        found: usize,
        /// How many there may be, and which of them holds the labels.
        expected: String,
    },
    /// A later file without names of columns, where the training file had names.
    #[error("the file has no header: its first line must name the columns, as in the training data")]
    CsvNoNames,
    /// A field without a value, where none may be missing.
    #[error("line {line}, column {column:?}: the value is missing ({text:?}); missing values can be imputed")]
    CsvMissing {
        /// Line, from 1.
        line: u64,
        /// Name of the column.
        column: String,
        /// The field.
        text: String,
    },
    /// A column of more categories than may become features.
    #[error("line {line}, column {column:?}: the column has more than {max} categories")]
    CsvTooManyLevels {
        /// Line of the first one too many, from 1.
        line: u64,
        /// Name of the column.
        column: String,
        /// The largest number.
        max: usize,
    },
    /// A table with other columns than those that the preprocessing was fitted on.
    #[error("the table has {found} column(s), which are not the {expected} of the training data")]
    TableColumns {
        /// Number of columns of the table.
        found: usize,
        /// Number of columns of the training data.
        expected: usize,
    },
    /// A missing value that nothing stands for.
    #[error("the value at row {row}, column {column:?} is missing; missing values can be imputed")]
    MissingValue {
        /// Row, from 0.
        row: usize,
        /// Name of the column.
        column: String,
    },
    /// A column without any value in the training rows.
    #[error("column {column:?} has no value in the training rows")]
    NoValues {
        /// Name of the column.
        column: String,
    },
    /// A table without labels where they are needed.
    #[error("there is no column of labels")]
    NoLabels,
    /// A label that the training data did not have.
    #[error("the label {label:?} at row {row} is not a known class; the classes are {known}")]
    UnknownClass {
        /// Row, from 0.
        row: usize,
        /// The label, shortened.
        label: String,
        /// The classes that exist; of many the first ones.
        known: String,
    },
    /// A stored preprocessing that no fit produces.
    #[error("the stored preprocessing is not usable: {problem}")]
    Preprocessing {
        /// What is wrong.
        problem: &'static str,
    },
    /// A field that should be a number and is not.
    #[error("line {line}, column {column:?}: {text:?} is not a number (such as 3, -0.5 or 1e-4)")]
    CsvNotANumber {
        /// Line, from 1.
        line: u64,
        /// Name of the column.
        column: String,
        /// The field, shortened.
        text: String,
    },
    /// A number that is NaN, infinite, or too large.
    #[error("line {line}, column {column:?}: {text:?} is not a finite number of at most {max} in size")]
    CsvNotFinite {
        /// Line, from 1.
        line: u64,
        /// Name of the column.
        column: String,
        /// The field, shortened.
        text: String,
        /// The largest size: that of single precision, or of double precision.
        max: &'static str,
    },
    /// A row without a label.
    #[error("line {line}, column {column:?}: the label is missing")]
    CsvMissingLabel {
        /// Line, from 1.
        line: u64,
        /// Name of the label column.
        column: String,
    },
    /// A label that is no number of a class, where classes have no names.
    #[error(
        "line {line}, column {column:?}: {label:?} is not the number of a class, 0 to {last}, which is all that is known of \
         the classes"
    )]
    CsvClassNumber {
        /// Line, from 1.
        line: u64,
        /// Name of the label column.
        column: String,
        /// The label, shortened.
        label: String,
        /// Number of the last class.
        last: usize,
    },
    /// More different labels than there are classes, where classes have no names.
    #[error(
        "line {line}, column {column:?}: the column of the labels, by its position, has more than {max} different ones, and there \
         are {max} classes"
    )]
    CsvTooManyLabels {
        /// Line, from 1.
        line: u64,
        /// Name of the label column.
        column: String,
        /// Number of classes.
        max: usize,
    },
    /// A label that is not in the list of classes the caller gave.
    #[error("line {line}, column {column:?}: {label:?} is not a known class; the classes are {known}")]
    CsvUnknownClass {
        /// Line, from 1.
        line: u64,
        /// Name of the label column.
        column: String,
        /// The label, shortened.
        label: String,
        /// The classes that exist; of many the first ones.
        known: String,
    },
    /// A field that is not UTF-8 text.
    #[error("line {line}, field {field}: the text is not UTF-8")]
    CsvNotUtf8 {
        /// Line, from 1.
        line: u64,
        /// Field of the line, from 1.
        field: usize,
    },
    /// A file that does not start as its format demands.
    #[error("not {format}: the file starts with {found:02x?}, expected {expected}")]
    Magic {
        /// The format asked for.
        format: &'static str,
        /// The first bytes of the file.
        found: Vec<u8>,
        /// What should be there.
        expected: &'static str,
    },
    /// A version of the `.npy` format that does not exist yet.
    #[error(".npy version {major}.{minor} is not supported: 1.0, 2.0 and 3.0 are")]
    NpyVersion {
        /// Major version.
        major: u8,
        /// Minor version.
        minor: u8,
    },
    /// A `.npy` header that cannot be understood.
    #[error("broken .npy header: {problem}")]
    NpyHeader {
        /// What is missing or malformed.
        problem: &'static str,
    },
    /// A `.npy` element type other than real numbers.
    #[error(
        "the kind of .npy array is not supported: its elements are {descr:?}; floats of 16, 32 and 64 bits, \
         integers and bool are (numpy: x.astype('<f8'))"
    )]
    NpyDtype {
        /// The type in the header, shortened.
        descr: String,
    },
    /// A `.npy` array that does not hold what is needed.
    #[error("the .npy array has shape {shape:?}: needed is {needed}")]
    NpyShape {
        /// The shape in the header.
        shape: Vec<usize>,
        /// What would be right.
        needed: &'static str,
    },
    /// A `.npz` file that cannot be read, or does not hold what is needed.
    #[error("the .npz file cannot be used: {problem}")]
    Npz {
        /// What is wrong.
        problem: String,
    },
    /// An array of a `.npz` file that cannot be read.
    #[error("array {name:?}: {error}")]
    NpzArray {
        /// Name of the array, shortened.
        name: String,
        /// What is wrong.
        #[source]
        error: Box<Error>,
    },
    /// File names among which no pair of images and labels is found.
    #[error("IDX files: {problem}")]
    IdxFiles {
        /// What is wrong.
        problem: String,
    },
    /// A label in a `.npy` file that is not a class index.
    #[error("the label {} at row {row} is not a class: it must be a whole number of at most {max}", Short(*.value))]
    NpyLabel {
        /// Row, from 0.
        row: usize,
        /// The value found.
        value: f64,
        /// The largest index allowed.
        max: usize,
    },
    /// Images and labels of an IDX pair that do not belong together.
    #[error("{n_images} images but {n_labels} labels: the two IDX files do not belong together")]
    IdxCount {
        /// Number of images.
        n_images: usize,
        /// Number of labels.
        n_labels: usize,
    },
    /// A file that ends early.
    #[error("truncated {format} file: {expected} bytes of {part} are announced, {found} are there")]
    Truncated {
        /// The format being read.
        format: &'static str,
        /// The part that is incomplete.
        part: &'static str,
        /// Number of bytes announced.
        expected: u64,
        /// Number of bytes found.
        found: u64,
    },
    /// A file that goes on after its announced end.
    #[error("the {format} file goes on after the {expected} bytes of {part} it announces")]
    TrailingBytes {
        /// The format being read.
        format: &'static str,
        /// The last part of the file.
        part: &'static str,
        /// Number of bytes announced.
        expected: u64,
    },
    /// The underlying reader or writer failed.
    #[error("cannot read or write: {0}")]
    Io(#[from] io::Error),
}

/// What a value that is refused should be: one that is finite is too large for single precision.
fn wanted(value: f64) -> &'static str {
    if value.is_finite() {
        "a number of single precision (at most 3.4e38 in size)"
    } else {
        "a finite number"
    }
}

/// A part of a message, unless there is nothing to say.
fn part(title: &str, said: &str) -> String {
    if said.is_empty() { String::new() } else { format!("{title}{said}") }
}

/// The position of `given` in a list of names, or the error that lists them.
pub(crate) fn known_name(
    kind: &'static str,
    given: &str,
    known: &'static [&'static str],
) -> Result<usize, Error> {
    known.iter().position(|&name| name == given).ok_or_else(|| Error::UnknownName {
        kind,
        given: excerpt(given),
        known,
    })
}

/// The beginning of a text from outside, short enough for a message of one line.
pub(crate) fn excerpt(text: &str) -> String {
    const LONGEST: usize = 40;
    match text.char_indices().nth(LONGEST) {
        Some((end, _)) => format!("{}...", &text[..end]),
        None => text.to_owned(),
    }
}
