//! `slt predict`: what a ticket says of samples.

use std::fmt;
use std::path::PathBuf;

use clap::Args;
use serde::Serialize;
use slt_mlp::{Predictions, Ticket};
use slt_run::{check_output, read_rows_to_predict};

use crate::arguments::{DataArguments, TicketData, data_failure, data_for};
use crate::failure::Failure;
use crate::files::{csv_field, read_ticket, save};
use crate::stderr::note;
use crate::stdout::{count, print};

/// Predict the classes of samples with a ticket
///
/// Writes CSV, one row a sample in the order of the file. Columns of the data are matched by their names, in
/// any order, or by their positions if the ticket has no names, as a lean one; the column with the labels may
/// be there or not. Of data with a training and a test part, the test part is taken.
#[derive(Args)]
pub(crate) struct Arguments {
    /// Ticket file
    #[arg(value_name = "TICKET")]
    ticket: PathBuf,
    #[command(flatten)]
    data: DataArguments,
    /// Add the probability of each class, the softmax of the network's outputs
    #[arg(long)]
    proba: bool,
    /// File to write [default: standard output]
    #[arg(long, value_name = "FILE")]
    out: Option<PathBuf>,
    /// Say on stdout as JSON what was done; needs --out
    #[arg(long, requires = "out")]
    json: bool,
}

#[derive(Serialize)]
struct Report {
    samples: usize,
    /// Predictions of each class.
    classes: Vec<Count>,
    file: Option<String>,
}

#[derive(Serialize)]
struct Count {
    name: String,
    predicted: usize,
}

pub(crate) fn run(arguments: &Arguments) -> Result<(), Failure> {
    let ticket = read_ticket(&arguments.ticket)?;
    if let Some(out) = &arguments.out {
        check_output(out)?;
    }
    let predictions = arguments.predict(&ticket)?;
    let n_classes = ticket.network().architecture().n_outputs();
    let names: Vec<String> = match ticket.class_names() {
        Some(names) => names.to_vec(),
        None => (0..n_classes).map(|class| class.to_string()).collect(),
    };
    let table = to_csv(&predictions, &names, arguments.proba);
    let Some(out) = &arguments.out else { return print(&table) };
    let saved = save(Some(out), table.as_bytes());
    let count = |(class, name): (usize, &String)| Count {
        name: name.clone(),
        predicted: predictions.classes.iter().filter(|&&predicted| predicted as usize == class).count(),
    };
    let report = Report {
        samples: predictions.classes.len(),
        classes: names.iter().enumerate().map(count).collect(),
        file: saved.name(),
    };
    saved.show(&report, arguments.json)
}

impl Arguments {
    fn predict(&self, ticket: &Ticket) -> Result<Predictions, Failure> {
        let Some(preprocessing) = ticket.preprocessing() else {
            let TicketData { split, .. } = data_for(&self.ticket, ticket, &self.data)?;
            return Ok(ticket.predictions(split.test.features().clone())?);
        };
        self.data.leave_to_ticket("")?;
        let Some(path) = self.data.path()? else {
            return Err(Failure::usage("--data is missing: the file with the samples"));
        };
        let dialect = self.data.dialect().dialect_for(&ticket.provenance().details);
        let rows = read_rows_to_predict(path, preprocessing, &dialect).map_err(data_failure)?;
        for (column, category) in preprocessing.unknown_categories(&rows.table)? {
            note(format_args!(
                "warning: the ticket does not know the category `{category}` of `{column}`: all its inputs are 0"
            ));
        }
        Ok(ticket.predict_table(rows.table)?)
    }
}

/// One row a sample: the class, and the probabilities if they are asked for.
fn to_csv(predictions: &Predictions, names: &[String], proba: bool) -> String {
    let mut text = String::from("prediction");
    if proba {
        for name in names {
            text += ",";
            text += &csv_field(&format!("p({name})"));
        }
    }
    text.push('\n');
    let probabilities = proba.then(|| predictions.probabilities());
    for (row, &class) in predictions.classes.iter().enumerate() {
        text += &csv_field(&names[class as usize]);
        if let Some(probabilities) = &probabilities {
            for probability in probabilities.row(row) {
                text += &format!(",{probability}");
            }
        }
        text.push('\n');
    }
    text
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:", count(self.samples as u64, "sample"))?;
        for Count { name, predicted } in &self.classes {
            write!(f, " {name} {predicted}")?;
        }
        match &self.file {
            Some(file) => writeln!(f, " -> {file}"),
            None => writeln!(f),
        }
    }
}
