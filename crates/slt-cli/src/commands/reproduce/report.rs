//! What `slt reproduce` says of what it made.

use std::fmt;
use std::path::Path;

use serde::Serialize;
use slt_paper::claims::Verdict;
use slt_paper::figures::Figure;
use slt_paper::{ClaimOutcome, Drawn, Protocol, Scale, agreement};

use crate::verdicts::write_verdicts;

/// The result on stdout.
#[derive(Serialize)]
pub(super) struct Made {
    pub(super) scale: Scale,
    /// Number of runs of a configuration.
    pub(super) runs: u64,
    /// Number of all records.
    pub(super) computed: usize,
    pub(super) figures: Vec<FigureReport>,
    pub(super) claims: Vec<ClaimOutcome>,
    pub(super) report: Option<String>,
}

#[derive(Serialize)]
pub(super) struct FigureReport {
    id: &'static str,
    title: &'static str,
    summary: String,
    files: Vec<String>,
    /// Whether it was drawn now; otherwise it was up to date.
    drawn: bool,
}

impl FigureReport {
    pub(super) fn new(figure: &Figure, drawn: &Drawn, new: bool, out: &Path) -> Self {
        Self {
            id: figure.id,
            title: figure.title,
            summary: drawn.summary.clone(),
            files: drawn.files.keys().map(|name| out.join(name).display().to_string()).collect(),
            drawn: new,
        }
    }
}

impl fmt::Display for Made {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for FigureReport { id, title, summary, files, drawn } in &self.figures {
            writeln!(f, "{id}  {title}\n      {summary}")?;
            let state = if *drawn { "" } else { " (was up to date)" };
            writeln!(f, "      {}{state}", files.join(" "))?;
        }
        if self.report.is_none() {
            // The report has them all.
            write_verdicts(f, &self.claims)?;
        } else {
            for protocol in Protocol::ALL {
                let count = |verdict| {
                    let matching = |outcome: &&ClaimOutcome| {
                        outcome.is_under(protocol) && outcome.decision.verdict == verdict
                    };
                    self.claims.iter().filter(matching).count()
                };
                writeln!(
                    f,
                    "claims, protocol {protocol}: {} hold, {} do not hold, {} are open, {} are not decided at scale {}",
                    count(Verdict::Holds),
                    count(Verdict::DoesNotHold),
                    count(Verdict::Open),
                    count(Verdict::NotDecided),
                    self.scale
                )?;
            }
        }
        if let Some(agreement) = agreement(&self.claims) {
            writeln!(f, "{agreement}")?;
        }
        match &self.report {
            Some(report) => writeln!(f, "report -> {report}"),
            None if self.figures.is_empty() => writeln!(f, "{} records are stored", self.computed),
            None => Ok(()),
        }
    }
}
