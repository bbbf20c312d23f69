//! The bytes of a ticket. `docs/ticket-format.md` describes them.

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use slt_core::Seed;
use slt_datasets::scaling::Scaler;
use slt_datasets::table::Preprocessing;

use super::recipe::{InitializerCode, StoredMask};
use super::{DataFiles, Provenance, Ticket, TicketError};
use crate::{Architecture, Recipe};

const MAGIC: &[u8; 8] = b"SLTICKET";
/// The newest version.
const VERSION: u16 = 2;
/// The version of tickets that hold nothing of what version 2 brought, so that they keep their bytes, and
/// older programs read them. A program that does not know version 2 must not use its tickets: it would not
/// prepare the data.
const WITHOUT_TABLE: u16 = 1;
const CHECKSUM_BYTES: usize = 8;

/// The part of the file that is text, so that fields can be added without a new version.
#[derive(Serialize, Deserialize)]
struct Metadata {
    /// The half-width of biases that are [`BiasInit::UniformWithin`]. It is here because the fixed part of
    /// the file has one number for the initialiser only, which is that of the weights.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    bias_half_width: Option<f64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    scaler: Option<Scaler>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    class_names: Option<Vec<String>>,
    /// From version 2 on.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    preprocessing: Option<Preprocessing>,
    /// From version 2 on.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    source: Option<DataFiles>,
    #[serde(default)]
    provenance: Provenance,
}

impl Ticket {
    /// The bytes of the ticket's file. The same ticket always has the same bytes.
    pub fn to_bytes(&self) -> Vec<u8> {
        let recipe = self.recipe();
        let mask = StoredMask::of(self);
        let mut bytes = MAGIC.to_vec();
        let is_plain = self.preprocessing.is_none() && self.source.is_none();
        let version = if is_plain { WITHOUT_TABLE } else { VERSION };
        bytes.extend(version.to_le_bytes());
        bytes.push(mask.codec);

        let sizes = recipe.architecture.sizes();
        bytes.extend((sizes.len() as u32).to_le_bytes());
        for &size in sizes {
            bytes.extend((size as u32).to_le_bytes());
        }
        let InitializerCode { kinds, weights, biases } = recipe.initializer.into();
        bytes.extend(kinds);
        bytes.extend(f64::to_le_bytes(weights.unwrap_or(0.0)));
        bytes.extend(recipe.seed.0.to_le_bytes());

        push_block(&mut bytes, &mask.bytes);
        let metadata = Metadata {
            bias_half_width: biases,
            scaler: self.scaler.clone(),
            class_names: self.class_names.clone(),
            preprocessing: self.preprocessing.clone(),
            source: self.source.clone(),
            provenance: self.provenance.clone(),
        };
        push_block(&mut bytes, &serde_json::to_vec(&metadata).expect("plain data has a JSON form"));
        bytes.extend(checksum(&bytes));
        bytes
    }

    /// Reads the bytes of a ticket's file. Everything is checked, and memory is taken in proportion to the
    /// file's size: up to about 32 times for a mask that is stored plainly, and 6 kB for each byte of one
    /// that is coded ([`codec::vouches`](crate::codec::vouches)).
    ///
    /// # Errors
    /// If the file is cut short, damaged, of a newer version, or holds an impossible network.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, TicketError> {
        let mut reader = Reader { rest: bytes };
        if reader.take("the magic number", MAGIC.len()).ok() != Some(MAGIC) {
            return Err(TicketError::Magic);
        }
        let version = u16::from_le_bytes(reader.array("the version")?);
        if version > VERSION {
            return Err(TicketError::NewerVersion { found: version, supported: VERSION });
        }
        let [codec] = reader.array("the mask codec")?;

        let n_sizes = reader.length("the number of layers")?;
        let sizes = reader.take("the architecture", n_sizes.saturating_mul(4))?;
        let kinds = reader.array("the initialiser")?;
        let weights = f64::from_le_bytes(reader.array("the initialiser's number")?);
        let seed = Seed(u64::from_le_bytes(reader.array("the network seed")?));
        let mask = reader.block("the mask")?;
        let metadata = reader.block("the metadata")?;
        let body = bytes.len() - reader.rest.len();
        let stored: [u8; CHECKSUM_BYTES] = reader.array("the checksum")?;
        if !reader.rest.is_empty() {
            return Err(TicketError::TooLong { extra: reader.rest.len() });
        }
        if stored != checksum(&bytes[..body]) {
            return Err(TicketError::Checksum);
        }

        let field = |field| TicketError::Field { field };
        if version == 0 {
            return Err(field("version"));
        }
        let sizes: Vec<usize> = sizes
            .chunks_exact(4)
            .map(|size| u32::from_le_bytes(size.try_into().expect("four bytes")) as usize)
            .collect();
        let architecture = Architecture::new(sizes)?;
        let metadata: Metadata = serde_json::from_slice(metadata).map_err(|_| field("metadata"))?;
        if version == WITHOUT_TABLE && (metadata.preprocessing.is_some() || metadata.source.is_some()) {
            return Err(field("metadata"));
        }
        let code = InitializerCode { kinds, weights: Some(weights), biases: metadata.bias_half_width };
        let recipe = Recipe { architecture, initializer: code.try_into()?, seed };
        let mask = StoredMask { codec, bytes: mask.into() };
        let mut ticket = mask.ticket(recipe)?.with_provenance(metadata.provenance);
        if let Some(scaler) = metadata.scaler {
            ticket = ticket.with_scaler(scaler)?;
        }
        if let Some(names) = metadata.class_names {
            ticket = ticket.with_class_names(names)?;
        }
        if let Some(preprocessing) = metadata.preprocessing {
            ticket = ticket.with_preprocessing(preprocessing)?;
        }
        if let Some(source) = metadata.source {
            ticket = ticket.with_source(source)?;
        }
        Ok(ticket)
    }
}

fn push_block(bytes: &mut Vec<u8>, block: &[u8]) {
    bytes.extend((block.len() as u32).to_le_bytes());
    bytes.extend(block);
}

/// The first bytes of SHA-256.
fn checksum(bytes: &[u8]) -> [u8; CHECKSUM_BYTES] {
    let digest = Sha256::digest(bytes);
    std::array::from_fn(|i| digest[i])
}

/// Reads fields off the front. Nothing is copied, so a length field cannot make it take memory.
pub(super) struct Reader<'a> {
    pub(super) rest: &'a [u8],
}

impl<'a> Reader<'a> {
    pub(super) fn take(&mut self, field: &'static str, needed: usize) -> Result<&'a [u8], TicketError> {
        let left = self.rest.len();
        let (taken, rest) =
            self.rest.split_at_checked(needed).ok_or(TicketError::CutShort { field, needed, left })?;
        self.rest = rest;
        Ok(taken)
    }

    pub(super) fn array<const N: usize>(&mut self, field: &'static str) -> Result<[u8; N], TicketError> {
        Ok(self.take(field, N)?.try_into().expect("as many bytes as were asked for"))
    }

    fn length(&mut self, field: &'static str) -> Result<usize, TicketError> {
        Ok(u32::from_le_bytes(self.array(field)?) as usize)
    }

    fn block(&mut self, field: &'static str) -> Result<&'a [u8], TicketError> {
        let needed = self.length(field)?;
        self.take(field, needed)
    }
}
