//! The area between two curves.

use super::*;

/// The area between `lower[i]` and `upper[i]` over `x[i]`, as for a confidence band or a range over runs.
/// With the label of a [`Line`](crate::Line) it shares that line's entry in the legend.
///
/// # Shapes
/// `x`, `lower` and `upper` are equally long and not empty; `x` does not fall, `lower[i] <= upper[i]`.
///
/// ```
/// use slt_plot::{Band, Color};
/// let band = Band::new(vec![0.0, 1.0], vec![0.4, 0.5], vec![0.6, 0.8]).color(Color::Series(2));
/// ```
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Band {
    /// Label, and colour, laid on thinly.
    pub style: Style,
    /// Horizontal positions.
    pub x: Vec<f64>,
    /// Lower curve.
    pub lower: Vec<f64>,
    /// Upper curve.
    pub upper: Vec<f64>,
    /// Whether each value holds until the next x, rather than running straight to the next value.
    pub step: bool,
}

styled!(Band: label, color);

impl Band {
    /// The area between two curves.
    #[must_use]
    pub fn new(x: Vec<f64>, lower: Vec<f64>, upper: Vec<f64>) -> Self {
        Self { x, lower, upper, ..Self::default() }
    }

    fn paint(&self) -> Paint {
        self.style.color.resolve().mix(theme::BAND_OPACITY)
    }
}

setters!(Band {
    /// Lets each value hold until the next x.
    step() { step = true }
});

impl Draw for Band {
    fn validate(&self, at: &Place) -> Result<(), Error> {
        check::columns(at, &[("x", &self.x), ("lower", &self.lower), ("upper", &self.upper)])?;
        check::sorted(at, "x", &self.x)?;
        check::intervals(at, &self.lower, &self.upper)
    }

    fn extent(&self) -> Extent {
        Extent {
            x: Span::of(self.x.iter().copied()).map(Span::tight),
            y: Span::of(self.lower.iter().chain(&self.upper).copied()),
        }
    }

    /// The curves are drawn as well, thin and dashed as their series, since bands that overlap merge in grey.
    fn draw(&self, canvas: &Canvas<'_>, view: &View) {
        let [lower, upper] = [&self.lower, &self.upper].map(|ends| view.path(&self.x, ends, self.step));
        let around: Vec<Point> = upper.iter().chain(lower.iter().rev()).copied().collect();
        canvas.polygon(&clip_polygon(&around, &view.frame), self.paint());
        let edge = self.style.stroke(theme::HATCH_STROKE);
        for curve in [lower, upper] {
            canvas.path_within(&curve, &view.frame, &edge);
        }
    }

    fn draw_sample(&self, canvas: &Canvas<'_>, _: usize, area: &Rect) {
        canvas.rectangle(area, self.paint());
    }
}
