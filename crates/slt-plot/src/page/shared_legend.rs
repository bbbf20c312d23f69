//! The one legend of a figure whose panels share it.

use super::legend::{Block, Legend};
use crate::draw::geometry::Point;
use crate::error::Error;
use crate::figure::{Figure, SharedLegend};
use crate::theme;

/// Space between the legend and the panels.
const GAP: f64 = 8.0;

/// The measured legend.
pub(super) struct SharedBlock<'f> {
    pub(super) legend: Legend<'f>,
    pub(super) block: Block,
    side: SharedLegend,
}

impl<'f> SharedBlock<'f> {
    /// The legend of a figure that is `width` wide; `None` if it has none.
    pub(super) fn measure(figure: &'f Figure, width: f64) -> Result<Option<Self>, Error> {
        let Some(side) = figure.shared_legend else { return Ok(None) };
        let Some(legend) = Legend::collect(&figure.panels) else { return Ok(None) };
        let block = legend.block_within(0, width - 2.0 * theme::PAGE_MARGIN)?;
        Ok(Some(Self { legend, block, side }))
    }

    /// What the legend takes above the panels.
    pub(super) fn room_above(&self) -> f64 {
        match self.side {
            SharedLegend::Above => self.block.height + GAP,
            SharedLegend::Below => 0.0,
        }
    }

    /// The legend's upper left corner, and the lower end of a page whose panels end at `bottom`.
    pub(super) fn place(&self, width: f64, bottom: f64) -> (Point, f64) {
        let left = (width - self.block.width) / 2.0;
        match self.side {
            SharedLegend::Above => (Point::new(left, theme::PAGE_MARGIN), bottom),
            SharedLegend::Below => (Point::new(left, bottom + GAP), bottom + GAP + self.block.height),
        }
    }
}
