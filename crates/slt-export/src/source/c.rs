//! C99.

use super::Weights;
use super::plan::{Plan, Term};
use super::text::{Element, Numbers, Table, comment, fill, lines};
use crate::draw::{BiasDraw, WeightDraw};

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
        for line in super::about(self.plan) {
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
            let scale = match (self.plan.is_scaled(), super::is_standard(self.plan)) {
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

/// A string. What is not plain ASCII becomes octal escapes, which end after three digits; a question mark is one, too, as two of
/// them begin a trigraph.
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

const HEAD: &str = r" *
 * Compile this file, or include it. Include it with SLT_DECLARATIONS defined for the declarations alone. With SLT_SELF_TEST
 * defined, slt_self_test() runs the test vectors; with SLT_SELF_TEST_MAIN as well, there is a main() that does.
";

const HEAD_FLOAT: &str = r" *
 * Arithmetic: IEEE single precision, with fused multiply-adds in software where the compiler does not say that there are
 * fast ones. A sum starts at the bias and takes the active weights with their sources ascending, so logits are those of slt to
 * the bit. No option may relax that: no -ffast-math, no -Ofast.
";

const HEAD_FIXED: &str = r" *
 * Arithmetic: integers alone. A feature x is given as x * 2^slt_fraction_bits[i], rounded; a logit stands for its value times
 * SLT_LOGIT_SCALE, and differs from that of slt by SLT_ERROR_BOUND at most.
";

const DECLARATIONS: &str = r"#ifndef SLT_FEATURES
#include <stdint.h>

#define SLT_FEATURES @FEATURES@
#define SLT_CLASSES @CLASSES@

/* The class of a sample, from 0; -1 if a feature is none that the network can take. */
int slt_predict(const @VALUE@ features[SLT_FEATURES]);

/* The outputs of the network, of which the first largest is the class. Returns 0, or -1 as slt_predict does. */
int slt_logits(const @VALUE@ features[SLT_FEATURES], @VALUE@ logits[SLT_CLASSES]);

/* Names of the classes, in UTF-8. */
extern const char *const slt_class_names[SLT_CLASSES];
";

const DECLARATIONS_FIXED: &str = r"
/* Binary places of each feature. */
extern const int8_t slt_fraction_bits[SLT_FEATURES];

/* What a logit of 1 stands for, and how far it may be from the exact logit. */
#define SLT_LOGIT_SCALE @SCALE@
#define SLT_ERROR_BOUND @BOUND@
";

const GUARDS_FLOAT: &str = r#"
#include <float.h>
#ifdef __FAST_MATH__
#error "compile without -ffast-math: it changes results"
#endif
#if FLT_RADIX != 2 || FLT_MANT_DIG != 24 || DBL_MANT_DIG != 53
#error "float and double must be those of IEEE 754 (on AVR: -mdouble=64); export with fixed-point arithmetic instead"
#endif
#if FLT_EVAL_METHOD != 0
#error "float must be computed as float (on 32-bit x86: -msse2 -mfpmath=sse)"
#endif

/* weight * value + sum, rounded once. In double precision the product is exact, and the sum is rounded to odd, after which
   rounding to float is as if it were the only one (Boldo and Melquiond 2008). */
static float slt_fused(float weight, float value, float sum)
{
#ifdef __FP_FAST_FMAF
    return __builtin_fmaf(weight, value, sum);
#else
    union { double number; uint64_t bits; } total;
    const double product = (double)weight * (double)value, add = (double)sum;
    double part, lost;
    total.number = product + add;
    part = total.number - product;
    lost = (product - (total.number - part)) + (add - part);
    if (lost != 0.0 && lost - lost == 0.0 && (total.bits & 1) == 0) {
        total.bits += ((lost > 0.0) == (total.number > 0.0)) ? 1 : (uint64_t)-1;
    }
    return (float)total.number;
#endif
}
"#;

const PREPARE_FLOAT: &str = r"
/* Features as the network takes them; 0 if one is missing or not finite. */
static int slt_prepare(const float *features, float *values)
{
    uint32_t i;
    for (i = 0; i < SLT_FEATURES; i++) {
        float value = features[i];
@IMPUTE@        if (!(value - value == 0.0f)) {
            return 0;
        }
@SCALE@        values[i] = value;
    }
    return 1;
}
";

const IMPUTE: &str = r"        if (value != value && slt_may_be_missing[i]) {
            value = slt_imputed[i];
        }
";

const SCALE: &str = r"        if (slt_span[@AT@] == 0.0f) {
            value = 0.0f;
        } else if (slt_span[@AT@] > 0.0f) {
            value = @FORMULA@;
        }
        if (!(value - value == 0.0f)) {
            return 0;
        }
";

const STANDARD: &str = "(value - slt_offset[@AT@]) / slt_span[@AT@]";
/// 1.4 and 0.7 in single precision.
const MIN_MAX: &str = "0x1.666666p+0f * (value - slt_offset[@AT@]) / slt_span[@AT@] + -0x1.666666p-1f";

const SHIFT: &str = r"
/* A shift to the right that rounds to the nearest, halves away from zero. */
static @SUM@ slt_shifted@NAME@(@SUM@ value, uint32_t shift)
{
    const @SUM@ half = shift == 0 ? 0 : (@SUM@)1 << (shift - 1);
    return value >= 0 ? (value + half) >> shift : -((half - value) >> shift);
}
";

const PREPARE_SCALED: &str = r"
/* Features as the network takes them; 0 if one is beyond the range. */
static int slt_prepare(const int32_t *features, int32_t *values)
{
    uint32_t i;
    for (i = 0; i < SLT_FEATURES; i++) {
        const int64_t centred = (int64_t)features[i] - slt_centre[@AT@];
        const int64_t value = slt_shifted64(centred * slt_factor[@AT@], slt_right[@AT@]);
        if (value > @LIMIT@ || value < -@LIMIT@) {
            return 0;
        }
        values[i] = (int32_t)value;
    }
    return 1;
}
";

const PREPARE_FIXED: &str = r"
/* Features as the network takes them; 0 if one is beyond the range. */
static int slt_prepare(const int32_t *features, int32_t *values)
{
    uint32_t i;
    for (i = 0; i < SLT_FEATURES; i++) {
        if (features[i] > @LIMIT@ || features[i] < -@LIMIT@) {
            return 0;
        }
        values[i] = features[i];
    }
    return 1;
}
";

const TABLE_NETWORK: &str = r"
int slt_logits(const @VALUE@ features[SLT_FEATURES], @VALUE@ logits[SLT_CLASSES])
{
    @VALUE@ even[@EVEN@], odd[@ODD@];
    @VALUE@ *from = even, *to = odd, *swap;
    uint32_t layer, target, left, unit = 0, edge = 0;
    odd[0] = 0;
    if (!slt_prepare(features, even)) {
        return -1;
    }
    for (layer = 0; layer < @LAYERS@; layer++) {
        for (target = 0; target < slt_size[layer]; target++, unit++) {
            @SUM@ sum = slt_bias[unit];
            for (left = slt_count[unit]; left > 0; left--, edge++) {
                @ACCUMULATE@
            }
            if (layer + 1 == @LAYERS@) {
                logits[target] = @OUTPUT@;
            } else {
                to[target] = @HIDDEN@;
            }
        }
        swap = from;
        from = to;
        to = swap;
    }
    return 0;
}
";

const BLOCK: &str = r"
/* Sixteen words of ChaCha8: the key is the seed, a purpose and a layer. */
static void slt_block(uint32_t first, uint32_t second, uint32_t layer, uint32_t block, uint32_t words[16])
{
    static const uint8_t quarter[8][4] = {
        {0, 4, 8, 12}, {1, 5, 9, 13}, {2, 6, 10, 14}, {3, 7, 11, 15},
        {0, 5, 10, 15}, {1, 6, 11, 12}, {2, 7, 8, 13}, {3, 4, 9, 14},
    };
    const uint32_t start[16] = {
        0x61707865u, 0x3320646eu, 0x79622d32u, 0x6b206574u,
        @LOW@, @HIGH@, first, second,
        0, 0, layer, 0,
        block, 0, 0, 0,
    };
    uint32_t i;
    for (i = 0; i < 16; i++) {
        words[i] = start[i];
    }
    for (i = 0; i < 32; i++) {
        uint32_t *const a = &words[quarter[i % 8][0]], *const b = &words[quarter[i % 8][1]];
        uint32_t *const c = &words[quarter[i % 8][2]], *const d = &words[quarter[i % 8][3]];
        *a += *b; *d ^= *a; *d = (*d << 16) | (*d >> 16);
        *c += *d; *b ^= *c; *b = (*b << 12) | (*b >> 20);
        *a += *b; *d ^= *a; *d = (*d << 8) | (*d >> 24);
        *c += *d; *b ^= *c; *b = (*b << 7) | (*b >> 25);
    }
    for (i = 0; i < 16; i++) {
        words[i] += start[i];
    }
}
";

const SEED_NETWORK: &str = r"
int slt_logits(const @VALUE@ features[SLT_FEATURES], @VALUE@ logits[SLT_CLASSES])
{
    @VALUE@ values[@VALUES@];
    @SUM@ sums[@SUMS@];
    uint32_t words[16], word, layer, source, target, bit, active = 0, place = 0, n_sources = SLT_FEATURES@UNIT@;
    if (!slt_prepare(features, values)) {
        return -1;
    }
    for (layer = 0; layer < @LAYERS@; layer++) {
        for (target = 0; target < slt_size[layer]; target++@NEXT@) {
            @BIAS@
        }
        bit = 0;
        for (source = 0; source < n_sources; source++) {
            for (target = 0; target < slt_size[layer]; target++, bit++) {
                /* A block without active weights is not drawn. */
                if (bit % 16 == 0) {
                    active = slt_mask[place++];
                    if (active != 0) {
                        slt_block(0x67696577u, 0x00737468u, layer, bit / 16, words);
                    }
                }
                if ((active >> (bit % 16)) & 1) {
                    word = words[bit % 16];
                    @ACCUMULATE@
                }
            }
        }
        for (target = 0; target < slt_size[layer]; target++) {
            if (layer + 1 == @LAYERS@) {
                logits[target] = @OUTPUT@;
            } else {
                values[target] = @HIDDEN@;
            }
        }
        n_sources = slt_size[layer];
    }
    return 0;
}
";

const PREDICT: &str = r"
int slt_predict(const @VALUE@ features[SLT_FEATURES])
{
    @VALUE@ logits[SLT_CLASSES];
    int i, top = 0;
    if (slt_logits(features, logits) != 0) {
        return -1;
    }
    for (i = 1; i < SLT_CLASSES; i++) {
        if (logits[i] > logits[top]) {
            top = i;
        }
    }
    return top;
}
";

const TEST: &str = r"};

int slt_self_test(void)
{
    int sample, i, failed = 0;
    for (sample = 0; sample < @N@; sample++) {
        @VALUE@ logits[SLT_CLASSES];
        int wrong = slt_logits(slt_test_features[sample], logits) != 0;
        for (i = 0; i < SLT_CLASSES && !wrong; i++) {
            wrong = logits[i] != slt_test_logits[sample][i];
        }
        failed += wrong || slt_predict(slt_test_features[sample]) != slt_test_class[sample];
    }
    return failed;
}

#ifdef SLT_SELF_TEST_MAIN
int main(void)
{
    return slt_self_test();
}
#endif
#endif /* SLT_SELF_TEST */
";
