//! The genetic algorithm on a problem whose results another objective judges.

use std::ops::ControlFlow;
use std::sync::atomic::{AtomicBool, Ordering};

use crate::common::{OneMax, Parity};
use slt_core::{BitMask, Objective, Score, Seed};
use slt_ga::{Error, Evolution, GaConfig, GeneticAlgorithm, SelectionKind, StopReason, View, on_step};
use slt_search::{Budget, Candidate, Checkpoint, Outcome, Problem, Search, resume, run};

fn algorithm() -> GeneticAlgorithm {
    let mut config = GaConfig { population: 12, ..GaConfig::paper() };
    config.termination.max_generations = Some(40);
    // A walk may lose the first, so that it changes often and not only for the better.
    config.selection = SelectionKind::RandomWalk { rate: 0.3 };
    GeneticAlgorithm::new(config.validate().unwrap())
}

/// How a search ends, and who came first in each generation.
fn searched(problem: Problem<'_>, seed: u64) -> (Outcome<Evolution>, Vec<Candidate>) {
    let mut firsts = Vec::new();
    let mut keep = on_step(|view: &View<'_>| {
        firsts.push(view.state().population()[0].clone());
        ControlFlow::Continue(())
    });
    let outcome = run(problem, algorithm(), Budget::NONE, Seed(seed), &mut keep).unwrap();
    (outcome, firsts)
}

#[test]
fn the_judge_chooses_among_those_that_came_first_and_changes_nothing_else() {
    let (objective, judge) = (Parity::new(50, 60), OneMax(50));
    for seed in 0..5 {
        let (alone, firsts) = searched(Problem::new(&objective), seed);
        let (judged, same) = searched(Problem::new(&objective).judged_by(&judge), seed);
        assert_eq!(same, firsts);
        assert_eq!(judged.state.population(), alone.state.population());
        let most = firsts.iter().map(|first| first.mask.count_ones()).max().unwrap();
        assert_eq!(judged.best.mask.count_ones(), most);
        assert_eq!(judged.best.performance, most as f64);
        // Each is judged once while it stays first.
        let changes = firsts.windows(2).filter(|pair| pair[0].mask != pair[1].mask).count() as u64;
        assert!(changes > 5);
        assert_eq!(judged.work.evaluations, alone.work.evaluations + 1 + changes);
        assert_eq!(judged.state.stats().evaluations, judged.work.evaluations);
        assert!(judged.milestones.iter().all(|passed| passed.best.performance.fract() == 0.0));
    }
}

#[test]
fn judged_searches_go_on_from_anywhere_to_the_same_end() {
    let (objective, judge) = (Parity::new(50, 60), OneMax(50));
    let problem = Problem::new(&objective).judged_by(&judge);
    let (whole, _) = searched(problem, 3);
    let mut search = Search::start(problem, algorithm(), Budget::NONE, Seed(3), &mut ()).unwrap();
    for _ in 0..17 {
        search.step(&mut ()).unwrap();
    }
    let bytes = search.view().checkpoint().to_bytes();
    let checkpoint = Checkpoint::from_bytes(&bytes).unwrap();
    let resumed = resume(problem, algorithm(), Budget::NONE, Seed(3), checkpoint, &mut ()).unwrap();
    assert_eq!(resumed, whole);
    // Without the judge, or with another one, it is another search.
    let checkpoint: Checkpoint<Evolution> = Checkpoint::from_bytes(&bytes).unwrap();
    let other = resume(Problem::new(&objective), algorithm(), Budget::NONE, Seed(3), checkpoint, &mut ());
    assert!(matches!(other, Err(Error::ResumeMismatch { field, .. }) if field == "judge.fingerprint"));
}

/// Counts ones, and calls it solved from so many on.
struct Enough(usize);

impl Objective for Enough {
    fn n_bits(&self) -> usize {
        50
    }

    fn evaluate(&self, masks: &[&BitMask], floor: Option<f64>) -> Vec<Score> {
        OneMax(50).evaluate(masks, floor)
    }

    fn solved(&self, _: &BitMask, performance: f64) -> bool {
        performance >= self.0 as f64
    }
}

#[test]
fn whether_it_is_solved_is_for_the_judge_to_say() {
    let objective = Parity::new(50, 60);
    let mut config = GaConfig::paper();
    config.termination.stop_when_solved = true;
    let ended = |judge: &Enough| {
        let algorithm = GeneticAlgorithm::new(config.validate().unwrap());
        let problem = Problem::new(&objective).judged_by(judge);
        let outcome = run(problem, algorithm, Budget::NONE, Seed(1), &mut ()).unwrap();
        (outcome.stop_reason, outcome.steps)
    };
    assert_eq!(ended(&Enough(1)), (StopReason::Solved, 0));
    assert_ne!(ended(&Enough(51)).0, StopReason::Solved);
}

/// Breaks its contract when it is told to.
#[derive(Default)]
struct Breakable(AtomicBool);

impl Objective for Breakable {
    fn n_bits(&self) -> usize {
        50
    }

    fn evaluate(&self, masks: &[&BitMask], floor: Option<f64>) -> Vec<Score> {
        if self.0.load(Ordering::Relaxed) {
            return masks.iter().map(|_| Score::Exact(f64::NAN)).collect();
        }
        OneMax(50).evaluate(masks, floor)
    }
}

#[test]
fn a_judge_that_fails_leaves_the_search_where_it_was() {
    let (objective, judge) = (Parity::new(50, 60), Breakable::default());
    let problem = Problem::new(&objective).judged_by(&judge);
    let mut search = Search::start(problem, algorithm(), Budget::NONE, Seed(1), &mut ()).unwrap();
    let mut failures = 0;
    for _ in 0..20 {
        judge.0.store(true, Ordering::Relaxed);
        let (before, work) = (search.view().state().clone(), search.view().work());
        match search.step(&mut ()) {
            // The first one stayed.
            Ok(()) => continue,
            Err(error) => assert!(matches!(error, Error::NotFinite { .. })),
        }
        failures += 1;
        assert_eq!(search.view().state().population(), before.population());
        assert_eq!(search.view().state().history(), before.history());
        assert_eq!(search.view().work(), work);
        judge.0.store(false, Ordering::Relaxed);
        search.step(&mut ()).unwrap();
    }
    assert!(failures > 0);
}
