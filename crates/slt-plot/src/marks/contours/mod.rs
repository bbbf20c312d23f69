//! Lines of equal value.

mod isolines;
mod labels;

use self::isolines::isolines;
use self::labels::draw_labels;
use super::*;
use crate::axis::decimal::power_of_ten;

/// Lines along which the values of a grid reach given levels, by marching squares: straight within a cell,
/// crossing the lines between neighbouring grid points where linear interpolation gives the level. Where a
/// cell is a saddle, the mean of its four corners decides which opposite corners are connected.
///
/// Lines have a thin white edge, so that they stand out from dark and light parts of a
/// [`HeatMap`](crate::HeatMap) below. A label stands on the longest line of each level that has room for it.
///
/// # Shapes
/// The grid has at least 2 x 2 cells; their middles are the grid points.
///
/// ```
/// use slt_plot::{Contours, Format, Grid};
/// let steps: Vec<f64> = (0..=20).map(|i| f64::from(i) / 20.0).collect();
/// let accuracy = Grid::from_fn(steps.clone(), steps, |x, y| 0.5 + 0.5 * x * y);
/// let lines = Contours::new(accuracy, [0.6, 0.7, 0.8, 0.9]).format(Format::Percent).labelled();
/// ```
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Contours {
    /// Label, colour and dashing.
    pub style: Style,
    /// The values.
    pub grid: Grid,
    /// The values that have lines, at least one.
    pub levels: Vec<f64>,
    /// Whether the lines bear the values of their levels.
    pub labelled: bool,
    /// How these values are written.
    pub format: Format,
}

styled!(Contours: label, color, dash);

impl Contours {
    /// Dark lines at the given levels.
    #[must_use]
    pub fn new(grid: Grid, levels: impl IntoIterator<Item = f64>) -> Self {
        let style = Style { color: Color::Ink, dash: Dash::Solid, ..Style::default() };
        let levels = levels.into_iter().collect();
        Self { style, grid, levels, labelled: false, format: Format::default() }
    }

    /// The levels with their texts.
    fn texts_of_levels(&self) -> impl Iterator<Item = (f64, String)> {
        let largest = self.levels.iter().fold(0.0_f64, |largest, level| largest.max(level.abs()));
        self.levels.iter().map(move |&level| (level, text(level, largest, self.format)))
    }

    /// The visible lines of each level with the level's text.
    fn lines(&self, view: &View) -> Vec<(String, Vec<Vec<Point>>)> {
        let (x, y) = self.grid.middles();
        let lines_of = |level: f64| -> Vec<Vec<Point>> {
            isolines(&x, &y, &self.grid.values, level)
                .into_iter()
                .map(|line| line.into_iter().map(|(x, y)| view.point(x, y)).collect::<Vec<_>>())
                .flat_map(|line| clip_path(&line, &view.frame))
                .collect()
        };
        self.texts_of_levels().map(|(level, text)| (text, lines_of(level))).collect()
    }
}

setters!(Contours {
    /// Writes the values of the levels on the lines.
    labelled() { labelled = true }
    /// Sets how the values of the levels are written.
    format(format: Format) { format = format }
});

/// A level in print: at most six digits after the point if they tell it (from a thousandth on they do), else
/// at most six digits and a power of ten. `largest` is the largest magnitude of all levels; what is nothing
/// beside it is rounding.
fn text(level: f64, largest: f64, format: Format) -> String {
    let shown = if format == Format::Percent { 100.0 * level } else { level };
    if level.abs() <= ROUNDING * largest {
        return "0".to_owned();
    }
    let rounded = if shown.abs() < 1e9 { (shown * 1e6).round() / 1e6 } else { shown };
    let told = shown.abs() >= 1e-3 || (rounded - shown).abs() <= 1e-9 * shown.abs();
    if told && shown.abs() < 1e15 {
        return rounded.to_string().replace('-', "\u{2212}");
    }
    let scientific = format!("{shown:.5e}");
    let (mantissa, exponent) = scientific.split_once('e').unwrap_or((&scientific, "0"));
    let mantissa = mantissa.trim_end_matches('0').trim_end_matches('.').replace('-', "\u{2212}");
    let power = power_of_ten(exponent.parse().unwrap_or(0));
    match mantissa.as_str() {
        "1" => power,
        "\u{2212}1" => format!("\u{2212}{power}"),
        _ => format!("{mantissa}×{power}"),
    }
}

/// Levels smaller than this in relation to the largest one are zero, but for rounding.
const ROUNDING: f64 = 1e-14;

impl Draw for Contours {
    fn validate(&self, at: &Place) -> Result<(), Error> {
        self.grid.validate(at)?;
        let shortest = self.grid.values.len().min(self.grid.values[0].len());
        let expected = "at least 2 in a row and in a column";
        check::count(at, "values", shortest, shortest >= 2, expected)?;
        check::columns(at, &[("levels", &self.levels)])
    }

    fn extent(&self) -> Extent {
        let (x, y) = self.grid.middles();
        Extent { x: Span::of(x).map(Span::tight), y: Span::of(y).map(Span::tight) }
    }

    fn draw(&self, canvas: &Canvas<'_>, view: &View) {
        let lines = self.lines(view);
        let stroke = self.style.stroke(theme::CONTOUR_STROKE);
        let edge = Stroke::solid(theme::BACKGROUND, stroke.width + 2.0 * theme::CONTOUR_EDGE);
        let all = || lines.iter().flat_map(|(_, lines)| lines);
        all().for_each(|line| canvas.path(line, &edge));
        all().for_each(|line| canvas.path(line, &stroke));
        if self.labelled {
            draw_labels(canvas, &lines, &view.frame);
        }
    }

    fn draw_sample(&self, canvas: &Canvas<'_>, _: usize, area: &Rect) {
        draw_line_sample(canvas, area, &self.style.stroke(theme::CONTOUR_STROKE));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn levels_in_print() {
        let one = |level: f64, format| text(level, level.abs(), format);
        assert_eq!(one(0.1 + 0.2, Format::Number), "0.3");
        assert_eq!(one(-0.5, Format::Number), "−0.5");
        assert_eq!(one(0.29, Format::Percent), "29");
        assert_eq!(one(1_234.567_890_1, Format::Number), "1234.56789");
        assert_eq!(one(0.0002, Format::Number), "0.0002");
        assert_eq!(one(0.0, Format::Number), "0");
        // Rounding beside the other levels, but a level where they are as small.
        assert_eq!(text(-5.6e-17, 0.3, Format::Number), "0");
        assert_eq!(one(-1e-9, Format::Number), "−10⁻⁹");
        assert_eq!(one(2.5e-7, Format::Number), "2.5×10⁻⁷");
        assert_eq!(one(1.234e-5, Format::Number), "1.234×10⁻⁵");
        assert_eq!(one(3e-9, Format::Percent), "3×10⁻⁷");
        assert_eq!(one(5e-324, Format::Number), "4.94066×10⁻³²⁴");
        assert_eq!(one(-2e300, Format::Number), "−2×10³⁰⁰");
    }

    /// Levels over many powers of ten, as of a loss, are told apart.
    #[test]
    fn every_level_has_a_text_of_its_own() {
        let grid = Grid::from_fn(vec![0.0, 1.0, 2.0], vec![0.0, 1.0], |x, y| x + y);
        let levels: Vec<f64> = (-10..=3).map(|power| 10.0_f64.powi(power)).collect();
        let texts = Contours::new(grid, levels.clone());
        let distinct: std::collections::BTreeSet<String> =
            texts.texts_of_levels().map(|(_, text)| text).collect();
        assert_eq!(distinct.len(), levels.len(), "{distinct:?}");
        assert!(!distinct.contains("0"));
    }
}
