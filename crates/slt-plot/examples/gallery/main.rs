//! Draws figures of every kind: `cargo run --example gallery -- OUTPUT_FOLDER`.
//!
//! The numbers are made up; the shapes are those of a paper's figures.

mod compositions;
mod panels;
mod plots;

use std::error::Error;
use std::fs;
use std::path::PathBuf;

fn main() -> Result<(), Box<dyn Error>> {
    let folder = PathBuf::from(std::env::args_os().nth(1).ok_or("usage: gallery OUTPUT_FOLDER")?);
    fs::create_dir_all(&folder)?;
    let figures = [
        ("lines", plots::lines()),
        ("boxes", plots::boxes()),
        ("error-bars", plots::error_bars()),
        ("bands", plots::bands()),
        ("scatter", plots::scatter()),
        ("bars", plots::bars()),
        ("log", plots::log()),
        ("single", plots::single()),
        ("landscapes", panels::landscapes()),
        ("networks", panels::networks()),
        ("large-network", panels::large_network()),
        ("images", panels::images()),
        ("table", panels::table()),
        ("data-sets", compositions::data_sets()),
        ("groups", compositions::groups()),
        ("two-classes", compositions::two_classes()),
    ];
    for (name, figure) in figures {
        fs::write(folder.join(format!("{name}.svg")), figure.to_svg()?)?;
        fs::write(folder.join(format!("{name}.png")), figure.to_png(300.0)?)?;
        fs::write(folder.join(format!("{name}-screen.png")), figure.to_png(110.0)?)?;
    }
    Ok(())
}

/// Made-up numbers in [0, 1): a few lines of arithmetic that need no generator.
fn noise(i: usize) -> f64 {
    let x = (i as u32).wrapping_mul(2_654_435_761) ^ 0x9E37_79B9;
    let x = (x ^ (x >> 15)).wrapping_mul(2_246_822_519);
    f64::from((x ^ (x >> 13)) & 0xFFFF) / 65_536.0
}

/// A number that scatters about 0 with a standard deviation near 1.
fn bell(i: usize) -> f64 {
    (0..12).map(|k| noise(12 * i + k)).sum::<f64>() - 6.0
}
