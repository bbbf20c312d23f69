//! Problems and an algorithm that the tests share.
#![allow(dead_code, unreachable_pub, reason = "every test uses another part")]

use std::ops::ControlFlow;

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use slt_core::random::{index_below, unit_f64};
use slt_core::{BitMask, Neighbourhood, Objective, Purpose, Score, Seed, WhatIf};
use slt_search::{Algorithm, Arena, Candidate, Error, Problem, StopReason, Tally};

/// Random weights of bits and of pairs of bits, added up over those that are set. Three bits in a row are
/// forbidden.
pub struct Quadratic {
    weights: Vec<f64>,
    pairs: Vec<(usize, usize, f64)>,
    solved_from: f64,
    neighbourhood: Option<usize>,
}

impl Quadratic {
    /// Weights of any digits, where an order of summation shows.
    pub fn new(n_bits: usize, seed: u64) -> Self {
        Self::with_weights(n_bits, seed, |number| number)
    }

    /// Weights that are whole numbers, whose sums are exact in any order.
    pub fn exact(n_bits: usize, seed: u64) -> Self {
        Self::with_weights(n_bits, seed, |number| (8.0 * number).round())
    }

    fn with_weights(n_bits: usize, seed: u64, of: fn(f64) -> f64) -> Self {
        let mut rng = Seed(seed).stream(Purpose::new("problem"), n_bits as u64, 0);
        let weights = (0..n_bits).map(|_| of(2.0 * unit_f64(&mut rng) - 1.0)).collect();
        let pair = |_| {
            let [a, b] = [(); 2].map(|()| index_below(&mut rng, n_bits));
            (a, b, of(2.0 * unit_f64(&mut rng) - 1.0))
        };
        let pairs = (0..2 * n_bits).map(pair).filter(|(a, b, _)| a != b).collect();
        Self { weights, pairs, solved_from: f64::INFINITY, neighbourhood: None }
    }

    /// The same, solved by a performance of at least this.
    #[must_use]
    pub fn solved_from(self, solved_from: f64) -> Self {
        Self { solved_from, ..self }
    }

    /// The same with a neighbourhood of its own, which says how many questions at once are welcome.
    #[must_use]
    pub fn near(self, batch: usize) -> Self {
        Self { neighbourhood: Some(batch), ..self }
    }

    fn performance(&self, mask: &BitMask) -> f64 {
        let single: f64 = mask.iter_ones().map(|bit| self.weights[bit]).sum();
        let both = |&&(a, b, _): &&(usize, usize, f64)| mask.get(a) && mask.get(b);
        single + self.pairs.iter().filter(both).map(|(_, _, weight)| weight).sum::<f64>()
    }

    /// What setting `bit` adds.
    fn gain(&self, mask: &BitMask, bit: usize) -> f64 {
        let touching = self.pairs.iter().filter_map(|&(a, b, weight)| match bit {
            _ if a == bit => Some((b, weight)),
            _ if b == bit => Some((a, weight)),
            _ => None,
        });
        self.weights[bit] + touching.filter(|&(other, _)| mask.get(other)).map(|(_, w)| w).sum::<f64>()
    }
}

impl Objective for Quadratic {
    fn n_bits(&self) -> usize {
        self.weights.len()
    }
    fn evaluate(&self, masks: &[&BitMask], floor: Option<f64>) -> Vec<Score> {
        let floor = floor.unwrap_or(f64::NEG_INFINITY);
        masks.iter().map(|mask| reaching(self.performance(mask), floor)).collect()
    }
    fn admissible(&self, mask: &BitMask) -> bool {
        (2..mask.len()).all(|i| !(mask.get(i - 2) && mask.get(i - 1) && mask.get(i)))
    }
    fn solved(&self, _mask: &BitMask, performance: f64) -> bool {
        performance >= self.solved_from
    }
    fn neighbourhood(&self, start: &BitMask) -> Option<Box<dyn Neighbourhood + '_>> {
        let batch = self.neighbourhood?;
        let held = Held { problem: self, mask: start.clone(), performance: self.performance(start) };
        Some(Box::new(Batched { inner: held, batch }))
    }
    fn multiply_adds(&self, mask: &BitMask) -> u64 {
        100 + mask.count_ones() as u64
    }
}

fn reaching(performance: f64, floor: f64) -> Score {
    if performance < floor { Score::Below } else { Score::Exact(performance) }
}

/// A mask of a problem, whose performance is brought up to date by what a flip adds: it comes to depend on
/// the way.
struct Held<'a> {
    problem: &'a Quadratic,
    mask: BitMask,
    performance: f64,
}

impl Held<'_> {
    fn after(&self, bit: usize) -> f64 {
        let gain = self.problem.gain(&self.mask, bit);
        self.performance + if self.mask.get(bit) { -gain } else { gain }
    }
}

impl Neighbourhood for Held<'_> {
    fn mask(&self) -> &BitMask {
        &self.mask
    }
    fn performance(&self) -> f64 {
        self.performance
    }
    fn what_ifs(&self, questions: &[WhatIf], answers: &mut Vec<Score>) {
        answers.clear();
        answers.extend(questions.iter().map(|question| reaching(self.after(question.bit), question.floor)));
    }
    fn admissible(&self, bit: usize) -> bool {
        let mut mask = self.mask.clone();
        mask.flip(bit);
        self.problem.admissible(&mask)
    }
    fn commit(&mut self, bit: usize) {
        self.performance = self.after(bit);
        self.mask.flip(bit);
    }
    fn reset(&mut self, mask: &BitMask) {
        self.mask.clone_from(mask);
        self.performance = self.problem.performance(mask);
    }
    fn multiply_adds(&self, bit: usize) -> u64 {
        1 + bit as u64
    }
}

/// A neighbourhood with another hint.
struct Batched<N> {
    inner: N,
    batch: usize,
}

impl<N: Neighbourhood> Neighbourhood for Batched<N> {
    fn mask(&self) -> &BitMask {
        self.inner.mask()
    }
    fn performance(&self) -> f64 {
        self.inner.performance()
    }
    fn what_ifs(&self, questions: &[WhatIf], answers: &mut Vec<Score>) {
        self.inner.what_ifs(questions, answers);
    }
    fn admissible(&self, bit: usize) -> bool {
        self.inner.admissible(bit)
    }
    fn commit(&mut self, bit: usize) {
        self.inner.commit(bit);
    }
    fn reset(&mut self, mask: &BitMask) {
        self.inner.reset(mask);
    }
    fn batch(&self) -> usize {
        self.batch
    }
    fn multiply_adds(&self, bit: usize) -> u64 {
        self.inner.multiply_adds(bit)
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

/// Draws some masks a step, keeps the best, and says how far it has come.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Draws {
    pub a_step: usize,
    pub last: u64,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Drawn {
    pub best: Candidate,
    pub step: u64,
}

impl Draws {
    fn draw(&self, arena: &mut Arena<'_, '_>) -> Result<Result<Candidate, usize>, Error> {
        let mut best: Option<Candidate> = None;
        for i in 0..self.a_step {
            let mut rng = arena.stream(Purpose::new("draw"), i as u64);
            let mask = BitMask::random(arena.n_bits(), &mut rng);
            let candidate = arena.candidate(mask)?;
            if best.as_ref().is_none_or(|best| candidate.rank().is_above(&best.rank())) {
                best = Some(candidate);
            }
            if arena.pulse(i + 1, self.a_step, None).is_break() {
                return Ok(Err(i + 1));
            }
        }
        Ok(Ok(best.expect("a step draws something")))
    }
}

impl Algorithm for Draws {
    type State = Drawn;

    fn name(&self) -> &'static str {
        "draws"
    }
    fn start(&self, arena: &mut Arena<'_, '_>) -> Result<Drawn, Error> {
        match self.draw(arena)? {
            Ok(best) => Ok(Drawn { best, step: 0 }),
            Err(accepted) => Err(Error::Interrupted { accepted, wanted: self.a_step }),
        }
    }
    fn step(&self, state: &mut Drawn, arena: &mut Arena<'_, '_>) -> Result<ControlFlow<()>, Error> {
        let Ok(drawn) = self.draw(arena)? else { return Ok(ControlFlow::Break(())) };
        if drawn.rank().is_above(&state.best.rank()) {
            state.best = drawn;
        }
        state.step += 1;
        Ok(ControlFlow::Continue(()))
    }
    fn best<'s>(&self, state: &'s Drawn) -> &'s Candidate {
        &state.best
    }
    fn end(&self, state: &Drawn, problem: &Problem<'_>) -> Option<StopReason> {
        if problem.solved(&state.best.mask, state.best.performance) {
            return Some(StopReason::Solved);
        }
        (state.step >= self.last).then_some(StopReason::Finished)
    }
    fn parameters(&self) -> Value {
        json!({ "a_step": self.a_step })
    }
    fn check(&self, state: &Drawn, tally: &Tally) -> Result<(), Error> {
        state.best.check(tally.n_bits)?;
        Error::check_consistent(state.step == tally.steps, "its step is another")?;
        if tally.steps > self.last {
            let reason = StopReason::Finished;
            return Err(Error::ResumeBeyond { generation: tally.steps, ended: self.last, reason });
        }
        Ok(())
    }
}
