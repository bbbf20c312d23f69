//! Problems and random configurations that the tests share.
#![allow(dead_code, unreachable_pub, reason = "every test uses another part")]

use std::ops::Range;
use std::sync::Mutex;

use proptest::prelude::*;
use slt_core::random::index_below;
use slt_core::{BitMask, Objective, Purpose, Score, Seed};
use slt_ga::{AdaptiveBound, Admissibility, GaConfig, Looks, MutationKind, SelectionKind, Termination};

/// Share of random parity checks, each over 4 bits, that come out even. A random mask satisfies about half,
/// as the accuracy on a problem of two classes; there are many ties.
pub struct Parity {
    n_bits: usize,
    checks: Vec<[usize; 4]>,
    shift: f64,
}

impl Parity {
    pub fn new(n_bits: usize, checks: usize) -> Self {
        let mut rng = Seed(n_bits as u64).stream(Purpose::new("parity"), 0, checks as u64);
        let check = |_| std::array::from_fn(|_| index_below(&mut rng, n_bits));
        Self { n_bits, checks: (0..checks).map(check).collect(), shift: 0.0 }
    }

    /// All performances lower by this, to try negative ones.
    pub fn shifted(self, shift: f64) -> Self {
        Self { shift, ..self }
    }

    pub fn performance(&self, bits: impl Fn(usize) -> bool) -> f64 {
        let even = |check: &&[usize; 4]| check.iter().filter(|&&i| bits(i)).count().is_multiple_of(2);
        self.checks.iter().filter(even).count() as f64 / self.checks.len() as f64 - self.shift
    }
}

impl Objective for Parity {
    fn n_bits(&self) -> usize {
        self.n_bits
    }

    fn evaluate(&self, masks: &[&BitMask], _floor: Option<f64>) -> Vec<Score> {
        masks.iter().map(|mask| Score::Exact(self.performance(|i| mask.get(i)))).collect()
    }

    fn bit_groups(&self) -> Vec<Range<usize>> {
        let middle = self.n_bits / 5;
        vec![0..middle, middle..self.n_bits]
    }

    fn admissible(&self, mask: &BitMask) -> bool {
        !mask.count_ones().is_multiple_of(3)
    }

    fn solved(&self, _mask: &BitMask, performance: f64) -> bool {
        performance + self.shift == 1.0
    }
}

/// Answers `Below` whenever it may, and keeps what it was asked.
pub struct Racing<O> {
    pub inner: O,
    pub asked: Mutex<Vec<BitMask>>,
    pub answered_below: Mutex<u64>,
}

impl<O> Racing<O> {
    pub fn new(inner: O) -> Self {
        Self { inner, asked: Mutex::default(), answered_below: Mutex::default() }
    }
}

impl<O: Objective> Objective for Racing<O> {
    fn n_bits(&self) -> usize {
        self.inner.n_bits()
    }

    fn evaluate(&self, masks: &[&BitMask], floor: Option<f64>) -> Vec<Score> {
        assert!(!masks.is_empty(), "nothing is asked without a mask");
        self.asked.lock().unwrap().extend(masks.iter().copied().cloned());
        let mut scores = self.inner.evaluate(masks, None);
        for score in &mut scores {
            if floor.is_some_and(|floor| score.exact().unwrap() < floor) {
                *score = Score::Below;
                *self.answered_below.lock().unwrap() += 1;
            }
        }
        scores
    }

    fn bit_groups(&self) -> Vec<Range<usize>> {
        self.inner.bit_groups()
    }

    fn admissible(&self, mask: &BitMask) -> bool {
        self.inner.admissible(mask)
    }

    fn solved(&self, mask: &BitMask, performance: f64) -> bool {
        self.inner.solved(mask, performance)
    }
}

/// Ones, of as many bits as given.
pub struct OneMax(pub usize);

impl Objective for OneMax {
    fn n_bits(&self) -> usize {
        self.0
    }

    fn evaluate(&self, masks: &[&BitMask], _floor: Option<f64>) -> Vec<Score> {
        masks.iter().map(|mask| Score::Exact(mask.count_ones() as f64)).collect()
    }
}

fn rate() -> impl Strategy<Value = f64> {
    prop_oneof![1 => Just(0.0), 1 => Just(1.0), 6 => 0.0..1.0]
}

pub fn selection() -> impl Strategy<Value = SelectionKind> {
    prop_oneof![
        3 => Just(SelectionKind::CutOff),
        1 => Just(SelectionKind::Roulette),
        1 => (0.05..1.0).prop_map(|rate| SelectionKind::RandomWalk { rate }),
    ]
}

fn bound() -> impl Strategy<Value = AdaptiveBound> {
    let range = prop_oneof![1 => Just(0.0), 5 => 0.0..0.4];
    let attempts = (1..5_u32, 1..30_u32);
    (0.4..0.9, range, 1.0..2.5, attempts, prop::bool::weighted(0.7)).prop_map(
        |(start, range, exponent, (reasonable, more), falls)| AdaptiveBound {
            start,
            exponent,
            lowest: start - range,
            reasonable,
            given: reasonable + more,
            falls,
        },
    )
}

fn termination() -> impl Strategy<Value = Termination> {
    let patience = prop::option::of(2..6_u32);
    let looks = prop::option::of((1..4_u64, 2..4_u32).prop_map(|(every, equal)| Looks { every, equal }));
    (0..6_u64, patience, looks, 0..14_u64, any::<bool>()).prop_map(|(min, patience, looks, max, solved)| {
        Termination {
            min_generations: min,
            patience,
            looks,
            max_generations: Some(max),
            stop_when_solved: solved,
        }
    })
}

/// Any valid configuration of a small search.
pub fn config() -> impl Strategy<Value = GaConfig> {
    let rates = (rate(), rate(), rate(), rate());
    let mutation = prop_oneof![Just(MutationKind::UniformBit), Just(MutationKind::GroupFirst)];
    let admissibility = prop_oneof![
        Just(Admissibility::Ignored),
        Just(Admissibility::Required { redraws: 40 }),
        Just(Admissibility::Required { redraws: 1000 })
    ];
    let others = (prop::option::of(bound()), admissibility, termination(), 0..200_usize);
    (1..25_usize, rates, mutation, selection(), others).prop_map(
        |(population, rates, mutation, selection, (bound, admissibility, termination, memory))| GaConfig {
            population,
            recombination_rate: rates.0,
            parent_rate: rates.1,
            mutation_rate: rates.2,
            migration_rate: rates.3,
            mutation,
            selection,
            bound,
            admissibility,
            termination,
            memory,
        },
    )
}
