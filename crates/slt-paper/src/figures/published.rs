//! Numbers that the paper gives in its text, or its public plotting code in figures. What can only be read
//! off pictures is not here.

use slt_datasets::paper::PaperName;

use crate::Cell;
use crate::method::Method;

/// A published number.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Published {
    pub(super) value: f64,
    /// Of what it is, and how exactly it is known: "mean", "median", "best run, about".
    pub(super) what: &'static str,
}

/// Names of the columns of [`cells`].
pub(super) const COLUMNS: [&str; 2] = ["published", "published_is"];

/// A published number, where there is one, as part of the row of a table.
pub(super) fn cells(published: Option<Published>) -> [Cell; 2] {
    [published.map(|published| published.value).into(), published.map(|published| published.what).into()]
}

const fn found(value: f64, what: &'static str) -> Option<Published> {
    Some(Published { value, what })
}

/// Test accuracies on moons and circles: Fig. 3 and 6.
pub(super) fn binary(data: PaperName, architecture: &str, method: Method) -> Option<Published> {
    match (data, architecture) {
        (PaperName::Moons, "A") if method == Method::ga_ab() => found(0.9207, "median"),
        (PaperName::Moons, "A") if method == Method::Backpropagation => found(0.9999, "median"),
        (PaperName::Moons, "D") if method == Method::ga() => found(1.0, "mean, close to"),
        (PaperName::Circles, "D") if method == Method::ga() => found(0.916, "mean"),
        _ => None,
    }
}

/// Mean sparsity of the better configuration's tickets below Fig. 6, and that configuration.
pub(crate) fn sparsity(data: PaperName, architecture: &str) -> Option<(f64, Method)> {
    let (ga, ab) = (Method::ga(), Method::ga_ab());
    let of = match data {
        PaperName::Moons => [(0.732, ab), (0.592, ab), (0.561, ab), (0.546, ga)],
        PaperName::Circles => [(0.663, ga), (0.623, ga), (0.539, ab), (0.581, ga)],
        PaperName::Blobs | PaperName::Digits => return None,
    };
    let place = crate::arm::ARCHITECTURES.iter().position(|letter| *letter == architecture)?;
    Some(of[place])
}

/// Edge-popup on circles whose networks have no biases: Fig. 5 (b).
pub(super) fn edge_popup(data: PaperName, biases: bool) -> Option<Published> {
    if data == PaperName::Circles && !biases { found(0.5, "every run") } else { None }
}

/// Tickets of blobs with the accuracy as objective: Fig. 7 (a), of normalized data as the published code has
/// it.
pub(super) fn blobs_by_accuracy(classes: u32) -> Option<Published> {
    if (2..=5).contains(&classes) { found(1.0, "best run") } else { None }
}

/// Tickets of blobs with the cross-entropy as objective: Fig. 7 (b).
pub(super) fn blobs_by_loss(classes: u32) -> Option<Published> {
    if (7..=9).contains(&classes) { found(1.0, "best run, about") } else { None }
}

/// Test accuracies of baselines with many classes: Fig. 9 and 10.
pub(super) fn many_classes(data: PaperName, method: Method) -> Option<Published> {
    let perfect = data == PaperName::Blobs && method == Method::Backpropagation;
    if perfect { found(1.0, "mean, about") } else { None }
}

/// By how much edge-popup is ahead of tickets of ten digits: Fig. 10.
pub(super) const LEAD_ON_TEN_DIGITS: f64 = 0.03;

/// Sparsity of tickets of digits: Fig. 11.
pub(super) fn digits_sparsity(classes: u32, pruned: bool) -> Option<Published> {
    match (pruned, classes) {
        (false, _) => found(0.53, "mean, less than"),
        (true, 2) => found(0.98, "mean, up to"),
        (true, _) => None,
    }
}

/// What pruning adds to the sparsity of tickets of digits: Fig. 11.
pub(super) fn digits_gain(classes: u32) -> Option<Published> {
    if classes == 10 { found(0.253, "mean") } else { None }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sparsities_below_figure_6() {
        assert_eq!(sparsity(PaperName::Moons, "A"), Some((0.732, Method::ga_ab())));
        assert_eq!(sparsity(PaperName::Circles, "D"), Some((0.581, Method::ga())));
        assert_eq!((sparsity(PaperName::Circles, "E"), sparsity(PaperName::Blobs, "C")), (None, None));
    }

    #[test]
    fn what_is_not_published_is_missing() {
        assert_eq!(cells(None), [Cell::Missing, Cell::Missing]);
        assert_eq!(cells(digits_gain(10)), [Cell::Number(0.253), Cell::from("mean")]);
        assert_eq!(digits_gain(5), None);
        assert_eq!(binary(PaperName::Circles, "D", Method::ga_ab()), None);
    }
}
