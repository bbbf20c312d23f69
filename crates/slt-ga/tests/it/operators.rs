//! Properties and pinned draws of the operators.

use crate::common::selection;
use proptest::prelude::*;
use slt_core::{BitMask, Purpose, Seed, StreamRng};
use slt_ga::SelectionKind;
use slt_ga::operators::{
    Crossover, CutOff, GroupFirst, Mutation, RandomWalk, Ranked, Roulette, SurvivorSelection, Uniform,
    UniformBit,
};
use slt_search::Rank;

fn stream(seed: u64) -> StreamRng {
    Seed(seed).stream(Purpose::new("test"), 0, 0)
}

fn operator(kind: SelectionKind) -> Box<dyn SurvivorSelection> {
    match kind {
        SelectionKind::CutOff => Box::new(CutOff),
        SelectionKind::Roulette => Box::new(Roulette),
        SelectionKind::RandomWalk { rate } => Box::new(RandomWalk { rate }),
    }
}

/// The places of `n` survivors of a ranking with these performances.
fn select(
    operator: &dyn SurvivorSelection,
    performances: &[f64],
    n: usize,
    rng: &mut StreamRng,
) -> Vec<usize> {
    let mask = BitMask::zeros(1);
    let ranked = |&performance: &f64| Ranked { mask: &mask, rank: Rank { performance, zeros: 1 } };
    operator.select(&performances.iter().map(ranked).collect::<Vec<_>>(), n, rng)
}

/// Performances from the best down, of any size that may occur, with ties.
fn ranked() -> impl Strategy<Value = Vec<f64>> {
    let performance = prop_oneof![
        4 => -2.0..2.0_f64,
        2 => prop::sample::select(vec![0.0, 0.5, -1.0]),
        1 => prop::sample::select(vec![f64::MIN, f64::MAX, f64::MIN_POSITIVE]),
    ];
    prop::collection::vec(performance, 1..60).prop_map(|mut all| {
        all.sort_by(|a, b| b.total_cmp(a));
        all
    })
}

proptest! {
    #[test]
    fn as_many_different_ones_survive_as_asked_for(
        kind in selection(), ranked in ranked(), share in 0.0..=1.0, seed: u64,
    ) {
        let n = (share * ranked.len() as f64) as usize;
        let mut survivors = select(&*operator(kind), &ranked, n, &mut stream(seed));
        prop_assert_eq!(&survivors, &select(&*operator(kind), &ranked, n, &mut stream(seed)));
        survivors.sort_unstable();
        survivors.dedup();
        prop_assert_eq!(survivors.len(), n);
        prop_assert!(survivors.iter().all(|&place| place < ranked.len()));
    }

    #[test]
    fn a_walk_that_always_stops_is_the_cut_off(ranked in ranked(), seed: u64) {
        let n = ranked.len() / 2;
        let walk = select(&RandomWalk { rate: 1.0 }, &ranked, n, &mut stream(seed));
        prop_assert_eq!(walk, select(&CutOff, &ranked, n, &mut stream(seed)));
    }

    #[test]
    fn roulette_does_not_care_for_scale(ranked in prop::collection::vec(0.01..1.0_f64, 1..40), seed: u64) {
        let n = ranked.len() / 2;
        let double: Vec<f64> = ranked.iter().map(|p| 2.0 * p).collect();
        prop_assert_eq!(select(&Roulette, &ranked, n, &mut stream(seed)), select(&Roulette, &double, n, &mut stream(seed)));
    }

    #[test]
    fn mutants_differ_in_one_bit(n_bits in 1..300_usize, cuts in prop::collection::vec(0..300_usize, 0..6), seed: u64) {
        let mut rng = stream(seed);
        let parent = BitMask::random(n_bits, &mut rng);
        let mut ends: Vec<usize> = cuts.into_iter().map(|cut| cut.min(n_bits)).chain([0, n_bits]).collect();
        ends.sort_unstable();
        let groups = ends.windows(2).map(|pair| pair[0]..pair[1]).collect();
        for operator in [&UniformBit as &dyn Mutation, &GroupFirst::new(groups)] {
            let mut mutant = parent.clone();
            operator.mutate(&mut mutant, &mut rng);
            prop_assert_eq!(mutant.hamming_distance(&parent), 1);
        }
    }

    #[test]
    fn children_take_after_their_parents(n_bits in 1..300_usize, seed: u64) {
        let mut rng = stream(seed);
        let [a, b] = [(); 2].map(|()| BitMask::random(n_bits, &mut rng));
        let mut child = BitMask::ones(3);
        Uniform.cross(&a, &b, &mut child, &mut rng);
        prop_assert!((0..n_bits).all(|i| child.get(i) == a.get(i) || child.get(i) == b.get(i)));
    }
}

/// How often each place survives when 1 of the ranking does, in 60,000 draws.
fn frequencies(operator: &dyn SurvivorSelection, ranked: &[f64]) -> Vec<f64> {
    let mut rng = stream(11);
    let mut counts = vec![0.0; ranked.len()];
    for _ in 0..60_000 {
        counts[select(operator, ranked, 1, &mut rng)[0]] += 1.0 / 60_000.0;
    }
    counts
}

#[track_caller]
fn check_frequencies(operator: &dyn SurvivorSelection, ranked: &[f64], expect: &[f64]) {
    for (actual, p) in frequencies(operator, ranked).into_iter().zip(expect) {
        // Six standard deviations.
        assert!((actual - p).abs() <= 6.0 * (p * (1.0 - p) / 60_000.0).sqrt(), "{actual} for {p}");
    }
}

#[test]
fn roulette_is_proportional() {
    check_frequencies(&Roulette, &[0.9, 0.6, 0.5], &[0.45, 0.3, 0.25]);
    // The worst of those with negative performances weighs nothing.
    check_frequencies(&Roulette, &[-1.0, -2.0, -4.0], &[0.6, 0.4, 0.0]);
    check_frequencies(&Roulette, &[1.0, -1.0, -3.0], &[4.0 / 6.0, 2.0 / 6.0, 0.0]);
    // Nobody weighs anything: all are as likely.
    check_frequencies(&Roulette, &[-2.0, -2.0], &[0.5, 0.5]);
    check_frequencies(&Roulette, &[0.0, 0.0, 0.0, 0.0], &[0.25; 4]);
    check_frequencies(&Roulette, &[1.0, 0.5, f64::MIN], &[0.5, 0.5, 0.0]);
}

#[test]
fn a_walk_is_geometric_in_the_rank() {
    // With 3 left and a rate of 1/2 a walk gets past all of them with 1/8, and starts again.
    check_frequencies(&RandomWalk { rate: 0.5 }, &[3.0, 2.0, 1.0], &[4.0 / 7.0, 2.0 / 7.0, 1.0 / 7.0]);
}

#[test]
fn mutation_of_a_group_first_prefers_bits_of_small_groups() {
    let groups = [0..10, 10..10, 10..100];
    let mutation = GroupFirst::new(groups.to_vec());
    let mut rng = stream(12);
    let mut counts = [0.0_f64; 2];
    for _ in 0..60_000 {
        let mut mask = BitMask::zeros(100);
        mutation.mutate(&mut mask, &mut rng);
        counts[usize::from(mask.iter_ones().next() >= Some(10))] += 1.0;
    }
    let sd = (60_000.0_f64 * 0.25).sqrt();
    assert!((counts[0] - 30_000.0).abs() < 6.0 * sd, "{counts:?}");
}

/// The draws of every operator for a fixed stream. A change here changes every result.
#[test]
fn value_stability() {
    let ranked = [0.9, 0.9, 0.8, 0.5, 0.5, 0.4, 0.1, 0.0];
    let selected = [
        select(&CutOff, &ranked, 4, &mut stream(1)),
        select(&Roulette, &ranked, 4, &mut stream(1)),
        select(&Roulette, &ranked.map(|p| p - 2.0), 4, &mut stream(1)),
        select(&RandomWalk { rate: 0.5 }, &ranked, 4, &mut stream(1)),
        select(&RandomWalk { rate: 0.1 }, &ranked, 4, &mut stream(1)),
    ];
    assert_eq!(selected, [[0, 1, 2, 3], [4, 3, 0, 1], [4, 3, 0, 1], [2, 0, 3, 1], [3, 2, 4, 0]]);
    let bits = [&UniformBit as &dyn Mutation, &GroupFirst::new(vec![0..10, 10..1000])].map(|operator| {
        let mut rng = stream(1);
        [(); 3].map(|()| {
            let mut mask = BitMask::zeros(1000);
            operator.mutate(&mut mask, &mut rng);
            mask.iter_ones().next().unwrap()
        })
    });
    assert_eq!(bits, [[867, 832, 127], [834, 0, 118]]);
    let mut child = BitMask::zeros(0);
    Uniform.cross(&BitMask::ones(100), &BitMask::zeros(100), &mut child, &mut stream(1));
    assert_eq!(child.to_string(), "100:1d67af6f11f40fde9e0478010b");
}
