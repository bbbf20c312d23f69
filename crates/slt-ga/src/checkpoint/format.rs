use slt_core::seal::{Kind, SealError};

use super::Checkpoint;
use crate::Error;

const KIND: Kind = Kind { magic: *b"SLTGACP1", version: 2 };

impl Checkpoint {
    /// The checkpoint as bytes, the same for the same checkpoint.
    pub fn to_bytes(&self) -> Vec<u8> {
        KIND.seal(&serde_json::to_vec(self).expect("plain data goes into a vector as JSON"))
    }

    /// Reads a checkpoint, and checks that it is whole and makes sense. It takes memory in proportion to
    /// the bytes that are there, whatever they say.
    ///
    /// # Errors
    /// [`Error::NotACheckpoint`], [`Error::CheckpointVersion`], [`Error::CheckpointLength`],
    /// [`Error::CheckpointChecksum`], [`Error::CheckpointContent`], [`Error::CheckpointInconsistent`], in
    /// the order of what is checked; [`Error::Config`] if its configuration is not valid.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, Error> {
        let content = KIND.open(bytes).map_err(|error| match error {
            SealError::Version { found, supported } => Error::CheckpointVersion { found, supported },
            SealError::Length { expected, actual } => Error::CheckpointLength { expected, actual },
            SealError::Checksum => Error::CheckpointChecksum,
            _ => Error::NotACheckpoint,
        })?;
        let checkpoint: Self = serde_json::from_slice(content).map_err(Error::CheckpointContent)?;
        checkpoint.check()?;
        Ok(checkpoint)
    }
}
