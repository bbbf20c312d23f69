//! Validated data sets, scikit-learn-exact generators, the digits data, scaling, splits, and readers and
//! writers.
//!
//! A [`Dataset`] is checked once, when it is made, so everything that takes one can do without checks. There
//! are three ways to get one:
//!
//! - a data set of the paper: [`paper::moons`], [`paper::circles`], [`paper::blobs`], [`paper::digits`], or
//!   any of them by name through [`paper::PaperData`];
//! - a generator with parameters of one's own: [`moons::Moons`], [`circles::Circles`], [`blobs::Blobs`];
//! - a file: a [`table`] that [`io::csv`], [`io::npy`] or [`io::npz`] is read into, or [`io::idx`] images;
//!   then [`split`] and [`scaling`].
//!
//! The generators give the numbers of scikit-learn, because the paper's experiments start from them: they run
//! on [`numpy::RandomState`], which gives numpy's random numbers draw for draw. Generators and files deliver
//! [`Raw`] data in double precision; [`Raw::into_dataset`] rounds to the single precision that networks work
//! in.
//!
//! Splits of one's own draw from the named streams of [`slt_core::Seed`]. Nothing here depends on the
//! platform, the clock, or the number of threads, and nothing opens files: readers take [`std::io::Read`],
//! writers [`std::io::Write`].
//!
//! ```
//! let data = slt_datasets::paper::moons()?;
//! assert_eq!(data.train.n_samples(), 50_000);
//! assert_eq!(data.train.class_counts(), [25_000, 25_000]);
//! # Ok::<(), slt_datasets::Error>(())
//! ```

/// The example of the README runs, too.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct Readme;

mod dataset;
pub mod digits;
mod error;
mod generators;
pub mod io;
pub mod numpy;
pub mod paper;
mod resize;
pub mod scaling;
mod shifts;
pub mod split;
pub mod table;

pub use dataset::{Dataset, MAX_CLASSES, Split};
pub use error::Error;
pub use generators::{Raw, RawSplit, blobs, circles, moons};
pub use paper::paper;
pub use resize::Resize;
pub use shifts::Shifts;
