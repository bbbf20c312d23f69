//! Colours by meaning, and the palette of the series.

use serde::{Deserialize, Serialize};

use crate::theme::{self, Rgb};

/// The colours of the series, as red, green and blue.
///
/// The first eight are the colour-blind-safe set of M. Okabe and K. Ito, *Color Universal Design* (2008),
/// ordered so that the first four also differ in grey (CIE lightness 45, 71, 58, 0); a grey and a wine red
/// follow for figures of ten classes.
pub const PALETTE: [[u8; 3]; 10] = [
    [0x00, 0x72, 0xB2], // blue
    [0xE6, 0x9F, 0x00], // orange
    [0x00, 0x9E, 0x73], // bluish green
    [0x00, 0x00, 0x00], // black
    [0xD5, 0x5E, 0x00], // vermilion
    [0x56, 0xB4, 0xE9], // sky blue
    [0xCC, 0x79, 0xA7], // reddish purple
    [0xF0, 0xE4, 0x42], // yellow
    [0x99, 0x99, 0x99], // grey
    [0x88, 0x22, 0x55], // wine
];

/// What a mark's colour stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub enum Color {
    /// The series of this number, counted from 0; numbers beyond the [`PALETTE`] begin again.
    Series(usize),
    /// The colour of the text: for what stands above the series.
    Ink,
    /// A middle grey: for references and context.
    Muted,
    /// A light grey: for many lines behind those that matter.
    Faint,
}

impl Color {
    pub(crate) fn resolve(self) -> Rgb {
        match self {
            Self::Series(n) => {
                let [r, g, b] = PALETTE[n % PALETTE.len()];
                Rgb(r, g, b)
            }
            Self::Ink => theme::INK,
            Self::Muted => theme::MUTED,
            Self::Faint => theme::FAINT,
        }
    }

    /// The number that automatic dashes and markers follow.
    pub(crate) fn series_index(self) -> usize {
        match self {
            Self::Series(n) => n,
            Self::Ink | Self::Muted | Self::Faint => 0,
        }
    }
}

impl Default for Color {
    fn default() -> Self {
        Self::Series(0)
    }
}

/// The opaque colour that a share `tint` of a colour has on white.
pub(crate) fn on_white(color: Rgb, tint: f64) -> Rgb {
    let mix = |c: u8| (255.0 - (255.0 - f64::from(c)) * tint).round() as u8;
    Rgb(mix(color.0), mix(color.1), mix(color.2))
}

/// CIE 1976 lightness of an sRGB colour (IEC 61966-2-1, D65), 0 to 100.
#[cfg(test)]
pub(crate) fn lightness(Rgb(r, g, b): Rgb) -> f64 {
    let linear = |c: u8| {
        let c = f64::from(c) / 255.0;
        if c <= 0.04045 { c / 12.92 } else { ((c + 0.055) / 1.055).powf(2.4) }
    };
    let y = 0.2126 * linear(r) + 0.7152 * linear(g) + 0.0722 * linear(b);
    if y > 0.008_856 { 116.0 * y.cbrt() - 16.0 } else { 903.3 * y }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_four_colours_differ_in_grey() {
        let mut grey: Vec<f64> = (0..4).map(|n| lightness(Color::Series(n).resolve())).collect();
        grey.sort_by(f64::total_cmp);
        assert!(grey.windows(2).all(|pair| pair[1] - pair[0] > 10.0), "CIE lightness: {grey:?}");
    }

    #[test]
    fn tints_run_from_white_to_the_colour() {
        let blue = Color::Series(0).resolve();
        assert_eq!(on_white(blue, 0.0), Rgb(255, 255, 255));
        assert_eq!(on_white(blue, 1.0), blue);
    }
}
