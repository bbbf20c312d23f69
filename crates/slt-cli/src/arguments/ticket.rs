use std::collections::BTreeMap;
use std::path::PathBuf;

use clap::Args;
use slt_datasets::paper::PaperData;
use slt_datasets::table::Preprocessing;
use slt_mlp::{Error, Provenance, Ticket};
use slt_run::{DataSource, Loaded};

use super::DataArguments;
use crate::failure::Failure;
use crate::files::read_ticket;
use crate::stderr::note;

/// What a ticket says of where it comes from: the data, what made it, and anything else.
pub(crate) fn made_on<const N: usize>(
    data: &Loaded,
    algorithm: &str,
    details: [(&str, String); N],
) -> Provenance {
    let mut all: BTreeMap<String, String> =
        details.into_iter().map(|(key, value)| (key.to_owned(), value)).collect();
    all.insert("slt version".to_owned(), env!("CARGO_PKG_VERSION").to_owned());
    if let DataSource::Paper(paper) = &data.source {
        all.insert("classes".to_owned(), data.split.train.n_classes().to_string());
        all.insert("scaling".to_owned(), paper.scaling.to_string());
    }
    Provenance { data: data.split.train.name().to_owned(), algorithm: algorithm.to_owned(), details: all }
}

/// The ticket with all that later rows of a file need: scaler, categories, names of columns and classes.
pub(crate) fn keep_data(ticket: Ticket, data: &Loaded) -> Result<Ticket, Failure> {
    let Some(names) = data.preprocessing.as_ref().and_then(Preprocessing::class_names) else {
        return Ok(ticket);
    };
    Ok(ticket.with_class_names(names.to_vec())?)
}

/// A ticket and data for it.
#[derive(Args)]
pub(crate) struct TicketArguments {
    /// Ticket file
    #[arg(value_name = "TICKET")]
    file: PathBuf,
    #[command(flatten)]
    data: DataArguments,
}

impl TicketArguments {
    /// Reads the ticket and loads the data: those that are named, else those that the ticket was made on. Data that do not fit
    /// are an error, other data than the ticket was made on a warning.
    pub(crate) fn load(&self) -> Result<(Ticket, Loaded), Failure> {
        let ticket = read_ticket(&self.file)?;
        let made_on = ticket.provenance().data.clone();
        let loaded = if self.data.is_given() {
            self.data.load_like(PaperData::of_dataset(&made_on))?
        } else if let Some(data) = PaperData::of_dataset(&made_on) {
            Loaded::paper(data)?
        } else {
            return Err(Failure::usage(format!(
                "{} was made on {}: --data says where that is",
                self.file.display(),
                if made_on.is_empty() { "data that it does not name" } else { &made_on }
            )));
        };
        self.check(&ticket, &loaded)?;
        Ok((ticket, loaded))
    }

    fn check(&self, ticket: &Ticket, loaded: &Loaded) -> Result<(), Failure> {
        let (train, architecture) = (&loaded.split.train, ticket.network().architecture());
        let (inputs, features) = (architecture.n_inputs(), train.n_features());
        let (outputs, classes) = (architecture.n_outputs(), train.n_classes());
        let misfit = if inputs != features {
            Some(Error::FeatureCount { inputs, features })
        } else if outputs != classes {
            Some(Error::ClassCount { outputs, classes })
        } else {
            None
        };
        let name = train.name();
        if let Some(misfit) = misfit {
            return Err(Failure::run(format!("{} is no ticket for {name}: {misfit}", self.file.display())));
        }
        let made_on = &ticket.provenance().data;
        if !made_on.is_empty() && made_on != name {
            note(format_args!("warning: the ticket was made on {made_on}, not on {name}"));
        }
        Ok(())
    }
}
