//! Table 2: the hyper-parameters of training by backpropagation.

use serde::Serialize;
use serde_json::json;
use slt_baselines::{LearningRate, MlpClassifier, Solver};
use slt_datasets::paper::{PaperData, PaperName};
use slt_plot::Table as DrawnTable;

use super::common::{TWO_CLASS_DATA, table_alone};
use super::{Figure, Rendered};
use crate::arm::{ARCHITECTURES, BLOB_CLASSES, DIGIT_CLASSES, usual_architecture};
use crate::{Cell, Error, Plan, Table};
use slt_run::{Records, architecture_for};

pub(super) const FIGURE: Figure = Figure {
    id: "table2",
    title: "Hyper-parameters of training by backpropagation",
    caption: "The hyper-parameters of backpropagation that a random search found.",
    in_paper: true,
    runs: |_, _| Ok(Vec::new()),
    render,
};

/// The hyper-parameters for one data set and architecture.
#[derive(Debug, Serialize)]
struct Setting {
    data: PaperName,
    architecture: &'static str,
    classes: u32,
    classifier: MlpClassifier,
}

impl Setting {
    fn of(name: PaperName, architecture: &'static str, classes: Option<u32>) -> Result<Self, Error> {
        let data = PaperData { classes, ..PaperData::new(name) };
        let sizes = architecture_for(&data.into(), architecture)?.sizes().to_vec();
        let [hidden @ .., _] = &sizes[1..] else {
            return Err(slt_mlp::Error::ClassCount { outputs: 0, classes: 2 }.into());
        };
        let classes = data.n_classes()?;
        let classifier = MlpClassifier::paper(name, classes as usize, hidden)?;
        Ok(Self { data: name, architecture, classes, classifier })
    }

    /// Epsilon where the solver uses it.
    fn epsilon(&self) -> Option<f64> {
        (self.classifier.solver == Solver::Adam).then_some(self.classifier.epsilon)
    }

    /// Momentum where the solver uses it, and whether it looks ahead.
    fn momentum(&self) -> Option<(f64, bool)> {
        let MlpClassifier { solver, momentum, nesterovs_momentum, .. } = self.classifier;
        (solver == Solver::Sgd).then_some((momentum, nesterovs_momentum))
    }

    fn solver(&self) -> &'static str {
        match self.classifier.solver {
            Solver::Sgd => "sgd",
            _ => "adam",
        }
    }

    fn learning_rate(&self) -> &'static str {
        match self.classifier.learning_rate {
            LearningRate::Adaptive => "adaptive",
            LearningRate::InvScaling => "invscaling",
            _ => "constant",
        }
    }

    /// The hyper-parameters as in the paper's table.
    fn texts(&self) -> [String; 7] {
        let none = || "–".to_owned();
        let momentum = self
            .momentum()
            .map(|(momentum, nesterov)| format!("{momentum:.1}{}", if nesterov { ", Nesterov" } else { "" }));
        [
            self.solver().to_owned(),
            self.learning_rate().to_owned(),
            self.classifier.learning_rate_init.to_string(),
            self.epsilon().map_or_else(none, |epsilon| format!("{epsilon:.2e}").replace('-', "−")),
            self.classifier.batch_size.map_or_else(none, |size| size.to_string()),
            self.classifier.alpha.to_string(),
            momentum.unwrap_or_else(none),
        ]
    }
}

fn settings() -> Result<Vec<Setting>, Error> {
    let two_classes = TWO_CLASS_DATA
        .into_iter()
        .flat_map(|name| ARCHITECTURES.into_iter().map(move |letter| Setting::of(name, letter, None)));
    let of_classes = |name| move |classes| Setting::of(name, usual_architecture(name), Some(classes));
    let blobs = BLOB_CLASSES.map(of_classes(PaperName::Blobs));
    let digits = DIGIT_CLASSES.into_iter().map(of_classes(PaperName::Digits));
    two_classes.chain(blobs).chain(digits).collect()
}

fn render(_plan: &Plan, _records: &Records) -> Result<Rendered, Error> {
    let rows = settings()?;
    let by_sgd = rows.iter().filter(|row| row.classifier.solver == Solver::Sgd).count();
    let epochs = rows.iter().map(|row| row.classifier.max_iter).max().unwrap_or(0);
    Ok(Rendered {
        drawing: table_alone(
            drawn(&rows),
            "Hyper-parameters of training by backpropagation on each data set and architecture; a dash where \
             the solver does not use one.",
        ),
        table: tabulate(&rows),
        summary: format!(
            "{} configurations, {by_sgd} of them by sgd and the others by adam, each for up to {epochs} epochs",
            rows.len()
        ),
        json: json!({ "rows": rows }),
    })
}

fn drawn(rows: &[Setting]) -> DrawnTable {
    let mut table = DrawnTable::new([
        "Network",
        "Classes",
        "Solver",
        "Learning rate",
        "Initial rate",
        "Epsilon",
        "Batch",
        "Alpha",
        "Momentum",
    ]);
    // Neighbours that differ in the number of classes alone are one row.
    let alike =
        |a: &Setting, b: &Setting| (a.data, a.architecture, a.texts()) == (b.data, b.architecture, b.texts());
    let mut data = None;
    for group in rows.chunk_by(alike) {
        let (first, last) = (&group[0], &group[group.len() - 1]);
        if data.replace(first.data) != Some(first.data) {
            table = table.group(first.data.to_string());
        }
        let classes = match group.len() {
            1 => first.classes.to_string(),
            _ => format!("{}–{}", first.classes, last.classes),
        };
        table = table.row([first.architecture.to_owned(), classes].into_iter().chain(first.texts()));
    }
    table
}

fn tabulate(rows: &[Setting]) -> Table {
    let mut table = Table::new([
        "data",
        "architecture",
        "classes",
        "solver",
        "learning_rate",
        "learning_rate_init",
        "epsilon",
        "batch_size",
        "alpha",
        "momentum",
        "nesterovs_momentum",
        "max_iter",
        "tol",
        "n_iter_no_change",
    ]);
    for row in rows {
        let used = &row.classifier;
        let momentum = row.momentum();
        table.push([
            Cell::from(row.data.to_string()),
            row.architecture.into(),
            u64::from(row.classes).into(),
            row.solver().into(),
            row.learning_rate().into(),
            used.learning_rate_init.into(),
            row.epsilon().into(),
            used.batch_size.map(|size| size as u64).into(),
            used.alpha.into(),
            momentum.map(|(momentum, _)| momentum).into(),
            momentum.map(|(_, nesterov)| nesterov).into(),
            (used.max_iter as u64).into(),
            used.tol.into(),
            (used.n_iter_no_change as u64).into(),
        ]);
    }
    table
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Rows of Table 2 as published.
    #[test]
    fn the_values_of_the_paper() {
        let settings = settings().unwrap();
        assert_eq!(settings.len(), 8 + 9 + 5);
        let check = |row: usize, expected: [&str; 7]| assert_eq!(settings[row].texts(), expected);
        check(0, ["adam", "constant", "0.021544", "4.64e−9", "128", "0.0001", "–"]);
        check(4, ["sgd", "adaptive", "0.1", "–", "64", "0.046416", "0.0"]);
        check(5, ["sgd", "adaptive", "0.004642", "–", "128", "0.046416", "0.5, Nesterov"]);
        check(7, ["sgd", "adaptive", "0.1", "–", "128", "0.046416", "0.0, Nesterov"]);
        check(20, ["adam", "adaptive", "0.002783", "5.99e−8", "32", "0.01", "–"]);
        assert!(settings[8..17].iter().all(|row| row.texts() == settings[1].texts()));
    }
}
