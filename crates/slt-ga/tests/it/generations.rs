//! NSGA-II and UMDA: what they find on problems whose answer is known, and that they go on from anywhere to
//! the same end.

use std::ops::ControlFlow;

use crate::common::Parity;
use serde::de::DeserializeOwned;
use slt_core::{BitMask, Objective, Score, Seed};
use slt_ga::pareto::{dominates, fronts, hypervolume};
use slt_ga::{Nsga2, Nsga2State, Umda};
use slt_search::{
    Algorithm, Budget, Candidate, Checkpoint, Error, Outcome, Problem, Rank, Search, StopReason, View,
    on_step, resume, run,
};

/// Each bit adds what it is worth.
struct Weighted(Vec<f64>);

impl Weighted {
    /// In no order: 3 * i mod 31, below which 31 has no divisor.
    fn new() -> Self {
        Self((1..31).map(|i| f64::from(i * 12 % 31)).collect())
    }

    /// What the best mask with each number of ones is worth.
    fn best(&self) -> Vec<f64> {
        let mut values = self.0.clone();
        values.sort_by(|a, b| b.total_cmp(a));
        (0..=values.len()).map(|ones| values[..ones].iter().sum()).collect()
    }
}

impl Objective for Weighted {
    fn n_bits(&self) -> usize {
        self.0.len()
    }

    fn evaluate(&self, masks: &[&BitMask], floor: Option<f64>) -> Vec<Score> {
        assert_eq!(floor, None);
        masks.iter().map(|mask| Score::Exact(mask.iter_ones().map(|i| self.0[i]).sum())).collect()
    }

    fn linkage(&self) -> Vec<Vec<usize>> {
        (0..5).map(|set| (5 * set..5 * set + 5).collect()).collect()
    }
}

/// Counts bits that are not set: the opposite of what the objective wants.
struct Zeros(usize);

impl Objective for Zeros {
    fn n_bits(&self) -> usize {
        self.0
    }

    fn evaluate(&self, masks: &[&BitMask], _floor: Option<f64>) -> Vec<Score> {
        masks.iter().map(|mask| Score::Exact(mask.count_zeros() as f64)).collect()
    }
}

/// Share of parity checks that come out odd: no mask without ones is any good.
struct Odd(Parity);

impl Objective for Odd {
    fn n_bits(&self) -> usize {
        self.0.n_bits()
    }

    fn evaluate(&self, masks: &[&BitMask], _floor: Option<f64>) -> Vec<Score> {
        masks.iter().map(|mask| Score::Exact(1.0 - self.0.performance(|i| mask.get(i)))).collect()
    }
}

fn ranks(candidates: &[Candidate]) -> Vec<Rank> {
    candidates.iter().map(Candidate::rank).collect()
}

/// All states of a search, that before the first step included.
fn states<A: Algorithm>(problem: Problem<'_>, algorithm: A, seed: Seed) -> Vec<A::State> {
    let mut states = Vec::new();
    let mut keep = on_step(|view: &View<'_, A>| {
        states.push(view.state().clone());
        ControlFlow::Continue(())
    });
    run(problem, algorithm, Budget::NONE, seed, &mut keep).unwrap();
    states
}

#[test]
fn nsga2_finds_a_known_front() {
    let objective = Weighted::new();
    for seed in 0..3 {
        let outcome =
            run(Problem::new(&objective), Nsga2::default(), Budget::NONE, Seed(seed), &mut ()).unwrap();
        let front = outcome.state.front();
        let found: Vec<f64> = front.iter().rev().map(|candidate| candidate.performance).collect();
        assert_eq!(found, objective.best(), "seed {seed}");
        assert!(front.iter().rev().enumerate().all(|(ones, candidate)| candidate.mask.count_ones() == ones));
        assert_eq!(outcome.best.mask, BitMask::ones(30));
        assert_eq!((outcome.stop_reason, outcome.steps), (StopReason::MaxGenerations, 250));
        // Duplicates are not evaluated.
        assert!(outcome.work.evaluations > 15_000 && outcome.work.evaluations <= 251 * 100);
    }
}

#[test]
fn nothing_that_was_on_the_front_is_lost() {
    let odd = Odd(Parity::new(60, 80));
    for seed in 0..4 {
        let nsga2 = Nsga2 { population: 12, generations: 120, ..Nsga2::default() };
        let states = states(Problem::new(&odd), nsga2, Seed(seed));
        let nothing = Rank { performance: 0.0, zeros: 0 };
        for pair in states.windows(2) {
            let [before, after] = [&pair[0], &pair[1]].map(|state| ranks(state.front()));
            assert!(hypervolume(&after, &nothing) >= hypervolume(&before, &nothing));
            for point in &before {
                assert!(after.iter().any(|other| other == point || dominates(other, point)));
                assert!(!after.iter().any(|other| dominates(point, other)));
            }
            assert_eq!(fronts(&after).len(), 1);
        }
        for state in &states {
            let members = ranks(state.members());
            // Members are in the order that tournaments go by, front by front.
            let mut start = 0;
            for mut front in fronts(&members) {
                front.sort_unstable();
                let end = start + front.len();
                assert_eq!(front, (start..end).collect::<Vec<_>>());
                start = end;
            }
            assert_eq!(state.front()[0], *Nsga2::default().best(state));
            assert!(state.members().len() <= 12);
            let mut masks: Vec<&BitMask> = state.members().iter().map(|member| &member.mask).collect();
            masks.sort_by_key(|mask| mask.to_bytes());
            masks.dedup();
            assert_eq!(masks.len(), state.members().len());
        }
        let gained = |state: &Nsga2State| hypervolume(&ranks(state.front()), &nothing);
        assert!(gained(&states[120]) > 1.1 * gained(&states[0]));
    }
}

#[test]
fn nsga2_keeps_the_best_by_the_judge() {
    let (objective, judge) = (Weighted::new(), Zeros(30));
    let nsga2 = Nsga2 { population: 20, generations: 100, ..Nsga2::default() };
    let outcome =
        run(Problem::new(&objective).judged_by(&judge), nsga2, Budget::NONE, Seed(1), &mut ()).unwrap();
    assert_eq!(outcome.best, Candidate { mask: BitMask::zeros(30), performance: 30.0 });
    // The front is the objective's all the same.
    assert_eq!(outcome.state.front()[0].performance, objective.best()[30]);
}

#[test]
fn the_first_population_is_wide() {
    let parity = Parity::new(400, 50);
    let nsga2 = Nsga2 { population: 50, generations: 0, ..Nsga2::default() };
    let outcome = run(Problem::new(&parity), nsga2, Budget::NONE, Seed(3), &mut ()).unwrap();
    assert_eq!((outcome.steps, outcome.work.evaluations), (0, 50));
    let mut ones: Vec<usize> =
        outcome.state.members().iter().map(|member| member.mask.count_ones()).collect();
    ones.sort_unstable();
    // Densities are 1 to 99 %; six standard deviations are 60 bits at most.
    for (i, ones) in ones.into_iter().enumerate() {
        let expected = 8.0 * (i as f64 + 0.5);
        assert!((ones as f64 - expected).abs() < 60.0, "{i}: {ones}");
    }
}

#[test]
fn a_space_smaller_than_the_population_is_searched_whole() {
    struct Tiny;
    impl Objective for Tiny {
        fn n_bits(&self) -> usize {
            2
        }
        fn evaluate(&self, masks: &[&BitMask], _floor: Option<f64>) -> Vec<Score> {
            masks.iter().map(|mask| Score::Exact(f64::from(u8::from(mask.get(1))))).collect()
        }
    }
    let outcome = run(Problem::new(&Tiny), Nsga2::default(), Budget::steps(20), Seed(0), &mut ()).unwrap();
    assert_eq!(outcome.work.evaluations, 4);
    assert_eq!(
        ranks(outcome.state.front()),
        [(1.0, 1), (0.0, 2)].map(|(performance, zeros)| Rank { performance, zeros })
    );
}

#[test]
fn umda_finds_the_best_and_goes_by_the_judge() {
    let objective = Weighted::new();
    let problem = Problem::new(&objective);
    let outcome = run(problem, Umda::default(), Budget::NONE, Seed(5), &mut ()).unwrap();
    assert_eq!(outcome.best.mask, BitMask::ones(30));
    assert_eq!((outcome.steps, outcome.work.evaluations), (250, 1 + 250 * 200));
    let margin = 1.0 - 1.0 / 30.0;
    assert!(outcome.state.probabilities().iter().all(|&p| p <= margin));
    assert!(outcome.state.probabilities().iter().filter(|&&p| p == margin).count() > 15);
    // The judge wants the opposite: the best is of the beginning.
    let judge = Zeros(30);
    let judged = run(problem.judged_by(&judge), Umda::default(), Budget::NONE, Seed(5), &mut ()).unwrap();
    assert_eq!(judged.state.probabilities(), outcome.state.probabilities());
    assert!((10.0..25.0).contains(&judged.best.performance));
    assert_eq!(judged.best.performance, judged.best.zeros() as f64);
}

#[test]
fn umda_takes_the_shares_of_the_selected() {
    let objective = Weighted::new();
    // With one selected, every probability is at a margin, and they spell the best sample.
    let one = Umda { samples: 40, selected: 1, generations: 1, density: 0.5 };
    let outcome = run(Problem::new(&objective), one, Budget::NONE, Seed(2), &mut ()).unwrap();
    let spelled: BitMask = outcome.state.probabilities().iter().map(|&p| p > 0.5).collect();
    let worth = objective.evaluate(&[&spelled], None)[0].exact().unwrap();
    assert!(outcome.best.performance >= worth && worth > 0.5 * objective.best()[30]);
    let (low, high) = (1.0 / 30.0, 1.0 - 1.0 / 30.0);
    assert!(outcome.state.probabilities().iter().all(|&p| p == low || p == high));
    // With all selected, nothing is selected for: they stay where they are.
    let all = Umda { samples: 4_000, selected: 4_000, generations: 1, density: 0.3 };
    let outcome = run(Problem::new(&objective), all, Budget::NONE, Seed(2), &mut ()).unwrap();
    assert!(outcome.state.probabilities().iter().all(|&p| (p - 0.3).abs() < 0.045));
}

#[test]
fn one_bit_and_a_solved_problem_end() {
    let parity = Parity::new(30, 1);
    let outcome = run(Problem::new(&parity), Umda::default(), Budget::NONE, Seed(1), &mut ()).unwrap();
    assert_eq!(outcome.stop_reason, StopReason::Solved);
    let one = Zeros(1);
    let outcome = run(Problem::new(&one), Umda::default(), Budget::steps(3), Seed(1), &mut ()).unwrap();
    assert_eq!((outcome.best.performance, outcome.state.probabilities()), (1.0, &[0.5][..]));
    let outcome = run(Problem::new(&one), Nsga2::default(), Budget::steps(3), Seed(1), &mut ()).unwrap();
    assert_eq!(outcome.best.mask, BitMask::zeros(1));
}

/// Killed after each step, gone on from the bytes of its checkpoint.
#[track_caller]
fn check_resumed<A: Algorithm<State: PartialEq + std::fmt::Debug + DeserializeOwned> + Clone>(
    problem: Problem<'_>,
    algorithm: &A,
    longer: &A,
) {
    let mut files = Vec::new();
    let mut keep = on_step(|view: &View<'_, A>| {
        files.push(view.checkpoint().to_bytes());
        ControlFlow::Continue(())
    });
    let whole = run(problem, algorithm.clone(), Budget::NONE, Seed(9), &mut keep).unwrap();
    let further = run(problem, longer.clone(), Budget::NONE, Seed(9), &mut ()).unwrap();
    assert_eq!(files.len() as u64, whole.steps + 1);
    for file in &files {
        let checkpoint = || Checkpoint::<A::State>::from_bytes(file).unwrap();
        let gone_on = |algorithm: &A| -> Outcome<A::State> {
            resume(problem, algorithm.clone(), Budget::NONE, Seed(9), checkpoint(), &mut ()).unwrap()
        };
        assert_eq!(gone_on(algorithm), whole);
        // What only ends the search may be another.
        assert_eq!(gone_on(longer), further);
    }
    let last = Checkpoint::from_bytes(files.last().unwrap()).unwrap();
    let other = Search::resume(problem, algorithm.clone(), Budget::NONE, Seed(8), last).unwrap_err();
    assert!(matches!(other, Error::ResumeMismatch { field, .. } if field == "seed"));
}

#[test]
fn they_go_on_from_any_step_to_the_same_end() {
    let (odd, judge) = (Odd(Parity::new(50, 60)), Zeros(50));
    let nsga2 = |generations| Nsga2 { population: 10, generations, ..Nsga2::default() };
    let umda = |generations| Umda { samples: 20, selected: 5, generations, density: 0.5 };
    for problem in [Problem::new(&odd), Problem::new(&odd).judged_by(&judge)] {
        check_resumed(problem, &nsga2(15), &nsga2(18));
        check_resumed(problem, &umda(12), &umda(14));
    }
}

#[test]
fn other_checkpoints_are_refused() {
    let parity = Parity::new(50, 60);
    let problem = Problem::new(&parity);
    let nsga2 = Nsga2 { population: 10, generations: 5, ..Nsga2::default() };
    let mut search = Search::start(problem, nsga2.clone(), Budget::NONE, Seed(1), &mut ()).unwrap();
    for _ in 0..5 {
        search.step(&mut ()).unwrap();
    }
    let checkpoint = search.view().checkpoint();
    let resumed = |algorithm: Nsga2, checkpoint: Checkpoint<Nsga2State>| {
        Search::resume(problem, algorithm, Budget::NONE, Seed(1), checkpoint).map(|_| ()).unwrap_err()
    };
    let fewer = resumed(Nsga2 { generations: 4, ..nsga2.clone() }, checkpoint.clone());
    assert!(matches!(fewer, Error::ResumeBeyond { generation: 5, ended: 4, .. }), "{fewer}");
    let larger = resumed(Nsga2 { population: 11, ..nsga2.clone() }, checkpoint.clone());
    assert!(
        matches!(&larger, Error::ResumeMismatch { field, .. } if field == "config.population"),
        "{larger}"
    );
    let altered = |change: fn(&mut serde_json::Value)| {
        let mut value = serde_json::to_value(&checkpoint).unwrap();
        change(&mut value["state"]);
        resumed(nsga2.clone(), serde_json::from_value(value).unwrap())
    };
    type Change = fn(&mut serde_json::Value);
    let changes: [(Change, &str); 5] = [
        (|state| state["members"] = serde_json::json!([]), "empty"),
        (|state| state["front"] = serde_json::json!([]), "front is empty"),
        (|state| state["front"].as_array_mut().unwrap().reverse(), "not in order"),
        (|state| state["best"]["mask"] = serde_json::to_value(BitMask::zeros(9)).unwrap(), "number of bits"),
        (
            |state| {
                let members = state["members"].as_array_mut().unwrap();
                members.push(members[0].clone());
            },
            "too large",
        ),
    ];
    for (change, said) in changes {
        let error = altered(change);
        assert!(error.to_string().contains(said), "{said}: {error}");
    }
    let umda = Umda { samples: 20, selected: 5, ..Umda::default() };
    let mut search = Search::start(problem, umda.clone(), Budget::NONE, Seed(1), &mut ()).unwrap();
    search.step(&mut ()).unwrap();
    for (probability, said) in [(0.01, "margins"), (f64::MAX, "margins")] {
        let mut value = serde_json::to_value(search.view().checkpoint()).unwrap();
        value["state"]["probabilities"][7] = probability.into();
        let checkpoint = serde_json::from_value(value).unwrap();
        let error = Search::resume(problem, umda.clone(), Budget::NONE, Seed(1), checkpoint).unwrap_err();
        assert!(error.to_string().contains(said), "{error}");
    }
}

#[test]
fn parameters_have_ranges() {
    let nsga2 = Nsga2::default;
    for (config, said) in [
        (Nsga2 { population: 1, ..nsga2() }, "population is 1, it must be in 2 to 100,000"),
        (Nsga2 { crossover: f64::NAN, ..nsga2() }, "crossover is NaN, it must be in [0, 1]"),
        (Nsga2 { exponent: 1.0, ..nsga2() }, "exponent is 1, it must be above 1 and at most 1,000"),
    ] {
        assert_eq!(config.validate().unwrap_err().to_string(), said);
        let run = run(Problem::new(&Zeros(5)), config, Budget::NONE, Seed(1), &mut ());
        assert_eq!(run.unwrap_err().to_string(), said);
    }
    let umda = Umda::default;
    for (config, said) in [
        (Umda { samples: 0, ..umda() }, "samples is 0, it must be in 1 to 1,000,000"),
        (Umda { selected: 0, ..umda() }, "selected is 0, it must be at least 1 and at most samples"),
        (Umda { selected: 201, ..umda() }, "selected is 201, it must be at least 1 and at most samples"),
        (Umda { density: -0.1, ..umda() }, "density is -0.1, it must be in [0, 1]"),
    ] {
        assert_eq!(config.validate().unwrap_err().to_string(), said);
    }
    assert!(
        serde_json::from_str::<Umda>(r#"{"samples":1,"selected":1,"generations":1,"density":0.5,"x":1}"#)
            .is_err()
    );
}
