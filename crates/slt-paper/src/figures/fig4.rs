//! Figure 4: how a successful run goes. The best of R runs of "GA (adaptive AB)" on circles with architecture B.

use serde::Serialize;
use slt_core::Seed;
use slt_datasets::paper::PaperName;
use slt_plot::{Axis, Color, Figure as Drawing, Line, Panel};

use super::{Figure, Rendered};
use crate::arm::{Arm, any};
use crate::method::Method;
use crate::{Algorithm, Error, Plan, Records, RunSpec, Scale, SearchSpec, Table};

pub(super) struct Fig4;

/// What is drawn.
#[derive(Debug, Serialize)]
struct Data {
    figure: &'static str,
    scale: Scale,
    runs: u64,
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
    generation: Vec<u64>,
    training_accuracy: Vec<f64>,
    sparsity_of_fittest: Vec<f64>,
    highest_sparsity: Vec<f64>,
    highest_sparsity_so_far: Vec<f64>,
}

fn searches(plan: &Plan) -> Result<Vec<SearchSpec>, Error> {
    Arm::binary(Method::ga_ab(), PaperName::Circles, "B").searches(plan)
}

impl Figure for Fig4 {
    fn id(&self) -> &'static str {
        "fig4"
    }

    fn title(&self) -> &'static str {
        "Progress of a successful run: GA (adaptive AB), circles, B"
    }

    fn runs(&self, plan: &Plan, _records: &Records) -> Result<Vec<RunSpec>, Error> {
        Ok(any(searches(plan)?).collect())
    }

    fn render(&self, plan: &Plan, records: &Records) -> Result<Rendered, Error> {
        let records = records.need_all(&searches(plan)?)?;
        let best = records
            .iter()
            .copied()
            .reduce(|top, record| {
                // The first of equals.
                if record.best.train_accuracy > top.best.train_accuracy { record } else { top }
            })
            .ok_or(Error::Runs { runs: 0 })?;
        let of_history =
            |value: fn(&slt_ga::GenerationStats) -> f64| best.history.iter().map(value).collect();
        let data = Data {
            figure: self.id(),
            scale: plan.scale,
            runs: plan.runs,
            data: best.spec.data.name,
            architecture: best.spec.network.architecture.to_string(),
            algorithm: Algorithm::GaAb,
            seed: best.spec.search_seed,
            spec_sha256: best.spec.hash(),
            train_accuracy: best.best.train_accuracy,
            test_accuracy: best.best.test_accuracy,
            sparsity: best.best.sparsity,
            all_train_accuracies: records.iter().map(|record| record.best.train_accuracy).collect(),
            all_test_accuracies: records.iter().map(|record| record.best.test_accuracy).collect(),
            generation: best.history.iter().map(|stats| stats.generation).collect(),
            training_accuracy: of_history(|stats| stats.best),
            sparsity_of_fittest: of_history(|stats| stats.sparsity_of_fittest),
            highest_sparsity: of_history(|stats| stats.highest_sparsity),
            highest_sparsity_so_far: of_history(|stats| stats.highest_sparsity_so_far),
        };
        Ok(Rendered {
            drawing: draw(&data),
            table: tabulate(&data),
            summary: format!(
                "best of {} runs: seed {}, {:.2} % training and {:.2} % test accuracy, {:.1} % sparsity after {} generations",
                data.runs,
                data.seed,
                100.0 * data.train_accuracy,
                100.0 * data.test_accuracy,
                100.0 * data.sparsity,
                best.generations,
            ),
            json: serde_json::to_value(&data).expect("plain data has a JSON form"),
        })
    }
}

fn draw(data: &Data) -> Drawing {
    let generations: Vec<f64> = data.generation.iter().map(|&generation| generation as f64).collect();
    let line = |values: &[f64]| Line::new(generations.clone(), values.to_vec());
    let generation = || Axis::new("Generation").integer();
    let accuracy = Panel::new(generation(), Axis::new("Training accuracy (%)").percent())
        .title("Accuracy of the fittest individual")
        .mark(line(&data.training_accuracy));
    let sparsity = Panel::new(generation(), Axis::new("Sparsity (%)").percent())
        .title("Sparsity")
        .mark(line(&data.highest_sparsity_so_far).label("best so far").color(Color::Series(2)))
        .mark(line(&data.highest_sparsity).label("highest in the generation").color(Color::Series(1)))
        .mark(line(&data.sparsity_of_fittest).label("fittest individual").color(Color::Series(0)));
    Drawing::double_column(vec![accuracy, sparsity]).lettered().description(format!(
        "Training accuracy (a) and sparsity (b) over the generations of the best of {} runs of the genetic \
         algorithm with adaptive accuracy bound on circles, architecture {}.",
        data.runs, data.architecture
    ))
}

fn tabulate(data: &Data) -> Table {
    let columns: [(&str, &[f64]); 4] = [
        ("training_accuracy", &data.training_accuracy),
        ("sparsity_of_fittest", &data.sparsity_of_fittest),
        ("highest_sparsity", &data.highest_sparsity),
        ("highest_sparsity_so_far", &data.highest_sparsity_so_far),
    ];
    let mut table = Table::new(std::iter::once("generation").chain(columns.map(|(name, _)| name)));
    for (i, &generation) in data.generation.iter().enumerate() {
        let values = columns.map(|(_, values)| values[i].into());
        table.push(std::iter::once(generation.into()).chain(values));
    }
    table
}
