//! Comma-separated values: one sample a line, a column for each feature and one for the label.
//!
//! What [`write()`] and [`write_dataset`] produce:
//!
//! ```text
//! x0,x1,label
//! 0.5694151956680485,-0.3418501858136362,1
//! ```
//!
//! [`read`] takes that and most of what other programs write: any names, the label in any column, labels of
//! any text, another separator, quoted fields, spaces around fields, blank lines, Windows line ends, a byte
//! order mark. It refuses what would quietly become wrong data: rows of another length, fields that are not
//! numbers, NaN and infinities, missing labels.

mod classes;
mod reader;
mod rows;
mod writer;

pub use reader::{Dialect, Features, LabelColumn, ReadOptions, Table, read, read_features};
pub use writer::{write, write_dataset};
