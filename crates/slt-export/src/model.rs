//! A ticket taken apart: what goes in, the active weights, what comes out.

use slt_datasets::scaling::{HIGH, LOW, Scaler, ScalerKind};
use slt_mlp::Ticket;

/// Length of the range of min-max scaling.
pub(crate) const SPAN: f32 = (HIGH - LOW) as f32;
/// Its lower end.
pub(crate) const LOWER: f32 = LOW as f32;

/// How a value becomes an input of the network, in single precision and in the order written.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) enum Scaling {
    /// As it is.
    None,
    /// Always 0: the feature was constant.
    Zero,
    /// `SPAN * (x - minimum) / range + LOWER`.
    MinMax { minimum: f32, range: f32 },
    /// `(x - mean) / deviation`.
    Standard { mean: f32, deviation: f32 },
}

impl Scaling {
    fn of(scaler: &Scaler, feature: usize) -> Self {
        let parameters = scaler.parameters();
        let [first, second] = parameters[feature.min(parameters.len() - 1)];
        match scaler.kind() {
            ScalerKind::Standard | ScalerKind::MaxAbsGlobal if second == 0.0 => Self::Zero,
            // The largest absolute value takes the place of the deviation from 0.
            ScalerKind::Standard | ScalerKind::MaxAbsGlobal => {
                Self::Standard { mean: first, deviation: second }
            }
            ScalerKind::MinMaxGlobal | ScalerKind::MinMaxPerFeature if first == second => Self::Zero,
            ScalerKind::MinMaxGlobal | ScalerKind::MinMaxPerFeature => {
                Self::MinMax { minimum: first, range: second - first }
            }
        }
    }

    pub(crate) fn apply(self, x: f32) -> f32 {
        match self {
            Self::None => x,
            Self::Zero => 0.0,
            Self::MinMax { minimum, range } => SPAN * (x - minimum) / range + LOWER,
            Self::Standard { mean, deviation } => (x - mean) / deviation,
        }
    }

    /// `(x - subtract) * multiply / divide + add` is the same, in single precision and in that order.
    pub(crate) fn steps(self) -> [f32; 4] {
        match self {
            Self::None => [0.0, 1.0, 1.0, 0.0],
            Self::Zero => [0.0, 0.0, 1.0, 0.0],
            Self::MinMax { minimum, range } => [minimum, SPAN, range, LOWER],
            Self::Standard { mean, deviation } => [mean, 1.0, deviation, 0.0],
        }
    }

    /// Scaled is `(x - centre) * slope`, exactly; `None` for a constant.
    pub(crate) fn line(self) -> Option<(f64, f64)> {
        match self {
            Self::None => Some((0.0, 1.0)),
            Self::Zero => None,
            Self::MinMax { minimum, range } => {
                let slope = f64::from(SPAN) / f64::from(range);
                Some((f64::from(minimum) - f64::from(LOWER) / slope, slope))
            }
            Self::Standard { mean, deviation } => Some((f64::from(mean), 1.0 / f64::from(deviation))),
        }
    }
}

/// A feature that the export takes.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Input {
    /// Name of the column, if it is known.
    pub(crate) column: Option<String>,
    /// The category that the feature is 1 for.
    pub(crate) category: Option<String>,
    pub(crate) scaling: Scaling,
    /// What stands for a missing value.
    pub(crate) imputed: Option<f32>,
}

impl Input {
    pub(crate) fn name(&self) -> Option<String> {
        match (&self.column, &self.category) {
            (Some(column), Some(category)) => Some(format!("{column}={category}")),
            (column, _) => column.clone(),
        }
    }

    /// The value, or what stands for a missing one.
    pub(crate) fn filled(&self, x: f32) -> f32 {
        if x.is_nan() { self.imputed.unwrap_or(x) } else { x }
    }

    /// What reaches the network.
    pub(crate) fn prepare(&self, x: f32) -> f32 {
        let x = self.filled(x);
        // A constant feature is 0 whatever it is, but not if it is nothing.
        if x.is_finite() { self.scaling.apply(x) } else { f32::NAN }
    }
}

/// A weight that is active.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Edge {
    /// Place of the source in [`Layer::units`] of the layer before, or among the inputs.
    pub(crate) source: usize,
    /// Bit inside the layer: `source * n_out + target`, with the units of the whole network.
    pub(crate) bit: usize,
    pub(crate) weight: f32,
}

/// A unit with an active way to an output.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Unit {
    /// Place in its layer of the whole network.
    pub(crate) index: usize,
    pub(crate) bias: f32,
    /// Sources ascending: the order in which the engine adds.
    pub(crate) edges: Vec<Edge>,
}

/// A layer of units that are computed.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Layer {
    /// Sizes of the layer before and of this one in the whole network.
    pub(crate) shape: (usize, usize),
    pub(crate) units: Vec<Unit>,
}

/// All that formats write of a ticket.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Model {
    pub(crate) inputs: Vec<Input>,
    /// Without units that no output depends on.
    pub(crate) layers: Vec<Layer>,
    pub(crate) class_names: Option<Vec<String>>,
}

impl Model {
    pub(crate) fn of(ticket: &Ticket) -> Self {
        let n_inputs = ticket.network().architecture().n_inputs();
        let inputs = match ticket.preprocessing() {
            None => {
                let scaling = |i| ticket.scaler().map_or(Scaling::None, |scaler| Scaling::of(scaler, i));
                let input = |i| Input { column: None, category: None, scaling: scaling(i), imputed: None };
                (0..n_inputs).map(input).collect()
            }
            Some(preprocessing) => preprocessing
                .origins()
                .into_iter()
                .map(|origin| Input {
                    column: origin.column.map(str::to_owned),
                    category: origin.category.map(str::to_owned),
                    scaling: match (origin.number, preprocessing.scaler()) {
                        (Some(number), Some(scaler)) => Scaling::of(scaler, number),
                        _ => Scaling::None,
                    },
                    imputed: origin.imputed,
                })
                .collect(),
        };
        Self {
            inputs,
            layers: live_layers(ticket),
            class_names: ticket.class_names().map(<[String]>::to_vec),
        }
    }

    pub(crate) fn n_classes(&self) -> usize {
        self.layers.last().map_or(0, |layer| layer.units.len())
    }

    /// Names of the classes: their numbers if they have none.
    pub(crate) fn names(&self) -> Vec<String> {
        match &self.class_names {
            Some(names) => names.clone(),
            None => (0..self.n_classes()).map(|class| class.to_string()).collect(),
        }
    }

    /// Active weights on a way to an output.
    pub(crate) fn n_edges(&self) -> usize {
        self.units().map(|unit| unit.edges.len()).sum()
    }

    /// All units, layer by layer.
    pub(crate) fn units(&self) -> impl Iterator<Item = &Unit> {
        self.layers.iter().flat_map(|layer| &layer.units)
    }
}

/// The layers without units that no output depends on.
fn live_layers(ticket: &Ticket) -> Vec<Layer> {
    let (network, mask) = (ticket.network(), ticket.mask());
    let shapes: Vec<(usize, usize)> = network.architecture().layer_shapes().collect();
    let starts: Vec<usize> = network.architecture().layer_bits().iter().map(|bits| bits.start).collect();
    let is_active = |layer: usize, source: usize, target: usize| {
        mask.get(starts[layer] + source * shapes[layer].1 + target)
    };

    // From the outputs back.
    let mut live = vec![(0..network.architecture().n_outputs()).collect::<Vec<usize>>()];
    for layer in (1..shapes.len()).rev() {
        let targets = &live[live.len() - 1];
        let leads_on = |&source: &usize| targets.iter().any(|&target| is_active(layer, source, target));
        live.push((0..shapes[layer].0).filter(leads_on).collect());
    }
    live.reverse();

    let mut sources: Vec<usize> = (0..network.architecture().n_inputs()).collect();
    let mut layers = Vec::with_capacity(shapes.len());
    for (l, targets) in live.into_iter().enumerate() {
        let parameters = &network.layers()[l];
        let unit = |&index: &usize| {
            let edge = |(place, &source): (usize, &usize)| Edge {
                source: place,
                bit: source * shapes[l].1 + index,
                weight: parameters.weights()[[source, index]],
            };
            let active = sources.iter().enumerate().filter(|&(_, &source)| is_active(l, source, index));
            Unit { index, bias: parameters.biases()[index], edges: active.map(edge).collect() }
        };
        let units = targets.iter().map(unit).collect();
        layers.push(Layer { shape: shapes[l], units });
        sources = targets;
    }
    layers
}
