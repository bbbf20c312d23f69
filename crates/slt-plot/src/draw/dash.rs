//! Dashes as geometry, because plotters' SVG backend knows solid strokes only.

use super::geometry::Point;

/// Cuts a path into its drawn dashes. `pattern` holds alternating lengths of ink and gap in points, all positive;
/// an empty pattern keeps the path whole.
pub(crate) fn dashes(path: &[Point], pattern: &[f64]) -> Vec<Vec<Point>> {
    if pattern.is_empty() || path.len() < 2 {
        return vec![path.to_vec()];
    }
    let mut drawn: Vec<Vec<Point>> = Vec::new();
    let (mut phase, mut left) = (0, pattern[0]);
    let mut current = vec![path[0]];
    for pair in path.windows(2) {
        let length = pair[0].distance(pair[1]);
        let mut done = 0.0;
        while length - done > left {
            done += left;
            let turn = pair[0].towards(pair[1], done / length);
            if phase % 2 == 0 {
                current.push(turn);
                drawn.push(std::mem::take(&mut current));
            } else {
                current = vec![turn];
            }
            phase = (phase + 1) % pattern.len();
            left = pattern[phase];
        }
        left -= length - done;
        if phase % 2 == 0 {
            current.push(pair[1]);
        }
    }
    if current.len() > 1 {
        drawn.push(current);
    }
    drawn
}

#[cfg(test)]
mod tests {
    use super::*;

    fn length(path: &[Point]) -> f64 {
        path.windows(2).map(|p| p[0].distance(p[1])).sum()
    }

    #[test]
    fn dashes_go_round_corners_and_keep_the_pattern() {
        let path = [Point::new(0.0, 0.0), Point::new(5.0, 0.0), Point::new(5.0, 5.0)];
        let drawn = dashes(&path, &[4.0, 2.0]);
        assert_eq!(drawn.len(), 2);
        assert_eq!(drawn[0], [Point::new(0.0, 0.0), Point::new(4.0, 0.0)]);
        assert_eq!(drawn[1], [Point::new(5.0, 1.0), Point::new(5.0, 5.0)]);
    }

    #[test]
    fn ink_has_the_share_that_the_pattern_says() {
        let path: Vec<Point> = (0..400).map(|i| Point::new(f64::from(i), f64::from(i % 7))).collect();
        let ink: f64 = dashes(&path, &[3.0, 1.0]).iter().map(|dash| length(dash)).sum();
        assert!((ink / length(&path) - 0.75).abs() < 0.01);
    }

    #[test]
    fn no_pattern_means_the_whole_path() {
        let path = [Point::new(0.0, 0.0), Point::new(5.0, 0.0)];
        assert_eq!(dashes(&path, &[]), vec![path.to_vec()]);
    }
}
