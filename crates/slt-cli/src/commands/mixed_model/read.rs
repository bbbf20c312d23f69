//! Columns of a CSV file.

use std::io::{self, Read};
use std::path::Path;

use slt_datasets::io::csv::{Decimal, Dialect, Header, Record, Records, Separator, is_missing};
use slt_stats::{RandomTerm, Table};

use crate::failure::Failure;
use crate::files::open;

/// More rows are not read into memory.
const MAX_ROWS: usize = 1_000_000;
/// Columns that a message names.
const SHOWN: usize = 12;

/// A CSV file whose first line has been read.
pub(super) struct Source {
    name: String,
    records: Records<Box<dyn Read>>,
    decimal: Decimal,
}

/// How a column is used.
#[derive(Clone, Copy, PartialEq)]
pub(super) enum Use {
    /// Labels.
    Grouping,
    /// Labels, even if all of them are numbers.
    Factor,
    /// Numbers.
    Covariate,
    /// Numbers if all values are, else labels.
    Either,
}

/// What the model needs of the table.
pub(super) struct Wanted<'a> {
    pub(super) response: &'a str,
    /// Flag, column and use of the effects; the first use of a column but as a grouping counts.
    pub(super) effects: Vec<(&'static str, &'a str, Use)>,
    /// Leave out rows with missing values.
    pub(super) drop_missing: bool,
}

/// A column while it is read.
struct Column<'a> {
    name: &'a str,
    place: usize,
    usage: Use,
    labels: Vec<String>,
    /// As long as all of them are.
    numbers: Option<Vec<f64>>,
    /// What is wrong with the first that is infinite.
    infinite: Option<slt_datasets::Error>,
}

impl Source {
    /// Opens a file, or standard input if the path is `-`.
    pub(super) fn open(path: &Path, separator: Separator, decimal: Decimal) -> Result<Self, Failure> {
        let (name, reader): (_, Box<dyn Read>) = if path.as_os_str() == "-" {
            ("standard input".to_owned(), Box::new(io::stdin().lock()))
        } else {
            match open(path)? {
                Some(file) => (path.display().to_string(), Box::new(file)),
                None => return Err(Failure::run(format!("{}: there is no such file", path.display()))),
            }
        };
        // Effects are named, so there must be names, whatever they look like.
        let dialect = Dialect { header: Header::Present, separator, decimal };
        let records = Records::new(reader, &dialect).map_err(|error| match error {
            slt_datasets::Error::Parameter { allowed, .. } => {
                Failure::usage(format!("--separator must be {allowed}"))
            }
            error => Failure::run(format!("{name}: {error}")),
        })?;
        let is_number = |name: &String| decimal.parse::<f64>(name).is_some();
        if records.names().iter().all(is_number) {
            return Err(Failure::run(format!(
                "{name}: the first line must name the columns, there are only numbers in it"
            )));
        }
        Ok(Self { name, records, decimal })
    }

    /// What messages call the file.
    pub(super) fn name(&self) -> &str {
        &self.name
    }

    /// Names of the columns.
    pub(super) fn columns(&self) -> &[String] {
        self.records.names()
    }

    /// A column, or columns joined by `:` unless there is a column of the whole name.
    pub(super) fn random_term(&self, term: &str) -> RandomTerm {
        if self.columns().iter().any(|name| name == term) {
            RandomTerm::column(term)
        } else {
            RandomTerm::interaction(term.split(':').map(str::trim))
        }
    }

    /// The column of a name that a flag gives.
    fn place(&self, flag: &str, name: &str) -> Result<usize, Failure> {
        let mut found = self.columns().iter().enumerate().filter(|(_, other)| *other == name);
        match (found.next(), found.next()) {
            (Some((column, _)), None) => Ok(column),
            (Some(_), Some(_)) => Err(Failure::run(format!(
                "{}, line 1: there are two columns `{name}`, names must differ",
                self.name
            ))),
            (None, _) => {
                let names = self.columns().iter();
                let shown: Vec<String> = names.take(SHOWN).map(|name| format!("`{name}`")).collect();
                let more = if self.columns().len() > SHOWN { ", ..." } else { "" };
                Err(Failure::usage(format!(
                    "--{flag}: {} has no column `{name}`; it has {}{more}",
                    self.name,
                    shown.join(", ")
                )))
            }
        }
    }

    /// The columns that are wanted, and the number of rows that were left out.
    pub(super) fn read(mut self, wanted: &Wanted) -> Result<(Table, usize), Failure> {
        let Wanted { response, effects, drop_missing } = wanted;
        let of_response = self.place("response", response)?;
        let mut columns: Vec<Column> = Vec::new();
        for &(flag, name, usage) in effects {
            let place = self.place(flag, name)?;
            match columns.iter_mut().find(|column| column.name == name) {
                Some(column) if column.usage == Use::Grouping => column.usage = usage,
                Some(_) => {}
                None => {
                    let (labels, numbers) = (Vec::new(), Some(Vec::new()));
                    columns.push(Column { name, place, usage, labels, numbers, infinite: None });
                }
            }
        }
        let (mut numbers, mut dropped) = (Vec::new(), 0);
        let used: Vec<usize> = columns.iter().map(|column| column.place).chain([of_response]).collect();
        let names = self.columns().to_vec();
        let (name, decimal) = (&self.name, self.decimal);
        let wrong = |error: slt_datasets::Error| Failure::run(format!("{name}: {error}"));
        while let Some(record) = self.records.next().map_err(wrong)? {
            if let Some(&place) = used.iter().find(|&&place| is_missing(&record[place])) {
                if *drop_missing {
                    dropped += 1;
                    continue;
                }
                return Err(Failure::run(format!(
                    "{name}: line {}, column `{}`: the value is missing; --drop-missing leaves such rows out",
                    record.line(),
                    names[place]
                )));
            }
            if numbers.len() == MAX_ROWS {
                return Err(Failure::run(format!("{name} has more than {MAX_ROWS} rows")));
            }
            numbers.push(record.number(of_response).map_err(wrong)?);
            for column in &mut columns {
                column.add(&record, decimal).map_err(wrong)?;
            }
        }
        let mut table = Table::new().with_numbers(response, numbers);
        for Column { name, usage, labels, numbers, infinite, .. } in columns {
            let numbers = numbers.filter(|_| matches!(usage, Use::Covariate | Use::Either));
            table = match (numbers, infinite) {
                (Some(_), Some(error)) => return Err(wrong(error)),
                (Some(numbers), None) => table.and_then(|table| table.with_numbers(name, numbers)),
                (None, _) => table.and_then(|table| table.with_labels(name, labels)),
            };
        }
        Ok((table.map_err(Failure::run)?, dropped))
    }
}

impl Column<'_> {
    fn add(&mut self, record: &Record, decimal: Decimal) -> Result<(), slt_datasets::Error> {
        let text = &record[self.place];
        match self.usage {
            Use::Grouping | Use::Factor => {}
            Use::Covariate => {
                let number = record.number(self.place)?;
                self.numbers.get_or_insert_default().push(number);
                return Ok(());
            }
            Use::Either => match (decimal.parse::<f64>(text), &mut self.numbers) {
                (Some(number), Some(numbers)) => {
                    numbers.push(number);
                    if !number.is_finite() && self.infinite.is_none() {
                        self.infinite = record.number(self.place).err();
                    }
                }
                _ => self.numbers = None,
            },
        }
        self.labels.push(text.to_owned());
        Ok(())
    }
}
