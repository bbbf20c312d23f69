//! What became of claims, for people.

use std::fmt;

use slt_paper::{ClaimOutcome, Protocol};

/// One line a claim, with its verdict under each protocol.
pub(crate) fn write_verdicts(f: &mut fmt::Formatter<'_>, outcomes: &[ClaimOutcome]) -> fmt::Result {
    let width = outcomes.iter().map(|outcome| outcome.claim.len()).max().unwrap_or(0);
    // The protocols of a claim follow each other.
    for verdicts in outcomes.chunk_by(|a, b| a.claim == b.claim) {
        write!(f, "{:width$}", verdicts[0].claim)?;
        for outcome in verdicts {
            let protocol = outcome.protocol.map_or("both", Protocol::name);
            write!(f, "  {protocol}: {outcome:31}")?;
            if let Some(p) = outcome.decision.p {
                write!(f, " p {p:.3}")?;
            }
        }
        writeln!(f)?;
    }
    Ok(())
}
