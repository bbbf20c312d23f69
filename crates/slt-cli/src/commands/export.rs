//! `slt export`: a ticket for another runtime.

use std::fmt;
use std::path::PathBuf;

use clap::{Args, ValueEnum};
use ndarray::Array2;
use serde::Serialize;
use slt_datasets::paper::PaperData;
use slt_export::{Arithmetic, Export, Language, SourceOptions, Weights};
use slt_mlp::Ticket;
use slt_run::{check_output, read_rows_to_predict};

use crate::arguments::{DataArguments, TicketData, data_failure, data_for};
use crate::failure::Failure;
use crate::files::{read_ticket, save};
use crate::stdout::count;
use crate::usage::{InFlags, OrUsage};
use crate::values::{real, whole};

/// Under this heading are the options of source code.
const HEADING: &str = "Source code (c, rust)";

/// Write a ticket for another runtime
///
/// What is written takes raw features, one number for each input of the network, and scales them as the
/// ticket does. Of a table, each category is an input of its own, 1 or 0. docs/export.md has the details.
#[derive(Args)]
pub(crate) struct Arguments {
    /// Ticket file
    #[arg(value_name = "TICKET")]
    ticket: PathBuf,
    /// Format
    #[arg(long, value_enum, value_name = "FORMAT")]
    to: Format,
    /// File to write
    #[arg(long, value_name = "FILE")]
    out: PathBuf,
    /// Where code has its weights from [default: table]
    #[arg(long, value_enum, value_name = "FROM", help_heading = HEADING)]
    weights: Option<WeightsName>,
    /// What code computes with [default: float32]
    #[arg(long, value_enum, value_name = "KIND", help_heading = HEADING)]
    arithmetic: Option<ArithmeticName>,
    /// Largest magnitude of a scaled feature in fixed-point arithmetic; a sample with a larger one is refused
    /// [default: the power of two that holds all samples of the data, 16 without data]
    #[arg(long, value_name = "R", value_parser = real, help_heading = HEADING)]
    range: Option<f64>,
    /// What names in C begin with [default: slt]
    #[arg(long, value_name = "NAME", help_heading = HEADING)]
    prefix: Option<String>,
    /// Test vectors in the file [default: 8]
    #[arg(long, value_name = "N", value_parser = whole::<usize, 1, 10_000>, help_heading = HEADING)]
    samples: Option<usize>,
    /// Say on stdout as JSON what was done
    #[arg(long)]
    json: bool,
    #[command(flatten)]
    data: DataArguments,
}

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Format {
    /// ONNX, with scaling and class names in the graph
    Onnx,
    /// Weights, masks and biases as arrays, the rest as metadata
    Safetensors,
    /// C99, one file without dependencies
    C,
    /// Rust without its standard library, one module without dependencies
    Rust,
    /// Everything in readable form
    Json,
}

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
enum WeightsName {
    /// A table of the active weights
    Table,
    /// None: weights are drawn from the seed each time
    Seed,
}

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
enum ArithmeticName {
    /// Single precision, equal to slt predict to the bit
    Float32,
    /// Integers alone, with a bound on the error
    Fixed,
}

#[derive(Serialize)]
struct Report {
    format: String,
    inputs: usize,
    classes: usize,
    weights: usize,
    active_weights: usize,
    /// Active weights on a way to an output.
    exported_weights: usize,
    #[serde(skip_serializing_if = "Option::is_none")]
    source: Option<SourceReport>,
    bytes: usize,
    file: Option<String>,
}

#[derive(Serialize)]
struct SourceReport {
    weights: String,
    arithmetic: String,
    test_vectors: usize,
    /// What the code's tables take in memory.
    table_bytes: usize,
    #[serde(skip_serializing_if = "Option::is_none")]
    fixed: Option<FixedReport>,
}

#[derive(Serialize)]
struct FixedReport {
    range: f64,
    logit_scale: f64,
    error_bound: f64,
    samples: usize,
    same_class: usize,
    largest_error: f64,
}

pub(crate) fn run(arguments: &Arguments) -> Result<(), Failure> {
    arguments.check()?;
    let ticket = read_ticket(&arguments.ticket)?;
    check_output(&arguments.out)?;
    let export = Export::new(&ticket).or_usage()?;
    let export = match arguments.samples_of(&ticket)? {
        Some(samples) => export.with_samples(samples).or_usage()?,
        None => export,
    };
    let (bytes, source) = match arguments.to {
        Format::Onnx => (export.onnx().or_usage()?, None),
        Format::Safetensors => (export.safetensors(), None),
        Format::Json => (export.json().into_bytes(), None),
        Format::C => arguments.source(&export, Language::C)?,
        Format::Rust => arguments.source(&export, Language::Rust)?,
    };
    let architecture = ticket.network().architecture();
    let saved = save(Some(&arguments.out), &bytes);
    let report = Report {
        format: name(&arguments.to),
        inputs: architecture.n_inputs(),
        classes: architecture.n_outputs(),
        weights: ticket.mask().len(),
        active_weights: ticket.mask().count_ones(),
        exported_weights: export.n_active(),
        source,
        bytes: bytes.len(),
        file: saved.name(),
    };
    saved.show(&report, arguments.json)
}

/// The name of a value on the command line.
fn name(value: &impl ValueEnum) -> String {
    value.to_possible_value().map_or_else(String::new, |value| value.get_name().to_owned())
}

impl Arguments {
    /// Refuses options that would have no effect.
    fn check(&self) -> Result<(), Failure> {
        let is_source = matches!(self.to, Format::C | Format::Rust);
        let is_fixed = self.arithmetic == Some(ArithmeticName::Fixed);
        let unused = [
            ("--weights", self.weights.is_some() && !is_source, "--to c and --to rust"),
            ("--arithmetic", self.arithmetic.is_some() && !is_source, "--to c and --to rust"),
            ("--samples", self.samples.is_some() && !is_source, "--to c and --to rust"),
            ("--prefix", self.prefix.is_some() && self.to != Format::C, "--to c"),
            ("--range", self.range.is_some() && !is_fixed, "--arithmetic fixed"),
            ("--data", self.data.is_given() && !self.takes_samples(), "--to c, --to rust and --to json"),
        ];
        match unused.into_iter().find(|(_, is_unused, _)| *is_unused) {
            Some((flag, _, only)) => Err(Failure::usage(format!("{flag} is for {only} alone"))),
            None => Ok(()),
        }
    }

    fn takes_samples(&self) -> bool {
        matches!(self.to, Format::C | Format::Rust | Format::Json)
    }

    /// Raw samples: those of --data, or of the paper's data that the ticket was made on.
    fn samples_of(&self, ticket: &Ticket) -> Result<Option<Array2<f32>>, Failure> {
        if !self.takes_samples() {
            return Ok(None);
        }
        let Some(preprocessing) = ticket.preprocessing() else {
            let is_known = PaperData::of_dataset(&ticket.provenance().data).is_some();
            if !is_known && !self.data.is_given() {
                return Ok(None);
            }
            let TicketData { split, .. } = data_for(&self.ticket, ticket, &self.data)?;
            return Ok(Some(split.test.features().clone()));
        };
        self.data.leave_to_ticket("")?;
        let Some(path) = self.data.path()? else {
            return match self.data.is_given() {
                true => Err(Failure::usage(format!(
                    "{} takes files with the columns that it was made for, not data sets of the paper",
                    self.ticket.display()
                ))),
                false => Ok(None),
            };
        };
        let dialect = self.data.dialect().dialect_for(&ticket.provenance().details);
        let rows = read_rows_to_predict(path, preprocessing, &dialect).map_err(data_failure)?;
        Ok(Some(preprocessing.clone().without_scaler().features(rows.table)?))
    }

    fn source(
        &self,
        export: &Export<'_>,
        language: Language,
    ) -> Result<(Vec<u8>, Option<SourceReport>), Failure> {
        let weights = self.weights.unwrap_or(WeightsName::Table);
        let arithmetic = self.arithmetic.unwrap_or(ArithmeticName::Float32);
        let default = SourceOptions::default();
        let options = SourceOptions {
            weights: match weights {
                WeightsName::Table => Weights::Table,
                WeightsName::Seed => Weights::Seed,
            },
            arithmetic: match arithmetic {
                ArithmeticName::Float32 => Arithmetic::Float32,
                ArithmeticName::Fixed => Arithmetic::Fixed { range: self.range },
            },
            prefix: self.prefix.clone().unwrap_or(default.prefix),
            samples: self.samples.unwrap_or(default.samples),
        };
        let source = export.source(language, &options).or_usage()?;
        let fixed = source.fixed.map(|fixed| FixedReport {
            range: fixed.range,
            logit_scale: fixed.logit_scale,
            error_bound: fixed.error_bound,
            samples: fixed.samples,
            same_class: fixed.same_class,
            largest_error: fixed.largest_error,
        });
        let report = SourceReport {
            weights: name(&weights),
            arithmetic: name(&arithmetic),
            test_vectors: source.samples,
            table_bytes: source.table_bytes,
            fixed,
        };
        Ok((source.text.into_bytes(), Some(report)))
    }
}

impl InFlags for slt_export::Error {
    fn in_flags(&self) -> String {
        match self {
            Self::SeedWeights => {
                "--weights seed needs an initialiser without logarithms, and this ticket's is Kaiming normal: use --weights table"
                    .to_owned()
            }
            Self::Prefix { .. } => self.to_string().replacen("the prefix", "--prefix", 1),
            Self::Range { .. } => self.to_string().replacen("the range", "--range", 1),
            Self::SampleBeyondRange { .. } => self.to_string().replacen("use a larger range", "use a larger --range", 1),
            Self::FixedInput { .. } | Self::FixedRange { .. } => {
                self.to_string().replacen("use float32 arithmetic", "use --arithmetic float32", 1)
            }
            other => other.to_string(),
        }
    }
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { format, exported_weights, weights, bytes, .. } = self;
        write!(f, "{format}: {exported_weights} of {weights} weights, {}", count(*bytes as u64, "byte"))?;
        match &self.file {
            Some(file) => writeln!(f, " -> {file}")?,
            None => writeln!(f)?,
        }
        let Some(source) = &self.source else { return Ok(()) };
        let vectors = count(source.test_vectors as u64, "test vector");
        writeln!(f, "      tables of {} in memory, {vectors}", count(source.table_bytes as u64, "byte"))?;
        let Some(fixed) = &source.fixed else { return Ok(()) };
        writeln!(
            f,
            "      scaled features up to {}; logits off by {:.3e} at most, by {:.3e} on {}, {} of the same class",
            fixed.range,
            fixed.error_bound,
            fixed.largest_error,
            count(fixed.samples as u64, "sample"),
            fixed.same_class
        )
    }
}
