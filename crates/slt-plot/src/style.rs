//! What the marks have in common: label, colour, dashes and marker.

use serde::{Deserialize, Serialize};

use crate::color::{Color, on_white};
use crate::draw::canvas::{Canvas, Stroke};
use crate::draw::geometry::Rect;
use crate::theme;

/// How a mark looks and what the legend calls it. A mark has setters for what it makes use of.
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
        let filling = if self.hollow { theme::BACKGROUND } else { on_white(color, theme::FILL_TINT) };
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

    /// The legend's sample of a box, and its place in the middle of `area`.
    pub(crate) fn draw_box_sample(&self, canvas: &Canvas<'_>, area: &Rect) -> Rect {
        let (center, half) = (area.center(), theme::NARROW_SAMPLE_WIDTH / 2.0);
        let sample = Rect { left: center.x - half, right: center.x + half, ..*area };
        self.draw_box(canvas, &sample, &sample);
        sample
    }
}

/// Methods that take a value, change it, and return it: `name(argument: Type) { what follows "self." }` each.
macro_rules! setters {
    ($type:ident { $($(#[$doc:meta])* $name:ident($($argument:ident: $of:ty),*) { $($change:tt)+ })* }) => {
        impl $type {
            $(
                $(#[$doc])*
                #[must_use]
                pub fn $name(mut self $(, $argument: $of)*) -> Self {
                    self.$($change)+;
                    self
                }
            )*
        }
    };
}
pub(crate) use setters;

/// Setters of a mark for parts of its style.
macro_rules! styled {
    ($mark:ident: $($part:ident),*) => {
        $($crate::style::styled!(@ $mark $part);)*
    };
    (@ $mark:ident label) => {
        $crate::style::setters!($mark { /** Sets the text in the legend. */
            label(label: impl Into<String>) { style.label = Some(label.into()) } });
    };
    (@ $mark:ident color) => {
        $crate::style::setters!($mark { /** Sets the colour. */
            color(color: $crate::Color) { style.color = color } });
    };
    (@ $mark:ident dash) => {
        $crate::style::setters!($mark { /** Sets the dashing of the line. */
            dash(dash: $crate::Dash) { style.dash = dash } });
    };
    (@ $mark:ident marker) => {
        $crate::style::setters!($mark { /** Sets the shape of the markers. */
            marker(marker: $crate::Marker) { style.marker = marker } });
    };
    (@ $mark:ident hollow) => {
        $crate::style::setters!($mark { /** Leaves the inside white, to tell a second kind of a series apart. */
            hollow() { style.hollow = true } });
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
