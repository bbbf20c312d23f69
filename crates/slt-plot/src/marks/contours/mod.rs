//! Lines of equal value.

mod isolines;
mod labels;

use serde::{Deserialize, Serialize};

use self::isolines::isolines;
use self::labels::{LevelLabel, place_labels};
use super::grid::Grid;
use super::{Draw, Extent, FOOTPRINT_STEP, Span, View, check};
use crate::axis::decimal::power_of_ten;
use crate::axis::{Axis, Format, ticks};
use crate::color::Color;
use crate::draw::canvas::{Canvas, Stroke};
use crate::draw::clip::clip_path;
use crate::draw::geometry::{Point, Rect, sample_path};
use crate::error::{Error, MarkPlace};
use crate::style::Dash;
use crate::theme;

/// Lines along which the values of a grid reach given levels, by marching squares: straight within a cell, crossing the
/// lines between neighbouring grid points where linear interpolation gives the level. Where a cell is a saddle, the mean
/// of its four corners decides which opposite corners are connected.
///
/// Lines have a thin white edge, so that they stand out from dark and light parts of a [`HeatMap`](crate::HeatMap)
/// below. A label stands on the longest line of each level that has room for it.
///
/// # Shapes
/// The grid has at least 2 x 2 cells; their middles are the grid points.
///
/// ```
/// use slt_plot::{Contours, Format, Grid};
/// let steps: Vec<f64> = (0..=20).map(|i| f64::from(i) / 20.0).collect();
/// let accuracy = Grid::from_fn(steps.clone(), steps, |x, y| 0.5 + 0.5 * x * y);
/// let lines = Contours::new(accuracy).levels([0.6, 0.7, 0.8, 0.9]).format(Format::Percent).labelled();
/// ```
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Contours {
    /// Text in the legend; without it the lines have no entry.
    pub label: Option<String>,
    /// The values.
    pub grid: Grid,
    /// Which levels have lines.
    pub levels: Levels,
    /// Whether the lines bear the values of their levels.
    pub labelled: bool,
    /// How these values are written.
    pub format: Format,
    /// Colour.
    pub color: Color,
    /// Dashing.
    pub dash: Dash,
}

/// The levels of [`Contours`].
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub enum Levels {
    /// Round values within the range of the grid, at most so many.
    Round(usize),
    /// These.
    At(Vec<f64>),
}

impl Default for Levels {
    fn default() -> Self {
        Self::Round(8)
    }
}

impl Contours {
    /// Dark lines at up to eight round levels.
    #[must_use]
    pub fn new(grid: Grid) -> Self {
        Self {
            label: None,
            grid,
            levels: Levels::default(),
            labelled: false,
            format: Format::default(),
            color: Color::Ink,
            dash: Dash::Solid,
        }
    }

    /// Sets the text in the legend.
    #[must_use]
    pub fn label(mut self, label: impl Into<String>) -> Self {
        self.label = Some(label.into());
        self
    }

    /// Sets the levels.
    #[must_use]
    pub fn levels(mut self, levels: impl IntoIterator<Item = f64>) -> Self {
        self.levels = Levels::At(levels.into_iter().collect());
        self
    }

    /// Asks for round levels, at most so many.
    #[must_use]
    pub fn round_levels(mut self, most: usize) -> Self {
        self.levels = Levels::Round(most);
        self
    }

    /// Writes the values of the levels on the lines.
    #[must_use]
    pub fn labelled(mut self) -> Self {
        self.labelled = true;
        self
    }

    /// Sets how the values of the levels are written.
    #[must_use]
    pub fn format(mut self, format: Format) -> Self {
        self.format = format;
        self
    }

    /// Sets the colour.
    #[must_use]
    pub fn color(mut self, color: Color) -> Self {
        self.color = color;
        self
    }

    /// Sets the dashing.
    #[must_use]
    pub fn dash(mut self, dash: Dash) -> Self {
        self.dash = dash;
        self
    }

    fn stroke(&self) -> Stroke {
        let pattern = self.dash.pattern(self.color);
        Stroke { color: self.color.resolve(), width: theme::CONTOUR_STROKE, pattern }
    }

    /// The levels with their texts.
    fn levels_in(&self) -> Vec<(f64, String)> {
        let with_texts = |levels: Vec<f64>| {
            let largest = levels.iter().fold(0.0_f64, |largest, level| largest.max(level.abs()));
            levels.into_iter().map(|level| (level, text(level, largest, self.format))).collect()
        };
        match &self.levels {
            Levels::At(levels) => with_texts(levels.clone()),
            Levels::Round(most) => {
                let Some(span) = Span::of(self.grid.all()) else { return Vec::new() };
                if span.max <= span.min {
                    return Vec::new();
                }
                let axis = Axis { format: self.format, ..Axis::default() };
                let set = ticks::automatic(&axis, span.min, span.max, |set| set.ticks.len() <= *most);
                with_texts(set.ticks.into_iter().map(|tick| tick.value).collect())
            }
        }
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
        self.levels_in().into_iter().map(|(level, text)| (text, lines_of(level))).collect()
    }
}

/// A level in print: at most six digits after the point if they tell it (from a thousandth on they do), else at most six
/// digits and a power of ten. `largest` is the largest magnitude of all levels; what is nothing beside it is rounding.
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
    fn kind(&self) -> &'static str {
        "contours"
    }

    fn label(&self) -> Option<&str> {
        self.label.as_deref()
    }

    fn validate(&self, at: &MarkPlace) -> Result<(), Error> {
        self.grid.validate(at)?;
        let shortest = self.grid.values.len().min(self.grid.values[0].len());
        if shortest < 2 {
            return Err(Error::TooFew { at: at.clone(), field: "values", len: shortest, least: 2 });
        }
        match &self.levels {
            Levels::At(levels) => check::columns(at, &[("levels", levels)]),
            Levels::Round(0) => Err(Error::Empty { at: at.clone(), field: "levels" }),
            Levels::Round(_) => Ok(()),
        }
    }

    fn extent(&self) -> Extent {
        let (x, y) = self.grid.middles();
        Extent { x: Span::of(x).map(Span::tight), y: Span::of(y).map(Span::tight) }
    }

    fn draw(&self, canvas: &Canvas<'_>, view: &View) -> Result<(), Error> {
        let lines = self.lines(view);
        let stroke = self.stroke();
        let edge = Stroke::solid(theme::BACKGROUND, stroke.width + 2.0 * theme::CONTOUR_EDGE);
        let all = || lines.iter().flat_map(|(_, lines)| lines);
        all().try_for_each(|line| canvas.path(line, &edge))?;
        all().try_for_each(|line| canvas.path(line, &stroke))?;
        if self.labelled {
            place_labels(&lines, &view.frame).iter().try_for_each(|label: &LevelLabel| label.draw(canvas))?;
        }
        Ok(())
    }

    fn draw_sample(&self, canvas: &Canvas<'_>, area: &Rect) -> Result<(), Error> {
        let y = area.center().y;
        canvas.path(&[Point::new(area.left, y), Point::new(area.right, y)], &self.stroke())
    }

    fn footprint(&self, view: &View) -> Vec<Point> {
        let lines = self.lines(view);
        lines.iter().flat_map(|(_, lines)| lines).flat_map(|line| sample_path(line, FOOTPRINT_STEP)).collect()
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
        let texts = Contours::new(grid).levels(levels.clone()).levels_in();
        let distinct: std::collections::BTreeSet<String> = texts.into_iter().map(|(_, text)| text).collect();
        assert_eq!(distinct.len(), levels.len(), "{distinct:?}");
        assert!(!distinct.contains("0"));
    }

    #[test]
    fn round_levels_are_few_and_within_the_values() {
        let grid = Grid::from_fn(vec![0.0, 1.0, 2.0], vec![0.0, 1.0], |x, y| 0.13 + 0.31 * (x + y));
        let levels = Contours::new(grid).round_levels(6).levels_in();
        assert!((2..=6).contains(&levels.len()), "{levels:?}");
        assert!(levels.iter().all(|(level, _)| (0.13..=1.06).contains(level)));
    }
}
