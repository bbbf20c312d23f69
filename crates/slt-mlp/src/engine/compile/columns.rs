//! A mask, turned from sources to targets.

use slt_core::BitMask;

/// For each target unit of each layer, which of its sources are active, as a bit set; only for units that
/// have an active way to the output.
#[derive(Debug, Clone, Default)]
pub(super) struct Columns {
    layers: Vec<Layer>,
}

#[derive(Debug, Clone, Default)]
struct Layer {
    /// Words of a column.
    width: usize,
    /// The column of each target.
    words: Vec<u64>,
    /// The targets that reach the output, as a bit set.
    alive: Vec<u64>,
}

impl Columns {
    /// Reads a mask over the weights of a network with layers of the given sizes.
    pub(super) fn read(&mut self, mask: &BitMask, sizes: &[usize]) {
        let n_layers = sizes.len() - 1;
        self.layers.resize_with(n_layers, Layer::default);
        let mut end = mask.len();
        let mut alive = Vec::new();
        for l in (0..n_layers).rev() {
            let (n_in, n_out) = (sizes[l], sizes[l + 1]);
            let start = end - n_in * n_out;
            let layer = &mut self.layers[l];
            if l + 1 == n_layers {
                layer.alive.clear();
                layer.alive.resize(n_out.div_ceil(64), u64::MAX);
            } else {
                layer.alive.clone_from(&alive);
            }
            layer.transpose(mask.words(), start, n_in, n_out, &mut alive);
            end = start;
        }
    }

    /// The active sources of a target of layer `l`; `None` if it does not reach the output.
    pub(super) fn of(&self, l: usize, target: usize) -> Option<&[u64]> {
        let layer = &self.layers[l];
        let alive = layer.alive[target / 64] >> (target % 64) & 1 == 1;
        alive.then(|| &layer.words[target * layer.width..][..layer.width])
    }
}

impl Layer {
    /// Fills the columns from the layer's bits, and `sources_alive` with the sources that reach the output.
    fn transpose(
        &mut self,
        words: &[u64],
        start: usize,
        n_in: usize,
        n_out: usize,
        sources_alive: &mut Vec<u64>,
    ) {
        self.width = n_in.div_ceil(64);
        self.words.clear();
        self.words.resize(n_out * self.width, 0);
        sources_alive.clear();
        sources_alive.resize(self.width, 0);
        for (tile_in, sources_alive) in sources_alive.iter_mut().enumerate() {
            for tile_out in 0..n_out.div_ceil(64) {
                let (first_source, first_target) = (tile_in * 64, tile_out * 64);
                let (n_sources, n_targets) = ((n_in - first_source).min(64), (n_out - first_target).min(64));
                let mut tile = [0; 64];
                for (i, bits) in tile[..n_sources].iter_mut().enumerate() {
                    *bits = extract(words, start + (first_source + i) * n_out + first_target, n_targets);
                    let reaches = *bits & self.alive[tile_out] != 0;
                    *sources_alive |= u64::from(reaches) << i;
                }
                if n_targets <= 4 {
                    // Few targets: picking their bits is cheaper than turning the whole tile.
                    for target in 0..n_targets {
                        let column =
                            (0..n_sources).fold(0, |column, i| column | (tile[i] >> target & 1) << i);
                        self.words[(first_target + target) * self.width + tile_in] = column;
                    }
                } else {
                    transpose_64(&mut tile);
                    for (target, &column) in tile[..n_targets].iter().enumerate() {
                        self.words[(first_target + target) * self.width + tile_in] = column;
                    }
                }
            }
        }
    }
}

/// The `len` bits from `start` on, at most 64.
#[inline]
fn extract(words: &[u64], start: usize, len: usize) -> u64 {
    let (word, shift) = (start / 64, start % 64);
    let mut bits = words[word] >> shift;
    if shift + len > 64 {
        bits |= words[word + 1] << (64 - shift);
    }
    bits & u64::MAX >> (64 - len)
}

/// Transposes a matrix of 64 x 64 bits in place, by exchanging ever smaller off-diagonal squares.
fn transpose_64(rows: &mut [u64; 64]) {
    let mut width = 32;
    let mut low = u64::from(u32::MAX);
    while width > 0 {
        let mut i = 0;
        while i < 64 {
            // Rows i and i + width of a square: the upper right and lower left quarters change places.
            let exchanged = (rows[i] >> width ^ rows[i + width]) & low;
            rows[i] ^= exchanged << width;
            rows[i + width] ^= exchanged;
            i = (i + width + 1) & !width;
        }
        width /= 2;
        low ^= low << width;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use slt_core::{Purpose, Seed};

    #[test]
    fn columns_are_the_transposed_mask() {
        for (seed, sizes) in
            [[2, 50, 50, 2], [64, 75, 10, 3], [3, 130, 64, 2], [1, 1, 7, 5]].iter().enumerate()
        {
            let bits: usize = sizes.windows(2).map(|pair| pair[0] * pair[1]).sum();
            let mask = BitMask::random(bits, &mut Seed(seed as u64).stream(Purpose::new("test"), 0, 0));
            let mut columns = Columns::default();
            columns.read(&mask, sizes);
            let mut start = 0;
            for (l, pair) in sizes.windows(2).enumerate() {
                for target in 0..pair[1] {
                    let Some(column) = columns.of(l, target) else { continue };
                    for source in 0..pair[0] {
                        let bit = column[source / 64] >> (source % 64) & 1 == 1;
                        assert_eq!(bit, mask.get(start + source * pair[1] + target));
                    }
                }
                start += pair[0] * pair[1];
            }
        }
    }

    #[test]
    fn neurons_without_a_way_to_the_output_are_left_out() {
        // Two hidden units; only the second reaches an output.
        let mask: BitMask = [1, 1, 0, 0, 0, 1].iter().map(|&bit| bit == 1).collect();
        let mut columns = Columns::default();
        columns.read(&mask, &[1, 2, 2]);
        assert_eq!(columns.of(0, 0), None);
        assert_eq!(columns.of(0, 1), Some(&[1][..]));
        assert_eq!(columns.of(1, 0), Some(&[0][..]));
        assert_eq!(columns.of(1, 1), Some(&[2][..]));
    }
}
