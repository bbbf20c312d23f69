use std::path::PathBuf;
use std::time::Duration;

use clap::{Args, ValueEnum};
use slt_mlp::MetricName;
use slt_run::{FrontPoint, MaskAlgorithm, MaskOption, MaskOptions, SearchAlgorithm};
use slt_search::{Batch, Price, PriceUnit};

use super::front::FrontFiles;
use super::ga::MAX_GENERATIONS;
use super::objective::Objectives;
use crate::failure::Failure;
use crate::values::{duration, rate, real, whole};

/// Prices for a front where none are named.
const FRONT_PRICES: [f64; 8] = [0.0, 1e-5, 3e-5, 1e-4, 3e-4, 1e-3, 3e-3, 1e-2];

/// Options of the searches beyond the paper's genetic algorithm.
#[derive(Args)]
pub(super) struct MaskArguments {
    /// What an active weight has to be worth, in units of the objective: the higher, the sparser; several
    /// with --front [default: 0; with --front 0,1e-5,3e-5,1e-4,3e-4,1e-3,3e-3,1e-2]
    #[arg(long, value_name = "PRICE,...", value_delimiter = ',', value_parser = real)]
    price: Vec<f64>,
    /// What is paid for [default: weights]
    #[arg(long, value_enum, value_name = "NAME")]
    price_of: Option<PriceOf>,
    /// Part of a local search in which the price rises, 0 to 1 [default: 0.5]
    #[arg(long, value_name = "SHARE", value_parser = rate)]
    price_ramp: Option<f64>,
    /// CSV file to write with masks that none beats in both performance and sparsity; their tickets go beside
    /// it, as FILE-01.slt and so on. nsga2 finds them in one search; the algorithms that have a price search
    /// once for each
    #[arg(long, value_name = "FILE")]
    front: Option<PathBuf>,
    /// End with the step in which so many masks have been judged, evaluations and single flips alike; of
    /// several searches, each
    #[arg(long, value_name = "N", value_parser = whole::<u64, 1, { u64::MAX }>)]
    evaluations: Option<u64>,
    /// End after this time: 90s, 15m, 2h; several searches share it
    #[arg(long, value_name = "TIME", value_parser = duration)]
    pub(super) time: Option<Duration>,
    /// Search the networks of so many seeds, from --seed on, and keep the ticket that is judged best, 1 to
    /// 65536: the best of 2^K seeds is worth K bits, and none of them is stored [default: 1]
    #[arg(long, value_name = "N", value_parser = whole::<u64, 1, 65_536>)]
    pub(super) seeds: Option<u64>,
    /// What results are judged by [default: accuracy]
    #[arg(long, value_name = "NAME", value_parser = Objectives)]
    judge: Option<MetricName>,
    /// Part of the training data that is held out to judge results by, in (0, 1)
    #[arg(long, value_name = "SHARE", value_parser = real)]
    hold_out: Option<f64>,
    /// The most samples that moves are judged on [default: 10000]
    #[arg(long, value_name = "N", value_parser = whole::<usize, 1, { usize::MAX as u64 }>)]
    samples: Option<usize>,
    /// Flips proposed in a local search [default: by the size of the network]
    #[arg(long, value_name = "N", value_parser = whole::<u64, 1, { u64::MAX }>)]
    flips: Option<u64>,
    /// Starts from a random mask (anneal) [default: 1]
    #[arg(long, value_name = "N", value_parser = whole::<u64, 1, { u64::MAX }>)]
    restarts: Option<u64>,
    /// Sweeps over all weights (descent) [default: 30]
    #[arg(long, value_name = "N", value_parser = whole::<u64, 1, { u64::MAX }>)]
    sweeps: Option<u64>,
    /// Samples that units are searched on, and sweeps over all units on them: auto, or such as 10000:2,all:3
    /// (unit-descent) [default: auto]
    #[arg(long, value_name = "N:SWEEPS,...", value_parser = batches)]
    batch: Option<Batches>,
    /// Show the search images moved by up to so many pixels along both axes, too (unit-descent; square
    /// images) [default: 0]
    #[arg(long, value_name = "PIXELS", value_parser = whole::<usize, 0, 100>)]
    shifts: Option<usize>,
    /// Let weights be inverted, too, not only hidden (unit-descent): what is found is no ticket in the strict
    /// sense
    #[arg(long)]
    pub(super) signed: bool,
    /// How often the weights into a unit are gone through at a time (unit-descent) [default: 1]
    #[arg(long, value_name = "N", value_parser = whole::<u64, 1, { u64::MAX }>)]
    passes: Option<u64>,
    /// Children in all (memetic) [default: 16]
    #[arg(long, value_name = "N", value_parser = whole::<u64, 0, { u64::MAX }>)]
    children: Option<u64>,
}

/// What a price is for.
#[derive(Clone, Copy, ValueEnum)]
enum PriceOf {
    /// Active weights
    Weights,
    /// Bits of the mask, coded as well as its number of active weights allows
    Bits,
}

/// Batches of samples, in order; none for those that suit the data.
#[derive(Clone)]
struct Batches(Option<Vec<Batch>>);

/// Reads batches.
fn batches(text: &str) -> Result<Batches, String> {
    if text == "auto" {
        return Ok(Batches(None));
    }
    let batch = |part: &str| {
        let (samples, sweeps) = part.split_once(':').unwrap_or((part, "1"));
        let samples = if samples == "all" { Some(0) } else { samples.parse().ok().filter(|&n| n > 0) };
        let sweeps = sweeps.parse().ok().filter(|&n| n > 0);
        let expected = || format!("{part:?} is no batch, expected auto or such as 10000, 10000:2, all:3");
        samples.zip(sweeps).map(|(samples, sweeps)| Batch { samples, sweeps }).ok_or_else(expected)
    };
    text.split(',').map(batch).collect::<Result<_, _>>().map(|batches| Batches(Some(batches)))
}

/// What an algorithm is asked for.
#[derive(Clone, Copy)]
pub(super) struct Request {
    pub(super) algorithm: MaskAlgorithm,
    pub(super) population: Option<usize>,
    pub(super) generations: Option<u64>,
}

impl MaskArguments {
    /// The options of this kind that were given; with what is asked by those that only some algorithms take.
    pub(super) fn given(&self) -> impl Iterator<Item = (&'static str, Option<MaskOption>)> {
        let given = [
            (self.price_is_given(), "--price", Some(MaskOption::Price)),
            (self.price_of.is_some(), "--price-of", Some(MaskOption::Price)),
            (self.price_ramp.is_some(), "--price-ramp", Some(MaskOption::Price)),
            (self.front.is_some(), "--front", Some(MaskOption::Front)),
            (self.evaluations.is_some(), "--evaluations", None),
            (self.time.is_some(), "--time", None),
            (self.seeds.is_some(), "--seeds", None),
            (self.judge.is_some(), "--judge", None),
            (self.hold_out.is_some(), "--hold-out", None),
            (self.samples.is_some(), "--samples", None),
            (self.flips.is_some(), "--flips", Some(MaskOption::Flips)),
            (self.restarts.is_some(), "--restarts", Some(MaskOption::Restarts)),
            (self.sweeps.is_some(), "--sweeps", Some(MaskOption::Sweeps)),
            (self.children.is_some(), "--children", Some(MaskOption::Children)),
            (self.batch.is_some(), "--batch", Some(MaskOption::Batches)),
            (self.passes.is_some(), "--passes", Some(MaskOption::Passes)),
            (self.shifts.is_some(), "--shifts", Some(MaskOption::Shifts)),
            (self.signed, "--signed", Some(MaskOption::Signed)),
        ];
        given.into_iter().filter_map(|(given, flag, option)| given.then_some((flag, option)))
    }

    /// What is asked for, for each price.
    pub(super) fn asked(
        &self,
        request: Request,
        objective: Option<MetricName>,
    ) -> Result<Vec<MaskOptions>, Failure> {
        self.check(request)?;
        let options = |price| MaskOptions {
            objective,
            judge: self.judge,
            hold_out: self.hold_out,
            samples: self.samples,
            shifts: self.shifts.unwrap_or(0),
            signed: self.signed,
            price: Some(price),
            flips: self.flips,
            restarts: self.restarts,
            sweeps: self.sweeps,
            batches: self.batch.clone().and_then(|batches| batches.0),
            passes: self.passes,
            population: request.population,
            children: self.children,
            generations: request.generations,
            evaluations: self.evaluations,
        };
        Ok(self.prices(request.algorithm)?.into_iter().map(options).collect())
    }

    /// Where a front goes, if one is asked for.
    pub(super) fn front(&self) -> Option<FrontFiles<'_>> {
        self.front.as_deref().map(FrontFiles)
    }

    fn price_is_given(&self) -> bool {
        !self.price.is_empty()
    }

    /// The prices to search with, in their order, each once; at least one.
    fn prices(&self, algorithm: MaskAlgorithm) -> Result<Vec<Price>, Failure> {
        let mut amounts: Vec<f64> = Vec::new();
        for &amount in &self.price {
            if !(amount.is_finite() && amount >= 0.0) {
                return Err(Failure::usage(format!("--price is {amount}: it must be finite and at least 0")));
            }
            if !amounts.contains(&amount) {
                amounts.push(amount);
            }
        }
        let (n, most) = (amounts.len(), FrontPoint::MOST);
        if n > 1 && self.front.is_none() {
            return Err(Failure::usage(format!(
                "--price has {n} prices, expected one; --front FILE.csv searches with each"
            )));
        }
        if n > most {
            return Err(Failure::usage(format!("--price has {n} prices, expected at most {most}")));
        }
        if amounts.is_empty() {
            let several = self.front.is_some() && algorithm.takes(MaskOption::Price);
            amounts.extend_from_slice(if several { &FRONT_PRICES } else { &[0.0] });
        }
        let unit = match self.price_of {
            None | Some(PriceOf::Weights) => PriceUnit::Weights,
            Some(PriceOf::Bits) => PriceUnit::CodedBits,
        };
        let ramp = self.price_ramp.unwrap_or(MaskOptions::PRICE_RAMP);
        Ok(amounts.into_iter().map(|amount| Price { amount, unit, ramp }).collect())
    }

    /// Refuses options that the algorithm does not have.
    fn check(&self, request: Request) -> Result<(), Failure> {
        let Request { algorithm, population, generations } = request;
        // The paper's have these, too.
        let shared = [
            population.map(|_| ("--population", MaskOption::Population)),
            generations.map(|_| (MAX_GENERATIONS, MaskOption::Generations)),
        ];
        let own = self.given().filter_map(|(flag, option)| Some((flag, option?)));
        let mut given = own.chain(shared.into_iter().flatten());
        if let Some((flag, option)) = given.find(|&(_, option)| !algorithm.takes(option)) {
            let names: Vec<&str> = SearchAlgorithm::taking(option).map(SearchAlgorithm::name).collect();
            return Err(Failure::usage(format!("{flag} needs --algorithm {}", one_of(&names))));
        }
        let of_price = [(self.price_of.is_some(), "--price-of"), (self.price_ramp.is_some(), "--price-ramp")];
        if let Some((_, flag)) = of_price.into_iter().find(|&(given, _)| given)
            && !self.price_is_given()
            && self.front.is_none()
        {
            return Err(Failure::usage(format!("{flag} needs --price or --front")));
        }
        if self.seeds.is_some() && self.front.is_some() {
            return Err(Failure::usage(
                "--seeds keeps one ticket, and --front several: leave one of them out",
            ));
        }
        if !algorithm.has_end() && self.evaluations.is_none() && self.time.is_none() {
            return Err(Failure::usage(format!(
                "--algorithm {} needs --evaluations or --time: it has no end",
                algorithm.name()
            )));
        }
        Ok(())
    }
}

/// Names as a choice: `anneal, descent or memetic`.
fn one_of(names: &[&str]) -> String {
    match names {
        [rest @ .., last] if !rest.is_empty() => format!("{} or {last}", rest.join(", ")),
        names => names.concat(),
    }
}
