//! Values as colours.

use super::*;
use crate::axis::range::resolve;
use crate::draw::cells::draw_cells;

/// A rectangle for each cell of a grid, coloured by its value, with a colour bar beside the frame.
///
/// `colors` is the axis of the colours: its label, range, scale, format and ticks are those of the bar.
/// Values beyond a fixed range take the colour of its end. The bar of the first map of a panel that has one
/// is drawn.
///
/// No background shows between neighbouring cells, whatever renders them. A map of 51 x 51 cells takes about
/// 150 kB of SVG; neighbours of one colour in a row are one rectangle.
///
/// ```
/// use slt_plot::{Aspect, Axis, Contours, Figure, Grid, HeatMap, Panel};
/// # fn main() -> Result<(), slt_plot::Error> {
/// let steps: Vec<f64> = (-10..=10).map(|i| f64::from(i) / 10.0).collect();
/// let loss = Grid::from_fn(steps.clone(), steps, |delta, eta| 0.02 + delta * delta + 2.0 * eta * eta);
/// let panel = Panel::new(Axis::new("δ"), Axis::new("η"))
///     .aspect(Aspect::Square)
///     .mark(HeatMap::new(loss.clone(), Axis::new("Cross-entropy").log()))
///     .mark(Contours::new(loss, [0.1, 0.5, 1.0, 2.0]).labelled());
/// assert!(Figure::single_column(panel).to_svg()?.contains("Cross-entropy"));
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct HeatMap {
    /// The values.
    pub grid: Grid,
    /// The axis along which values become colours.
    pub colors: Axis,
    /// The colours.
    pub map: ColorMap,
    /// Whether there is a colour bar.
    pub bar: bool,
}

impl HeatMap {
    /// A map in [`ColorMap::Viridis`] with its bar.
    #[must_use]
    pub fn new(grid: Grid, colors: Axis) -> Self {
        Self { grid, colors, map: ColorMap::default(), bar: true }
    }

    /// The values of the first and the last colour.
    fn range(&self, panel: usize) -> Result<(f64, f64), Error> {
        let span = Span::of(self.grid.all()).map(Span::tight);
        resolve(&self.colors, span, &Place::Axis { panel, direction: AxisDirection::Color })
    }
}

setters!(HeatMap {
    /// Sets the colours.
    map(map: ColorMap) { map = map }
    /// Leaves the colour bar out, where another panel shows the same.
    without_bar() { bar = false }
});

impl Draw for HeatMap {
    fn texts(&self) -> Vec<&str> {
        vec![&self.colors.label]
    }

    fn validate(&self, at: &Place) -> Result<(), Error> {
        self.grid.validate(at)?;
        if self.colors.scale == AxisScale::Log
            && let Some(value) = self.grid.all().find(|value| *value <= 0.0)
        {
            check::value(at, "values", value, false, "positive on a logarithmic scale")?;
        }
        match *at {
            Place::Mark { panel, .. } => self.range(panel).map(|_| ()),
            _ => Ok(()),
        }
    }

    fn extent(&self) -> Extent {
        let (x, y) = self.grid.edges();
        Extent { x: Span::of(x).map(Span::tight), y: Span::of(y).map(Span::tight) }
    }

    fn overreach(&self, direction: AxisDirection) -> Option<&'static str> {
        let (positions, cells) = match direction {
            AxisDirection::X => (&self.grid.x, self.grid.values[0].len()),
            _ => (&self.grid.y, self.grid.values.len()),
        };
        let middles = positions.len() == cells && positions.iter().all(|middle| *middle > 0.0);
        middles.then_some("its outer cells reach as far beyond their middles as within")
    }

    fn color_scale(&self) -> Option<ColorScale<'_>> {
        let range = self.range(0).ok()?;
        self.bar.then_some(ColorScale { axis: &self.colors, range, map: self.map })
    }

    fn draw(&self, canvas: &Canvas<'_>, view: &View) {
        let scale = self.colors.scale;
        // What has no range has been refused.
        let Ok((low, high)) = self.range(0) else { return };
        let (low, high) = (scale.forward(low), scale.forward(high));
        let (x, y) = self.grid.edges();
        let x: Vec<f64> = x.into_iter().map(|x| view.x.position(x)).collect();
        let y: Vec<f64> = y.into_iter().rev().map(|y| view.y.position(y)).collect();
        let last = self.grid.values.len() - 1;
        let color = |row: usize, column: usize| {
            let value = scale.forward(self.grid.values[last - row][column]);
            self.map.color_at((value - low) / (high - low))
        };
        draw_cells(canvas, &view.frame, &x, &y, color);
        canvas.outline(&view.frame.corners(), &Stroke::solid(theme::INK, theme::AXIS_STROKE));
    }
}
