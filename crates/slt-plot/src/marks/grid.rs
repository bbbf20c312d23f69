//! Values on a rectangular grid.

use super::*;

/// Values on a grid of rectangular cells, for a [`HeatMap`](crate::HeatMap) and
/// [`Contours`](crate::Contours).
///
/// # Shapes
/// `values[row][column]`: a row for each position in `y`, from the lowest to the highest, and in it a value
/// for each position in `x`. Positions rise. As many positions as cells are the cells' middles; one more are
/// their edges.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Grid {
    /// Horizontal positions of the columns.
    pub x: Vec<f64>,
    /// Vertical positions of the rows.
    pub y: Vec<f64>,
    /// The values, row by row.
    pub values: Vec<Vec<f64>>,
}

impl Grid {
    /// Values at given positions.
    #[must_use]
    pub fn new(x: Vec<f64>, y: Vec<f64>, values: Vec<Vec<f64>>) -> Self {
        Self { x, y, values }
    }

    /// The values of a function of x and y at the middles of cells.
    #[must_use]
    pub fn from_fn(x: Vec<f64>, y: Vec<f64>, value: impl Fn(f64, f64) -> f64) -> Self {
        let values = y.iter().map(|&y| x.iter().map(|&x| value(x, y)).collect()).collect();
        Self { x, y, values }
    }

    fn columns(&self) -> usize {
        self.values.first().map_or(0, Vec::len)
    }

    pub(super) fn validate(&self, at: &Place) -> Result<(), Error> {
        rectangular(at, "values", &self.values)?;
        for (field, positions, cells) in [("x", &self.x, self.columns()), ("y", &self.y, self.values.len())] {
            let expected = format_args!("{cells} (the middles of its cells) or {} (their edges)", cells + 1);
            let is_right = positions.len() == cells || positions.len() == cells + 1;
            check::count(at, field, positions.len(), is_right, expected)?;
            check::finite(at, field, positions)?;
            check::rising(at, field, positions)?;
        }
        Ok(())
    }

    /// All values, row by row.
    pub(super) fn all(&self) -> impl Iterator<Item = f64> {
        self.values.iter().flatten().copied()
    }

    /// Edges of the columns and of the rows.
    pub(super) fn edges(&self) -> (Vec<f64>, Vec<f64>) {
        (edges(&self.x, self.columns()), edges(&self.y, self.values.len()))
    }

    /// Middles of the columns and of the rows.
    pub(super) fn middles(&self) -> (Vec<f64>, Vec<f64>) {
        (middles(&self.x, self.columns()), middles(&self.y, self.values.len()))
    }
}

/// A table of finite numbers that is not empty and has rows of equal length.
pub(super) fn rectangular(at: &Place, field: &str, rows: &[Vec<f64>]) -> Result<(), Error> {
    let expected = rows.first().map_or(0, Vec::len);
    check::some(at, field, expected)?;
    for (row, values) in rows.iter().enumerate() {
        let words = format_args!("rows of {expected}; row {row} has another length");
        check::count(at, field, values.len(), values.len() == expected, words)?;
        check::finite(at, &format!("{field}[{row}]"), values)?;
    }
    Ok(())
}

/// The edges of cells: as given, or half-way between their middles and as far beyond the outer ones.
fn edges(positions: &[f64], cells: usize) -> Vec<f64> {
    if positions.len() > cells {
        return positions.to_vec();
    }
    let (&[first, second, ..], &[.., before, last]) = (positions, positions) else {
        return positions.iter().flat_map(|only| [only - 0.5, only + 0.5]).collect();
    };
    let between = positions.windows(2).map(|pair| f64::midpoint(pair[0], pair[1]));
    let ends = (first - (second - first) / 2.0, last + (last - before) / 2.0);
    std::iter::once(ends.0).chain(between).chain([ends.1]).collect()
}

/// The middles of cells: as given, or half-way between their edges.
fn middles(positions: &[f64], cells: usize) -> Vec<f64> {
    if positions.len() == cells {
        positions.to_vec()
    } else {
        positions.windows(2).map(|pair| f64::midpoint(pair[0], pair[1])).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn edges_lie_between_middles_and_middles_between_edges() {
        assert_eq!(edges(&[1.0, 2.0, 4.0], 3), [0.5, 1.5, 3.0, 5.0]);
        assert_eq!(edges(&[1.0, 3.0], 2), [0.0, 2.0, 4.0]);
        assert_eq!(edges(&[7.0], 1), [6.5, 7.5]);
        assert_eq!(edges(&[0.0, 1.0, 5.0], 2), [0.0, 1.0, 5.0]);
        assert_eq!(middles(&[0.0, 1.0, 5.0], 2), [0.5, 3.0]);
        assert_eq!(edges(&[0.0, 1.0, 2.0, 3.0, 9.0], 5)[5], 12.0);
    }
}
