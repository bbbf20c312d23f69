use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use crate::Error;

/// How much of an experiment is run.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Scale {
    /// A sign of life for automated tests: few runs, few generations.
    Smoke,
    /// Minutes on two cores: the paper's settings with few runs.
    Quick,
    /// The paper's settings with 25 runs.
    Paper,
}

impl Scale {
    const ALL: [Scale; 3] = [Scale::Smoke, Scale::Quick, Scale::Paper];

    /// The name on the command line.
    pub fn name(self) -> &'static str {
        match self {
            Scale::Smoke => "smoke",
            Scale::Quick => "quick",
            Scale::Paper => "paper",
        }
    }

    /// Number of runs of a configuration, R.
    pub fn runs(self) -> u64 {
        match self {
            Scale::Smoke => 2,
            Scale::Quick => 5,
            Scale::Paper => 25,
        }
    }

    /// A cap on the generations of a run that is lower than the paper's, if there is one.
    pub fn max_generations(self) -> Option<u64> {
        match self {
            Scale::Smoke => Some(20),
            Scale::Quick | Scale::Paper => None,
        }
    }
}

impl fmt::Display for Scale {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

impl FromStr for Scale {
    type Err = Error;

    fn from_str(name: &str) -> Result<Self, Error> {
        Self::ALL.into_iter().find(|scale| scale.name() == name).ok_or_else(|| Error::UnknownName {
            kind: "scale",
            given: name.to_owned(),
            known: "smoke, quick or paper".to_owned(),
        })
    }
}

/// What a figure is asked to plan for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Plan {
    /// How much is run.
    pub scale: Scale,
    /// Number of runs of a configuration, 1 to [`MAX_RUNS`](Self::MAX_RUNS).
    pub runs: u64,
}

impl Plan {
    /// The most runs of a configuration.
    pub const MAX_RUNS: u64 = 10_000;

    /// The plan of a scale, with another number of runs if one is given.
    ///
    /// # Errors
    /// If the number of runs is out of range.
    pub fn new(scale: Scale, runs: Option<u64>) -> Result<Self, Error> {
        match runs.unwrap_or(scale.runs()) {
            runs @ 1..=Self::MAX_RUNS => Ok(Self { scale, runs }),
            runs => Err(Error::Runs { runs }),
        }
    }
}
