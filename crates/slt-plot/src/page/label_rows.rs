//! Rows of texts below the tick labels of a horizontal axis.

use super::text_style;
use super::x_axis::{CATEGORY_GAP, separate};
use crate::axis::scale::AxisMap;
use crate::axis::{Axis, TickLabel};
use crate::draw::canvas::{Anchor, Canvas};
use crate::draw::geometry::Point;
use crate::draw::text::Font;
use crate::error::{AxisDirection, AxisPlace, Error};
use crate::theme;

const TEXT: Font = Font::regular(theme::TICK_TEXT);
/// Space above each row.
const ROW_GAP: f64 = 3.0;
/// Smallest space between a caption and the left end of the axis or the first text.
const CAPTION_GAP: f64 = 6.0;

/// A measured row.
struct Row {
    caption: String,
    /// Where the caption ends, from the left end of the axis.
    caption_end: f64,
    /// The texts with their middles, from the left end of the axis.
    texts: Vec<(f64, String)>,
}

/// All rows of an axis.
#[derive(Default)]
pub(super) struct LabelRows {
    rows: Vec<Row>,
}

impl LabelRows {
    /// Places the texts below the ticks; those of ticks outside the range are left out, as the ticks are.
    pub(super) fn measure(
        number: usize,
        axis: &Axis,
        labels: &[TickLabel],
        map: &AxisMap,
    ) -> Result<Self, Error> {
        let mut rows = Vec::with_capacity(axis.label_rows.len());
        for row in &axis.label_rows {
            let visible =
                labels.iter().zip(&row.texts).filter(|(label, _)| (map.min..=map.max).contains(&label.at));
            let texts: Vec<(f64, String)> =
                visible.map(|(label, text)| (map.position(label.at), text.replace('\n', " "))).collect();
            let extents: Vec<(f64, f64)> = texts.iter().map(|(at, text)| (*at, TEXT.width(text))).collect();
            if !separate(&extents, CATEGORY_GAP, 0.0) {
                let at = AxisPlace { panel: number, direction: AxisDirection::X };
                return Err(Error::TickLabelsOverlap { at });
            }
            let first = extents.first().map_or(0.0, |(middle, width)| middle - width / 2.0);
            let caption_end = first.min(0.0) - CAPTION_GAP;
            rows.push(Row { caption: row.caption.replace('\n', " "), caption_end, texts });
        }
        Ok(Self { rows })
    }

    /// Height of all rows.
    pub(super) fn height(&self) -> f64 {
        self.rows.len() as f64 * (ROW_GAP + TEXT.block_height(1))
    }

    /// How far captions and texts reach beyond the left and right end of an axis that is `length` long.
    pub(super) fn overhang(&self, length: f64) -> (f64, f64) {
        let mut reach = (0.0_f64, 0.0_f64);
        for row in &self.rows {
            if !row.caption.is_empty() {
                reach.0 = reach.0.max(TEXT.width(&row.caption) - row.caption_end);
            }
            for (middle, text) in &row.texts {
                let half = TEXT.width(text) / 2.0;
                reach = (reach.0.max(half - middle), reach.1.max(middle + half - length));
            }
        }
        reach
    }

    /// Draws the rows of an axis whose left end is at `left`, from `top` downwards.
    pub(super) fn draw(&self, canvas: &Canvas<'_>, left: f64, mut top: f64) -> Result<(), Error> {
        for row in &self.rows {
            let baseline = top + ROW_GAP + TEXT.cap_height();
            let end = Point::new(left + row.caption_end, baseline);
            canvas.text(&row.caption, end, &text_style(TEXT, Anchor::End))?;
            for (middle, text) in &row.texts {
                canvas.text(text, Point::new(left + middle, baseline), &text_style(TEXT, Anchor::Middle))?;
            }
            top += ROW_GAP + TEXT.block_height(1);
        }
        Ok(())
    }
}
