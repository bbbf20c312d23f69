use super::GenerationStats;

/// The records of a history that say most, in their order: the first and the last one, generation 1, every
/// generation with a [`new_best`](GenerationStats::new_best), and those whose number is a multiple of
/// `every`. With `every` 0 none is kept for its number.
///
/// A curve of the best, or of anything else about the fittest, keeps all its steps as long as selection keeps
/// the fittest.
///
/// ```
/// use slt_core::{BitMask, Objective, Score, Seed};
/// use slt_ga::{GaConfig, run, thinned};
/// # struct OneMax;
/// # impl Objective for OneMax {
/// #     fn n_bits(&self) -> usize { 40 }
/// #     fn evaluate(&self, masks: &[&BitMask], _floor: Option<f64>) -> Vec<Score> {
/// #         masks.iter().map(|mask| Score::Exact(mask.count_ones() as f64)).collect()
/// #     }
/// # }
/// let history = run(&OneMax, &GaConfig::paper(), Seed(1), &mut ())?.history;
/// let few = thinned(&history, 10);
/// assert!(few.len() < history.len() / 2);
/// assert_eq!((few.first(), few.last()), (history.first(), history.last()));
/// # Ok::<(), slt_ga::Error>(())
/// ```
pub fn thinned(history: &[GenerationStats], every: u64) -> Vec<GenerationStats> {
    let last = history.len().saturating_sub(1);
    let keeps = |place: usize, stats: &GenerationStats| {
        let generation = stats.generation;
        [0, last].contains(&place)
            || generation == 1
            || stats.new_best.is_some()
            || generation.is_multiple_of(every)
    };
    let kept = history.iter().enumerate().filter(|(place, stats)| keeps(*place, stats));
    kept.map(|(_, stats)| stats.clone()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Origin;

    #[track_caller]
    fn check(generations: std::ops::Range<u64>, new_bests: &[u64], every: u64, expect: &[u64]) {
        let record = |generation| GenerationStats {
            new_best: new_bests.contains(&generation).then_some(Origin::Mutation),
            ..GenerationStats::for_test(generation, 0.0)
        };
        let history: Vec<_> = generations.map(record).collect();
        let kept = thinned(&history, every);
        assert_eq!(kept.iter().map(|stats| stats.generation).collect::<Vec<_>>(), expect);
        assert!(kept.iter().all(|stats| history.contains(stats)));
        assert_eq!(thinned(&kept, every), kept, "there is nothing more to leave out");
    }

    #[test]
    fn what_is_kept() {
        check(0..13, &[0, 3, 4], 5, &[0, 1, 3, 4, 5, 10, 12]);
        check(0..13, &[], 0, &[0, 1, 12]);
        check(0..13, &[], 100, &[0, 1, 12]);
        check(0..4, &[], 1, &[0, 1, 2, 3]);
        // A part of a history has a first and a last one as well.
        check(7..15, &[9], 4, &[7, 8, 9, 12, 14]);
        check(0..1, &[0], 3, &[0]);
        check(0..0, &[], 3, &[]);
    }
}
