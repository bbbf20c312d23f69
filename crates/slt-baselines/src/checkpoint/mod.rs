//! What the checkpoints of all trainings share: the envelope, packed numbers, and comparisons with what is
//! given.

mod packed;

use serde::Serialize;
use serde::de::DeserializeOwned;
use slt_core::canonical::{fingerprint, first_difference};
use slt_core::seal::Kind;

pub(crate) use packed::{Packed, PackedWords, Precision};

use crate::{Error, Samples, Scalar};

/// A checkpoint in its envelope.
pub(crate) fn to_bytes<C: Serialize>(kind: Kind, content: &C) -> Vec<u8> {
    kind.seal(&serde_json::to_vec(content).expect("plain data goes into a vector as JSON"))
}

/// The checkpoint in an envelope. It takes memory in proportion to the bytes that are there, whatever they
/// say.
pub(crate) fn from_bytes<C: DeserializeOwned>(kind: Kind, bytes: &[u8]) -> Result<C, Error> {
    let content = kind.open(bytes)?;
    serde_json::from_slice(content).map_err(|error| Error::CheckpointContent { message: error.to_string() })
}

/// Fails unless `holds`.
pub(crate) fn ensure(holds: bool, violated: &'static str) -> Result<(), Error> {
    if holds { Ok(()) } else { Err(Error::CheckpointInconsistent { violated }) }
}

/// Fails if two values differ, by the name of the field that does.
pub(crate) fn compare<V: Serialize>(field: &str, checkpoint: &V, given: &V) -> Result<(), Error> {
    let [taken, given] =
        [checkpoint, given].map(|value| serde_json::to_value(value).expect("plain data has a JSON form"));
    match first_difference(field, &taken, &given) {
        Some((field, checkpoint, given)) => Err(Error::ResumeMismatch { field, checkpoint, given }),
        None => Ok(()),
    }
}

/// A hash of samples and of `others`, to tell the data of a checkpoint from other ones.
pub(crate) fn fingerprint_of<'a, T: Scalar>(
    samples: impl IntoIterator<Item = &'a Samples<T>>,
    others: impl IntoIterator<Item = u64>,
) -> u64 {
    let words = samples.into_iter().flat_map(|samples| {
        let sizes = [samples.n_samples(), samples.n_features(), samples.n_classes()].map(|n| n as u64);
        let values = samples.values().iter().map(|x| x.bits());
        sizes.into_iter().chain(values).chain(samples.labels().iter().map(|&label| u64::from(label)))
    });
    fingerprint(words.chain(others))
}
