//! PNG files, determinism, and figures as data.

use crate::common::{all_marks, two_panels};
use resvg::tiny_skia::Pixmap;
use slt_plot::Figure;

#[test]
fn the_png_has_the_print_size_at_its_resolution() {
    let png = two_panels().to_png(300.0).unwrap();
    assert_eq!(png[..8], [0x89, b'P', b'N', b'G', 0x0D, 0x0A, 0x1A, 0x0A]);
    let picture = Pixmap::decode_png(&png).unwrap();
    assert_eq!(picture.width(), 2055); // 174 mm
    assert!(picture.height() > 543); // 46 mm of frame
    let chunk = png.windows(4).position(|name| name == b"pHYs").unwrap();
    assert_eq!(png[chunk + 4..chunk + 8], 11_811_u32.to_be_bytes()); // pixels per metre
}

#[test]
fn the_picture_shows_the_text_and_the_colours() {
    let picture = Pixmap::decode_png(&two_panels().to_png(100.0).unwrap()).unwrap();
    let count = |wanted: [u8; 3]| {
        let matches = |p: &&resvg::tiny_skia::PremultipliedColorU8| [p.red(), p.green(), p.blue()] == wanted;
        picture.pixels().iter().filter(matches).count()
    };
    assert!(count(slt_plot::PALETTE[0]) > 100, "blue curve");
    assert!(count(slt_plot::PALETTE[1]) > 50, "orange curve");
    assert!(count([255, 255, 255]) > picture.pixels().len() / 2, "white page");
    // The upper left corner holds nothing but the letter "(a)".
    let (width, dark) =
        (picture.width() as usize, |p: &resvg::tiny_skia::PremultipliedColorU8| p.red() < 100);
    let letter =
        picture.pixels().chunks(width).take(18).flat_map(|row| &row[..80]).filter(|p| dark(p)).count();
    assert!(letter > 10, "{letter} dark pixels in the letter");
}

#[test]
fn the_same_figure_gives_the_same_bytes() {
    let figure = Figure::single_column(all_marks());
    assert_eq!(figure.to_svg().unwrap(), figure.clone().to_svg().unwrap());
    assert_eq!(figure.to_png(150.0).unwrap(), figure.to_png(150.0).unwrap());
    let expected = figure.to_svg().unwrap();
    let drawn_elsewhere: Vec<String> = std::thread::scope(|scope| {
        let threads: Vec<_> = (0..4).map(|_| scope.spawn(|| figure.to_svg().unwrap())).collect();
        threads.into_iter().map(|thread| thread.join().unwrap()).collect()
    });
    assert!(drawn_elsewhere.iter().all(|svg| *svg == expected));
}

#[test]
fn a_stored_figure_draws_the_same() {
    let figure = two_panels();
    let stored = serde_json::to_string(&figure).unwrap();
    let read: Figure = serde_json::from_str(&stored).unwrap();
    assert_eq!(read, figure);
    assert_eq!(read.to_svg().unwrap(), figure.to_svg().unwrap());
}
