//! Rust without its standard library.

mod templates;

use super::about::{about, is_standard};
use super::options::Weights;
use super::plan::{Plan, Term};
use super::text::{Element, Numbers, Table, comment, fill, lines};
use crate::draw::{BiasDraw, WeightDraw};
use templates::*;

pub(super) fn write(plan: &Plan<'_>) -> String {
    let mut text = String::new();
    for line in about(plan) {
        text += format!("//! {}", comment(&line)).trim_end();
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
        let formula = if is_standard(plan) { STANDARD } else { MIN_MAX };
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
