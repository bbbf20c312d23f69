//! A network in integers, with a bound on what that costs.
//!
//! Every layer has one scale `s`: an integer `A` stands for the value `s A`. A weight is an integer `q` times
//! a unit `u` of its layer, so a sum `B + q_1 A_1 + q_2 A_2 + ...` of integers stands for a value in units of
//! `u s`, and what follows a layer is a shift alone, no multiplication:
//!
//! ```text
//! A' = max(0, sum) >> shift (rounded),   s' = u s 2^shift
//! ```
//!
//! Weights of a constant size have `q` = 1 or -1: their sums are additions. They are 32-bit numbers, of 30
//! bits at most. Other weights have 16 bits, values too, so that a product has 32 bits, and sums 64. Scales
//! are chosen from exact integer intervals: no input in the range can overflow anything.

use ndarray::ArrayView1;
use slt_mlp::{Recipe, WeightInit};

use crate::Error;
use crate::draw;
use crate::model::{Edge, Input, Layer, Model, Scaling};

/// The ranges that are possible: 2^-10 to 2^20.
pub(crate) const MIN_RANGE: f64 = 1.0 / 1024.0;
const MAX_RANGE: f64 = 1_048_576.0;
/// Unit roundoff of single precision.
const ROUNDOFF: f64 = 5.960_464_477_539_063e-8;
/// The largest values of a layer, in front of weights of a constant size, and of others: 16 bits and a
/// little, so that the ends of a range of a power of two fit after rounding.
const ADDED_LIMIT: i64 = 1 << 30;
const MULTIPLIED_LIMIT: i64 = (1 << 15) + 8;
/// The largest sums.
const ADDED_SUM: i128 = 1 << 30;
const MULTIPLIED_SUM: i128 = 1 << 62;
/// Logits and biases have 31 bits with their sign.
const LOGIT_LIMIT: i128 = 1 << 30;

/// How a raw integer becomes an input of the network: `(x - centre) * factor >> shift`, rounded.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct FixedInput {
    /// A raw value is an integer times 2^-fraction.
    pub(crate) fraction: i32,
    pub(crate) centre: i32,
    pub(crate) factor: i32,
    pub(crate) shift: u32,
}

impl FixedInput {
    /// The integer that stands for a value; what is beyond 32 bits is at their end, which is beyond the
    /// range.
    pub(crate) fn of_value(self, x: f32) -> i32 {
        (f64::from(x) * 2_f64.powi(self.fraction)).round() as i32
    }

    fn prepare(self, x: i32) -> i64 {
        shift_rounded((i64::from(x) - i64::from(self.centre)) * i64::from(self.factor), self.shift)
    }
}

/// A layer in integers, with the units of the [`Model`].
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct FixedLayer {
    pub(crate) biases: Vec<i32>,
    /// Factors of each unit's edges.
    pub(crate) factors: Vec<Vec<i32>>,
    pub(crate) shift: u32,
}

/// A network in integers.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Fixed {
    /// Largest magnitude of a scaled feature.
    pub(crate) range: f64,
    /// What stands for it.
    pub(crate) limit: i32,
    pub(crate) inputs: Vec<FixedInput>,
    pub(crate) layers: Vec<FixedLayer>,
    /// Whether all weights have one size, so that nothing is multiplied.
    pub(crate) is_added: bool,
    /// What a logit of 1 stands for.
    pub(crate) logit_scale: f64,
    /// The most that a logit may differ from that of the engine.
    pub(crate) error_bound: f64,
}

/// A shift to the right that rounds to the nearest, halves away from zero.
pub(crate) fn shift_rounded(value: i64, shift: u32) -> i64 {
    let half = if shift == 0 { 0 } else { 1_i64 << (shift - 1) };
    if value >= 0 { (value + half) >> shift } else { -((half - value) >> shift) }
}

/// What is known of the values in front of a layer.
struct Values {
    /// Least and largest integer.
    integers: Vec<(i64, i64)>,
    /// Least and largest exact value.
    exact: Vec<(f64, f64)>,
    /// How far an integer may be from the exact value, and how far the engine.
    fixed_error: Vec<f64>,
    float_error: Vec<f64>,
    scale: f64,
}

/// The sums of a layer.
struct Sums {
    biases: Vec<i32>,
    integers: Vec<(i128, i128)>,
}

impl Fixed {
    pub(crate) fn of(model: &Model, recipe: &Recipe, range: f64) -> Result<Self, Error> {
        if !(MIN_RANGE..=MAX_RANGE).contains(&range) {
            return Err(Error::Range { range });
        }
        let is_added = matches!(recipe.initializer.weights, WeightInit::SignedConstant { .. });
        let layers: Vec<Factors> =
            model.layers.iter().enumerate().map(|(l, layer)| Factors::of(layer, recipe, l)).collect();
        let mut values = inputs(model, &layers[0], is_added, range)?;
        let input_scale = values.scale;
        let fixed_inputs: Vec<FixedInput> = model
            .inputs
            .iter()
            .enumerate()
            .map(|(i, input)| fixed_input(input, range, input_scale).ok_or(Error::FixedInput { feature: i }))
            .collect::<Result<_, _>>()?;
        for (i, (input, fixed)) in model.inputs.iter().zip(&fixed_inputs).enumerate() {
            values.fixed_error[i] = input_error(input.scaling, *fixed, range, input_scale);
            let reach = limit_of(range, input_scale) as f64 * input_scale + values.fixed_error[i];
            values.exact[i] = (-reach, reach);
            // Differences, quotients and constants of the scaling, each rounded.
            values.float_error[i] =
                if input.scaling == Scaling::None { 0.0 } else { 6.0 * ROUNDOFF * (range + 1.0) };
        }

        let mut fixed_layers: Vec<FixedLayer> = Vec::with_capacity(layers.len());
        for (l, layer) in layers.iter().enumerate() {
            let sums = layer.sums(&values, is_added).ok_or(Error::FixedRange { layer: l })?;
            let (next, shift) = layer
                .propagate(&values, &sums, layers.get(l + 1), is_added)
                .ok_or(Error::FixedRange { layer: l })?;
            fixed_layers.push(FixedLayer { biases: sums.biases, factors: layer.factors.clone(), shift });
            values = next;
        }
        let error = values.fixed_error.iter().zip(&values.float_error).map(|(fixed, float)| fixed + float);
        Ok(Self {
            range,
            limit: limit_of(range, input_scale) as i32,
            inputs: fixed_inputs,
            layers: fixed_layers,
            is_added,
            logit_scale: values.scale,
            // What this computation rounds.
            error_bound: error.fold(0.0, f64::max) * (1.0 + 1e-9),
        })
    }

    /// The integers that stand for a sample, with what stands for missing values.
    pub(crate) fn features(&self, model: &Model, raw: &ArrayView1<'_, f32>) -> Vec<i32> {
        let filled = model.inputs.iter().zip(raw).map(|(input, &x)| input.filled(x));
        self.inputs.iter().zip(filled).map(|(input, x)| input.of_value(x)).collect()
    }

    /// What generated code computes; `None` for a sample beyond the range.
    pub(crate) fn logits(&self, model: &Model, features: &[i32]) -> Option<Vec<i32>> {
        let mut values: Vec<i64> =
            self.inputs.iter().zip(features).map(|(input, &x)| input.prepare(x)).collect();
        if values.iter().any(|value| value.abs() > i64::from(self.limit)) {
            return None;
        }
        for (l, (layer, fixed)) in model.layers.iter().zip(&self.layers).enumerate() {
            let is_last = l + 1 == self.layers.len();
            let sum = |u: usize| {
                let terms = layer.units[u].edges.iter().zip(&fixed.factors[u]);
                terms.fold(i64::from(fixed.biases[u]), |sum, (edge, &q)| {
                    sum + values[edge.source] * i64::from(q)
                })
            };
            let value = |u| shift_rounded(if is_last { sum(u) } else { sum(u).max(0) }, fixed.shift);
            values = (0..layer.units.len()).map(value).collect();
        }
        Some(values.into_iter().map(|logit| logit as i32).collect())
    }
}

/// The weights of a layer as integers.
struct Factors<'a> {
    layer: &'a Layer,
    unit: f64,
    factors: Vec<Vec<i32>>,
}

impl<'a> Factors<'a> {
    fn of(layer: &'a Layer, recipe: &Recipe, l: usize) -> Self {
        let edges = || layer.units.iter().flat_map(|unit| &unit.edges);
        let largest = edges().map(|edge| f64::from(edge.weight.abs())).fold(0.0, f64::max);
        let each = |factor: &dyn Fn(&Edge) -> i32| {
            layer.units.iter().map(|unit| unit.edges.iter().map(factor).collect()).collect()
        };
        let of_uniform = |half_width: f64| {
            let words = draw::words(recipe.seed, l, layer.shape.0 * layer.shape.1);
            Self {
                layer,
                unit: half_width / 32_768.0,
                factors: each(&|edge| draw::uniform_factor(words[edge.bit])),
            }
        };
        match recipe.initializer.weights {
            WeightInit::Uniform => of_uniform(1.0),
            WeightInit::UniformWithin { half_width } => of_uniform(half_width),
            // Without edges the unit is that of the biases.
            WeightInit::SignedConstant { .. } => {
                let unit = if largest > 0.0 { largest } else { 1.0 };
                Self { layer, unit, factors: each(&|edge| if edge.weight > 0.0 { 1 } else { -1 }) }
            }
            _ => {
                let unit = if largest > 0.0 { largest / 32_767.0 } else { 1.0 };
                Self { layer, unit, factors: each(&|edge| (f64::from(edge.weight) / unit).round() as i32) }
            }
        }
    }

    /// The sums, if they fit.
    fn sums(&self, values: &Values, is_added: bool) -> Option<Sums> {
        let largest = if is_added { ADDED_SUM } else { MULTIPLIED_SUM };
        let mut sums = Sums { biases: Vec::new(), integers: Vec::new() };
        for (unit, factors) in self.layer.units.iter().zip(&self.factors) {
            let bias = (f64::from(unit.bias) / (self.unit * values.scale)).round();
            if bias.abs() > LOGIT_LIMIT as f64 {
                return None;
            }
            let (mut low, mut high) = (bias as i128, bias as i128);
            // The largest that a partial sum can be.
            let mut reach = low.abs();
            for (edge, &q) in unit.edges.iter().zip(factors) {
                let (least, most) = values.integers[edge.source];
                let ends = (i128::from(q) * i128::from(least), i128::from(q) * i128::from(most));
                low += ends.0.min(ends.1);
                high += ends.0.max(ends.1);
                reach += ends.0.abs().max(ends.1.abs());
            }
            if reach > largest {
                return None;
            }
            sums.biases.push(bias as i32);
            sums.integers.push((low, high));
        }
        Some(sums)
    }

    /// What comes after the layer, with the smallest shift for which all that follows fits.
    fn propagate(
        &self,
        values: &Values,
        sums: &Sums,
        next: Option<&Factors<'_>>,
        is_added: bool,
    ) -> Option<(Values, u32)> {
        let unscaled = self.unit * values.scale;
        let is_last = next.is_none();
        let limit = match (is_last, is_added) {
            (true, _) => LOGIT_LIMIT,
            (false, true) => i128::from(ADDED_LIMIT),
            (false, false) => i128::from(MULTIPLIED_LIMIT),
        };
        let mut result = Values {
            integers: Vec::new(),
            exact: Vec::new(),
            fixed_error: Vec::new(),
            float_error: Vec::new(),
            scale: 0.0,
        };
        for (u, (unit, factors)) in self.layer.units.iter().zip(&self.factors).enumerate() {
            let (mut low, mut high) = (f64::from(unit.bias), f64::from(unit.bias));
            let mut fixed_error = (f64::from(sums.biases[u]) * unscaled - f64::from(unit.bias)).abs();
            let (mut float_error, mut magnitude) = (0.0, f64::from(unit.bias).abs());
            for (edge, &q) in unit.edges.iter().zip(factors) {
                let (weight, (least, most)) = (f64::from(edge.weight), values.exact[edge.source]);
                let largest = least.abs().max(most.abs());
                low += (weight * least).min(weight * most);
                high += (weight * least).max(weight * most);
                let used = f64::from(q) * self.unit;
                fixed_error += used.abs() * values.fixed_error[edge.source] + (used - weight).abs() * largest;
                float_error += weight.abs() * values.float_error[edge.source];
                magnitude += weight.abs() * (largest + values.float_error[edge.source]);
            }
            let roundings = ROUNDOFF * (unit.edges.len() + 1) as f64;
            float_error += roundings / (1.0 - roundings) * magnitude;
            result.exact.push(if is_last { (low, high) } else { (low.max(0.0), high.max(0.0)) });
            result.fixed_error.push(fixed_error);
            result.float_error.push(float_error);
        }
        for shift in 0..=62_u32 {
            let end = |sum: i128| -> i128 {
                let sum = if is_last { sum } else { sum.max(0) };
                i128::from(shift_rounded(sum as i64, shift))
            };
            let ends: Vec<(i128, i128)> =
                sums.integers.iter().map(|&(low, high)| (end(low), end(high))).collect();
            if ends.iter().any(|&(low, high)| low.abs().max(high.abs()) > limit) {
                continue;
            }
            result.integers = ends.into_iter().map(|(low, high)| (low as i64, high as i64)).collect();
            result.scale = unscaled * 2_f64.powi(shift as i32);
            if next.is_none_or(|next| next.sums(&result, is_added).is_some()) {
                let rounding = if shift == 0 { 0.0 } else { 0.5 * result.scale };
                result.fixed_error.iter_mut().for_each(|error| *error += rounding);
                return Some((result, shift));
            }
        }
        None
    }
}

/// The largest integer of an input: the end of the range, and a little for what rounding adds to it.
fn limit_of(range: f64, scale: f64) -> i64 {
    (range / scale).round() as i64 + 4
}

/// The inputs at the finest scale for which all that follows fits; errors are not known yet.
fn inputs(model: &Model, first: &Factors<'_>, is_added: bool, range: f64) -> Result<Values, Error> {
    let n = model.inputs.len();
    let largest = if is_added { ADDED_LIMIT } else { MULTIPLIED_LIMIT };
    for bits in (-20..=30).rev() {
        let scale = 2_f64.powi(-bits);
        let limit = limit_of(range, scale);
        if limit > largest {
            continue;
        }
        let values = Values {
            integers: vec![(-limit, limit); n],
            exact: vec![(-range, range); n],
            fixed_error: vec![0.0; n],
            float_error: vec![0.0; n],
            scale,
        };
        if first.sums(&values, is_added).is_some() {
            return Ok(values);
        }
    }
    Err(Error::FixedRange { layer: 0 })
}

/// Raw integers of 30 bits over the range of the feature.
fn fixed_input(input: &Input, range: f64, scale: f64) -> Option<FixedInput> {
    let bits = -scale.log2().round() as i32;
    let Some((centre, slope)) = input.scaling.line() else {
        return Some(FixedInput { fraction: 0, centre: 0, factor: 0, shift: 0 });
    };
    if input.scaling == Scaling::None {
        return Some(FixedInput { fraction: bits, centre: 0, factor: 1, shift: 0 });
    }
    let largest = centre.abs() + range / slope;
    // The largest power of two with which raw values stay within 2^30.
    let fraction = 30 - (largest.log2().floor() as i32 + 1);
    let per_step = slope * 2_f64.powi(-fraction) / scale;
    let shift = 29 - per_step.log2().floor() as i32;
    // Generated code has the fraction in 8 bits.
    let fits = (-127..=127).contains(&fraction) && (0..=62).contains(&shift);
    if !fits || !largest.is_normal() || !per_step.is_normal() {
        return None;
    }
    Some(FixedInput {
        fraction,
        centre: (centre * 2_f64.powi(fraction)).round() as i32,
        factor: (per_step * 2_f64.powi(shift)).round() as i32,
        shift: shift as u32,
    })
}

/// How far an input may be from what it stands for.
fn input_error(scaling: Scaling, fixed: FixedInput, range: f64, scale: f64) -> f64 {
    let Some((centre, slope)) = scaling.line() else { return 0.0 };
    let step = 2_f64.powi(-fixed.fraction);
    if scaling == Scaling::None {
        return 0.5 * step;
    }
    let of_centre = (f64::from(fixed.centre) * step - centre).abs();
    let used = f64::from(fixed.factor) * 2_f64.powi(-(fixed.shift as i32)) * scale / step;
    // The raw value is rounded, the centre and the slope are, and so is the result.
    let off = 0.5 * step + of_centre;
    slope * off + (used - slope).abs() * (range / slope + off) + 0.5 * scale
}
