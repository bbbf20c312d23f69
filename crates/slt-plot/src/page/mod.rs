//! The page: where panels, axes, titles and legends go, from the measured sizes of their texts.
//!
//! Margins depend on tick labels, tick labels on the size of the frame, and the frame on the margins. So margins grow,
//! from none, until all text fits; the texts at the vertical axes come first, as the least elastic.

mod arrange;
mod color_bar;
pub(crate) mod flow;
mod grid;
mod header;
mod label_rows;
mod legend;
mod legend_place;
mod note;
mod panel;
mod shared_legend;
mod tracks;
mod x_axis;
mod y_axis;

pub(crate) use arrange::Page;

use crate::draw::canvas::{Anchor, Direction, TextStyle};
use crate::draw::text::Font;
use crate::error::Error;
use crate::theme::{INK, PT_PER_MM};

/// The style of all text but the panel letters.
fn text_style(font: Font, anchor: Anchor) -> TextStyle {
    TextStyle { font, color: INK, anchor, direction: Direction::Rightwards }
}

/// Breaks an axis label, which is centred, into the fewest lines of similar length.
fn wrap_label(panel: usize, font: Font, text: &str, width: f64) -> Result<Vec<String>, Error> {
    let lines = wrap(panel, font, text, width)?;
    let narrower = (1..20).rev().map_while(|twentieths| {
        let balanced = font.wrap(text, width * f64::from(twentieths) / 20.0).ok()?;
        (balanced.len() == lines.len()).then_some(balanced)
    });
    Ok(narrower.last().unwrap_or(lines))
}

/// Breaks a text into lines of at most `width`; an error if a word is wider.
fn wrap(panel: usize, font: Font, text: &str, width: f64) -> Result<Vec<String>, Error> {
    if text.is_empty() {
        return Ok(Vec::new());
    }
    font.wrap(text, width).map_err(|word| Error::TextTooWide {
        panel,
        text: text.to_owned(),
        width_mm: word / PT_PER_MM,
        available_mm: width / PT_PER_MM,
    })
}
