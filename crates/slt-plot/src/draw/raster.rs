//! From SVG to PNG. All text of a drawing is outlines, so no font is needed.

use resvg::tiny_skia::{self, Pixmap, Transform};
use resvg::usvg::{Options, Tree};

use crate::check;
use crate::error::{Error, Place};

/// Largest picture, in pixels (about 1 GB of memory).
const MAX_PIXELS: f64 = 2.5e8;

/// Renders a drawing of some width and height in points at `dpi` pixels per inch, as PNG.
pub(crate) fn to_png(svg: &str, (width, height): (f64, f64), dpi: f64) -> Result<Vec<u8>, Error> {
    let pixels = |points: f64| (points / 72.0 * dpi).round();
    let (columns, rows) = (pixels(width), pixels(height));
    let is_right = columns >= 1.0 && rows >= 1.0 && columns * rows <= MAX_PIXELS;
    let expected = "such that the picture has between 1 and 250 million pixels";
    check::value(&Place::Figure, "dpi", dpi, is_right, expected)?;
    let tree = Tree::from_str(svg, &Options::default()).map_err(|e| Error::Rendering(Box::new(e)))?;
    let mut pixmap = Pixmap::new(columns as u32, rows as u32)
        .ok_or_else(|| Error::Rendering("the picture has no place in memory".into()))?;
    pixmap.fill(tiny_skia::Color::WHITE);
    let scale =
        Transform::from_scale(columns as f32 / tree.size().width(), rows as f32 / tree.size().height());
    resvg::render(&tree, scale, &mut pixmap.as_mut());
    encode(&pixmap, dpi).map_err(|e| Error::Rendering(Box::new(e)))
}

/// The picture with its print size, by which word processors and TeX place it. It is opaque, so it needs no
/// alpha.
fn encode(pixmap: &Pixmap, dpi: f64) -> Result<Vec<u8>, png::EncodingError> {
    let mut file = Vec::new();
    let mut encoder = png::Encoder::new(&mut file, pixmap.width(), pixmap.height());
    encoder.set_color(png::ColorType::Rgb);
    encoder.set_depth(png::BitDepth::Eight);
    let per_metre = (dpi / 0.0254).round() as u32;
    encoder.set_pixel_dims(Some(png::PixelDimensions {
        xppu: per_metre,
        yppu: per_metre,
        unit: png::Unit::Meter,
    }));
    let pixels: Vec<u8> =
        pixmap.pixels().iter().flat_map(|pixel| [pixel.red(), pixel.green(), pixel.blue()]).collect();
    let mut writer = encoder.write_header()?;
    writer.write_image_data(&pixels)?;
    writer.finish()?;
    Ok(file)
}
