//! Columns of a CSV file.

use std::fs::File;
use std::io::BufReader;
use std::path::Path;

use csv::{ErrorKind, Reader, ReaderBuilder, StringRecord, Trim};
use slt_stats::{RandomTerm, Table};

use crate::failure::Failure;
use crate::files::open;

/// More rows are not read into memory.
const MAX_ROWS: usize = 1_000_000;
/// Columns that a message names.
const SHOWN: usize = 12;

/// A CSV file whose first line has been read.
pub(super) struct Source<'a> {
    path: &'a Path,
    reader: Reader<BufReader<File>>,
    names: StringRecord,
}

impl<'a> Source<'a> {
    pub(super) fn open(path: &'a Path) -> Result<Self, Failure> {
        let Some(file) = open(path)? else {
            return Err(Failure::run(format!("{}: there is no such file", path.display())));
        };
        let mut reader = ReaderBuilder::new().trim(Trim::All).from_reader(file);
        let names = reader.headers().map_err(|error| wrong(path, &error))?.clone();
        if names.iter().all(str::is_empty) {
            return Err(Failure::run(format!(
                "{} is empty: its first line must name the columns",
                path.display()
            )));
        }
        Ok(Self { path, reader, names })
    }

    /// A column, or columns joined by `:` unless there is a column of the whole name.
    pub(super) fn random_term(&self, term: &str) -> RandomTerm {
        if self.names.iter().any(|name| name == term) {
            RandomTerm::column(term)
        } else {
            RandomTerm::interaction(term.split(':').map(str::trim))
        }
    }

    /// The column of a name that a flag gives.
    fn column(&self, flag: &str, name: &str) -> Result<usize, Failure> {
        let mut found = self.names.iter().enumerate().filter(|(_, other)| *other == name);
        let path = self.path.display();
        match (found.next(), found.next()) {
            (Some((column, _)), None) => Ok(column),
            (Some(_), Some(_)) => Err(Failure::run(format!(
                "{path}, line 1: there are two columns `{name}`, names must differ"
            ))),
            (None, _) => {
                let names: Vec<String> =
                    self.names.iter().take(SHOWN).map(|name| format!("`{name}`")).collect();
                let more = if self.names.len() > SHOWN { ", ..." } else { "" };
                let names = names.join(", ");
                Err(Failure::usage(format!("--{flag}: {path} has no column `{name}`; it has {names}{more}")))
            }
        }
    }

    /// The numbers of the response and the labels of the effects, which come with the names of their flags.
    pub(super) fn read(mut self, response: &str, effects: &[(&str, &str)]) -> Result<Table, Failure> {
        let of_response = self.column("response", response)?;
        let mut labels: Vec<(&str, usize, Vec<String>)> = Vec::new();
        for &(flag, name) in effects {
            let column = self.column(flag, name)?;
            if labels.iter().all(|(other, ..)| *other != name) {
                labels.push((name, column, Vec::new()));
            }
        }
        let mut numbers = Vec::new();
        let path = self.path;
        let mut record = StringRecord::new();
        while self.reader.read_record(&mut record).map_err(|error| wrong(path, &error))? {
            if numbers.len() == MAX_ROWS {
                return Err(Failure::run(format!("{} has more than {MAX_ROWS} rows", path.display())));
            }
            let line = record.position().map_or(0, csv::Position::line);
            let at = |name: &str| format!("{}, line {line}, column `{name}`", path.display());
            // The reader has found as many fields as there are names.
            numbers.push(
                number(&record[of_response])
                    .map_err(|said| Failure::run(format!("{}: {said}", at(response))))?,
            );
            for (name, column, labels) in &mut labels {
                match &record[*column] {
                    "" => {
                        return Err(Failure::run(format!(
                            "{}: there is no value, expected a label",
                            at(name)
                        )));
                    }
                    label => labels.push(label.to_owned()),
                }
            }
        }
        let table = Table::new().with_numbers(response, numbers);
        let table =
            labels.into_iter().fold(table, |table, (name, _, labels)| table?.with_labels(name, labels));
        table.map_err(Failure::run)
    }
}

/// A finite number.
fn number(text: &str) -> Result<f64, String> {
    match text.parse::<f64>() {
        Ok(number) if number.is_finite() => Ok(number),
        Ok(_) => Err(format!("{text} is not finite, expected a number such as 0.93")),
        Err(_) if text.is_empty() => Err("there is no value, expected a number such as 0.93".to_owned()),
        Err(_) => Err(format!("'{text}' is not a number such as 0.93")),
    }
}

/// What is wrong with a file, and where.
fn wrong(path: &Path, error: &csv::Error) -> Failure {
    let line = error.position().map_or(String::new(), |position| format!(", line {}", position.line()));
    let said = match error.kind() {
        ErrorKind::UnequalLengths { expected_len, len, .. } => {
            format!("there are {len} fields, the first line names {expected_len} columns")
        }
        ErrorKind::Utf8 { .. } => "the text is not UTF-8".to_owned(),
        ErrorKind::Io(error) => error.to_string(),
        _ => error.to_string(),
    };
    Failure::run(format!("{}{line}: {said}", path.display()))
}
