use std::collections::HashMap;

use slt_core::{BitMask, Score};
use slt_search::Arena;

use super::Newcomer;
use crate::Error;
use crate::memory::{Known, Memory};

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
    arena: &mut Arena<'_, '_>,
    newcomers: &mut [Newcomer],
    floor: Option<f64>,
    memory: &mut Memory,
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
    let scores = if batch.is_empty() { Vec::new() } else { arena.evaluate(&batch, floor)? };
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
                memory.insert(&newcomer.mask, Known::from_score(scores[place], floor));
                Some(scores[place])
            }
        };
    }
    Ok(())
}
