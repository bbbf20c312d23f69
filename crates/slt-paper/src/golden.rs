//! What has to come out bit by bit: short descriptions of results by integers and hashes.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use serde::{Deserialize, Serialize};
use slt_core::{Seed, canonical};

use crate::claims::Verdict;
use crate::{ClaimOutcome, Error, Protocol, Scale, Study};
use slt_run::{Records, RunRecord};

/// The exact results of a study, as recorded in the repository for the fixed scales and kept in every folder
/// of results.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Golden {
    /// The scale.
    pub scale: Scale,
    /// Number of runs of a configuration.
    pub runs_per_cell: u64,
    /// For each run with seed 1, by its label: its mask or its epochs, and how many samples it gets right.
    pub runs: BTreeMap<String, String>,
    /// For each figure: a digest of the results of all its runs; where it has none, of its table.
    pub figures: BTreeMap<String, String>,
    /// For each claim and protocol: its verdict, and whether the test is met by the runs that there are.
    pub claims: BTreeMap<String, BTreeMap<Protocol, (Verdict, bool)>>,
}

/// The verdict on a claim with 25 runs at full length, as recorded in the repository; none for claims whose
/// runs are not all there yet.
pub fn recorded_verdict(claim: &str, protocol: Protocol) -> Option<Verdict> {
    static RECORDED: LazyLock<Verdicts> = LazyLock::new(|| {
        serde_json::from_str(include_str!("../golden/verdicts.json"))
            .expect("the recorded file is tested to be readable")
    });
    RECORDED.get(claim)?.get(&protocol).copied()
}

/// The verdict on each claim under each protocol.
pub type Verdicts = BTreeMap<String, BTreeMap<Protocol, Verdict>>;

/// The verdicts of outcomes.
pub fn verdicts(outcomes: &[ClaimOutcome]) -> Verdicts {
    let mut verdicts = Verdicts::new();
    for outcome in outcomes {
        for protocol in Protocol::ALL.into_iter().filter(|&protocol| outcome.is_under(protocol)) {
            verdicts.entry(outcome.claim.clone()).or_default().insert(protocol, outcome.decision.verdict);
        }
    }
    verdicts
}

impl Golden {
    /// What is recorded in the repository for a scale; the paper's takes too long to be recorded.
    pub fn recorded(scale: Scale) -> Option<Self> {
        let json = match scale {
            Scale::Smoke => include_str!("../golden/smoke.json"),
            Scale::Quick => include_str!("../golden/quick.json"),
            Scale::Paper => return None,
        };
        Some(serde_json::from_str(json).expect("the recorded file is tested to be readable"))
    }

    /// The exact results of a study whose records are complete.
    ///
    /// # Errors
    /// [`slt_run::Error::Missing`] if they are not.
    pub fn of(study: &Study, records: &Records, outcomes: &[ClaimOutcome]) -> Result<Self, Error> {
        let plan = &study.plan;
        let mut runs = BTreeMap::new();
        for spec in study.runs(records)? {
            let record =
                records.by_spec(&spec).ok_or_else(|| slt_run::Error::Missing { run: spec.label() })?;
            if spec.seed() == Seed(1) {
                // Runs that differ in what the label leaves out are told apart by their names.
                let label = format!("{} {}", spec.label(), &spec.hash()[..8]);
                runs.insert(label, record.digest());
            }
        }
        let mut figures = BTreeMap::new();
        for figure in &study.figures {
            let specs = figure.runs(plan, records)?;
            let text = if specs.is_empty() {
                figure.render(plan, records)?.table.to_csv()
            } else {
                // In the order of the names, so that it does not matter in which order a figure asks for its
                // runs.
                let named: BTreeMap<String, &RunRecord> =
                    specs.iter().filter_map(|spec| Some((spec.hash(), records.by_spec(spec)?))).collect();
                named.into_values().map(RunRecord::digest).collect()
            };
            figures.insert(figure.id.to_owned(), canonical::sha256_hex(text.as_bytes())[..16].to_owned());
        }
        let mut claims: BTreeMap<String, BTreeMap<Protocol, (Verdict, bool)>> = BTreeMap::new();
        for outcome in outcomes {
            for protocol in Protocol::ALL.into_iter().filter(|&protocol| outcome.is_under(protocol)) {
                let met = (outcome.decision.verdict, outcome.decision.finding.met);
                claims.entry(outcome.claim.clone()).or_default().insert(protocol, met);
            }
        }
        Ok(Self { scale: plan.scale, runs_per_cell: plan.runs, runs, figures, claims })
    }

    /// What is not as it was: one line for each, naming it.
    pub fn differences(&self, now: &Self) -> Vec<String> {
        let mut lines = Vec::new();
        compare("run", &self.runs, &now.runs, &mut lines, Clone::clone);
        compare("figure", &self.figures, &now.figures, &mut lines, Clone::clone);
        compare("claim", &self.claims, &now.claims, &mut lines, |verdicts| {
            let named = |(protocol, (verdict, met)): (&Protocol, &(Verdict, bool))| {
                let met = if *met { "met" } else { "not met" };
                format!("{verdict}, {met} ({protocol})")
            };
            verdicts.iter().map(named).collect::<Vec<_>>().join(", ")
        });
        lines
    }

    /// The bytes of its file.
    pub fn to_json(&self) -> Vec<u8> {
        let mut bytes = serde_json::to_vec_pretty(self).expect("plain data has a JSON form");
        bytes.push(b'\n');
        bytes
    }
}

fn compare<T: PartialEq>(
    kind: &str,
    before: &BTreeMap<String, T>,
    now: &BTreeMap<String, T>,
    lines: &mut Vec<String>,
    show: impl Fn(&T) -> String,
) {
    for (name, value) in before {
        match now.get(name) {
            Some(new) if new == value => {}
            Some(new) => lines.push(format!("{kind} {name}: recorded is {}, now {}", show(value), show(new))),
            None => lines.push(format!("{kind} {name}: is recorded, but no longer there")),
        }
    }
    for name in now.keys().filter(|name| !before.contains_key(*name)) {
        lines.push(format!("{kind} {name}: is not recorded"));
    }
}
