use std::fmt;

use serde::{Deserialize, Serialize};

/// Why a search ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum StopReason {
    /// The best satisfies [`Objective::solved`](slt_core::Objective::solved).
    Solved,
    /// The best has not changed for as long as the algorithm waits.
    Converged,
    /// The best was the same at the last looks of a genetic algorithm.
    SameAtLooks,
    /// The last generation of a genetic algorithm is reached.
    MaxGenerations,
    /// The algorithm has done all that it does: its last restart is over, no flip is left that improves the
    /// mask.
    Finished,
    /// A limit of the [`Budget`](crate::Budget) is reached.
    Budget,
    /// An observer, or whoever steps the search, ended it.
    Interrupted,
}

impl fmt::Display for StopReason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Solved => "solved",
            Self::Converged => "converged",
            Self::SameAtLooks => "same-at-looks",
            Self::MaxGenerations => "max-generations",
            Self::Finished => "finished",
            Self::Budget => "budget",
            Self::Interrupted => "interrupted",
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_is_that_of_serde() {
        for reason in [
            StopReason::Solved,
            StopReason::Converged,
            StopReason::SameAtLooks,
            StopReason::MaxGenerations,
            StopReason::Finished,
            StopReason::Budget,
            StopReason::Interrupted,
        ] {
            assert_eq!(serde_json::to_string(&reason).unwrap(), format!("\"{reason}\""));
        }
    }
}
