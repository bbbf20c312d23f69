//! The neurons and connections of a layered network.

use serde::{Deserialize, Serialize};

use super::{Draw, Extent, FOOTPRINT_STEP, View, check};
use crate::color::Color;
use crate::draw::canvas::{Anchor, Canvas, Direction, Stroke, TextStyle};
use crate::draw::geometry::{Point, Rect, sample_path};
use crate::draw::text::Font;
use crate::error::{Error, MarkPlace};
use crate::style::Dash;
use crate::theme;

/// A layered network from left to right, for a panel without axes ([`Panel::bare`](crate::Panel::bare)): a column of
/// circles for each layer, and lines for the connections that are given, later classes above earlier ones. Neurons
/// without any connection are drawn grey.
///
/// # Shapes
/// At least two layers, none empty. `layer_labels` is empty or has a text for each layer.
///
/// ```
/// use slt_plot::{Color, Edge, EdgeClass, Figure, NetworkGraph, Panel};
/// # fn main() -> Result<(), slt_plot::Error> {
/// let some = (0..20).map(|to| Edge { layer: 0, from: to % 2, to });
/// let recurring = [Edge { layer: 0, from: 0, to: 0 }, Edge { layer: 1, from: 0, to: 1 }];
/// let network = NetworkGraph::new([2, 20, 2])
///     .layer_labels(["Input", "Hidden", "Output"])
///     .class(EdgeClass::new(some).label("other connections").color(Color::Series(5)))
///     .class(EdgeClass::new(recurring).label("in most tickets").color(Color::Series(4)).width(1.4));
/// assert!(Figure::single_column(Panel::bare().mark(network)).to_svg()?.contains("Hidden"));
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct NetworkGraph {
    /// Neurons of each layer.
    pub layers: Vec<usize>,
    /// Texts below the layers.
    pub layer_labels: Vec<String>,
    /// Connections by kind.
    pub classes: Vec<EdgeClass>,
}

/// Connections that are drawn alike. Let classes differ in width or dashes and not in colour alone, for grey prints.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct EdgeClass {
    /// Text in the legend; without it the class has no entry.
    pub label: Option<String>,
    /// Colour.
    pub color: Color,
    /// Width of a line in points, in (0, 5].
    pub width: f64,
    /// Dashing.
    pub dash: Dash,
    /// The connections.
    pub edges: Vec<Edge>,
}

/// A connection from a neuron of a layer to one of the next layer, all counted from 0.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Edge {
    /// The layer in which it begins.
    pub layer: usize,
    /// Its neuron there.
    pub from: usize,
    /// Its neuron in the next layer.
    pub to: usize,
}

impl EdgeClass {
    /// Thin solid lines.
    #[must_use]
    pub fn new(edges: impl IntoIterator<Item = Edge>) -> Self {
        Self {
            label: None,
            color: Color::default(),
            width: 0.6,
            dash: Dash::Solid,
            edges: edges.into_iter().collect(),
        }
    }

    /// Sets the text in the legend.
    #[must_use]
    pub fn label(mut self, label: impl Into<String>) -> Self {
        self.label = Some(label.into());
        self
    }

    /// Sets the colour.
    #[must_use]
    pub fn color(mut self, color: Color) -> Self {
        self.color = color;
        self
    }

    /// Sets the width of a line in points.
    #[must_use]
    pub fn width(mut self, width: f64) -> Self {
        self.width = width;
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
        Stroke { color: self.color.resolve(), width: self.width, pattern }
    }
}

const LABEL: Font = Font::regular(theme::TICK_TEXT);
/// Space between the lowest neuron and the text below its layer.
const LABEL_GAP: f64 = 6.0;
/// Greatest distance between neighbouring neurons, and greatest radius of one.
const MAX_SPACING: f64 = 24.0;
const MAX_RADIUS: f64 = 4.5;
/// Radius in relation to the distance.
const RADIUS_SHARE: f64 = 0.36;
/// Smallest distance between neighbouring neurons that still shows them apart.
const MIN_SPACING: f64 = 1.8;

impl NetworkGraph {
    /// A network without connections.
    #[must_use]
    pub fn new(layers: impl IntoIterator<Item = usize>) -> Self {
        Self { layers: layers.into_iter().collect(), ..Self::default() }
    }

    /// Sets the texts below the layers.
    #[must_use]
    pub fn layer_labels<S: Into<String>>(mut self, labels: impl IntoIterator<Item = S>) -> Self {
        self.layer_labels = labels.into_iter().map(Into::into).collect();
        self
    }

    /// Adds connections above the others.
    #[must_use]
    pub fn class(mut self, class: EdgeClass) -> Self {
        self.classes.push(class);
        self
    }

    fn label_height(&self) -> f64 {
        if self.layer_labels.is_empty() { 0.0 } else { LABEL_GAP + LABEL.block_height(1) }
    }

    /// The layout of the network in a frame.
    fn layout(&self, frame: &Rect) -> Layout {
        let bottom = frame.bottom - self.label_height();
        let most = self.layers.iter().copied().max().unwrap_or(1);
        let spacing = ((bottom - frame.top) / most as f64).min(MAX_SPACING);
        let radius = (RADIUS_SHARE * spacing).min(MAX_RADIUS);
        let half = |i: usize| self.layer_labels.get(i).map_or(0.0, |text| LABEL.width(text) / 2.0);
        let left = frame.left + radius.max(half(0));
        let right = frame.right - radius.max(half(self.layers.len() - 1));
        let steps = (self.layers.len() - 1) as f64;
        let middle = f64::midpoint(frame.top, bottom);
        let column = |(i, &neurons): (usize, &usize)| {
            let x = left + (right - left) * i as f64 / steps;
            // Small layers spread a little, so that they do not huddle in the middle.
            let step =
                (spacing * (most as f64 / neurons as f64).sqrt()).min((bottom - frame.top) / neurons as f64);
            let step = step.min(MAX_SPACING.max(spacing));
            let top = middle - step * (neurons - 1) as f64 / 2.0;
            (0..neurons).map(|n| Point::new(x, top + step * n as f64)).collect()
        };
        Layout { layers: self.layers.iter().enumerate().map(column).collect(), radius, spacing, bottom }
    }

    /// Whether each neuron has a connection.
    fn connected(&self) -> Vec<Vec<bool>> {
        let mut connected: Vec<Vec<bool>> = self.layers.iter().map(|&n| vec![false; n]).collect();
        for edge in self.classes.iter().flat_map(|class| &class.edges) {
            connected[edge.layer][edge.from] = true;
            connected[edge.layer + 1][edge.to] = true;
        }
        connected
    }
}

/// The places of the neurons.
struct Layout {
    layers: Vec<Vec<Point>>,
    radius: f64,
    spacing: f64,
    /// Lower end of the neurons' part of the frame.
    bottom: f64,
}

impl Layout {
    fn line(&self, edge: &Edge) -> [Point; 2] {
        [self.layers[edge.layer][edge.from], self.layers[edge.layer + 1][edge.to]]
    }
}

impl Draw for NetworkGraph {
    fn kind(&self) -> &'static str {
        "network graph"
    }

    fn label(&self) -> Option<&str> {
        None
    }

    fn entries(&self) -> Vec<&str> {
        self.classes.iter().filter_map(|class| class.label.as_deref()).collect()
    }

    fn texts(&self) -> Vec<&str> {
        self.layer_labels.iter().map(String::as_str).chain(self.entries()).collect()
    }

    fn validate(&self, at: &MarkPlace) -> Result<(), Error> {
        let too_few = |field, len, least| Err(Error::TooFew { at: at.clone(), field, len, least });
        if self.layers.len() < 2 {
            return too_few("layers", self.layers.len(), 2);
        }
        if self.layers.contains(&0) {
            return too_few("layers[..]", 0, 1);
        }
        let (len, expected) = (self.layer_labels.len(), self.layers.len());
        if len != 0 && len != expected {
            let (field, other) = ("layer_labels", "layers");
            return Err(Error::LengthMismatch { at: at.clone(), field, len, other, expected });
        }
        let within = |field, index: usize, count: usize| match index < count {
            true => Ok(()),
            false => Err(Error::NoSuch { at: at.clone(), field, index, count }),
        };
        for class in &self.classes {
            check::setting(at, "width", class.width, 0.0, 5.0)?;
            for edge in &class.edges {
                within("edge.layer", edge.layer, self.layers.len() - 1)?;
                within("edge.from", edge.from, self.layers[edge.layer])?;
                within("edge.to", edge.to, self.layers[edge.layer + 1])?;
            }
        }
        Ok(())
    }

    fn extent(&self) -> Extent {
        Extent::default()
    }

    fn fits(&self, at: &MarkPlace, width: f64, height: f64) -> Result<(), Error> {
        let most = self.layers.iter().copied().max().unwrap_or(1);
        check::room(at, "height", most as f64 * MIN_SPACING + self.label_height(), height)?;
        let widest = self.layer_labels.iter().map(|text| LABEL.width(text)).fold(0.0, f64::max);
        check::room(at, "width", (widest + LABEL_GAP) * self.layers.len() as f64, width)
    }

    fn draw(&self, canvas: &Canvas<'_>, view: &View) -> Result<(), Error> {
        let layout = self.layout(&view.frame);
        for class in &self.classes {
            let stroke = class.stroke();
            class.edges.iter().try_for_each(|edge| canvas.path(&layout.line(edge), &stroke))?;
        }
        let stroke = theme::THIN_STROKE.min(layout.spacing / 6.0);
        for (neurons, connected) in layout.layers.iter().zip(self.connected()) {
            for (&center, connected) in neurons.iter().zip(connected) {
                let edge = if connected { theme::INK } else { theme::LEGEND_EDGE };
                canvas.disc(center, layout.radius, theme::BACKGROUND.into())?;
                canvas.circle(center, layout.radius, &Stroke::solid(edge, stroke))?;
            }
        }
        let style = TextStyle {
            font: LABEL,
            color: theme::INK,
            anchor: Anchor::Middle,
            direction: Direction::Rightwards,
        };
        let baseline = layout.bottom + LABEL_GAP + LABEL.cap_height();
        self.layer_labels
            .iter()
            .zip(&layout.layers)
            .try_for_each(|(text, layer)| canvas.text(text, Point::new(layer[0].x, baseline), &style))
    }

    fn draw_sample(&self, _canvas: &Canvas<'_>, _area: &Rect) -> Result<(), Error> {
        Ok(())
    }

    fn draw_entry(&self, canvas: &Canvas<'_>, entry: usize, area: &Rect) -> Result<(), Error> {
        let mut labelled = self.classes.iter().filter(|class| class.label.is_some());
        let Some(class) = labelled.nth(entry) else { return Ok(()) };
        let y = area.center().y;
        // A hair would not show its colour.
        let stroke = Stroke { width: class.width.max(theme::THIN_STROKE), ..class.stroke() };
        canvas.path(&[Point::new(area.left, y), Point::new(area.right, y)], &stroke)
    }

    fn footprint(&self, view: &View) -> Vec<Point> {
        let layout = self.layout(&view.frame);
        let edges = self.classes.iter().flat_map(|class| &class.edges);
        let lines = edges.flat_map(|edge| sample_path(&layout.line(edge), FOOTPRINT_STEP));
        lines.chain(layout.layers.iter().flatten().copied()).collect()
    }
}
