//! numpy's `.npy` format, versions 1.0 to 3.0: arrays of floats (16, 32, 64 bits), integers or bool, in any
//! byte order, in C or Fortran order.
//!
//! [`read`] takes one table, a sample a row, the features first and the label in the last column:
//!
//! ```python
//! numpy.save("data.npy", numpy.column_stack([X, y]))                  # readable here
//! table = numpy.load("data.npy"); X, y = table[:, :-1], table[:, -1]  # what `write` makes
//! ```
//!
//! [`read_features`] and [`read_labels`] take the two from files of their own. Structured arrays, texts,
//! dates, complex numbers and objects are refused by name.

mod dtype;
mod header;
mod reader;
mod writer;

pub use reader::{read, read_features, read_labels};
pub use writer::{Element, write, write_array, write_dataset};

/// What every `.npy` file starts with.
const MAGIC: &[u8; 6] = b"\x93NUMPY";
/// Name of the format in errors.
const FORMAT: &str = ".npy";
