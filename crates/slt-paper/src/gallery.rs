//! The files of figures, drawn when something that they depend on has changed.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use slt_core::canonical;

use crate::figures::Figure;
use crate::{Error, Plan};
use slt_run::{Records, write_atomically};

/// Name of the file that says what the figures were drawn from.
const MANIFEST: &str = "figures.json";

/// A folder of figures.
#[derive(Debug)]
pub struct Gallery {
    folder: PathBuf,
    /// What draws: results of another program may look different.
    program: String,
    drawn: BTreeMap<String, Drawn>,
}

/// A figure that was drawn.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Drawn {
    /// A sentence on what came out.
    pub summary: String,
    /// Its files, with the SHA-256 of each.
    pub files: BTreeMap<String, String>,
    /// SHA-256 of all that it was drawn from.
    inputs: String,
}

impl Gallery {
    /// The gallery in a folder. `program` identifies the program that draws; figures of another one are drawn
    /// again.
    pub fn open(folder: &Path, program: &str) -> Self {
        let manifest = fs::read(folder.join(MANIFEST)).ok();
        // Without a manifest, or with a damaged one, everything is drawn.
        let drawn = manifest.and_then(|bytes| serde_json::from_slice(&bytes).ok()).unwrap_or_default();
        Self { folder: folder.to_owned(), program: program.to_owned(), drawn }
    }

    /// Draws a figure unless its files are there and up to date. Returns what there is then, and whether it
    /// was drawn.
    ///
    /// # Errors
    /// If a record is missing, the figure cannot be drawn, or a file cannot be written.
    pub fn draw(&mut self, figure: &Figure, plan: &Plan, records: &Records) -> Result<(Drawn, bool), Error> {
        let inputs = self.inputs(figure, plan, records)?;
        if let Some(drawn) = self.drawn.get(figure.id)
            && drawn.inputs == inputs
            && self.damaged(drawn).is_empty()
        {
            return Ok((drawn.clone(), false));
        }
        let rendered = figure.render(plan, records)?;
        let mut files = BTreeMap::new();
        for (name, bytes) in rendered.files(figure.id)? {
            write_atomically(&self.folder.join(&name), &bytes)?;
            files.insert(name, canonical::sha256_hex(&bytes));
        }
        let drawn = Drawn { summary: rendered.summary, files, inputs };
        self.drawn.insert(figure.id.to_owned(), drawn.clone());
        let mut manifest = serde_json::to_vec_pretty(&self.drawn).expect("plain data has a JSON form");
        manifest.push(b'\n');
        write_atomically(&self.folder.join(MANIFEST), &manifest)?;
        Ok((drawn, true))
    }

    /// The files of figures that are gone or not as they were drawn.
    pub fn check(&self) -> Vec<PathBuf> {
        self.drawn.values().flat_map(|drawn| self.damaged(drawn)).collect()
    }

    fn damaged(&self, drawn: &Drawn) -> Vec<PathBuf> {
        let sound = |name: &String, expected: &String| {
            fs::read(self.folder.join(name)).is_ok_and(|bytes| canonical::sha256_hex(&bytes) == *expected)
        };
        let damaged = drawn.files.iter().filter(|(name, expected)| !sound(name, expected));
        damaged.map(|(name, _)| self.folder.join(name)).collect()
    }

    /// A record is a function of its spec, so the names of the records stand for them.
    fn inputs(&self, figure: &Figure, plan: &Plan, records: &Records) -> Result<String, Error> {
        let mut hasher = Sha256::new();
        hasher.update(
            serde_json::to_vec(&(figure.id, plan, &self.program)).expect("plain data has a JSON form"),
        );
        for spec in figure.runs(plan, records)? {
            hasher.update(spec.hash());
        }
        Ok(canonical::to_hex(&hasher.finalize()))
    }
}
