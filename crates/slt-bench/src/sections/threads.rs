//! Scaling from one thread to two.
//!
//! Two processors that the system shows may be one physical core, or busy with something else. So all factors
//! stand beside that of two independent copies of the kernel benchmark, which share nothing that matters: no
//! program scales better.

use std::time::{Duration, Instant};

use rayon::{ThreadPool, ThreadPoolBuilder};
use serde::Serialize;
use slt_core::BitMask;
use slt_ga::GaConfig;
use slt_mlp::{Evaluator, MetricName};

use crate::cases::{CIRCLES_D, SEED};
use crate::effort::{Effort, first_generations, median};
use crate::error::Error;
use crate::findings::{Findings, Row, percent, times};
use crate::throughput::{evaluate, masks};

const SLICE: Duration = Duration::from_millis(100);

#[derive(Serialize)]
struct Scaling {
    work: &'static str,
    /// Throughput, relative to one thread: of two threads at the same work, and of two copies with a thread
    /// each.
    two_threads: f64,
    two_copies: f64,
    /// The same as shares of what two copies of the kernel benchmark reach.
    two_threads_of_attainable: f64,
    two_copies_of_attainable: f64,
}

impl Row for Scaling {
    const COLUMNS: (&'static [&'static str], &'static [&'static str]) =
        (&["work"], &["two threads", "of attainable", "two copies at once", "of attainable"]);

    fn cells(&self) -> Vec<String> {
        vec![
            self.work.to_owned(),
            times(self.two_threads),
            percent(self.two_threads_of_attainable),
            times(self.two_copies),
            percent(self.two_copies_of_attainable),
        ]
    }
}

/// Who works.
#[derive(Debug, Clone, Copy)]
enum Crew {
    OneThread,
    TwoThreads,
    TwoCopies,
}

const CREWS: [Crew; 3] = [Crew::OneThread, Crew::TwoThreads, Crew::TwoCopies];

pub(super) fn measure(effort: Effort) -> Result<Findings, Error> {
    let crews = Crews::new()?;
    let masks = masks(CIRCLES_D.load()?.0.architecture().n_weights());
    let config = first_generations(&GaConfig::paper(), Some(effort.pick(25, 4)));
    let kernel = |evaluator: &Evaluator| Ok(evaluations_per_second(evaluator, &masks));
    let search = |evaluator: &Evaluator| searches_per_second(evaluator, &config);
    let mut rounds = Vec::new();
    for _ in 0..effort.pick(5, 3) {
        let mut round = Round::default();
        for crew in CREWS {
            round.search[crew as usize] = crews.rate(crew, &search)?;
            // All crews again after each search, close to it in time.
            for crew in CREWS {
                round.kernel[crew as usize] += crews.rate(crew, &kernel)? / CREWS.len() as f64;
            }
        }
        rounds.push(round);
    }
    Findings::new(&[
        scaling("kernel benchmark, circles D", &rounds, |round| round.kernel),
        scaling("run, circles D", &rounds, |round| round.search),
    ])
}

/// Rates of the crews at both kinds of work.
#[derive(Default)]
struct Round {
    kernel: [f64; 3],
    search: [f64; 3],
}

fn scaling(work: &'static str, rounds: &[Round], rates: fn(&Round) -> [f64; 3]) -> Scaling {
    let factor = |rates: [f64; 3], crew: Crew| rates[crew as usize] / rates[Crew::OneThread as usize];
    let over_rounds = |value: &dyn Fn(&Round) -> f64| median(rounds.iter().map(value).collect());
    let factors = |crew| over_rounds(&|round| factor(rates(round), crew));
    let shares =
        |crew| over_rounds(&|round| factor(rates(round), crew) / factor(round.kernel, Crew::TwoCopies));
    Scaling {
        work,
        two_threads: factors(Crew::TwoThreads),
        two_copies: factors(Crew::TwoCopies),
        two_threads_of_attainable: shares(Crew::TwoThreads),
        two_copies_of_attainable: shares(Crew::TwoCopies),
    }
}

fn evaluations_per_second(evaluator: &Evaluator, masks: &[BitMask]) -> f64 {
    let start = Instant::now();
    let mut evaluations = 0.0;
    for mask in masks.iter().cycle().take_while(|_| start.elapsed() < SLICE) {
        evaluate(evaluator, mask);
        evaluations += 1.0;
    }
    evaluations / start.elapsed().as_secs_f64()
}

fn searches_per_second(evaluator: &Evaluator, config: &GaConfig) -> Result<f64, Error> {
    // A new one, which has not learned anything yet.
    let evaluator = Evaluator::new(evaluator.network(), evaluator.data(), evaluator.metric().clone())?;
    let start = Instant::now();
    slt_ga::run(&evaluator, config, SEED, &mut ())?;
    Ok(1.0 / start.elapsed().as_secs_f64())
}

/// The threads and what they work on.
struct Crews {
    evaluators: [Evaluator; 2],
    singles: [ThreadPool; 2],
    double: ThreadPool,
}

impl Crews {
    fn new() -> Result<Self, Error> {
        let evaluator = CIRCLES_D.evaluator(MetricName::Accuracy)?;
        let pool = |threads| ThreadPoolBuilder::new().num_threads(threads).build();
        Ok(Self {
            evaluators: [evaluator.clone(), evaluator],
            singles: [pool(1)?, pool(1)?],
            double: pool(2)?,
        })
    }

    /// The throughput of a crew at some work, which returns that of the pool it is called in.
    fn rate(
        &self,
        crew: Crew,
        work: &(dyn Fn(&Evaluator) -> Result<f64, Error> + Sync),
    ) -> Result<f64, Error> {
        let [first, second] = &self.evaluators;
        match crew {
            Crew::OneThread => self.singles[0].install(|| work(first)),
            Crew::TwoThreads => self.double.install(|| work(first)),
            Crew::TwoCopies => std::thread::scope(|scope| {
                let other = scope.spawn(|| self.singles[1].install(|| work(second)));
                let rate = self.singles[0].install(|| work(first))?;
                let other = other.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic));
                Ok(rate + other?)
            }),
        }
    }
}
