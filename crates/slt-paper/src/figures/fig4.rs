//! Figure 4: how a successful run goes. The best of R runs of "GA (adaptive AB)" on circles with architecture
//! B.

use serde::Serialize;
use slt_core::Seed;
use slt_datasets::paper::PaperName;
use slt_ga::GenerationStats;
use slt_plot::{Axis, Color, Dash, Figure as Drawing, Line, Panel, Points};

use super::common::{fittest, note, provenance, ticket_kind};
use super::{Figure, Rendered};
use crate::arm::{Arm, any};
use crate::method::Method;
use crate::{Cell, Error, Plan, Protocol, Table};
use slt_run::{Algorithm, Records, SearchRecord, SearchSpec};

pub(super) const FIGURE: Figure = Figure {
    id: "fig4",
    title: "Progress of a successful run: GA (adaptive AB), circles, B",
    caption: "A successful run of GA (adaptive AB) on circles with B: (a) training accuracy, about 91 % after 100 \
             generations; (b) sparsity of the fittest individual, highest of the generation, highest so far.",
    in_paper: true,
    runs: |plan, _| Ok(any(searches(plan)?).collect()),
    render,
};

/// The colour of the runs behind the best one.
const OTHERS: Color = Color::Faint;

/// What the searches of the figure are on.
const DATA: PaperName = PaperName::Circles;

/// What is drawn.
#[derive(Debug, Serialize)]
struct Data {
    data: PaperName,
    architecture: String,
    algorithm: Algorithm,
    /// The run that is drawn: the one with the highest training accuracy.
    seed: Seed,
    spec_sha256: String,
    train_accuracy: f64,
    test_accuracy: f64,
    sparsity: f64,
    /// Training accuracy and test accuracy of every run, by seed.
    all_train_accuracies: Vec<f64>,
    all_test_accuracies: Vec<f64>,
    #[serde(flatten)]
    course: Course,
    /// The other runs, by seed.
    others: Vec<Course>,
}

/// How a run goes, generation by generation.
#[derive(Debug, Serialize)]
struct Course {
    #[serde(skip)]
    seed: Seed,
    generation: Vec<u64>,
    training_accuracy: Vec<f64>,
    sparsity_of_fittest: Vec<f64>,
    highest_sparsity: Vec<f64>,
    highest_sparsity_so_far: Vec<f64>,
}

impl Course {
    fn of(record: &SearchRecord) -> Self {
        let each = |value: fn(&GenerationStats) -> f64| record.history.iter().map(value).collect();
        Self {
            seed: record.spec.search_seed,
            generation: record.history.iter().map(|stats| stats.generation).collect(),
            training_accuracy: each(|stats| stats.best),
            sparsity_of_fittest: each(|stats| stats.sparsity_of_fittest),
            highest_sparsity: each(|stats| stats.highest_sparsity),
            highest_sparsity_so_far: each(|stats| stats.highest_sparsity_so_far),
        }
    }

    fn line(&self, values: &[f64]) -> Line {
        Line::new(self.generation.iter().map(|&generation| generation as f64).collect(), values.to_vec())
    }

    /// The value at a generation as a mark; none if the run has not got so far.
    fn point(&self, values: &[f64], generation: u64) -> Option<Points> {
        let at = self.generation.iter().position(|&own| own == generation)?;
        Some(Points::new(vec![generation as f64], vec![*values.get(at)?]))
    }
}

fn searches(plan: &Plan) -> Result<Vec<SearchSpec>, Error> {
    Arm::binary(Method::ga_ab(), DATA, "B").searches(plan, &Records::new())
}

fn render(plan: &Plan, records: &Records) -> Result<Rendered, Error> {
    let records = records.need_all(&searches(plan)?)?;
    let best = fittest(&records)?;
    let data = Data {
        data: DATA,
        architecture: best.spec.network.architecture.to_string(),
        algorithm: Algorithm::GaAb,
        seed: best.spec.search_seed,
        spec_sha256: best.spec.hash(),
        train_accuracy: best.best.train_accuracy,
        test_accuracy: best.best.test_accuracy,
        sparsity: best.best.sparsity,
        all_train_accuracies: records.iter().map(|record| record.best.train_accuracy).collect(),
        all_test_accuracies: records.iter().map(|record| record.best.test_accuracy).collect(),
        course: Course::of(best),
        others: records
            .iter()
            .filter(|record| record.spec.search_seed != best.spec.search_seed)
            .map(|record| Course::of(record))
            .collect(),
    };
    let summary = format!(
        "best of {} runs: seed {}, {:.2} % training and {:.2} % test accuracy, {:.1} % sparsity after {} generations",
        plan.runs,
        data.seed,
        100.0 * data.train_accuracy,
        100.0 * data.test_accuracy,
        100.0 * data.sparsity,
        best.generations,
    );
    Ok(Rendered::of_runs(plan, &data, draw(plan, &data), tabulate(plan, &data), summary))
}

fn draw(plan: &Plan, data: &Data) -> Drawing {
    let best = &data.course;
    let generation = || Axis::new("Generation").integer();
    let accuracy = Panel::new(generation(), Axis::new("Training accuracy (%)").percent())
        .title("Training accuracy of the fittest individual")
        .marks(behind(data, |run| &run.training_accuracy).map(|line| line.label("other runs")))
        .mark(best.line(&best.training_accuracy).label("best run"))
        .marks(first_generations(best, &best.training_accuracy));
    let sparsity = Panel::new(generation(), Axis::new("Sparsity (%)").percent())
        .title("Sparsity of the same run")
        .marks(behind(data, |run| &run.sparsity_of_fittest))
        .mark(best.line(&best.highest_sparsity_so_far).label("highest so far").color(Color::Series(2)))
        .mark(best.line(&best.highest_sparsity).label("highest").color(Color::Series(1)))
        .mark(best.line(&best.sparsity_of_fittest).label("fittest").color(Color::Series(0)))
        .marks(first_generations(best, &best.sparsity_of_fittest));
    let note = note([
        format!(
            "{}; the best run is the one with the highest training accuracy, seed {}",
            provenance(plan, &[Protocol::Clean]),
            data.seed
        ),
        match data.others.len() {
            0 => String::new(),
            _ => "Grey: the fittest individual of each of the other runs.".to_owned(),
        },
        "Ring: generation 0, the first random population; disc: generation 1, where the published curves begin."
            .to_owned(),
    ]);
    Drawing::double_column(vec![accuracy, sparsity]).lettered().note(note).description(format!(
        "Training accuracy (a) and sparsity (b) over the generations of the best of {} runs of the genetic \
         algorithm with adaptive accuracy bound on circles, architecture {}; the other runs in grey.",
        plan.runs, data.architecture
    ))
}

/// The other runs, behind the best one.
fn behind<'a>(data: &'a Data, values: fn(&Course) -> &Vec<f64>) -> impl Iterator<Item = Line> + 'a {
    let lines = data.others.iter().filter(|run| !run.generation.is_empty());
    lines.map(move |run| run.line(values(run)).color(OTHERS).dash(Dash::Solid).thin())
}

/// Where our curves begin and where the published ones do.
fn first_generations(run: &Course, values: &[f64]) -> impl Iterator<Item = Points> {
    // The generations are close to each other: one mark within the other.
    let first = run.point(values, 0).map(|point| point.radius(3.4).hollow());
    let second = run.point(values, 1).map(|point| point.radius(1.5));
    first.into_iter().chain(second)
}

fn tabulate(plan: &Plan, data: &Data) -> Table {
    let keys = ["runs", "seed", "best_run", "protocol", "ticket", "generation"];
    let values = ["training_accuracy", "sparsity_of_fittest", "highest_sparsity", "highest_sparsity_so_far"];
    let mut table = Table::new(keys.into_iter().chain(values));
    for run in std::iter::once(&data.course).chain(&data.others) {
        for (i, &generation) in run.generation.iter().enumerate() {
            let keys: [Cell; 6] = [
                plan.runs.into(),
                run.seed.0.into(),
                (run.seed == data.seed).into(),
                Protocol::Clean.name().into(),
                ticket_kind(false, Protocol::Clean).into(),
                generation.into(),
            ];
            let columns = [
                &run.training_accuracy,
                &run.sparsity_of_fittest,
                &run.highest_sparsity,
                &run.highest_sparsity_so_far,
            ];
            table.push(keys.into_iter().chain(columns.map(|values| values[i].into())));
        }
    }
    table
}
