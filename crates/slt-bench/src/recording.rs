//! What a search asks of its objective, to be asked again.

use std::ops::Range;
use std::sync::{Mutex, PoisonError};

use cpu_time::ThreadTime;
use slt_core::{BitMask, Objective, Score};
use slt_ga::{GaConfig, Outcome};
use slt_mlp::Evaluator;

use crate::cases::SEED;
use crate::error::Error;

/// Masks that take turns are handed over in groups of at least this many, so that each variant finds its data
/// in the cache most of the time.
const GROUP: usize = 64;

/// A question to the objective, and what it comes to: `None` for a mask below the floor.
struct Call {
    masks: Vec<BitMask>,
    floor: Option<f64>,
    answers: Vec<Option<f64>>,
}

/// All questions of a search, in order.
pub(crate) struct Recording {
    calls: Vec<Call>,
    pub(crate) outcome: Outcome,
}

impl Recording {
    /// Searches, and writes down what is asked.
    pub(crate) fn of_search(evaluator: &Evaluator, config: &GaConfig) -> Result<Self, Error> {
        let recorder = Recorder { evaluator, calls: Mutex::default() };
        let outcome = slt_ga::run(&recorder, config, SEED, &mut ())?;
        Ok(Self { calls: recorder.calls.into_inner().unwrap_or_else(PoisonError::into_inner), outcome })
    }

    /// Number of questions.
    pub(crate) fn n_batches(&self) -> usize {
        self.calls.len()
    }

    /// Number of masks in all questions.
    pub(crate) fn n_masks(&self) -> usize {
        self.calls.iter().map(|call| call.masks.len()).sum()
    }

    /// Processor seconds in which each evaluator answers all questions. They take turns, a group of questions
    /// each.
    ///
    /// # Errors
    /// If an evaluator answers otherwise than the one that was recorded.
    pub(crate) fn replay<const N: usize>(&self, evaluators: &[Evaluator; N]) -> Result<[f64; N], Error> {
        let mut seconds = [0.0; N];
        for group in groups(&self.calls) {
            let batches: Vec<Vec<&BitMask>> = group.iter().map(|call| call.masks.iter().collect()).collect();
            for (evaluator, seconds) in evaluators.iter().zip(&mut seconds) {
                let start = ThreadTime::now();
                let scores: Vec<Vec<Score>> = group
                    .iter()
                    .zip(&batches)
                    .map(|(call, masks)| evaluator.evaluate(masks, call.floor))
                    .collect();
                *seconds += start.elapsed().as_secs_f64();
                if group.iter().zip(&scores).any(|(call, scores)| call.answers != answers(scores, call.floor))
                {
                    return Err("racing or sharing changes an answer".into());
                }
            }
        }
        Ok(seconds)
    }
}

/// Splits calls into groups of at least [`GROUP`] masks.
fn groups(calls: &[Call]) -> impl Iterator<Item = &[Call]> {
    let mut rest = calls;
    std::iter::from_fn(move || {
        let mut masks = 0;
        let n = rest.iter().position(|call| {
            masks += call.masks.len();
            masks >= GROUP
        });
        let (group, others) = rest.split_at(n.map_or(rest.len(), |last| last + 1));
        rest = others;
        (!group.is_empty()).then_some(group)
    })
}

/// What a search takes from scores: it makes nothing of a performance below the floor, so a run is the same
/// if these are.
fn answers(scores: &[Score], floor: Option<f64>) -> Vec<Option<f64>> {
    let reaches = |performance: &f64| floor.is_none_or(|floor| *performance >= floor);
    scores.iter().map(|score| score.exact().filter(reaches)).collect()
}

/// Passes everything on to an evaluator.
struct Recorder<'a> {
    evaluator: &'a Evaluator,
    calls: Mutex<Vec<Call>>,
}

impl Objective for Recorder<'_> {
    fn n_bits(&self) -> usize {
        self.evaluator.n_bits()
    }

    fn evaluate(&self, masks: &[&BitMask], floor: Option<f64>) -> Vec<Score> {
        let scores = self.evaluator.evaluate(masks, floor);
        let call = Call {
            masks: masks.iter().map(|&mask| mask.clone()).collect(),
            floor,
            answers: answers(&scores, floor),
        };
        self.calls.lock().unwrap_or_else(PoisonError::into_inner).push(call);
        scores
    }

    fn bit_groups(&self) -> Vec<Range<usize>> {
        self.evaluator.bit_groups()
    }

    fn admissible(&self, mask: &BitMask) -> bool {
        self.evaluator.admissible(mask)
    }

    fn solved(&self, mask: &BitMask, performance: f64) -> bool {
        self.evaluator.solved(mask, performance)
    }

    fn fingerprint(&self) -> u64 {
        self.evaluator.fingerprint()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use slt_core::Seed;
    use slt_mlp::{Architecture, Initializer, MetricName, Network};

    fn evaluator(seed: u64) -> Evaluator {
        let data = slt_datasets::paper::digits(2).unwrap().train;
        let architecture = Architecture::new([64, 5, 2]).unwrap();
        let network = Network::random(&architecture, Initializer::paper(), Seed(seed)).unwrap();
        Evaluator::new(&network, &data, MetricName::CrossEntropy).unwrap()
    }

    #[test]
    fn a_replay_notices_other_answers() {
        let mut config = GaConfig::paper();
        config.termination.max_generations = Some(5);
        let recording = Recording::of_search(&evaluator(1), &config).unwrap();
        assert_eq!(recording.n_masks() as u64, recording.outcome.evaluations);
        let plain = || evaluator(1).with_racing(false).with_sharing(false);
        let seconds = recording.replay(&[evaluator(1), plain()]).unwrap();
        assert!(seconds.iter().all(|s| s.is_finite()));
        assert!(recording.replay(&[plain(), evaluator(2)]).is_err());
    }

    #[test]
    fn groups_keep_all_calls_in_order() {
        let sizes = [1, 70, 30, 30, 30, 64, 2];
        let call = |masks| Call { masks: vec![BitMask::zeros(1); masks], floor: None, answers: Vec::new() };
        let calls: Vec<Call> = sizes.map(call).into();
        let sizes_of = |group: &[Call]| group.iter().map(|call| call.masks.len()).collect::<Vec<_>>();
        let grouped: Vec<Vec<usize>> = groups(&calls).map(sizes_of).collect();
        assert_eq!(grouped, [vec![1, 70], vec![30, 30, 30], vec![64], vec![2]]);
    }
}
