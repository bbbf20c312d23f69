//! C99.

mod templates;

use super::about::{about, is_standard};
use super::options::Weights;
use super::plan::{Plan, Term};
use super::text::{Element, Numbers, Table, comment, fill, lines};
use crate::draw::{BiasDraw, WeightDraw};
use templates::*;

/// Written with `slt_` and `SLT_`, which the prefix replaces.
struct Writer<'p> {
    plan: &'p Plan<'p>,
    prefix: &'p str,
    text: String,
}

pub(super) fn write(plan: &Plan<'_>, prefix: &str) -> String {
    let mut writer = Writer { plan, prefix, text: String::new() };
    writer.head();
    writer.declarations();
    writer.add("\n#ifndef SLT_DECLARATIONS\n");
    writer.guards();
    writer.class_names();
    writer.tables();
    writer.preparation();
    match plan.weights {
        Weights::Table => writer.add(&table_network(plan)),
        Weights::Seed => writer.add(&seed_network(plan)),
    }
    writer.add(&fill(PREDICT, &[("VALUE", value_type(plan))]));
    writer.test();
    writer.add("\n#endif /* SLT_DECLARATIONS */\n");
    writer.text
}

/// The type of features and logits.
fn value_type(plan: &Plan<'_>) -> &'static str {
    if plan.fixed.is_some() { "int32_t" } else { "float" }
}

/// The type of a sum.
fn sum_type(plan: &Plan<'_>) -> &'static str {
    match (&plan.fixed, plan.term) {
        (None, _) => "float",
        (Some(_), Term::Sign) => "int32_t",
        (Some(_), Term::Product) => "int64_t",
    }
}

impl Writer<'_> {
    /// Adds code.
    fn add(&mut self, code: &str) {
        let upper = format!("{}_", self.prefix.to_ascii_uppercase());
        self.text += &code.replace("slt_", &format!("{}_", self.prefix)).replace("SLT_", &upper);
    }

    /// Adds a text of the ticket's, which is no code.
    fn add_text(&mut self, text: &str) {
        self.text += text;
    }

    fn head(&mut self) {
        self.add_text("/*\n");
        for line in about(self.plan) {
            self.add_text(&format!(" * {}\n", comment(&line)).replace(" * \n", " *\n"));
        }
        self.add(HEAD);
        if self.plan.fixed.is_some() {
            self.add(HEAD_FIXED);
        } else {
            self.add(HEAD_FLOAT);
        }
        self.add_text(" */\n\n");
    }

    fn declarations(&mut self) {
        let model = self.plan.model();
        let values = [
            ("FEATURES", &*model.inputs.len().to_string()),
            ("CLASSES", &model.n_classes().to_string()),
            ("VALUE", value_type(self.plan)),
        ];
        self.add(&fill(DECLARATIONS, &values));
        if let Some(fixed) = &self.plan.fixed {
            let values = [
                ("SCALE", &*format!("{:e}", fixed.logit_scale)),
                ("BOUND", &format!("{:e}", fixed.error_bound)),
            ];
            self.add(&fill(DECLARATIONS_FIXED, &values));
        }
        self.add("\n#ifdef SLT_SELF_TEST\n/* Number of test vectors that come out otherwise than they should: 0. */\n");
        self.add("int slt_self_test(void);\n#endif\n#endif /* SLT_FEATURES */\n");
    }

    fn guards(&mut self) {
        if self.plan.fixed.is_none() {
            self.add(GUARDS_FLOAT);
            self.add(if self.plan.takes_double() { GUARD_DOUBLE } else { "" });
            self.add(FUSED);
        }
    }

    fn class_names(&mut self) {
        self.add("\nconst char *const slt_class_names[SLT_CLASSES] = {\n");
        let names: Vec<String> = self.plan.model().names().iter().map(|name| literal(name)).collect();
        self.add_text(&lines(&names, "    "));
        self.add_text("};\n");
    }

    fn tables(&mut self) {
        if let Some(fixed) = &self.plan.fixed {
            let fractions = Numbers::Signed(fixed.inputs.iter().map(|input| input.fraction).collect());
            let table = Table::new("fraction_bits", fractions);
            self.add("\nconst int8_t slt_fraction_bits[SLT_FEATURES] = {\n");
            self.add_text(&lines(&table.texts(float, double), "    "));
            self.add_text("};\n");
        }
        for table in self.plan.tables() {
            self.table(&table);
        }
    }

    fn table(&mut self, table: &Table) {
        let element = match table.element() {
            Element::Float => "float".to_owned(),
            Element::Double => "double".to_owned(),
            Element::Unsigned(bytes) => format!("uint{}_t", 8 * bytes),
            Element::Signed(bytes) => format!("int{}_t", 8 * bytes),
        };
        // C has no arrays without elements.
        let texts = if table.len() == 0 { vec!["0".to_owned()] } else { table.texts(float, double) };
        self.add(&format!("\nstatic const {element} slt_{}[{}] = {{\n", table.name, texts.len()));
        self.add_text(&lines(&texts, "    "));
        self.add_text("};\n");
    }

    fn preparation(&mut self) {
        let at = if self.plan.is_scaled_alike() { "0" } else { "i" };
        let Some(fixed) = &self.plan.fixed else {
            let impute = if self.plan.is_imputed() { IMPUTE } else { "" };
            let scale = match (self.plan.is_scaled(), is_standard(self.plan)) {
                (false, _) => String::new(),
                (true, true) => fill(SCALE, &[("AT", at), ("FORMULA", &fill(STANDARD, &[("AT", at)]))]),
                (true, false) => fill(SCALE, &[("AT", at), ("FORMULA", &fill(MIN_MAX, &[("AT", at)]))]),
            };
            self.add(&fill(PREPARE_FLOAT, &[("IMPUTE", impute), ("SCALE", &scale)]));
            return;
        };
        let limit = fixed.limit.to_string();
        if sum_type(self.plan) == "int64_t" || self.plan.is_scaled() {
            self.add(&fill(SHIFT, &[("NAME", "64"), ("SUM", "int64_t")]));
        }
        if sum_type(self.plan) == "int32_t" {
            self.add(&fill(SHIFT, &[("NAME", "32"), ("SUM", "int32_t")]));
        }
        let prepare = if self.plan.is_scaled() { PREPARE_SCALED } else { PREPARE_FIXED };
        self.add(&fill(prepare, &[("AT", at), ("LIMIT", &limit)]));
    }

    fn test(&mut self) {
        let vectors = &self.plan.vectors;
        let value = value_type(self.plan);
        let n = vectors.len();
        self.add("\n#ifdef SLT_SELF_TEST\n");
        if self.plan.is_imputed() {
            self.add("#define SLT_MISSING (0.0f / 0.0f)\n");
        }
        let arrays = [
            (format!("static const {value} slt_test_features[{n}][SLT_FEATURES]"), true),
            (format!("static const {value} slt_test_logits[{n}][SLT_CLASSES]"), false),
        ];
        for (declaration, is_features) in arrays {
            self.add(&format!("{declaration} = {{\n"));
            for vector in vectors {
                let numbers = if is_features { &vector.features } else { &vector.logits };
                let texts = Table::new("", numbers.clone()).texts(float, double);
                self.add_text("    {\n");
                let lines = lines(&texts, "        ");
                self.add(&lines);
                self.add_text("    },\n");
            }
            self.add_text("};\n");
        }
        let classes: Vec<String> = vectors.iter().map(|vector| vector.class.to_string()).collect();
        self.add(&format!("static const int slt_test_class[{n}] = {{\n"));
        self.add_text(&lines(&classes, "    "));
        self.add(&fill(TEST, &[("VALUE", value), ("N", &n.to_string())]));
    }
}

/// The layers with their weights in tables.
fn table_network(plan: &Plan<'_>) -> String {
    let accumulate = match (&plan.fixed, plan.term) {
        (None, Term::Product) => "sum = slt_fused(slt_weight[edge], from[slt_source[edge]], sum);",
        (None, Term::Sign) => {
            "const uint32_t source = slt_source[edge];\n                sum = slt_fused((source & 1) ? -slt_magnitude[layer] : \
             slt_magnitude[layer], from[source >> 1], sum);"
        }
        (Some(_), Term::Product) => "sum += from[slt_source[edge]] * (int32_t)slt_weight[edge];",
        (Some(_), Term::Sign) => {
            "const uint32_t source = slt_source[edge];\n                sum += (source & 1) ? -from[source >> 1] : \
             from[source >> 1];"
        }
    };
    let (output, hidden) = finish(plan);
    let [even, odd] = widths(plan);
    let sizes = plan.sizes();
    fill(
        TABLE_NETWORK,
        &[
            ("VALUE", value_type(plan)),
            ("SUM", sum_type(plan)),
            ("ACCUMULATE", accumulate),
            ("OUTPUT", output),
            ("HIDDEN", hidden),
            ("EVEN", &even.to_string()),
            ("ODD", &odd.to_string()),
            ("LAYERS", &sizes.len().to_string()),
        ],
    )
}

/// What becomes of a sum, in the last layer and before.
fn finish(plan: &Plan<'_>) -> (&'static str, &'static str) {
    match (&plan.fixed, plan.term) {
        (None, _) => ("sum", "sum > 0.0f ? sum : 0.0f"),
        (Some(_), Term::Product) => (
            "(int32_t)slt_shifted64(sum, slt_shift[layer])",
            "sum > 0 ? (int32_t)slt_shifted64(sum, slt_shift[layer]) : 0",
        ),
        (Some(_), Term::Sign) => {
            ("slt_shifted32(sum, slt_shift[layer])", "sum > 0 ? slt_shifted32(sum, slt_shift[layer]) : 0")
        }
    }
}

/// The most values in front of layers 0, 2, ..., and of layers 1, 3, ...
fn widths(plan: &Plan<'_>) -> [usize; 2] {
    let sizes = plan.sizes();
    let before: Vec<usize> =
        std::iter::once(plan.model().inputs.len()).chain(sizes[..sizes.len() - 1].iter().copied()).collect();
    [0, 1].map(|start| before.iter().skip(start).step_by(2).copied().max().unwrap_or(0).max(1))
}

/// The layers with weights from the seed.
fn seed_network(plan: &Plan<'_>) -> String {
    let (weights, biases) = plan.draws.expect("weights from the seed are drawn");
    let recipe = plan.export.recipe();
    let seed = recipe.seed.0;
    let unit = "(float)(word >> 8) * (1.0f / 8388608.0f) - 1.0f";
    let accumulate = match (&plan.fixed, weights) {
        (None, WeightDraw::Uniform) => {
            format!("sums[target] = slt_fused({unit}, values[source], sums[target]);")
        }
        (None, WeightDraw::Scaled(factor)) => format!(
            "sums[target] = slt_fused((float)({} * (double)({unit})), values[source], sums[target]);",
            double(factor)
        ),
        (None, WeightDraw::Sign) => "sums[target] = slt_fused((word >> 31) ? -slt_magnitude[layer] : \
                                     slt_magnitude[layer], values[source], sums[target]);"
            .to_owned(),
        (Some(_), WeightDraw::Sign) => {
            "sums[target] += (word >> 31) ? -values[source] : values[source];".to_owned()
        }
        (Some(_), _) => {
            "const int32_t rounded = (int32_t)(((word >> 8) + 128) >> 8) - 32768;\n                    \
                         sums[target] += values[source] * (rounded > 32767 ? 32767 : rounded);"
                .to_owned()
        }
    };
    let bias = match (&plan.fixed, biases) {
        (Some(_), _) => "sums[target] = slt_bias[unit];".to_owned(),
        (None, BiasDraw::Zero) => "sums[target] = 0.0f;".to_owned(),
        (None, draw) => {
            let value = match draw {
                BiasDraw::Scaled => format!("(float)(slt_bias_factor[layer] * (double)({unit}))"),
                _ => unit.to_owned(),
            };
            format!(
                "if (target % 16 == 0) {{\n                slt_block(0x73616962u, 0x00007365u, layer, target / 16, words);\n            \
                 }}\n            word = words[target % 16];\n            sums[target] = {value};"
            )
        }
    };
    let (output, hidden) = finish(plan);
    let sizes = plan.sizes();
    let n_inputs = plan.model().inputs.len();
    let widest = sizes[..sizes.len() - 1].iter().copied().chain([n_inputs]).max().unwrap_or(1);
    let most_sums = sizes.iter().copied().max().unwrap_or(1);
    let code = fill(
        SEED_NETWORK,
        &[
            ("VALUE", value_type(plan)),
            ("SUM", sum_type(plan)),
            ("BIAS", &bias),
            ("ACCUMULATE", &accumulate),
            ("OUTPUT", &output.replace("sum", "sums[target]")),
            ("HIDDEN", &hidden.replace("sum", "sums[target]")),
            ("VALUES", &widest.to_string()),
            ("SUMS", &most_sums.to_string()),
            ("LAYERS", &sizes.len().to_string()),
            ("UNIT", if plan.fixed.is_some() { ", unit = 0" } else { "" }),
            ("NEXT", if plan.fixed.is_some() { ", unit++" } else { "" }),
        ],
    );
    let block = fill(
        BLOCK,
        &[("LOW", &format!("0x{:08x}u", seed as u32)), ("HIGH", &format!("0x{:08x}u", (seed >> 32) as u32))],
    );
    block + &code
}

/// An exact literal.
fn float(x: f32) -> String {
    match x {
        x if x.is_nan() => "SLT_MISSING".to_owned(),
        // Infinite logits take features near the end of single precision.
        x if x.is_infinite() => format!("{}(1.0f / 0.0f)", if x < 0.0 { "-" } else { "" }),
        x => double(f64::from(x)) + "f",
    }
}

/// An exact literal: hexadecimal, with a leading 1.
fn double(x: f64) -> String {
    let sign = if x.is_sign_negative() { "-" } else { "" };
    if x == 0.0 {
        return format!("{sign}0.0");
    }
    if x.fract() == 0.0 && x.abs() < 1e6 {
        return format!("{x:.1}");
    }
    let bits = x.abs().to_bits();
    let mantissa = bits & ((1 << 52) - 1);
    let exponent = (bits >> 52) as i64;
    // Numbers below 2^-1022 do not occur: single precision ends before.
    let digits = format!("{mantissa:013x}");
    let digits = digits.trim_end_matches('0');
    let point = if digits.is_empty() { "" } else { "." };
    format!("{sign}0x1{point}{digits}p{}", exponent - 1023)
}

/// A string. What is not plain ASCII becomes octal escapes, which end after three digits; a question mark is
/// one, too, as two of them begin a trigraph.
fn literal(text: &str) -> String {
    let mut literal = String::from("\"");
    for byte in text.bytes() {
        match byte {
            b'"' | b'\\' => literal.extend(['\\', char::from(byte)]),
            b' '..=b'~' if byte != b'?' => literal.push(char::from(byte)),
            _ => literal += &format!("\\{byte:03o}"),
        }
    }
    literal + "\""
}
