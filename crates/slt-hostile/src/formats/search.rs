//! Checkpoints of searches.

use std::sync::LazyLock;
use std::{fs, io};

use serde_json::Value;
use slt_core::Seed;
use slt_datasets::moons::{Counts, Moons};
use slt_ga::{GaConfig, GeneticAlgorithm, Memetic, Nsga2, Umda};
use slt_mlp::{Architecture, Evaluator, Initializer, MetricName, Network};
use slt_search::{
    Algorithm, Annealing, Budget, Checkpoint, Cooling, Descent, Error, HeavyTailed, LateAcceptance, Problem,
    Search, UnitDescent,
};

use super::{ENVELOPE, envelope_of, envelope_parts, envelope_sealed};
use crate::{Format, Reached};

/// Checkpoints of all algorithms. What is accepted goes on for a step.
pub const SEARCH: Format = Format {
    name: "search-checkpoint",
    parts: envelope_parts,
    join: envelope_of,
    seal: envelope_sealed,
    read,
};

/// A network of 24 weights on 60 samples.
static OBJECTIVE: LazyLock<Evaluator> = LazyLock::new(|| {
    let moons = Moons { samples: Counts::Total(60), ..Moons::default() };
    let data = moons.generate().and_then(|raw| raw.into_dataset("moons")).expect("data can be made");
    let architecture = Architecture::new([2, 6, 2]).expect("a network of three layers");
    let network = Network::random(&architecture, Initializer::paper(), Seed(1)).expect("a usual network");
    Evaluator::new(&network, &data, MetricName::CrossEntropy).expect("they fit together")
});

/// What is to be done with an algorithm of the corpus.
trait Visit {
    type Output;

    fn visit<A: Algorithm + Clone>(self, algorithm: &A) -> Self::Output;
}

/// Visits the algorithm with a name, with the parameters that it has in the corpus.
fn with_algorithm<V: Visit>(name: &str, visit: V) -> Option<V::Output> {
    Some(match name {
        "anneal" => {
            let cooling = Cooling { flips: 200, ..Annealing::default().cooling };
            visit.visit(&Annealing { cooling, restarts: 2, ..Annealing::default() })
        }
        "descent" => visit.visit(&Descent::default()),
        "late-acceptance" => visit.visit(&LateAcceptance::default()),
        "heavy-tailed" => visit.visit(&HeavyTailed::default()),
        "unit-descent" => visit.visit(&UnitDescent::default()),
        "memetic" => {
            let (founder_flips, child_flips, refine_flips) = (200, 200, 200);
            visit.visit(&Memetic { founder_flips, child_flips, refine_flips, ..Memetic::default() })
        }
        "nsga2" => visit.visit(&Nsga2 { population: 8, ..Nsga2::default() }),
        "umda" => visit.visit(&Umda { samples: 12, selected: 4, ..Umda::default() }),
        "ga" => {
            let config = GaConfig { population: 10, ..GaConfig::paper() };
            visit.visit(&GeneticAlgorithm::new(config.validate().expect("the paper's configuration")))
        }
        _ => return None,
    })
}

const NAMES: [&str; 9] = [
    "anneal",
    "descent",
    "late-acceptance",
    "heavy-tailed",
    "unit-descent",
    "memetic",
    "nsga2",
    "umda",
    "ga",
];

/// Goes on from bytes.
struct Resume<'a>(&'a [u8]);

impl Visit for Resume<'_> {
    type Output = Reached;

    fn visit<A: Algorithm + Clone>(self, algorithm: &A) -> Reached {
        let checkpoint = match Checkpoint::<A::State>::from_bytes(self.0) {
            Ok(checkpoint) => checkpoint,
            Err(
                Error::NotACheckpoint
                | Error::CheckpointVersion { .. }
                | Error::CheckpointLength { .. }
                | Error::CheckpointChecksum,
            ) => return Reached::Outside,
            Err(error) => {
                let _ = error.to_string();
                return Reached::Inside;
            }
        };
        let again = Checkpoint::<A::State>::from_bytes(&checkpoint.to_bytes());
        assert_eq!(again.expect("it was written by this program").steps(), checkpoint.steps());
        let problem = Problem::new(&*OBJECTIVE);
        let mut search = match Search::resume(problem, algorithm.clone(), Budget::NONE, Seed(1), checkpoint) {
            Ok(search) => search,
            Err(error) => {
                let _ = error.to_string();
                return Reached::Inside;
            }
        };
        let _ = search.progress();
        for _ in 0..2 {
            if search.stop_reason().is_none() {
                let _ = search.step(&mut ());
            }
        }
        let _ = search.view().checkpoint().to_bytes();
        let _ = search.outcome().best.zeros();
        Reached::Accepted
    }
}

fn read(bytes: &[u8]) -> Reached {
    let content = bytes.get(ENVELOPE..).unwrap_or_default();
    // The name alone, so that content which is no JSON any more reaches a reader as well.
    let name =
        content.strip_prefix(b"{\"algorithm\":\"").and_then(|rest| rest.split(|&byte| byte == b'"').next());
    let name = name.and_then(|name| std::str::from_utf8(name).ok()).unwrap_or_default();
    with_algorithm(name, Resume(bytes))
        .or_else(|| with_algorithm("ga", Resume(bytes)))
        .expect("there is a genetic algorithm")
}

/// The bytes of a checkpoint after three steps, or after the last one before.
struct Take;

impl Visit for Take {
    type Output = Result<Vec<u8>, Error>;

    fn visit<A: Algorithm + Clone>(self, algorithm: &A) -> Self::Output {
        let problem = Problem::new(&*OBJECTIVE);
        let mut search = Search::start(problem, algorithm.clone(), Budget::NONE, Seed(1), &mut ())?;
        for _ in 0..3 {
            if search.stop_reason().is_none() {
                search.step(&mut ())?;
            }
        }
        Ok(search.view().checkpoint().to_bytes())
    }
}

/// Writes a checkpoint of each algorithm.
///
/// # Errors
/// If a file cannot be written.
pub fn write_corpus() -> io::Result<()> {
    for name in NAMES {
        let bytes = with_algorithm(name, Take).expect("it has a name").map_err(io::Error::other)?;
        let content: Value = serde_json::from_slice(&bytes[ENVELOPE..])?;
        assert_eq!(content["algorithm"], name);
        fs::write(SEARCH.folder().join(format!("{name}.ckpt")), bytes)?;
    }
    Ok(())
}
