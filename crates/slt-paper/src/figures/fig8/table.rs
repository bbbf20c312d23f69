//! The numbers as one table: the points of the landscapes, then the eigenvalues.

use super::{Data, Landscape, Spectra};
use crate::{Cell, Directions, Table};

const COLUMNS: [&str; 10] =
    ["part", "delta", "eta", "loss", "accuracy", "features", "seed", "rank", "eigenvalue", "residual"];

pub(super) fn tabulate(data: &Data) -> Table {
    let mut table = Table::new(COLUMNS);
    data.landscapes.iter().for_each(|landscape| points(&mut table, landscape));
    data.spectra.iter().for_each(|spectra| eigenvalues(&mut table, spectra));
    table
}

fn points(table: &mut Table, landscape: &Landscape) {
    let part = match landscape.directions {
        Directions::Normal => "landscape",
        Directions::FilterNormalized => "filter-normalized landscape",
    };
    for (i, &delta) in landscape.axis.iter().enumerate() {
        for (j, &eta) in landscape.axis.iter().enumerate() {
            let numbers = [delta, eta, landscape.loss[i][j], landscape.accuracy[i][j]].map(Cell::from);
            let rest = std::iter::repeat_n(Cell::Missing, COLUMNS.len() - 5);
            table.push(std::iter::once(part.into()).chain(numbers).chain(rest));
        }
    }
}

fn eigenvalues(table: &mut Table, spectra: &Spectra) {
    for run in &spectra.runs {
        let part = if run.converged { "spectrum" } else { "spectrum, not converged" };
        for (rank, (&value, &residual)) in run.eigenvalues.iter().zip(&run.residuals).enumerate() {
            table.push([
                part.into(),
                Cell::Missing,
                Cell::Missing,
                run.loss.into(),
                Cell::Missing,
                spectra.features.into(),
                run.seed.0.into(),
                (rank as u64 + 1).into(),
                value.into(),
                residual.into(),
            ]);
        }
    }
}
