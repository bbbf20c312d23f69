//! A tabu search, added to the loop from outside: the best flip that was not taken lately, better or not.

use std::ops::ControlFlow;

use serde::Serialize;
use slt_core::{BitMask, Objective, Purpose, Score, Seed};
use slt_search::{Algorithm, Arena, Budget, Candidate, Error, Guide, Problem, run};

#[derive(Serialize)]
struct Tabu {
    /// Steps for which a flip that was taken is not taken back.
    tenure: u64,
}

impl Algorithm for Tabu {
    /// The mask, the step from which each bit may be flipped again, and the best so far.
    type State = (BitMask, Vec<u64>, Candidate);

    fn name(&self) -> &'static str {
        "tabu"
    }

    fn start(&self, arena: &mut Arena<'_, '_>) -> Result<Self::State, Error> {
        let mask = BitMask::random(arena.n_bits(), &mut arena.stream(Purpose::new("tabu"), 0));
        Ok((mask.clone(), vec![0; arena.n_bits()], arena.candidate(mask)?))
    }

    fn step(&self, state: &mut Self::State, arena: &mut Arena<'_, '_>) -> Result<ControlFlow<()>, Error> {
        let (mask, free_from, best) = state;
        let step = arena.step();
        let mut moves = arena.hold(Guide::Objective, mask)?;
        let free = (0..mask.len()).filter(|&bit| free_from[bit] <= step);
        let gains = free.map(|bit| (moves.what_if(bit), bit));
        if let Some((performance, bit)) = gains.max_by(|a, b| a.0.total_cmp(&b.0)) {
            mask.flip(bit);
            free_from[bit] = step + self.tenure;
            if performance > best.performance {
                *best = arena.candidate(mask.clone())?;
            }
        }
        Ok(ControlFlow::Continue(()))
    }

    fn best<'s>(&self, state: &'s Self::State) -> &'s Candidate {
        &state.2
    }
}

/// Numbers to divide into two parts of equal sums.
struct Partition(Vec<f64>);

impl Objective for Partition {
    fn n_bits(&self) -> usize {
        self.0.len()
    }
    fn evaluate(&self, masks: &[&BitMask], _floor: Option<f64>) -> Vec<Score> {
        let side = |mask: &BitMask, i: usize| if mask.get(i) { self.0[i] } else { -self.0[i] };
        let difference = |mask: &BitMask| (0..self.0.len()).map(|i| side(mask, i)).sum::<f64>().abs();
        masks.iter().map(|mask| Score::Exact(-difference(mask))).collect()
    }
}

fn main() -> Result<(), Error> {
    let partition = Partition((0..60_u32).map(|i| f64::from(i * i * 7919 % 10_007)).collect());
    let outcome =
        run(Problem::new(&partition), Tabu { tenure: 8 }, Budget::evaluations(20_000), Seed(1), &mut ())?;
    let difference = -outcome.best.performance;
    println!("{} flips asked, difference {difference}", outcome.work.what_ifs);
    assert!(difference < 50.0, "a random division is off by some ten thousands");
    Ok(())
}
