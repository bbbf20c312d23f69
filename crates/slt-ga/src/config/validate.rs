use serde::Serialize;

use super::{AdaptiveBound, Admissibility, GaConfig, SelectionKind, Termination};
use crate::Error;

/// A configuration whose every field is in its range. Made by [`GaConfig::validate`].
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(transparent)]
pub struct ValidConfig(GaConfig);

impl GaConfig {
    /// Checks every field.
    ///
    /// # Errors
    /// [`Error::Config`] with the first field that is out of range, [`Error::NeverEnds`] if no rule would
    /// ever end the search.
    pub fn validate(&self) -> Result<ValidConfig, Error> {
        // Ranges are written so that NaN is outside.
        let rates = [
            ("recombination_rate", self.recombination_rate),
            ("parent_rate", self.parent_rate),
            ("mutation_rate", self.mutation_rate),
            ("migration_rate", self.migration_rate),
        ];
        Error::check_range("population", self.population as f64, 1.0, 1e6, "in 1 to 1,000,000")?;
        for (field, rate) in rates {
            Error::check_range(field, rate, 0.0, 1.0, "in [0, 1]")?;
        }
        if let SelectionKind::RandomWalk { rate } = self.selection {
            Error::check_range("selection.rate", rate, 0.01, 1.0, "in [0.01, 1]")?;
        }
        if let Some(bound) = &self.bound {
            bound.check()?;
        }
        if let Admissibility::Required { redraws } = self.admissibility {
            Error::check_range("admissibility.redraws", redraws.into(), 0.0, 1e6, "at most 1,000,000")?;
        }
        self.termination.check_ranges()?;
        Error::check_range("memory", self.memory as f64, 0.0, 1_048_576.0, "at most 1,048,576")?;
        Ok(ValidConfig(self.clone()))
    }
}

impl ValidConfig {
    /// The configuration.
    pub fn config(&self) -> &GaConfig {
        &self.0
    }

    /// Number of individuals, from the best down, that partners are drawn from.
    pub fn partners(&self) -> usize {
        self.share(self.0.parent_rate).max(1)
    }

    /// Number of random masks that join every generation.
    pub fn migrants(&self) -> usize {
        self.share(self.0.migration_rate)
    }

    fn share(&self, rate: f64) -> usize {
        (rate * self.0.population as f64) as usize
    }
}

impl AdaptiveBound {
    fn check(&self) -> Result<(), Error> {
        Error::check_range("bound.lowest", self.lowest, f64::MIN, f64::MAX, "finite")?;
        Error::check_range(
            "bound.start",
            self.start,
            self.lowest,
            f64::MAX,
            "finite and at least bound.lowest",
        )?;
        Error::check_range("bound.exponent", self.exponent, 1.0, f64::MAX, "finite and at least 1")?;
        Error::check_range("bound.reasonable", self.reasonable.into(), 1.0, f64::MAX, "at least 1")?;
        if !self.falls {
            return Error::check_range("bound.given", self.given.into(), 1.0, f64::MAX, "at least 1");
        }
        let more = f64::from(self.reasonable) + 1.0;
        Error::check_range("bound.given", self.given.into(), more, f64::MAX, "more than bound.reasonable")
    }
}

impl Termination {
    fn check_ranges(&self) -> Result<(), Error> {
        if let Some(patience) = self.patience {
            Error::check_range("termination.patience", patience.into(), 2.0, f64::MAX, "at least 2")?;
        }
        if let Some(looks) = self.looks {
            Error::check_range("termination.looks.every", looks.every as f64, 1.0, f64::MAX, "at least 1")?;
            Error::check_range("termination.looks.equal", looks.equal.into(), 2.0, f64::MAX, "at least 2")?;
        }
        let ends = self.patience.is_some() || self.looks.is_some() || self.max_generations.is_some();
        if ends || self.stop_when_solved {
            Ok(())
        } else {
            Err(Error::NeverEnds { rules: "patience, looks, max_generations or stop_when_solved" })
        }
    }
}
