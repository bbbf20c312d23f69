//! Texts broken into lines.

use crate::draw::text::Font;
use crate::error::{Error, Place};
use crate::marks::check;

/// Breaks an axis label, which is centred, into the fewest lines of similar length.
pub(super) fn wrap_label(at: &Place, font: Font, text: &str, width: f64) -> Result<Vec<String>, Error> {
    let lines = wrap(at, font, text, width)?;
    let narrower = (1..20).rev().map_while(|twentieths| {
        let balanced = font.wrap(text, width * f64::from(twentieths) / 20.0).ok()?;
        (balanced.len() == lines.len()).then_some(balanced)
    });
    Ok(narrower.last().unwrap_or(lines))
}

/// Breaks a text into lines of at most `width`; an error if a word is wider.
pub(super) fn wrap(at: &Place, font: Font, text: &str, width: f64) -> Result<Vec<String>, Error> {
    if text.is_empty() {
        return Ok(Vec::new());
    }
    font.wrap(text, width).or_else(|word| {
        check::room(at, format!("a word of \"{text}\""), word, width)?;
        Ok(Vec::new())
    })
}
