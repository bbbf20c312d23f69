//! The note below a figure.

use super::text_style;
use crate::draw::canvas::{Anchor, Canvas};
use crate::draw::geometry::Point;
use crate::draw::text::Font;
use crate::error::Error;
use crate::theme::{self, PT_PER_MM};

const TEXT: Font = Font::regular(7.5);
/// Space between the note and what is above it.
const GAP: f64 = 9.0;

/// A measured note.
pub(super) struct Note {
    lines: Vec<String>,
}

impl Note {
    /// The note of a figure that is `width` wide; `None` if it has none.
    pub(super) fn measure(note: Option<&str>, width: f64) -> Result<Option<Self>, Error> {
        let Some(note) = note.filter(|note| !note.trim().is_empty()) else { return Ok(None) };
        let available = width - 2.0 * theme::PAGE_MARGIN;
        let lines = TEXT.wrap(note, available).map_err(|word| Error::NoteTooWide {
            width_mm: word / PT_PER_MM,
            available_mm: available / PT_PER_MM,
        })?;
        Ok(Some(Self { lines }))
    }

    /// Height with the space above.
    pub(super) fn height(&self) -> f64 {
        GAP + TEXT.block_height(self.lines.len())
    }

    /// Draws the note below `top`, the end of everything else.
    pub(super) fn draw(&self, canvas: &Canvas<'_>, top: f64) -> Result<(), Error> {
        let first = Point::new(theme::PAGE_MARGIN, top + GAP + TEXT.cap_height());
        canvas.lines(&self.lines, first, &text_style(TEXT, Anchor::Start))
    }
}
