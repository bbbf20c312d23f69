//! The bar beside a frame that says which colour means which value.

use super::y_axis::YAxis;
use crate::axis::scale::AxisMap;
use crate::color_map::ColorMap;
use crate::draw::canvas::{Canvas, Stroke};
use crate::draw::geometry::Rect;
use crate::error::Error;
use crate::marks::ColorScale;
use crate::theme;

/// Width of the bar and its distance from the frame.
const WIDTH: f64 = 8.0;
const GAP: f64 = 6.0;
/// Steps of colour.
const STEPS: u32 = 128;

/// A measured colour bar, as high as the frame.
pub(super) struct ColorBar {
    axis: YAxis,
    map: ColorMap,
}

impl ColorBar {
    pub(super) fn measure(number: usize, scale: &ColorScale<'_>, height: f64) -> Result<Self, Error> {
        Ok(Self { axis: YAxis::measure_right(number, scale.axis, scale.range, height)?, map: scale.map })
    }

    /// Width of gap, bar, ticks and texts.
    pub(super) fn width(&self) -> f64 {
        GAP + WIDTH + self.axis.tick_width() + self.axis.label_width()
    }

    /// Draws the bar to the right of the frame.
    pub(super) fn draw(&self, canvas: &Canvas<'_>, frame: &Rect) -> Result<(), Error> {
        let bar = Rect::at(frame.right + GAP, frame.top, WIDTH, frame.height());
        // Equal steps of colour are equal steps along the bar, on linear and on logarithmic scales.
        let steps = AxisMap {
            scale: crate::Scale::Linear,
            min: 0.0,
            max: f64::from(STEPS),
            from: bar.bottom,
            to: bar.top,
        };
        // From the top downwards, each step reaching on under the next: no seams show.
        for step in (0..STEPS).rev() {
            let top = steps.position(f64::from(step + 1));
            let share = (f64::from(step) + 0.5) / f64::from(STEPS);
            canvas.rectangle(&Rect { top, ..bar }, self.map.color_at(share).into())?;
        }
        canvas.outline(&bar.corners(), &Stroke::solid(theme::INK, theme::GRID_STROKE))?;
        self.axis.draw(canvas, &bar, self.axis.tick_width())
    }
}
