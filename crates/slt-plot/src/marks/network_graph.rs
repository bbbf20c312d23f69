//! The units and connections of a layered network.

use super::*;

/// A layered network from left to right, for a panel without axes ([`Panel::bare`](crate::Panel::bare)): a
/// column of circles for each layer, and lines for the connections that are given, later classes above
/// earlier ones. Units without any connection are drawn grey. A layer of more units than can be told
/// apart at the height of the panel is one bar, which connections meet where their units are.
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
/// let ticket = NetworkGraph::ticket([2, 20, 2], (0..80).map(|bit| bit % 3 == 0));
/// assert_eq!(ticket.layer_labels, ["2 in", "20 hidden", "2 out"]);
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct NetworkGraph {
    /// Units of each layer.
    pub layers: Vec<usize>,
    /// Texts below the layers.
    pub layer_labels: Vec<String>,
    /// Connections by kind.
    pub classes: Vec<EdgeClass>,
}

/// Connections that are drawn alike. Let classes differ in width or dashes and not in colour alone, for grey
/// prints.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct EdgeClass {
    /// Label, colour and dashing.
    pub style: Style,
    /// Width of a line in points, in (0, 5].
    pub width: f64,
    /// The connections.
    pub edges: Vec<Edge>,
}

/// A connection from a unit of a layer to one of the next layer, all counted from 0.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Edge {
    /// The layer in which it begins.
    pub layer: usize,
    /// Its unit there.
    pub from: usize,
    /// Its unit in the next layer.
    pub to: usize,
}

impl Edge {
    /// All connections of a network whose layers are fully connected, in the order of a mask over its
    /// weights: layer by layer, those that begin in one unit together (`from * n_to + to`).
    ///
    /// ```
    /// use slt_plot::Edge;
    /// let edges: Vec<Edge> = Edge::all(&[2, 3, 1]).collect();
    /// assert_eq!(edges.len(), 9);
    /// assert_eq!(edges[4], Edge { layer: 0, from: 1, to: 1 });
    /// ```
    pub fn all(layers: &[usize]) -> impl Iterator<Item = Self> {
        layers.windows(2).enumerate().flat_map(|(layer, pair)| {
            let (n_from, n_to) = (pair[0], pair[1]);
            (0..n_from).flat_map(move |from| (0..n_to).map(move |to| Self { layer, from, to }))
        })
    }
}

styled!(EdgeClass: label, color, dash);

impl EdgeClass {
    /// Thin solid lines.
    #[must_use]
    pub fn new(edges: impl IntoIterator<Item = Edge>) -> Self {
        let style = Style { dash: Dash::Solid, ..Style::default() };
        Self { style, width: 0.6, edges: edges.into_iter().collect() }
    }
}

setters!(EdgeClass {
    /// Sets the width of a line in points.
    width(width: f64) { width = width }
});

/// The width of a line of a ticket where there are so many between two layers: up to 70 as wide as lines get,
/// up to 1,000 in inverse proportion to the root of their number, and beyond to their number, so that their
/// ink stays the same.
fn ticket_width(lines: usize) -> f64 {
    let lines = lines.max(1) as f64;
    let width = 0.6 * (70.0 / lines).sqrt().min(1.0);
    (width * (1_000.0 / lines).min(1.0).sqrt()).max(HAIR)
}

/// The thinnest line: a hundredth of a point is as fine as drawings are.
const HAIR: f64 = 0.01;

const LABEL: Font = Font::regular(theme::TICK_TEXT);
/// Space between the lowest unit and the text below its layer.
const LABEL_GAP: f64 = 6.0;
/// Greatest distance between neighbouring units, and greatest radius of one.
const MAX_SPACING: f64 = 24.0;
const MAX_RADIUS: f64 = 4.5;
/// Radius in relation to the distance.
const RADIUS_SHARE: f64 = 0.36;
/// Smallest distance between neighbouring units that still shows them apart.
const MIN_SPACING: f64 = 1.8;
/// Width of a bar that stands for a layer of more units.
const BAR_WIDTH: f64 = 5.0;
/// Least height of the units' part of the frame.
const MIN_HEIGHT: f64 = 20.0;

impl NetworkGraph {
    /// A network without connections.
    #[must_use]
    pub fn new(layers: impl IntoIterator<Item = usize>) -> Self {
        Self { layers: layers.into_iter().collect(), ..Self::default() }
    }

    /// A network of which a mask keeps some connections, with the sizes of its layers below them. Lines
    /// between two layers are the thinner the more there are; some ten thousand become an even tone. `kept`
    /// says of each connection, in the order of [`Edge::all`], whether it is there; what it lacks is not.
    #[must_use]
    pub fn ticket(layers: impl IntoIterator<Item = usize>, kept: impl IntoIterator<Item = bool>) -> Self {
        let layers: Vec<usize> = layers.into_iter().collect();
        let mut between: Vec<Vec<Edge>> = vec![Vec::new(); layers.len().saturating_sub(1)];
        for (edge, kept) in Edge::all(&layers).zip(kept) {
            if kept {
                between[edge.layer].push(edge);
            }
        }
        let last = layers.len().saturating_sub(1);
        let label = |(layer, n): (usize, &usize)| match layer {
            0 => format!("{n} in"),
            _ if layer == last => format!("{n} out"),
            _ => format!("{n} hidden"),
        };
        let labels: Vec<String> = layers.iter().enumerate().map(label).collect();
        let classes = between.into_iter().filter(|edges| !edges.is_empty());
        let drawn = |edges: Vec<Edge>| {
            let width = ticket_width(edges.len());
            EdgeClass::new(edges).width(width)
        };
        Self { classes: classes.map(drawn).collect(), ..Self::new(layers).layer_labels(labels) }
    }

    fn label_height(&self) -> f64 {
        if self.layer_labels.is_empty() { 0.0 } else { LABEL_GAP + LABEL.block_height(1) }
    }

    /// The layout of the network in a frame.
    fn layout(&self, frame: &Rect) -> Layout {
        let bottom = frame.bottom - self.label_height();
        let height = bottom - frame.top;
        // But for rounding, as `check::room` has it.
        let is_bar = |units: usize| units as f64 * MIN_SPACING > height + 1e-6;
        let most = self.layers.iter().copied().filter(|&n| !is_bar(n)).max().unwrap_or(1);
        let spacing = (height / most as f64).min(MAX_SPACING);
        let radius = (RADIUS_SHARE * spacing).min(MAX_RADIUS);
        let half = |i: usize| self.layer_labels.get(i).map_or(0.0, |text| LABEL.width(text) / 2.0);
        let side = |i: usize| if is_bar(self.layers[i]) { BAR_WIDTH / 2.0 } else { radius }.max(half(i));
        let left = frame.left + side(0);
        let right = frame.right - side(self.layers.len() - 1);
        let steps = (self.layers.len() - 1) as f64;
        let middle = f64::midpoint(frame.top, bottom);
        let column = |(i, &units): (usize, &usize)| {
            let x = left + (right - left) * i as f64 / steps;
            if is_bar(units) {
                let step = height / units as f64;
                let centers =
                    (0..units).map(|n| Point::new(x, frame.top + step * (n as f64 + 0.5))).collect();
                let bar = Rect::at(x - BAR_WIDTH / 2.0, frame.top, BAR_WIDTH, height);
                return Column { centers, bar: Some(bar) };
            }
            // Small layers spread a little, so that they do not huddle in the middle.
            let step = (spacing * (most as f64 / units as f64).sqrt()).min(height / units as f64);
            let step = step.min(MAX_SPACING.max(spacing));
            let top = middle - step * (units - 1) as f64 / 2.0;
            let centers = (0..units).map(|n| Point::new(x, top + step * n as f64)).collect();
            Column { centers, bar: None }
        };
        Layout { layers: self.layers.iter().enumerate().map(column).collect(), radius, spacing, bottom }
    }

    /// Whether each unit has a connection.
    fn connected(&self) -> Vec<Vec<bool>> {
        let mut connected: Vec<Vec<bool>> = self.layers.iter().map(|&n| vec![false; n]).collect();
        for edge in self.classes.iter().flat_map(|class| &class.edges) {
            connected[edge.layer][edge.from] = true;
            connected[edge.layer + 1][edge.to] = true;
        }
        connected
    }
}

setters!(NetworkGraph {
    /// Adds connections above the others.
    class(class: EdgeClass) { classes.push(class) }
    /// Sets the texts below the layers.
    layer_labels(labels: impl IntoIterator<Item = impl Into<String>>) {
        layer_labels = labels.into_iter().map(Into::into).collect()
    }
});

/// The units of a layer, and the bar that stands for them where there are too many.
struct Column {
    centers: Vec<Point>,
    bar: Option<Rect>,
}

/// The places of the units.
struct Layout {
    layers: Vec<Column>,
    radius: f64,
    spacing: f64,
    /// Lower end of the units' part of the frame.
    bottom: f64,
}

impl Layout {
    fn line(&self, edge: &Edge) -> [Point; 2] {
        [self.layers[edge.layer].centers[edge.from], self.layers[edge.layer + 1].centers[edge.to]]
    }
}

impl Draw for NetworkGraph {
    fn texts(&self) -> Vec<&str> {
        self.layer_labels.iter().map(String::as_str).collect()
    }

    fn validate(&self, at: &Place) -> Result<(), Error> {
        check::count(at, "layers", self.layers.len(), self.layers.len() >= 2, "at least 2")?;
        for (i, &units) in self.layers.iter().enumerate() {
            check::value(at, format_args!("layers[{i}]"), units as f64, units > 0, "at least 1")?;
        }
        check::none_or_as_many(at, ("layer_labels", self.layer_labels.len()), ("layers", self.layers.len()))?;
        let within = |field: &str, index: usize, count: usize| {
            check::value(at, field, index as f64, index < count, format_args!("less than {count}"))
        };
        for class in &self.classes {
            check::up_to(at, "width", class.width, 5.0)?;
            for edge in &class.edges {
                within("edge.layer", edge.layer, self.layers.len() - 1)?;
                within("edge.from", edge.from, self.layers[edge.layer])?;
                within("edge.to", edge.to, self.layers[edge.layer + 1])?;
            }
        }
        Ok(())
    }

    fn fits(&self, at: &Place, width: f64, height: f64) -> Result<(), Error> {
        check::room(at, "the height of the network", MIN_HEIGHT + self.label_height(), height)?;
        let widest = self.layer_labels.iter().map(|text| LABEL.width(text)).fold(0.0, f64::max);
        check::room(at, "the row of labels", (widest + LABEL_GAP) * self.layers.len() as f64, width)
    }

    fn draw(&self, canvas: &Canvas<'_>, view: &View) {
        let layout = self.layout(&view.frame);
        for class in &self.classes {
            let stroke = class.style.stroke(class.width);
            class.edges.iter().for_each(|edge| canvas.path(&layout.line(edge), &stroke));
        }
        let stroke = theme::THIN_STROKE.min(layout.spacing / 6.0);
        for (column, connected) in layout.layers.iter().zip(self.connected()) {
            if let Some(bar) = &column.bar {
                canvas.rectangle(bar, theme::BACKGROUND.into());
                canvas.outline(&bar.corners(), &Stroke::solid(theme::INK, theme::THIN_STROKE));
                continue;
            }
            column.centers.iter().for_each(|&at| canvas.disc(at, layout.radius, theme::BACKGROUND.into()));
            for (&center, connected) in column.centers.iter().zip(connected) {
                let edge = if connected { theme::INK } else { theme::LEGEND_EDGE };
                canvas.circle(center, layout.radius, &Stroke::solid(edge, stroke));
            }
        }
        let baseline = layout.bottom + LABEL_GAP + LABEL.cap_height();
        for (text, layer) in self.layer_labels.iter().zip(&layout.layers) {
            let at = Point::new(layer.centers[0].x, baseline);
            canvas.text(text, at, &TextStyle::new(LABEL, Anchor::Center));
        }
    }

    fn draw_sample(&self, canvas: &Canvas<'_>, entry: usize, area: &Rect) {
        let mut labelled = self.classes.iter().filter(|class| class.style.label.is_some());
        if let Some(class) = labelled.nth(entry) {
            // A hair would not show its colour.
            draw_line_sample(canvas, area, &class.style.stroke(class.width.max(theme::THIN_STROKE)));
        }
    }
}
