use std::fmt;

use serde::{Deserialize, Serialize};

use crate::claims::{Finding, Verdict};
use crate::{Error, Protocol, Records, Study};

/// A claim and what became of it under a protocol.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Outcome {
    /// Name of the claim.
    pub claim: String,
    /// The protocol.
    pub protocol: Protocol,
    /// Whether it holds.
    pub verdict: Verdict,
    /// The numbers behind it.
    pub finding: Finding,
}

impl fmt::Display for Outcome {
    /// The verdict; where it is not decided, what the runs say so far.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match (self.verdict, self.finding.met) {
            (Verdict::Holds, _) => "holds",
            (Verdict::DoesNotHold, _) => "does not hold",
            (Verdict::NotDecided, true) => "not decided (so far as claimed)",
            (Verdict::NotDecided, false) => "not decided (so far otherwise)",
        })
    }
}

impl Study {
    /// The outcomes of all claims, each under both protocols.
    ///
    /// # Errors
    /// [`Error::Missing`] if a record is not there.
    pub fn decide(&self, records: &Records) -> Result<Vec<Outcome>, Error> {
        let each = |claim: &&'static crate::claims::Claim| {
            Protocol::ALL.map(|protocol| {
                let (verdict, finding) = claim.decide(&self.plan, records, protocol)?;
                Ok(Outcome { claim: claim.id.to_owned(), protocol, verdict, finding })
            })
        };
        self.claims.iter().flat_map(each).collect()
    }
}
