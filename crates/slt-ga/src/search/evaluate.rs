use std::collections::HashMap;

use slt_core::{BitMask, Objective, Score};

use super::newcomer::Newcomer;
use crate::Error;
use crate::memory::{Known, Memory};

/// What an objective was handed in a search so far.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Handed {
    pub(crate) masks: u64,
    /// Set bits of all of them.
    pub(crate) ones: u64,
}

/// Asks the objective, counts what it is asked, and checks its answers.
pub(crate) fn ask(
    objective: &dyn Objective,
    masks: &[&BitMask],
    floor: Option<f64>,
    handed: &mut Handed,
) -> Result<Vec<Known>, Error> {
    handed.masks += masks.len() as u64;
    handed.ones += masks.iter().map(|mask| mask.count_ones() as u64).sum::<u64>();
    let scores = objective.evaluate(masks, floor);
    if scores.len() != masks.len() {
        return Err(Error::ScoreCount { expected: masks.len(), actual: scores.len() });
    }
    scores
        .into_iter()
        .map(|score| Known::from_score(check(score)?, floor).ok_or(Error::BelowNothing))
        .collect()
}

fn check(score: Score) -> Result<Score, Error> {
    match score {
        Score::Exact(performance) if !performance.is_finite() => Err(Error::NotFinite { performance }),
        // Adding 0 makes 0 of -0, which a loss of 0 becomes when it is negated.
        Score::Exact(performance) => Ok(Score::Exact(performance + 0.0)),
        Score::Below => Ok(Score::Below),
    }
}

/// How the score of a newcomer comes to be known.
enum Source {
    /// It was evaluated when it was drawn.
    Drawn(Score),
    /// Its mask is remembered.
    Remembered(Score),
    /// The objective is asked, at this place of the batch.
    Asked(usize),
}

/// Gives every newcomer its score, in one question to the objective, which leaves out masks that are
/// remembered or occur twice.
pub(crate) fn evaluate(
    objective: &dyn Objective,
    newcomers: &mut [Newcomer],
    floor: Option<f64>,
    memory: &mut Memory,
    handed: &mut Handed,
) -> Result<(), Error> {
    let mut batch: Vec<&BitMask> = Vec::with_capacity(newcomers.len());
    let mut places: HashMap<&BitMask, usize> = HashMap::with_capacity(newcomers.len());
    let mut sources = Vec::with_capacity(newcomers.len());
    for Newcomer { mask, score, .. } in newcomers.iter() {
        let remembered = || memory.get(mask).and_then(|known| known.score(floor)).map(Source::Remembered);
        sources.push(score.map(Source::Drawn).or_else(remembered).unwrap_or_else(|| {
            Source::Asked(*places.entry(mask).or_insert_with(|| {
                batch.push(mask);
                batch.len() - 1
            }))
        }));
    }
    let answers = if batch.is_empty() { Vec::new() } else { ask(objective, &batch, floor, handed)? };
    for (newcomer, source) in newcomers.iter_mut().zip(sources) {
        newcomer.score = match source {
            Source::Drawn(score) => {
                if let Score::Exact(performance) = score {
                    memory.insert(&newcomer.mask, Known::Exact(performance));
                }
                Some(score)
            }
            Source::Remembered(score) => Some(score),
            Source::Asked(place) => {
                memory.insert(&newcomer.mask, answers[place]);
                answers[place].score(floor)
            }
        };
    }
    Ok(())
}
