//! Test accuracy against work: searches for masks at equal multiply-adds, and the memetic one without its
//! parts.

use serde::Serialize;
use serde_json::json;
use slt_datasets::paper::PaperName::{Blobs, Circles, Digits, Moons};
use slt_plot::{Align, Axis, Band, DOUBLE_COLUMN_MM, Figure as Drawing, Line, Panel};
use slt_run::{DataSource, MaskSearchRecord, architecture_for, canonical_data};
use slt_stats::quantile;

use super::super::common::{Sample, listed, lower_end, note, percent, place_of, provenance};
use super::super::{Figure, Rendered};
use super::{Place, STRETCHED, bars, stretched, stretched_bars};
use crate::arm::{self, Arm};
use crate::beyond::{MemeticPart, OtherSearch};
use crate::method::Method;
use crate::{Cell, Error, Plan, Protocol, Scale, Table};
use slt_run::{Records, RunSpec};

pub(crate) const FIGURE: Figure = Figure {
    id: "beyond-work",
    title: "Beyond the paper: searches for masks at equal work",
    caption: "Test accuracy of the best mask so far, by training data, over the multiply-adds with active weights: searches that may \
             all take the same, with edge-popup and backpropagation as points; below, the memetic search without its parts.",
    in_paper: false,
    runs,
    render,
};

/// Passes over the weights that a sample takes of an epoch: one forward; backward one for the gradients of
/// the weights and one for those of the activations.
const PASSES: f64 = 3.0;

/// How far beyond the end of the longest search the curves go on.
const AFTER: f64 = 1.5;

/// What the searches are on; two of them at scale quick.
fn places(plan: &Plan) -> Vec<Place> {
    let [circles, ten] = [Place::binary(Circles, "A"), Place::many(Digits, 10)];
    if plan.scale == Scale::Quick {
        return vec![circles, ten];
    }
    vec![circles, Place::binary(Circles, "D"), Place::binary(Moons, "A"), Place::many(Blobs, 10), ten]
}

/// What is drawn as curves, the one in front last.
fn searches() -> [OtherSearch; 7] {
    use OtherSearch::{Annealing, Descent, Genetic, HeavyTailed, LateAcceptance, Memetic, Umda};
    [Umda, HeavyTailed, Genetic, LateAcceptance, Descent, Annealing, Memetic]
}

/// What has no multiply-adds on the way, only in the end.
fn trained() -> [Method; 2] {
    [Method::edge_popup(), Method::Backpropagation]
}

/// What is compared in the end only.
fn ablated() -> impl Iterator<Item = OtherSearch> {
    std::iter::once(OtherSearch::Memetic).chain(MemeticPart::ALL.map(OtherSearch::Without))
}

/// All methods at one place.
#[derive(Debug, Serialize)]
struct Race {
    #[serde(flatten)]
    place: Place,
    curves: Vec<Curve>,
    trained: Vec<End>,
    ablated: Vec<End>,
}

/// The best of a search on the way.
#[derive(Debug, Serialize)]
struct Curve {
    method: &'static str,
    #[serde(skip)]
    search: OtherSearch,
    spots: Vec<Spot>,
    end: End,
}

/// The best of all runs by when they have taken so much; a run that has ended stays where it was.
#[derive(Debug, Serialize)]
struct Spot {
    multiply_adds: f64,
    test_accuracy: Sample,
    quartiles: [f64; 2],
    train_accuracy: f64,
    sparsity: f64,
}

/// What comes out in the end.
#[derive(Debug, Serialize)]
struct End {
    method: &'static str,
    #[serde(skip)]
    drawn: Method,
    /// The mean of the runs.
    multiply_adds: f64,
    test_accuracy: Sample,
    train_accuracy: f64,
    sparsity: f64,
}

/// The best of a run at some time: test accuracy, training accuracy, sparsity.
type Best = [f64; 3];

/// The course of a run: what its best was from how many multiply-adds on.
type Course = Vec<(f64, Best)>;

fn course(record: &MaskSearchRecord) -> Course {
    let passed = record.milestones.iter().map(|passed| {
        let best = [passed.test_accuracy, passed.train_accuracy, passed.sparsity];
        (passed.multiply_adds as f64, best)
    });
    let best = &record.best;
    let end = [best.test_accuracy, best.train_accuracy, best.sparsity];
    passed.chain([(record.work.multiply_adds as f64, end)]).collect()
}

/// Half powers of 2 from where the last run begins to where the last one ends, and that end.
fn marks(courses: &[Course]) -> Vec<f64> {
    let latest = |ends: Vec<Option<&(f64, Best)>>| {
        ends.into_iter().flatten().map(|&(work, _)| work).fold(1.0, f64::max)
    };
    let start = latest(courses.iter().map(|course| course.first()).collect());
    let end = latest(courses.iter().map(|course| course.last()).collect());
    let first = (2.0 * libm::log2(start)).ceil() as i32;
    let marks = (first..).map(|half| libm::exp2(f64::from(half) / 2.0)).take_while(|&mark| mark < end);
    marks.chain([end]).collect()
}

impl Spot {
    fn at(multiply_adds: f64, courses: &[Course]) -> Result<Self, Error> {
        let by_then = |course: &Course| {
            course.iter().rev().find(|(work, _)| *work <= multiply_adds).map(|(_, best)| *best)
        };
        let bests: Vec<Best> = courses.iter().filter_map(by_then).collect();
        let column = |i: usize| -> Vec<f64> { bests.iter().map(|best| best[i]).collect() };
        let tests = column(0);
        let quartiles = [quantile(&tests, 0.25)?, quantile(&tests, 0.75)?];
        Ok(Self {
            multiply_adds,
            quartiles,
            train_accuracy: slt_stats::mean(&column(1))?,
            sparsity: slt_stats::mean(&column(2))?,
            test_accuracy: Sample::of(tests)?,
        })
    }
}

impl Curve {
    /// Where its last run ends.
    fn reach(&self) -> f64 {
        self.spots.last().map_or(1.0, |spot| spot.multiply_adds)
    }

    fn of(search: OtherSearch, place: Place, plan: &Plan, records: &Records) -> Result<Self, Error> {
        let end = End::of(Method::Search(search), place, plan, records)?;
        let courses: Vec<_> = place.search(search).masks(plan, records)?.into_iter().map(course).collect();
        let spots = marks(&courses).into_iter().map(|work| Spot::at(work, &courses));
        Ok(Self { method: search.label(), search, spots: spots.collect::<Result<_, _>>()?, end })
    }
}

impl End {
    fn of(method: Method, place: Place, plan: &Plan, records: &Records) -> Result<Self, Error> {
        use crate::quantity::Quantity::{Sparsity, TestAccuracy, TrainAccuracy};
        let arm = place.by(method);
        let values = |quantity| arm.values(plan, records, Protocol::Clean, quantity);
        let mean = |quantity| Ok::<_, Error>(slt_stats::mean(&values(quantity)?)?);
        Ok(Self {
            method: method.label(),
            drawn: method,
            multiply_adds: slt_stats::mean(&taken(arm, plan, records)?)?,
            test_accuracy: Sample::of(values(TestAccuracy)?)?,
            train_accuracy: mean(TrainAccuracy)?,
            sparsity: mean(Sparsity)?,
        })
    }
}

/// The multiply-adds of each run of an arm. Of edge-popup and backpropagation, 3 · epochs · training samples
/// · weights; all weights, for edge-popup changes the scores of those that are masked out, too.
fn taken(arm: Arm, plan: &Plan, records: &Records) -> Result<Vec<f64>, Error> {
    let data = DataSource::from(canonical_data(arm.data)?);
    let weights = architecture_for(&data, arm.architecture)?.n_weights();
    let epoch = PASSES * data.shape()?.samples as f64 * weights as f64;
    Ok(match arm.method {
        Method::Backpropagation => {
            let found = records.need_all(&arm.trainings(plan)?)?;
            found.into_iter().map(|record| epoch * record.n_iter as f64).collect()
        }
        Method::EdgePopup(_) => {
            let popups = arm.need_popups(plan, records, Protocol::Clean)?;
            popups.iter().map(|spec| epoch * spec.config.epochs as f64).collect()
        }
        _ => {
            let found = arm.masks(plan, records)?.into_iter();
            found.map(|record| record.work.multiply_adds as f64).collect()
        }
    })
}

impl Race {
    fn of(place: Place, plan: &Plan, records: &Records) -> Result<Self, Error> {
        let curves = searches().into_iter().map(|search| Curve::of(search, place, plan, records));
        let end = |method| End::of(method, place, plan, records);
        Ok(Self {
            place,
            curves: curves.collect::<Result<_, _>>()?,
            trained: trained().into_iter().map(end).collect::<Result<_, _>>()?,
            ablated: ablated().map(Method::Search).map(end).collect::<Result<_, _>>()?,
        })
    }
}

fn runs(plan: &Plan, records: &Records) -> Result<Vec<RunSpec>, Error> {
    let mut arms = Vec::new();
    for place in places(plan) {
        let searches = searches().into_iter().chain(ablated()).map(Method::Search);
        arms.extend(searches.chain(trained()).map(|method| place.by(method)));
    }
    arm::runs(arms, plan, records)
}

fn render(plan: &Plan, records: &Records) -> Result<Rendered, Error> {
    let races = places(plan).into_iter().map(|place| Race::of(place, plan, records));
    let races: Vec<Race> = races.collect::<Result<_, _>>()?;
    let data = json!({ "races": races });
    Ok(Rendered::of_runs(plan, &data, draw(plan, &races), tabulate(&races), summarise(&races)))
}

fn draw(plan: &Plan, races: &[Race]) -> Drawing {
    let note = note([
        format!(
            "{}; curves: means of the best so far, by training data; bands: quartiles; bars: 95 % t intervals of the means",
            provenance(plan, &[])
        ),
        "Work: multiply-adds with active weights, what-if evaluations and flips included. All searches but the memetic one may take \
         the same, W = 2·(F·S + R·N)·c, for its F flips on S samples, R flips of refinement on N, and c active weights behind a flip on \
         average; a search that ends before stays where it is. EP (50%) and backpropagation: 3 · epochs · training samples · weights."
            .to_owned(),
        STRETCHED.to_owned(),
    ]);
    Drawing::grid(DOUBLE_COLUMN_MM, 2, races.iter().map(race).chain([ablations(races)]).collect())
        .lettered()
        .shared_legend()
        .frame_height_mm(44.0)
        .note(note)
        .description(format!(
            "Mean test accuracy of the best mask so far over the multiply-adds taken, of {} runs of several searches, with \
             edge-popup and backpropagation as points; a table of the memetic search without its parts.",
            plan.runs
        ))
}

fn race(race: &Race) -> Panel {
    let lows = race.curves.iter().flat_map(|curve| &curve.spots).map(|spot| spot.quartiles[0]);
    let low = lower_end(lows.chain(race.trained.iter().map(|end| end.test_accuracy.mean)));
    let x = Axis::new("Multiply-adds").log();
    let y = stretched("Test accuracy (%)", low);
    let mut panel = Panel::new(x, y).title(race.place.name());
    let right = AFTER * race.curves.iter().map(Curve::reach).fold(1.0, f64::max);
    for Curve { method, search, spots, .. } in &race.curves {
        let of = |value: fn(&Spot) -> f64| -> Vec<f64> {
            // What it has come to stays, up to the edge.
            spots.iter().chain(spots.last()).map(value).collect()
        };
        let accuracies = |value: fn(&Spot) -> f64| of(value).into_iter().map(place_of).collect();
        let mut work = of(|spot| spot.multiply_adds);
        work.last_mut().into_iter().for_each(|end| *end = right);
        let (low, high) = (accuracies(|spot| spot.quartiles[0]), accuracies(|spot| spot.quartiles[1]));
        let band = Band::new(work.clone(), low, high).label(*method).color(search.color()).step();
        let mean = Line::new(work, accuracies(|spot| spot.test_accuracy.mean)).step();
        panel = panel.mark(band).mark(mean.label(*method).color(search.color()).dash(search.dash()));
    }
    for end in &race.trained {
        let point = stretched_bars(bars(vec![end.multiply_adds], &[&end.test_accuracy]));
        panel = panel.mark(point.label(end.method).color(end.drawn.color()));
    }
    panel
}

/// The table of the memetic search without its parts.
fn ablations(races: &[Race]) -> Panel {
    let header = ["", "memetic", "without\ncrossover", "without\nlocal search", "without\nrestarts"];
    let aligned = [Align::Left].into_iter().chain([Align::Right; 4]);
    let mut table = slt_plot::Table::new(header).align(aligned);
    for race in races {
        let texts = race.ablated.iter().map(|end| {
            let sd = end.test_accuracy.sd.map_or(String::new(), |sd| format!("±{}", percent(sd)));
            format!("{}{sd}", percent(end.test_accuracy.mean))
        });
        table = table.row(std::iter::once(race.place.name()).chain(texts));
    }
    Panel::bare()
        .title("The memetic search without its parts, at equal work: test accuracy in %, mean ± standard deviation (n − 1)")
        .mark(table)
        .span(2)
}

fn tabulate(races: &[Race]) -> Table {
    let names = ["method", "point", "multiply_adds"];
    let after = ["q1", "q3", "mean_train_accuracy", "mean_sparsity"];
    let columns = Place::COLUMNS.into_iter().chain(names).chain(Sample::COLUMNS).chain(after);
    let mut table = Table::new(columns);
    for race in races {
        let mut row = |method: &str, point: &str, work: f64, sample: &Sample, after: [Cell; 4]| {
            let names = [method.into(), point.into(), work.into()];
            table.push(race.place.cells().into_iter().chain(names).chain(sample.cells()).chain(after));
        };
        for curve in &race.curves {
            for spot in &curve.spots {
                let Spot { multiply_adds, test_accuracy, quartiles: [q1, q3], train_accuracy, sparsity } =
                    spot;
                let after = [*q1, *q3, *train_accuracy, *sparsity].map(Cell::from);
                row(curve.method, "on the way", *multiply_adds, test_accuracy, after);
            }
        }
        let ends = race.curves.iter().map(|curve| &curve.end).chain(&race.trained).chain(&race.ablated[1..]);
        for end in ends {
            let after = [Cell::Missing, Cell::Missing, end.train_accuracy.into(), end.sparsity.into()];
            row(end.method, "end", end.multiply_adds, &end.test_accuracy, after);
        }
    }
    table
}

fn summarise(races: &[Race]) -> String {
    let sentence = |race: &Race| {
        let ends = race.curves.iter().rev().map(|curve| &curve.end).chain(&race.trained);
        let texts = ends.map(|end| format!("{} {}", end.method, percent(end.test_accuracy.mean)));
        format!("{}: {}", race.place.name(), listed(texts))
    };
    let races: Vec<String> = races.iter().map(sentence).collect();
    format!("mean test accuracy in % in the end: {}", races.join("; "))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn curves_begin_with_the_last_run_and_end_with_it() {
        let best = |accuracy| [accuracy, accuracy, 0.5];
        let courses = [
            vec![(4.0, best(0.5)), (16.0, best(0.7))],
            vec![(8.0, best(0.6)), (20.0, best(0.9)), (40.0, best(0.8))],
        ];
        let marks = marks(&courses);
        assert_eq!((marks[0], marks[2], *marks.last().unwrap()), (8.0, 16.0, 40.0));
        let means = [marks[0], 16.0, 40.0].map(|mark| Spot::at(mark, &courses).unwrap().test_accuracy.mean);
        // The first run has ended at 16 and stays there.
        assert!(means.iter().zip([0.55, 0.65, 0.75]).all(|(mean, expected)| (mean - expected).abs() < 1e-12));
    }
}
