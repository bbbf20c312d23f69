//! What a user sees: errors, observers, outcomes.

use std::ops::{ControlFlow, Range};

use crate::common::{OneMax, Parity, config};
use proptest::prelude::*;
use slt_core::{BitMask, Objective, Score, Seed};
use slt_ga::{
    AdaptiveBound, Admissibility, BestSeen, Bound, Checkpoint, Error, GaConfig, GeneticAlgorithm, Looks,
    MutationKind, Newcomers, Observer, Outcome, Pulse, SelectionKind, StopReason, Termination, View, on_step,
    resume, run, start,
};

#[track_caller]
fn check_config(change: impl FnOnce(&mut GaConfig), message: &str) {
    let mut config = GaConfig::paper_adaptive(3, 4);
    config.validate().unwrap();
    change(&mut config);
    assert_eq!(config.validate().unwrap_err().to_string(), message);
    assert_eq!(run(&OneMax(9), &config, Seed(1), &mut ()).unwrap_err().to_string(), message);
}

fn bound(config: &mut GaConfig) -> &mut AdaptiveBound {
    config.bound.as_mut().unwrap()
}

#[test]
fn a_bad_field_is_named_with_its_value_and_its_range() {
    check_config(|c| c.population = 0, "population is 0, it must be in 1 to 1,000,000");
    check_config(|c| c.recombination_rate = -0.1, "recombination_rate is -0.1, it must be in [0, 1]");
    check_config(|c| c.parent_rate = f64::NAN, "parent_rate is NaN, it must be in [0, 1]");
    check_config(|c| c.mutation_rate = 1.5, "mutation_rate is 1.5, it must be in [0, 1]");
    check_config(|c| c.migration_rate = f64::INFINITY, "migration_rate is inf, it must be in [0, 1]");
    let walk = SelectionKind::RandomWalk { rate: 0.0 };
    check_config(|c| c.selection = walk, "selection.rate is 0, it must be in [0.01, 1]");
    check_config(|c| bound(c).lowest = f64::NAN, "bound.lowest is NaN, it must be finite");
    check_config(|c| bound(c).start = 0.5, "bound.start is 0.5, it must be finite and at least bound.lowest");
    check_config(|c| bound(c).exponent = 0.9, "bound.exponent is 0.9, it must be finite and at least 1");
    check_config(
        |c| bound(c).exponent = f64::INFINITY,
        "bound.exponent is inf, it must be finite and at least 1",
    );
    check_config(
        |c| *bound(c) = AdaptiveBound { given: 0, ..AdaptiveBound::fixed(0.5, 1) },
        "bound.given is 0, it must be at least 1",
    );
    check_config(|c| bound(c).reasonable = 0, "bound.reasonable is 0, it must be at least 1");
    check_config(|c| bound(c).given = 3, "bound.given is 3, it must be more than bound.reasonable");
    let redraws = Admissibility::Required { redraws: 2_000_000 };
    check_config(
        |c| c.admissibility = redraws,
        "admissibility.redraws is 2000000, it must be at most 1,000,000",
    );
    check_config(|c| c.termination.patience = Some(1), "termination.patience is 1, it must be at least 2");
    let looks = |every, equal| Some(Looks { every, equal });
    check_config(
        |c| c.termination.looks = looks(0, 2),
        "termination.looks.every is 0, it must be at least 1",
    );
    check_config(
        |c| c.termination.looks = looks(1, 1),
        "termination.looks.equal is 1, it must be at least 2",
    );
    check_config(|c| c.memory = 2_000_000, "memory is 2000000, it must be at most 1,048,576");
    let never = Termination {
        min_generations: 0,
        patience: None,
        looks: None,
        max_generations: None,
        stop_when_solved: false,
    };
    check_config(
        |c| c.termination = never,
        "termination has no rule that ends a search: set patience, looks, max_generations or stop_when_solved",
    );
}

#[test]
fn configurations_are_readable_and_strict() {
    let text = serde_json::to_string(&GaConfig::paper_adaptive(360, 450)).unwrap();
    assert_eq!(serde_json::from_str::<GaConfig>(&text).unwrap(), GaConfig::paper_adaptive(360, 450));
    let typo = text.replace("mutation_rate", "mutation_ratio");
    assert!(serde_json::from_str::<GaConfig>(&typo).unwrap_err().to_string().contains("mutation_ratio"));
}

/// An objective that does not keep to its contract.
struct Broken {
    n_bits: usize,
    groups: Vec<Range<usize>>,
    answer: fn(usize, Option<f64>) -> Vec<Score>,
}

impl Objective for Broken {
    fn n_bits(&self) -> usize {
        self.n_bits
    }
    fn evaluate(&self, masks: &[&BitMask], floor: Option<f64>) -> Vec<Score> {
        (self.answer)(masks.len(), floor)
    }
    fn bit_groups(&self) -> Vec<Range<usize>> {
        self.groups.clone()
    }
}

#[track_caller]
fn check_broken(change: impl FnOnce(&mut Broken), message: &str) {
    #[expect(clippy::single_range_in_vec_init, reason = "one group")]
    let mut broken = Broken { n_bits: 90, groups: vec![0..90], answer: |n, _| vec![Score::Exact(0.0); n] };
    change(&mut broken);
    let config = GaConfig { mutation: MutationKind::GroupFirst, ..GaConfig::paper() };
    assert_eq!(run(&broken, &config, Seed(1), &mut ()).unwrap_err().to_string(), message);
}

#[test]
fn a_broken_objective_is_an_error() {
    check_broken(|b| b.n_bits = 0, "the objective is over masks of 0 bits, there is nothing to search");
    check_broken(
        |b| b.groups = vec![0..3, 4..90],
        "the objective's bit group 1 is 4..90, it must start at 3 and end by 90",
    );
    check_broken(
        |b| b.groups = vec![0..3, 3..100],
        "the objective's bit group 1 is 3..100, it must start at 3 and end by 90",
    );
    check_broken(
        |b| b.groups = vec![],
        "the objective's bit groups end at bit 0, they must cover all 90 bits",
    );
    check_broken(
        |b| b.answer = |n, _| vec![Score::Exact(0.0); n - 1],
        "the objective was given 100 masks and returned 99 scores",
    );
    check_broken(
        |b| b.answer = |n, _| vec![Score::Exact(f64::NAN); n],
        "the objective returned the performance NaN, it must be finite",
    );
    check_broken(
        |b| b.answer = |n, _| vec![Score::Exact(f64::NEG_INFINITY); n],
        "the objective returned the performance -inf, it must be finite",
    );
    check_broken(
        |b| b.answer = |n, _| vec![Score::Below; n],
        "the objective answered `Below` although no floor was given",
    );
}

#[test]
fn a_search_survives_an_error_where_it_was() {
    let answer = |n, floor: Option<f64>| vec![Score::Exact(if floor.is_some() { f64::NAN } else { 0.5 }); n];
    let broken = Broken { n_bits: 30, groups: vec![], answer };
    let mut search = start(&broken, &GaConfig::paper(), Seed(1), &mut ()).unwrap();
    let before = search.view().checkpoint();
    assert!(matches!(search.step(&mut ()), Err(Error::NotFinite { .. })));
    assert_eq!(search.view().checkpoint(), before);
}

/// Admits nothing.
struct Closed(Parity);

impl Objective for Closed {
    fn n_bits(&self) -> usize {
        self.0.n_bits()
    }
    fn evaluate(&self, masks: &[&BitMask], floor: Option<f64>) -> Vec<Score> {
        self.0.evaluate(masks, floor)
    }
    fn admissible(&self, _mask: &BitMask) -> bool {
        false
    }
}

#[test]
fn without_admissible_masks_nothing_hangs() {
    let closed = Closed(Parity::new(40, 20));
    let required = Admissibility::Required { redraws: 9 };
    let config = GaConfig { admissibility: required, ..GaConfig::paper() };
    let error = run(&closed, &config, Seed(1), &mut ()).unwrap_err();
    assert_eq!(error.to_string(), "none of 10 random masks is admissible, so there is no first population");
    // Masks that reach a bound are not asked, so there is a population; but it has no children.
    let bound = Some(AdaptiveBound { start: 0.5, lowest: 0.1, ..AdaptiveBound::paper(500, 1000) });
    let outcome = run(&closed, &GaConfig { bound, ..config }, Seed(1), &mut ()).unwrap();
    for stats in &outcome.history[1..] {
        assert_eq!((stats.newcomers.recombination, stats.newcomers.mutation), (0, 0));
    }
    assert!(outcome.history[1].newcomers.migration > 0);
}

#[test]
fn a_bound_out_of_reach_ends_at_the_lowest() {
    let bound = Some(AdaptiveBound { start: 1e6, lowest: 3.0, ..AdaptiveBound::paper(1, 2) });
    let config = GaConfig { bound, ..GaConfig::paper() };
    let outcome = run(&OneMax(20), &config, Seed(1), &mut ()).unwrap();
    assert_eq!(outcome.history[0].bound, Some(3.0));
    assert_eq!(outcome.best.mask, BitMask::ones(20));
}

/// At its lowest from the start, a bound is no bound.
#[test]
fn a_bound_that_starts_at_the_lowest_asks_for_nothing() {
    let bound = AdaptiveBound { start: 0.9, lowest: 0.9, exponent: 2.35, ..AdaptiveBound::paper(3, 5) };
    let problem = Parity::new(60, 1000);
    let config = GaConfig { bound: Some(bound), ..GaConfig::paper() };
    let mut outcome = run(&problem, &config, Seed(1), &mut ()).unwrap();
    assert_eq!(outcome.history[0].evaluations, 100, "one for each of the first population");
    assert_eq!(outcome.bound, Some(Bound { value: 0.9, exponent: 2.35 }));
    let mut without = run(&problem, &GaConfig::paper(), Seed(1), &mut ()).unwrap();
    outcome.bound = None;
    outcome.history.iter_mut().for_each(|stats| assert_eq!(stats.bound.take(), Some(0.9)));
    without.history.iter_mut().for_each(|stats| assert_eq!(stats.bound, None));
    assert_eq!(outcome, without);
}

/// What one run leaves behind is where the next one starts, exponent and all.
#[test]
fn a_bound_is_carried_from_run_to_run() {
    let problem = Parity::new(60, 40);
    let mut config = GaConfig::paper_adaptive(3, 5);
    config.termination.max_generations = Some(3);
    let mut before = Bound { value: 0.85, exponent: 1.0 };
    for seed in 0..4 {
        let configured = config.bound.unwrap();
        assert_eq!((configured.start, configured.exponent), (before.value, before.exponent));
        let outcome = run(&problem, &config, Seed(seed), &mut ()).unwrap();
        let left = outcome.bound.unwrap();
        assert_eq!(outcome.history.last().unwrap().bound, Some(left.value));
        assert!(left.value <= before.value && left.exponent >= before.exponent);
        assert!(seed > 0 || (left.value < 0.8 && left.exponent > 1.0), "{left:?}");
        config.bound = Some(configured.starting_at(left));
        before = left;
    }
    assert_eq!(run(&problem, &GaConfig::paper(), Seed(1), &mut ()).unwrap().bound, None);
}

#[test]
fn a_fixed_bound_takes_the_best_of_the_attempts_given() {
    let problem = Parity::new(60, 40);
    let first = |value, given| {
        let bound = Some(AdaptiveBound::fixed(value, given));
        let config = GaConfig { bound, ..GaConfig::paper() };
        let search = start(&problem, &config, Seed(1), &mut ()).unwrap();
        let evolution = search.view().state();
        (evolution.stats().clone(), evolution.population().to_vec(), evolution.bound())
    };
    // Out of reach: all attempts are made, and the best of more attempts is no worse.
    let (stats, few, bound) = first(1.5, 10);
    assert_eq!((stats.evaluations, stats.bound), (1000, Some(1.5)));
    assert_eq!(bound, Some(Bound { value: 1.5, exponent: 1.0 }));
    let (_, many, _) = first(1.5, 40);
    assert!(few.iter().zip(&many).all(|(few, many)| few.performance <= many.performance));
    // In reach of most: who reaches it is taken at once.
    let (stats, population, _) = first(0.5, 40);
    assert!(stats.evaluations < 300 && population[99].performance >= 0.5, "{stats:?}");
    // One attempt is no choice.
    let (stats, population, _) = first(1.5, 1);
    let unbound = start(&problem, &GaConfig::paper(), Seed(1), &mut ()).unwrap();
    assert_eq!((stats.evaluations, &population[..]), (100, unbound.view().state().population()));
}

/// Notes who was told what.
#[derive(Default)]
struct Diary {
    generations: Vec<u64>,
    draws: Vec<Pulse>,
    stop_at: Option<u64>,
}

impl Observer<GeneticAlgorithm> for Diary {
    fn on_step(&mut self, view: &View<'_>) -> ControlFlow<()> {
        let evolution = view.state();
        assert_eq!(view.steps(), evolution.generation());
        assert_eq!(evolution.history().len() as u64, evolution.generation() + 1);
        assert_eq!(evolution.stats(), evolution.history().last().unwrap());
        assert_eq!(view.work().evaluations, evolution.stats().evaluations);
        assert_eq!(view.best(), &evolution.population()[0]);
        self.generations.push(view.steps());
        if self.stop_at == Some(view.steps()) { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
    }

    fn on_pulse(&mut self, pulse: &Pulse) -> ControlFlow<()> {
        self.draws.push(*pulse);
        ControlFlow::Continue(())
    }
}

#[test]
fn observers_are_told_in_order_and_can_stop() {
    let problem = Parity::new(60, 40);
    let mut diary = Diary { stop_at: Some(3), ..Diary::default() };
    let outcome = run(&problem, &GaConfig::paper_adaptive(3, 5), Seed(1), &mut diary).unwrap();
    assert_eq!((outcome.generations, outcome.stop_reason), (3, StopReason::Interrupted));
    assert_eq!(diary.generations, [0, 1, 2, 3]);
    let first: Vec<_> = diary.draws.iter().filter(|p| p.step == 0).collect();
    assert!(first.iter().all(|p| p.wanted == 100) && first.last().unwrap().done == 100);
    assert!(first.is_sorted_by_key(|p| (p.done, p.judged)));
    assert!(first.is_sorted_by(|a, b| a.bound >= b.bound));
    assert!(diary.draws.iter().any(|p| p.step == 3 && p.wanted == 10 && p.done == 10));

    let mut diary = Diary { stop_at: Some(0), ..Diary::default() };
    let outcome = run(&problem, &GaConfig::paper(), Seed(1), &mut diary).unwrap();
    assert_eq!((outcome.generations, outcome.stop_reason), (0, StopReason::Interrupted));
    assert!(diary.draws.is_empty(), "nothing is drawn against a bound");
}

/// Before the first generation, and without regard to the minimum of generations.
#[test]
fn a_first_population_that_solves_it_is_the_last() {
    let solved = |checks, first_solves| {
        let mut config = GaConfig::paper_loss(5);
        config.termination.stop_when_solved = true;
        assert_eq!(config.termination.min_generations, 100);
        let problem = Parity::new(60, checks);
        let outcome = run(&problem, &config, Seed(1), &mut ()).unwrap();
        assert_eq!(outcome.stop_reason, StopReason::Solved);
        assert_eq!(outcome.history[0].best == 1.0, first_solves);
        // It ends in the first generation that has a solution.
        let solutions: Vec<_> = outcome.history.iter().filter(|stats| stats.best == 1.0).collect();
        assert_eq!((solutions.len(), solutions[0].generation), (1, outcome.generations));
        outcome.generations
    };
    // One in 8 masks solves it, so that one of 100 does nearly surely.
    assert_eq!(solved(3, true), 0);
    assert!((1..100).contains(&solved(20, false)));
}

/// A selection that is no cut-off may lose the best; whoever watches has it.
#[test]
fn the_best_that_selection_loses_is_seen() {
    let problem = Parity::new(60, 1000);
    let mut config = GaConfig { selection: SelectionKind::Roulette, ..GaConfig::paper() };
    config.termination.max_generations = Some(30);
    let mut seen = BestSeen::default();
    let outcome = run(&problem, &config, Seed(1), &mut seen).unwrap();
    let highest = outcome.history.iter().map(|stats| stats.best).fold(0.0, f64::max);
    assert_eq!(seen.best.unwrap().performance, highest);
    assert!(highest > outcome.best.performance, "roulette lost the best, or this shows nothing");
}

/// A loss of 0 is -0 when negated, and must rank as 0.
#[test]
fn negative_zero_is_zero() {
    struct Loss;
    impl Objective for Loss {
        fn n_bits(&self) -> usize {
            12
        }
        fn evaluate(&self, masks: &[&BitMask], _floor: Option<f64>) -> Vec<Score> {
            let zero = |mask: &&BitMask| if mask.get(0) { 0.0 } else { -0.0 };
            masks.iter().map(|mask| Score::Exact(zero(mask))).collect()
        }
    }
    let outcome = run(&Loss, &GaConfig::paper(), Seed(1), &mut ()).unwrap();
    assert!(outcome.population.iter().all(|x| x.performance.is_sign_positive()));
    assert_eq!(outcome.best.mask, BitMask::zeros(12));
}

/// The worst finite performance stands for minus infinity.
#[test]
fn the_worst_performance_does_no_harm() {
    struct Cliff;
    impl Objective for Cliff {
        fn n_bits(&self) -> usize {
            30
        }
        fn evaluate(&self, masks: &[&BitMask], _floor: Option<f64>) -> Vec<Score> {
            let performance = |ones| if ones > 15 { f64::MIN } else { ones as f64 };
            masks.iter().map(|mask| Score::Exact(performance(mask.count_ones()))).collect()
        }
    }
    for selection in [SelectionKind::CutOff, SelectionKind::Roulette] {
        let mut config = GaConfig { selection, ..GaConfig::paper() };
        config.termination.max_generations = Some(20);
        let mut saved = None;
        let mut save = on_step(|view: &View<'_>| {
            saved.get_or_insert_with(|| view.checkpoint().to_bytes());
            ControlFlow::Continue(())
        });
        let outcome = run(&Cliff, &config, Seed(1), &mut save).unwrap();
        assert_eq!(outcome.best.performance, 15.0);
        assert!(outcome.history[0].mean < -1e300 && outcome.history.iter().all(|s| s.mean.is_finite()));
        let checkpoint = Checkpoint::from_bytes(&saved.unwrap()).unwrap();
        assert_eq!(resume(&Cliff, &config, Seed(1), checkpoint, &mut ()).unwrap(), outcome);
    }
}

proptest! {
    #[test]
    fn outcomes_are_coherent_and_storable(config in config(), seed: u64) {
        let outcome = run(&Parity::new(33, 20), &config, Seed(seed), &mut ()).unwrap();
        let text = serde_json::to_string(&outcome).unwrap();
        prop_assert_eq!(&serde_json::from_str::<Outcome>(&text).unwrap(), &outcome);
        prop_assert_eq!(&outcome.best, &outcome.population[0]);
        prop_assert_eq!(outcome.population.len(), config.population);
        let key = |i: usize| (outcome.population[i].performance, outcome.population[i].mask.count_zeros());
        prop_assert!((1..config.population).all(|i| key(i - 1) >= key(i)));
        let last = outcome.history.last().unwrap();
        prop_assert_eq!((last.generation, last.evaluations), (outcome.generations, outcome.evaluations));
        prop_assert_eq!(outcome.history[0].newcomers, Newcomers::default());
        if config.selection == SelectionKind::CutOff {
            prop_assert!(outcome.history.is_sorted_by(|a, b| a.best <= b.best));
        }
        prop_assert!(outcome.generations <= config.termination.max_generations.unwrap());
    }
}
