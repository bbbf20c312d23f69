//! The numbers as one table: the points of the landscapes, then the eigenvalues.

use slt_core::Seed;

use super::super::common::ticket_kind;
use super::data::{Data, Landscape, Spectra, law};
use crate::{Cell, Protocol, Table};

const COLUMNS: [&str; 13] = [
    "part",
    "features",
    "protocol",
    "ticket",
    "runs",
    "seed",
    "delta",
    "eta",
    "loss",
    "accuracy",
    "rank",
    "eigenvalue",
    "residual",
];

pub(super) fn tabulate(data: &Data) -> Table {
    let mut table = Table::new(COLUMNS);
    data.landscapes.iter().for_each(|landscape| points(&mut table, landscape, data.seed));
    data.spectra.iter().for_each(|spectra| eigenvalues(&mut table, spectra));
    table
}

fn points(table: &mut Table, landscape: &Landscape, seed: Seed) {
    let part = format!("landscape, {}", law(landscape.directions));
    // The only ticket that is not one of protocol clean is the one pruned on test data.
    let clean = landscape.ticket_kind == ticket_kind(false, Protocol::Clean);
    let protocol = if clean { Protocol::Clean } else { Protocol::Paper };
    for (i, &delta) in landscape.axis.iter().enumerate() {
        for (j, &eta) in landscape.axis.iter().enumerate() {
            let numbers = [delta, eta, landscape.loss[i][j], landscape.accuracy[i][j]].map(Cell::from);
            let names: [Cell; 6] = [
                part.as_str().into(),
                "raw".into(),
                protocol.name().into(),
                landscape.ticket_kind.into(),
                1_u64.into(),
                seed.0.into(),
            ];
            let rest = std::iter::repeat_n(Cell::Missing, 3);
            table.push(names.into_iter().chain(numbers).chain(rest));
        }
    }
}

fn eigenvalues(table: &mut Table, spectra: &Spectra) {
    for run in &spectra.runs {
        let part = if run.converged { "spectrum" } else { "spectrum, not converged" };
        for (rank, (&value, &residual)) in run.eigenvalues.iter().zip(&run.residuals).enumerate() {
            table.push([
                part.into(),
                spectra.features.into(),
                Protocol::Clean.name().into(),
                ticket_kind(false, Protocol::Clean).into(),
                (spectra.runs.len() as u64).into(),
                run.seed.0.into(),
                Cell::Missing,
                Cell::Missing,
                run.loss.into(),
                Cell::Missing,
                (rank as u64 + 1).into(),
                value.into(),
                residual.into(),
            ]);
        }
    }
}
