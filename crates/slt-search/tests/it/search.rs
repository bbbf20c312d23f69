//! The loop: who is told what, what ends a search, what is an error, and what may be changed when it goes on.

use std::ops::ControlFlow;
use std::sync::OnceLock;
use std::sync::atomic::{AtomicBool, Ordering};

use crate::common::{Drawn, Draws, OneMax, Quadratic};
use slt_core::{BitMask, Objective, Score, Seed};
use slt_search::{
    Annealing, BestSeen, Budget, Cooling, Descent, Error, HeavyTailed, LateAcceptance, Observer, Outcome,
    Price, Problem, Pulse, Search, StopFlag, StopReason, Temperature, View, Work, on_step, resume, run,
};

const SEED: Seed = Seed(1);

fn draws(last: u64) -> Draws {
    Draws { a_step: 7, last }
}

fn whole(last: u64) -> Outcome<Drawn> {
    run(Problem::new(&OneMax(60)), draws(last), Budget::NONE, SEED, &mut ()).unwrap()
}

/// Notes what it is told, and stops at a step or after so many pulses.
#[derive(Default)]
struct Diary {
    steps: Vec<u64>,
    pulses: Vec<Pulse>,
    stop_at: Option<u64>,
    stop_after: Option<usize>,
}

fn stop_if(stop: bool) -> ControlFlow<()> {
    if stop { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
}

impl Observer<Draws> for Diary {
    fn on_step(&mut self, view: &View<'_, Draws>) -> ControlFlow<()> {
        assert_eq!((view.steps(), view.best()), (view.state().step, &view.state().best));
        assert_eq!((view.algorithm().a_step, view.seed()), (7, SEED));
        assert_eq!(view.work().evaluations, 7 * (view.steps() + 1));
        self.steps.push(view.steps());
        stop_if(self.stop_at == Some(view.steps()))
    }

    fn on_pulse(&mut self, pulse: &Pulse) -> ControlFlow<()> {
        self.pulses.push(*pulse);
        stop_if(self.stop_after == Some(self.pulses.len()))
    }
}

#[test]
fn observers_are_told_in_order_and_can_stop() {
    let problem = Problem::new(&OneMax(60));
    let mut diary = Diary { stop_at: Some(3), ..Diary::default() };
    let outcome = run(problem, draws(10), Budget::NONE, SEED, &mut diary).unwrap();
    assert_eq!((outcome.steps, outcome.stop_reason), (3, StopReason::Interrupted));
    assert_eq!(diary.steps, [0, 1, 2, 3]);
    let expected = (0..28).map(|i| Pulse {
        step: i / 7,
        done: (i % 7) as usize + 1,
        wanted: 7,
        bound: None,
        judged: i + 1,
    });
    assert_eq!(diary.pulses, expected.collect::<Vec<_>>());

    let mut diary = Diary { stop_at: Some(0), ..Diary::default() };
    let outcome = run(problem, draws(10), Budget::NONE, SEED, &mut diary).unwrap();
    assert_eq!((outcome.steps, outcome.stop_reason), (0, StopReason::Interrupted));
}

/// A search that is at its end says so, even if the observer has had enough at that moment.
#[test]
fn an_end_is_a_better_reason_than_an_observer() {
    let mut diary = Diary { stop_at: Some(2), ..Diary::default() };
    let outcome = run(Problem::new(&OneMax(60)), draws(2), Budget::NONE, SEED, &mut diary).unwrap();
    assert_eq!(outcome.stop_reason, StopReason::Finished);
    let mut diary = Diary { stop_at: Some(2), ..Diary::default() };
    let outcome = run(Problem::new(&OneMax(60)), draws(9), Budget::steps(2), SEED, &mut diary).unwrap();
    assert_eq!(outcome.stop_reason, StopReason::Budget);
}

#[test]
fn a_start_that_is_broken_off_has_nothing_to_return() {
    let mut diary = Diary { stop_after: Some(3), ..Diary::default() };
    let error = run(Problem::new(&OneMax(60)), draws(9), Budget::NONE, SEED, &mut diary).unwrap_err();
    assert_eq!(error.to_string(), "stopped at the start, 3 of 7 masks accepted");
    assert!(diary.steps.is_empty());
}

#[test]
fn a_step_that_is_broken_off_has_not_been() {
    let problem = Problem::new(&OneMax(60));
    for stop_after in 8..30 {
        let mut diary = Diary { stop_after: Some(stop_after), ..Diary::default() };
        let mut search = Search::start(problem, draws(9), Budget::NONE, SEED, &mut diary).unwrap();
        while search.stop_reason().is_none() {
            search.step(&mut diary).unwrap();
        }
        let steps = (stop_after as u64 - 1) / 7 - 1;
        assert_eq!(search.stop_reason(), Some(StopReason::Interrupted));
        assert_eq!((search.view().steps(), search.view().work().evaluations), (steps, 7 * (steps + 1)));
        // It goes on, from a checkpoint or as it is, as if nothing had been.
        let checkpoint = search.view().checkpoint();
        let outcome = resume(problem, draws(9), Budget::NONE, SEED, checkpoint, &mut ()).unwrap();
        assert_eq!(outcome, whole(9));
        search.step(&mut ()).unwrap();
        assert_eq!((search.view().steps(), search.stop_reason()), (steps + 1, None));
        assert_eq!(search.finish(&mut ()).unwrap(), whole(9));
    }
}

#[test]
fn ready_observers() {
    let problem = Problem::new(&OneMax(60));
    let stop = AtomicBool::new(false);
    let mut seen = BestSeen::default();
    let raise = on_step(|view: &View<'_, Draws>| {
        stop.store(view.steps() == 5, Ordering::Relaxed);
        ControlFlow::Continue(())
    });
    let mut all = ((raise, StopFlag(&stop)), &mut seen);
    let outcome = run(problem, draws(9), Budget::NONE, SEED, &mut all).unwrap();
    assert_eq!((outcome.steps, outcome.stop_reason), (5, StopReason::Interrupted));
    assert_eq!(seen.best.unwrap().performance, outcome.best.performance);
    let stopped = run(problem, draws(9), Budget::NONE, SEED, &mut StopFlag(&AtomicBool::new(true)));
    assert!(matches!(stopped, Err(Error::Interrupted { accepted: 1, wanted: 7 })));
}

/// It ends after the first step by which a limit is reached, and may be raised afterwards.
#[test]
fn budgets() {
    let problem = Problem::new(&OneMax(60));
    let adds = |steps| run(problem, draws(steps), Budget::NONE, SEED, &mut ()).unwrap().work.multiply_adds;
    let of_adds = |limit| Budget { multiply_adds: Some(limit), ..Budget::NONE };
    let cases = [
        (Budget::steps(0), 0),
        (Budget::steps(4), 4),
        (Budget::evaluations(7), 0),
        (Budget::evaluations(8), 1),
        (Budget::evaluations(28), 3),
        (Budget::evaluations(29), 4),
        (of_adds(adds(2)), 2),
        (of_adds(adds(2) + 1), 3),
        (Budget { evaluations: Some(22), ..Budget::steps(2) }, 2),
        (Budget { evaluations: Some(14), ..Budget::steps(2) }, 1),
    ];
    for (budget, steps) in cases {
        let mut search = Search::start(problem, draws(9), budget, SEED, &mut ()).unwrap();
        while search.stop_reason().is_none() {
            search.step(&mut ()).unwrap();
        }
        assert_eq!(search.stop_reason(), Some(StopReason::Budget), "{budget:?}");
        assert_eq!(search.view().steps(), steps, "{budget:?}");
        let checkpoint = search.view().checkpoint();
        let outcome = resume(problem, draws(9), Budget::NONE, SEED, checkpoint, &mut ()).unwrap();
        assert_eq!(outcome, whole(9));
    }
    let outcome = run(problem, draws(3), Budget::steps(3), SEED, &mut ()).unwrap();
    assert_eq!(outcome.stop_reason, StopReason::Finished, "its own end comes first");
}

#[test]
fn what_ends_a_search_may_be_changed_but_it_does_not_go_back() {
    let problem = Problem::new(&OneMax(60));
    let mut search = Search::start(problem, draws(4), Budget::NONE, SEED, &mut ()).unwrap();
    while search.stop_reason().is_none() {
        search.step(&mut ()).unwrap();
    }
    let checkpoint = search.view().checkpoint();
    let go_on =
        |last| resume(problem, draws(last), Budget::NONE, SEED, checkpoint.clone(), &mut ()).map(|o| o.steps);
    assert_eq!(go_on(4).unwrap(), 4);
    assert_eq!(go_on(9).unwrap(), 9);
    let back = go_on(3).unwrap_err();
    assert!(matches!(back, Error::ResumeBeyond { generation: 4, ended: 3, reason: StopReason::Finished }));
}

/// Another problem than it was, by its fingerprint.
struct Named<O>(O, u64);

impl<O: Objective> Objective for Named<O> {
    fn n_bits(&self) -> usize {
        self.0.n_bits()
    }
    fn evaluate(&self, masks: &[&BitMask], floor: Option<f64>) -> Vec<Score> {
        self.0.evaluate(masks, floor)
    }
    fn fingerprint(&self) -> u64 {
        self.1
    }
}

#[test]
fn another_search_is_refused_by_the_name_of_what_differs() {
    let (plain, other) = (OneMax(60), Named(OneMax(60), 7));
    let mut search = Search::start(Problem::new(&plain), draws(9), Budget::NONE, SEED, &mut ()).unwrap();
    search.step(&mut ()).unwrap();
    let checkpoint = search.view().checkpoint();
    let check = |problem: Problem<'_>, algorithm: Draws, seed: u64, message: &str| {
        let error = resume(problem, algorithm, Budget::NONE, Seed(seed), checkpoint.clone(), &mut ());
        let error = error.unwrap_err().to_string();
        assert_eq!(error, format!("the checkpoint was taken with {message}"));
    };
    let problem = Problem::new(&plain);
    check(problem, draws(9), 2, "seed = 1, not 2");
    check(Problem::new(&OneMax(61)), draws(9), 1, "objective.n_bits = 60, not 61");
    check(Problem::new(&other), draws(9), 1, "objective.fingerprint = 60, not 7");
    check(problem.judged_by(&other), draws(9), 1, "judge.fingerprint = none, not 7");
    check(problem, Draws { a_step: 8, last: 9 }, 1, "config.a_step = 7, not 8");
}

#[test]
fn another_algorithm_is_refused() {
    let (problem, objective) = (Problem::new(&OneMax(20)), HeavyTailed::default());
    let search = Search::start(problem, objective, Budget::steps(3), SEED, &mut ()).unwrap();
    let bytes = search.view().checkpoint().to_bytes();
    // Of the same state, so that only the name tells them apart.
    #[derive(Clone, serde::Serialize)]
    #[serde(transparent)]
    struct Renamed(HeavyTailed);
    impl slt_search::Algorithm for Renamed {
        type State = slt_search::HeavyTailedState;
        fn name(&self) -> &'static str {
            "renamed"
        }
        fn start(&self, arena: &mut slt_search::Arena<'_, '_>) -> Result<Self::State, Error> {
            self.0.start(arena)
        }
        fn step(
            &self,
            state: &mut Self::State,
            arena: &mut slt_search::Arena<'_, '_>,
        ) -> Result<ControlFlow<()>, Error> {
            self.0.step(state, arena)
        }
        fn best<'s>(&self, state: &'s Self::State) -> &'s slt_search::Candidate {
            self.0.best(state)
        }
    }
    let checkpoint = slt_search::Checkpoint::from_bytes(&bytes).unwrap();
    let error = Search::resume(problem, Renamed(HeavyTailed::default()), Budget::NONE, SEED, checkpoint);
    let message = "the checkpoint was taken with algorithm = heavy-tailed, not renamed";
    assert_eq!(error.unwrap_err().to_string(), message);
}

/// An objective that does not keep to its contract.
struct Broken {
    n_bits: usize,
    answer: fn(usize) -> Vec<Score>,
}

impl Objective for Broken {
    fn n_bits(&self) -> usize {
        self.n_bits
    }
    fn evaluate(&self, masks: &[&BitMask], _floor: Option<f64>) -> Vec<Score> {
        (self.answer)(masks.len())
    }
}

#[test]
fn a_broken_objective_is_an_error() {
    let check = |n_bits, answer: fn(usize) -> Vec<Score>, message: &str| {
        let broken = Broken { n_bits, answer };
        let error = run(Problem::new(&broken), draws(2), Budget::NONE, SEED, &mut ()).unwrap_err();
        assert_eq!(error.to_string(), message);
    };
    let none = "the objective is over masks of 0 bits, there is nothing to search";
    check(0, |n| vec![Score::Exact(0.0); n], none);
    check(9, |n| vec![Score::Exact(0.0); n + 1], "the objective was given 1 masks and returned 2 scores");
    let not_finite = "the objective returned the performance NaN, it must be finite";
    check(9, |n| vec![Score::Exact(f64::NAN); n], not_finite);
    let below = "the objective answered `Below` although no floor was given";
    check(9, |n| vec![Score::Below; n], below);
    let problem = OneMax(9);
    let judged = Problem::new(&problem).judged_by(&OneMax(8));
    let error = run(judged, draws(2), Budget::NONE, SEED, &mut ()).unwrap_err();
    assert_eq!(
        error.to_string(),
        "an objective is over masks of 9 bits, another one of the same problem over 8"
    );
}

/// Breaks when it is told to.
struct Fragile(AtomicBool);

impl Objective for Fragile {
    fn n_bits(&self) -> usize {
        30
    }
    fn evaluate(&self, masks: &[&BitMask], floor: Option<f64>) -> Vec<Score> {
        let broken = self.0.load(Ordering::Relaxed);
        if broken {
            vec![Score::Exact(f64::INFINITY); masks.len()]
        } else {
            OneMax(30).evaluate(masks, floor)
        }
    }
}

#[test]
fn a_search_survives_an_error_where_it_was() {
    let fragile = Fragile(AtomicBool::new(false));
    let problem = Problem::new(&fragile);
    let mut search = Search::start(problem, draws(9), Budget::NONE, SEED, &mut ()).unwrap();
    let before = search.view().checkpoint();
    fragile.0.store(true, Ordering::Relaxed);
    assert!(matches!(search.step(&mut ()), Err(Error::NotFinite { .. })));
    assert_eq!(search.view().checkpoint(), before);
    fragile.0.store(false, Ordering::Relaxed);
    let whole = run(problem, draws(9), Budget::NONE, SEED, &mut ()).unwrap();
    assert_eq!(search.finish(&mut ()).unwrap(), whole);
}

/// Answers for the first mask that it is asked about, and for no other.
#[derive(Default)]
struct Shy(OnceLock<BitMask>);

impl Objective for Shy {
    fn n_bits(&self) -> usize {
        30
    }
    fn evaluate(&self, masks: &[&BitMask], _floor: Option<f64>) -> Vec<Score> {
        let first = self.0.get_or_init(|| masks[0].clone());
        masks.iter().map(|&mask| if mask == first { Score::Exact(1.0) } else { Score::Below }).collect()
    }
}

/// A flip that is not answered is not taken, and the first mask stays.
#[test]
fn a_flip_without_an_answer_does_no_harm() {
    let outcome =
        run(Problem::new(&Shy::default()), Annealing::default(), Budget::steps(2), SEED, &mut ()).unwrap();
    assert_eq!((outcome.best.performance, outcome.work.commits), (1.0, 0));
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
            vec![Score::Exact(-0.0); masks.len()]
        }
    }
    let outcome = run(Problem::new(&Loss), draws(3), Budget::NONE, SEED, &mut ()).unwrap();
    assert!(outcome.best.performance.is_sign_positive());
}

/// Moves follow the objective, the judge says which of the masks on the way is the best.
#[test]
fn results_are_judged_by_the_judge() {
    struct Zeros;
    impl Objective for Zeros {
        fn n_bits(&self) -> usize {
            40
        }
        fn evaluate(&self, masks: &[&BitMask], _floor: Option<f64>) -> Vec<Score> {
            masks.iter().map(|mask| Score::Exact(mask.count_zeros() as f64)).collect()
        }
        fn fingerprint(&self) -> u64 {
            8
        }
    }
    let problem = OneMax(40);
    let judged = Problem::new(&problem).judged_by(&Zeros);
    let outcome = run(judged, Descent::default(), Budget::NONE, SEED, &mut ()).unwrap();
    // It climbs to all ones, and the first mask had the most zeros on the way.
    assert_eq!(outcome.state.mask(), &BitMask::ones(40));
    assert_eq!(outcome.best.performance, outcome.best.mask.count_zeros() as f64);
    assert!(outcome.best.performance > 5.0);
}

/// Counted by hand: two sweeps over four bits.
#[test]
fn work_is_counted() {
    let problem = Quadratic::exact(4, 3).near(8);
    let descent = Descent { sweeps: 2, ..Descent::default() };
    let outcome = run(Problem::new(&problem), descent, Budget::NONE, SEED, &mut ()).unwrap();
    let Work { evaluations, what_ifs, commits, .. } = outcome.work;
    assert_eq!(what_ifs, 4 * outcome.steps);
    // The first mask, each mask that is held, and the mask at the end of each sweep.
    assert_eq!(evaluations, 1 + 2 * outcome.steps);
    assert!(commits <= what_ifs);
}

/// An annealing with a change.
fn cooling(change: impl FnOnce(&mut Cooling)) -> Annealing {
    let mut annealing = Annealing::default();
    change(&mut annealing.cooling);
    annealing
}

#[test]
fn a_bad_parameter_is_named_with_its_value_and_its_range() {
    fn check<A: slt_search::Algorithm>(algorithm: A, message: &str) {
        let error = run(Problem::new(&OneMax(9)), algorithm, Budget::steps(1), SEED, &mut ()).map(|_| ());
        assert_eq!(error.unwrap_err().to_string(), message);
    }
    let price = Price::per_weight(-1.0);
    let message = "price.amount is -1, it must be finite and at least 0";
    check(Descent { price, ..Descent::default() }, message);
    check(cooling(|cooling| cooling.price = price), message);
    check(LateAcceptance { price, ..LateAcceptance::default() }, message);
    let ramp = Price { ramp: f64::NAN, ..Price::NONE };
    check(Descent { price: ramp, ..Descent::default() }, "price.ramp is NaN, it must be in [0, 1]");
    check(Descent { sweeps: 0, ..Descent::default() }, "sweeps is 0, it must be at least 1");
    check(Descent { density: 1.5, ..Descent::default() }, "density is 1.5, it must be in [0, 1]");
    check(cooling(|cooling| cooling.flips = 0), "flips is 0, it must be at least 1");
    check(cooling(|cooling| cooling.end = 0.0), "end is 0, it must be above 0 and at most 1");
    check(Annealing { restarts: 0, ..Annealing::default() }, "restarts is 0, it must be at least 1");
    let temperature = Temperature::Measured { share: -0.5 };
    let message = "temperature.share is -0.5, it must be finite and at least 0";
    check(Annealing { temperature, ..Annealing::default() }, message);
    let temperature = Temperature::Fixed { start: f64::INFINITY };
    let message = "temperature.start is inf, it must be finite and at least 0";
    check(Annealing { temperature, ..Annealing::default() }, message);
    let message = "length is 0, it must be in 1 to 1,000,000";
    check(LateAcceptance { length: 0, ..LateAcceptance::default() }, message);
    let message = "exponent is 1, it must be above 1 and at most 1,000";
    check(HeavyTailed { exponent: 1.0, ..HeavyTailed::default() }, message);
    let message = "children is 0, it must be in 1 to 1,000,000";
    check(HeavyTailed { children: 0, ..HeavyTailed::default() }, message);
}

/// Without temperature, one sweep takes every bit of the number of ones, in one step or in several.
#[test]
fn a_cooling_proposes_every_bit_once_a_sweep() {
    for n in [60, 9_001] {
        let mut annealing = cooling(|cooling| cooling.flips = n as u64);
        annealing.temperature = Temperature::Fixed { start: 0.0 };
        let outcome = run(Problem::new(&OneMax(n)), annealing, Budget::NONE, SEED, &mut ()).unwrap();
        assert_eq!(outcome.best.mask, BitMask::ones(n));
        assert_eq!(outcome.work.what_ifs, n as u64);
    }
}
