//! Test accuracy against sparsity: what masks of few weights cost.

use serde::Serialize;
use slt_datasets::paper::PaperName::{Circles, Digits, Moons};
use slt_plot::{Axis, Color, DOUBLE_COLUMN_MM, Dash, Figure as Drawing, Line, Panel};

use super::super::common::{Sample, listed, lower_end, note, percent, place_of, provenance};
use super::super::{Figure, Rendered};
use super::{Place, STRETCHED, bars, genetic, interval, stretched, stretched_bars};
use crate::arm::{self, Arm};
use crate::beyond::OtherSearch;
use crate::method::Method;
use crate::quantity::Quantity;
use crate::{Cell, Error, Plan, Protocol, Scale, Table};
use slt_run::{MaskSearchRecord, Records, RunSpec};

pub(crate) const FIGURE: Figure = Figure {
    id: "front",
    title: "Beyond the paper: test accuracy against sparsity",
    caption: "Test accuracy against sparsity: the memetic search with rising prices of active weights, the fronts of NSGA-II, \
             the paper's genetic algorithm after pruning on training data, and edge-popup at 50 %.",
    in_paper: false,
    runs,
    render,
};

/// What an active weight has to be worth of the objective: the accuracy on circles and moons, the
/// cross-entropy on digits.
const PRICES: [f64; 6] = [1e-6, 1e-5, 1e-4, 3e-4, 1e-3, 3e-3];

/// Steps of sparsity at which the mean of fronts is taken.
const STEPS: u32 = 200;

/// The protocol of the paper's genetic algorithm here.
const DRAWN: Protocol = Protocol::Clean;

/// What tickets are of; two of them at scale quick.
fn places(plan: &Plan) -> Vec<Place> {
    let [ten, circles] = [Place::many(Digits, 10), Place::binary(Circles, "D")];
    if plan.scale == Scale::Quick {
        return vec![ten, circles];
    }
    let few = [2, 3, 4, 5].map(|classes| Place::many(Digits, classes));
    few.into_iter().chain([ten, circles, Place::binary(Moons, "D")]).collect()
}

/// Prices at a scale; 0 is the memetic search as it is.
fn prices(plan: &Plan) -> Vec<f64> {
    let step = if plan.scale == Scale::Quick { 2 } else { 1 };
    std::iter::once(0.0).chain(PRICES.into_iter().skip(step - 1).step_by(step)).collect()
}

fn priced(place: Place, price: f64) -> Arm {
    place.search(if price == 0.0 { OtherSearch::Memetic } else { OtherSearch::Priced(price) })
}

/// The genetic algorithm of the paper, its tickets pruned; none until it is known which of the configurations
/// is the better.
fn pruned(place: Place, plan: &Plan, records: &Records) -> Result<Option<Arm>, Error> {
    let arm = place.genetic();
    if arm.method != Method::BetterGa {
        return Ok(Some(arm));
    }
    match arm.better_configuration(plan, records, DRAWN) {
        Ok(better) => Ok(Some(better.by(better.method.pruned()))),
        Err(Error::Run(slt_run::Error::Missing { .. })) => Ok(None),
        Err(error) => Err(error),
    }
}

/// What is drawn.
#[derive(Debug, Serialize)]
struct Data {
    protocol: Protocol,
    trades: Vec<Trade>,
}

/// All tickets at one place.
#[derive(Debug, Serialize)]
struct Trade {
    #[serde(flatten)]
    place: Place,
    /// By rising price.
    memetic: Vec<Tickets>,
    genetic: Tickets,
    edge_popup: Tickets,
    nsga: Fronts,
}

/// The fronts of the runs of NSGA-II.
#[derive(Debug, Serialize)]
struct Fronts {
    /// Sparsity and test accuracy of the tickets of each run, by rising sparsity.
    runs: Vec<Vec<[f64; 2]>>,
    /// Their mean at a sparsity: of each run, the least sparse ticket that is at least as sparse counts.
    mean: Vec<(f64, Sample)>,
}

impl Fronts {
    fn of(mut runs: Vec<Vec<[f64; 2]>>) -> Result<Self, Error> {
        for run in &mut runs {
            run.sort_by(|a, b| a[0].total_cmp(&b[0]));
        }
        let first = runs.iter().filter_map(|run| run.first()).map(|ticket| ticket[0]).fold(0.0, f64::max);
        let mut mean = Vec::new();
        for sparsity in (0..STEPS).map(|step| f64::from(step) / f64::from(STEPS)).filter(|&s| s >= first) {
            let of =
                |run: &Vec<[f64; 2]>| run.iter().find(|ticket| ticket[0] >= sparsity).map(|ticket| ticket[1]);
            let Some(accuracies) = runs.iter().map(of).collect::<Option<Vec<f64>>>() else { break };
            mean.push((sparsity, Sample::of(accuracies)?));
        }
        Ok(Self { runs, mean })
    }

    /// The lowest test accuracy, and the lowest sparsity.
    fn lowest(&self) -> [f64; 2] {
        let least = |i: usize| self.runs.iter().flatten().map(|ticket| ticket[i]).fold(1.0, f64::min);
        [least(1), least(0)]
    }
}

/// The tickets of the runs of a method.
#[derive(Debug, Serialize)]
struct Tickets {
    method: &'static str,
    /// Of an active weight.
    price: Option<f64>,
    test_accuracy: Sample,
    sparsity: Sample,
}

impl Tickets {
    fn of(
        method: &'static str,
        price: Option<f64>,
        arm: Arm,
        plan: &Plan,
        records: &Records,
    ) -> Result<Self, Error> {
        let sample = |quantity| Sample::of(arm.values(plan, records, DRAWN, quantity)?);
        let (test_accuracy, sparsity) = (sample(Quantity::TestAccuracy)?, sample(Quantity::Sparsity)?);
        Ok(Self { method, price, test_accuracy, sparsity })
    }
}

impl Trade {
    fn of(place: Place, plan: &Plan, records: &Records) -> Result<Self, Error> {
        let popup = Method::edge_popup();
        let memetic = prices(plan).into_iter().map(|price| {
            Tickets::of(OtherSearch::Memetic.label(), Some(price), priced(place, price), plan, records)
        });
        // Without its runs there is an error that says which is missing.
        let evolved = pruned(place, plan, records)?.unwrap_or(place.genetic());
        let found = place.search(OtherSearch::Nsga2).masks(plan, records)?;
        let front = |record: &MaskSearchRecord| {
            record.front.iter().map(|ticket| [ticket.sparsity, ticket.test_accuracy]).collect()
        };
        Ok(Self {
            place,
            nsga: Fronts::of(found.into_iter().map(front).collect())?,
            memetic: memetic.collect::<Result<_, _>>()?,
            genetic: Tickets::of(genetic().0, None, evolved, plan, records)?,
            edge_popup: Tickets::of(popup.label(), None, place.by(popup), plan, records)?,
        })
    }

    /// All tickets, with their colours.
    fn tickets(&self) -> impl Iterator<Item = (&Tickets, Color)> {
        let others = [(&self.genetic, genetic().1), (&self.edge_popup, Method::edge_popup().color())];
        self.memetic.iter().map(|tickets| (tickets, OtherSearch::Memetic.color())).chain(others)
    }
}

fn runs(plan: &Plan, records: &Records) -> Result<Vec<RunSpec>, Error> {
    let mut arms = Vec::new();
    for place in places(plan) {
        arms.extend(prices(plan).into_iter().map(|price| priced(place, price)));
        arms.extend([place.genetic(), place.by(Method::edge_popup()), place.search(OtherSearch::Nsga2)]);
        arms.extend(pruned(place, plan, records)?);
    }
    arm::runs(arms, plan, records)
}

fn render(plan: &Plan, records: &Records) -> Result<Rendered, Error> {
    let trades = places(plan).into_iter().map(|place| Trade::of(place, plan, records));
    let data = Data { protocol: DRAWN, trades: trades.collect::<Result<_, _>>()? };
    Ok(Rendered::of_runs(plan, &data, draw(plan, &data), tabulate(&data), summarise(&data)))
}

fn draw(plan: &Plan, data: &Data) -> Drawing {
    let note = note([
        format!(
            "{}; bars: 95 % t intervals of the means, cut at 0 and 100 %",
            provenance(plan, &[data.protocol])
        ),
        format!(
            "Memetic: from left to right an active weight has to be worth {} of the objective, which is the accuracy on circles \
             and moons, the cross-entropy on digits. GA of the paper: pruned after the evolution as far as no training sample is \
             lost; on circles and moons the better of its configurations by training accuracy.",
            listed(prices(plan).into_iter().map(power))
        ),
        "NSGA-II: the front of training performance and sparsity of each run, which may take as much as in beyond-work; the mean \
         takes, of each run, the least sparse ticket that is at least as sparse."
            .to_owned(),
        STRETCHED.to_owned(),
    ]);
    let columns = if data.trades.len() > 4 { 3 } else { 2 };
    Drawing::grid(DOUBLE_COLUMN_MM, columns, data.trades.iter().map(panel).collect())
        .lettered()
        .shared_legend()
        .frame_height_mm(44.0)
        .note(note)
        .description(format!(
            "Mean test accuracy against mean sparsity over {} runs of the memetic search at several prices of active weights, \
             NSGA-II's fronts, the paper's genetic algorithm after pruning, and edge-popup.",
            plan.runs
        ))
}

/// `10⁻⁴`, `3·10⁻⁴`: a price of one digit.
fn power(price: f64) -> String {
    let text = format!("{price:e}");
    let Some((digit, exponent)) = text.split_once("e-") else { return price.to_string() };
    let superscript = |digit: char| digit.to_digit(10).and_then(|d| "⁰¹²³⁴⁵⁶⁷⁸⁹".chars().nth(d as usize));
    let exponent: String = exponent.chars().filter_map(superscript).collect();
    let factor = if digit == "1" { String::new() } else { format!("{digit}·") };
    format!("{factor}10⁻{exponent}")
}

fn panel(trade: &Trade) -> Panel {
    let all = || trade.tickets().map(|(tickets, _)| tickets);
    let [lowest, leftmost] = trade.nsga.lowest();
    let low = lower_end(all().map(|tickets| interval(&tickets.test_accuracy).0).chain([lowest]));
    let left = lower_end(all().map(|tickets| tickets.sparsity.mean).chain([leftmost]));
    let x = Axis::new("Sparsity (%)").percent().range(left, 1.01);
    let y = stretched("Mean test accuracy (%)", low);
    let series = |tickets: &[&Tickets], color: Color| {
        let at = tickets.iter().map(|tickets| tickets.sparsity.mean).collect();
        let samples: Vec<&Sample> = tickets.iter().map(|tickets| &tickets.test_accuracy).collect();
        let label = tickets.first().map_or("", |tickets| tickets.method);
        stretched_bars(bars(at, &samples)).label(label).color(color)
    };
    let memetic: Vec<&Tickets> = trade.memetic.iter().collect();
    let search = series(&memetic, OtherSearch::Memetic.color()).dash(OtherSearch::Memetic.dash()).connected();
    let nsga = OtherSearch::Nsga2;
    let runs = trade.nsga.runs.iter().filter(|run| !run.is_empty()).map(|run| {
        let (x, y) = run.iter().map(|ticket| (ticket[0], place_of(ticket[1]))).unzip();
        Line::new(x, y).color(Color::Faint).dash(Dash::Solid).thin().label("NSGA-II, each run")
    });
    let (x_mean, y_mean) =
        trade.nsga.mean.iter().map(|(sparsity, sample)| (*sparsity, place_of(sample.mean))).unzip();
    let mean = Line::new(x_mean, y_mean).color(nsga.color()).dash(Dash::Dashed).label("NSGA-II, mean");
    Panel::new(x, y)
        .title(trade.place.name())
        .marks(runs)
        .marks((!trade.nsga.mean.is_empty()).then_some(mean))
        .mark(search)
        .mark(series(&[&trade.genetic], genetic().1))
        .mark(series(&[&trade.edge_popup], Method::edge_popup().color()))
}

fn tabulate(data: &Data) -> Table {
    let names = ["method", "price", "protocol", "quantity"];
    let mut table =
        Table::new(Place::COLUMNS.into_iter().chain(names).chain(Sample::COLUMNS).chain(["at_sparsity"]));
    for trade in &data.trades {
        let mut row = |names: [Cell; 4], sample: &Sample, at_sparsity: Cell| {
            table.push(
                trade.place.cells().into_iter().chain(names).chain(sample.cells()).chain([at_sparsity]),
            );
        };
        for (Tickets { method, price, test_accuracy, sparsity }, _) in trade.tickets() {
            let protocol = (*method == genetic().0).then_some(data.protocol.name());
            for (quantity, sample) in [("test_accuracy", test_accuracy), ("sparsity", sparsity)] {
                let names = [(*method).into(), (*price).into(), protocol.into(), quantity.into()];
                row(names, sample, Cell::Missing);
            }
        }
        for (sparsity, sample) in &trade.nsga.mean {
            let nsga = OtherSearch::Nsga2.label();
            let names = [nsga.into(), Cell::Missing, Cell::Missing, "test_accuracy".into()];
            row(names, sample, (*sparsity).into());
        }
    }
    table
}

fn summarise(data: &Data) -> String {
    let text = |tickets: &Tickets| {
        format!("{} % at {} % sparsity", percent(tickets.test_accuracy.mean), percent(tickets.sparsity.mean))
    };
    let sentence = |trade: &Trade| {
        let ends = trade.memetic.first().into_iter().chain(trade.memetic.last()).map(text);
        let ends: Vec<String> = ends.collect();
        format!(
            "{}: memetic from {}, the GA of the paper {}, edge-popup {}",
            trade.place.name(),
            ends.join(" to "),
            text(&trade.genetic),
            text(&trade.edge_popup)
        )
    };
    data.trades.iter().map(sentence).collect::<Vec<_>>().join("; ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_mean_of_fronts_is_where_all_runs_are() {
        let fronts = Fronts::of(vec![vec![[0.9, 0.5], [0.5, 0.8]], vec![[0.4, 0.9], [0.95, 0.7]]]).unwrap();
        assert_eq!(fronts.runs[0][0], [0.5, 0.8]);
        let at = |sparsity: f64| {
            fronts.mean.iter().find(|(s, _)| (s - sparsity).abs() < 1e-9).map(|(_, m)| m.mean)
        };
        // From where the second one begins to where the first one ends.
        assert_eq!((fronts.mean[0].0, fronts.mean.last().unwrap().0), (0.5, 0.9));
        assert!((at(0.5).unwrap() - 0.75).abs() < 1e-12 && (at(0.6).unwrap() - 0.6).abs() < 1e-12);
        assert_eq!(fronts.lowest(), [0.5, 0.4]);
    }

    #[test]
    fn prices_are_powers() {
        assert_eq!([0.0, 1e-6, 3e-4, 1e-10].map(power), ["0", "10⁻⁶", "3·10⁻⁴", "10⁻¹⁰"]);
    }
}
