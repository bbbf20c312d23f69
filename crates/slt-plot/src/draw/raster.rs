//! From SVG to PNG with the bundled font alone.

use std::sync::{Arc, OnceLock};

use resvg::tiny_skia::{self, Pixmap, Transform};
use resvg::usvg::{Options, Tree, fontdb};

use super::text::{BOLD, REGULAR};
use crate::Error;

/// Largest picture, in pixels (about 1 GB of memory).
const MAX_PIXELS: f64 = 2.5e8;

/// Renders a drawing of `width` x `height` points at `dpi` pixels per inch, as PNG.
pub(crate) fn to_png(svg: &str, width: f64, height: f64, dpi: f64) -> Result<Vec<u8>, Error> {
    let pixels = |points: f64| (points / 72.0 * dpi).round();
    let (columns, rows) = (pixels(width), pixels(height));
    if !(columns >= 1.0 && rows >= 1.0 && columns * rows <= MAX_PIXELS) {
        return Err(Error::Resolution { dpi });
    }
    let options = Options { fontdb: fonts(), ..Options::default() };
    let tree = Tree::from_str(svg, &options).map_err(Error::rendering)?;
    let mut pixmap = Pixmap::new(columns as u32, rows as u32).ok_or(Error::Resolution { dpi })?;
    pixmap.fill(tiny_skia::Color::WHITE);
    let scale =
        Transform::from_scale(columns as f32 / tree.size().width(), rows as f32 / tree.size().height());
    resvg::render(&tree, scale, &mut pixmap.as_mut());
    let png = pixmap.encode_png().map_err(Error::rendering)?;
    Ok(with_resolution(&png, dpi))
}

/// Adds the `pHYs` chunk, by which word processors and TeX know the print size. It stands right after the header, which
/// is always the first chunk (PNG specification, sections 5.6 and 11.3.4.3).
fn with_resolution(png: &[u8], dpi: f64) -> Vec<u8> {
    /// Signature, then length, type, data and checksum of the header.
    const HEADER_END: usize = 8 + 4 + 4 + 13 + 4;
    let per_metre = (dpi / 0.0254).round() as u32;
    let mut typed_data = b"pHYs".to_vec();
    typed_data.extend(per_metre.to_be_bytes());
    typed_data.extend(per_metre.to_be_bytes());
    typed_data.push(1); // the unit is the metre

    let (header, rest) = png.split_at(HEADER_END.min(png.len()));
    let mut sized = header.to_vec();
    sized.extend((typed_data.len() as u32 - 4).to_be_bytes());
    sized.extend(&typed_data);
    sized.extend(crc32(&typed_data).to_be_bytes());
    sized.extend(rest);
    sized
}

/// The checksum of PNG chunks (PNG specification, annex D).
fn crc32(bytes: &[u8]) -> u32 {
    !bytes.iter().fold(!0, |crc, byte| {
        let step = |crc: u32| if crc & 1 == 1 { 0xEDB8_8320 ^ (crc >> 1) } else { crc >> 1 };
        (0..8).fold(crc ^ u32::from(*byte), |crc, _| step(crc))
    })
}

/// A font database that holds the bundled font and nothing of the system.
fn fonts() -> Arc<fontdb::Database> {
    static FONTS: OnceLock<Arc<fontdb::Database>> = OnceLock::new();
    let database = FONTS.get_or_init(|| {
        let mut database = fontdb::Database::new();
        database.load_font_data(REGULAR.to_vec());
        database.load_font_data(BOLD.to_vec());
        Arc::new(database)
    });
    Arc::clone(database)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn checksums_are_those_of_png() {
        // The check value of CRC-32, and the checksum of the empty `IEND` chunk that ends every PNG file.
        assert_eq!(crc32(b"123456789"), 0xCBF4_3926);
        assert_eq!(crc32(b"IEND"), 0xAE42_6082);
    }
}
