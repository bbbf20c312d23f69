//! Colours for values: maps that are even to the eye, safe for colour-blind readers, and rising in grey.

use serde::{Deserialize, Serialize};

use crate::theme::Rgb;

/// A sequence of colours for the values of a [`HeatMap`](crate::HeatMap), from the lowest to the highest. All
/// of them become steadily lighter or darker, so that they read in a grey print.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub enum ColorMap {
    /// Dark purple over green to yellow: Viridis by S. van der Walt and N. Smith (2015, CC0).
    #[default]
    Viridis,
    /// Yellow over green to dark purple: Viridis backwards, for values of which low ones are good.
    ViridisReversed,
    /// White to black.
    Grays,
}

impl ColorMap {
    /// The colour of a value `share` of the way from the lowest to the highest; the ends hold beyond
    /// `[0, 1]`.
    pub(crate) fn color_at(self, share: f64) -> Rgb {
        match self {
            Self::Viridis => interpolate(&VIRIDIS, share),
            Self::ViridisReversed => interpolate(&VIRIDIS, 1.0 - share),
            Self::Grays => interpolate(&[0xFF_FF_FF, 0x00_00_00], share),
        }
    }
}

/// The colour between the nearest two of evenly spaced ones.
fn interpolate(table: &[u32], share: f64) -> Rgb {
    let last = table.len() - 1;
    let place = share.clamp(0.0, 1.0) * last as f64;
    let below = (place.floor() as usize).min(last - 1);
    let t = place - below as f64;
    let channel = |shift: u32| {
        let [a, b] = [table[below], table[below + 1]].map(|color| f64::from((color >> shift) & 0xFF));
        (a + (b - a) * t).round() as u8
    };
    Rgb(channel(16), channel(8), channel(0))
}

/// Every fifth of the 256 published colours; between them the straight line is off by at most 1 of 255.
#[rustfmt::skip]
const VIRIDIS: [u32; 52] = [
    0x440154, 0x46085C, 0x471063, 0x481769, 0x481D6F, 0x482475, 0x472A7A, 0x46307E,
    0x453781, 0x433D84, 0x414287, 0x3F4889, 0x3D4E8A, 0x3A538B, 0x38598C, 0x355E8D,
    0x33638D, 0x31688E, 0x2E6D8E, 0x2C718E, 0x2A768E, 0x297B8E, 0x27808E, 0x25848E,
    0x23898E, 0x218E8D, 0x20928C, 0x1F978B, 0x1E9C89, 0x1FA188, 0x21A585, 0x24AA83,
    0x28AE80, 0x2EB37C, 0x35B779, 0x3DBC74, 0x46C06F, 0x50C46A, 0x5AC864, 0x65CB5E,
    0x70CF57, 0x7CD250, 0x89D548, 0x95D840, 0xA2DA37, 0xB0DD2F, 0xBDDF26, 0xCAE11F,
    0xD8E219, 0xE5E419, 0xF1E51D, 0xFDE725,
];

#[cfg(test)]
mod tests {
    use super::*;
    use crate::color::lightness;

    #[test]
    fn every_map_rises_or_falls_steadily_in_grey() {
        for (map, sign) in
            [(ColorMap::Viridis, 1.0), (ColorMap::ViridisReversed, -1.0), (ColorMap::Grays, -1.0)]
        {
            let grey: Vec<f64> =
                (0..=50).map(|i| sign * lightness(map.color_at(f64::from(i) / 50.0))).collect();
            assert!(grey.windows(2).all(|pair| pair[0] < pair[1]), "{map:?}: {grey:?}");
            assert!(grey[50] - grey[0] > 70.0, "{map:?}");
        }
    }

    #[test]
    fn published_colours_are_met() {
        let at = |share: f64| ColorMap::Viridis.color_at(share);
        let near = |a: Rgb, b: Rgb| a.0.abs_diff(b.0).max(a.1.abs_diff(b.1)).max(a.2.abs_diff(b.2)) <= 1;
        assert!(near(at(64.0 / 255.0), Rgb(59, 82, 139)) && near(at(128.0 / 255.0), Rgb(33, 145, 140)));
        assert_eq!([at(-1.0), at(2.0)], [Rgb(0x44, 0x01, 0x54), Rgb(0xFD, 0xE7, 0x25)]);
    }
}
