//! The formats.

mod data;
mod record;
mod search;
mod ticket;
mod training;

use sha2::{Digest, Sha256};

pub use data::{CSV, GZIP, IDX, NPY, NPZ, TRAINED_TABLE};
pub use record::{RECORD, RUN_CHECKPOINT, write_corpus as write_records};
pub use search::{SEARCH, write_corpus as write_searches};
pub use ticket::{LEAN, TICKET, write_corpus as write_tickets};
pub use training::{EDGE_POPUP, MLP, write_corpus as write_trainings};

use crate::Format;

/// All of them.
pub const ALL: [&Format; 13] = [
    &TICKET,
    &LEAN,
    &CSV,
    &TRAINED_TABLE,
    &IDX,
    &NPY,
    &NPZ,
    &GZIP,
    &SEARCH,
    &EDGE_POPUP,
    &MLP,
    &RECORD,
    &RUN_CHECKPOINT,
];

/// A file that is one part.
fn whole(bytes: &[u8]) -> Option<Vec<Vec<u8>>> {
    Some(vec![bytes.to_vec()])
}

fn concat(parts: &[Vec<u8>]) -> Vec<u8> {
    parts.concat()
}

/// For formats without a checksum.
fn unsealed(bytes: Vec<u8>) -> Vec<u8> {
    bytes
}

/// The bytes of an envelope before its content; see [`slt_core::seal`].
const ENVELOPE: usize = 52;

/// Magic and version of an envelope, and its content.
fn envelope_parts(bytes: &[u8]) -> Option<Vec<Vec<u8>>> {
    let (header, content) = bytes.split_at_checked(ENVELOPE)?;
    Some(vec![header[..12].to_vec(), content.to_vec()])
}

fn envelope_of(parts: &[Vec<u8>]) -> Vec<u8> {
    let content = &parts[1];
    let mut bytes = parts[0].clone();
    bytes.extend((content.len() as u64).to_le_bytes());
    bytes.extend(Sha256::digest(content));
    bytes.extend(content);
    bytes
}

/// The envelope with the checksum of its content.
fn envelope_sealed(mut bytes: Vec<u8>) -> Vec<u8> {
    if let Some((header, content)) = bytes.split_at_mut_checked(ENVELOPE) {
        header[20..].copy_from_slice(&Sha256::digest(content));
    }
    bytes
}
