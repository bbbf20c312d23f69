//! The data sets of the paper, by name.
//!
//! | name | data | split | scaling in the paper |
//! |---|---|---|---|
//! | `moons` | two half circles, noise 0.07, seed 42 | 50,000 / 16,000 rows from two calls | min-max |
//! | `circles` | two circles, factor 0.8, noise 0.07, seed 42 | 50,000 / 16,000 rows from two calls | none |
//! | `blobs` | k = 2 to 10 clusters, 5,000 rows each, seed 10 | the last quarter is the test set | none |
//! | `digits` | the first k = 2 to 10 classes | scikit-learn's shuffled split, 3 to 1, seed 1 | min-max |
//!
//! Features are rounded to single precision, then scaled, each split by itself.
//!
//! The digits come in a second split, [`PaperSplit::FileOrder`].

mod name;
mod scaling;
mod split;

use std::str::FromStr;

use serde::{Deserialize, Serialize};

pub use name::PaperName;
pub use scaling::PaperScaling;
pub use split::PaperSplit;

use crate::{
    blobs::{self, Blobs},
    circles::Circles,
    dataset::Split,
    digits,
    error::{Error, known_name},
    generators::{Counts, Raw, RawSplit},
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
const DIGITS_SPLIT_SEED: u32 = 1;
/// The text form of the digits in file order.
const FILE_ORDER: &str = "digits-file-order";

/// One data set of the paper: which one, how many classes, how scaled, how divided.
///
/// | field | default | range |
/// |---|---|---|
/// | `name` | | moons, circles, blobs, digits |
/// | `classes` | 10 for blobs and digits | 2 to 10 for blobs and digits, only 2 for moons and circles |
/// | `scaling` | as in the paper | paper, none, minmax |
/// | `split` | as in the paper | paper; for digits also file-order |
///
/// ```
/// use slt_datasets::paper::{PaperData, PaperName, PaperScaling, PaperSplit};
///
/// let wanted = PaperData { classes: Some(4), ..PaperData::new(PaperName::Digits) };
/// assert_eq!(wanted.dataset_name()?, "digits-4-shuffled");
/// assert_eq!(wanted.load()?.train.n_classes(), 4);
///
/// let other = PaperData { scaling: PaperScaling::None, split: PaperSplit::FileOrder, ..wanted };
/// assert_eq!(other.dataset_name()?, "digits-4-raw");
/// # Ok::<(), slt_datasets::Error>(())
/// ```
///
/// On a command line a data set and its split have one name, one of [`NAMES`](Self::NAMES):
///
/// ```
/// use slt_datasets::paper::{PaperData, PaperName, PaperSplit};
///
/// assert_eq!("digits".parse::<PaperData>()?, PaperData::new(PaperName::Digits));
/// assert_eq!("digits-file-order".parse::<PaperData>()?.split, PaperSplit::FileOrder);
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
    /// How it is divided.
    pub split: PaperSplit,
}

impl PaperData {
    /// What the text form can be: the data sets in the order of the paper, the digits in either split.
    pub const NAMES: &'static [&'static str] = &["moons", "circles", "blobs", "digits", FILE_ORDER];

    /// The data set with all its classes, scaled and divided as in the paper.
    #[must_use]
    pub fn new(name: PaperName) -> Self {
        Self { name, classes: None, scaling: PaperScaling::Paper, split: PaperSplit::Paper }
    }

    /// Number of features: 64 of digits, 2 of the others.
    pub fn n_features(&self) -> u32 {
        if self.name == PaperName::Digits { 64 } else { 2 }
    }

    /// The number of classes.
    ///
    /// # Errors
    ///
    /// If there are no such data: [`Error::PaperSplit`] for a split that the data set does not come in,
    /// [`Error::Parameter`] if `classes` is outside its range.
    pub fn n_classes(&self) -> Result<u32, Error> {
        if !self.split.suits(self.name) {
            return Err(Error::PaperSplit { split: self.split.as_str(), data: self.name.as_str() });
        }
        let (range, allowed) = self.name.classes();
        let classes = self.classes.unwrap_or(*range.end());
        if range.contains(&classes) {
            return Ok(classes);
        }
        Err(Error::Parameter { parameter: "classes", value: f64::from(classes), allowed })
    }

    /// The short name that training and test set carry.
    ///
    /// The parts are joined by `-`, in this order: the data set; for blobs and digits the number of classes;
    /// `raw` or `minmax` if the scaling is not the paper's; for digits `shuffled` if the split is the
    /// paper's. So `moons`, `circles`, `blobs-10` and `digits-4-shuffled` are the paper's; `moons-raw`,
    /// `circles-minmax`, `blobs-10-minmax` and `digits-4-raw-shuffled` are scaled otherwise.
    ///
    /// `digits-4` and `digits-4-raw` are in file order: older files name these data so, and still mean them.
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
        if self.name == PaperName::Digits && self.split == PaperSplit::Paper {
            name.push_str("-shuffled");
        }
        Ok(name)
    }

    /// The data set that a [`dataset_name`](Self::dataset_name) names.
    ///
    /// ```
    /// use slt_datasets::paper::{PaperData, PaperSplit};
    ///
    /// let old = PaperData::of_dataset("digits-4").unwrap();
    /// assert_eq!((old.classes, old.split), (Some(4), PaperSplit::FileOrder));
    /// assert!(PaperData::of_dataset("moons-7").is_none());
    /// ```
    #[must_use]
    pub fn of_dataset(name: &str) -> Option<Self> {
        let plain = Self::NAMES.iter().filter_map(|name| name.parse::<Self>().ok());
        let with_classes = plain.flat_map(|data| {
            let classes = [None].into_iter().chain((2..=10).map(Some));
            classes.map(move |classes| Self { classes, ..data })
        });
        let scalings = [PaperScaling::Paper, PaperScaling::None, PaperScaling::MinMax];
        with_classes
            .flat_map(|data| scalings.map(|scaling| Self { scaling, ..data }))
            .find(|data| data.dataset_name().is_ok_and(|known| known == name))
            .map(|data| Self { classes: data.n_classes().ok(), ..data })
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
                    samples: blobs::Counts::Total(BLOB_SIZE * classes as usize),
                    centers: Some(blobs::Centers::Count(classes as usize)),
                    center_box: BLOB_BOX,
                    seed: BLOB_SEED,
                    ..Blobs::default()
                };
                blobs.generate()?.raw.split_ordered(TEST_FRACTION)
            }
            PaperName::Digits => {
                let raw = digits::first_classes(classes)?;
                match self.split {
                    PaperSplit::Paper => raw.split_shuffled(TEST_FRACTION, DIGITS_SPLIT_SEED),
                    PaperSplit::FileOrder => raw.split_ordered(TEST_FRACTION),
                }
            }
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

impl FromStr for PaperData {
    type Err = Error;

    fn from_str(given: &str) -> Result<Self, Error> {
        known_name("data set", given, Self::NAMES)?;
        if given == FILE_ORDER {
            return Ok(Self { split: PaperSplit::FileOrder, ..Self::new(PaperName::Digits) });
        }
        given.parse().map(Self::new)
    }
}

/// The moons of the paper: noise 0.07, seed 42, 50,000 training and 16,000 test samples from two calls, each
/// scaled by itself to `[-0.7, 0.7]`.
///
/// # Errors
///
/// None in practice: the parameters are fixed and valid.
///
/// ```
/// let data = slt_datasets::paper::moons()?;
/// assert_eq!((data.train.n_samples(), data.test.n_samples()), (50_000, 16_000));
/// assert_eq!(data.train.name(), "moons");
/// # Ok::<(), slt_datasets::Error>(())
/// ```
pub fn moons() -> Result<Split, Error> {
    PaperData::new(PaperName::Moons).load()
}

/// The circles of the paper: noise 0.07, factor 0.8, seed 42, 50,000 training and 16,000 test samples from
/// two calls, not scaled.
///
/// # Errors
///
/// None in practice: the parameters are fixed and valid.
///
/// ```
/// let data = slt_datasets::paper::circles()?;
/// assert_eq!(data.test.class_counts(), [8_000, 8_000]);
/// # Ok::<(), slt_datasets::Error>(())
/// ```
pub fn circles() -> Result<Split, Error> {
    PaperData::new(PaperName::Circles).load()
}

/// The blobs of the paper with `classes` clusters, 2 to 10: 5,000 samples a cluster, deviation 1, centres in
/// `[-20, 40]^2`, seed 10; the last quarter of the rows is the test set; not scaled.
///
/// # Errors
///
/// [`Error::Parameter`] if `classes` is not within 2 to 10.
///
/// ```
/// let data = slt_datasets::paper::blobs(10)?;
/// assert_eq!((data.train.n_samples(), data.test.n_samples()), (37_500, 12_500));
/// assert_eq!(data.train.name(), "blobs-10");
/// # Ok::<(), slt_datasets::Error>(())
/// ```
pub fn blobs(classes: u32) -> Result<Split, Error> {
    PaperData { classes: Some(classes), ..PaperData::new(PaperName::Blobs) }.load()
}

/// The digits of the paper: the first `k` classes, shuffled and divided as scikit-learn does it, each part
/// scaled by itself to `[-0.7, 0.7]`.
///
/// The split is `train_test_split(data, target, train_size=0.75, test_size=0.25, random_state=1)`; see
/// [`Raw::split_shuffled`]. Ten classes have 1,347 training and 450 test images.
///
/// # Errors
///
/// [`Error::Parameter`] unless `k` is 2 to 10.
///
/// ```
/// let data = slt_datasets::paper::digits(4)?;
/// assert_eq!((data.train.name(), data.train.n_features()), ("digits-4-shuffled", 64));
/// # Ok::<(), slt_datasets::Error>(())
/// ```
pub fn digits(k: u32) -> Result<Split, Error> {
    PaperData { classes: Some(k), ..PaperData::new(PaperName::Digits) }.load()
}

/// One data set of the paper, divided as in the paper; the function form of [`PaperData::load`].
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
    PaperData { classes, scaling, ..PaperData::new(name) }.load()
}

/// Training and test data from two calls with the same seed.
fn two_calls(generate: impl Fn(Counts) -> Result<Raw, Error>) -> Result<RawSplit, Error> {
    let [train, test] = TWO_CLASS_SIZES.map(|n| generate(Counts::Total(n)));
    Ok(RawSplit { train: train?, test: test? })
}
