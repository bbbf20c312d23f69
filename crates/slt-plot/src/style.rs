//! What the marks have in common: label, colour, dashes and marker.

use serde::{Deserialize, Serialize};

use crate::color::Color;
use crate::draw::canvas::{Canvas, Stroke};
use crate::draw::geometry::Rect;
use crate::theme;

/// How a mark looks and what the legend calls it. A mark has setters for what it makes use of.
///
/// ```
/// use slt_plot::{Color, Line};
/// let line = Line::new(vec![0.0, 1.0], vec![0.5, 0.9]).label("GA").color(Color::Series(1));
/// assert_eq!(line.style.label.as_deref(), Some("GA"));
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Style {
    /// Text in the legend; without it the mark has no entry.
    pub label: Option<String>,
    /// Colour.
    pub color: Color,
    /// Dashing of lines.
    pub dash: Dash,
    /// Shape of markers.
    pub marker: Marker,
    /// Whether markers, boxes or bars are white inside, which tells a second kind of a series from the first.
    pub hollow: bool,
}

impl Style {
    /// A line of this colour and dashing, `width` points wide.
    pub(crate) fn stroke(&self, width: f64) -> Stroke {
        let pattern = self.dash.pattern(self.color);
        Stroke { color: self.color.resolve(), width, pattern }
    }

    /// A thin line of this colour without gaps, as around boxes.
    pub(crate) fn edge(&self) -> Stroke {
        Stroke::solid(self.color.resolve(), theme::THIN_STROKE)
    }

    /// Draws a box as far as it is within a frame. By the number of the series its filling is plain, hatched
    /// upwards, downwards, or both: tints are too close to each other in grey.
    pub(crate) fn draw_box(&self, canvas: &Canvas<'_>, area: &Rect, frame: &Rect) {
        let Some(area) = area.intersection(frame) else { return };
        let color = self.color.resolve();
        let filling = if self.hollow { theme::BACKGROUND } else { color.on_white(theme::FILL_TINT) };
        canvas.rectangle(&area, filling.into());
        let kind = if self.hollow { 0 } else { self.color.series_index() % 4 };
        let stroke = Stroke::solid(color, theme::HATCH_STROKE);
        for (direction, is_drawn) in [(1.0, kind & 1 != 0), (-1.0, kind & 2 != 0)] {
            if is_drawn {
                canvas.hatch(&area, theme::HATCH_SPACING, direction, &stroke);
            }
        }
        canvas.outline(&area.corners(), &self.edge());
    }
}

/// Setters of a mark for parts of its style.
macro_rules! styled {
    ($mark:ident: $($part:ident),*) => {
        impl $mark {
            $(styled!(@ $part);)*
        }
    };
    (@ label) => {
        /// Sets the text in the legend.
        #[must_use]
        pub fn label(mut self, label: impl Into<String>) -> Self {
            self.style.label = Some(label.into());
            self
        }
    };
    (@ color) => {
        /// Sets the colour.
        #[must_use]
        pub fn color(mut self, color: $crate::Color) -> Self {
            self.style.color = color;
            self
        }
    };
    (@ dash) => {
        /// Sets the dashing of the line.
        #[must_use]
        pub fn dash(mut self, dash: $crate::Dash) -> Self {
            self.style.dash = dash;
            self
        }
    };
    (@ marker) => {
        /// Sets the shape of the markers.
        #[must_use]
        pub fn marker(mut self, marker: $crate::Marker) -> Self {
            self.style.marker = marker;
            self
        }
    };
    (@ hollow) => {
        /// Leaves the inside white, to tell a second kind of a series from the first.
        #[must_use]
        pub fn hollow(mut self) -> Self {
            self.style.hollow = true;
            self
        }
    };
}
pub(crate) use styled;

/// The dashing of a line.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub enum Dash {
    /// By the number of the series: solid, dashed, dash-dotted, dotted, long-dashed, and again.
    #[default]
    Auto,
    /// Unbroken.
    Solid,
    /// Dashes.
    Dashed,
    /// Dashes and dots in turn.
    DashDotted,
    /// Dots.
    Dotted,
    /// Long dashes.
    LongDashed,
}

impl Dash {
    const CYCLE: [Self; 5] = [Self::Solid, Self::Dashed, Self::DashDotted, Self::Dotted, Self::LongDashed];

    /// Lengths of ink and gap in turn, in points.
    pub(crate) fn pattern(self, color: Color) -> &'static [f64] {
        match self {
            Self::Auto => Self::CYCLE[color.series_index() % Self::CYCLE.len()].pattern(color),
            Self::Solid => &[],
            Self::Dashed => &[4.2, 1.8],
            Self::DashDotted => &[4.8, 1.6, 1.3, 1.6],
            Self::Dotted => &[1.3, 1.5],
            Self::LongDashed => &[8.0, 2.2],
        }
    }
}

/// The shape of a marker.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub enum Marker {
    /// By the number of the series: circle, square, triangle, diamond, inverted triangle, and again.
    #[default]
    Auto,
    /// A disc.
    Circle,
    /// An upright square.
    Square,
    /// A triangle that points up.
    Triangle,
    /// A square on its corner.
    Diamond,
    /// A triangle that points down.
    InvertedTriangle,
}

impl Marker {
    const CYCLE: [Self; 5] =
        [Self::Circle, Self::Square, Self::Triangle, Self::Diamond, Self::InvertedTriangle];

    /// The shape itself; never [`Marker::Auto`].
    pub(crate) fn resolve(self, color: Color) -> Self {
        match self {
            Self::Auto => Self::CYCLE[color.series_index() % Self::CYCLE.len()],
            shape => shape,
        }
    }
}
