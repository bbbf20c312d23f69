//! [`Shifts`]: images beside copies of them that are moved a little.

use crate::Error;

/// Square images, each beside copies of it that are moved by whole pixels: more samples of the same classes
/// for a search or a training.
///
/// Features are the pixels of one channel, row by row. Where a copy reaches beyond its image, the pixel at
/// the border is repeated.
///
/// ```
/// use slt_datasets::Shifts;
///
/// let shifts = Shifts::new(9, 1)?;
/// assert_eq!(shifts.copies(), 9); // the image itself, and eight directions
/// let image = [0.0, 0.0, 0.0, 1.0, 2.0, 0.0, 0.0, 0.0, 0.0];
/// let mut copy = [0.0; 9];
/// shifts.write(0, &image, &mut copy);
/// assert_eq!(copy, image);
/// shifts.write(1, &image, &mut copy); // up and to the left
/// assert_eq!(copy, [2.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0]);
/// # Ok::<(), slt_datasets::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Shifts {
    side: usize,
    /// By how much copies are moved, down and to the right; the first one not at all.
    moves: Vec<(isize, isize)>,
}

impl Shifts {
    /// Copies for all moves by up to `pixels` along both axes.
    ///
    /// # Errors
    /// [`Error::NotSquare`] if images of so many features are not square, or not larger than a move.
    pub fn new(n_features: usize, pixels: usize) -> Result<Self, Error> {
        let side = n_features.isqrt();
        if side * side != n_features || pixels >= side {
            return Err(Error::NotSquare { n_features, pixels });
        }
        let range = -(pixels as isize)..=pixels as isize;
        let all = range.clone().flat_map(|down| range.clone().map(move |right| (down, right)));
        let moves = std::iter::once((0, 0)).chain(all.filter(|&by| by != (0, 0))).collect();
        Ok(Self { side, moves })
    }

    /// Copies of an image, itself included.
    pub fn copies(&self) -> usize {
        self.moves.len()
    }

    /// Writes a copy of an image; that of number 0 is the image itself.
    ///
    /// # Panics
    /// If there is no such copy, or `image` or `out` have other sizes.
    pub fn write(&self, copy: usize, image: &[f32], out: &mut [f32]) {
        let side = self.side;
        assert!(image.len() == side * side && out.len() == side * side, "images have {side} x {side} pixels");
        let (down, right) = self.moves[copy];
        let from = |place: usize, by: isize| place.saturating_add_signed(-by).min(side - 1);
        for (row, out) in out.chunks_exact_mut(side).enumerate() {
            let source = &image[from(row, down) * side..][..side];
            out.iter_mut().enumerate().for_each(|(column, out)| *out = source[from(column, right)]);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn copies_are_all_moves_within_reach() {
        let shifts = Shifts::new(25, 2).unwrap();
        assert_eq!(shifts.copies(), 25);
        let mut image = [0.0; 25];
        image[12] = 1.0;
        let mut places: Vec<usize> = (0..25)
            .map(|copy| {
                let mut out = [0.0; 25];
                shifts.write(copy, &image, &mut out);
                assert_eq!(out.iter().sum::<f32>(), 1.0);
                out.iter().position(|&x| x == 1.0).unwrap()
            })
            .collect();
        assert_eq!(places[0], 12);
        places.sort_unstable();
        assert_eq!(places, (0..25).collect::<Vec<_>>());
    }

    #[test]
    fn the_border_is_repeated() {
        let shifts = Shifts::new(4, 1).unwrap();
        let mut out = [0.0; 4];
        // Down and to the right: the corner fills its surroundings.
        shifts.write(8, &[1.0, 2.0, 3.0, 4.0], &mut out);
        assert_eq!(out, [1.0, 1.0, 1.0, 1.0]);
    }

    #[test]
    fn other_shapes_are_refused() {
        for (n_features, pixels) in [(5, 1), (4, 2), (0, 0)] {
            assert!(matches!(Shifts::new(n_features, pixels), Err(Error::NotSquare { .. })), "{n_features}");
        }
    }
}
