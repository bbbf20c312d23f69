//! Fewer points for curves that are finer than print.

use super::geometry::Point;

/// Width of the columns within which a curve is thinned, in points: a dot at 360 dots per inch.
const COLUMN: f64 = 0.2;

/// Keeps the first, lowest, highest and last point of every narrow column, which leaves the picture as it was (the M4
/// aggregation of Jugel et al., VLDB 2014). A path that turns back in x stays whole.
pub(crate) fn thin(path: Vec<Point>) -> Vec<Point> {
    let turns_back = path.windows(2).any(|pair| pair[1].x < pair[0].x);
    if turns_back || path.iter().any(|p| !p.x.is_finite()) {
        return path;
    }
    let column = |p: &Point| (p.x / COLUMN).floor();
    let mut kept = Vec::new();
    for group in path.chunk_by(|a, b| column(a) == column(b)) {
        let indexed = || group.iter().enumerate();
        let by_height = |a: &(usize, &Point), b: &(usize, &Point)| a.1.y.total_cmp(&b.1.y);
        let extremes = [indexed().min_by(by_height), indexed().max_by(by_height)];
        let mut indices: Vec<usize> = extremes.into_iter().flatten().map(|(i, _)| i).collect();
        indices.extend([0, group.len() - 1]);
        indices.sort_unstable();
        indices.dedup();
        kept.extend(indices.into_iter().map(|i| group[i]));
    }
    kept
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_coarse_curve_stays_as_it_is() {
        let path: Vec<Point> = (0..50).map(|i| Point::new(f64::from(i), f64::from(i * i % 7))).collect();
        assert_eq!(thin(path.clone()), path);
    }

    #[test]
    fn a_fine_curve_keeps_its_ends_and_its_extremes_in_order() {
        let path: Vec<Point> =
            (0..10_000).map(|i| Point::new(f64::from(i) * 1e-3, f64::from(i * 7919 % 1009))).collect();
        let thinned = thin(path.clone());
        assert!(thinned.len() <= 4 * 51, "{} points left", thinned.len());
        assert_eq!((thinned.first(), thinned.last()), (path.first(), path.last()));
        let heights = |path: &[Point]| {
            path.iter().fold((f64::MAX, f64::MIN), |(low, high), p| (p.y.min(low), p.y.max(high)))
        };
        assert_eq!(heights(&thinned), heights(&path));
        assert!(thinned.windows(2).all(|pair| pair[0].x <= pair[1].x));
    }

    #[test]
    fn a_loop_stays_whole() {
        let path: Vec<Point> =
            [(0.0, 0.0), (0.1, 1.0), (0.05, 2.0), (0.0, 1.0)].map(|(x, y)| Point::new(x, y)).into();
        assert_eq!(thin(path.clone()), path);
    }
}
