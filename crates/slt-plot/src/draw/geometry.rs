//! Points and rectangles on the page, in points (1/72 inch), y growing downwards, and what is cut off at a
//! frame: data beyond a fixed axis range leave it along their true direction, and the SVG needs no clip
//! paths.

/// A position on the page in points.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Point {
    pub(crate) x: f64,
    pub(crate) y: f64,
}

impl Point {
    pub(crate) fn new(x: f64, y: f64) -> Self {
        Self { x, y }
    }

    /// The point a fraction `t` of the way to `other`.
    pub(crate) fn towards(self, other: Self, t: f64) -> Self {
        Self::new(self.x + (other.x - self.x) * t, self.y + (other.y - self.y) * t)
    }

    pub(crate) fn distance(self, other: Self) -> f64 {
        let (dx, dy) = (other.x - self.x, other.y - self.y);
        (dx * dx + dy * dy).sqrt()
    }
}

/// An upright rectangle: `left <= right`, `top <= bottom`.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Rect {
    pub(crate) left: f64,
    pub(crate) top: f64,
    pub(crate) right: f64,
    pub(crate) bottom: f64,
}

impl Rect {
    pub(crate) fn at(left: f64, top: f64, width: f64, height: f64) -> Self {
        Self { left, top, right: left + width, bottom: top + height }
    }

    pub(crate) fn width(&self) -> f64 {
        self.right - self.left
    }

    pub(crate) fn height(&self) -> f64 {
        self.bottom - self.top
    }

    pub(crate) fn center(&self) -> Point {
        Point::new((self.left + self.right) / 2.0, (self.top + self.bottom) / 2.0)
    }

    pub(crate) fn contains(&self, p: Point) -> bool {
        (self.left..=self.right).contains(&p.x) && (self.top..=self.bottom).contains(&p.y)
    }

    /// The part that both rectangles cover, if any.
    pub(crate) fn intersection(&self, other: &Self) -> Option<Self> {
        let common = Self {
            left: self.left.max(other.left),
            top: self.top.max(other.top),
            right: self.right.min(other.right),
            bottom: self.bottom.min(other.bottom),
        };
        (common.left <= common.right && common.top <= common.bottom).then_some(common)
    }

    /// Moves every edge outwards by `by` (inwards if negative).
    pub(crate) fn grown(&self, by: f64) -> Self {
        Self { left: self.left - by, top: self.top - by, right: self.right + by, bottom: self.bottom + by }
    }

    /// The rectangle as a polygon, clockwise from the upper left corner.
    pub(crate) fn corners(&self) -> [Point; 4] {
        [
            Point::new(self.left, self.top),
            Point::new(self.right, self.top),
            Point::new(self.right, self.bottom),
            Point::new(self.left, self.bottom),
        ]
    }
}

/// The parts of an open path that lie inside `rect` (Liang and Barsky's parametric clipping, segment by
/// segment).
pub(crate) fn clip_path(path: &[Point], rect: &Rect) -> Vec<Vec<Point>> {
    let mut pieces: Vec<Vec<Point>> = Vec::new();
    let mut connected = false;
    for pair in path.windows(2) {
        let Some((enter, leave)) = inside_interval(pair[0], pair[1], rect) else {
            connected = false;
            continue;
        };
        let end = pair[0].towards(pair[1], leave);
        match pieces.last_mut() {
            Some(piece) if connected && enter == 0.0 => piece.push(end),
            _ => pieces.push(vec![pair[0].towards(pair[1], enter), end]),
        }
        connected = leave == 1.0;
    }
    pieces
}

/// The parameters in `[0, 1]` between which the segment from `a` to `b` is inside.
fn inside_interval(a: Point, b: Point, rect: &Rect) -> Option<(f64, f64)> {
    let (dx, dy) = (b.x - a.x, b.y - a.y);
    let (mut enter, mut leave) = (0.0_f64, 1.0_f64);
    let edges =
        [(-dx, a.x - rect.left), (dx, rect.right - a.x), (-dy, a.y - rect.top), (dy, rect.bottom - a.y)];
    for (direction, distance) in edges {
        if direction == 0.0 {
            if distance < 0.0 {
                return None;
            }
        } else if direction < 0.0 {
            enter = enter.max(distance / direction);
        } else {
            leave = leave.min(distance / direction);
        }
    }
    (enter <= leave).then_some((enter, leave))
}

/// A filled polygon cut to `rect` (Sutherland and Hodgman), possibly empty.
pub(crate) fn clip_polygon(polygon: &[Point], rect: &Rect) -> Vec<Point> {
    let signed_distances: [&dyn Fn(Point) -> f64; 4] =
        [&|p| p.x - rect.left, &|p| rect.right - p.x, &|p| p.y - rect.top, &|p| rect.bottom - p.y];
    let mut kept = polygon.to_vec();
    for distance in signed_distances {
        let Some(&last) = kept.last() else { break };
        let mut clipped = Vec::with_capacity(kept.len() + 4);
        let mut previous = last;
        for &point in &kept {
            let (d0, d1) = (distance(previous), distance(point));
            if (d0 < 0.0) != (d1 < 0.0) {
                clipped.push(previous.towards(point, d0 / (d0 - d1)));
            }
            if d1 >= 0.0 {
                clipped.push(point);
            }
            previous = point;
        }
        kept = clipped;
    }
    kept
}

#[cfg(test)]
mod tests {
    use super::*;

    const UNIT: Rect = Rect { left: 0.0, top: 0.0, right: 1.0, bottom: 1.0 };

    fn points(xy: &[(f64, f64)]) -> Vec<Point> {
        xy.iter().map(|&(x, y)| Point::new(x, y)).collect()
    }

    #[test]
    fn a_path_that_leaves_and_returns_becomes_two_pieces() {
        let path = points(&[(0.5, 0.5), (0.5, 2.0), (0.25, 2.0), (0.25, 0.0)]);
        let pieces = clip_path(&path, &UNIT);
        assert_eq!(pieces, vec![points(&[(0.5, 0.5), (0.5, 1.0)]), points(&[(0.25, 1.0), (0.25, 0.0)])]);
    }

    #[test]
    fn a_path_inside_stays_whole_and_one_outside_vanishes() {
        let inside = points(&[(0.0, 0.0), (0.5, 1.0), (1.0, 0.0)]);
        assert_eq!(clip_path(&inside, &UNIT), vec![inside.clone()]);
        assert!(clip_path(&points(&[(2.0, 0.0), (2.0, 5.0)]), &UNIT).is_empty());
    }

    #[test]
    fn a_polygon_around_the_frame_becomes_the_frame() {
        let big = points(&[(-5.0, -5.0), (5.0, -5.0), (5.0, 5.0), (-5.0, 5.0)]);
        let clipped = clip_polygon(&big, &UNIT);
        assert_eq!(clipped.len(), 4);
        assert!(UNIT.corners().iter().all(|c| clipped.contains(c)));
        assert!(clip_polygon(&points(&[(2.0, 2.0), (3.0, 2.0), (3.0, 3.0)]), &UNIT).is_empty());
    }
}
