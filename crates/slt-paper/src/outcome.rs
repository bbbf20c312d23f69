use std::fmt;

use serde::{Deserialize, Serialize};

use crate::claims::{Claim, Decision, Verdict};
use crate::{Error, Protocol, Study};
use slt_run::Records;

/// A claim and what became of it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ClaimOutcome {
    /// Name of the claim.
    pub claim: String,
    /// The protocol; none where both are the same.
    pub protocol: Option<Protocol>,
    /// The verdict and what it rests on.
    #[serde(flatten)]
    pub decision: Decision,
}

impl ClaimOutcome {
    /// Whether it is the outcome under a protocol.
    pub fn is_under(&self, protocol: Protocol) -> bool {
        self.protocol.is_none_or(|own| own == protocol)
    }
}

impl fmt::Display for ClaimOutcome {
    /// The verdict; where it is not decided, what the runs say so far.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match (self.decision.verdict, self.decision.finding.met) {
            (Verdict::Holds, _) => "holds",
            (Verdict::DoesNotHold, _) => "does not hold",
            (Verdict::Open, true) => "open (rather as claimed)",
            (Verdict::Open, false) => "open (rather otherwise)",
            (Verdict::NotDecided, true) => "not decided (so far as claimed)",
            (Verdict::NotDecided, false) => "not decided (so far otherwise)",
        })
    }
}

impl Study {
    /// The outcomes of all claims, under both protocols where these can differ.
    ///
    /// # Errors
    /// [`slt_run::Error::Missing`] if a record is not there.
    pub fn decide(&self, records: &Records) -> Result<Vec<ClaimOutcome>, Error> {
        let mut outcomes = Vec::new();
        for &claim in &self.claims {
            for &protocol in claim.protocols() {
                let decision = claim.decide(&self.plan, records, protocol)?;
                let protocol = claim.has_protocols.then_some(protocol);
                outcomes.push(ClaimOutcome { claim: claim.id.to_owned(), protocol, decision });
            }
        }
        Ok(outcomes)
    }
}

impl Claim {
    /// The protocols that it is decided under.
    fn protocols(&self) -> &'static [Protocol] {
        if self.has_protocols { &Protocol::ALL } else { &[Protocol::Clean] }
    }
}
