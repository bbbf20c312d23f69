//! The options of `slt data` that make new data.

use clap::Args;
use slt_datasets::Raw;
use slt_datasets::blobs::{self, Blobs};
use slt_datasets::circles::Circles;
use slt_datasets::moons::{Counts, Moons};
use slt_datasets::paper::PaperName;

use crate::failure::Failure;
use crate::usage::OrUsage;
use crate::values::{interval, real, whole};

/// The most numbers in a table: it and its text fit into a few gigabytes.
const MAX_VALUES: u64 = 1 << 26;

const SAMPLES: usize = 100;
const FEATURES: usize = 2;
const CENTERS: u32 = 10;
const CENTER_BOX: (f64, f64) = (-20.0, 40.0);
const SEED: u32 = 42;
const BLOBS_SEED: u32 = 10;

#[derive(Args)]
pub(super) struct GeneratorArguments {
    /// Number of samples, 1 to 67108864 values in all features together [default: 100]
    #[arg(long, value_name = "N", value_parser = whole::<usize, 1, MAX_VALUES>)]
    samples: Option<usize>,
    /// Standard deviation of the noise, at least 0 (moons, circles) [default: no noise]
    #[arg(long, value_name = "SD", value_parser = real)]
    noise: Option<f64>,
    /// Seed of numpy's RandomState, below 2^32 [default: 42, blobs 10]
    #[arg(long, value_parser = whole::<u32, 0, { u32::MAX as u64 }>)]
    seed: Option<u32>,
    /// Inner radius over outer radius, in [0, 1) (circles) [default: 0.8]
    #[arg(long, value_parser = real)]
    factor: Option<f64>,
    /// Interval that the coordinates of the centres are drawn from (blobs) [default: -20,40]
    #[arg(long, value_name = "LOW,HIGH", value_parser = interval)]
    center_box: Option<(f64, f64)>,
    /// Standard deviation of the clusters, at least 0 (blobs) [default: 1]
    #[arg(long, value_name = "SD", value_parser = real)]
    cluster_std: Option<f64>,
    /// Number of features (blobs) [default: 2]
    #[arg(long, value_name = "N", value_parser = whole::<usize, 1, MAX_VALUES>)]
    features: Option<usize>,
    /// Keep the samples in the order of their classes
    #[arg(long)]
    no_shuffle: bool,
}

impl GeneratorArguments {
    /// The options that were given, by name.
    pub(super) fn given(&self) -> impl Iterator<Item = &'static str> {
        let options = [
            ("--samples", self.samples.is_some()),
            ("--noise", self.noise.is_some()),
            ("--seed", self.seed.is_some()),
            ("--factor", self.factor.is_some()),
            ("--center-box", self.center_box.is_some()),
            ("--cluster-std", self.cluster_std.is_some()),
            ("--features", self.features.is_some()),
            ("--no-shuffle", self.no_shuffle),
        ];
        options.into_iter().filter_map(|(name, given)| given.then_some(name))
    }

    /// The array that scikit-learn makes.
    pub(super) fn generate(&self, name: PaperName, classes: Option<u32>) -> Result<Raw, Failure> {
        self.check_options(name, classes)?;
        self.check_size(classes)?;
        let samples = self.samples.unwrap_or(SAMPLES);
        let (noise, shuffle) = (self.noise, !self.no_shuffle);
        let seed = self.seed.unwrap_or(if name == PaperName::Blobs { BLOBS_SEED } else { SEED });
        let raw = match name {
            PaperName::Moons => Moons { samples: Counts::Total(samples), noise, shuffle, seed }.generate(),
            PaperName::Circles => {
                let factor = self.factor.unwrap_or(Circles::default().factor);
                Circles { samples: Counts::Total(samples), noise, shuffle, seed, factor }.generate()
            }
            PaperName::Blobs => {
                let blobs = Blobs {
                    samples: blobs::Counts::Total(samples),
                    n_features: self.features.unwrap_or(FEATURES),
                    centers: Some(blobs::Centers::Count(classes.unwrap_or(CENTERS) as usize)),
                    cluster_std: blobs::Deviation::Common(self.cluster_std.unwrap_or(1.0)),
                    center_box: self.center_box.unwrap_or(CENTER_BOX),
                    shuffle,
                    seed,
                };
                blobs.generate().map(|blobs| blobs.raw)
            }
            PaperName::Digits => unreachable!("digits take no generator option"),
        };
        raw.or_usage()
    }

    /// What a generator does not take is an error, not ignored.
    fn check_options(&self, name: PaperName, classes: Option<u32>) -> Result<(), Failure> {
        let taken: &[&str] = match name {
            PaperName::Moons => &["--samples", "--noise", "--seed", "--no-shuffle"],
            PaperName::Circles => &["--samples", "--noise", "--seed", "--factor", "--no-shuffle"],
            PaperName::Blobs => &[
                "--samples",
                "--seed",
                "--classes",
                "--center-box",
                "--cluster-std",
                "--features",
                "--no-shuffle",
            ],
            PaperName::Digits => &["--classes", "--split", "--scaling"],
        };
        match self.given().chain(classes.map(|_| "--classes")).find(|option| !taken.contains(option)) {
            Some(option) => {
                Err(Failure::usage(format!("{option} is no option of {name}; it takes {}", taken.join(", "))))
            }
            None => Ok(()),
        }
    }

    fn check_size(&self, classes: Option<u32>) -> Result<(), Failure> {
        let rows = (self.samples.unwrap_or(SAMPLES) as u64).max(classes.unwrap_or(CENTERS).into());
        let features = self.features.unwrap_or(FEATURES) as u64;
        if rows.saturating_mul(features) > MAX_VALUES {
            return Err(Failure::usage(format!(
                "--samples and --classes times --features is {rows} x {features}: it must be at most {MAX_VALUES}"
            )));
        }
        Ok(())
    }
}
