use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use slt_core::Seed;
use slt_core::canonical::first_difference;
use slt_core::seal::{Kind, SealError};

use crate::observer::Fingerprints;
use crate::{Algorithm, Error, Milestone, Tally, View, Work};

const KIND: Kind = Kind { magic: *b"SLTSRCH1", version: 1 };

/// A search after one of its steps, with all that it takes to go on to the same end, bit for bit.
///
/// An observer takes one from its [`View`]; [`resume`](crate::resume) continues from it, with the same
/// problem, algorithm and seed. [`to_bytes`](Self::to_bytes) makes it a file: the magic `SLTSRCH1`, version
/// 1, in the envelope of [`slt_core::seal`]; the content is JSON.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Checkpoint<S> {
    algorithm: String,
    parameters: Value,
    seed: Seed,
    problem: Fingerprints,
    steps: u64,
    work: Work,
    milestones: Vec<Milestone>,
    state: S,
}

impl<S: Clone + Serialize + DeserializeOwned> Checkpoint<S> {
    pub(crate) fn take<A: Algorithm<State = S>>(view: &View<'_, A>) -> Self {
        Self {
            algorithm: view.algorithm.name().to_owned(),
            parameters: view.algorithm.parameters(),
            seed: view.seed,
            problem: view.fingerprints,
            steps: view.steps,
            work: view.work,
            milestones: view.milestones.to_vec(),
            state: view.state.clone(),
        }
    }

    /// Steps taken.
    pub fn steps(&self) -> u64 {
        self.steps
    }

    /// The state after them.
    pub fn state(&self) -> &S {
        &self.state
    }

    /// What was asked so far.
    pub fn work(&self) -> Work {
        self.work
    }

    /// The checkpoint as bytes, the same for the same checkpoint.
    pub fn to_bytes(&self) -> Vec<u8> {
        KIND.seal(&serde_json::to_vec(self).expect("plain data goes into a vector as JSON"))
    }

    /// Reads a checkpoint, and checks that it is whole. Whether it makes sense is checked when a search
    /// resumes from it. It takes memory in proportion to the bytes that are there, whatever they say.
    ///
    /// # Errors
    /// [`Error::NotACheckpoint`], [`Error::CheckpointVersion`], [`Error::CheckpointLength`],
    /// [`Error::CheckpointChecksum`], [`Error::CheckpointContent`], in the order of what is checked.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, Error> {
        let content = KIND.open(bytes).map_err(|error| match error {
            SealError::Version { found, supported } => Error::CheckpointVersion { found, supported },
            SealError::Length { expected, actual } => Error::CheckpointLength { expected, actual },
            SealError::Checksum => Error::CheckpointChecksum,
            _ => Error::NotACheckpoint,
        })?;
        serde_json::from_slice(content).map_err(Error::CheckpointContent)
    }

    /// What to go on with.
    pub(crate) fn restore<A: Algorithm<State = S>>(
        self,
        algorithm: &A,
        seed: Seed,
        problem: Fingerprints,
    ) -> Result<(S, Tally, Vec<Milestone>), Error> {
        compare("algorithm", &self.algorithm.as_str(), &algorithm.name())?;
        compare("seed", &self.seed.0, &seed.0)?;
        compare("objective.n_bits", &self.problem.n_bits, &problem.n_bits)?;
        let text = |print: Option<u64>| print.map_or("none".to_owned(), |print| print.to_string());
        let names = ["objective", "judge", "refinement"];
        for (name, (ours, theirs)) in names.iter().zip(self.problem.prints.into_iter().zip(problem.prints)) {
            compare(&format!("{name}.fingerprint"), &text(ours), &text(theirs))?;
        }
        if let Some((field, checkpoint, given)) =
            first_difference("config", &self.parameters, &algorithm.parameters())
        {
            return Err(Error::ResumeMismatch { field, checkpoint, given });
        }
        let tally = Tally { n_bits: problem.n_bits, steps: self.steps, work: self.work };
        tally.check()?;
        for milestone in &self.milestones {
            let Milestone { steps, work, ref best } = *milestone;
            Tally { n_bits: problem.n_bits, steps, work }.check()?;
            best.check(problem.n_bits)?;
        }
        Ok((self.state, tally, self.milestones))
    }
}

fn compare<T: PartialEq + ToString>(field: &str, checkpoint: &T, given: &T) -> Result<(), Error> {
    if checkpoint == given {
        return Ok(());
    }
    let (checkpoint, given) = (checkpoint.to_string(), given.to_string());
    Err(Error::ResumeMismatch { field: field.to_owned(), checkpoint, given })
}
