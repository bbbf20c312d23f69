//! The figures, one module each: which runs, how summarised, how drawn. Those of the paper, and those
//! [beyond](Figure::in_paper) it.

mod beyond;
mod common;
mod dead;
mod fig1;
mod fig10;
mod fig11;
mod fig2;
mod fig3;
mod fig4;
mod fig5;
mod fig6;
mod fig7;
mod fig8;
mod fig9;
mod multiclass;
pub(crate) mod published;
mod spread;
mod table1;
mod table2;
mod table6c;

use serde::Serialize;
use serde_json::Value;

use common::json;

use crate::{Error, Plan, Table};
use slt_run::{Records, RunSpec};

/// Resolution of the PNG files.
const DPI: f64 = 300.0;

/// A figure of the paper, or one beyond it.
#[derive(Debug)]
pub struct Figure {
    /// The name of its files and on the command line.
    pub id: &'static str,
    /// What it shows, in a few words.
    pub title: &'static str,
    /// What the paper shows there, in our words; of a figure beyond it, what it is to show.
    pub caption: &'static str,
    /// Whether it is one of the paper's.
    pub in_paper: bool,
    runs: fn(&Plan, &Records) -> Result<Vec<RunSpec>, Error>,
    render: fn(&Plan, &Records) -> Result<Rendered, Error>,
}

impl Figure {
    /// The runs that it needs, as far as they are known from `records`: some follow from the results of
    /// others. Once all of them are among the records, there are no more.
    ///
    /// # Errors
    /// If a spec is impossible.
    pub fn runs(&self, plan: &Plan, records: &Records) -> Result<Vec<RunSpec>, Error> {
        (self.runs)(plan, records)
    }

    /// Summarises and describes the figure; a pure function of the records.
    ///
    /// # Errors
    /// [`slt_run::Error::Missing`] if a record is not there.
    pub fn render(&self, plan: &Plan, records: &Records) -> Result<Rendered, Error> {
        let mut rendered = (self.render)(plan, records)?;
        rendered.json["figure"] = self.id.into();
        Ok(rendered)
    }
}

/// A figure, ready to be written.
#[derive(Debug, Clone)]
pub struct Rendered {
    /// The drawing.
    pub drawing: slt_plot::Figure,
    /// The numbers that are drawn.
    pub table: Table,
    /// The numbers that are drawn and what is said about them.
    pub json: Value,
    /// A sentence on what came out.
    pub summary: String,
}

impl Rendered {
    /// A figure of `plan.runs` runs of each configuration, with all that it is drawn from.
    fn of_runs(
        plan: &Plan,
        data: &impl Serialize,
        drawing: slt_plot::Figure,
        table: Table,
        summary: String,
    ) -> Self {
        let mut json = json(data);
        json["scale"] = plan.scale.name().into();
        json["runs"] = plan.runs.into();
        Self { drawing, table, json, summary }
    }

    /// The files `ID.svg`, `ID.png`, `ID.csv` and `ID.json`: name and content of each.
    ///
    /// # Errors
    /// If the figure cannot be drawn.
    pub fn files(&self, id: &str) -> Result<[(String, Vec<u8>); 4], Error> {
        let mut json = serde_json::to_vec_pretty(&self.json).expect("a value has a JSON form");
        json.push(b'\n');
        let name = |extension| format!("{id}.{extension}");
        Ok([
            (name("svg"), self.drawing.to_svg()?.into_bytes()),
            (name("png"), self.drawing.to_png(DPI)?),
            (name("csv"), self.table.to_csv().into_bytes()),
            (name("json"), json),
        ])
    }
}

/// All figures, in the order of the paper, and then those beyond it.
pub fn all() -> &'static [&'static Figure] {
    &[
        &fig1::FIGURE,
        &fig2::FIGURE,
        &table1::FIGURE,
        &table2::FIGURE,
        &fig3::FIGURE,
        &fig4::FIGURE,
        &fig5::FIGURE,
        &fig6::FIGURE,
        &table6c::FIGURE,
        &fig7::FIGURE,
        &fig8::FIGURE,
        &fig9::FIGURE,
        &fig10::FIGURE,
        &fig11::FIGURE,
        &beyond::accuracy::FIGURE,
        &beyond::work::FIGURE,
        &beyond::front::FIGURE,
    ]
}

/// The figure of a name.
///
/// # Errors
/// If there is none; the message lists those that there are.
pub fn by_id(id: &str) -> Result<&'static Figure, Error> {
    all().iter().copied().find(|figure| figure.id == id).ok_or_else(|| {
        let known: Vec<&str> = all().iter().map(|figure| figure.id).collect();
        Error::UnknownName { kind: "figure", given: id.to_owned(), known: known.join(", ") }
    })
}
