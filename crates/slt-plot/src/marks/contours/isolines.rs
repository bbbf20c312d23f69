//! Marching squares: the lines along which a function on a grid has a given value.

use std::collections::BTreeMap;

/// A side that neighbouring cells share, by the grid point at its lower left end.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Side {
    /// From `[row][column]` to `[row][column + 1]`.
    Along { row: usize, column: usize },
    /// From `[row][column]` to `[row + 1][column]`.
    Up { row: usize, column: usize },
}

/// A level on a grid of values at the points `(x[column], y[row])`.
struct Field<'a> {
    x: &'a [f64],
    y: &'a [f64],
    values: &'a [Vec<f64>],
    level: f64,
}

/// The lines of one level as paths in data coordinates; a closed line ends where it begins. Lines follow
/// straight sections from one side of a cell to another and cross each side where linear interpolation along
/// it gives the level.
///
/// A point counts as high from the level on. Where the high corners of a cell are diagonal (a saddle), the
/// mean of the four corners decides: if it is high, the high corners are connected, otherwise the low ones.
///
/// # Shapes
/// `values[row][column]` with at least two of either; `x` and `y` rise and have a position for each.
pub(super) fn isolines(x: &[f64], y: &[f64], values: &[Vec<f64>], level: f64) -> Vec<Vec<(f64, f64)>> {
    let field = Field { x, y, values, level };
    let mut links: BTreeMap<Side, Vec<Side>> = BTreeMap::new();
    for row in 0..values.len() - 1 {
        for column in 0..x.len() - 1 {
            for (a, b) in field.sections(row, column) {
                links.entry(a).or_default().push(b);
                links.entry(b).or_default().push(a);
            }
        }
    }
    // Open lines from their ends, then what is left: closed lines.
    let ends: Vec<Side> = links.iter().filter(|(_, next)| next.len() == 1).map(|(side, _)| *side).collect();
    let all: Vec<Side> = links.keys().copied().collect();
    let mut paths = Vec::new();
    for start in ends.into_iter().chain(all) {
        let path = follow(&mut links, start);
        if path.len() > 1 {
            paths.push(path.into_iter().map(|side| field.crossing(side)).collect());
        }
    }
    paths
}

/// Takes the line that begins at a side out of the links.
fn follow(links: &mut BTreeMap<Side, Vec<Side>>, start: Side) -> Vec<Side> {
    let mut path = vec![start];
    let mut at = start;
    while let Some(next) = links.get_mut(&at).and_then(Vec::pop) {
        if let Some(back) = links.get_mut(&next)
            && let Some(i) = back.iter().position(|side| *side == at)
        {
            back.swap_remove(i);
        }
        path.push(next);
        at = next;
    }
    path
}

impl Field<'_> {
    fn high(&self, row: usize, column: usize) -> bool {
        self.values[row][column] >= self.level
    }

    /// The straight sections of the lines through a cell, by the sides that they join.
    fn sections(&self, row: usize, column: usize) -> Vec<(Side, Side)> {
        let bottom = Side::Along { row, column };
        let top = Side::Along { row: row + 1, column };
        let left = Side::Up { row, column };
        let right = Side::Up { row, column: column + 1 };
        // Counter-clockwise from the lower left corner.
        let corners = [
            self.high(row, column),
            self.high(row, column + 1),
            self.high(row + 1, column + 1),
            self.high(row + 1, column),
        ];
        // A side is crossed where its two corners differ.
        let sides = [bottom, right, top, left];
        let crossed: Vec<Side> =
            (0..4).filter(|&i| corners[i] != corners[(i + 1) % 4]).map(|i| sides[i]).collect();
        match crossed[..] {
            [a, b] => vec![(a, b)],
            [_, _, _, _] => {
                let [low, high] = [&self.values[row], &self.values[row + 1]];
                let sum = (low[column] + low[column + 1]) + (high[column] + high[column + 1]);
                let middle_is_high = sum / 4.0 >= self.level;
                // Cut off the corners that the middle does not belong to.
                if corners[0] == middle_is_high {
                    vec![(bottom, right), (top, left)]
                } else {
                    vec![(left, bottom), (right, top)]
                }
            }
            _ => Vec::new(),
        }
    }

    /// Where the level is reached between the ends of a side.
    fn crossing(&self, side: Side) -> (f64, f64) {
        let share = |a: f64, b: f64| (self.level - a) / (b - a);
        match side {
            Side::Along { row, column } => {
                let t = share(self.values[row][column], self.values[row][column + 1]);
                (between(self.x[column], self.x[column + 1], t), self.y[row])
            }
            Side::Up { row, column } => {
                let t = share(self.values[row][column], self.values[row + 1][column]);
                (self.x[column], between(self.y[row], self.y[row + 1], t))
            }
        }
    }
}

/// The number a share `t` of the way from `a` to `b`, never beyond them.
fn between(a: f64, b: f64, t: f64) -> f64 {
    (a + (b - a) * t).clamp(a, b)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn steps(n: usize) -> Vec<f64> {
        (0..n).map(|i| i as f64).collect()
    }

    fn grid(x: &[f64], y: &[f64], f: impl Fn(f64, f64) -> f64) -> Vec<Vec<f64>> {
        y.iter().map(|&y| x.iter().map(|&x| f(x, y)).collect()).collect()
    }

    #[test]
    fn a_hill_has_one_closed_line() {
        let x = steps(9);
        let values = grid(&x, &x, |x, y| -(x - 4.0).powi(2) - (y - 4.0).powi(2));
        let lines = isolines(&x, &x, &values, -6.0);
        assert_eq!(lines.len(), 1);
        assert_eq!(lines[0].first(), lines[0].last());
        for (x, y) in &lines[0] {
            let radius = (x - 4.0).hypot(y - 4.0);
            assert!((radius - 6.0_f64.sqrt()).abs() < 0.06, "{radius}");
        }
    }

    /// Corners 1 0 / 0 1 and a level: which corners are joined follows the mean.
    #[test]
    fn the_mean_decides_at_a_saddle() {
        let corners = [vec![1.0, 0.0], vec![0.0, 1.0]];
        let unit = [0.0, 1.0];
        // Mean 0.5 is high for 0.25: the high diagonal stays together, lines cut off the low corners.
        let low_cut = isolines(&unit, &unit, &corners, 0.25);
        assert_eq!(low_cut.len(), 2);
        assert!(low_cut.iter().all(|line| line.iter().all(|(x, y)| (x - y).abs() == 0.75)), "{low_cut:?}");
        let high_cut = isolines(&unit, &unit, &corners, 0.75);
        assert!(high_cut.iter().all(|line| line.iter().all(|(x, y)| {
            let sum = x + y;
            sum == 0.25 || sum == 1.75
        })));
    }

    #[test]
    fn a_constant_has_no_lines() {
        let x = steps(4);
        for level in [-1.0, 0.0, 1.0] {
            assert!(isolines(&x, &x, &grid(&x, &x, |_, _| 0.0), level).is_empty());
        }
    }

    /// The value on the straight line between the ends of the side on which a crossing lies.
    fn interpolated(x: &[f64], y: &[f64], values: &[Vec<f64>], (px, py): (f64, f64)) -> Option<f64> {
        let linear = |a: f64, b: f64, t: f64| a + (b - a) * t;
        let cell = |list: &[f64], p: f64| list.windows(2).position(|w| w[0] <= p && p <= w[1]);
        if let Some(row) = y.iter().position(|y| *y == py) {
            let c = cell(x, px)?;
            return Some(linear(values[row][c], values[row][c + 1], (px - x[c]) / (x[c + 1] - x[c])));
        }
        let (column, r) = (x.iter().position(|x| *x == px)?, cell(y, py)?);
        Some(linear(values[r][column], values[r + 1][column], (py - y[r]) / (y[r + 1] - y[r])))
    }

    fn rising() -> impl Strategy<Value = Vec<f64>> {
        prop::collection::vec(0.1_f64..2.0, 2..9).prop_map(|gaps| {
            gaps.into_iter()
                .scan(-3.0, |at, gap| {
                    *at += gap;
                    Some(*at)
                })
                .collect()
        })
    }

    proptest! {
        #[test]
        fn lines_lie_within_the_grid_and_at_the_level(
            x in rising(),
            y in rising(),
            noise in prop::collection::vec(-1.0_f64..1.0, 64),
            level in -0.9_f64..0.9,
        ) {
            let values: Vec<Vec<f64>> =
                (0..y.len()).map(|r| (0..x.len()).map(|c| noise[r * 8 + c]).collect()).collect();
            let lines = isolines(&x, &y, &values, level);
            let crossed = |a: f64, b: f64| (a >= level) != (b >= level);
            let along: usize =
                values.iter().map(|row| row.windows(2).filter(|w| crossed(w[0], w[1])).count()).sum();
            let up: usize = values
                .windows(2)
                .map(|rows| rows[0].iter().zip(&rows[1]).filter(|(a, b)| crossed(**a, **b)).count())
                .sum();
            // Every crossed side is on exactly one line; closed lines name their first side twice.
            let closed = lines.iter().filter(|line| line.len() > 2 && line.first() == line.last()).count();
            let named: usize = lines.iter().map(Vec::len).sum();
            prop_assert_eq!(named - closed, along + up);
            for point in lines.iter().flatten() {
                prop_assert!((x[0]..=x[x.len() - 1]).contains(&point.0));
                prop_assert!((y[0]..=y[y.len() - 1]).contains(&point.1));
                let value = interpolated(&x, &y, &values, *point).unwrap();
                prop_assert!((value - level).abs() < 1e-9, "{value} is not {level} at {point:?}");
            }
        }

        #[test]
        fn the_line_of_a_plane_is_straight(
            x in rising(),
            y in rising(),
            angle in 0.0_f64..std::f64::consts::TAU,
            at in 0.05_f64..0.95,
        ) {
            let (a, b) = (angle.cos(), angle.sin());
            let plane = |x: f64, y: f64| a * x + b * y;
            let values = grid(&x, &y, plane);
            let all = || values.iter().flatten().copied();
            let (low, high) = (all().fold(f64::MAX, f64::min), all().fold(f64::MIN, f64::max));
            let level = low + (high - low) * at;
            let lines = isolines(&x, &y, &values, level);
            prop_assert_eq!(lines.len(), 1);
            prop_assert!(lines[0].iter().all(|&(x, y)| (plane(x, y) - level).abs() < 1e-9));
        }
    }
}
