use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use clap::Args;
use slt_datasets::Split;
use slt_datasets::paper::PaperData;
use slt_mlp::{Error, Provenance, Ticket};
use slt_run::{DataSource, Loaded, load_for_ticket};

use super::{DataArguments, data_failure};
use crate::failure::Failure;
use crate::files::read_ticket;
use crate::stderr::note;

/// Under these names a ticket keeps where the files of its data were.
const FILE: &str = "file";
const TEST_FILE: &str = "test file";

/// What a ticket says of where it comes from: the data, what made it, and anything else.
pub(crate) fn made_on<'d>(
    data: &Loaded,
    arguments: &DataArguments,
    algorithm: &str,
    details: impl IntoIterator<Item = (&'d str, String)>,
) -> Provenance {
    let mut all: BTreeMap<String, String> =
        details.into_iter().map(|(key, value)| (key.to_owned(), value)).collect();
    all.insert("slt version".to_owned(), env!("CARGO_PKG_VERSION").to_owned());
    if let DataSource::Paper(paper) = &data.source {
        all.insert("classes".to_owned(), data.split.train.n_classes().to_string());
        all.insert("scaling".to_owned(), paper.scaling.to_string());
    } else {
        let files = [(FILE, arguments.file()), (TEST_FILE, arguments.test_data())];
        let named =
            files.into_iter().filter_map(|(key, path)| Some((key.to_owned(), path?.display().to_string())));
        all.extend(named.chain(arguments.dialect().details()));
    }
    Provenance { data: data.split.train.name().to_owned(), algorithm: algorithm.to_owned(), details: all }
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
    /// Reads the ticket and loads data for it.
    pub(crate) fn load(&self) -> Result<(Ticket, Split), Failure> {
        let (ticket, TicketData { split, .. }) = self.load_data()?;
        Ok((ticket, split))
    }

    /// Reads the ticket and loads data for it, and says if they are its own.
    pub(crate) fn load_data(&self) -> Result<(Ticket, TicketData), Failure> {
        let ticket = read_ticket(&self.file)?;
        let data = data_for(&self.file, &ticket, &self.data)?;
        Ok((ticket, data))
    }

    /// The ticket's file.
    pub(crate) fn file(&self) -> &Path {
        &self.file
    }
}

/// Data for a ticket.
pub(crate) struct TicketData {
    pub(crate) split: Split,
    /// Whether the ticket was made on just these: the same data set of the paper, or the same files.
    pub(crate) are_its_own: bool,
}

/// Loads data for a ticket: those that are named, else those that it was made on. Data that do not fit are an
/// error, other data than the ticket was made on a warning.
pub(crate) fn data_for(
    file: &Path,
    ticket: &Ticket,
    arguments: &DataArguments,
) -> Result<TicketData, Failure> {
    let provenance = ticket.provenance();
    let made_on = &provenance.data;
    let path = arguments.path()?;
    let Some(preprocessing) = ticket.preprocessing() else {
        if path.is_some() {
            let file = file.display();
            let made_on = if made_on.is_empty() { "data that it does not name" } else { made_on };
            let message = format!(
                "{file} was made on {made_on}, not on a table: it does not know the columns of a file"
            );
            return Err(Failure::usage(message));
        }
        let split = match PaperData::of_dataset(made_on) {
            known if arguments.is_given() => arguments.load_like(known)?.split,
            Some(data) => data.load()?,
            None => return Err(no_data(file, made_on)),
        };
        check(file, ticket, &split)?;
        let name = split.train.name();
        if !made_on.is_empty() && made_on != name {
            note(format_args!("warning: the ticket was made on {made_on}, not on {name}"));
        }
        let are_its_own = made_on == name;
        return Ok(TicketData { split, are_its_own });
    };
    arguments.leave_to_ticket("--test-data")?;
    let kept = |key: &str| provenance.details.get(key).map(PathBuf::from).filter(|path| path.exists());
    let path = match path {
        Some(path) => path.to_owned(),
        None if arguments.is_given() => {
            return Err(Failure::usage(format!(
                "{} takes files with the columns that it was made for, not data sets of the paper",
                file.display()
            )));
        }
        None => kept(FILE).ok_or_else(|| no_data(file, made_on))?,
    };
    let dialect = arguments.dialect().dialect_for(&provenance.details);
    let test = match arguments.test_data() {
        None if !arguments.is_given() => kept(TEST_FILE),
        given => given.map(Path::to_owned),
    };
    let (split, are_its_own) =
        load_for_ticket(&path, preprocessing, ticket.source(), &dialect, test.as_deref())
            .map_err(data_failure)?;
    if !are_its_own && test.is_none() {
        note(format_args!(
            "{} is not the file that the ticket was made on: all of its samples are used",
            path.display()
        ));
    }
    Ok(TicketData { split, are_its_own })
}

fn no_data(file: &Path, made_on: &str) -> Failure {
    let made_on = if made_on.is_empty() { "data that it does not name" } else { made_on };
    Failure::usage(format!("{} was made on {made_on}: --data says where that is", file.display()))
}

fn check(file: &Path, ticket: &Ticket, split: &Split) -> Result<(), Failure> {
    let (train, architecture) = (&split.train, ticket.network().architecture());
    let (inputs, features) = (architecture.n_inputs(), train.n_features());
    let (outputs, classes) = (architecture.n_outputs(), train.n_classes());
    let misfit = if inputs != features {
        Error::FeatureCount { inputs, features }
    } else if outputs != classes {
        Error::ClassCount { outputs, classes }
    } else {
        return Ok(());
    };
    Err(Failure::run(format!("{} is no ticket for {}: {misfit}", file.display(), train.name())))
}
