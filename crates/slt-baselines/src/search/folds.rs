//! The folds of a cross-validation.

use crate::Error;

/// Rows to train on and rows to test on, both ascending.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fold {
    /// Rows of the other folds.
    pub train: Vec<usize>,
    /// Rows of this fold.
    pub test: Vec<usize>,
}

/// scikit-learn's `StratifiedKFold(n_splits=folds, shuffle=False)`: every fold has about the same share of
/// each class, and of each class the first samples go to the first fold.
///
/// The labels sorted by class, classes in the order of their first sample, are dealt to the folds in turn;
/// that gives how many samples of each class a fold gets.
///
/// ```
/// use slt_baselines::stratified_folds;
/// let folds = stratified_folds(&[1, 1, 0, 0, 0], 2)?;
/// assert_eq!(folds[0].test, [0, 2, 3]);
/// assert_eq!(folds[1].test, [1, 4]);
/// # Ok::<(), slt_baselines::Error>(())
/// ```
///
/// # Errors
/// [`Error::Parameter`] with fewer than two folds, [`Error::FoldCount`] if every class has fewer samples than
/// there are folds.
pub fn stratified_folds(labels: &[u32], folds: usize) -> Result<Vec<Fold>, Error> {
    crate::error::check(folds >= 2, "cv", folds as f64, "at least 2")?;
    let mut classes: Vec<u32> = Vec::new();
    let mut counts: Vec<usize> = Vec::new();
    let mut codes = Vec::with_capacity(labels.len());
    for &label in labels {
        let code = classes.iter().position(|&class| class == label).unwrap_or_else(|| {
            classes.push(label);
            counts.push(0);
            classes.len() - 1
        });
        counts[code] += 1;
        codes.push(code);
    }
    let largest = counts.iter().copied().max().unwrap_or(0);
    if largest < folds {
        return Err(Error::FoldCount { folds, largest });
    }
    // For each class, how many samples each fold still takes.
    let mut room = vec![vec![0; folds]; classes.len()];
    let sorted = counts.iter().enumerate().flat_map(|(code, &count)| std::iter::repeat_n(code, count));
    for (place, code) in sorted.enumerate() {
        room[code][place % folds] += 1;
    }
    let mut fold_of = Vec::with_capacity(labels.len());
    for code in codes {
        let fold = room[code].iter().position(|&left| left > 0).expect("there is room for every sample");
        room[code][fold] -= 1;
        fold_of.push(fold);
    }
    let rows = |keep: &dyn Fn(usize) -> bool| (0..labels.len()).filter(|&row| keep(fold_of[row])).collect();
    Ok((0..folds).map(|k| Fold { train: rows(&|fold| fold != k), test: rows(&|fold| fold == k) }).collect())
}
