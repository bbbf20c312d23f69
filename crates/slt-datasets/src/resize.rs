//! [`Resize`]: square images averaged down to fewer pixels.

use crate::Error;

/// Square images of one channel, averaged down by area.
///
/// A pixel of the result is the mean of the image over the square that it covers. With images `from` pixels
/// wide that become `to` wide, pixel `(i, j)` of the result covers rows `i from / to` to `(i + 1) from / to`,
/// and columns likewise; a pixel of the image counts with the share of it that is covered, so any two sizes
/// go together:
///
/// ```text
/// y[i, j] = sum over r and c of w(i, r) w(j, c) x[r, c] / from^2
/// w(i, r) = length of what [i from, (i + 1) from) and [r to, (r + 1) to) share
/// ```
///
/// Weights are whole numbers. The sum goes through rows and in each through columns, in double precision; it
/// is divided once and rounded once to single precision. So images of one grey keep it exactly, and at the
/// same size nothing changes.
///
/// ```
/// use slt_datasets::Resize;
///
/// let resize = Resize::new(9, 2)?;
/// let image = [8.0, 0.0, 0.0, 0.0, 4.0, 0.0, 0.0, 0.0, 2.0];
/// let mut small = [0.0; 4];
/// resize.write(&image, &mut small);
/// // A whole pixel of a corner, halves of two, and a quarter of the middle, on 9/4 pixels.
/// assert_eq!(small, [4.0, 1.0 / 2.25, 1.0 / 2.25, 3.0 / 2.25]);
/// # Ok::<(), slt_datasets::Error>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Resize {
    from: usize,
    to: usize,
}

impl Resize {
    /// The widest images that are taken.
    pub const MAX_SIDE: usize = 256;

    /// Images of `n_features` pixels, averaged down to `to` times `to`.
    ///
    /// # Errors
    /// [`Error::Resize`] if such images are not square, wider than [`MAX_SIDE`](Self::MAX_SIDE) or narrower
    /// than `to`, or `to` is 0.
    pub fn new(n_features: usize, to: usize) -> Result<Self, Error> {
        let from = n_features.isqrt();
        if from * from != n_features || from > Self::MAX_SIDE || !(1..=from).contains(&to) {
            return Err(Error::Resize { n_features, side: to, max: Self::MAX_SIDE });
        }
        Ok(Self { from, to })
    }

    /// Width of the images that are taken.
    pub fn from_side(&self) -> usize {
        self.from
    }

    /// Width of the images that they become.
    pub fn to_side(&self) -> usize {
        self.to
    }

    /// Number of pixels of the images that they become.
    pub fn n_features(&self) -> usize {
        self.to * self.to
    }

    /// Writes the small image of `image`.
    ///
    /// # Panics
    /// If `image` or `out` have other sizes.
    pub fn write(&self, image: &[f32], out: &mut [f32]) {
        let Self { from, to } = *self;
        assert!(image.len() == from * from && out.len() == to * to, "images do not have the sizes announced");
        let area = (from * from) as f64;
        for (i, out) in out.chunks_exact_mut(to).enumerate() {
            for (j, out) in out.iter_mut().enumerate() {
                let mut sum = 0.0;
                for r in self.covered(i) {
                    for c in self.covered(j) {
                        let weight = self.overlap(i, r) * self.overlap(j, c);
                        sum += weight as f64 * f64::from(image[r * from + c]);
                    }
                }
                *out = (sum / area) as f32;
            }
        }
    }

    /// The rows or columns that a row or column of the result covers, at least in part.
    fn covered(&self, i: usize) -> std::ops::Range<usize> {
        i * self.from / self.to..((i + 1) * self.from).div_ceil(self.to)
    }

    /// What both share, in units of which a pixel of the image has `to` and one of the result `from`.
    fn overlap(&self, i: usize, r: usize) -> usize {
        ((i + 1) * self.from).min((r + 1) * self.to) - (i * self.from).max(r * self.to)
    }
}
