//! The text of C code, with `slt_` and `SLT_` for the prefix and places between `@` signs.

pub(super) const HEAD: &str = r" *
 * Compile this file, or include it. Include it with SLT_DECLARATIONS defined for the declarations alone. With SLT_SELF_TEST
 * defined, slt_self_test() runs the test vectors; with SLT_SELF_TEST_MAIN as well, there is a main() that does.
";

pub(super) const HEAD_FLOAT: &str = r" *
 * Arithmetic: IEEE single precision, with fused multiply-adds in integers where the compiler does not say that there are
 * fast ones. A sum starts at the bias and takes the active weights with their sources ascending, so logits are those of slt to
 * the bit. No option may relax that: no -ffast-math, no -Ofast.
";

pub(super) const HEAD_FIXED: &str = r" *
 * Arithmetic: integers alone. A feature x is given as x * 2^slt_fraction_bits[i], rounded; a logit stands for its value times
 * SLT_LOGIT_SCALE, and differs from that of slt by SLT_ERROR_BOUND at most.
";

pub(super) const DECLARATIONS: &str = r"#ifndef SLT_FEATURES
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

pub(super) const DECLARATIONS_FIXED: &str = r"
/* Binary places of each feature. */
extern const int8_t slt_fraction_bits[SLT_FEATURES];

/* What a logit of 1 stands for, and how far it may be from the exact logit. */
#define SLT_LOGIT_SCALE @SCALE@
#define SLT_ERROR_BOUND @BOUND@
";

pub(super) const GUARDS_FLOAT: &str = r#"
#include <float.h>
#ifdef __FAST_MATH__
#error "compile without -ffast-math: it changes results"
#endif
#if FLT_RADIX != 2 || FLT_MANT_DIG != 24
#error "float must be that of IEEE 754; export with fixed-point arithmetic instead"
#endif
#if FLT_EVAL_METHOD != 0
#error "float must be computed as float (on 32-bit x86: -msse2 -mfpmath=sse)"
#endif
"#;

pub(super) const GUARD_DOUBLE: &str = r#"#if DBL_MANT_DIG != 53
#error "double must be that of IEEE 754 (on AVR: -mdouble=64); export with fixed-point arithmetic instead"
#endif
"#;

pub(super) const FUSED: &str = r"
/* weight * value + sum, rounded once: exact in integers, then rounded to the nearest, halves to even. */
static float slt_fused(float weight, float value, float sum)
{
#ifdef __FP_FAST_FMAF
    return __builtin_fmaf(weight, value, sum);
#else
    union { float number; uint32_t bits; } w, x, s;
    uint32_t w_exponent, x_exponent, s_exponent, w_fraction, x_fraction, s_fraction, sign, s_sign;
    uint64_t product, add, rest;
    int32_t exponent, distance;
    w.number = weight;
    x.number = value;
    s.number = sum;
    w_exponent = (w.bits >> 23) & 255;
    x_exponent = (x.bits >> 23) & 255;
    s_exponent = (s.bits >> 23) & 255;
    sign = (w.bits ^ x.bits) >> 31;
    s_sign = s.bits >> 31;
    if (w_exponent == 255 || x_exponent == 255 || s_exponent == 255) {
        /* Something is infinite, or no number. */
        return w_exponent == 255 || x_exponent == 255 ? weight * value + sum : sum;
    }
    /* A number is its fraction * 2^(exponent - 150). */
    w_fraction = (w.bits & 0x7fffff) | (w_exponent != 0 ? 0x800000 : 0);
    x_fraction = (x.bits & 0x7fffff) | (x_exponent != 0 ? 0x800000 : 0);
    s_fraction = (s.bits & 0x7fffff) | (s_exponent != 0 ? 0x800000 : 0);
    w_exponent += w_exponent == 0;
    x_exponent += x_exponent == 0;
    s_exponent += s_exponent == 0;
    if (w_fraction == 0 || x_fraction == 0) {
        if (s_fraction == 0) {
            s.bits = (sign & s_sign) << 31;
        }
        return s.number;
    }
    /* Both below 2^62. The one with the smaller unit is shifted to the other; what falls off leaves its trace in the last bit. */
    product = ((uint64_t)w_fraction * x_fraction) << 14;
    add = (uint64_t)s_fraction << 38;
    exponent = (int32_t)(w_exponent + x_exponent) - 314;
    distance = exponent - ((int32_t)s_exponent - 188);
    if (distance < 0) {
        exponent -= distance;
        rest = -distance < 64 ? product >> -distance : 0;
        product = rest | (-distance < 64 ? rest << -distance != product : 1);
    } else if (distance > 0) {
        rest = distance < 64 ? add >> distance : 0;
        add = rest | (distance < 64 ? rest << distance != add : add != 0);
    }
    if (sign == s_sign) {
        product += add;
    } else if (product >= add) {
        product -= add;
    } else {
        product = add - product;
        sign = s_sign;
    }
    if (product == 0) {
        return 0.0f;
    }
    /* To 64 bits, the highest of which is set, then to 24, or fewer for a subnormal number. */
    while (product >> 56 == 0) {
        product <<= 8;
        exponent -= 8;
    }
    while (product >> 63 == 0) {
        product <<= 1;
        exponent--;
    }
    exponent += 190;
    if (exponent < 1) {
        distance = 1 - exponent;
        rest = distance < 64 ? product >> distance : 0;
        product = rest | (distance < 64 ? rest << distance != product : 1);
        exponent = 1;
    }
    rest = product & 0xffffffffffu;
    s.bits = ((uint32_t)(exponent - 1) << 23) + (uint32_t)(product >> 40);
    s.bits += rest > 0x8000000000u || (rest == 0x8000000000u && (s.bits & 1) != 0);
    if (exponent > 254 || s.bits > 0x7f800000u) {
        s.bits = 0x7f800000u;
    }
    s.bits |= sign << 31;
    return s.number;
#endif
}
";

pub(super) const PREPARE_FLOAT: &str = r"
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

pub(super) const IMPUTE: &str = r"        if (value != value && slt_may_be_missing[i]) {
            value = slt_imputed[i];
        }
";

pub(super) const SCALE: &str = r"        if (slt_span[@AT@] == 0.0f) {
            value = 0.0f;
        } else if (slt_span[@AT@] > 0.0f) {
            value = @FORMULA@;
        }
        if (!(value - value == 0.0f)) {
            return 0;
        }
";

pub(super) const STANDARD: &str = "(value - slt_offset[@AT@]) / slt_span[@AT@]";
/// 1.4 and 0.7 in single precision.
pub(super) const MIN_MAX: &str =
    "0x1.666666p+0f * (value - slt_offset[@AT@]) / slt_span[@AT@] + -0x1.666666p-1f";

pub(super) const SHIFT: &str = r"
/* A shift to the right that rounds to the nearest, halves away from zero. */
static @SUM@ slt_shifted@NAME@(@SUM@ value, uint32_t shift)
{
    const @SUM@ half = shift == 0 ? 0 : (@SUM@)1 << (shift - 1);
    return value >= 0 ? (value + half) >> shift : -((half - value) >> shift);
}
";

pub(super) const PREPARE_SCALED: &str = r"
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

pub(super) const PREPARE_FIXED: &str = r"
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

pub(super) const TABLE_NETWORK: &str = r"
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

pub(super) const BLOCK: &str = r"
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

pub(super) const SEED_NETWORK: &str = r"
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

pub(super) const PREDICT: &str = r"
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

pub(super) const TEST: &str = r"};

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
