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
