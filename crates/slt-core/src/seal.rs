//! An envelope for stored bytes: what they are, in which version, and whether they are whole.
//!
//! | bytes | hold |
//! |---|---|
//! | 0-7 | the magic of the kind |
//! | 8-11 | the format version, as little-endian `u32` |
//! | 12-19 | the length of the content, as little-endian `u64` |
//! | 20-51 | the SHA-256 checksum of the content |
//! | 52- | the content |
//!
//! ```
//! use slt_core::seal::{Kind, SealError};
//! const LETTER: Kind = Kind { magic: *b"SLTLETTR", version: 1 };
//! let mut bytes = LETTER.seal(b"content");
//! assert_eq!(LETTER.open(&bytes), Ok(&b"content"[..]));
//! *bytes.last_mut().unwrap() = b'T';
//! assert_eq!(LETTER.open(&bytes), Err(SealError::Checksum));
//! ```

use sha2::{Digest, Sha256};

const HEADER: usize = 52;

/// A kind of envelope.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Kind {
    /// The first bytes.
    pub magic: [u8; 8],
    /// The version that is written, and the only one that is read.
    pub version: u32,
}

/// Why an envelope cannot be opened.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum SealError {
    /// The bytes are something else.
    #[error("the first 8 bytes are not `{}`", .magic.escape_ascii())]
    Magic {
        /// What they should be.
        magic: [u8; 8],
    },
    /// They were written in a format that this version does not read.
    #[error("the format version is {found}, this program reads version {supported}")]
    Version {
        /// Version of the bytes.
        found: u32,
        /// Version that is read.
        supported: u32,
    },
    /// There are fewer or more bytes than the header says.
    #[error("there are {actual} bytes, there should be {expected}")]
    Length {
        /// Bytes that there should be.
        expected: u64,
        /// Bytes that there are.
        actual: u64,
    },
    /// The content is not what was sealed.
    #[error("the content is damaged: it does not match its SHA-256 checksum")]
    Checksum,
}

impl Kind {
    /// The content in its envelope.
    pub fn seal(&self, content: &[u8]) -> Vec<u8> {
        let mut bytes = Vec::with_capacity(HEADER + content.len());
        bytes.extend(self.magic);
        bytes.extend(self.version.to_le_bytes());
        bytes.extend((content.len() as u64).to_le_bytes());
        bytes.extend(Sha256::digest(content));
        bytes.extend(content);
        bytes
    }

    /// The content of an envelope. Takes no memory.
    ///
    /// # Errors
    /// [`SealError::Magic`], [`SealError::Version`], [`SealError::Length`], [`SealError::Checksum`], in the
    /// order of what is checked.
    pub fn open<'a>(&self, bytes: &'a [u8]) -> Result<&'a [u8], SealError> {
        let actual = bytes.len() as u64;
        let known = bytes.len().min(self.magic.len());
        if bytes[..known] != self.magic[..known] {
            return Err(SealError::Magic { magic: self.magic });
        }
        let Some((header, content)) = bytes.split_first_chunk::<HEADER>() else {
            return Err(SealError::Length { expected: HEADER as u64, actual });
        };
        let found = u32::from_le_bytes(array(&header[8..12]));
        if found != self.version {
            return Err(SealError::Version { found, supported: self.version });
        }
        let expected = (HEADER as u64).saturating_add(u64::from_le_bytes(array(&header[12..20])));
        if expected != actual {
            return Err(SealError::Length { expected, actual });
        }
        if header[20..] != Sha256::digest(content)[..] {
            return Err(SealError::Checksum);
        }
        Ok(content)
    }
}

fn array<const N: usize>(bytes: &[u8]) -> [u8; N] {
    let mut array = [0; N];
    array.copy_from_slice(bytes);
    array
}
