//! The page: where panels, axes, titles and legends go, from the measured sizes of their texts.
//!
//! Margins depend on tick labels, tick labels on the size of the frame, and the frame on the margins. So
//! margins grow, from none, until all text fits; the texts at the vertical axes come first, as the least
//! elastic.

mod axes;
pub(crate) mod grid;
mod legend;
mod panel;

use self::grid::PanelGrid;
use self::legend::{Block, Legend};
use self::panel::Prepared;
use crate::check;
use crate::draw::canvas::{Anchor, Canvas, TextStyle};
use crate::draw::geometry::{Point, Rect};
use crate::draw::text::Font;
use crate::error::{Error, Place};
use crate::figure::Figure;
use crate::theme::{self, PT_PER_MM};

/// The note below the figure, the space above it, and that between the shared legend and the panels.
const NOTE: Font = Font::regular(7.5);
const NOTE_GAP: f64 = 9.0;
const SHARED_LEGEND_GAP: f64 = 8.0;

/// A figure with everything measured and placed.
pub(crate) struct Page<'f> {
    panels: Vec<Prepared<'f>>,
    grid: PanelGrid<'f>,
    /// The legend for all panels with its upper left corner.
    shared_legend: Option<(Legend<'f>, Block, Point)>,
    /// The lines of the note, and the baseline of the first.
    note: (Vec<String>, f64),
    /// Width and height in points.
    pub(crate) size: (f64, f64),
}

impl<'f> Page<'f> {
    /// Places the panels of a figure and their legends.
    pub(crate) fn arrange(figure: &'f Figure) -> Result<Self, Error> {
        let width = figure.width_mm * PT_PER_MM;
        let inner = width - 2.0 * theme::PAGE_MARGIN;
        let shared = Legend::collect(&figure.panels).filter(|_| figure.shared_legend);
        let shared_legend = match shared {
            Some(legend) => {
                let block = legend.block_within(&Place::Figure, inner)?;
                let corner = Point::new((width - block.width) / 2.0, theme::PAGE_MARGIN);
                Some((legend, block, corner))
            }
            None => None,
        };
        let own = |panel| Legend::collect([panel]).filter(|_| !figure.shared_legend);
        let panels = figure.panels.iter().enumerate();
        let panels: Vec<Prepared<'f>> = panels
            .map(|(number, panel)| Prepared::new(number, panel, own(panel)))
            .collect::<Result<_, _>>()?;
        let top = shared_legend.as_ref().map_or(0.0, |(_, block, _)| block.height + SHARED_LEGEND_GAP);
        let grid = PanelGrid::fit(figure, &panels, theme::PAGE_MARGIN + top)?;
        let mut bottom = grid.bottom;
        let note = figure.note.as_deref().filter(|note| !note.trim().is_empty()).unwrap_or_default();
        let note = wrap(&Place::Figure, NOTE, note, inner)?;
        let baseline = bottom + NOTE_GAP + NOTE.cap_height();
        if !note.is_empty() {
            bottom += NOTE_GAP + NOTE.block_height(note.len());
        }
        let size = (width, bottom + theme::PAGE_MARGIN);
        Ok(Self { panels, grid, shared_legend, note: (note, baseline), size })
    }

    /// The page as SVG, with a title for screen readers.
    pub(crate) fn draw(&self, title: Option<&str>) -> String {
        let mut svg = String::new();
        let canvas = Canvas::new(&mut svg, self.size, title);
        canvas.rectangle(&Rect::at(0.0, 0.0, self.size.0, self.size.1), theme::BACKGROUND.into());
        self.panels.iter().zip(&self.grid.cells).for_each(|(panel, cell)| panel.draw(&canvas, cell));
        if let Some((legend, block, corner)) = &self.shared_legend {
            legend.draw(&canvas, block, *corner);
        }
        let (lines, baseline) = &self.note;
        canvas.lines(lines, Point::new(theme::PAGE_MARGIN, *baseline), &TextStyle::new(NOTE, Anchor::Left));
        canvas.finish();
        svg
    }
}

/// Breaks an axis label, which is centred, into the fewest lines of similar length.
fn wrap_label(at: &Place, font: Font, text: &str, width: f64) -> Result<Vec<String>, Error> {
    let lines = wrap(at, font, text, width)?;
    let narrower = (1..20).rev().map_while(|twentieths| {
        let balanced = font.wrap(text, width * f64::from(twentieths) / 20.0).ok()?;
        (balanced.len() == lines.len()).then_some(balanced)
    });
    Ok(narrower.last().unwrap_or(lines))
}

/// Breaks a text into lines of at most `width`; an error if a word is wider.
fn wrap(at: &Place, font: Font, text: &str, width: f64) -> Result<Vec<String>, Error> {
    if text.is_empty() {
        return Ok(Vec::new());
    }
    font.wrap(text, width).or_else(|word| {
        check::room(at, format!("a word of \"{text}\""), word, width)?;
        Ok(Vec::new())
    })
}
