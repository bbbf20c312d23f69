//! The text of Rust code, with places between `@` signs.

pub(super) const HEAD: &str = r"//!
//! Take this file as a module (`mod ticket;`). It needs `core` alone and allocates nothing. `cargo test` runs
//! its test vectors.
";

pub(super) const HEAD_FLOAT: &str = r"//!
//! Arithmetic: IEEE single precision, with fused multiply-adds in integers. A sum starts at the bias and
//! takes the active weights with their sources ascending, so logits are those of slt to the bit.
";

pub(super) const HEAD_FIXED: &str = r"//!
//! Arithmetic: integers alone. A feature x is given as x * 2^FRACTION_BITS[i], rounded; a logit stands for
//! its value times LOGIT_SCALE, and differs from that of slt by ERROR_BOUND at most.
";

pub(super) const DECLARATIONS: &str = r"/// Number of features.
pub const FEATURES: usize = @FEATURES@;

/// Number of classes.
pub const CLASSES: usize = @CLASSES@;

";

pub(super) const FUSED: &str = r"
/// A number's fraction and exponent: it is fraction * 2^(exponent - 150).
fn parts(bits: u32) -> (u64, i32) {
    let (fraction, exponent) = ((bits & 0x7f_ffff) as u64, (bits >> 23 & 255) as i32);
    if exponent == 0 { (fraction, 1) } else { (fraction | 0x80_0000, exponent) }
}

/// A shift to the right; what falls off leaves its trace in the last bit.
fn sticky(value: u64, distance: i32) -> u64 {
    if distance > 63 {
        return (value != 0) as u64;
    }
    let rest = value >> distance;
    rest | (rest << distance != value) as u64
}

/// weight * value + sum, rounded once: exact in integers, then rounded to the nearest, halves to even.
fn fused(weight: f32, value: f32, sum: f32) -> f32 {
    let (w, x, s) = (weight.to_bits(), value.to_bits(), sum.to_bits());
    let is_special = |bits: u32| bits >> 23 & 255 == 255;
    if is_special(w) || is_special(x) || is_special(s) {
        return if is_special(w) || is_special(x) { weight * value + sum } else { sum };
    }
    let (mut sign, s_sign) = ((w ^ x) >> 31, s >> 31);
    let ((w, w_exponent), (x, x_exponent), (s, s_exponent)) = (parts(w), parts(x), parts(s));
    if w == 0 || x == 0 {
        return if s == 0 { f32::from_bits((sign & s_sign) << 31) } else { sum };
    }
    // Both below 2^62. The one with the smaller unit is shifted to the other.
    let (mut product, mut add) = (w * x << 14, s << 38);
    let mut exponent = w_exponent + x_exponent - 314;
    let distance = exponent - (s_exponent - 188);
    if distance < 0 {
        exponent -= distance;
        product = sticky(product, -distance);
    } else {
        add = sticky(add, distance);
    }
    if sign == s_sign {
        product += add;
    } else if product >= add {
        product -= add;
    } else {
        product = add - product;
        sign = s_sign;
    }
    if product == 0 {
        return 0.0;
    }
    // To 64 bits, the highest of which is set, then to 24, or fewer for a subnormal number.
    while product >> 56 == 0 {
        product <<= 8;
        exponent -= 8;
    }
    while product >> 63 == 0 {
        product <<= 1;
        exponent -= 1;
    }
    exponent += 190;
    if exponent < 1 {
        product = sticky(product, 1 - exponent);
        exponent = 1;
    }
    let (rest, half) = (product & 0xff_ffff_ffff, 0x80_0000_0000);
    let mut bits = ((exponent - 1) as u32) << 23;
    bits = bits.wrapping_add((product >> 40) as u32);
    if rest > half || (rest == half && bits & 1 == 1) {
        bits = bits.wrapping_add(1);
    }
    if exponent > 254 || bits > 0x7f80_0000 {
        bits = 0x7f80_0000;
    }
    f32::from_bits(bits | sign << 31)
}
";

pub(super) const PREPARE_FLOAT: &str = r"
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

pub(super) const IMPUTE: &str = r"        if value != value && MAY_BE_MISSING[i] == 1 {
            value = IMPUTED[i];
        }
";

pub(super) const SCALE: &str = r"        if SPAN[@AT@] == 0.0 {
            value = 0.0;
        } else if SPAN[@AT@] > 0.0 {
            value = @FORMULA@;
        }
        if !(value - value == 0.0) {
            return None;
        }
";

pub(super) const STANDARD: &str = "(value - OFFSET[@AT@]) / SPAN[@AT@]";
pub(super) const MIN_MAX: &str = "1.4 * (value - OFFSET[@AT@]) / SPAN[@AT@] + -0.7";

pub(super) const SHIFT: &str = r"
/// A shift to the right that rounds to the nearest, halves away from zero.
fn shifted_@SUM@(value: @SUM@, shift: u32) -> @SUM@ {
    let half = if shift == 0 { 0 } else { 1 << (shift - 1) };
    if value >= 0 { (value + half) >> shift } else { -((half - value) >> shift) }
}
";

pub(super) const PREPARE_SCALED: &str = r"
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

pub(super) const PREPARE_FIXED: &str = r"
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

pub(super) const TABLE_NETWORK: &str = r"
/// The outputs of the network, of which the first largest is the class. `None` if a feature is none that the
/// network can take.
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

pub(super) const BLOCK: &str = r"
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

pub(super) const UNIT: &str = r"
/// Uniform in [-1, 1): 24 bits. Exact.
fn unit(word: u32) -> f32 {
    (word >> 8) as f32 * (1.0 / 8_388_608.0) - 1.0
}
";

pub(super) const SEED_NETWORK: &str = r"
/// The outputs of the network, of which the first largest is the class. `None` if a feature is none that the
/// network can take.
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

pub(super) const PREDICT: &str = r"
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

pub(super) const TEST: &str = r"
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
