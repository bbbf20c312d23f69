//! Source code that runs a ticket.

mod c;
mod plan;
mod rust;
mod text;

use plan::Plan;

use crate::model::Scaling;
use crate::{Error, Export};

/// A programming language.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Language {
    /// C99; a C compiler with 64-bit integers, and nothing of its library.
    C,
    /// Rust of the 2021 edition or later, as a module that needs `core` alone.
    Rust,
}

/// Where generated code has its weights from.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash)]
pub enum Weights {
    /// A table of those that are active and that an output depends on.
    #[default]
    Table,
    /// They are drawn again from the seed each time: the file holds the mask, one bit a weight of the whole network, and no weights.
    Seed,
}

/// What generated code computes with.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub enum Arithmetic {
    /// IEEE single precision: the engine's logits to the bit.
    #[default]
    Float32,
    /// Integers alone.
    Fixed {
        /// The largest magnitude of a feature after scaling, in [2^-10, 2^20]; a sample with a larger one is refused. The smaller, the
        /// closer. `None` is the least power of two that holds all samples of [`Export::with_samples`], 16 without.
        range: Option<f64>,
    },
}

/// How source code is to be.
#[derive(Debug, Clone, PartialEq)]
pub struct SourceOptions {
    /// Where the weights are from. Default: a table.
    pub weights: Weights,
    /// What is computed with. Default: single precision.
    pub arithmetic: Arithmetic,
    /// What all names in C begin with: 1 to 32 ASCII letters, digits and underscores, a letter first. Default: `slt`. Rust has modules.
    pub prefix: String,
    /// Test vectors, of which there are at least 1 and at most as many as samples. Default: 8.
    pub samples: usize,
}

impl Default for SourceOptions {
    fn default() -> Self {
        Self {
            weights: Weights::Table,
            arithmetic: Arithmetic::Float32,
            prefix: "slt".to_owned(),
            samples: 8,
        }
    }
}

/// Generated code.
#[derive(Debug, Clone, PartialEq)]
pub struct Source {
    /// The file.
    pub text: String,
    /// Test vectors in it.
    pub samples: usize,
    /// Bytes of all its tables but those of the test: what they take in read-only memory.
    pub table_bytes: usize,
    /// What fixed-point arithmetic costs, if it was asked for.
    pub fixed: Option<FixedReport>,
}

/// What fixed-point arithmetic costs.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct FixedReport {
    /// The largest magnitude of a feature after scaling.
    pub range: f64,
    /// What an integer logit of 1 stands for.
    pub logit_scale: f64,
    /// The most that a logit can differ from that of the engine, for any sample in the range. A sample whose largest logit exceeds
    /// the second by more than twice this has the engine's class.
    pub error_bound: f64,
    /// Samples that were tried: those of [`Export::with_samples`], or made up.
    pub samples: usize,
    /// How many of them have the engine's class.
    pub same_class: usize,
    /// The most that a logit of theirs differs.
    pub largest_error: f64,
}

pub(crate) fn write(
    export: &Export<'_>,
    language: Language,
    options: &SourceOptions,
) -> Result<Source, Error> {
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

/// What the file is, line by line.
fn about(plan: &Plan<'_>) -> Vec<String> {
    let Export { ticket, model, .. } = plan.export;
    let (recipe, mask, provenance) = (plan.export.recipe(), ticket.mask(), ticket.provenance());
    let kind = if ticket.inverted().is_some() { "signed lottery ticket" } else { "strong lottery ticket" };
    let mut lines = vec![
        format!("A {kind}, written by slt {}.", env!("CARGO_PKG_VERSION")),
        String::new(),
        format!(
            "Network [{}] of seed {}; {} of {} weights are active, {} of them on a way to an output.",
            recipe.architecture,
            recipe.seed,
            mask.count_ones(),
            mask.len(),
            model.n_edges()
        ),
    ];
    if !provenance.data.is_empty() {
        lines.push(format!("Made on {} by {}.", provenance.data, provenance.algorithm));
    }
    lines.push(match plan.weights {
        Weights::Table => "Weights: a table of those on a way to an output.".to_owned(),
        Weights::Seed => "Weights: none; they are drawn from the seed again for each sample.".to_owned(),
    });
    lines.push(match plan.is_scaled() {
        true => "Features: raw; they are scaled here.".to_owned(),
        false => "Features: as the network takes them; nothing is scaled here.".to_owned(),
    });
    for (i, input) in model.inputs.iter().enumerate() {
        let category = input.category.as_ref().map(|_| "1 for this category, else 0".to_owned());
        let missing = match (input.imputed, plan.fixed.is_some()) {
            (None, _) => None,
            (Some(value), false) => Some(format!("NaN, if it is missing, becomes {value}")),
            (Some(value), true) => Some(format!("give {value}, if it is missing")),
        };
        if let Some(name) = input.name() {
            let notes: Vec<String> = category.into_iter().chain(missing).collect();
            let notes = if notes.is_empty() { String::new() } else { format!(" ({})", notes.join("; ")) };
            lines.push(format!("  {i}: {name}{notes}"));
        }
    }
    lines
}

/// Whether scaling is to mean 0 and deviation 1.
fn is_standard(plan: &Plan<'_>) -> bool {
    plan.model().inputs.iter().any(|input| matches!(input.scaling, Scaling::Standard { .. }))
}

fn check_prefix(prefix: &str) -> Result<(), Error> {
    let is_name = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'_';
    let starts = prefix.as_bytes().first().is_some_and(u8::is_ascii_alphabetic);
    match starts && prefix.len() <= 32 && prefix.bytes().all(is_name) {
        true => Ok(()),
        false => Err(Error::Prefix { prefix: prefix.chars().take(64).collect() }),
    }
}
