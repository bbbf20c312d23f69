//! A search that is killed after any step and goes on from bytes comes to the same end, whatever its
//! algorithm and the neighbourhood of its problem; and the hint of a neighbourhood changes nothing.

use std::fmt::Debug;
use std::ops::ControlFlow;

use crate::common::Quadratic;
use proptest::prelude::*;
use slt_core::{Objective, Seed};
use slt_search::{
    Algorithm, Annealing, Budget, Checkpoint, Cooling, Descent, HeavyTailed, LateAcceptance, Outcome, Price,
    PriceUnit, Problem, Search, Temperature, View, on_step, resume, run,
};

/// The outcome, after checking that any interruption leads there as well.
fn check<A>(problem: Problem<'_>, algorithm: &A, budget: Budget, seed: Seed, at: f64) -> Outcome<A::State>
where
    A: Algorithm + Clone,
    A::State: PartialEq + Debug,
{
    let mut checkpoints = Vec::new();
    let mut save = on_step(|view: &View<'_, A>| {
        checkpoints.push(view.checkpoint().to_bytes());
        ControlFlow::Continue(())
    });
    let whole = run(problem, algorithm.clone(), budget, seed, &mut save).unwrap();
    assert_eq!(checkpoints.len() as u64, whole.steps + 1);

    // Killed after every step.
    let mut bytes = checkpoints[0].clone();
    for expected in &checkpoints[1..] {
        let checkpoint = Checkpoint::from_bytes(&bytes).unwrap();
        let mut search = Search::resume(problem, algorithm.clone(), budget, seed, checkpoint).unwrap();
        assert_eq!(search.stop_reason(), None);
        search.step(&mut ()).unwrap();
        bytes = search.view().checkpoint().to_bytes();
        assert!(bytes == *expected, "a step from a checkpoint is another one");
    }
    // Killed once.
    let place = (at * checkpoints.len() as f64) as usize;
    let checkpoint = Checkpoint::from_bytes(&checkpoints[place]).unwrap();
    assert_eq!(checkpoint.steps(), place as u64);
    let mut steps = Vec::new();
    let mut note = on_step(|view: &View<'_, A>| {
        steps.push(view.steps());
        ControlFlow::Continue(())
    });
    let resumed = resume(problem, algorithm.clone(), budget, seed, checkpoint, &mut note).unwrap();
    assert_eq!(resumed, whole);
    // Not told again of the step it was saved after.
    assert_eq!(steps, (place as u64 + 1..=whole.steps).collect::<Vec<_>>());
    whole
}

/// A case: a problem, who judges, how much may be asked, seeds.
#[derive(Debug, Clone)]
struct Case {
    n_bits: usize,
    exact: bool,
    judged: bool,
    solved_from: f64,
    budget: Budget,
    seed: u64,
    at: f64,
}

fn case() -> impl Strategy<Value = Case> {
    let budget = prop_oneof![
        3 => Just(Budget::NONE),
        1 => (1..6_u64).prop_map(Budget::steps),
        1 => (1..3_000_u64).prop_map(Budget::evaluations),
        1 => (1..100_000_u64).prop_map(Budget::multiply_adds),
    ];
    let solved = prop_oneof![Just(f64::INFINITY), 0.0..4.0];
    (2..70_usize, any::<bool>(), any::<bool>(), solved, budget, any::<u64>(), 0.0..1.0).prop_map(
        |(n_bits, exact, judged, solved_from, budget, seed, at)| {
            // Heavy-tailed mutation has no other end.
            let budget = Budget { steps: budget.steps.or(Some(60)), ..budget };
            Case { n_bits, exact, judged, solved_from, budget, seed, at }
        },
    )
}

impl Case {
    fn problem(&self) -> Quadratic {
        let new = if self.exact { Quadratic::exact } else { Quadratic::new };
        new(self.n_bits, self.seed).solved_from(self.solved_from)
    }

    fn outcome<A>(&self, objective: &dyn Objective, algorithm: &A) -> Outcome<A::State>
    where
        A: Algorithm + Clone,
        A::State: PartialEq + Debug,
    {
        let judge = Quadratic::new(self.n_bits, self.seed ^ 1).solved_from(self.solved_from);
        let problem = Problem::new(objective);
        let problem = if self.judged { problem.judged_by(&judge) } else { problem };
        check(problem, algorithm, self.budget, Seed(self.seed), self.at)
    }

    /// Checks an algorithm on the problem without a neighbourhood of its own, and with one that gives
    /// different hints.
    fn check<A>(&self, algorithm: &A)
    where
        A: Algorithm + Clone,
        A::State: PartialEq + Debug,
    {
        let plain = self.outcome(&self.problem(), algorithm);
        let one = self.outcome(&self.problem().near(1), algorithm);
        for batch in [3, 8] {
            assert_eq!(self.outcome(&self.problem().near(batch), algorithm), one, "hint {batch}");
        }
        // Where sums are exact, a neighbourhood only saves work.
        if self.exact && self.budget.multiply_adds.is_none() {
            let counts = |outcome: &Outcome<A::State>| {
                let work = outcome.work;
                (outcome.steps, work.evaluations, work.what_ifs, work.commits)
            };
            assert_eq!((&plain.state, counts(&plain)), (&one.state, counts(&one)));
        }
    }
}

fn price() -> impl Strategy<Value = Price> {
    let unit = prop_oneof![Just(PriceUnit::Weights), Just(PriceUnit::CodedBits)];
    let amount = prop_oneof![Just(0.0), 0.0..0.5];
    (amount, unit, 0.0..=1.0).prop_map(|(amount, unit, ramp)| Price { amount, unit, ramp })
}

fn descent() -> impl Strategy<Value = Descent> {
    (price(), 1..8_u64, 0.0..=1.0, any::<bool>()).prop_map(|(price, sweeps, density, only_admissible)| {
        Descent { price, sweeps, density, only_admissible }
    })
}

fn annealing() -> impl Strategy<Value = Annealing> {
    let temperature = prop_oneof![
        (0.0..3.0).prop_map(|start| Temperature::Fixed { start }),
        (0.0..2.0).prop_map(|share| Temperature::Measured { share }),
    ];
    let others = (price(), 0.0..=1.0, any::<bool>());
    (1..9_000_u64, temperature, 1e-4..=1.0, 1..4_u64, others).prop_map(
        |(flips, temperature, end, restarts, (price, density, only_admissible))| Annealing {
            cooling: Cooling { flips, end, price, only_admissible },
            temperature,
            restarts,
            density,
        },
    )
}

fn late_acceptance() -> impl Strategy<Value = LateAcceptance> {
    let others = (price(), 0.0..=1.0, any::<bool>());
    (1..60_usize, 1..600_u64, others).prop_map(|(length, flips, (price, density, only_admissible))| {
        LateAcceptance { length, flips, price, density, only_admissible }
    })
}

fn heavy_tailed() -> impl Strategy<Value = HeavyTailed> {
    (1.1..3.0, 1..12_u64, 0.0..=1.0).prop_map(|(exponent, children, density)| HeavyTailed {
        exponent,
        children,
        density,
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(100))]

    #[test]
    fn descent_goes_on_to_the_same_outcome(case in case(), algorithm in descent()) {
        case.check(&algorithm);
    }

    #[test]
    fn annealing_goes_on_to_the_same_outcome(case in case(), algorithm in annealing()) {
        case.check(&algorithm);
    }

    #[test]
    fn late_acceptance_goes_on_to_the_same_outcome(case in case(), algorithm in late_acceptance()) {
        case.check(&algorithm);
    }

    #[test]
    fn heavy_tailed_mutation_goes_on_to_the_same_outcome(case in case(), algorithm in heavy_tailed()) {
        case.check(&algorithm);
    }
}
