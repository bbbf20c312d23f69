//! `slt data`: data sets as files.

use std::path::PathBuf;

use clap::Args;
use serde::Serialize;
use slt_datasets::blobs::{self, Blobs};
use slt_datasets::circles::Circles;
use slt_datasets::io::{csv, npy};
use slt_datasets::moons::Moons;
use slt_datasets::paper::{PaperData, PaperName, PaperScaling};
use slt_datasets::{Error, Raw, moons};
use slt_paper::write_atomically;

use crate::arguments::Part;
use crate::failure::{Failure, OrUsage};
use crate::files::{check_output, print_json};

/// Write a data set as CSV or .npy, the label last
///
/// Without generator options this is the paper's data set as the paper uses it: the training or the test part, scaled
/// where the paper scales. With any generator option it is the raw array that scikit-learn's make_moons, make_circles or
/// make_blobs gives for these parameters, in double precision. Parameters left out are scikit-learn's defaults, but for
/// the seed (42, blobs 10), and for blobs the paper's box (-20,40) and number of centres (10).
#[derive(Args)]
pub(crate) struct Arguments {
    /// Data set: moons, circles, blobs or digits
    name: PaperName,
    /// Part of the paper's data set [default: train]
    #[arg(long, value_enum)]
    split: Option<Part>,
    /// Scaling of the paper's data set: paper, none or minmax [default: paper]
    #[arg(long, value_name = "HOW")]
    scaling: Option<PaperScaling>,
    #[command(flatten)]
    generator: GeneratorArguments,
    /// File to write; its ending says the format
    #[arg(long, value_name = "FILE.csv|.npy")]
    out: PathBuf,
    /// Describe the file on stdout as JSON
    #[arg(long)]
    json: bool,
}

#[derive(Args)]
#[command(next_help_heading = "Generator options")]
struct GeneratorArguments {
    /// Number of samples
    #[arg(long, value_name = "N")]
    samples: Option<usize>,
    /// Standard deviation of the noise (moons, circles)
    #[arg(long, value_name = "SD")]
    noise: Option<f64>,
    /// Seed of numpy's RandomState
    #[arg(long, value_name = "SEED")]
    seed: Option<u32>,
    /// Number of centres (blobs); for digits and with --split or --scaling, the classes of the paper's data set
    #[arg(long, value_name = "K")]
    classes: Option<u32>,
    /// Inner radius over outer radius, in [0, 1) (circles)
    #[arg(long)]
    factor: Option<f64>,
    /// Interval that the coordinates of the centres are drawn from (blobs)
    #[arg(long, value_name = "LOW,HIGH", value_parser = interval, allow_hyphen_values = true)]
    center_box: Option<(f64, f64)>,
    /// Standard deviation of the clusters (blobs)
    #[arg(long, value_name = "SD")]
    cluster_std: Option<f64>,
    /// Number of features (blobs)
    #[arg(long, value_name = "N")]
    features: Option<usize>,
    /// Keep the samples in the order of their classes
    #[arg(long)]
    no_shuffle: bool,
}

fn interval(text: &str) -> Result<(f64, f64), String> {
    let expected = || "expected two numbers separated by a comma, such as -20,40".to_owned();
    let (low, high) = text.split_once(',').ok_or_else(expected)?;
    Ok((low.trim().parse().map_err(|_| expected())?, high.trim().parse().map_err(|_| expected())?))
}

impl GeneratorArguments {
    /// The options that were given, by name.
    fn given(&self) -> Vec<&'static str> {
        let options = [
            ("--samples", self.samples.is_some()),
            ("--noise", self.noise.is_some()),
            ("--seed", self.seed.is_some()),
            ("--classes", self.classes.is_some()),
            ("--factor", self.factor.is_some()),
            ("--center-box", self.center_box.is_some()),
            ("--cluster-std", self.cluster_std.is_some()),
            ("--features", self.features.is_some()),
            ("--no-shuffle", self.no_shuffle),
        ];
        options.into_iter().filter_map(|(name, given)| given.then_some(name)).collect()
    }

    /// What a generator does not take is an error, not ignored.
    fn refuse(&self, name: PaperName, taken: &[&str]) -> Result<(), Failure> {
        match self.given().into_iter().find(|option| !taken.contains(option)) {
            Some(option) => {
                Err(Failure::usage(format!("{option} is no option of {name}; it takes {}", taken.join(" "))))
            }
            None => Ok(()),
        }
    }

    fn generate(&self, name: PaperName) -> Result<Raw, Failure> {
        let samples = moons::Samples::Total(self.samples.unwrap_or(100));
        let shuffle = !self.no_shuffle;
        let raw = match name {
            PaperName::Moons => {
                self.refuse(name, &["--samples", "--noise", "--seed", "--no-shuffle"])?;
                Moons { samples, noise: self.noise, shuffle, seed: self.seed.unwrap_or(42) }.generate()
            }
            PaperName::Circles => {
                self.refuse(name, &["--samples", "--noise", "--seed", "--factor", "--no-shuffle"])?;
                let defaults = Circles::default();
                Circles {
                    samples,
                    noise: self.noise,
                    shuffle,
                    seed: self.seed.unwrap_or(42),
                    factor: self.factor.unwrap_or(defaults.factor),
                }
                .generate()
            }
            PaperName::Blobs => {
                let taken = [
                    "--samples",
                    "--seed",
                    "--classes",
                    "--center-box",
                    "--cluster-std",
                    "--features",
                    "--no-shuffle",
                ];
                self.refuse(name, &taken)?;
                let defaults = Blobs::default();
                let blobs = Blobs {
                    samples: blobs::Samples::Total(self.samples.unwrap_or(100)),
                    n_features: self.features.unwrap_or(defaults.n_features),
                    centers: Some(blobs::Centers::Count(self.classes.unwrap_or(10) as usize)),
                    cluster_std: self.cluster_std.map_or(defaults.cluster_std, blobs::Deviation::Common),
                    center_box: self.center_box.unwrap_or((-20.0, 40.0)),
                    shuffle,
                    seed: self.seed.unwrap_or(10),
                };
                blobs.generate().map(|blobs| blobs.raw)
            }
            PaperName::Digits => unreachable!("digits are not generated"),
        };
        raw.or_usage()
    }
}

#[derive(Serialize)]
struct Report {
    name: String,
    samples: usize,
    features: usize,
    classes: usize,
    file: PathBuf,
}

/// What is to be written.
enum Table {
    Raw(Raw),
    Paper(slt_datasets::Dataset),
}

impl Table {
    fn to_bytes(&self, format: Format) -> Result<Vec<u8>, Error> {
        let mut bytes = Vec::new();
        match (self, format) {
            (Table::Raw(raw), Format::Csv) => csv::write(&mut bytes, raw)?,
            (Table::Raw(raw), Format::Npy) => npy::write(&mut bytes, raw)?,
            (Table::Paper(data), Format::Csv) => csv::write_dataset(&mut bytes, data)?,
            (Table::Paper(data), Format::Npy) => npy::write_dataset(&mut bytes, data)?,
        }
        Ok(bytes)
    }
}

#[derive(Clone, Copy)]
enum Format {
    Csv,
    Npy,
}

pub(crate) fn run(arguments: &Arguments) -> Result<(), Failure> {
    let out = &arguments.out;
    let format = match out.extension().and_then(|extension| extension.to_str()) {
        Some("csv") => Format::Csv,
        Some("npy") => Format::Npy,
        _ => return Err(Failure::usage(format!("--out is {}, it must end in .csv or .npy", out.display()))),
    };
    check_output(out)?;

    let Arguments { name, split, scaling, generator, .. } = arguments;
    let mut given = generator.given();
    let paper = split.is_some() || scaling.is_some() || *name == PaperName::Digits;
    if paper {
        given.retain(|option| *option != "--classes");
        if let Some(option) = given.first() {
            let message = match name {
                PaperName::Digits => {
                    format!("{option} is no option of digits; it takes --classes --split --scaling")
                }
                _ => format!(
                    "{option} makes a new data set, --split and --scaling are about the paper's: use one or the other"
                ),
            };
            return Err(Failure::usage(message));
        }
    }
    let (label, table) = if paper || given.is_empty() {
        let scaling = scaling.unwrap_or(PaperScaling::Paper);
        let data = PaperData { name: *name, classes: generator.classes, scaling };
        let label = data.dataset_name().or_usage()?;
        let part = split.unwrap_or(Part::Train);
        (format!("{label} {}", part.name()), Table::Paper(part.of(&data.load()?).clone()))
    } else {
        (format!("make_{name}"), Table::Raw(generator.generate(*name)?))
    };
    write_atomically(out, &table.to_bytes(format)?)?;

    let (samples, features, classes) = match &table {
        Table::Raw(raw) => (raw.features.nrows(), raw.features.ncols(), raw.n_classes),
        Table::Paper(data) => (data.n_samples(), data.n_features(), data.n_classes()),
    };
    let report = Report { name: label, samples, features, classes, file: out.clone() };
    if arguments.json {
        print_json(&report);
    } else {
        let Report { name, samples, features, classes, file } = report;
        eprintln!("{name}: {samples} samples, {features} features, {classes} classes -> {}", file.display());
    }
    Ok(())
}
