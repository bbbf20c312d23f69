//! `--front`: what performance costs in sparsity, as a table with a ticket for each row.

use std::fmt;
use std::path::{Path, PathBuf};

use serde::Serialize;
use slt_core::BitMask;
use slt_ga::pareto::fronts;
use slt_run::{FrontPoint, MaskSearchRecord, check_output, write_atomically};
use slt_search::Rank;

use crate::failure::Failure;
use crate::files::{Saved, csv_field, is_same_file, mask_hash};
use crate::stdout::count;

/// The table that is asked for, and the tickets beside it.
#[derive(Clone, Copy)]
pub(super) struct FrontFiles<'a>(pub(super) &'a Path);

impl FrontFiles<'_> {
    /// The ticket of a point, from 1.
    fn ticket(self, number: usize) -> PathBuf {
        let mut name = self.0.file_stem().unwrap_or_default().to_owned();
        name.push(format!("-{number:02}.slt"));
        self.0.with_file_name(name)
    }

    /// Checks that a front of at most so many points can be written, and not where something else goes.
    pub(super) fn check(self, most: usize, others: &[(&str, Option<&Path>)]) -> Result<(), Failure> {
        let files = || std::iter::once(self.0.to_owned()).chain((1..=most).map(|i| self.ticket(i)));
        for (flag, other) in others {
            let Some(other) = other else { continue };
            if let Some(same) = files().find(|file| is_same_file(file, other)) {
                return Err(Failure::usage(format!(
                    "--front and {flag} both write {}: give each its own file",
                    same.display()
                )));
            }
        }
        Ok(files().try_for_each(|file| check_output(&file))?)
    }
}

/// What a ticket says of the search, and of how it does.
pub(super) fn details_of(
    record: &MaskSearchRecord,
    train_accuracy: f64,
    test_accuracy: f64,
) -> Vec<(&'static str, String)> {
    vec![
        ("objective", record.spec.goal.metric.to_string()),
        ("search seed", record.spec.search_seed.to_string()),
        ("masks judged", record.work.judged().to_string()),
        ("train accuracy", train_accuracy.to_string()),
        ("test accuracy", test_accuracy.to_string()),
        ("spec sha256", record.spec.hash()),
    ]
}

/// Masks none of which is beaten by another one in both performance and sparsity, the densest first.
#[derive(Default)]
pub(super) struct Front(Vec<Point>);

/// A mask of a front, and how it came about.
struct Point {
    mask: BitMask,
    /// What its search paid for an active weight.
    price: Option<f64>,
    /// What the objective says of it, for one of many masks of a search; for the result of a search of its
    /// own, what results are judged by.
    performance: f64,
    train_accuracy: f64,
    test_accuracy: f64,
    sparsity: f64,
    /// What its ticket says of it.
    details: Vec<(&'static str, String)>,
}

impl Front {
    /// What one search for a front has found.
    pub(super) fn of_search(record: &MaskSearchRecord) -> Self {
        let point = |point: &FrontPoint| Point {
            mask: point.mask.clone(),
            price: None,
            performance: point.performance,
            train_accuracy: point.train_accuracy,
            test_accuracy: point.test_accuracy,
            sparsity: point.sparsity,
            details: details_of(record, point.train_accuracy, point.test_accuracy),
        };
        Self(record.front.iter().map(point).collect())
    }

    /// Of the results of several searches, those that none beats; and the place of the one that is judged
    /// best.
    pub(super) fn of_results(results: &[&MaskSearchRecord]) -> (Self, usize) {
        let rank = |record: &MaskSearchRecord| Rank {
            performance: record.performance,
            zeros: record.best.mask.count_zeros(),
        };
        let ranks: Vec<Rank> = results.iter().map(|record| rank(record)).collect();
        let mut best = fronts(&ranks).into_iter().next().unwrap_or_default();
        // Of several at one point, the first.
        best.dedup_by(|later, first| ranks[*later] == ranks[*first]);
        let point = |&i: &usize| {
            let record = results[i];
            let best = &record.best;
            Point {
                mask: best.mask.clone(),
                price: record.spec.method.price().map(|price| price.amount),
                performance: record.performance,
                train_accuracy: best.train_accuracy,
                test_accuracy: best.test_accuracy,
                sparsity: best.sparsity,
                details: details_of(record, best.train_accuracy, best.test_accuracy),
            }
        };
        (Self(best.iter().map(point).collect()), best.first().copied().unwrap_or(0))
    }

    /// Writes the tickets, then the table that names them. `ticket` makes the bytes of a ticket from a mask
    /// and what it says of itself.
    pub(super) fn save(
        self,
        files: FrontFiles<'_>,
        ticket: impl Fn(BitMask, Vec<(&'static str, String)>) -> Result<Vec<u8>, Failure>,
    ) -> (FrontReport, Saved) {
        let mut points = Vec::new();
        let mut result = Ok(());
        for (point, number) in self.0.into_iter().zip(1..) {
            let file = files.ticket(number);
            let Point { mask, price, performance, train_accuracy, test_accuracy, sparsity, details } = point;
            points.push(PointReport {
                point: number,
                price,
                sparsity,
                active_weights: mask.count_ones(),
                performance,
                train_accuracy,
                test_accuracy,
                ticket: file.file_name().unwrap_or_default().to_string_lossy().into_owned(),
                mask_hash: mask_hash(&mask),
            });
            result = result.and_then(|()| Ok(write_atomically(&file, &ticket(mask, details)?)?));
        }
        let table = to_csv(&points);
        result = result.and_then(|()| Ok(write_atomically(files.0, table.as_bytes())?));
        let saved = Saved::of(files.0, result);
        (FrontReport { file: saved.name(), points }, saved)
    }
}

/// A front on stdout.
#[derive(Serialize)]
pub(super) struct FrontReport {
    /// The table.
    file: Option<String>,
    points: Vec<PointReport>,
}

#[derive(Serialize)]
struct PointReport {
    point: usize,
    price: Option<f64>,
    sparsity: f64,
    active_weights: usize,
    performance: f64,
    train_accuracy: f64,
    test_accuracy: f64,
    /// The name of its file, which is beside the table.
    ticket: String,
    mask_hash: String,
}

fn to_csv(points: &[PointReport]) -> String {
    let mut text =
        "point,price,sparsity,active_weights,performance,train_accuracy,test_accuracy,ticket\n".to_owned();
    for report in points {
        let price = report.price.map_or(String::new(), |price| price.to_string());
        let PointReport { point, sparsity, active_weights, performance, .. } = report;
        text += &format!("{point},{price},{sparsity},{active_weights},{performance},");
        let PointReport { train_accuracy, test_accuracy, ticket, .. } = report;
        text += &format!("{train_accuracy},{test_accuracy},{}\n", csv_field(ticket));
    }
    text
}

impl fmt::Display for FrontReport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "front: {}", count(self.points.len() as u64, "point"))?;
        if let (Some(first), Some(last)) = (self.points.first(), self.points.last()) {
            let end = |point: &PointReport| {
                let PointReport { sparsity, train_accuracy, .. } = point;
                format!(
                    "{:.2} % training accuracy at {:.1} % sparsity",
                    100.0 * train_accuracy,
                    100.0 * sparsity
                )
            };
            write!(f, ", {} to {}", end(first), end(last))?;
        }
        match &self.file {
            Some(file) => writeln!(f, " -> {file}"),
            None => writeln!(f),
        }
    }
}
