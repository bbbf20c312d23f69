//! Tickets.

use std::path::Path;
use std::{fs, io};

use ndarray::Array2;
use sha2::{Digest, Sha256};
use slt_core::Seed;
use slt_mlp::{Architecture, Initializer, Network, SignedMask, Ticket, TicketError};

use super::{concat, whole};
use crate::{Format, Reached};

/// Full tickets.
pub const TICKET: Format = Format {
    name: "ticket",
    parts,
    join,
    seal,
    read: |bytes| match Ticket::from_bytes(bytes) {
        Err(
            TicketError::Magic
            | TicketError::NewerVersion { .. }
            | TicketError::CutShort { .. }
            | TicketError::TooLong { .. }
            | TicketError::Checksum,
        ) => Reached::Outside,
        read => use_ticket(read),
    },
};

/// Lean tickets.
pub const LEAN: Format = Format {
    name: "lean-ticket",
    parts: |bytes| whole(bytes.split_last()?.1),
    join: |parts| lean_sealed(concat(parts)),
    seal: |mut bytes| {
        bytes.pop();
        lean_sealed(bytes)
    },
    read: |bytes| match Ticket::from_lean_bytes(bytes) {
        Err(TicketError::MagicByte | TicketError::Checksum) => Reached::Outside,
        read => use_ticket(read),
    },
};

/// Bytes of the magic, the version and the codec.
const START: usize = 11;
/// Bytes of the initialiser and the seed.
const RECIPE: usize = 18;
const CHECKSUM: usize = 8;

/// The start, the sizes, the recipe, the mask and the metadata.
fn parts(bytes: &[u8]) -> Option<Vec<Vec<u8>>> {
    let (body, _) = bytes.split_at_checked(bytes.len().checked_sub(CHECKSUM)?)?;
    let (start, rest) = body.split_at_checked(START)?;
    let (n_sizes, rest) = number(rest)?;
    let (sizes, rest) = rest.split_at_checked(n_sizes.checked_mul(4)?)?;
    let (recipe, rest) = rest.split_at_checked(RECIPE)?;
    let (n_mask, rest) = number(rest)?;
    let (mask, rest) = rest.split_at_checked(n_mask)?;
    let (n_metadata, rest) = number(rest)?;
    let (metadata, rest) = rest.split_at_checked(n_metadata)?;
    rest.is_empty().then(|| [start, sizes, recipe, mask, metadata].map(<[u8]>::to_vec).to_vec())
}

fn number(bytes: &[u8]) -> Option<(usize, &[u8])> {
    let (number, rest) = bytes.split_first_chunk()?;
    Some((u32::from_le_bytes(*number) as usize, rest))
}

fn join(parts: &[Vec<u8>]) -> Vec<u8> {
    let length = |n: usize| (n as u32).to_le_bytes();
    let [start, sizes, recipe, mask, metadata] = parts else { return parts.concat() };
    let sizes = &sizes[..sizes.len() / 4 * 4];
    let mut bytes = [start, &length(sizes.len() / 4)[..], sizes, recipe].concat();
    for block in [mask, metadata] {
        bytes.extend(length(block.len()));
        bytes.extend(block);
    }
    bytes.extend([0; CHECKSUM]);
    seal(bytes)
}

fn seal(mut bytes: Vec<u8>) -> Vec<u8> {
    if let Some(body) = bytes.len().checked_sub(CHECKSUM) {
        let digest = Sha256::digest(&bytes[..body]);
        bytes[body..].copy_from_slice(&digest[..CHECKSUM]);
    }
    bytes
}

/// With the check byte at the end, a CRC-8.
fn lean_sealed(mut bytes: Vec<u8>) -> Vec<u8> {
    let step = |check: u8| (check << 1) ^ if check >> 7 == 1 { 0x07 } else { 0 };
    let check = bytes.iter().fold(0xff, |check: u8, byte| (0..8).fold(check ^ byte, |check, _| step(check)));
    bytes.push(check);
    bytes
}

fn use_ticket(ticket: Result<Ticket, TicketError>) -> Reached {
    let ticket = match ticket {
        Ok(ticket) => ticket,
        Err(error) => {
            let _ = error.to_string();
            return Reached::Inside;
        }
    };
    // What is accepted is written as it was understood, and answers.
    assert_eq!(Ticket::from_bytes(&ticket.to_bytes()).expect("it was written by this program"), ticket);
    let n_inputs = ticket.network().architecture().n_inputs();
    // The numbers of a forged network may overflow, which is an error and no panic.
    let _ = ticket.predictions(Array2::zeros((1, n_inputs)));
    if let Some(preprocessing) = ticket.preprocessing() {
        let _ = ticket.predict_rows(&Array2::ones((1, preprocessing.n_columns())).view());
        let _ = preprocessing.origins().len();
    }
    let _ = (
        ticket.sparsity(),
        ticket.class_names().map(<[String]>::len),
        ticket.to_lean_bytes().map(|b| b.len()),
    );
    Reached::Accepted
}

/// A ticket that inverts weights.
fn signed() -> Result<Ticket, TicketError> {
    let network = Network::random(&Architecture::new([2, 20, 2])?, Initializer::paper(), Seed(1))?;
    let kept = (0..80).map(|bit| bit % 3 == 0).collect();
    let inverted = (0..80).map(|bit| bit % 9 == 0).collect();
    Ticket::signed(network, SignedMask::new(kept, inverted)?)
}

/// Copies small tickets of the repository, which has none that inverts weights.
///
/// # Errors
/// If a file cannot be read or written.
pub fn write_corpus() -> io::Result<()> {
    let tickets = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tickets");
    for name in ["circles-A", "digits-2", "wine", "mnist-12x12-40-seed-2"] {
        let file = format!("{name}.slt");
        fs::copy(tickets.join(&file), TICKET.folder().join(&file))?;
    }
    for name in ["circles-A", "digits-2", "breast-cancer", "mnist-12x12-40-seed-2"] {
        let bytes = fs::read(tickets.join(format!("{name}.slt")))?;
        let ticket = Ticket::from_bytes(&bytes).map_err(io::Error::other)?;
        let lean = ticket.to_lean_bytes().map_err(io::Error::other)?;
        fs::write(LEAN.folder().join(format!("{name}-lean.slt")), lean)?;
    }
    let signed = signed().map_err(io::Error::other)?;
    fs::write(TICKET.folder().join("signed.slt"), signed.to_bytes())?;
    fs::write(LEAN.folder().join("signed-lean.slt"), signed.to_lean_bytes().map_err(io::Error::other)?)
}
