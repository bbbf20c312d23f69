use sha2::{Digest, Sha256};

use super::Checkpoint;
use crate::Error;

const MAGIC: [u8; 8] = *b"SLTGACP1";
const VERSION: u32 = 2;
const HEADER: usize = 52;

impl Checkpoint {
    /// The checkpoint as bytes, the same for the same checkpoint.
    pub fn to_bytes(&self) -> Vec<u8> {
        let mut bytes = vec![0; HEADER];
        serde_json::to_writer(&mut bytes, self).expect("plain data goes into a vector as JSON");
        let (header, content) = bytes.split_at_mut(HEADER);
        header[..8].copy_from_slice(&MAGIC);
        header[8..12].copy_from_slice(&VERSION.to_le_bytes());
        header[12..20].copy_from_slice(&(content.len() as u64).to_le_bytes());
        header[20..].copy_from_slice(&Sha256::digest(content));
        bytes
    }

    /// Reads a checkpoint, and checks that it is whole and makes sense. It takes memory in proportion to
    /// the bytes that are there, whatever they say.
    ///
    /// # Errors
    /// [`Error::NotACheckpoint`], [`Error::CheckpointVersion`], [`Error::CheckpointLength`],
    /// [`Error::CheckpointChecksum`], [`Error::CheckpointContent`], [`Error::CheckpointInconsistent`], in
    /// the order of what is checked; [`Error::Config`] if its configuration is not valid.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, Error> {
        let actual = bytes.len() as u64;
        let known = bytes.len().min(MAGIC.len());
        if bytes[..known] != MAGIC[..known] {
            return Err(Error::NotACheckpoint);
        }
        let Some((header, content)) = bytes.split_first_chunk::<HEADER>() else {
            return Err(Error::CheckpointLength { expected: HEADER as u64, actual });
        };
        let found = u32::from_le_bytes(array(&header[8..12]));
        if found != VERSION {
            return Err(Error::CheckpointVersion { found, supported: VERSION });
        }
        let expected = (HEADER as u64).saturating_add(u64::from_le_bytes(array(&header[12..20])));
        if expected != actual {
            return Err(Error::CheckpointLength { expected, actual });
        }
        if header[20..] != Sha256::digest(content)[..] {
            return Err(Error::CheckpointChecksum);
        }
        let checkpoint: Self = serde_json::from_slice(content).map_err(Error::CheckpointContent)?;
        checkpoint.check()?;
        Ok(checkpoint)
    }
}

fn array<const N: usize>(bytes: &[u8]) -> [u8; N] {
    let mut array = [0; N];
    array.copy_from_slice(bytes);
    array
}
