use std::ops::ControlFlow;

use slt_core::{BitMask, Purpose, Score, StreamRng};
use slt_search::Arena;

use super::{Newcomer, Pool, Setup};
use crate::{AdaptiveBound, Bound, Error, Origin};

const FIRST: Purpose = Purpose::new("init");
const MIGRATION: Purpose = Purpose::new("migrate");

/// What came of drawing a mask.
enum Drawn {
    /// A mask, with its score if that is known already.
    Mask(BitMask, Option<Score>),
    /// None: the bound is as low as it gets, or the mask was given up.
    Nothing,
    /// The observer stopped it.
    Stopped,
}

/// Draws random masks, held against the bound where there is one.
pub(crate) struct RandomMasks<'f, 's, 'a> {
    pub(crate) setup: &'f Setup<'f>,
    /// Step 0 draws the first population, any other migrants.
    pub(crate) arena: &'f mut Arena<'s, 'a>,
    pub(crate) pool: &'f mut Pool,
    pub(crate) wanted: usize,
    pub(crate) bound: Option<Bound>,
}

impl RandomMasks<'_, '_, '_> {
    /// Appends the masks wanted; fewer if migrants had to be given up. `Break` holds the number accepted
    /// when the observer stopped it.
    pub(crate) fn draw(&mut self, newcomers: &mut Vec<Newcomer>) -> Result<ControlFlow<usize>, Error> {
        let first = self.arena.step() == 0;
        let (purpose, origin) =
            if first { (FIRST, Origin::FirstPopulation) } else { (MIGRATION, Origin::Migration) };
        let mut accepted = 0;
        for index in 0..self.wanted {
            let mut rng = self.arena.stream(purpose, index as u64);
            let drawn = match self.bounded(&mut rng, accepted)? {
                Drawn::Nothing => self.unbounded(&mut rng)?,
                drawn => drawn,
            };
            match drawn {
                Drawn::Stopped => return Ok(ControlFlow::Break(accepted)),
                Drawn::Nothing => continue,
                Drawn::Mask(mask, score) => newcomers.push(Newcomer { mask, origin, score }),
            }
            accepted += 1;
            if self.tell(accepted).is_break() {
                return Ok(ControlFlow::Break(accepted));
            }
        }
        Ok(ControlFlow::Continue(()))
    }

    /// Draws until a mask is accepted; none once the bound is as low as it gets.
    fn bounded(&mut self, rng: &mut StreamRng, accepted: usize) -> Result<Drawn, Error> {
        let Some(config) = self.setup.config.config().bound else { return Ok(Drawn::Nothing) };
        if !config.falls {
            return self.best_of(&config, rng, accepted);
        }
        let mut mask = self.pool.take(self.setup.n_bits());
        let mut attempts = 0;
        while let Some((bound, floor)) = self.bound.as_mut().and_then(|b| b.active(&config).map(|f| (b, f))) {
            mask.fill_random(rng);
            let scores = self.arena.evaluate(&[&mask], Some(floor))?;
            attempts += 1;
            if let [score @ Score::Exact(_)] = scores[..] {
                bound.accepted_at(attempts, &config);
                return Ok(Drawn::Mask(mask, Some(score)));
            }
            if attempts == config.given {
                bound.failed(&config);
                attempts = 0;
            }
            if self.tell(accepted).is_break() {
                self.pool.put(mask);
                return Ok(Drawn::Stopped);
            }
        }
        self.pool.put(mask);
        Ok(Drawn::Nothing)
    }

    /// Draws until a mask reaches the bound, or all attempts are used up: then it is the best of them.
    fn best_of(
        &mut self,
        config: &AdaptiveBound,
        rng: &mut StreamRng,
        accepted: usize,
    ) -> Result<Drawn, Error> {
        let [mut mask, mut best] = [self.pool.take(self.setup.n_bits()), self.pool.take(self.setup.n_bits())];
        // Below every performance, as those are finite.
        let mut highest = f64::NEG_INFINITY;
        for attempt in 1..=config.given {
            mask.fill_random(rng);
            // Without a floor: which one is the best has to be known also among those below the bound.
            let scores = self.arena.evaluate(&[&mask], None)?;
            if let [Score::Exact(performance)] = scores[..]
                && performance > highest
            {
                highest = performance;
                std::mem::swap(&mut mask, &mut best);
            }
            if highest >= config.start || attempt == config.given {
                break;
            }
            if self.tell(accepted).is_break() {
                self.pool.put(mask);
                self.pool.put(best);
                return Ok(Drawn::Stopped);
            }
        }
        self.pool.put(mask);
        Ok(Drawn::Mask(best, Some(Score::Exact(highest))))
    }

    /// Draws a mask as it comes, or until it is admissible; none if it was given up.
    fn unbounded(&mut self, rng: &mut StreamRng) -> Result<Drawn, Error> {
        let mut mask = self.pool.take(self.setup.n_bits());
        let mut draws = 0;
        let born = self.setup.fill_admissible(&mut mask, |mask| {
            draws += 1;
            mask.fill_random(rng);
        });
        if born {
            return Ok(Drawn::Mask(mask, None));
        }
        self.pool.put(mask);
        if self.arena.step() == 0 { Err(Error::NoAdmissibleMask { draws }) } else { Ok(Drawn::Nothing) }
    }

    fn tell(&mut self, accepted: usize) -> ControlFlow<()> {
        let Some(bound) = self.bound else { return ControlFlow::Continue(()) };
        self.arena.pulse(accepted, self.wanted, Some(bound.value))
    }
}
