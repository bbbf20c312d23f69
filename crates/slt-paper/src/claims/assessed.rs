//! Section 5.3: how sure tickets for blobs are, and what they confuse.

use slt_datasets::Dataset;
use slt_datasets::paper::PaperName::Blobs;

use super::blobs::{SCALINGS, for_accuracy, for_accuracy_on_both};
use super::evidence::Notes;
use super::trend::rank_correlation;
use super::{Evidence, Finding};
use crate::analyses;
use crate::arm::BLOB_CLASSES;
use crate::arm::{self, Arm};
use crate::method::Method;
use crate::{AssessmentRecord, Error, Part, Plan, Records, RunSpec};

/// The runs of the arms and the assessments of their tickets.
fn assessed(arms: &[Arm], plan: &Plan, records: &Records) -> Result<Vec<RunSpec>, Error> {
    let mut runs = arm::runs(arms, plan, records)?;
    for arm in arms {
        runs.extend(analyses::assessments(records, &arm.searches(plan)?));
    }
    Ok(runs)
}

/// The assessments of the reported tickets of an arm.
fn assessments<'a>(evidence: &Evidence<'a>, arm: &Arm) -> Result<Vec<&'a AssessmentRecord>, Error> {
    let found = evidence.records.need_all(&arm.searches(evidence.plan)?)?;
    let of = |record| evidence.records.need(&analyses::assessment(record, evidence.protocol));
    found.into_iter().map(of).collect()
}

pub(super) fn tickets_for_accuracy(plan: &Plan, records: &Records) -> Result<Vec<RunSpec>, Error> {
    assessed(&for_accuracy_on_both(), plan, records)
}

pub(super) fn blobs_accurate_but_unsure(evidence: &Evidence<'_>) -> Result<Finding, Error> {
    let mut notes = Notes::default();
    let mut on = [false; 2];
    for (met, (label, scaling)) in on.iter_mut().zip(SCALINGS) {
        let (mut probabilities, mut accuracies) = (Vec::new(), Vec::new());
        for arm in for_accuracy(scaling) {
            let assessments = assessments(evidence, &arm)?;
            let mean = |value: fn(&AssessmentRecord) -> f64| {
                slt_stats::mean(&assessments.iter().map(|record| 100.0 * value(record)).collect::<Vec<_>>())
            };
            probabilities.push(mean(|record| record.mean_true_probability)?);
            accuracies.push(mean(|record| record.accuracy)?);
        }
        let name = |what| format!("{label}, {what} by number of classes (%)");
        notes.add_each(&name("mean probability of the right class"), BLOB_CLASSES, &probabilities);
        notes.add_each(&name("mean accuracy"), BLOB_CLASSES, &accuracies);
        let trend = rank_correlation(&probabilities);
        let trend = notes.add_some(format!("{label}, rank correlation of probability and classes"), trend);
        let higher =
            accuracies.iter().zip(&probabilities).all(|(accuracy, probability)| accuracy > probability);
        *met = higher && trend.is_some_and(|rho| rho < 0.0);
        notes.add(format!("{label}: 1 if as claimed"), f64::from(u8::from(*met)));
    }
    let [scaled, _raw] = on;
    Ok(notes.finding(scaled))
}

fn ten_blobs() -> Arm {
    Arm::classes(Method::ga_loss(), Blobs, 10)
}

pub(super) fn tickets_for_ten_blobs(plan: &Plan, records: &Records) -> Result<Vec<RunSpec>, Error> {
    assessed(&[ten_blobs()], plan, records)
}

pub(super) fn blobs_10_pair(evidence: &Evidence<'_>) -> Result<Finding, Error> {
    let mut notes = Notes::default();
    let assessments = assessments(evidence, &ten_blobs())?;
    let Some(first) = assessments.first() else { return Ok(notes.finding(false)) };
    let data = first.spec.ticket.data.load()?;
    let nearest = nearest_classes(Part::Train.of(&data));
    notes.add("nearest pair, first class", nearest.0 as f64);
    notes.add("nearest pair, second class", nearest.1 as f64);

    let confusions: Vec<&[Vec<u64>]> = assessments.iter().map(|record| &record.confusion[..]).collect();
    let errors = errors_by_pair(&confusions);
    let all: u64 = errors.iter().map(|(_, errors)| errors).sum();
    let of = |pair| errors.iter().find(|(other, _)| *other == pair).map_or(0, |&(_, errors)| errors);
    let most =
        errors.iter().filter(|(pair, _)| *pair != nearest).map(|&(_, errors)| errors).max().unwrap_or(0);
    notes.add("errors", all as f64);
    if all > 0 {
        notes.add("share of the nearest pair in the errors (%)", 100.0 * of(nearest) as f64 / all as f64);
        notes.add("largest share of another pair (%)", 100.0 * most as f64 / all as f64);
    }
    Ok(notes.finding(of(nearest) > most))
}

/// The two classes whose means are nearest to each other, the lower one first.
fn nearest_classes(data: &Dataset) -> (usize, usize) {
    let n_classes = data.n_classes();
    let n_features = data.n_features();
    let mut sums = vec![vec![0.0; n_features]; n_classes];
    let mut counts = vec![0.0; n_classes];
    for (row, &label) in data.features().rows().into_iter().zip(data.labels()) {
        counts[label as usize] += 1.0;
        for (sum, &value) in sums[label as usize].iter_mut().zip(row) {
            *sum += f64::from(value);
        }
    }
    let distance = |a: usize, b: usize| -> f64 {
        let gap = |feature: usize| sums[a][feature] / counts[a] - sums[b][feature] / counts[b];
        (0..n_features).map(|feature| gap(feature) * gap(feature)).sum()
    };
    pairs(n_classes).min_by(|x, y| distance(x.0, x.1).total_cmp(&distance(y.0, y.1))).unwrap_or((0, 0))
}

/// How often each two classes were taken for one another, in all confusion matrices together.
fn errors_by_pair(confusions: &[&[Vec<u64>]]) -> Vec<((usize, usize), u64)> {
    let n_classes = confusions.first().map_or(0, |confusion| confusion.len());
    let errors =
        |(a, b): (usize, usize)| confusions.iter().map(|confusion| confusion[a][b] + confusion[b][a]).sum();
    pairs(n_classes).map(|pair| (pair, errors(pair))).collect()
}

fn pairs(n: usize) -> impl Iterator<Item = (usize, usize)> {
    (0..n).flat_map(move |a| (a + 1..n).map(move |b| (a, b)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn errors_count_both_ways() {
        let one = [vec![9, 1, 0], vec![2, 8, 0], vec![0, 0, 5]];
        let two = [vec![5, 0, 3], vec![0, 5, 0], vec![0, 0, 5]];
        let errors = errors_by_pair(&[&one, &two]);
        assert_eq!(errors, [((0, 1), 3), ((0, 2), 3), ((1, 2), 0)]);
    }

    #[test]
    fn the_nearest_clusters_of_the_ten_blobs() {
        let data = ten_blobs().data.load().unwrap();
        // Counted from 0. They are the rightmost ones, as the paper says; it calls them the 9th and the 10th.
        assert_eq!(nearest_classes(&data.train), (7, 9));
    }
}
