//! The data sets of the paper, by name.
//!
//! | name | data | split | scaling in the paper |
//! |---|---|---|---|
//! | `moons` | two half circles, noise 0.07, seed 42 | 50,000 / 16,000 rows from two calls | min-max |
//! | `circles` | two circles, factor 0.8, noise 0.07, seed 42 | 50,000 / 16,000 rows from two calls | none |
//! | `blobs` | k = 2 to 10 clusters, 5,000 rows each, seed 10 | the last quarter is the test set | none |
//! | `digits` | the first k = 2 to 10 classes | the last quarter is the test set | min-max |
//!
//! Features are rounded to single precision, then scaled, each split by itself.

mod name;
mod scaling;

use serde::{Deserialize, Serialize};

pub use name::PaperName;
pub use scaling::PaperScaling;

use crate::{
    blobs::{self, Blobs},
    circles::Circles,
    dataset::Split,
    digits,
    error::Error,
    generators::{Raw, RawSplit, Samples},
    moons::Moons,
};

/// Rows of moons and circles: training, test.
const TWO_CLASS_SIZES: [usize; 2] = [50_000, 16_000];
const TWO_CLASS_NOISE: f64 = 0.07;
const TWO_CLASS_SEED: u32 = 42;
const BLOB_SIZE: usize = 5_000;
const BLOB_BOX: (f64, f64) = (-20.0, 40.0);
const BLOB_SEED: u32 = 10;
const TEST_FRACTION: f64 = 0.25;

/// One data set of the paper: which one, how many classes, how scaled.
///
/// | field | default | range |
/// |---|---|---|
/// | `name` | | moons, circles, blobs, digits |
/// | `classes` | 10 for blobs and digits | 2 to 10 for blobs and digits, only 2 for moons and circles |
/// | `scaling` | as in the paper | paper, none, minmax |
///
/// ```
/// use slt_datasets::paper::{PaperData, PaperName, PaperScaling};
///
/// let wanted = PaperData { name: PaperName::Digits, classes: Some(4), scaling: PaperScaling::None };
/// assert_eq!(wanted.dataset_name()?, "digits-4-raw");
/// assert_eq!(wanted.load()?.train.n_classes(), 4);
/// # Ok::<(), slt_datasets::Error>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct PaperData {
    /// Which data set.
    pub name: PaperName,
    /// The number of classes; `None` means as many as there are.
    pub classes: Option<u32>,
    /// How the features are scaled.
    pub scaling: PaperScaling,
}

impl PaperData {
    /// The data set with all its classes, scaled as in the paper.
    #[must_use]
    pub fn new(name: PaperName) -> Self {
        Self { name, classes: None, scaling: PaperScaling::Paper }
    }

    /// The number of classes.
    ///
    /// # Errors
    ///
    /// [`Error::Parameter`] if `classes` is outside the range of the data set.
    pub fn n_classes(&self) -> Result<u32, Error> {
        let (range, allowed) = self.name.classes();
        let classes = self.classes.unwrap_or(*range.end());
        if range.contains(&classes) {
            return Ok(classes);
        }
        Err(Error::Parameter { parameter: "classes", value: f64::from(classes), allowed })
    }

    /// The short name that training and test set carry.
    ///
    /// The parts are joined by `-`: the data set; for blobs and digits the number of classes; and `raw` or
    /// `minmax` if the scaling is not the paper's. So `moons`, `circles`, `blobs-10` and `digits-4` are the
    /// paper's, `moons-raw`, `circles-minmax`, `blobs-10-minmax` and `digits-4-raw` the variants.
    ///
    /// # Errors
    ///
    /// As [`n_classes`](Self::n_classes).
    pub fn dataset_name(&self) -> Result<String, Error> {
        let classes = self.n_classes()?;
        let mut name = self.name.to_string();
        if matches!(self.name, PaperName::Blobs | PaperName::Digits) {
            name.push_str(&format!("-{classes}"));
        }
        let by_the_paper = PaperScaling::Paper.scales(self.name);
        match (self.scaling.scales(self.name), by_the_paper) {
            (true, false) => name.push_str("-minmax"),
            (false, true) => name.push_str("-raw"),
            _ => {}
        }
        Ok(name)
    }

    /// Training and test data in double precision, not scaled.
    ///
    /// # Errors
    ///
    /// As [`n_classes`](Self::n_classes).
    pub fn raw(&self) -> Result<RawSplit, Error> {
        let classes = self.n_classes()?;
        match self.name {
            PaperName::Moons => two_calls(|samples| {
                let (noise, seed) = (Some(TWO_CLASS_NOISE), TWO_CLASS_SEED);
                Moons { samples, noise, seed, ..Moons::default() }.generate()
            }),
            PaperName::Circles => two_calls(|samples| {
                let (noise, seed) = (Some(TWO_CLASS_NOISE), TWO_CLASS_SEED);
                Circles { samples, noise, seed, ..Circles::default() }.generate()
            }),
            PaperName::Blobs => {
                let blobs = Blobs {
                    samples: blobs::Samples::Total(BLOB_SIZE * classes as usize),
                    centers: Some(blobs::Centers::Count(classes as usize)),
                    center_box: BLOB_BOX,
                    seed: BLOB_SEED,
                    ..Blobs::default()
                };
                blobs.generate()?.raw.split_ordered(TEST_FRACTION)
            }
            PaperName::Digits => digits::first_classes(classes)?.split_ordered(TEST_FRACTION),
        }
    }

    /// Training and test set in single precision, scaled as asked.
    ///
    /// # Errors
    ///
    /// As [`n_classes`](Self::n_classes).
    pub fn load(&self) -> Result<Split, Error> {
        let name = self.dataset_name()?;
        let RawSplit { train, test } = self.raw()?;
        let (train, test) = (train.into_dataset(name.as_str())?, test.into_dataset(name)?);
        if self.scaling.scales(self.name) {
            return Split::new(crate::scaling::min_max(&train)?, crate::scaling::min_max(&test)?);
        }
        Split::new(train, test)
    }
}

/// One data set of the paper; the function form of [`PaperData::load`].
///
/// # Errors
///
/// [`Error::Parameter`] if `classes` is outside the range of the data set.
///
/// ```
/// use slt_datasets::paper::{PaperScaling, paper};
///
/// let data = paper("blobs".parse()?, Some(3), PaperScaling::MinMax)?;
/// assert_eq!(data.train.name(), "blobs-3-minmax");
/// # Ok::<(), slt_datasets::Error>(())
/// ```
pub fn paper(name: PaperName, classes: Option<u32>, scaling: PaperScaling) -> Result<Split, Error> {
    PaperData { name, classes, scaling }.load()
}

/// Training and test data from two calls with the same seed.
fn two_calls(generate: impl Fn(Samples) -> Result<Raw, Error>) -> Result<RawSplit, Error> {
    let [train, test] = TWO_CLASS_SIZES.map(|n| generate(Samples::Total(n)));
    Ok(RawSplit { train: train?, test: test? })
}
