//! What damaged and forged files do to the readers of this project.
//!
//! A [`Format`] is a kind of file that is read back: where its corpus is, how it falls into parts, how it is
//! put together again with lengths and checksums as they have to be, and how it is read and used.
//! [`Format::mutant`] makes damaged files of the corpus. Most of them are put together again, because a
//! reader that checks a checksum first would refuse all others, and nothing behind it would be tested.
//!
//! `tests/mutants.rs` reads some thousand mutants of each format; the programs in `fuzz/` read what a fuzzer
//! comes up with.

/// The Rust of the cookbook runs. It is here because what is published includes no files from outside its
/// crate, and this crate is not.
#[cfg(doctest)]
#[doc = include_str!("../../../docs/cookbook.md")]
struct Cookbook;

/// Compiles the example of the project's README, here for the same reason.
#[cfg(doctest)]
#[doc = include_str!("../../../README.md")]
struct Readme;

pub mod formats;
mod json;
mod mutate;

use std::path::{Path, PathBuf};
use std::{fs, io};

use slt_core::{Purpose, Seed};

pub use mutate::Mutator;

const MUTANT: Purpose = Purpose::new("mutant");

/// How far a reader came with a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Reached {
    /// It was refused by its magic, version, lengths or checksum, whatever the format has of those.
    Outside,
    /// It was refused by what is inside.
    Inside,
    /// It was taken, and used.
    Accepted,
}

/// A kind of file that is read back.
pub struct Format {
    /// Its name, which is that of the folder of its corpus.
    pub name: &'static str,
    /// The parts of a file, if it has the form of one.
    pub parts: fn(&[u8]) -> Option<Vec<Vec<u8>>>,
    /// A file of parts, with lengths and checksums as they have to be.
    pub join: fn(&[Vec<u8>]) -> Vec<u8>,
    /// The same file with the checksum as it has to be, and everything else as it is.
    pub seal: fn(Vec<u8>) -> Vec<u8>,
    /// Reads a file and, if it is accepted, uses what was read: that must not panic either.
    pub read: fn(&[u8]) -> Reached,
}

impl Format {
    /// The folder of the corpus.
    pub fn folder(&self) -> PathBuf {
        Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fuzz/corpus").join(self.name)
    }

    /// The files of the corpus, in the order of their names.
    ///
    /// # Errors
    /// If a file cannot be read.
    pub fn corpus(&self) -> io::Result<Vec<Vec<u8>>> {
        let entries = fs::read_dir(self.folder())?.map(|entry| Ok(entry?.path()));
        let mut paths = entries.collect::<io::Result<Vec<PathBuf>>>()?;
        paths.sort();
        paths.iter().map(fs::read).collect()
    }

    /// The mutant with a number, always the same of the same corpus.
    ///
    /// # Panics
    /// If the corpus is empty.
    pub fn mutant(&self, corpus: &[Vec<u8>], number: u64) -> Vec<u8> {
        let mut mutator = Mutator::new(Seed(1).stream(MUTANT, 0, number));
        let file = &corpus[mutator.below(corpus.len())];
        let other = &corpus[mutator.below(corpus.len())];
        // Most often a part, sometimes the whole with lengths that lie, seldom with a checksum that lies too.
        let kind = mutator.below(8);
        match ((self.parts)(file), (self.parts)(other)) {
            (Some(mut parts), Some(others)) if kind > 1 => {
                // The longer of two, because headers are short.
                let two = [mutator.below(parts.len()), mutator.below(parts.len())];
                let part = two.into_iter().max_by_key(|&part| parts[part].len()).unwrap_or_default();
                mutator.mutate(&mut parts[part], others.get(part).unwrap_or(other));
                (self.join)(&parts)
            }
            _ => {
                let mut bytes = file.clone();
                mutator.mutate(&mut bytes, other);
                if kind == 0 { bytes } else { (self.seal)(bytes) }
            }
        }
    }

    /// Reads what a fuzzer made, put together as it has to be.
    pub fn read_any(&self, bytes: &[u8]) -> Reached {
        let whole =
            (self.parts)(bytes).map_or_else(|| (self.seal)(bytes.to_vec()), |parts| (self.join)(&parts));
        (self.read)(&whole)
    }
}
