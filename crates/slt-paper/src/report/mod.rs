//! The report: one HTML page that needs nothing else.

mod page;
mod sections;

pub use sections::agreement;

use std::collections::BTreeMap;

use maud::html;

use crate::{ClaimOutcome, Drawn, Error, Study};
use slt_run::{Records, RunSpec, RunTimes};

/// What a report is made of.
#[derive(Clone, Copy)]
pub struct Report<'a> {
    /// Plan, figures and claims.
    pub study: &'a Study,
    /// What became of the claims.
    pub outcomes: &'a [ClaimOutcome],
    /// What was drawn of each figure.
    pub figures: &'a BTreeMap<&'static str, Drawn>,
    /// The runs of each figure.
    pub runs: &'a BTreeMap<&'static str, Vec<RunSpec>>,
    /// The times of the runs of each figure, together.
    pub times: &'a BTreeMap<&'static str, RunTimes>,
    /// Number of all runs, and their times.
    pub total: (usize, RunTimes),
    /// The version of the program.
    pub version: &'a str,
    /// The commit that it was built from, if that is known.
    pub commit: Option<&'a str>,
}

impl Report<'_> {
    /// The page, from the records of the study.
    ///
    /// All that depends on how long things took is in the last section, so that pages can be compared without it.
    ///
    /// # Errors
    /// If a figure cannot be drawn.
    pub fn html(&self, records: &Records) -> Result<String, Error> {
        let figures = self.study.figures.iter().map(|figure| {
            let rendered = figure.render(&self.study.plan, records)?;
            Ok(sections::figure(self, *figure, &rendered, &rendered.drawing.to_svg()?))
        });
        let figures = figures.collect::<Result<Vec<_>, Error>>()?;
        let page = page::page(
            self,
            &html! {
                (sections::summary(self))
                @for figure in figures { (figure) }
                (sections::claims(self))
                (sections::times(self))
            },
        );
        Ok(page.into_string())
    }
}
