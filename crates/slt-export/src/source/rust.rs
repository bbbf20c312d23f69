//! Rust without its standard library.

use super::Weights;
use super::plan::{Plan, Term};
use super::text::{Element, Numbers, Table, fill, lines};
use crate::draw::{BiasDraw, WeightDraw};

pub(super) fn write(plan: &Plan<'_>) -> String {
    let mut text = String::new();
    for line in super::about(plan) {
        let line: String = line.chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
        text += format!("//! {line}").trim_end();
        text.push('\n');
    }
    text += HEAD;
    text += if plan.fixed.is_some() { HEAD_FIXED } else { HEAD_FLOAT };
    text += "#![allow(dead_code, unused_mut, unused_parens, clippy::all, clippy::pedantic)]\n\n";
    text += &declarations(plan);
    for table in plan.tables() {
        text += &self::table(&table);
    }
    text += &preparation(plan);
    text += &match plan.weights {
        Weights::Table => table_network(plan),
        Weights::Seed => seed_network(plan),
    };
    text += &fill(PREDICT, &[("VALUE", value_type(plan))]);
    text + &test(plan)
}

/// The type of features and logits.
fn value_type(plan: &Plan<'_>) -> &'static str {
    if plan.fixed.is_some() { "i32" } else { "f32" }
}

/// The type of a sum.
fn sum_type(plan: &Plan<'_>) -> &'static str {
    match (&plan.fixed, plan.term) {
        (None, _) => "f32",
        (Some(_), Term::Sign) => "i32",
        (Some(_), Term::Product) => "i64",
    }
}

fn declarations(plan: &Plan<'_>) -> String {
    let model = plan.model();
    let names: Vec<String> = model.names().iter().map(|name| format!("{name:?}")).collect();
    let mut text = fill(
        DECLARATIONS,
        &[("FEATURES", &model.inputs.len().to_string()), ("CLASSES", &model.n_classes().to_string())],
    );
    text += "/// Names of the classes.\npub static CLASS_NAMES: [&str; CLASSES] = [\n";
    text += &lines(&names, "    ");
    text += "];\n";
    if let Some(fixed) = &plan.fixed {
        let fractions = Numbers::Signed(fixed.inputs.iter().map(|input| input.fraction).collect());
        text += "\n/// Binary places of each feature.\npub static FRACTION_BITS: [i8; FEATURES] = [\n";
        text += &lines(&Table::new("", fractions).texts(float, double), "    ");
        text += "];\n\n/// What a logit of 1 stands for.\n";
        text += &format!("pub const LOGIT_SCALE: f64 = {:?};\n\n", fixed.logit_scale);
        text += "/// How far a logit may be from the exact one.\n";
        text += &format!("pub const ERROR_BOUND: f64 = {:?};\n", fixed.error_bound);
    }
    text
}

fn table(table: &Table) -> String {
    let element = match table.element() {
        Element::Float => "f32".to_owned(),
        Element::Double => "f64".to_owned(),
        Element::Unsigned(bytes) => format!("u{}", 8 * bytes),
        Element::Signed(bytes) => format!("i{}", 8 * bytes),
    };
    let name = table.name.to_ascii_uppercase();
    format!(
        "\nstatic {name}: [{element}; {}] = [\n{}];\n",
        table.len(),
        lines(&table.texts(float, double), "    ")
    )
}

fn preparation(plan: &Plan<'_>) -> String {
    let at = if plan.is_scaled_alike() { "0" } else { "i" };
    let Some(fixed) = &plan.fixed else {
        let impute = if plan.is_imputed() { IMPUTE } else { "" };
        let formula = if super::is_standard(plan) { STANDARD } else { MIN_MAX };
        let scale = match plan.is_scaled() {
            false => String::new(),
            true => fill(SCALE, &[("FORMULA", formula), ("AT", at)]),
        };
        return FUSED.to_owned() + &fill(PREPARE_FLOAT, &[("IMPUTE", impute), ("SCALE", &scale)]);
    };
    let mut text = String::new();
    if sum_type(plan) == "i64" || plan.is_scaled() {
        text += &fill(SHIFT, &[("SUM", "i64")]);
    }
    if sum_type(plan) == "i32" {
        text += &fill(SHIFT, &[("SUM", "i32")]);
    }
    let prepare = if plan.is_scaled() { PREPARE_SCALED } else { PREPARE_FIXED };
    text + &fill(prepare, &[("AT", at), ("LIMIT", &fixed.limit.to_string())])
}

/// What becomes of a sum, in the last layer and before.
fn finish(plan: &Plan<'_>) -> (&'static str, &'static str) {
    match (&plan.fixed, plan.term) {
        (None, _) => ("sum", "if sum > 0.0 { sum } else { 0.0 }"),
        (Some(_), Term::Product) => (
            "shifted_i64(sum, SHIFT[layer] as u32) as i32",
            "shifted_i64(if sum > 0 { sum } else { 0 }, SHIFT[layer] as u32) as i32",
        ),
        (Some(_), Term::Sign) => (
            "shifted_i32(sum, SHIFT[layer] as u32)",
            "shifted_i32(if sum > 0 { sum } else { 0 }, SHIFT[layer] as u32)",
        ),
    }
}

/// The layers with their weights in tables.
fn table_network(plan: &Plan<'_>) -> String {
    let term = match (&plan.fixed, plan.term) {
        (None, Term::Product) => "sum = fused(WEIGHT[edge], from[SOURCE[edge] as usize], sum);",
        (None, Term::Sign) => {
            "let source = SOURCE[edge] as usize;\n                let weight = if source & 1 == 1 { -MAGNITUDE[layer] } else { \
             MAGNITUDE[layer] };\n                sum = fused(weight, from[source >> 1], sum);"
        }
        (Some(_), Term::Product) => "sum += (from[SOURCE[edge] as usize] * WEIGHT[edge] as i32) as i64;",
        (Some(_), Term::Sign) => {
            "let source = SOURCE[edge] as usize;\n                let value = from[source >> 1];\n                \
             sum += if source & 1 == 1 { -value } else { value };"
        }
    };
    let sizes = plan.sizes();
    let before = std::iter::once(plan.model().inputs.len()).chain(sizes[..sizes.len() - 1].iter().copied());
    let (output, hidden) = finish(plan);
    fill(
        TABLE_NETWORK,
        &[
            ("VALUE", value_type(plan)),
            ("SUM", sum_type(plan)),
            ("ZERO", if plan.fixed.is_some() { "0" } else { "0.0" }),
            ("TERM", term),
            ("OUTPUT", output),
            ("HIDDEN", hidden),
            ("WIDTH", &before.max().unwrap_or(1).to_string()),
            ("LAYERS", &sizes.len().to_string()),
        ],
    )
}

/// The layers with weights from the seed.
fn seed_network(plan: &Plan<'_>) -> String {
    let (weights, biases) = plan.draws.expect("weights from the seed are drawn");
    let seed = plan.export.recipe().seed.0;
    let term = match (&plan.fixed, weights) {
        (None, WeightDraw::Uniform) => "sums[target] = fused(unit(word), values[source], sums[target]);".to_owned(),
        (None, WeightDraw::Scaled(factor)) => format!(
            "sums[target] = fused(({factor:?}_f64 * unit(word) as f64) as f32, values[source], sums[target]);"
        ),
        (None, WeightDraw::Sign) => {
            "let weight = if word >> 31 == 1 { -MAGNITUDE[layer] } else { MAGNITUDE[layer] };\n                        \
             sums[target] = fused(weight, values[source], sums[target]);"
                .to_owned()
        }
        (Some(_), WeightDraw::Sign) => {
            "sums[target] += if word >> 31 == 1 { -values[source] } else { values[source] };".to_owned()
        }
        (Some(_), _) => "let rounded = (((word >> 8) + 128) >> 8) as i32 - 32_768;\n                        \
                         let weight = if rounded > 32_767 { 32_767 } else { rounded };\n                        \
                         sums[target] += (values[source] * weight) as i64;"
            .to_owned(),
    };
    let bias = match (&plan.fixed, biases) {
        (Some(_), _) => {
            format!("sums[target] = BIAS[neuron] as {};\n            neuron += 1;", sum_type(plan))
        }
        (None, BiasDraw::Zero) => "sums[target] = 0.0;".to_owned(),
        (None, draw) => {
            let value = match draw {
                BiasDraw::Scaled => "(BIAS_FACTOR[layer] * unit(words[target % 16]) as f64) as f32",
                _ => "unit(words[target % 16])",
            };
            format!(
                "if target % 16 == 0 {{\n                words = block([0x7361_6962, 0x0000_7365], layer, target / 16);\n            \
                 }}\n            sums[target] = {value};"
            )
        }
    };
    let sizes = plan.sizes();
    let n_inputs = plan.model().inputs.len();
    let widest = sizes[..sizes.len() - 1].iter().copied().chain([n_inputs]).max().unwrap_or(1);
    let most_sums = sizes.iter().copied().max().unwrap_or(1);
    let (output, hidden) = finish(plan);
    let unit = if plan.fixed.is_some() { "" } else { UNIT };
    let block = fill(
        BLOCK,
        &[("LOW", &format!("{:#010x}", seed as u32)), ("HIGH", &format!("{:#010x}", (seed >> 32) as u32))],
    );
    let network = fill(
        SEED_NETWORK,
        &[
            ("VALUE", value_type(plan)),
            ("SUM", sum_type(plan)),
            ("ZERO", if plan.fixed.is_some() { "0" } else { "0.0" }),
            ("NEURON", if plan.fixed.is_some() { "\n    let mut neuron = 0;" } else { "" }),
            ("BIAS", &bias),
            ("TERM", &term),
            ("OUTPUT", output),
            ("HIDDEN", hidden),
            ("VALUES", &widest.to_string()),
            ("SUMS", &most_sums.to_string()),
            ("LAYERS", &sizes.len().to_string()),
        ],
    );
    block + unit + &network
}

fn test(plan: &Plan<'_>) -> String {
    let mut vectors = String::new();
    for vector in &plan.vectors {
        let texts = |numbers: &Numbers| Table::new("", numbers.clone()).texts(float, double);
        vectors += "        (\n            [\n";
        vectors += &lines(&texts(&vector.features), "                ");
        vectors += "            ],\n            [\n";
        vectors += &lines(&texts(&vector.logits), "                ");
        vectors += &format!("            ],\n            {},\n        ),\n", vector.class);
    }
    fill(TEST, &[("VALUE", value_type(plan)), ("N", &plan.vectors.len().to_string()), ("VECTORS", &vectors)])
}

/// The shortest decimal, which reads back as the same number.
fn float(x: f32) -> String {
    match x {
        x if x.is_nan() => "f32::NAN".to_owned(),
        x if x.is_infinite() => format!("f32::{}INFINITY", if x < 0.0 { "NEG_" } else { "" }),
        x => format!("{x:?}"),
    }
}

fn double(x: f64) -> String {
    format!("{x:?}")
}

const HEAD: &str = r"//!
//! Take this file as a module (`mod ticket;`). It needs `core` alone and allocates nothing. `cargo test` runs its test vectors.
";

const HEAD_FLOAT: &str = r"//!
//! Arithmetic: IEEE single precision, with fused multiply-adds in software. A sum starts at the bias and takes the active weights
//! with their sources ascending, so logits are those of slt to the bit.
";

const HEAD_FIXED: &str = r"//!
//! Arithmetic: integers alone. A feature x is given as x * 2^FRACTION_BITS[i], rounded; a logit stands for its value times
//! LOGIT_SCALE, and differs from that of slt by ERROR_BOUND at most.
";

const DECLARATIONS: &str = r"/// Number of features.
pub const FEATURES: usize = @FEATURES@;

/// Number of classes.
pub const CLASSES: usize = @CLASSES@;

";

const FUSED: &str = r"
/// weight * value + sum, rounded once. In double precision the product is exact, and the sum is rounded to odd, after which
/// rounding to f32 is as if it were the only one (Boldo and Melquiond 2008).
fn fused(weight: f32, value: f32, sum: f32) -> f32 {
    let (product, add) = (weight as f64 * value as f64, sum as f64);
    let total = product + add;
    let part = total - product;
    let lost = (product - (total - part)) + (add - part);
    let mut bits = total.to_bits();
    if lost != 0.0 && lost - lost == 0.0 && bits & 1 == 0 {
        bits = if (lost > 0.0) == (total > 0.0) { bits + 1 } else { bits - 1 };
    }
    f64::from_bits(bits) as f32
}
";

const PREPARE_FLOAT: &str = r"
/// Features as the network takes them; `None` if one is missing or not finite.
fn prepare(features: &[f32; FEATURES], values: &mut [f32]) -> Option<()> {
    for i in 0..FEATURES {
        let mut value = features[i];
@IMPUTE@        if !(value - value == 0.0) {
            return None;
        }
@SCALE@        values[i] = value;
    }
    Some(())
}
";

const IMPUTE: &str = r"        if value != value && MAY_BE_MISSING[i] == 1 {
            value = IMPUTED[i];
        }
";

const SCALE: &str = r"        if SPAN[@AT@] == 0.0 {
            value = 0.0;
        } else if SPAN[@AT@] > 0.0 {
            value = @FORMULA@;
        }
        if !(value - value == 0.0) {
            return None;
        }
";

const STANDARD: &str = "(value - OFFSET[@AT@]) / SPAN[@AT@]";
const MIN_MAX: &str = "1.4 * (value - OFFSET[@AT@]) / SPAN[@AT@] + -0.7";

const SHIFT: &str = r"
/// A shift to the right that rounds to the nearest, halves away from zero.
fn shifted_@SUM@(value: @SUM@, shift: u32) -> @SUM@ {
    let half = if shift == 0 { 0 } else { 1 << (shift - 1) };
    if value >= 0 { (value + half) >> shift } else { -((half - value) >> shift) }
}
";

const PREPARE_SCALED: &str = r"
/// Features as the network takes them; `None` if one is beyond the range.
fn prepare(features: &[i32; FEATURES], values: &mut [i32]) -> Option<()> {
    for i in 0..FEATURES {
        let centred = features[i] as i64 - CENTRE[@AT@] as i64;
        let value = shifted_i64(centred * FACTOR[@AT@] as i64, RIGHT[@AT@] as u32);
        if value > @LIMIT@ || value < -@LIMIT@ {
            return None;
        }
        values[i] = value as i32;
    }
    Some(())
}
";

const PREPARE_FIXED: &str = r"
/// Features as the network takes them; `None` if one is beyond the range.
fn prepare(features: &[i32; FEATURES], values: &mut [i32]) -> Option<()> {
    for i in 0..FEATURES {
        if features[i] > @LIMIT@ || features[i] < -@LIMIT@ {
            return None;
        }
        values[i] = features[i];
    }
    Some(())
}
";

const TABLE_NETWORK: &str = r"
/// The outputs of the network, of which the first largest is the class. `None` if a feature is none that the network can take.
pub fn logits(features: &[@VALUE@; FEATURES]) -> Option<[@VALUE@; CLASSES]> {
    let (mut from, mut to) = ([@ZERO@; @WIDTH@], [@ZERO@; @WIDTH@]);
    let mut logits = [@ZERO@; CLASSES];
    let (mut neuron, mut edge) = (0, 0);
    prepare(features, &mut from)?;
    for layer in 0..@LAYERS@ {
        for target in 0..SIZE[layer] as usize {
            let mut sum = BIAS[neuron] as @SUM@;
            for _ in 0..COUNT[neuron] {
                @TERM@
                edge += 1;
            }
            if layer + 1 == @LAYERS@ {
                logits[target] = @OUTPUT@;
            } else {
                to[target] = @HIDDEN@;
            }
            neuron += 1;
        }
        core::mem::swap(&mut from, &mut to);
    }
    Some(logits)
}
";

const BLOCK: &str = r"
/// Sixteen words of ChaCha8: the key is the seed, a purpose and a layer.
fn block(purpose: [u32; 2], layer: usize, block: usize) -> [u32; 16] {
    static QUARTERS: [[u8; 4]; 8] = [
        [0, 4, 8, 12], [1, 5, 9, 13], [2, 6, 10, 14], [3, 7, 11, 15],
        [0, 5, 10, 15], [1, 6, 11, 12], [2, 7, 8, 13], [3, 4, 9, 14],
    ];
    let start = [
        0x6170_7865, 0x3320_646e, 0x7962_2d32, 0x6b20_6574,
        @LOW@, @HIGH@, purpose[0], purpose[1],
        0, 0, layer as u32, 0,
        block as u32, 0, 0, 0,
    ];
    let mut words: [u32; 16] = start;
    for i in 0..32 {
        let [a, b, c, d] = QUARTERS[i % 8].map(|place| place as usize);
        words[a] = words[a].wrapping_add(words[b]);
        words[d] = (words[d] ^ words[a]).rotate_left(16);
        words[c] = words[c].wrapping_add(words[d]);
        words[b] = (words[b] ^ words[c]).rotate_left(12);
        words[a] = words[a].wrapping_add(words[b]);
        words[d] = (words[d] ^ words[a]).rotate_left(8);
        words[c] = words[c].wrapping_add(words[d]);
        words[b] = (words[b] ^ words[c]).rotate_left(7);
    }
    for i in 0..16 {
        words[i] = words[i].wrapping_add(start[i]);
    }
    words
}
";

const UNIT: &str = r"
/// Uniform in [-1, 1): 24 bits. Exact.
fn unit(word: u32) -> f32 {
    (word >> 8) as f32 * (1.0 / 8_388_608.0) - 1.0
}
";

const SEED_NETWORK: &str = r"
/// The outputs of the network, of which the first largest is the class. `None` if a feature is none that the network can take.
pub fn logits(features: &[@VALUE@; FEATURES]) -> Option<[@VALUE@; CLASSES]> {
    let mut values = [@ZERO@; @VALUES@];
    let mut sums: [@SUM@; @SUMS@] = [@ZERO@; @SUMS@];
    let mut logits = [@ZERO@; CLASSES];
    let mut words = [0_u32; 16];
    let (mut place, mut n_sources) = (0, FEATURES);@NEURON@
    prepare(features, &mut values)?;
    for layer in 0..@LAYERS@ {
        let n_targets = SIZE[layer] as usize;
        for target in 0..n_targets {
            @BIAS@
        }
        let (mut bit, mut active) = (0, 0_u32);
        for source in 0..n_sources {
            for target in 0..n_targets {
                // A block without active weights is not drawn.
                if bit % 16 == 0 {
                    active = MASK[place] as u32;
                    place += 1;
                    if active != 0 {
                        words = block([0x6769_6577, 0x0073_7468], layer, bit / 16);
                    }
                }
                if (active >> (bit % 16)) & 1 == 1 {
                    let word = words[bit % 16];
                    @TERM@
                }
                bit += 1;
            }
        }
        for target in 0..n_targets {
            let sum = sums[target];
            if layer + 1 == @LAYERS@ {
                logits[target] = @OUTPUT@;
            } else {
                values[target] = @HIDDEN@;
            }
        }
        n_sources = n_targets;
    }
    Some(logits)
}
";

const PREDICT: &str = r"
/// The class of a sample, from 0; `None` if a feature is none that the network can take.
pub fn predict(features: &[@VALUE@; FEATURES]) -> Option<usize> {
    let logits = logits(features)?;
    let mut top = 0;
    for class in 1..CLASSES {
        if logits[class] > logits[top] {
            top = class;
        }
    }
    Some(top)
}
";

const TEST: &str = r"
#[cfg(test)]
mod tests {
    use super::*;

    static VECTORS: [([@VALUE@; FEATURES], [@VALUE@; CLASSES], usize); @N@] = [
@VECTORS@    ];

    #[test]
    fn test_vectors() {
        for (features, expected, class) in &VECTORS {
            assert_eq!(logits(features), Some(*expected));
            assert_eq!(predict(features), Some(*class));
        }
    }
}
";
