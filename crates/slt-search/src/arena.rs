use std::ops::{ControlFlow, Range};

use slt_core::{BitMask, Neighbourhood, Objective, Purpose, Score, Seed, StreamRng, Units, WhatIf};

use crate::evaluated::Evaluated;
use crate::{Candidate, Error, Guide, Problem, Work};

/// How far a step has come, for long ones.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Pulse {
    /// The step; 0 before there is a state.
    pub step: u64,
    /// Parts done.
    pub done: usize,
    /// Parts in all.
    pub wanted: usize,
    /// The bound that masks have to reach, where there is one.
    pub bound: Option<f64>,
    /// Masks judged so far in the whole search.
    pub judged: u64,
}

/// Where a step takes place: what an algorithm may ask, counted and checked.
pub struct Arena<'s, 'a> {
    problem: Problem<'a>,
    seed: Seed,
    step: u64,
    means: &'s mut Means<'a>,
    pulse: &'s mut dyn FnMut(&Pulse) -> ControlFlow<()>,
}

/// What is kept from step to step, but is no part of the state.
pub(crate) struct Means<'a> {
    pub(crate) work: Work,
    /// One for each guide.
    neighbourhoods: [Option<Box<dyn Neighbourhood + 'a>>; 2],
    units: Option<Box<dyn Units + 'a>>,
    answers: Vec<Score>,
}

impl Means<'_> {
    pub(crate) fn new(work: Work) -> Self {
        Self { work, neighbourhoods: [None, None], units: None, answers: Vec::new() }
    }
}

impl<'s, 'a> Arena<'s, 'a> {
    pub(crate) fn new(
        problem: Problem<'a>,
        seed: Seed,
        step: u64,
        means: &'s mut Means<'a>,
        pulse: &'s mut dyn FnMut(&Pulse) -> ControlFlow<()>,
    ) -> Self {
        Self { problem, seed, step, means, pulse }
    }

    /// Length of the masks.
    pub fn n_bits(&self) -> usize {
        self.problem.objective().n_bits()
    }

    /// What is searched.
    pub fn problem(&self) -> Problem<'a> {
        self.problem
    }

    /// The seed of the search.
    pub fn seed(&self) -> Seed {
        self.seed
    }

    /// The number of this step, from 1; 0 at the start.
    pub fn step(&self) -> u64 {
        self.step
    }

    /// What was asked so far.
    pub fn work(&self) -> Work {
        self.means.work
    }

    /// The random stream for a purpose in this step; `index` tells uses of one purpose apart.
    pub fn stream(&self, purpose: Purpose, index: u64) -> StreamRng {
        self.seed.stream(purpose, self.step, index)
    }

    /// Says how far the step has come. `Break` means that the step should be given up.
    pub fn pulse(&mut self, done: usize, wanted: usize, bound: Option<f64>) -> ControlFlow<()> {
        let judged = self.means.work.judged();
        (self.pulse)(&Pulse { step: self.step, done, wanted, bound, judged })
    }

    /// The performance of each mask by the objective that moves follow, in the order given. Below the floor
    /// it is [`Score::Below`], whether or not the objective troubled to find out how far.
    ///
    /// # Errors
    /// If the objective breaks its contract: [`Error::ScoreCount`], [`Error::NotFinite`],
    /// [`Error::BelowNothing`].
    pub fn evaluate(&mut self, masks: &[&BitMask], floor: Option<f64>) -> Result<Vec<Score>, Error> {
        ask(self.problem.objective(), masks, floor, &mut self.means.work)
    }

    /// The candidate of a mask, by what results are judged by.
    ///
    /// # Errors
    /// As [`evaluate`](Self::evaluate).
    pub fn candidate(&mut self, mask: BitMask) -> Result<Candidate, Error> {
        let objective = self.problem.judge().unwrap_or(self.problem.objective());
        match ask(objective, &[&mask], None, &mut self.means.work)?[..] {
            [Score::Exact(performance)] => Ok(Candidate { mask, performance }),
            _ => Err(Error::BelowNothing),
        }
    }

    /// What a candidate of the objective that moves follow is judged at: itself, if results are judged by the
    /// same.
    ///
    /// # Errors
    /// As [`evaluate`](Self::evaluate).
    pub fn judged(&mut self, candidate: &Candidate) -> Result<Candidate, Error> {
        if self.problem.judge().is_none() {
            return Ok(candidate.clone());
        }
        self.candidate(candidate.mask.clone())
    }

    /// Holds a mask, to ask about flips of its bits by what a guide follows. An objective without a
    /// neighbourhood evaluates each.
    ///
    /// What is answered afterwards depends on the mask and on the flips that are committed, and on nothing
    /// before.
    ///
    /// # Errors
    /// [`Error::NotFinite`] if the performance of the mask is not.
    pub fn hold<'n>(&'n mut self, guide: Guide, mask: &BitMask) -> Result<Moves<'n, 'a>, Error> {
        let objective = self.problem.followed(guide);
        let Means { work, neighbourhoods, answers, .. } = &mut *self.means;
        let neighbourhood = &mut neighbourhoods[guide as usize];
        work.evaluations += 1;
        work.evaluated_ones += mask.count_ones() as u64;
        work.multiply_adds += objective.multiply_adds(mask);
        if let Some(neighbourhood) = neighbourhood {
            neighbourhood.reset(mask);
        }
        let neighbourhood = neighbourhood.get_or_insert_with(|| {
            objective.neighbourhood(mask).unwrap_or_else(|| Box::new(Evaluated::new(objective, mask.clone())))
        });
        let performance = neighbourhood.performance();
        if !performance.is_finite() {
            return Err(Error::NotFinite { performance });
        }
        Ok(Moves { neighbourhood: &mut **neighbourhood, work, answers })
    }

    /// Holds a mask on some of the samples of the objective that moves follow, by what `choose` makes of how
    /// many there are, to search it unit by unit. To hold what is held already costs nothing, and no holding
    /// is counted as work.
    ///
    /// # Errors
    /// [`Error::NoUnits`] if the objective has no units; [`Error::NotFinite`] if the performance is not.
    pub fn units<'n>(
        &'n mut self,
        mask: &BitMask,
        choose: impl FnOnce(usize) -> Range<usize>,
    ) -> Result<UnitMoves<'n, 'a>, Error> {
        let Means { work, units, answers, .. } = &mut *self.means;
        if units.is_none() {
            *units = self.problem.objective().units();
        }
        let units = units.as_mut().ok_or(Error::NoUnits)?;
        units.hold(mask, choose(units.n_samples()));
        let performance = units.performance();
        if !performance.is_finite() {
            return Err(Error::NotFinite { performance });
        }
        Ok(UnitMoves { units: &mut **units, work, answers })
    }
}

/// A mask that is searched unit by unit: see [`Units`].
pub struct UnitMoves<'n, 'a> {
    units: &'n mut (dyn Units + 'a),
    work: &'n mut Work,
    answers: &'n mut Vec<Score>,
}

impl<'a> UnitMoves<'_, 'a> {
    /// The mask that is held.
    pub fn mask(&self) -> &BitMask {
        self.units.mask()
    }

    /// Its performance on the samples that it is held on; larger is better. An estimate while a unit is open.
    pub fn performance(&self) -> f64 {
        self.units.performance()
    }

    /// Number of units.
    pub fn n_units(&self) -> usize {
        self.units.n_units()
    }

    /// Samples that there are.
    pub fn n_samples(&self) -> usize {
        self.units.n_samples()
    }

    /// The bits of a unit.
    pub fn bits(&self, unit: usize) -> Vec<usize> {
        self.units.bits(unit)
    }

    /// Opens a unit, to ask about flips of its bits.
    pub fn open(&mut self, unit: usize) -> Moves<'_, 'a> {
        self.work.multiply_adds += self.units.unit_multiply_adds(unit);
        self.units.open(unit);
        Moves { neighbourhood: &mut *self.units, work: self.work, answers: self.answers }
    }

    /// Closes the unit that is open, and answers the performance.
    pub fn close(&mut self) -> f64 {
        self.units.close();
        self.units.performance()
    }

    /// Takes back all flips since the last unit was opened.
    pub fn discard(&mut self) {
        self.units.discard();
    }
}

/// The masks one flip away from the one that is held.
pub struct Moves<'n, 'a> {
    neighbourhood: &'n mut (dyn Neighbourhood + 'a),
    work: &'n mut Work,
    answers: &'n mut Vec<Score>,
}

impl Moves<'_, '_> {
    /// The mask that is held.
    pub fn mask(&self) -> &BitMask {
        self.neighbourhood.mask()
    }

    /// Its performance; larger is better. After commits, up to rounding.
    pub fn performance(&self) -> f64 {
        self.neighbourhood.performance()
    }

    /// Whether the mask with `bit` flipped may live at all, as [`Objective::admissible`] says.
    pub fn admissible(&self, bit: usize) -> bool {
        self.neighbourhood.admissible(bit)
    }

    /// The performance if `bit` were flipped.
    pub fn what_if(&mut self, bit: usize) -> f64 {
        self.count(bit);
        self.neighbourhood.what_if(bit)
    }

    /// The performances after many flips, each by itself; below its floor it is [`Score::Below`]. They are
    /// answered on all threads of the current pool.
    pub fn what_ifs(&mut self, questions: &[WhatIf]) -> &[Score] {
        questions.iter().for_each(|question| self.count(question.bit));
        self.neighbourhood.what_ifs(questions, self.answers);
        self.answers
    }

    /// The first of the questions whose performance reaches its floor, with the performance. Later ones may
    /// be asked at the same time, to keep all threads busy, but do not count as asked.
    pub fn first(&mut self, questions: &[WhatIf]) -> Option<(usize, f64)> {
        let batch = self.neighbourhood.batch().max(1);
        for (start, some) in (0..).step_by(batch).zip(questions.chunks(batch)) {
            self.neighbourhood.what_ifs(some, self.answers);
            let reached = |(&score, question): (&Score, &WhatIf)| match score {
                Score::Exact(performance) => (performance >= question.floor).then_some(performance),
                Score::Below => None,
            };
            let found =
                self.answers.iter().zip(some).map(reached).enumerate().find_map(|(i, p)| Some((i, p?)));
            let asked = found.map_or(some.len(), |(i, _)| i + 1);
            some[..asked].iter().for_each(|question| self.count(question.bit));
            if let Some((i, performance)) = found {
                return Some((start + i, performance));
            }
        }
        None
    }

    /// How many questions at once keep all threads busy.
    pub fn batch(&self) -> usize {
        self.neighbourhood.batch().max(1)
    }

    /// Flips `bit` of the mask that is held.
    pub fn commit(&mut self, bit: usize) {
        self.work.commits += 1;
        self.work.multiply_adds += self.neighbourhood.multiply_adds(bit);
        self.neighbourhood.commit(bit);
    }

    fn count(&mut self, bit: usize) {
        self.work.what_ifs += 1;
        self.work.multiply_adds += self.neighbourhood.multiply_adds(bit);
    }
}

/// Asks an objective, counts what it is asked, and checks its answers.
fn ask(
    objective: &dyn Objective,
    masks: &[&BitMask],
    floor: Option<f64>,
    work: &mut Work,
) -> Result<Vec<Score>, Error> {
    work.evaluations += masks.len() as u64;
    for mask in masks {
        work.evaluated_ones += mask.count_ones() as u64;
        work.multiply_adds += objective.multiply_adds(mask);
    }
    let mut scores = objective.evaluate(masks, floor);
    if scores.len() != masks.len() {
        return Err(Error::ScoreCount { expected: masks.len(), actual: scores.len() });
    }
    for score in &mut scores {
        *score = check(*score, floor)?;
    }
    Ok(scores)
}

fn check(score: Score, floor: Option<f64>) -> Result<Score, Error> {
    match score {
        Score::Exact(performance) if !performance.is_finite() => Err(Error::NotFinite { performance }),
        Score::Exact(performance) if floor.is_some_and(|floor| performance < floor) => Ok(Score::Below),
        // Adding 0 makes 0 of -0, which a loss of 0 becomes when it is negated.
        Score::Exact(performance) => Ok(Score::Exact(performance + 0.0)),
        Score::Below if floor.is_none() => Err(Error::BelowNothing),
        Score::Below => Ok(Score::Below),
    }
}
