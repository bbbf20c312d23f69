//! Series side by side at each category.

/// Places for `series` groups side by side around each category of an axis of categories at 0, 1, 2, ...
///
/// The places of one category are equally wide and fill four fifths of it; series number `s` has its middles
/// at `c + (s - (series - 1) / 2) * step`.
///
/// ```
/// use slt_plot::{Axis, Bars, Color, Dodge, Panel};
/// let dodge = Dodge::new(2);
/// assert_eq!(dodge.positions(0, 3), [-0.2, 0.8, 1.8]);
/// assert_eq!(dodge.positions(1, 3), [0.2, 1.2, 2.2]);
/// let panel = Panel::new(Axis::categories("Classes", ["2", "3", "10"]), Axis::new("Mean sparsity (%)").percent())
///     .marks([("before", [0.53, 0.52, 0.51]), ("after", [0.98, 0.94, 0.77])].into_iter().enumerate().map(
///         |(s, (label, values))| {
///             let bars = Bars::new(dodge.positions(s, 3), values.to_vec()).width(dodge.width());
///             bars.label(label).color(Color::Series(s))
///         },
///     ));
/// assert_eq!(panel.marks.len(), 2);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Dodge {
    series: usize,
}

/// Share of a category that its series fill.
const FILLED: f64 = 0.8;
/// Share of its place that a box or bar fills.
const BODY: f64 = 0.85;

impl Dodge {
    /// Places for so many series; 0 counts as 1.
    #[must_use]
    pub const fn new(series: usize) -> Self {
        Self { series: if series == 0 { 1 } else { series } }
    }

    /// Distance between the middles of neighbouring series.
    #[must_use]
    pub fn step(&self) -> f64 {
        FILLED / self.series as f64
    }

    /// Width of a box or bar that leaves a little space to its neighbours.
    #[must_use]
    pub fn width(&self) -> f64 {
        BODY * self.step()
    }

    /// Distance of the middle of series number `series`, counted from 0, from that of its category.
    #[must_use]
    pub fn offset(&self, series: usize) -> f64 {
        (series as f64 - (self.series - 1) as f64 / 2.0) * self.step()
    }

    /// The middles of series number `series` at the first so many categories.
    #[must_use]
    pub fn positions(&self, series: usize, categories: usize) -> Vec<f64> {
        (0..categories).map(|category| category as f64 + self.offset(series)).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_are_even_symmetric_and_within_their_category() {
        for series in 1..8 {
            let dodge = Dodge::new(series);
            let offsets: Vec<f64> = (0..series).map(|s| dodge.offset(s)).collect();
            assert!(offsets.iter().sum::<f64>().abs() < 1e-12);
            assert!(offsets.windows(2).all(|pair| pair[1] - pair[0] > dodge.width()));
            assert!(offsets[series - 1] + dodge.width() / 2.0 < 0.5);
        }
        assert_eq!(Dodge::new(0), Dodge::new(1));
    }
}
