//! numpy's `.npy` format, version 1.0: one table, a sample a row, the features first and the label in the
//! last column.
//!
//! ```python
//! numpy.save("data.npy", numpy.column_stack([X, y]).astype("<f8"))    # readable here
//! table = numpy.load("data.npy"); X, y = table[:, :-1], table[:, -1]  # what `write` makes
//! ```

mod header;
mod reader;
mod writer;

pub use reader::read;
pub use writer::{write, write_dataset};

/// What every `.npy` file starts with.
const MAGIC: &[u8; 6] = b"\x93NUMPY";
/// Name of the format in errors.
const FORMAT: &str = ".npy";
