//! The report: one HTML page that needs nothing else.

mod content;
mod page;
mod sections;

pub use content::Report;
pub use sections::agreement;

use maud::html;

use crate::Error;
use slt_run::Records;

impl Report<'_> {
    /// The page, from the records of the study.
    ///
    /// All that depends on how long things took is in the last section, so that pages can be compared without
    /// it.
    ///
    /// # Errors
    /// If a figure cannot be drawn.
    pub fn html(&self, records: &Records) -> Result<String, Error> {
        let figures = self.study.figures.iter().map(|figure| {
            let rendered = figure.render(&self.study.plan, records)?;
            Ok(sections::figure(self, figure, &rendered, &rendered.drawing.to_svg()?))
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
