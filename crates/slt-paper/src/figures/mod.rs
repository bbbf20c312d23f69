//! The figures of the paper, one module each: which runs, how summarised, how drawn.

mod fig4;

use std::path::{Path, PathBuf};

use serde_json::Value;

use crate::{Error, Plan, Records, RunSpec, Table, write_atomically};

/// Resolution of the PNG files.
const DPI: f64 = 300.0;

/// A figure of the paper.
pub trait Figure: Sync {
    /// The name of its files and on the command line.
    fn id(&self) -> &'static str;

    /// What it shows, in a few words.
    fn title(&self) -> &'static str;

    /// The runs that it needs, as far as they are known from `records`: some follow from the results of others. Once all
    /// of them are among the records, there are no more.
    ///
    /// # Errors
    /// If a spec is impossible.
    fn runs(&self, plan: &Plan, records: &Records) -> Result<Vec<RunSpec>, Error>;

    /// Summarises and describes the figure; a pure function of the records.
    ///
    /// # Errors
    /// [`Error::Missing`] if a record is not there.
    fn render(&self, plan: &Plan, records: &Records) -> Result<Rendered, Error>;
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
    /// Writes `ID.svg`, `ID.png`, `ID.csv` and `ID.json` into `folder`, each whole or not at all.
    ///
    /// # Errors
    /// If the figure cannot be drawn or a file cannot be written.
    pub fn write(&self, id: &str, folder: &Path) -> Result<Vec<PathBuf>, Error> {
        let mut json = serde_json::to_vec_pretty(&self.json).expect("a value has a JSON form");
        json.push(b'\n');
        let files = [
            ("svg", self.drawing.to_svg()?.into_bytes()),
            ("png", self.drawing.to_png(DPI)?),
            ("csv", self.table.to_csv().into_bytes()),
            ("json", json),
        ];
        files
            .into_iter()
            .map(|(extension, bytes)| {
                let path = folder.join(format!("{id}.{extension}"));
                write_atomically(&path, &bytes).map(|()| path)
            })
            .collect()
    }
}

/// All figures, in the order of the paper.
pub fn all() -> &'static [&'static dyn Figure] {
    &[&fig4::Fig4]
}

/// The figure of a name.
///
/// # Errors
/// If there is none; the message lists those that there are.
pub fn by_id(id: &str) -> Result<&'static dyn Figure, Error> {
    all().iter().copied().find(|figure| figure.id() == id).ok_or_else(|| {
        let known: Vec<&str> = all().iter().map(|figure| figure.id()).collect();
        Error::UnknownName { kind: "figure", given: id.to_owned(), known: known.join(", ") }
    })
}
