//! Draws a ticket, a network of which a mask keeps some connections:
//! `cargo run --example ticket -- OUTPUT.png [LAYERS]`.
//!
//! The mask is made up: some units are cut off, and the later layers are denser.

use std::error::Error;

use slt_plot::{Edge, Figure, NetworkGraph, Panel};

fn main() -> Result<(), Box<dyn Error>> {
    let mut arguments = std::env::args().skip(1);
    let path = arguments.next().ok_or("usage: ticket OUTPUT.png [LAYERS, such as 64,75,10]")?;
    let layers = arguments.next().unwrap_or_else(|| "64,75,10".into());
    let layers: Vec<usize> = layers.split(',').map(str::parse).collect::<Result<_, _>>()?;
    let mask: Vec<bool> = Edge::all(&layers).map(|edge| keeps(&edge)).collect();
    let kept = mask.iter().filter(|kept| **kept).count();

    let title = format!("Ticket of {kept} of {} weights", mask.len());
    let network = NetworkGraph::ticket(layers, mask);
    let figure = Figure::single_column(Panel::bare().title(title).mark(network)).frame_height_mm(95.0);
    std::fs::write(path, figure.to_png(300.0)?)?;
    Ok(())
}

/// Whether a connection is kept: most of those of every fifth unit are not.
fn keeps(edge: &Edge) -> bool {
    let noise = |i: usize| {
        let x = (i as u32).wrapping_mul(2_654_435_761) ^ 0x9E37_79B9;
        let x = (x ^ (x >> 15)).wrapping_mul(2_246_822_519);
        (x >> 13) & 0xFF
    };
    let cut = edge.from.is_multiple_of(5) && edge.layer == 0;
    !cut && noise(7919 * edge.layer + 613 * edge.from + edge.to) < 60 + 60 * edge.layer as u32
}
