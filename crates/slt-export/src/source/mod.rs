//! Source code that runs a ticket.

mod about;
mod c;
mod options;
mod plan;
mod rust;
mod text;

pub use options::{Arithmetic, FixedReport, Language, Source, SourceOptions, Weights};
use plan::Plan;

use crate::{Error, Export};

impl Export<'_> {
    /// Source code in one file, without dependencies and allocation.
    ///
    /// # Errors
    /// [`Error::SeedWeights`], [`Error::SeedSigns`], [`Error::Prefix`]; with fixed-point arithmetic
    /// [`Error::Range`], [`Error::FixedInput`], [`Error::FixedRange`], and [`Error::SampleBeyondRange`] for a
    /// given sample outside a given range.
    pub fn source(&self, language: Language, options: &SourceOptions) -> Result<Source, Error> {
        write(self, language, options)
    }
}

fn write(export: &Export<'_>, language: Language, options: &SourceOptions) -> Result<Source, Error> {
    let plan = Plan::new(export, options)?;
    let text = match language {
        Language::C => {
            check_prefix(&options.prefix)?;
            c::write(&plan, &options.prefix)
        }
        Language::Rust => rust::write(&plan),
    };
    let table_bytes = plan.tables().iter().map(text::Table::bytes).sum();
    Ok(Source { text, samples: plan.vectors.len(), table_bytes, fixed: plan.report })
}

fn check_prefix(prefix: &str) -> Result<(), Error> {
    let is_name = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'_';
    let starts = prefix.as_bytes().first().is_some_and(u8::is_ascii_alphabetic);
    match starts && prefix.len() <= 32 && prefix.bytes().all(is_name) {
        true => Ok(()),
        false => Err(Error::Prefix { prefix: prefix.chars().take(64).collect() }),
    }
}
