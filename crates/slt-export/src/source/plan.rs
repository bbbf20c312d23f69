//! What source code in any language is made of: tables, the kinds of steps, test vectors.

use super::options::{Arithmetic, FixedReport, SourceOptions, Weights};
use super::text::{Numbers, Table};
use crate::draw::{BiasDraw, WeightDraw};
use crate::fixed::Fixed;
use crate::model::{Input, Layer, Model, Scaling};
use crate::{Error, Export};

/// A test vector.
pub(super) struct Vector {
    pub(super) features: Numbers,
    pub(super) logits: Numbers,
    pub(super) class: u32,
}

/// How a weight takes part in a sum.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Term {
    /// It is multiplied.
    Product,
    /// All have one size in a layer: a sign is enough.
    Sign,
}

pub(super) struct Plan<'e> {
    pub(super) export: &'e Export<'e>,
    pub(super) weights: Weights,
    pub(super) term: Term,
    /// `None` in single precision.
    pub(super) fixed: Option<Fixed>,
    /// How weights and biases are drawn, if they are not in tables.
    pub(super) draws: Option<(WeightDraw, BiasDraw)>,
    pub(super) vectors: Vec<Vector>,
    pub(super) report: Option<FixedReport>,
}

impl<'e> Plan<'e> {
    pub(super) fn new(export: &'e Export<'e>, options: &SourceOptions) -> Result<Self, Error> {
        let recipe = export.recipe();
        let draws = match options.weights {
            Weights::Table => None,
            Weights::Seed if export.ticket.inverted().is_some() => return Err(Error::SeedSigns),
            Weights::Seed => Some((WeightDraw::of(recipe)?, BiasDraw::of(recipe))),
        };
        let fixed = match options.arithmetic {
            Arithmetic::Float32 => None,
            Arithmetic::Fixed { range } => Some(export.fixed(range)?),
        };
        let is_constant = matches!(recipe.initializer.weights, slt_mlp::WeightInit::SignedConstant { .. });
        let term = if is_constant { Term::Sign } else { Term::Product };
        let report = fixed.as_ref().map(|fixed| compare(export, fixed)).transpose()?;
        let rows = export.samples.some(options.samples.max(1));
        let vectors = rows.into_iter().filter_map(|row| vector(export, fixed.as_ref(), row)).collect();
        Ok(Self { export, weights: options.weights, term, fixed, draws, vectors, report })
    }

    pub(super) fn model(&self) -> &Model {
        &self.export.model
    }

    /// Sizes of the layers that are computed: those of the whole network where weights are drawn, else
    /// without units that no output depends on.
    pub(super) fn sizes(&self) -> Vec<usize> {
        let size =
            |layer: &Layer| if self.weights == Weights::Seed { layer.shape.1 } else { layer.units.len() };
        self.model().layers.iter().map(size).collect()
    }

    /// Whether features are scaled.
    pub(super) fn is_scaled(&self) -> bool {
        self.model().inputs.iter().any(|input| input.scaling != Scaling::None)
    }

    /// Whether missing values are filled in.
    pub(super) fn is_imputed(&self) -> bool {
        self.fixed.is_none() && self.model().inputs.iter().any(|input| input.imputed.is_some())
    }

    /// Whether all features are scaled alike, so that the tables of the scaling have one row.
    pub(super) fn is_scaled_alike(&self) -> bool {
        let inputs = &self.model().inputs;
        inputs.iter().all(|input| input.scaling == inputs[0].scaling)
    }

    /// Whether weights or biases are drawn in double precision.
    pub(super) fn takes_double(&self) -> bool {
        let of_draw =
            |(weights, biases)| matches!(weights, WeightDraw::Scaled(_)) || biases == BiasDraw::Scaled;
        self.fixed.is_none() && self.draws.is_some_and(of_draw)
    }

    /// All tables that the code takes.
    pub(super) fn tables(&self) -> Vec<Table> {
        let mut tables = vec![Table::unsigned("size", self.sizes())];
        if let Some(fixed) = &self.fixed {
            tables.push(Table::unsigned("shift", fixed.layers.iter().map(|layer| layer.shift as usize)));
        }
        self.add_scaling(&mut tables);
        match self.draws {
            None => self.add_edges(&mut tables),
            Some((weights, biases)) => self.add_mask(&mut tables, weights, biases),
        }
        tables
    }

    fn add_scaling(&self, tables: &mut Vec<Table>) {
        let inputs = &self.model().inputs;
        if self.is_imputed() {
            let values = inputs.iter().map(|input| input.imputed.unwrap_or(0.0)).collect();
            tables.push(Table::new("imputed", Numbers::Float(values)));
            let can = inputs.iter().map(|input| usize::from(input.imputed.is_some()));
            tables.push(Table::unsigned("may_be_missing", can));
        }
        if !self.is_scaled() {
            return;
        }
        let rows = if self.is_scaled_alike() { 1 } else { inputs.len() };
        if let Some(fixed) = &self.fixed {
            let inputs = &fixed.inputs[..rows];
            let of = |value: fn(&crate::fixed::FixedInput) -> i32| {
                Numbers::Signed(inputs.iter().map(value).collect())
            };
            tables.push(Table::new("centre", of(|input| input.centre)));
            tables.push(Table::new("factor", of(|input| input.factor)));
            tables.push(Table::unsigned("right", inputs.iter().map(|input| input.shift as usize)));
        } else {
            let of = |value: fn(&Input) -> f32| Numbers::Float(inputs[..rows].iter().map(value).collect());
            tables.push(Table::new("offset", of(|input| pair(input.scaling).0)));
            tables.push(Table::new("span", of(|input| pair(input.scaling).1)));
        }
    }

    /// Active weights, target by target.
    fn add_edges(&self, tables: &mut Vec<Table>) {
        let model = self.model();
        let edges = || model.units().flat_map(|unit| &unit.edges);
        tables.push(Table::unsigned("count", model.units().map(|unit| unit.edges.len())));
        match self.term {
            Term::Sign => tables.push(Table::unsigned(
                "source",
                edges().map(|edge| 2 * edge.source + usize::from(edge.weight < 0.0)),
            )),
            Term::Product => tables.push(Table::unsigned("source", edges().map(|edge| edge.source))),
        }
        match (&self.fixed, self.term) {
            (None, Term::Product) => {
                tables.push(Table::new("weight", Numbers::Float(edges().map(|edge| edge.weight).collect())));
            }
            (None, Term::Sign) => tables.push(self.magnitudes()),
            (Some(fixed), Term::Product) => {
                let factors = fixed.layers.iter().flat_map(|layer| layer.factors.iter().flatten().copied());
                tables.push(Table::new("weight", Numbers::Signed(factors.collect())));
            }
            (Some(_), Term::Sign) => {}
        }
        let biases = match &self.fixed {
            None => Numbers::Float(model.units().map(|unit| unit.bias).collect()),
            Some(fixed) => {
                Numbers::Signed(fixed.layers.iter().flat_map(|layer| layer.biases.iter().copied()).collect())
            }
        };
        tables.push(Table::new("bias", biases));
    }

    /// The size of the weights of each layer.
    fn magnitudes(&self) -> Table {
        let layers = self.export.ticket.network().layers().iter();
        let magnitude = |layer: &slt_mlp::Layer| layer.weights()[[0, 0]].abs();
        Table::new("magnitude", Numbers::Float(layers.map(magnitude).collect()))
    }

    /// The mask in words of 16 bits, one for each block of the generator, each layer from a new word on.
    /// Weights that no output depends on are not in it.
    fn add_mask(&self, tables: &mut Vec<Table>, weights: WeightDraw, biases: BiasDraw) {
        let mut words = Vec::new();
        for layer in &self.model().layers {
            let start = words.len();
            words.resize(start + (layer.shape.0 * layer.shape.1).div_ceil(16), 0);
            for edge in layer.units.iter().flat_map(|unit| &unit.edges) {
                words[start + edge.bit / 16] |= 1 << (edge.bit % 16);
            }
        }
        tables.push(Table::unsigned("mask", words));
        let Some(fixed) = &self.fixed else {
            if weights == WeightDraw::Sign {
                tables.push(self.magnitudes());
            }
            if biases == BiasDraw::Scaled {
                tables.push(Table::new(
                    "bias_factor",
                    Numbers::Double(BiasDraw::factors(self.export.recipe())),
                ));
            }
            return;
        };
        // Those of all units; of those that are not computed, nothing depends on them.
        let mut all = Vec::new();
        for (layer, fixed) in self.model().layers.iter().zip(&fixed.layers) {
            let start = all.len();
            all.resize(start + layer.shape.1, 0);
            for (unit, &bias) in layer.units.iter().zip(&fixed.biases) {
                all[start + unit.index] = bias;
            }
        }
        tables.push(Table::new("bias", Numbers::Signed(all)));
    }
}

/// What the scaling takes from a value, and what it divides by: 0 for a constant, -1 for a value that stays
/// as it is.
fn pair(scaling: Scaling) -> (f32, f32) {
    match scaling {
        Scaling::None => (0.0, -1.0),
        Scaling::Zero => (0.0, 0.0),
        Scaling::MinMax { minimum, range } => (minimum, range),
        Scaling::Standard { mean, deviation } => (mean, deviation),
    }
}

/// Runs all samples in integers, and compares.
fn compare(export: &Export<'_>, fixed: &Fixed) -> Result<FixedReport, Error> {
    let samples = &export.samples;
    let (mut tried, mut same_class, mut largest_error) = (0, 0, 0.0_f64);
    for sample in 0..samples.len() {
        let raw = samples.raw.row(sample);
        let Some(logits) = fixed.logits(&export.model, &fixed.features(&export.model, &raw)) else {
            let is_last_chance = sample + 1 == samples.len() && tried == 0;
            if !export.are_given && !is_last_chance {
                continue;
            }
            let scaled = |(feature, &x): (usize, &f32)| (feature, export.model.inputs[feature].prepare(x));
            let (feature, value) = raw
                .iter()
                .enumerate()
                .map(scaled)
                .max_by(|a, b| a.1.abs().total_cmp(&b.1.abs()))
                .expect("a network has an input");
            return Err(Error::SampleBeyondRange { sample, feature, value, range: fixed.range });
        };
        let expected = samples.predictions.logits.row(sample);
        for (&logit, &expected) in logits.iter().zip(expected) {
            let error = f64::from(logit) * fixed.logit_scale - f64::from(expected);
            largest_error = largest_error.max(error.abs());
        }
        tried += 1;
        same_class += usize::from(first_largest(&logits) == samples.predictions.classes[sample]);
    }
    Ok(FixedReport {
        range: fixed.range,
        logit_scale: fixed.logit_scale,
        error_bound: fixed.error_bound,
        samples: tried,
        same_class,
        largest_error,
    })
}

fn first_largest(logits: &[i32]) -> u32 {
    let mut top = 0;
    for (class, logit) in logits.iter().enumerate() {
        if *logit > logits[top] {
            top = class;
        }
    }
    top as u32
}

/// `None` for a made-up sample beyond the range.
fn vector(export: &Export<'_>, fixed: Option<&Fixed>, row: usize) -> Option<Vector> {
    let (samples, model) = (&export.samples, &export.model);
    let raw = samples.raw.row(row);
    let Some(fixed) = fixed else {
        return Some(Vector {
            features: Numbers::Float(raw.to_vec()),
            logits: Numbers::Float(samples.predictions.logits.row(row).to_vec()),
            class: samples.predictions.classes[row],
        });
    };
    let features = fixed.features(model, &raw);
    let logits = fixed.logits(model, &features)?;
    let class = first_largest(&logits);
    Some(Vector { features: Numbers::Signed(features), logits: Numbers::Signed(logits), class })
}
