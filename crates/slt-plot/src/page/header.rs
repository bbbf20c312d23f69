//! Letter and title of a panel, above its frame.

use super::{text_style, wrap};
use crate::draw::canvas::{Anchor, Canvas};
use crate::draw::geometry::Point;
use crate::draw::text::Font;
use crate::error::Error;
use crate::panel::Panel;
use crate::theme;

const LETTER: Font = Font::bold(theme::TITLE_TEXT);
const TITLE: Font = Font::regular(theme::TITLE_TEXT);
/// Space between letter and title.
const LETTER_GAP: f64 = 4.0;

/// A measured header.
pub(super) struct Header<'f> {
    letter: &'f str,
    title: Vec<String>,
    /// Where the title begins, from the left edge of the frame.
    indent: f64,
}

impl<'f> Header<'f> {
    /// The header of a panel whose frame is `width` wide.
    pub(super) fn measure(number: usize, panel: &'f Panel, width: f64) -> Result<Self, Error> {
        let letter = panel.letter.as_deref().unwrap_or_default();
        let indent = if letter.is_empty() { 0.0 } else { LETTER.width(letter) + LETTER_GAP };
        let title = panel.title.as_deref().unwrap_or_default();
        Ok(Self { letter, title: wrap(number, TITLE, title, width - indent)?, indent })
    }

    /// Height with the space below, 0 without text.
    pub(super) fn height(&self) -> f64 {
        let lines = self.title.len().max(usize::from(!self.letter.is_empty()));
        if lines == 0 { 0.0 } else { TITLE.block_height(lines) + theme::HEADER_GAP }
    }

    /// Draws the header with its upper left corner at `corner`.
    pub(super) fn draw(&self, canvas: &Canvas<'_>, corner: Point) -> Result<(), Error> {
        let baseline = corner.y + TITLE.cap_height();
        let (letter, title) = (text_style(LETTER, Anchor::Start), text_style(TITLE, Anchor::Start));
        canvas.text(self.letter, Point::new(corner.x, baseline), &letter)?;
        canvas.lines(&self.title, Point::new(corner.x + self.indent, baseline), &title)
    }
}
