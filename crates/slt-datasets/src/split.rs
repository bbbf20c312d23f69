//! Dividing a data set into a training set and a test set.
//!
//! | function | test set | use |
//! |---|---|---|
//! | [`ordered`] | the last rows | what the paper does with blobs |
//! | [`shuffled`] | random rows | data in an order that means something |
//! | [`stratified`] | random rows, the same share of every class | small or unbalanced data |
//!
//! The random ones draw from the stream `split` of the seed, so they neither disturb nor depend on any other
//! use of it. The shuffled split of scikit-learn, which the paper's digits have, is
//! [`Raw::split_shuffled`](crate::Raw::split_shuffled).

use slt_core::{Purpose, Seed, random::index_below};

use crate::{
    dataset::{Dataset, MAX_CLASSES, Split},
    error::Error,
};

const SPLIT: Purpose = Purpose::new("split");

/// The rows of the two parts of a split.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rows {
    /// Those to train on.
    pub train: Vec<usize>,
    /// Those to test on.
    pub test: Vec<usize>,
}

/// Keeps the order; the last `ceil(test_fraction * n)` rows are the test set.
///
/// This is scikit-learn's `train_test_split(test_size=test_fraction, shuffle=False)`.
///
/// # Errors
///
/// [`Error::Parameter`] unless `0 < test_fraction < 1`; [`Error::EmptySplit`] if no row is left to train on.
///
/// ```
/// use ndarray::array;
/// use slt_datasets::{Dataset, split};
///
/// let data = Dataset::new("five", array![[0.], [1.], [2.], [3.], [4.]], vec![0, 1, 0, 1, 0], 2)?;
/// let halves = split::ordered(&data, 0.25)?;
/// assert_eq!((halves.train.values(), halves.test.values()), (&[0., 1., 2.][..], &[3., 4.][..]));
/// # Ok::<(), slt_datasets::Error>(())
/// ```
pub fn ordered(data: &Dataset, test_fraction: f64) -> Result<Split, Error> {
    parts(data, &ordered_rows(data.n_samples(), test_fraction)?)
}

/// The rows of [`ordered`] for `n` samples.
///
/// # Errors
///
/// As [`ordered`].
pub fn ordered_rows(n: usize, test_fraction: f64) -> Result<Rows, Error> {
    let (n_train, _) = ordered_sizes(n, test_fraction)?;
    Ok(Rows { train: (0..n_train).collect(), test: (n_train..n).collect() })
}

/// Training and test size of [`ordered`] and [`shuffled`] for `n` samples: `n - ceil(test_fraction * n)` and
/// `ceil(test_fraction * n)`, the product taken in double precision.
///
/// # Errors
///
/// As [`ordered`].
pub fn ordered_sizes(n: usize, test_fraction: f64) -> Result<(usize, usize), Error> {
    check_fraction(test_fraction)?;
    let n_test = (test_fraction * n as f64).ceil() as usize;
    let n_train = n.saturating_sub(n_test);
    check_sizes(test_fraction, n_train, n_test)?;
    Ok((n_train, n_test))
}

/// Puts the rows into random order, then divides as [`ordered`]. Both parts keep the random order.
///
/// # Errors
///
/// As [`ordered`].
pub fn shuffled(data: &Dataset, test_fraction: f64, seed: Seed) -> Result<Split, Error> {
    parts(data, &shuffled_rows(data.n_samples(), test_fraction, seed)?)
}

/// The rows of [`shuffled`] for `n` samples.
///
/// # Errors
///
/// As [`ordered`].
pub fn shuffled_rows(n: usize, test_fraction: f64, seed: Seed) -> Result<Rows, Error> {
    let (n_train, _) = ordered_sizes(n, test_fraction)?;
    let mut train = random_order(n, seed);
    let test = train.split_off(n_train);
    Ok(Rows { train, test })
}

/// Puts the rows into random order, then divides every class by itself. Both parts keep the random order, in
/// which the classes are mixed.
///
/// A class with `m > 0` samples gives the last `min(floor(test_fraction * m + 0.5), m - 1)` in the random
/// order to the test set: the nearest whole number, halves up, but never all of them. So every class that
/// occurs at all occurs in the training set, and the size of the test set differs from `test_fraction * n` by
/// at most half a sample a class, unless that rule holds samples back.
///
/// # Errors
///
/// [`Error::Parameter`] unless `0 < test_fraction < 1`; [`Error::EmptySplit`] if every class is so small that
/// no sample is left to test on.
///
/// ```
/// use slt_core::Seed;
/// use slt_datasets::{digits, split};
///
/// let data = digits::first_classes(10)?.into_dataset("digits")?;
/// let split = split::stratified(&data, 0.2, Seed(1))?;
/// assert_eq!(split.test.class_counts(), [36, 36, 35, 37, 36, 36, 36, 36, 35, 36]);
/// # Ok::<(), slt_datasets::Error>(())
/// ```
pub fn stratified(data: &Dataset, test_fraction: f64, seed: Seed) -> Result<Split, Error> {
    parts(data, &stratified_rows(data.labels(), test_fraction, seed)?)
}

/// The rows of [`stratified`] for samples with these labels, below [`MAX_CLASSES`] each.
///
/// # Errors
///
/// As [`stratified`]; [`Error::LabelOutOfRange`] for a label that no data set may have.
pub fn stratified_rows(labels: &[u32], test_fraction: f64, seed: Seed) -> Result<Rows, Error> {
    check_fraction(test_fraction)?;
    if let Some(row) = labels.iter().position(|&label| label as usize >= MAX_CLASSES) {
        return Err(Error::LabelOutOfRange { row, label: labels[row], n_classes: MAX_CLASSES });
    }
    let mut counts = vec![0; labels.iter().max().map_or(0, |&label| label as usize + 1)];
    for &label in labels {
        counts[label as usize] += 1;
    }
    let mut train_left: Vec<usize> =
        counts.iter().map(|&m| m - stratified_test_size(m, test_fraction)).collect();
    let n_train = train_left.iter().sum();
    check_sizes(test_fraction, n_train, labels.len() - n_train)?;
    let (train, test) = random_order(labels.len(), seed).into_iter().partition(|&row| {
        let left = &mut train_left[labels[row] as usize];
        let keep = *left > 0;
        *left -= usize::from(keep);
        keep
    });
    Ok(Rows { train, test })
}

/// How many of a class's `m` samples go to the test set.
fn stratified_test_size(m: usize, test_fraction: f64) -> usize {
    let nearest = (test_fraction * m as f64 + 0.5).floor() as usize;
    nearest.min(m.saturating_sub(1))
}

/// The numbers `0..n`, shuffled: for `i` from the last position down to 1, position `i` changes places with a
/// uniform one among `0..=i`.
fn random_order(n: usize, seed: Seed) -> Vec<usize> {
    let mut rng = seed.stream(SPLIT, 0, 0);
    let mut order: Vec<usize> = (0..n).collect();
    for i in (1..n).rev() {
        order.swap(i, index_below(&mut rng, i + 1));
    }
    order
}

fn parts(data: &Dataset, rows: &Rows) -> Result<Split, Error> {
    Ok(Split { train: data.subset(&rows.train)?, test: data.subset(&rows.test)? })
}

fn check_fraction(value: f64) -> Result<(), Error> {
    if value > 0.0 && value < 1.0 {
        return Ok(());
    }
    Err(Error::Parameter { parameter: "test_fraction", value, allowed: "above 0 and below 1" })
}

fn check_sizes(test_fraction: f64, n_train: usize, n_test: usize) -> Result<(), Error> {
    if n_train > 0 && n_test > 0 {
        return Ok(());
    }
    Err(Error::EmptySplit { test_fraction, n_train, n_test })
}
