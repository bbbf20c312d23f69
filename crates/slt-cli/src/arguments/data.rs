use std::path::PathBuf;

use clap::{Args, ValueEnum};
use slt_datasets::paper::{PaperData, PaperName, PaperScaling};
use slt_datasets::{Dataset, Split};
use slt_mlp::{Architecture, Error, Ticket};
use slt_run::{architecture_for, canonical_data};

use crate::failure::Failure;
use crate::files::read_ticket;
use crate::stderr::note;
use crate::usage::{InFlags, OrUsage};
use crate::values::{named, whole};

pub(crate) const SCALING_NAMES: &[&str] = &["paper", "none", "minmax"];

/// One of the paper's data sets.
#[derive(Args)]
pub(crate) struct DataArguments {
    /// Data set of the paper; digits-file-order has the last quarter of the digits as its test part, as digits had in
    /// earlier versions
    #[arg(long, value_name = "NAME", value_parser = named::<PaperData>(PaperData::NAMES))]
    data: PaperData,
    /// Number of classes of blobs or digits, 2 to 10 [default: 10, or those of the ticket]
    #[arg(long, value_name = "K", value_parser = whole::<u32, 0, 65_536>)]
    classes: Option<u32>,
    /// Scaling of the features [default: paper, or that of the ticket]
    #[arg(long, value_name = "HOW", value_parser = named::<PaperScaling>(SCALING_NAMES))]
    scaling: Option<PaperScaling>,
}

impl DataArguments {
    /// The data set that is asked for.
    pub(crate) fn select(&self) -> PaperData {
        let scaling = self.scaling.unwrap_or(PaperScaling::Paper);
        PaperData { classes: self.classes, scaling, ..self.data }
    }

    /// The same as options, for a command that is to be on the same data.
    pub(crate) fn as_options(&self) -> Vec<String> {
        let is_this = |name: &&&str| {
            name.parse()
                .is_ok_and(|data: PaperData| (data.name, data.split) == (self.data.name, self.data.split))
        };
        let name = PaperData::NAMES.iter().find(is_this).unwrap_or(&"");
        let mut words = vec!["--data".to_owned(), (*name).to_owned()];
        let mut add = |flag: &str, value: Option<String>| {
            words.extend(value.into_iter().flat_map(|value| [flag.to_owned(), value]));
        };
        add("--classes", self.classes.map(|classes| classes.to_string()));
        add("--scaling", self.scaling.map(|scaling| scaling.to_string()));
        words
    }

    /// The data set in its canonical form, and a network for it: a letter of the paper, or sizes.
    pub(crate) fn with_architecture(&self, arch: &str) -> Result<(PaperData, Architecture), Failure> {
        let data = canonical_data(self.select()).or_usage()?;
        let architecture = architecture_for(&data, arch)
            .map_err(|error| Failure::usage(format!("--arch: {}", error.in_flags())))?;
        Ok((data, architecture))
    }

    /// The data set for a ticket: where it was made on data of this name, its number of classes and its scaling are
    /// the defaults. The split is part of what is asked for, so it is never the ticket's.
    fn select_for(&self, ticket: &Ticket) -> PaperData {
        let mut data = self.select();
        let provenance = ticket.provenance();
        if provenance.data.split('-').next() == Some(&self.data.name.to_string()) {
            if matches!(self.data.name, PaperName::Blobs | PaperName::Digits) {
                data.classes =
                    self.classes.or(u32::try_from(ticket.network().architecture().n_outputs()).ok());
            }
            let scaling = provenance.details.get("scaling").and_then(|scaling| scaling.parse().ok());
            data.scaling = self.scaling.or(scaling).unwrap_or(data.scaling);
        }
        data
    }
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
    /// Reads the ticket and loads the data. Data that do not fit are an error, other data than the ticket was made on
    /// a warning.
    pub(crate) fn load(&self) -> Result<(Ticket, Split), Failure> {
        let ticket = read_ticket(&self.file)?;
        let data = self.data.select_for(&ticket);
        let name = data.dataset_name().or_usage()?;
        let split = data.load()?;

        let architecture = ticket.network().architecture();
        let (inputs, features) = (architecture.n_inputs(), split.train.n_features());
        let (outputs, classes) = (architecture.n_outputs(), split.train.n_classes());
        let misfit = if inputs != features {
            Some(Error::FeatureCount { inputs, features })
        } else if outputs != classes {
            Some(Error::ClassCount { outputs, classes })
        } else {
            None
        };
        if let Some(misfit) = misfit {
            return Err(Failure::run(format!("{} is no ticket for {name}: {misfit}", self.file.display())));
        }
        let made_on = &ticket.provenance().data;
        if !made_on.is_empty() && *made_on != name {
            note(format_args!("warning: the ticket was made on {made_on}, not on {name}"));
        }
        Ok((ticket, split))
    }
}

/// A part of a data set.
#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Part {
    Train,
    Test,
}

impl Part {
    pub(crate) fn of(self, split: &Split) -> &Dataset {
        match self {
            Part::Train => &split.train,
            Part::Test => &split.test,
        }
    }

    pub(crate) fn name(self) -> &'static str {
        match self {
            Part::Train => "train",
            Part::Test => "test",
        }
    }
}
