//! The search against a second version of it: plain vectors of bools, no buffers reused, no floors, no
//! batches. It draws from the same streams, so that populations have to be equal to the bit. It evaluates
//! everyone; what a search would hand to its objective it only counts, with a memory that is a plain queue.

use std::collections::VecDeque;

use crate::common::{Parity, config};
use proptest::prelude::*;
use rand::RngCore;
use slt_core::random::{chance, index_below, unit_f64};
use slt_core::{BitMask, Objective, Purpose, Seed, StreamRng};
use slt_ga::{
    Admissibility, Candidate, GaConfig, GenerationStats, MutationKind, Origin, SelectionKind, start,
};

#[derive(Clone)]
struct Plain {
    bits: Vec<bool>,
    performance: f64,
    /// The generation and the operator, 0 to 2, that brought it forth.
    born: (u64, usize),
    /// Whether it was evaluated when it was drawn, against a bound.
    drawn: bool,
}

impl Plain {
    fn zeros(&self) -> usize {
        self.bits.iter().filter(|&&bit| !bit).count()
    }
}

struct Oracle<'a> {
    problem: &'a Parity,
    config: &'a GaConfig,
    seed: Seed,
    generation: u64,
    population: Vec<Plain>,
    bound: f64,
    exponent: f64,
    new_best: Option<Origin>,
    /// Masks handed to the objective, and their set bits.
    evaluations: u64,
    evaluated_ones: u64,
    /// Masks whose performance is remembered, oldest first.
    remembered: VecDeque<Vec<bool>>,
}

impl<'a> Oracle<'a> {
    fn new(problem: &'a Parity, config: &'a GaConfig, seed: Seed) -> Self {
        let bound = config.bound.map_or(0.0, |bound| bound.start);
        let population = Vec::new();
        let exponent = config.bound.map_or(1.0, |bound| bound.exponent);
        let new_best = Some(Origin::FirstPopulation);
        let mut oracle = Self {
            problem,
            config,
            seed,
            generation: 0,
            population,
            bound,
            exponent,
            new_best,
            evaluations: 0,
            evaluated_ones: 0,
            remembered: VecDeque::new(),
        };
        for i in 0..config.population {
            let mut rng = seed.stream(Purpose::new("init"), 0, i as u64);
            let first = oracle.random_mask(&mut rng).expect("parity has admissible masks");
            oracle.population.push(first);
        }
        oracle.count_and_remember(&oracle.population.clone());
        oracle.rank_survivors();
        oracle
    }

    fn step(&mut self) {
        self.generation += 1;
        let best = self.population[0].clone();
        let n = self.config.population;
        let stream = |name, index: usize| self.seed.stream(Purpose::new(name), self.generation, index as u64);
        // 1. Parents by performance alone, stably.
        self.population.sort_by(|a, b| b.performance.partial_cmp(&a.performance).unwrap());
        let top = ((self.config.parent_rate * n as f64).floor() as usize).max(1);
        let mut children = Vec::new();
        for rank in 0..n {
            let mut rng = stream("recomb", rank);
            if chance(&mut rng, self.config.recombination_rate) {
                let a = &self.population[rank].bits;
                let b = &self.population[index_below(&mut rng, top)].bits;
                let mut word = 0;
                children.extend(self.redrawn(0, || {
                    (0..a.len())
                        .map(|i| {
                            if i % 64 == 0 {
                                word = rng.next_u64();
                            }
                            if word >> (i % 64) & 1 == 1 { a[i] } else { b[i] }
                        })
                        .collect()
                }));
            }
        }
        let mut everyone = self.population.clone();
        everyone.extend(children);
        // 2. Mutants of everyone present.
        let mut mutants = Vec::new();
        for (place, source) in everyone.iter().enumerate() {
            let mut rng = stream("mutation", place);
            if chance(&mut rng, self.config.mutation_rate) {
                mutants.extend(self.redrawn(1, || {
                    let bit = match self.config.mutation {
                        MutationKind::UniformBit => index_below(&mut rng, source.bits.len()),
                        MutationKind::GroupFirst => {
                            let groups = self.problem.bit_groups();
                            let group = groups[index_below(&mut rng, groups.len())].clone();
                            group.start + index_below(&mut rng, group.len())
                        }
                    };
                    let mut bits = source.bits.clone();
                    bits[bit] = !bits[bit];
                    bits
                }));
            }
        }
        everyone.extend(mutants);
        // 3. Migrants.
        let migrants = (self.config.migration_rate * n as f64).floor() as usize;
        for i in 0..migrants {
            let mut rng = self.seed.stream(Purpose::new("migrate"), self.generation, i as u64);
            everyone.extend(self.random_mask(&mut rng));
        }
        self.count_and_remember(&everyone[n..]);
        // 4. Survivors.
        self.population = everyone;
        self.rank_survivors();
        let mut rng = self.seed.stream(Purpose::new("survive"), self.generation, 0);
        let mut survivors = match self.config.selection {
            SelectionKind::CutOff => (0..n).collect(),
            SelectionKind::Roulette => self.roulette(n, &mut rng),
            SelectionKind::RandomWalk { rate } => self.walk(n, rate, &mut rng),
        };
        survivors.sort_unstable();
        self.population = survivors.into_iter().map(|place| self.population[place].clone()).collect();
        let first = &self.population[0];
        let better = first.performance > best.performance
            || first.performance == best.performance && first.zeros() > best.zeros();
        // Nobody who is above the old best was there before.
        let origins = [Origin::Recombination, Origin::Mutation, Origin::Migration];
        self.new_best = better.then(|| origins[first.born.1]);
    }

    fn count(&mut self, bits: &[bool]) {
        self.evaluations += 1;
        self.evaluated_ones += bits.iter().filter(|&&bit| bit).count() as u64;
    }

    /// What is new is evaluated if it was not when it was drawn, is not remembered, and did not come
    /// before; then all of it is remembered. Floors make no difference, as they never fall.
    fn count_and_remember(&mut self, newcomers: &[Plain]) {
        let mut asked: Vec<&[bool]> = Vec::new();
        for Plain { bits, drawn, .. } in newcomers {
            if !drawn && !self.remembered.contains(bits) && !asked.contains(&&bits[..]) {
                asked.push(bits);
            }
        }
        asked.iter().for_each(|bits| self.count(bits));
        let news: Vec<bool> = newcomers.iter().map(|x| x.drawn || asked.contains(&&x.bits[..])).collect();
        for (newcomer, _) in newcomers.iter().zip(news).filter(|(_, new)| *new) {
            if !self.remembered.contains(&newcomer.bits) {
                self.remembered.push_back(newcomer.bits.clone());
            }
            if self.remembered.len() > self.config.memory {
                self.remembered.pop_front();
            }
        }
    }

    fn rank_survivors(&mut self) {
        let key = |x: &Plain| (x.performance, x.zeros());
        self.population.sort_by(|a, b| key(b).partial_cmp(&key(a)).unwrap());
    }

    /// A mask that is held against a bound.
    fn attempt(&mut self, bits: Vec<bool>) -> Plain {
        self.count(&bits);
        Plain { drawn: true, ..self.plain(2, bits) }
    }

    fn plain(&self, operator: usize, bits: Vec<bool>) -> Plain {
        let born = (self.generation, operator);
        Plain { performance: self.problem.performance(|i| bits[i]), bits, born, drawn: false }
    }

    fn admissible(&self, bits: &[bool]) -> bool {
        self.problem.admissible(&bits.iter().copied().collect())
    }

    fn redrawn(&self, operator: usize, mut draw: impl FnMut() -> Vec<bool>) -> Option<Plain> {
        let redraws = match self.config.admissibility {
            Admissibility::Ignored => return Some(self.plain(operator, draw())),
            Admissibility::Required { redraws } => redraws,
        };
        for _ in 0..=redraws {
            let bits = draw();
            if self.admissible(&bits) {
                return Some(self.plain(operator, bits));
            }
        }
        None
    }

    fn random_mask(&mut self, rng: &mut StreamRng) -> Option<Plain> {
        let n_bits = self.problem.n_bits();
        let mut draw = || -> Vec<bool> {
            let words: Vec<u64> = (0..n_bits.div_ceil(64)).map(|_| rng.next_u64()).collect();
            (0..n_bits).map(|i| words[i / 64] >> (i % 64) & 1 == 1).collect()
        };
        if let Some(config) = self.config.bound {
            let (reasonable, given) = (config.reasonable, config.given);
            if !config.falls {
                return Some(self.best_of(given, config.start, draw));
            }
            let mut attempt = 0;
            while self.bound > config.lowest {
                attempt += 1;
                let mask = self.attempt(draw());
                if mask.performance >= self.bound {
                    if attempt > reasonable {
                        let dist = f64::from(attempt) / f64::from(given - reasonable);
                        self.bound -= 0.1 * (0.051 + 0.93 * libm::exp(-9.36 * dist));
                        self.bound = self.bound.max(config.lowest);
                    }
                    return Some(mask);
                }
                if attempt == given {
                    let step = libm::pow(0.1, self.exponent);
                    self.bound = (self.bound - step).max(config.lowest);
                    if step < 1e-6 {
                        self.bound = config.lowest;
                    }
                    self.exponent += 0.15;
                    attempt = 0;
                }
            }
        }
        self.redrawn(2, draw)
    }

    /// The first of so many that reaches the bound, or the best.
    fn best_of(&mut self, given: u32, bound: f64, mut draw: impl FnMut() -> Vec<bool>) -> Plain {
        let mut attempts: Vec<Plain> = Vec::new();
        while attempts.len() < given as usize && attempts.iter().all(|x| x.performance < bound) {
            attempts.push(self.attempt(draw()));
        }
        // Of equals the last counts as the largest, so from the back it is the first.
        let by_performance = |a: &Plain, b: &Plain| a.performance.total_cmp(&b.performance);
        attempts.into_iter().rev().max_by(by_performance).expect("at least one attempt is given")
    }

    /// Places of the survivors in the ranking.
    fn roulette(&self, n: usize, rng: &mut StreamRng) -> Vec<usize> {
        let mut left: Vec<usize> = (0..self.population.len()).collect();
        let worst = self.population.iter().map(|x| x.performance).fold(0.0, f64::min);
        let spin = |_| {
            let weights: Vec<f64> = left.iter().map(|&i| self.population[i].performance - worst).collect();
            let throw = unit_f64(rng);
            let mut ball = throw * weights.iter().sum::<f64>();
            let mut winner = 0;
            if weights.iter().all(|&w| w == 0.0) {
                winner = (throw * left.len() as f64).floor() as usize;
            } else {
                while ball >= weights[winner] {
                    ball -= weights[winner];
                    winner += 1;
                }
            }
            left.remove(winner)
        };
        (0..n).map(spin).collect()
    }

    fn walk(&self, n: usize, rate: f64, rng: &mut StreamRng) -> Vec<usize> {
        let mut left: Vec<usize> = (0..self.population.len()).collect();
        let mut survivors = Vec::new();
        while survivors.len() < n {
            for i in 0..left.len() {
                if chance(rng, rate) {
                    survivors.push(left.remove(i));
                    break;
                }
            }
        }
        survivors
    }
}

fn plain_individuals(population: &[Plain]) -> Vec<Candidate> {
    let individual = |x: &Plain| Candidate {
        mask: x.bits.iter().copied().collect::<BitMask>(),
        performance: x.performance,
    };
    population.iter().map(individual).collect()
}

#[track_caller]
fn check_stats(stats: &GenerationStats, oracle: &Oracle<'_>, highest_before: f64) {
    let population = &oracle.population;
    let n = population.len() as f64;
    let close = |a: f64, b: f64| assert!((a - b).abs() < 1e-12, "{a} is not {b}");
    let sparsity = |x: &Plain| x.zeros() as f64 / x.bits.len() as f64;
    let highest = population.iter().map(sparsity).fold(0.0, f64::max);
    assert_eq!(stats.generation, oracle.generation);
    assert_eq!(stats.best, population[0].performance);
    close(stats.mean, population.iter().map(|x| x.performance).sum::<f64>() / n);
    assert_eq!(stats.sparsity_of_fittest, sparsity(&population[0]));
    assert_eq!(stats.highest_sparsity, highest);
    assert_eq!(stats.highest_sparsity_so_far, highest.max(highest_before));
    let differ = |a: &Plain, b: &Plain| a.bits.iter().zip(&b.bits).filter(|(a, b)| a != b).count() as f64;
    let distances: f64 = population.iter().flat_map(|a| population.iter().map(|b| differ(a, b))).sum();
    let pairs = if population.len() > 1 { n * (n - 1.0) } else { 1.0 };
    close(stats.diversity, distances / pairs / population[0].bits.len() as f64);
    let born = |operator| {
        let new = oracle.generation > 0;
        population.iter().filter(|x| new && x.born == (oracle.generation, operator)).count()
    };
    let newcomers = stats.newcomers;
    assert_eq!([newcomers.recombination, newcomers.mutation, newcomers.migration], [0, 1, 2].map(born));
    assert_eq!(stats.new_best, oracle.new_best);
    assert_eq!(stats.evaluations, oracle.evaluations);
    assert_eq!(stats.bound, oracle.config.bound.map(|_| oracle.bound));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn every_generation_is_the_one_of_the_plain_version(
        config in config(),
        seed: u64,
        n_bits in 6..140_usize,
        shift in prop_oneof![Just(0.0), Just(1.25)],
    ) {
        let problem = Parity::new(n_bits, 25).shifted(shift);
        let config = shifted(config, shift);
        let mut oracle = Oracle::new(&problem, &config, Seed(seed));
        let mut search = start(&problem, &config, Seed(seed), &mut ()).unwrap();
        let mut highest = 0.0;
        for _ in 0..6 {
            let evolution = search.view().state();
            prop_assert_eq!(evolution.population(), plain_individuals(&oracle.population));
            check_stats(evolution.stats(), &oracle, highest);
            highest = evolution.stats().highest_sparsity_so_far;
            search.step(&mut ()).unwrap();
            oracle.step();
        }
        let outcome = search.outcome();
        let counts = (outcome.work.evaluations, outcome.work.evaluated_ones);
        prop_assert_eq!(counts, (oracle.evaluations, oracle.evaluated_ones));
    }
}

/// Moves the bound along with the performances.
fn shifted(mut config: GaConfig, shift: f64) -> GaConfig {
    if let Some(bound) = &mut config.bound {
        bound.start -= shift;
        bound.lowest -= shift;
    }
    config
}
