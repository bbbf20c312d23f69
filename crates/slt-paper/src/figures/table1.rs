//! Table 1: the parameters of the genetic algorithm.

use serde::Serialize;
use serde_json::json;
use slt_datasets::paper::{PaperData, PaperName};
use slt_ga::{Admissibility, GaConfig, MutationKind, SelectionKind};
use slt_mlp::MetricName;
use slt_plot::Table as DrawnTable;

use super::common::{listed, table_alone};
use super::{Figure, Rendered};
use crate::arm::ARCHITECTURES;
use crate::{Error, Plan, Table};
use slt_run::{Algorithm, DataSource, Records, architecture_for, attempt_limits};

pub(super) const FIGURE: Figure = Figure {
    id: "table1",
    title: "Parameters of the genetic algorithm",
    caption: "The parameters of the genetic algorithm.",
    in_paper: true,
    runs: |_, _| Ok(Vec::new()),
    render,
};

/// The parameters that the paper's table has; the others are in its text.
const IN_TABLE: usize = 5;
const COLUMNS: [&str; 4] = ["GA", "GA (adaptive AB)", "GA (loss), digits", "GA (loss), blobs"];

/// A parameter in all configurations.
#[derive(Debug, Serialize)]
struct Parameter {
    name: &'static str,
    in_published_table: bool,
    values: [String; 4],
}

/// The configurations in the order of the columns; that of "GA (adaptive AB)" for architecture A.
fn configurations() -> Result<[GaConfig; 4], Error> {
    let config = |algorithm: Algorithm, metric, name| {
        let data = DataSource::from(PaperData::new(name));
        Ok::<_, Error>(algorithm.config(
            metric,
            data.shape()?,
            &architecture_for(&data, ARCHITECTURES[0])?,
        )?)
    };
    Ok([
        config(Algorithm::Ga, MetricName::Accuracy, PaperName::Moons)?,
        config(Algorithm::GaAb, MetricName::Accuracy, PaperName::Moons)?,
        config(Algorithm::Ga, MetricName::CrossEntropy, PaperName::Digits)?,
        config(Algorithm::Ga, MetricName::CrossEntropy, PaperName::Blobs)?,
    ])
}

/// The limits of the adaptive bound for the architectures A to D: `360/450, ...`.
fn limits() -> Result<String, Error> {
    let of_letter = |letter: &&str| {
        let (reasonable, given) =
            attempt_limits(&architecture_for(&PaperData::new(PaperName::Moons).into(), letter)?);
        Ok(format!("{reasonable}/{given}"))
    };
    let limits: Result<Vec<String>, Error> = ARCHITECTURES.iter().map(of_letter).collect();
    Ok(limits?.join(", "))
}

fn parameters() -> Result<Vec<Parameter>, Error> {
    let (configurations, limits) = (configurations()?, limits()?);
    let none = || "–".to_owned();
    let value = |name: &'static str, value: &dyn Fn(&GaConfig) -> String| {
        (name, configurations.each_ref().map(value))
    };
    let rows = [
        value("population size N", &|c| c.population.to_string()),
        value("recombination rate", &|c| c.recombination_rate.to_string()),
        value("parent rate", &|c| c.parent_rate.to_string()),
        value("mutation rate", &|c| c.mutation_rate.to_string()),
        value("migration rate", &|c| c.migration_rate.to_string()),
        value("mutated bit", &|c| match c.mutation {
            MutationKind::UniformBit => "uniform".to_owned(),
            MutationKind::GroupFirst => "uniform layer, then bit".to_owned(),
        }),
        value("survivor selection", &|c| match c.selection {
            SelectionKind::CutOff => "cut-off".to_owned(),
            SelectionKind::Roulette => "roulette".to_owned(),
            SelectionKind::RandomWalk { rate } => format!("walk, rate {rate}"),
        }),
        value("accuracy bound, falling", &|c| {
            c.bound.map_or_else(none, |bound| format!("{} to {}", bound.start, bound.lowest))
        }),
        value("reasonable/given tries, A–D", &|c| c.bound.map_or_else(none, |_| limits.clone())),
        value("input-output path", &|c| match c.admissibility {
            Admissibility::Ignored => "optional".to_owned(),
            Admissibility::Required { .. } => "required".to_owned(),
        }),
        value("least generations", &|c| c.termination.min_generations.to_string()),
        value("equal bests that end it", &|c| match (c.termination.patience, c.termination.looks) {
            (Some(patience), _) => format!("the last {patience}"),
            (None, Some(looks)) => format!("{} at every {}th", looks.equal, looks.every),
            (None, None) => none(),
        }),
        value("most generations", &|c| {
            c.termination.max_generations.map_or_else(none, |most| most.to_string())
        }),
        value("ends at 100 % accuracy", &|c| {
            if c.termination.stop_when_solved { "yes" } else { "no" }.to_owned()
        }),
    ];
    let parameters = rows.into_iter().enumerate().map(|(i, (name, values))| Parameter {
        name,
        in_published_table: i < IN_TABLE,
        values,
    });
    Ok(parameters.collect())
}

fn render(_plan: &Plan, _records: &Records) -> Result<Rendered, Error> {
    let parameters = parameters()?;
    let published = parameters.iter().filter(|parameter| parameter.in_published_table);
    let published = published.map(|parameter| format!("{} {}", parameter.name, parameter.values[0]));
    Ok(Rendered {
        summary: listed(published),
        drawing: table_alone(
            drawn(&parameters),
            "Parameters of the genetic algorithm in its four configurations: those of the paper's table, then \
             those of its text.",
        ),
        table: tabulate(&parameters),
        json: json!({ "configurations": COLUMNS, "parameters": parameters }),
    })
}

fn drawn(parameters: &[Parameter]) -> DrawnTable {
    let mut table = DrawnTable::new(std::iter::once("Parameter").chain(COLUMNS));
    for (i, parameter) in parameters.iter().enumerate() {
        if i == IN_TABLE {
            table = table.rule();
        }
        table = table.row(std::iter::once(parameter.name.to_owned()).chain(parameter.values.clone()));
    }
    table
}

fn tabulate(parameters: &[Parameter]) -> Table {
    let mut table = Table::new(["parameter", "in_published_table"].into_iter().chain(COLUMNS));
    for parameter in parameters {
        let values = parameter.values.iter().map(|value| value.as_str().into());
        table.push([parameter.name.into(), parameter.in_published_table.into()].into_iter().chain(values));
    }
    table
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Table 1 as published.
    #[test]
    fn the_values_of_the_paper() {
        let parameters = parameters().unwrap();
        let published = parameters.iter().filter(|parameter| parameter.in_published_table);
        let values: Vec<&str> = published.map(|parameter| parameter.values[0].as_str()).collect();
        assert_eq!(values, ["100", "0.3", "0.3", "0.1", "0.1"]);
        let of = |name: &str| &parameters.iter().find(|parameter| parameter.name == name).unwrap().values;
        assert_eq!(of("most generations")[..2], ["–", "200"]);
        assert_eq!(of("reasonable/given tries, A–D")[1], "360/450, 190/240, 140/175, 80/100");
    }
}
