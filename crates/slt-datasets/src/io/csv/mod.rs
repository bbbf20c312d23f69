//! Comma-separated values: one sample a line, a column for each feature and one for the label.
//!
//! What [`write()`] and [`write_dataset`] produce:
//!
//! ```text
//! x0,x1,label
//! 0.5694151956680485,-0.3418501858136362,1
//! ```
//!
//! [`Records`] reads that and most of what other programs write, record by record: any names or none, another
//! separator, quoted fields, white space around fields, blank lines, any line ends, a byte order mark. It
//! refuses what would quietly become wrong data: records of another length, quotes that are never closed.
//! [`Table::read`](crate::table::Table::read) makes samples of the records.

mod dialect;
mod lines;
mod records;
mod writer;

pub use dialect::{Decimal, Dialect, Header, MISSING, Separator, is_missing};
pub(crate) use records::is_control;
pub use records::{Record, Records};
pub use writer::{write, write_dataset};
