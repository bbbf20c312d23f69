//! Two objectives at once: performance, and zeros, both the more the better.
//!
//! A point [dominates] another one if it is at least as good in both and better in one. The points that no
//! other one dominates are the *front*.

use serde::{Deserialize, Serialize};
use slt_search::{Candidate, Error, Rank};

/// Whether `a` is at least as good as `b` in both objectives, and better in one.
///
/// ```
/// use slt_ga::pareto::dominates;
/// use slt_search::Rank;
/// let a = Rank { performance: 0.9, zeros: 50 };
/// assert!(dominates(&a, &Rank { performance: 0.9, zeros: 40 }));
/// assert!(!dominates(&a, &Rank { performance: 0.8, zeros: 60 }));
/// assert!(!dominates(&a, &a));
/// ```
pub fn dominates(a: &Rank, b: &Rank) -> bool {
    a.performance >= b.performance && a.zeros >= b.zeros && a != b
}

/// Non-dominated sorting: the points that none dominates, then those that are left with none that dominates
/// them, and so on. Within a front, indices are in order of performance, the largest first; points that are
/// equal, in the order given.
///
/// For two objectives it takes `O(n log n)` (Jensen 2003, "Reducing the run-time complexity of multiobjective
/// EAs"): going through the points by performance, the sparsest of equals first, a point is dominated by a
/// front if and only if it is dominated by the last one that joined it, the sparsest so far; and fronts that
/// dominate it come before those that do not.
///
/// ```
/// use slt_ga::pareto::fronts;
/// use slt_search::Rank;
/// let points = [(0.5, 9), (0.9, 2), (0.4, 9), (0.7, 5), (0.7, 1)];
/// let points = points.map(|(performance, zeros)| Rank { performance, zeros });
/// assert_eq!(fronts(&points), [vec![1, 3, 0], vec![4, 2]]);
/// ```
pub fn fronts(points: &[Rank]) -> Vec<Vec<usize>> {
    let mut order: Vec<usize> = (0..points.len()).collect();
    order.sort_by(|&a, &b| points[a].better_first(&points[b]));
    let mut fronts: Vec<Vec<usize>> = Vec::new();
    for i in order {
        let dominated =
            |front: &Vec<usize>| front.last().is_some_and(|&last| dominates(&points[last], &points[i]));
        let place = fronts.partition_point(dominated);
        match fronts.get_mut(place) {
            Some(front) => front.push(i),
            None => fronts.push(vec![i]),
        }
    }
    fronts
}

/// At most so many points of a front that [`fronts`] has put in order, as even in zeros as they are to be
/// had: from the first to the last, `most` numbers of zeros at even distances, and for each of them the point
/// that is nearest, the earlier one of two. Both ends are among them if `most` is at least 2. A front that is
/// no longer is left as it is.
///
/// ```
/// use slt_ga::pareto::spread;
/// use slt_search::Rank;
/// let front = [(0.9, 0), (0.8, 1), (0.7, 2), (0.6, 5), (0.5, 10)].map(|(performance, zeros)| Rank { performance, zeros });
/// assert_eq!(spread(&front, 5), [0, 1, 2, 3, 4]);
/// assert_eq!(spread(&front, 3), [0, 3, 4]);
/// assert_eq!(spread(&front, 2), [0, 4]);
/// ```
pub fn spread(front: &[Rank], most: usize) -> Vec<usize> {
    let (Some(first), Some(last)) = (front.first(), front.last()) else { return Vec::new() };
    if front.len() <= most {
        return (0..front.len()).collect();
    }
    // In units of 1 / steps of a zero, so that all is whole numbers.
    let steps = most.max(2) - 1;
    let nearest = |step: usize| {
        let wanted = first.zeros * (steps - step) + last.zeros * step;
        let distance = |&i: &usize| (front[i].zeros * steps).abs_diff(wanted);
        (0..front.len()).min_by_key(distance).unwrap_or(0)
    };
    let mut chosen: Vec<usize> = (0..most).map(nearest).collect();
    chosen.dedup();
    chosen
}

/// The crowding distance of each point of a front that [`fronts`] has put in order: how far apart its two
/// neighbours are in performance and in zeros, each in units of the extent of the front, summed. The two ends
/// have infinite distance.
///
/// ```
/// use slt_ga::pareto::crowding;
/// use slt_search::Rank;
/// let front = [(1.0, 0), (0.75, 2), (0.5, 8), (0.0, 10)].map(|(performance, zeros)| Rank { performance, zeros });
/// assert_eq!(crowding(&front), [f64::INFINITY, 0.5 + 0.8, 0.75 + 0.8, f64::INFINITY]);
/// ```
pub fn crowding(front: &[Rank]) -> Vec<f64> {
    let (Some(first), Some(last)) = (front.first(), front.last()) else { return Vec::new() };
    // Of the first point and the last, which are the extremes in both.
    let apart = |a: &Rank, b: &Rank| (a.performance - b.performance, b.zeros as f64 - a.zeros as f64);
    let (performance, zeros) = apart(first, last);
    let share = |part: f64, whole: f64| if whole > 0.0 && whole.is_finite() { part / whole } else { 0.0 };
    let mut distances = vec![f64::INFINITY; front.len()];
    for (distance, three) in distances.iter_mut().skip(1).zip(front.windows(3)) {
        let between = apart(&three[0], &three[2]);
        *distance = share(between.0, performance) + share(between.1, zeros);
    }
    distances
}

/// The area that a set of points dominates, down to a reference point: performance times zeros. Points that
/// are not above the reference in both add nothing.
///
/// ```
/// use slt_ga::pareto::hypervolume;
/// use slt_search::Rank;
/// let points = [(1.0, 1), (0.5, 3), (0.25, 2)].map(|(performance, zeros)| Rank { performance, zeros });
/// assert_eq!(hypervolume(&points, &Rank { performance: 0.0, zeros: 0 }), 1.0 * 1.0 + 0.5 * 2.0);
/// ```
pub fn hypervolume(points: &[Rank], reference: &Rank) -> f64 {
    let mut points = points.to_vec();
    points.sort_by(Rank::better_first);
    let (mut area, mut zeros) = (0.0, reference.zeros);
    for point in points.iter().filter(|point| point.performance > reference.performance) {
        if point.zeros > zeros {
            area += (point.performance - reference.performance) * (point.zeros - zeros) as f64;
            zeros = point.zeros;
        }
    }
    area
}

/// Candidates none of which dominates another one, no two at the same point: from the densest, which performs
/// best, to the sparsest.
///
/// ```
/// use slt_core::BitMask;
/// use slt_ga::pareto::Front;
/// use slt_search::Candidate;
/// let candidate = |ones, performance| Candidate { mask: (0..10).map(|i| i < ones).collect(), performance };
/// let mut front = Front::default();
/// assert!(front.admit(candidate(8, 0.9)));
/// assert!(front.admit(candidate(3, 0.6)));
/// assert!(!front.admit(candidate(4, 0.6)));
/// assert!(front.admit(candidate(5, 0.9)));
/// let points: Vec<_> = front.candidates().iter().map(|c| (c.mask.count_ones(), c.performance)).collect();
/// assert_eq!(points, [(5, 0.9), (3, 0.6)]);
/// ```
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Front(Vec<Candidate>);

impl Front {
    /// The candidates, from the densest to the sparsest.
    pub fn candidates(&self) -> &[Candidate] {
        &self.0
    }

    /// Takes a candidate, unless one that is here dominates it or is at the same point; those that it
    /// dominates go. Whether it was taken.
    pub fn admit(&mut self, candidate: Candidate) -> bool {
        let (performance, zeros) = (candidate.performance, candidate.zeros());
        let as_good = self.0.partition_point(|other| other.performance >= performance);
        if as_good > 0 && self.0[as_good - 1].zeros() >= zeros {
            return false;
        }
        let better = self.0.partition_point(|other| other.performance > performance);
        let denser = self.0.partition_point(|other| other.zeros() <= zeros);
        self.0.splice(better..denser, [candidate]);
        true
    }

    /// Whether it can be a front of masks of `n_bits` bits.
    pub(crate) fn check(&self, n_bits: usize) -> Result<(), Error> {
        self.0.iter().try_for_each(|candidate| candidate.check(n_bits))?;
        let in_order = self.0.is_sorted_by(|a, b| a.performance > b.performance && a.zeros() < b.zeros());
        Error::check_consistent(in_order, "its front is not in order")
    }
}
