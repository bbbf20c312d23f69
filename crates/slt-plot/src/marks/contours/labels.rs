//! Where the values of levels stand on their lines.

use crate::draw::canvas::{Anchor, Canvas, Opacity as _, TextStyle};
use crate::draw::geometry::{Point, Rect};
use crate::draw::text::Font;
use crate::theme;

const TEXT: Font = Font::regular(7.0);
/// Space around a text, and its white background's opacity.
const PADDING: f64 = 1.2;
const BACKGROUND_OPACITY: f64 = 0.85;
/// Shortest line that bears a label, in widths of the label.
const MIN_LENGTH: f64 = 6.0;
/// Places along a line in the order in which they are tried, as shares of its length.
const PLACES: [f64; 9] = [0.5, 0.4, 0.6, 0.3, 0.7, 0.2, 0.8, 0.1, 0.9];

/// Draws a label for each level on its longest line, if a place there is within the frame and free of other
/// labels.
pub(super) fn draw_labels(canvas: &Canvas<'_>, levels: &[(String, Vec<Vec<Point>>)], frame: &Rect) {
    let inner = frame.grown(-PADDING);
    let mut labels: Vec<Rect> = Vec::new();
    for (text, lines) in levels {
        let Some(longest) = lines.iter().max_by(|a, b| length(a).total_cmp(&length(b))) else { continue };
        let (width, height) = (TEXT.width(text), TEXT.cap_height());
        if length(longest) < MIN_LENGTH * width {
            continue;
        }
        let area = |share: f64| {
            let middle = point_at(longest, share);
            Rect::at(middle.x - width / 2.0, middle.y - height / 2.0, width, height).grown(PADDING)
        };
        let free = |area: &Rect| {
            let [a, _, b, _] = area.corners();
            let inside = inner.contains(a) && inner.contains(b);
            inside && labels.iter().all(|label| label.grown(PADDING).intersection(area).is_none())
        };
        if let Some(area) = PLACES.into_iter().map(area).find(free) {
            canvas.rectangle(&area, theme::BACKGROUND.mix(BACKGROUND_OPACITY));
            let baseline = Point::new(area.center().x, area.center().y + TEXT.cap_height() / 2.0);
            canvas.text(text, baseline, &TextStyle::new(TEXT, Anchor::Center));
            labels.push(area);
        }
    }
}

fn length(line: &[Point]) -> f64 {
    line.windows(2).map(|pair| pair[0].distance(pair[1])).sum()
}

/// The point a share of the way along a line of at least one point.
fn point_at(line: &[Point], share: f64) -> Point {
    let mut left = share * length(line);
    for pair in line.windows(2) {
        let step = pair[0].distance(pair[1]);
        if left <= step && step > 0.0 {
            return pair[0].towards(pair[1], left / step);
        }
        left -= step;
    }
    line[line.len() - 1]
}
