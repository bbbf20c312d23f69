//! Section 5.3, Fig. 8: the landscapes around tickets.

use slt_datasets::paper::PaperScaling;
use slt_stats::Summary;

use super::evidence::Notes;
use super::{Evidence, Finding};
use crate::analyses;
use crate::arm::any;
use crate::{Error, LandscapeRecord, Plan, Records, RunSpec};

pub(super) fn plane(plan: &Plan, records: &Records) -> Result<Vec<RunSpec>, Error> {
    // The first search alone has the ticket in the middle.
    let searches = analyses::curved_searches(plan, PaperScaling::Paper)?;
    Ok(any(searches.into_iter().take(1)).chain(any(analyses::landscape(plan, records)?)).collect())
}

pub(super) fn landscape_shape(evidence: &Evidence<'_>) -> Result<Finding, Error> {
    let mut notes = Notes::default();
    let searches = analyses::curved_searches(evidence.plan, PaperScaling::Paper)?;
    evidence.records.need_all(&searches[..1])?;
    let landscape =
        analyses::landscape(evidence.plan, evidence.records)?.expect("the record of the ticket is there");
    let LandscapeRecord { loss, correct, samples, .. } = evidence.records.need(&landscape)?;
    let middle = loss.len() / 2;
    let at_ticket = notes.add("loss of the ticket", loss[middle][middle]);
    let lowest =
        notes.add("lowest loss of the slice", loss.iter().flatten().copied().fold(at_ticket, f64::min));
    let wrong: Vec<Vec<f64>> = correct
        .iter()
        .map(|row| row.iter().map(|&correct| *samples as f64 - correct as f64).collect())
        .collect();
    let of_loss = notes.add("triples against convexity, loss (%)", 100.0 * violations(loss));
    let of_accuracy = notes.add("triples against convexity, 1 - accuracy (%)", 100.0 * violations(&wrong));
    Ok(notes.finding(lowest >= at_ticket && of_accuracy > 0.0 && of_accuracy >= 3.0 * of_loss))
}

/// The share of three neighbours, in rows and columns, of which the middle one is above the line through the others. A
/// convex function has none.
fn violations(grid: &[Vec<f64>]) -> f64 {
    // Differences of this share of the values are rounding.
    const ROUNDING: f64 = 1e-12;
    let above = |a: f64, b: f64, c: f64| 0.5 * a + 0.5 * c < b - ROUNDING * b.abs();
    let columns = (0..grid.len()).map(|column| grid.iter().map(|row| row[column]).collect());
    let (mut count, mut all) = (0_u32, 0_u32);
    for line in grid.iter().cloned().chain(columns) {
        for triple in line.windows(3) {
            count += u32::from(above(triple[0], triple[1], triple[2]));
            all += 1;
        }
    }
    f64::from(count) / f64::from(all.max(1))
}

/// Raw and normalised data.
const SCALINGS: [(&str, PaperScaling); 2] =
    [("raw", PaperScaling::Paper), ("normalized", PaperScaling::MinMax)];

pub(super) fn hessians(plan: &Plan, records: &Records) -> Result<Vec<RunSpec>, Error> {
    let mut runs = Vec::new();
    for (_, scaling) in SCALINGS {
        runs.extend(any(analyses::curved_searches(plan, scaling)?));
        runs.extend(any(analyses::spectra(plan, records, scaling)?));
    }
    Ok(runs)
}

pub(super) fn hessian_sharper_raw(evidence: &Evidence<'_>) -> Result<Finding, Error> {
    let Evidence { plan, records, .. } = *evidence;
    let mut notes = Notes::default();
    let mut medians = Vec::new();
    for (label, scaling) in SCALINGS {
        records.need_all(&analyses::curved_searches(plan, scaling)?)?;
        let spectra = records.need_all(&analyses::spectra(plan, records, scaling)?)?;
        let largest: Vec<f64> =
            spectra.iter().filter_map(|record| record.eigenvalues.first().copied()).collect();
        let median = Summary::of(&largest).ok().map(|summary| summary.median);
        medians.push(notes.add_some(format!("median largest eigenvalue, {label}"), median));
    }
    let sharper = match medians[..] {
        [Some(raw), Some(normalised)] => raw > 0.0 && raw >= 3.0 * normalised,
        _ => false,
    };
    Ok(notes.finding(sharper))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn grid(value: impl Fn(f64, f64) -> f64) -> Vec<Vec<f64>> {
        let axis = || (-2..=2).map(f64::from);
        axis().map(|x| axis().map(|y| value(x, y)).collect()).collect()
    }

    #[test]
    fn violations_by_hand() {
        assert_eq!(violations(&grid(|x, y| x * x + y * y)), 0.0);
        // A plane is convex, rounding aside.
        assert_eq!(violations(&grid(|x, y| 0.1 * x + 0.3 * y)), 0.0);
        assert_eq!(violations(&grid(|x, y| -x * x - y * y)), 1.0);
        // Against convexity along rows alone.
        assert_eq!(violations(&grid(|x, y| x * x - y * y)), 0.5);
        // Where losses overflow.
        assert_eq!(violations(&grid(|_, _| f64::MAX)), 0.0);
    }
}
