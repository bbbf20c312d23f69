//! Section 5.3, Fig. 8: the landscapes around tickets for ten blobs, and how well those tickets generalise.

use slt_datasets::paper::PaperName::Blobs;
use slt_datasets::paper::PaperScaling;
use slt_stats::Summary;

use super::claim::Needs::{Arms, Runs};
use super::claim::{Basis, Claim, Former};
use super::evidence::{Evidence, Notes};
use crate::analyses::{self, Form, SLICINGS, Slicing, Tickets};
use crate::arm::{Arm, any};
use crate::method::Method;
use crate::quantity::Quantity;
use crate::{Error, Plan};
use slt_run::{Coordinates, LandscapeRecord, Records, RunSpec, SpectrumRecord};

pub(super) const CLAIMS: &[Claim] = &[
    Claim {
        id: "landscape-shape",
        source: "Section 5.3, Fig. 8",
        statement: "Around a ticket for ten blobs the loss is relatively convex with the ticket as its minimum, while the accuracy \
                    is extremely non-convex, and high in the closest neighbourhood of the ticket alone.",
        test: "5 tickets, 5 planes through each, 21 x 21 points, directions from N(0, 1): no point has a lower loss than the \
               ticket; at most 2 % of the points have 90 % of its accuracy; what three neighbours lack to convexity is, on \
               average and relative to the range of values, at least 3 times larger for 1 - accuracy than for the loss. \
               Tickets as they evolved in protocol clean, pruned on test data in protocol paper: the published code stores \
               no others. Its directions from U[0, 1), a tenth of the reach, and weights alone are told beside.",
        published: None,
        basis: Basis::Bootstrap,
        runs_needed: 5,
        has_protocols: true,
        needs: Runs(planes_and_the_drawn_one),
        decide: landscape_shape,
        former: Some(Former {
            test: "One ticket, one plane: no point has a lower loss, and the share of three neighbours that violate convexity is \
                   at least 3 times higher for 1 - accuracy. One pair of directions is chance, and plateaus never violate.",
            decide: landscape_shape_before,
        }),
    },
    Claim {
        id: "landscape-narrow",
        source: "Section 5.3, Fig. 8",
        statement: "The region of high accuracy around a ticket for ten blobs is very small: small changes of the parameters \
                    already make it much worse.",
        test: "On the planes of landscape-shape at most 2 % of the points have 90 % of the ticket's accuracy.",
        published: Some("\"very small\""),
        basis: Basis::Bootstrap,
        runs_needed: 5,
        has_protocols: true,
        needs: Runs(planes),
        decide: landscape_narrow,
        former: None,
    },
    Claim {
        id: "hessian-sharper-raw",
        source: "Section 5.3",
        statement: "At tickets for ten raw blobs the Hessian of the loss has a few very large eigenvalues, compared with tickets for \
                    normalized ones.",
        test: "Largest over tenth largest eigenvalue, median of 5 tickets: at least 50 raw, at most 20 normalized. Over unmasked \
               weights and biases; tickets as they evolved in protocol clean, pruned on test data in protocol paper. The \
               blocks of the published code, all weights or biases of a layer, beside it.",
        published: None,
        basis: Basis::Bootstrap,
        runs_needed: 5,
        has_protocols: true,
        needs: Runs(hessians),
        decide: hessian_sharper_raw,
        former: Some(Former {
            test: "The median largest eigenvalue is at least 3 times that of normalized data. Raw inputs are some 50 times \
                   larger, so that curvatures are, too: true by units alone.",
            decide: hessian_sharper_raw_before,
        }),
    },
    Claim {
        id: "normalized-generalises",
        source: "Section 5.3",
        statement: "The sharper minima of raw data generalise worse than those of normalized data.",
        test: "Ten blobs: mean training minus test accuracy is larger on raw than on normalized data. Tickets as they evolved in \
               protocol clean, pruned on test data in protocol paper.",
        published: Some("\"could lead to a worse generalization\""),
        basis: Basis::Bootstrap,
        runs_needed: 25,
        has_protocols: true,
        needs: Arms(ten_pruned),
        decide: normalized_generalises,
        former: None,
    },
];

/// Raw and normalized data.
const SCALINGS: [(&str, PaperScaling); 2] =
    [("raw", PaperScaling::Paper), ("normalized", PaperScaling::MinMax)];

fn planes(plan: &Plan, records: &Records) -> Result<Vec<RunSpec>, Error> {
    let mut runs = Vec::new();
    for slicing in SLICINGS {
        let tickets = slicing.tickets(plan)?;
        runs.extend(tickets.runs(records));
        let known = tickets.known(records);
        runs.extend(any(known.iter().flat_map(|ticket| slicing.through(plan, ticket))));
    }
    Ok(runs)
}

fn planes_and_the_drawn_one(plan: &Plan, records: &Records) -> Result<Vec<RunSpec>, Error> {
    Ok(planes(plan, records)?.into_iter().chain(any(analyses::landscape(plan, records)?)).collect())
}

/// Something about a plane.
type Shape = (&'static str, fn(&LandscapeRecord) -> f64);

const NARROW: Shape = ("points with 90 % of the ticket's accuracy (%)", |plane| {
    let middle = plane.correct.len() / 2;
    let enough = 0.9 * plane.correct[middle][middle] as f64;
    share(plane.correct.iter().flatten().map(|&correct| correct as f64 >= enough))
});

const LOWEST: Shape = ("planes without a loss below the ticket's (%)", |plane| {
    let middle = plane.loss.len() / 2;
    share([lowest(&plane.loss) >= plane.loss[middle][middle]])
});

const LOSS_BULGES: Shape =
    ("lack of convexity, loss (% of the range)", |plane| 100.0 * convexity(&plane.loss).lack);

const ACCURACY_BULGES: Shape =
    ("lack of convexity, 1 - accuracy (% of the range)", |plane| 100.0 * convexity(&wrong(plane)).lack);

const LOSS_VIOLATIONS: Shape =
    ("triples against convexity, loss (%)", |plane| 100.0 * convexity(&plane.loss).violations);

const ACCURACY_VIOLATIONS: Shape =
    ("triples against convexity, 1 - accuracy (%)", |plane| 100.0 * convexity(&wrong(plane)).violations);

/// The paper has the steepest ascent near delta = 1.
const LOPSIDED: Shape =
    ("loss at the upper end of delta over that at the lower (decimal logarithm)", |plane| {
        let (last, middle) = (plane.loss.len() - 1, plane.loss.len() / 2);
        let log = |row: usize| libm::log10(plane.loss[row][middle].max(f64::MIN_POSITIVE));
        log(last) - log(0)
    });

/// The mean over the tickets, and for each over its planes.
fn mean_shape(evidence: &Evidence<'_>, slicing: Slicing, (name, of): Shape) -> Result<f64, Error> {
    let Evidence { plan, records, .. } = evidence;
    let by_ticket = evidence.named(&format!("{}: {name}", slicing.label), || {
        let tickets = slicing.tickets(plan)?.need(records)?.into_iter();
        let means = tickets.map(|ticket| {
            let planes = records.need_all(&slicing.through(plan, &ticket))?;
            Ok(slt_stats::mean(&planes.into_iter().map(of).collect::<Vec<_>>())?)
        });
        means.collect()
    })?;
    Ok(slt_stats::mean(&by_ticket)?)
}

fn landscape_shape(evidence: &Evidence<'_>, notes: &mut Notes) -> Result<(), Error> {
    for slicing in SLICINGS {
        let mut mean = |shape: Shape| {
            let mean = mean_shape(evidence, slicing, shape)?;
            Ok::<_, Error>(notes.add(format!("{}: {}", slicing.label, shape.0), mean))
        };
        let (narrow, lowest) = (mean(NARROW)?, mean(LOWEST)?);
        let (loss, accuracy) = (mean(LOSS_BULGES)?, mean(ACCURACY_BULGES)?);
        for shape in [LOSS_VIOLATIONS, ACCURACY_VIOLATIONS, LOPSIDED] {
            mean(shape)?;
        }
        if slicing.decides(evidence.protocol) {
            notes.at_least("no loss below the ticket's on any plane (%)", lowest, 100.0);
            notes.at_most("at most 2 % of the points with 90 % of the ticket's accuracy", narrow, 2.0);
            notes.above("accuracy is not convex", accuracy, 0.0);
            notes.at_least("lack of convexity: accuracy at least 3 times loss", accuracy, 3.0 * loss);
        }
    }
    Ok(())
}

fn landscape_narrow(evidence: &Evidence<'_>, notes: &mut Notes) -> Result<(), Error> {
    for slicing in SLICINGS {
        let narrow = mean_shape(evidence, slicing, NARROW)?;
        notes.add(format!("{}: {}", slicing.label, NARROW.0), narrow);
        if slicing.decides(evidence.protocol) {
            notes.at_most("at most 2 % of the points with 90 % of the ticket's accuracy", narrow, 2.0);
        }
    }
    Ok(())
}

fn landscape_shape_before(evidence: &Evidence<'_>, notes: &mut Notes) -> Result<(), Error> {
    let Evidence { plan, records, .. } = evidence;
    let plane = evidence.undrawn().named("the drawn plane", || {
        records.need_all(&analyses::curved_searches(plan, PaperScaling::Paper)?[..1])?;
        let specs: Vec<_> = analyses::landscape(plan, records)?.into_iter().collect();
        let numbers = [LOWEST, LOSS_VIOLATIONS, ACCURACY_VIOLATIONS];
        let planes = records.need_all(&specs)?.into_iter();
        Ok(planes.flat_map(|plane| numbers.map(|(_, of)| of(plane))).collect())
    })?;
    if let [lowest, loss, accuracy] = plane[..] {
        notes.at_least("no loss below the ticket's (%)", lowest, 100.0);
        notes.above("accuracy is not convex", accuracy, 0.0);
        notes.at_least("triples against convexity: accuracy at least 3 times loss (%)", accuracy, 3.0 * loss);
    }
    Ok(())
}

fn share(met: impl IntoIterator<Item = bool>) -> f64 {
    let met: Vec<f64> = met.into_iter().map(|met| f64::from(u8::from(met))).collect();
    100.0 * met.iter().sum::<f64>() / met.len().max(1) as f64
}

fn lowest(grid: &[Vec<f64>]) -> f64 {
    grid.iter().flatten().copied().fold(f64::INFINITY, f64::min)
}

/// Samples that are classified wrongly.
fn wrong(plane: &LandscapeRecord) -> Vec<Vec<f64>> {
    let wrong = |&correct: &u64| plane.samples as f64 - correct as f64;
    plane.correct.iter().map(|row| row.iter().map(wrong).collect()).collect()
}

/// How far a grid is from a convex function, which has neither.
#[derive(Debug, PartialEq)]
struct Convexity {
    /// The share of three neighbours, in rows and columns, of which the middle one is above the line through
    /// the others.
    violations: f64,
    /// How far it is above, on average over all of them, as a share of the range of the values.
    lack: f64,
}

fn convexity(grid: &[Vec<f64>]) -> Convexity {
    // Differences of this share of the values are rounding.
    const ROUNDING: f64 = 1e-12;
    let columns = (0..grid.len()).map(|column| grid.iter().map(|row| row[column]).collect());
    let range = grid.iter().flatten().copied().fold(f64::NEG_INFINITY, f64::max) - lowest(grid);
    let (mut count, mut lack, mut all) = (0.0, 0.0, 0.0);
    for line in grid.iter().cloned().chain(columns) {
        for triple in line.windows(3) {
            let above = triple[1] - (0.5 * triple[0] + 0.5 * triple[2]);
            if above > ROUNDING * triple[1].abs() {
                count += 1.0;
                lack += above / range;
            }
            all += 1.0;
        }
    }
    let all = f64::max(all, 1.0);
    Convexity { violations: count / all, lack: lack / all }
}

/// The published code's blocks of parameters: all of a tensor, those included that are masked.
const BLOCKS: [(&str, Coordinates); 4] = [
    ("weights of layer 1", Coordinates::Weights { layer: 0 }),
    ("biases of layer 1", Coordinates::Biases { layer: 0 }),
    ("weights of layer 2", Coordinates::Weights { layer: 1 }),
    ("biases of layer 2", Coordinates::Biases { layer: 1 }),
];

/// The Hessians that are looked at: form of the tickets, parameters, and both in words.
fn all_hessians() -> Vec<(Form, Coordinates, String)> {
    let whole = Form::ALL.map(|form| (form, Coordinates::Unmasked, form.label().to_owned()));
    let blocks = BLOCKS
        .map(|(name, block)| (Form::TestPruned, block, format!("{}, {name}", Form::TestPruned.label())));
    whole.into_iter().chain(blocks).collect()
}

fn hessians(plan: &Plan, records: &Records) -> Result<Vec<RunSpec>, Error> {
    let mut runs = Vec::new();
    for (_, scaling) in SCALINGS {
        for (form, over, _) in all_hessians() {
            let tickets = Tickets::curved(plan, scaling, form)?;
            runs.extend(tickets.runs(records));
            let known = tickets.known(records).into_iter();
            runs.extend(any(known.map(|ticket| analyses::spectrum(ticket, over))));
        }
    }
    Ok(runs)
}

/// A number of each spectrum.
fn of_spectra(
    evidence: &Evidence<'_>,
    name: &str,
    scaling: PaperScaling,
    (form, over): (Form, Coordinates),
    number: fn(&SpectrumRecord) -> f64,
) -> Result<Vec<f64>, Error> {
    let Evidence { plan, records, .. } = evidence;
    evidence.named(name, || {
        let tickets = Tickets::curved(plan, scaling, form)?.need(records)?.into_iter();
        let spectra = tickets.map(|ticket| records.need(&analyses::spectrum(ticket, over)));
        spectra.map(|record| Ok(number(record?))).collect()
    })
}

fn median(values: &[f64]) -> Result<f64, Error> {
    Ok(Summary::of(values)?.median)
}

fn largest(record: &SpectrumRecord) -> f64 {
    record.eigenvalues.first().copied().unwrap_or(0.0)
}

/// The largest eigenvalue over the tenth, which counts as a millionth of it if it is smaller; 1 without a
/// positive one.
fn dominance(record: &SpectrumRecord) -> f64 {
    let top = largest(record);
    let tenth = record.eigenvalues.get(9).or(record.eigenvalues.last()).copied().unwrap_or(0.0);
    if top > 0.0 { top / tenth.max(1e-6 * top) } else { 1.0 }
}

fn hessian_sharper_raw(evidence: &Evidence<'_>, notes: &mut Notes) -> Result<(), Error> {
    let mut open = 0.0;
    for (form, over, what) in all_hessians() {
        for (label, scaling) in SCALINGS {
            let numbers = |name: &str, number| {
                let name = format!("{label}, {what}: {name}");
                of_spectra(evidence, &name, scaling, (form, over), number).map(|numbers| (name, numbers))
            };
            let (name, tops) = numbers("largest eigenvalue, median", largest)?;
            notes.add(name, median(&tops)?);
            let (_, not_converged) =
                numbers("not converged", |record| f64::from(u8::from(!record.converged)))?;
            open += not_converged.iter().sum::<f64>();
            // The biases of the last layer are ten in all, and moving them together changes nothing.
            if over == (Coordinates::Biases { layer: 1 }) {
                continue;
            }
            let (name, ratios) = numbers("largest eigenvalue over the 10th, median", dominance)?;
            let ratio = notes.add(name, median(&ratios)?);
            if over == Coordinates::Unmasked && form == Form::of(evidence.protocol) {
                if scaling == PaperScaling::Paper {
                    notes.at_least("raw: largest over 10th eigenvalue >= 50", ratio, 50.0);
                } else {
                    notes.at_most("normalized: largest over 10th eigenvalue <= 20", ratio, 20.0);
                }
            }
        }
    }
    notes.add("spectra that did not converge", open);
    Ok(())
}

fn hessian_sharper_raw_before(evidence: &Evidence<'_>, notes: &mut Notes) -> Result<(), Error> {
    let median = |(label, scaling)| {
        let which = (Form::Evolved, Coordinates::Unmasked);
        median(&of_spectra(evidence, &format!("{label}: largest, before"), scaling, which, largest)?)
    };
    let [raw, normalized] = SCALINGS.map(median);
    let (raw, normalized) = (raw?, normalized?);
    notes.above("median largest eigenvalue, raw, above 0", raw, 0.0);
    notes.at_least("median largest eigenvalue, raw at least 3 times normalized", raw, 3.0 * normalized);
    Ok(())
}

fn ten(method: Method, scaling: PaperScaling) -> Arm {
    Arm::classes(method, Blobs, 10).scaled(scaling)
}

/// The tickets as they evolved come with them.
fn ten_pruned() -> Vec<Arm> {
    SCALINGS.map(|(_, scaling)| ten(Method::ga_loss_pruned(), scaling)).to_vec()
}

fn normalized_generalises(evidence: &Evidence<'_>, notes: &mut Notes) -> Result<(), Error> {
    let method = match Form::of(evidence.protocol) {
        Form::Evolved => Method::ga_loss(),
        Form::TestPruned => Method::ga_loss_pruned(),
    };
    let mut gaps = Vec::new();
    for (label, scaling) in SCALINGS {
        let arm = ten(method, scaling);
        let train = slt_stats::mean(&evidence.values(&arm, Quantity::TrainAccuracy)?)?;
        let train = notes.add(format!("{label}, mean training accuracy (%)"), train);
        let test = notes.add(format!("{label}, mean test accuracy (%)"), evidence.mean(&arm)?);
        gaps.push(notes.add(format!("{label}, training - test (points)"), train - test));
    }
    if let [raw, normalized] = gaps[..] {
        notes.above("training - test: raw above normalized (points)", raw, normalized);
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn grid(value: impl Fn(f64, f64) -> f64) -> Convexity {
        let axis = || (-2..=2).map(f64::from);
        convexity(&axis().map(|x| axis().map(|y| value(x, y)).collect()).collect::<Vec<_>>())
    }

    #[test]
    fn convexity_by_hand() {
        let convex = Convexity { violations: 0.0, lack: 0.0 };
        assert_eq!(grid(|x, y| x * x + y * y), convex);
        // A plane is convex, rounding aside.
        assert_eq!(grid(|x, y| 0.1 * x + 0.3 * y), convex);
        // The middle is 1 too high, of a range of 8.
        assert_eq!(grid(|x, y| -x * x - y * y), Convexity { violations: 1.0, lack: 0.125 });
        // Against convexity along rows alone.
        assert_eq!(grid(|x, y| x * x - y * y), Convexity { violations: 0.5, lack: 0.0625 });
        // Where losses overflow.
        assert_eq!(grid(|_, _| f64::MAX), convex);
        let spike = grid(|x, y| if x == 0.0 && y == 0.0 { f64::MAX } else { 0.0 });
        assert_eq!(spike, Convexity { violations: 2.0 / 30.0, lack: 2.0 / 30.0 });
    }

    #[test]
    fn one_slicing_decides_in_each_protocol() {
        for protocol in crate::Protocol::ALL {
            let deciding: Vec<_> = SLICINGS.iter().filter(|slicing| slicing.decides(protocol)).collect();
            assert_eq!(deciding.len(), 1);
            assert_eq!(deciding[0].form, Form::of(protocol));
        }
    }
}
