//! Fronts, crowding and hypervolume against plain second implementations.

use proptest::prelude::*;
use slt_core::BitMask;
use slt_ga::pareto::{Front, crowding, dominates, fronts, hypervolume, spread};
use slt_search::{Candidate, Rank};

/// Few values, so that there are many ties.
fn points() -> impl Strategy<Value = Vec<Rank>> {
    let point = (-3_i32..6, 0_usize..9)
        .prop_map(|(performance, zeros)| Rank { performance: f64::from(performance) / 4.0, zeros });
    prop::collection::vec(point, 0..60)
}

/// Peels off what nothing that is left dominates.
fn peeled(points: &[Rank]) -> Vec<Vec<usize>> {
    let mut left: Vec<usize> = (0..points.len()).collect();
    let mut fronts = Vec::new();
    while !left.is_empty() {
        let dominated = |i: usize| left.iter().any(|&j| dominates(&points[j], &points[i]));
        let (rest, front): (Vec<usize>, Vec<usize>) = left.iter().partition(|&&i| dominated(i));
        fronts.push(front);
        left = rest;
    }
    fronts
}

proptest! {
    /// Of each number of zeros wanted, the nearest that there is; so what is left out is near to something
    /// that is kept.
    #[test]
    fn a_spread_is_even_and_keeps_both_ends(points in points(), most in 2_usize..9) {
        let mut points: Vec<Rank> =
            fronts(&points).first().map_or_else(Vec::new, |front| front.iter().map(|&i| points[i]).collect());
        points.dedup();
        let kept = spread(&points, most);
        prop_assert!(kept.is_sorted_by(|a, b| a < b) && kept.len() <= most);
        if points.len() <= most {
            prop_assert_eq!(kept.len(), points.len());
            return Ok(());
        }
        prop_assert_eq!((kept[0], kept[kept.len() - 1]), (0, points.len() - 1));
        let zeros = |i: usize| points[i].zeros as f64;
        let (first, last) = (zeros(0), zeros(points.len() - 1));
        for step in 0..most {
            let wanted = first + (last - first) * step as f64 / (most - 1) as f64;
            let nearest = |among: &[usize]| {
                among.iter().map(|&i| (zeros(i) - wanted).abs()).fold(f64::INFINITY, f64::min)
            };
            let all: Vec<usize> = (0..points.len()).collect();
            prop_assert!((nearest(&kept) - nearest(&all)).abs() < 1e-9);
        }
    }

    #[test]
    fn fronts_are_those_of_peeling(points in points()) {
        let fast = fronts(&points);
        for front in &fast {
            let ordered = |&a: &usize, &b: &usize| points[a].better_first(&points[b]).then(a.cmp(&b)).is_lt();
            prop_assert!(front.is_sorted_by(ordered));
        }
        let sorted = |mut front: Vec<usize>| {
            front.sort_unstable();
            front
        };
        prop_assert_eq!(fast.into_iter().map(sorted).collect::<Vec<_>>(), peeled(&points));
    }

    #[test]
    fn an_archive_holds_the_first_front_in_whatever_order_it_comes(points in points()) {
        let mut archive = Front::default();
        for (i, point) in points.iter().enumerate() {
            let mask: BitMask = (0..9).map(|bit| bit >= point.zeros).collect();
            let candidate = Candidate { mask, performance: point.performance };
            let beaten = points[..i].iter().any(|other| dominates(other, point) || other == point);
            prop_assert_eq!(archive.admit(candidate), !beaten);
        }
        let held: Vec<Rank> = archive.candidates().iter().map(Candidate::rank).collect();
        prop_assert!(held.is_sorted_by(|a, b| a.performance > b.performance && a.zeros < b.zeros));
        let mut first: Vec<Rank> =
            peeled(&points).first().into_iter().flatten().map(|&i| points[i]).collect();
        first.sort_by(Rank::better_first);
        first.dedup();
        prop_assert_eq!(held, first);
    }

    #[test]
    fn hypervolume_counts_cells(points in points()) {
        let reference = Rank { performance: -0.5, zeros: 2 };
        // Cells of a quarter by one.
        let cells = (-2..6).flat_map(|p| (2..9).map(move |z| (f64::from(p + 1) / 4.0, z + 1)));
        let covered = cells.filter(|&(p, z)| points.iter().any(|q| q.performance >= p && q.zeros >= z));
        prop_assert_eq!(hypervolume(&points, &reference), covered.count() as f64 / 4.0);
    }

    /// By the definition: each objective sorted by itself.
    #[test]
    fn crowding_is_that_of_each_objective(points in points()) {
        for front in fronts(&points) {
            let front: Vec<Rank> = front.into_iter().map(|i| points[i]).collect();
            let mut expected = vec![0.0; front.len()];
            for value in [|p: &Rank| -p.performance, |p: &Rank| p.zeros as f64] {
                let mut order: Vec<usize> = (0..front.len()).collect();
                order.sort_by(|&a, &b| value(&front[a]).total_cmp(&value(&front[b])));
                let (first, last) = (order[0], order[front.len() - 1]);
                let extent = value(&front[last]) - value(&front[first]);
                for three in order.windows(3) {
                    if extent > 0.0 {
                        expected[three[1]] += (value(&front[three[2]]) - value(&front[three[0]])) / extent;
                    }
                }
                (expected[first], expected[last]) = (f64::INFINITY, f64::INFINITY);
            }
            let distances = crowding(&front);
            for (distance, expected) in distances.iter().zip(&expected) {
                prop_assert!(distance == expected || (distance - expected).abs() < 1e-12);
            }
        }
    }
}

#[test]
fn crowding_by_hand() {
    let of = |front: &[(f64, usize)]| {
        let front: Vec<Rank> =
            front.iter().map(|&(performance, zeros)| Rank { performance, zeros }).collect();
        crowding(&front)
    };
    let inf = f64::INFINITY;
    assert!(of(&[]).is_empty());
    assert_eq!(of(&[(0.5, 3)]), [inf]);
    assert_eq!(of(&[(0.5, 3), (0.25, 4)]), [inf, inf]);
    // Extents are 4 and 8.
    assert_eq!(of(&[(4.0, 0), (3.0, 2), (2.0, 6), (0.0, 8)]), [inf, 0.5 + 0.75, 0.75 + 0.75, inf]);
    // Three at one point: the one in the middle has no room at all.
    assert_eq!(of(&[(4.0, 0), (2.0, 4), (2.0, 4), (2.0, 4), (0.0, 8)]), [inf, 1.0, 0.0, 1.0, inf]);
    assert_eq!(of(&[(1.0, 1); 3]), [inf, 0.0, inf]);
    // Extents that are no numbers make nothing of it but 0.
    assert_eq!(of(&[(f64::MAX, 0), (0.0, 4), (f64::MIN, 8)]), [inf, 1.0, inf]);
}
