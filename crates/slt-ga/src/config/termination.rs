use serde::{Deserialize, Serialize};

use crate::{GenerationStats, StopReason};

/// When a search ends. At least one rule has to be set.
///
/// | name | `paper()` | range | purpose |
/// |---|---|---|---|
/// | `min_generations` | 100 | | before it, neither `patience` nor `looks` ends a search |
/// | `patience` | 50 | at least 2 | ends it when so many recorded bests in a row are equal |
/// | `looks` | none | see [`Looks`] | ends it when the best is the same at several looks |
/// | `max_generations` | none | | ends it at this generation |
/// | `stop_when_solved` | no | | ends it when [`Objective::solved`](slt_core::Objective::solved) says so of the best |
///
/// The rules are asked after every generation, the first population (generation 0) included. So that one is
/// the last if it holds a solution and `stop_when_solved` is set, whatever `min_generations` says. One best
/// is recorded for each generation, generation 0 included. Where several rules hold at once, the reason given
/// is the first of solved, converged, same-at-looks, max-generations.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Termination {
    /// Generations before `patience` and `looks` may end the search.
    pub min_generations: u64,
    /// Number of recorded bests in a row, up to the latest, that must be equal.
    pub patience: Option<u32>,
    /// Occasional looks at the best.
    pub looks: Option<Looks>,
    /// The last generation.
    pub max_generations: Option<u64>,
    /// Whether to ask the objective if the best solves it.
    pub stop_when_solved: bool,
}

/// Looks at generations `every`, `2 * every`, ...; the search may end when the best is the same at the
/// latest `equal` looks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Looks {
    /// Generations between two looks, at least 1.
    pub every: u64,
    /// Number of looks in a row that must be equal, at least 2.
    pub equal: u32,
}

impl Termination {
    /// Whether the search ends after the generations recorded so far. `solved` is asked only if the
    /// rule is set.
    pub(crate) fn check(
        &self,
        history: &[GenerationStats],
        solved: impl FnOnce() -> bool,
    ) -> Option<StopReason> {
        let generation = history.last()?.generation;
        let may_converge = generation >= self.min_generations;
        if self.stop_when_solved && solved() {
            Some(StopReason::Solved)
        } else if may_converge && self.patience.is_some_and(|n| same(history.iter().rev(), n)) {
            Some(StopReason::Converged)
        } else if may_converge && self.looks.is_some_and(|looks| looks.agree(history)) {
            Some(StopReason::SameAtLooks)
        } else if self.max_generations.is_some_and(|max| generation >= max) {
            Some(StopReason::MaxGenerations)
        } else {
            None
        }
    }

    /// The generation after which a search with this history would have ended before its last one, and why;
    /// whether it was solved is not looked at.
    pub(crate) fn would_have_ended(&self, history: &[GenerationStats]) -> Option<(u64, StopReason)> {
        (1..history.len()).find_map(|n| {
            let reason = self.check(&history[..n], || false)?;
            Some((history[n - 1].generation, reason))
        })
    }
}

impl Looks {
    fn agree(&self, history: &[GenerationStats]) -> bool {
        let looks = history.iter().rev().filter(|s| s.generation > 0 && s.generation % self.every == 0);
        same(looks, self.equal)
    }
}

/// Whether there are at least `n` entries and the first `n` have the same best.
fn same<'a>(latest_first: impl Iterator<Item = &'a GenerationStats>, n: u32) -> bool {
    let mut bests = latest_first.map(|stats| stats.best);
    let Some(latest) = bests.next() else { return false };
    let others = n as usize - 1;
    bests.take(others).take_while(|&best| best == latest).count() == others
}

#[cfg(test)]
mod tests {
    use super::*;

    fn history(bests: &[f64]) -> Vec<GenerationStats> {
        (0..).zip(bests).map(|(generation, &best)| GenerationStats::for_test(generation, best)).collect()
    }

    #[track_caller]
    fn check(rule: Termination, bests: &[f64], expect: Option<StopReason>) {
        assert_eq!(rule.check(&history(bests), || false), expect, "{bests:?}");
    }

    const NONE: Termination = Termination {
        min_generations: 0,
        patience: None,
        looks: None,
        max_generations: None,
        stop_when_solved: false,
    };

    #[test]
    fn patience_counts_recorded_bests() {
        let rule = Termination { patience: Some(3), ..NONE };
        check(rule, &[1.0, 1.0], None);
        check(rule, &[1.0, 1.0, 1.0], Some(StopReason::Converged));
        check(rule, &[1.0, 2.0, 2.0], None);
        check(rule, &[1.0, 2.0, 2.0, 2.0], Some(StopReason::Converged));
        // Equal, not merely no better: with selections that lose the best it may come back.
        check(rule, &[2.0, 1.0, 2.0], None);
    }

    #[test]
    fn nothing_converges_before_the_minimum() {
        let rule = Termination { patience: Some(2), min_generations: 3, ..NONE };
        check(rule, &[1.0, 1.0, 1.0], None);
        check(rule, &[1.0, 1.0, 1.0, 1.0], Some(StopReason::Converged));
        let capped = Termination { max_generations: Some(1), ..rule };
        check(capped, &[1.0, 1.0], Some(StopReason::MaxGenerations));
    }

    #[test]
    fn looks_skip_the_first_population() {
        let rule = Termination { looks: Some(Looks { every: 2, equal: 2 }), ..NONE };
        check(rule, &[1.0, 1.0, 1.0], None);
        check(rule, &[1.0, 1.0, 1.0, 7.0], None);
        check(rule, &[0.0, 1.0, 5.0, 7.0, 5.0], Some(StopReason::SameAtLooks));
        // Between looks the latest looks still count.
        check(rule, &[0.0, 1.0, 5.0, 7.0, 5.0, 9.0], Some(StopReason::SameAtLooks));
        check(rule, &[0.0, 1.0, 5.0, 5.0, 6.0, 6.0], None);
    }

    #[test]
    fn solved_comes_first_and_is_asked_only_on_request() {
        let rule = Termination { max_generations: Some(0), stop_when_solved: true, ..NONE };
        assert_eq!(rule.check(&history(&[1.0]), || true), Some(StopReason::Solved));
        assert_eq!(rule.check(&history(&[1.0]), || false), Some(StopReason::MaxGenerations));
        let never_asked = Termination { stop_when_solved: false, ..rule };
        assert_eq!(never_asked.check(&history(&[1.0]), || unreachable!()), Some(StopReason::MaxGenerations));
    }
}
