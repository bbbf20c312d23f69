use slt_core::{BitMask, StreamRng};
use slt_search::{Candidate, Rank};

use super::{Newcomer, Pool, Setup};
use crate::operators::Ranked;
use crate::{Newcomers, Origin};

/// Buffers of the ranking.
#[derive(Debug, Default)]
pub(crate) struct Ranking {
    /// Everyone present, with the place among parents and newcomers.
    ranks: Vec<(Rank, usize)>,
    survivors: Vec<Candidate>,
}

impl Ranking {
    /// Ranks parents and newcomers by performance, then by zeros; ties stay in the order of birth. Leaves
    /// the survivors in `population`, ranked, and the masks of the others in the pool. Newcomers that are
    /// only known to be below the floor take no part.
    ///
    /// Returns how many of the survivors are new, and what made the first one if it is new and above the
    /// first of the parents, if there are any.
    pub(crate) fn survive(
        &mut self,
        setup: &Setup<'_>,
        rng: &mut StreamRng,
        population: &mut Vec<Candidate>,
        newcomers: &mut Vec<Newcomer>,
        pool: &mut Pool,
    ) -> (Newcomers, Option<Origin>) {
        let parents = population.len();
        let best = population.first().map(Candidate::rank);
        self.rank(population, newcomers);
        let (mut counts, mut new_best) = (Newcomers::default(), None);
        for (survivor, place) in self.select(setup, rng, population, newcomers).into_iter().enumerate() {
            let (rank, index) = self.ranks[place];
            let mask = match population.get_mut(index) {
                Some(parent) => &mut parent.mask,
                None => {
                    let newcomer = &mut newcomers[index - parents];
                    counts.count(newcomer.origin);
                    if survivor == 0 && best.is_none_or(|best| rank.is_above(&best)) {
                        new_best = Some(newcomer.origin);
                    }
                    &mut newcomer.mask
                }
            };
            let mask = std::mem::replace(mask, BitMask::zeros(0));
            self.survivors.push(Candidate { mask, performance: rank.performance });
        }
        let dead = population.drain(..).map(|x| x.mask).chain(newcomers.drain(..).map(|x| x.mask));
        dead.filter(|mask| !mask.is_empty()).for_each(|mask| pool.put(mask));
        population.append(&mut self.survivors);
        (counts, new_best)
    }

    fn rank(&mut self, population: &[Candidate], newcomers: &[Newcomer]) {
        self.ranks.clear();
        let parents = population.iter().map(Candidate::rank);
        self.ranks.extend(parents.zip(0..));
        for (newcomer, index) in newcomers.iter().zip(population.len()..) {
            if let Some(performance) = newcomer.score.and_then(slt_core::Score::exact) {
                self.ranks.push((Rank { performance, zeros: newcomer.mask.count_zeros() }, index));
            }
        }
        self.ranks.sort_by(|(a, _), (b, _)| a.better_first(b));
    }

    /// The places of the survivors in the ranking, ascending.
    fn select(
        &self,
        setup: &Setup<'_>,
        rng: &mut StreamRng,
        population: &[Candidate],
        newcomers: &[Newcomer],
    ) -> Vec<usize> {
        let n = setup.n();
        let ranked = |&(rank, index): &(Rank, usize)| {
            let mask = match population.get(index) {
                Some(parent) => &parent.mask,
                None => &newcomers[index - population.len()].mask,
            };
            Ranked { mask, rank }
        };
        let ranked: Vec<Ranked<'_>> = self.ranks.iter().map(ranked).collect();
        let mut places = setup.selection.select(&ranked, n, rng);
        places.sort_unstable();
        debug_assert!(places.len() == n && places.is_sorted_by(|a, b| a < b), "{n} different survivors");
        places
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::GaConfig;
    use slt_core::{Objective, Purpose, Score, Seed};

    struct FourBits;

    impl Objective for FourBits {
        fn n_bits(&self) -> usize {
            4
        }
        fn evaluate(&self, _masks: &[&BitMask], _floor: Option<f64>) -> Vec<Score> {
            unreachable!("survival asks nothing")
        }
    }

    fn rng() -> StreamRng {
        Seed(0).stream(Purpose::new("test"), 0, 0)
    }

    fn mask(text: &str) -> BitMask {
        text.chars().map(|c| c == '1').collect()
    }

    /// Worked by hand. Ties in both performance and zeros go to whoever was there first: parents before
    /// children before mutants before migrants.
    #[test]
    fn ranking_and_ties_by_hand() {
        let config = GaConfig { population: 4, ..GaConfig::paper() }.validate().unwrap();
        let setup = Setup::new(&FourBits, &config).unwrap();
        let parent = |text, performance| Candidate { mask: mask(text), performance };
        let newcomer = |text, origin, score| Newcomer { mask: mask(text), origin, score: Some(score) };
        let mut population =
            vec![parent("0111", 0.8), parent("0011", 0.7), parent("0001", 0.5), parent("1111", 0.5)];
        let mut newcomers = vec![
            newcomer("1100", Origin::Recombination, Score::Exact(0.7)), // ties with the parent 0011
            newcomer("1000", Origin::Recombination, Score::Exact(0.7)), // sparser than both
            newcomer("1010", Origin::Mutation, Score::Below),
            newcomer("0100", Origin::Mutation, Score::Exact(0.5)), // ties with the parent 0001
            newcomer("0000", Origin::Migration, Score::Exact(0.4)), // sparsest, but worst
        ];
        let mut pool = Pool::default();
        let (counts, new_best) =
            Ranking::default().survive(&setup, &mut rng(), &mut population, &mut newcomers, &mut pool);
        let expect = [("0111", 0.8), ("1000", 0.7), ("0011", 0.7), ("1100", 0.7)];
        assert_eq!(population, expect.map(|(text, performance)| parent(text, performance)));
        assert_eq!(counts, Newcomers { recombination: 2, mutation: 0, migration: 0 });
        assert_eq!(new_best, None);
        assert!(newcomers.is_empty());

        // One place more: the parent 0001 goes before the mutant 0100, as it was there first.
        let config = GaConfig { population: 2, ..GaConfig::paper() }.validate().unwrap();
        let setup = Setup::new(&FourBits, &config).unwrap();
        let mut population = vec![parent("0111", 0.8), parent("0001", 0.5)];
        let mut newcomers = vec![newcomer("0100", Origin::Mutation, Score::Exact(0.5))];
        Ranking::default().survive(&setup, &mut rng(), &mut population, &mut newcomers, &mut pool);
        assert_eq!(population, [parent("0111", 0.8), parent("0001", 0.5)]);
    }

    #[test]
    fn a_new_best_ranks_strictly_above_the_old_one() {
        let config = GaConfig { population: 1, ..GaConfig::paper() }.validate().unwrap();
        let setup = Setup::new(&FourBits, &config).unwrap();
        let check = |text, performance, expect| {
            let mut population = vec![Candidate { mask: mask("0011"), performance: 0.5 }];
            let score = Some(Score::Exact(performance));
            let mut newcomers = vec![Newcomer { mask: mask(text), origin: Origin::Mutation, score }];
            let mut pool = Pool::default();
            let (_, new_best) =
                Ranking::default().survive(&setup, &mut rng(), &mut population, &mut newcomers, &mut pool);
            assert_eq!(new_best, expect, "{text} of {performance}");
        };
        check("1111", 0.6, Some(Origin::Mutation));
        check("1000", 0.5, Some(Origin::Mutation));
        check("1100", 0.5, None);
        check("0000", 0.4, None);
    }
}
