//! The memetic algorithm: whole runs, killed and resumed, and what its parameters do.

use std::ops::ControlFlow;

use proptest::prelude::*;
use slt_core::{BitMask, Objective, Score, Seed};
use slt_ga::Memetic;
use slt_search::{
    Algorithm, Budget, Checkpoint, Error, Price, Problem, Search, StopReason, View, on_step, resume, run,
};

/// Blocks of five bits, in each of which all five are worth most and four least.
struct Traps(usize);

impl Objective for Traps {
    fn n_bits(&self) -> usize {
        5 * self.0
    }
    fn evaluate(&self, masks: &[&BitMask], _floor: Option<f64>) -> Vec<Score> {
        let trap = |mask: &BitMask, block: usize| {
            let ones = (0..5).filter(|i| mask.get(5 * block + i)).count();
            if ones == 5 { 5.0 } else { 4.0 - ones as f64 }
        };
        masks.iter().map(|mask| Score::Exact((0..self.0).map(|block| trap(mask, block)).sum())).collect()
    }
    fn linkage(&self) -> Vec<Vec<usize>> {
        (0..self.0).map(|block| (5 * block..5 * block + 5).collect()).collect()
    }
    fn solved(&self, mask: &BitMask, _performance: f64) -> bool {
        mask.count_zeros() == 0
    }
}

/// Short searches, so that there are many.
fn short(population: usize, children: u64, price: f64) -> Memetic {
    Memetic {
        population,
        children,
        founder_flips: 5_000,
        child_flips: 300,
        refine_flips: 4_200,
        price: Price::per_weight(price),
        ..Memetic::default()
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn killed_at_any_step_it_comes_to_the_same_end(
        population in 1..4_usize,
        children in 0..6_u64,
        price in prop_oneof![Just(0.0), 0.0..1.0],
        judged in any::<bool>(),
        seed in 0..1_000_u64,
        at in any::<prop::sample::Index>(),
    ) {
        let (traps, other) = (Traps(6), Traps(6));
        let mut problem = Problem::new(&traps).refined_on(&other);
        if judged {
            problem = problem.judged_by(&other);
        }
        let memetic = short(population, children, price);
        let whole = run(problem, memetic.clone(), Budget::NONE, Seed(seed), &mut ()).unwrap();
        prop_assert_eq!(whole.stop_reason, StopReason::Finished);
        let kill = at.index(whole.steps as usize) as u64;
        let mut kept = Vec::new();
        let mut observer = on_step(|view: &View<'_, Memetic>| {
            if view.steps() < kill {
                return ControlFlow::Continue(());
            }
            kept = view.checkpoint().to_bytes();
            ControlFlow::Break(())
        });
        let killed = run(problem, memetic.clone(), Budget::NONE, Seed(seed), &mut observer).unwrap();
        prop_assert_eq!(killed.steps, kill);
        let checkpoint = Checkpoint::from_bytes(&kept).unwrap();
        let resumed = resume(problem, memetic, Budget::NONE, Seed(seed), checkpoint, &mut ()).unwrap();
        prop_assert_eq!(resumed, whole);
    }
}

#[test]
fn crossing_by_neurons_combines_what_parents_have_found() {
    let traps = Traps(12);
    let crossed = Memetic { population: 16, children: 300, ..short(16, 300, 0.0) };
    let copied = Memetic { crossover: false, ..crossed.clone() };
    let mean = |memetic: &Memetic| {
        let best = |seed| {
            run(Problem::new(&traps), memetic.clone(), Budget::NONE, Seed(seed), &mut ()).unwrap().best
        };
        (1..=5).map(|seed| best(seed).performance).sum::<f64>() / 5.0
    };
    let (crossed, copied) = (mean(&crossed), mean(&copied));
    assert!(crossed > copied + 1.0, "{crossed} {copied}");
}

#[test]
fn a_price_thins_the_mask_out() {
    let traps = Traps(8);
    let best =
        |price| run(Problem::new(&traps), short(3, 4, price), Budget::NONE, Seed(1), &mut ()).unwrap().best;
    assert_eq!(best(2.0).mask, BitMask::zeros(40));
    assert!(best(0.0).performance >= best(2.0).performance);
}

#[test]
fn it_ends_where_that_is_enough() {
    let traps = Traps(8);
    let whole = run(Problem::new(&traps), short(3, 4, 0.0), Budget::NONE, Seed(1), &mut ()).unwrap();
    let enough = |enough, price| {
        let memetic = Memetic { enough: Some(enough), ..short(3, 4, price) };
        run(Problem::new(&traps), memetic, Budget::NONE, Seed(1), &mut ()).unwrap()
    };
    let ended = enough(30.0, 0.0);
    assert!(ended.best.performance >= 30.0, "{}", ended.best.performance);
    assert!(ended.steps < whole.steps, "{} of {}", ended.steps, whole.steps);
    assert_eq!(ended.stop_reason, StopReason::Finished);
    // What is never reached changes nothing, and with a price there is always something to gain.
    assert_eq!(enough(41.0, 0.0).best, whole.best);
    assert_eq!(enough(0.0, 2.0).best.mask, BitMask::zeros(40));
}

#[test]
fn with_a_judge_it_has_something_to_show_at_any_time() {
    let (traps, judge) = (Traps(8), Traps(8));
    let memetic = Memetic { founder_flips: 100_000, ..short(1, 0, 0.0) };
    let problem = Problem::new(&traps).judged_by(&judge);
    let at = |steps| {
        let outcome = run(problem, memetic.clone(), Budget::steps(steps), Seed(2), &mut ()).unwrap();
        outcome.best.performance
    };
    // A random mask, one that descended, and one from the middle of the cooling.
    assert!(at(0) < at(20));
    assert!(at(1) <= at(20));
}

#[test]
fn its_population_stays_small_and_new() {
    let traps = Traps(10);
    let memetic = short(5, 40, 0.0);
    let outcome = run(Problem::new(&traps), memetic, Budget::NONE, Seed(3), &mut ()).unwrap();
    let members = outcome.state.members();
    assert_eq!(members.len(), 5);
    for (i, member) in members.iter().enumerate() {
        assert!(members[..i].iter().all(|other| other.mask != member.mask));
    }
}

#[test]
fn bad_parameters_are_named() {
    let traps = Traps(4);
    let check = |memetic: Memetic, message: &str| {
        let error = run(Problem::new(&traps), memetic, Budget::NONE, Seed(1), &mut ()).unwrap_err();
        assert_eq!(error.to_string(), message);
    };
    check(Memetic { population: 0, ..Memetic::default() }, "population is 0, it must be in 1 to 1,000");
    check(Memetic { founder_flips: 0, ..Memetic::default() }, "founder_flips is 0, it must be at least 1");
    check(Memetic { reheat: -1.0, ..Memetic::default() }, "reheat is -1, it must be finite and at least 0");
    check(Memetic { density: 2.0, ..Memetic::default() }, "density is 2, it must be in [0, 1]");
    check(Memetic { end: 0.0, ..Memetic::default() }, "end is 0, it must be above 0 and at most 1");
}

#[test]
fn a_state_that_makes_no_sense_is_refused() {
    let traps = Traps(4);
    let memetic = short(2, 2, 0.0);
    let search =
        Search::start(Problem::new(&traps), memetic.clone(), Budget::NONE, Seed(1), &mut ()).unwrap();
    type State = <Memetic as Algorithm>::State;
    let mut value = serde_json::to_value(search.view().checkpoint()).unwrap();
    value["state"]["stage"] = "child".into();
    let forged: Checkpoint<State> = serde_json::from_value(value).unwrap();
    let error =
        Search::resume(Problem::new(&traps), memetic, Budget::NONE, Seed(1), forged).map(|_| ()).unwrap_err();
    assert!(matches!(error, Error::CheckpointInconsistent { .. }), "{error}");
}
