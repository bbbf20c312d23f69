//! The part of the samples that early stopping sets aside: scikit-learn's `train_test_split`.

use slt_datasets::numpy::RandomState;

use crate::Error;

/// Rows to train on and rows to validate on, each in the order of the draw.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Split {
    pub(super) train: Vec<usize>,
    pub(super) validation: Vec<usize>,
}

/// Samples of the validation part: the fraction, rounded up.
pub(super) fn validation_count(n_samples: usize, fraction: f64) -> usize {
    (fraction * n_samples as f64).ceil() as usize
}

/// Draws the parts: stratified for two classes (`StratifiedShuffleSplit`), plain for more (`ShuffleSplit`),
/// because scikit-learn stratifies where there is one output.
pub(super) fn split(
    labels: &[u32],
    n_classes: usize,
    fraction: f64,
    random: &mut RandomState,
) -> Result<Split, Error> {
    let n_samples = labels.len();
    let validation = validation_count(n_samples, fraction);
    let ensure = |holds: bool, needed| match holds {
        true => Ok(()),
        false => Err(Error::ValidationPart { validation, n_samples, needed }),
    };
    ensure(validation >= 2, "it must have at least 2 samples")?;
    ensure(validation < n_samples, "a sample must be left to train on")?;
    if n_classes != 2 {
        let mut train = random.permutation(n_samples);
        let rest = train.split_off(validation);
        return Ok(Split { train: rest, validation: train });
    }
    let mut members: Vec<Vec<usize>> = vec![Vec::new(); n_classes];
    for (row, &label) in labels.iter().enumerate() {
        members[label as usize].push(row);
    }
    members.retain(|rows| !rows.is_empty());
    let train = n_samples - validation;
    ensure(members.iter().all(|rows| rows.len() >= 2), "every class must have at least 2 samples")?;
    ensure(train.min(validation) >= members.len(), "both parts must have a sample for each class")?;
    let counts: Vec<usize> = members.iter().map(Vec::len).collect();
    let of_train = shares(&counts, train, random);
    let left: Vec<usize> = counts.iter().zip(&of_train).map(|(all, taken)| all - taken).collect();
    let of_validation = shares(&left, validation, random);
    let mut split = Split { train: Vec::with_capacity(train), validation: Vec::with_capacity(validation) };
    for ((rows, &n_train), &n_validation) in members.iter().zip(&of_train).zip(&of_validation) {
        let order = random.permutation(rows.len());
        split.train.extend(order[..n_train].iter().map(|&i| rows[i]));
        split.validation.extend(order[n_train..n_train + n_validation].iter().map(|&i| rows[i]));
    }
    random.shuffle(&mut split.train);
    random.shuffle(&mut split.validation);
    Ok(split)
}

/// How many of `draws` samples fall on each class: in proportion, rounded down; what is missing goes to the
/// largest remainders, among equal ones by lot (scikit-learn's `_approximate_mode`).
fn shares(counts: &[usize], draws: usize, random: &mut RandomState) -> Vec<usize> {
    let total: usize = counts.iter().sum();
    let exact: Vec<f64> = counts.iter().map(|&count| count as f64 / total as f64 * draws as f64).collect();
    let mut shares: Vec<usize> = exact.iter().map(|share| share.floor() as usize).collect();
    let mut missing = draws.saturating_sub(shares.iter().sum());
    let remainders: Vec<f64> = exact.iter().map(|share| share - share.floor()).collect();
    let mut values = remainders.clone();
    values.sort_by(|a, b| b.total_cmp(a));
    values.dedup();
    for value in values {
        if missing == 0 {
            break;
        }
        let equal: Vec<usize> = (0..counts.len()).filter(|&class| remainders[class] == value).collect();
        let order = random.permutation(equal.len());
        for &i in order.iter().take(missing) {
            shares[equal[i]] += 1;
        }
        missing -= missing.min(equal.len());
    }
    shares
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shares_of_scikit_learns_documentation() {
        let of = |counts: &[usize], draws, seed| shares(counts, draws, &mut RandomState::new(seed));
        assert_eq!(of(&[4, 2], 3, 0), [2, 1]);
        assert_eq!(of(&[5, 2], 4, 0), [3, 1]);
        assert_eq!(of(&[2, 2, 2, 1], 2, 0), [0, 1, 1, 0]);
        assert_eq!(of(&[2, 2, 2, 1], 2, 42), [1, 1, 0, 0]);
    }
}
