//! `slt data`: data sets as files.

mod generator;

use std::fmt;
use std::path::PathBuf;

use clap::Args;
use serde::Serialize;
use slt_datasets::io::{csv, npy};
use slt_datasets::paper::{PaperData, PaperScaling};
use slt_datasets::{Dataset, Error, Raw};
use slt_run::{SplitPart, check_output};

use crate::arguments::split_part;
use crate::failure::Failure;
use crate::files::save;
use crate::usage::OrUsage;
use crate::values::{named, whole};
use generator::GeneratorArguments;

/// Write a data set as CSV or .npy, the label last
///
/// Without generator options this is the paper's data set as the paper uses it: the training or the test
/// part, in single precision, scaled where the paper scales. With any generator option it is the raw array
/// that scikit-learn's make_moons, make_circles or make_blobs gives for these parameters, in double
/// precision.
#[derive(Args)]
pub(crate) struct Arguments {
    /// Data set; digits-file-order has the last quarter of the digits as its test part, as digits had in
    /// earlier versions
    #[arg(value_name = "NAME", value_parser = named::<PaperData>(PaperData::NAMES))]
    data: PaperData,
    /// Number of classes of blobs or digits, 2 to 10; with generator options the number of centres, 1 to
    /// 65536 [default: 10]
    #[arg(long, value_name = "K", value_parser = whole::<u32, 0, 65_536>)]
    classes: Option<u32>,
    /// File to write; its ending says the format
    #[arg(long, value_name = "FILE.csv|.npy")]
    out: PathBuf,
    /// Describe the file on stdout as JSON
    #[arg(long)]
    json: bool,
    #[command(flatten, next_help_heading = "The paper's data set")]
    paper: PaperArguments,
    #[command(flatten, next_help_heading = "Generator options")]
    generator: GeneratorArguments,
}

#[derive(Args)]
struct PaperArguments {
    /// Part of the paper's data set [default: train]
    #[arg(long, value_parser = split_part(), value_name = "PART")]
    split: Option<SplitPart>,
    /// Scaling of the paper's data set [default: paper]
    #[arg(long, value_name = "HOW", value_parser = named::<PaperScaling>(&["paper", "none", "minmax"]))]
    scaling: Option<PaperScaling>,
}

/// What is to be written.
enum Output {
    Raw(Raw),
    Paper(Dataset),
}

impl Output {
    fn to_bytes(&self, format: Format) -> Result<Vec<u8>, Error> {
        let mut bytes = Vec::new();
        match (self, format) {
            (Output::Raw(raw), Format::Csv) => csv::write(&mut bytes, raw)?,
            (Output::Raw(raw), Format::Npy) => npy::write(&mut bytes, raw)?,
            (Output::Paper(data), Format::Csv) => csv::write_dataset(&mut bytes, data)?,
            (Output::Paper(data), Format::Npy) => npy::write_dataset(&mut bytes, data)?,
        }
        Ok(bytes)
    }
}

#[derive(Clone, Copy)]
enum Format {
    Csv,
    Npy,
}

#[derive(Serialize)]
struct Report {
    name: String,
    samples: usize,
    features: usize,
    classes: usize,
    file: Option<String>,
}

pub(crate) fn run(arguments: &Arguments) -> Result<(), Failure> {
    let out = &arguments.out;
    let format = match out.extension().and_then(|extension| extension.to_str()) {
        Some("csv") => Format::Csv,
        Some("npy") => Format::Npy,
        _ => {
            return Err(Failure::usage(format!(
                "--out is {}: it must be a name that ends in .csv or .npy",
                out.display()
            )));
        }
    };
    check_output(out)?;

    let (name, table) = arguments.table()?;
    let bytes = table.to_bytes(format)?;
    let saved = save(Some(out), &bytes);
    let (samples, features, classes) = match &table {
        Output::Raw(raw) => (raw.features.nrows(), raw.features.ncols(), raw.n_classes),
        Output::Paper(data) => (data.n_samples(), data.n_features(), data.n_classes()),
    };
    let report = Report { name, samples, features, classes, file: saved.name() };
    saved.show(&report, arguments.json)
}

impl Arguments {
    /// What is to be written, and its name.
    fn table(&self) -> Result<(String, Output), Failure> {
        let Self { data, classes, paper: PaperArguments { split, scaling }, generator, .. } = self;
        let Some(option) = generator.given().next() else {
            let data =
                PaperData { classes: *classes, scaling: scaling.unwrap_or(PaperScaling::Paper), ..*data };
            let label = data.dataset_name().or_usage()?;
            let part = split.unwrap_or(SplitPart::Train);
            return Ok((format!("{label} {}", part.name()), Output::Paper(part.of(&data.load()?).clone())));
        };
        if split.is_some() || scaling.is_some() {
            return Err(Failure::usage(format!(
                "{option} makes a new data set, --split and --scaling are about the paper's: use one or the other"
            )));
        }
        let name = data.name;
        Ok((format!("make_{name}"), Output::Raw(generator.generate(name, *classes)?)))
    }
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { name, samples, features, classes, file } = self;
        write!(f, "{name}: {samples} samples, {features} features, {classes} classes")?;
        match file {
            Some(file) => writeln!(f, " -> {file}"),
            None => writeln!(f),
        }
    }
}
