//! Every operation gives the same bits on every instruction set of this machine, and those that its
//! documentation says.

use slt_simd::fused::{BLOCK, Strip, Vector, Vectors};
use slt_simd::octet::{LANES, Octet};
use slt_simd::{InstructionSet, Pass, dispatch};

/// Numbers of all sizes, and special ones, by a simple generator.
fn numbers(n: usize, mut state: u64) -> Vec<f32> {
    let special = [0.0, -0.0, 1.0, -1.0, 0.5, 1.5, 2.5, -2.5, f32::MIN_POSITIVE, 1e30];
    let mut next = || {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (state >> 33) as u32
    };
    (0..n)
        .map(|i| match i % 7 {
            0 => special[next() as usize % special.len()],
            _ => (next() as f32 / 2e9 - 0.5) * 10_f32.powi(next() as i32 % 6),
        })
        .collect()
}

/// What all operations on vectors of samples make of three strips, as bits.
struct Operations([Strip; 3]);

impl Pass for Operations {
    type Output = Vec<u32>;

    #[inline(always)]
    fn run<I: Vectors>(self) -> Vec<u32> {
        let mut bits = Vec::new();
        all::<I::One>(&self.0, &mut bits);
        all::<I::Half>(&self.0, &mut bits);
        all::<I::Wide>(&self.0, &mut bits);
        bits
    }
}

#[inline(always)]
fn all<V: Vector>([a, b, c]: &[Strip; 3], bits: &mut Vec<u32>) {
    let mut strips = [Strip::ZERO; 8];
    let mut conditions = 0;
    for at in (0..BLOCK).step_by(V::WIDTH) {
        let (a, b, c) = (V::load(a, at), V::load(b, at), V::load(c, at));
        let results = [
            a.mul_add(b, c),
            a.add(b),
            a.sub(b),
            a.mul(b),
            a.div(c),
            a.relu(),
            a.select(a.greater(b), c),
            b.select(a.equal(c), V::splat(3.0)),
        ];
        results.into_iter().zip(&mut strips).for_each(|(result, strip)| result.store(strip, at));
        conditions |= V::bits(a.greater(b)) << at;
    }
    bits.extend(strips.iter().flat_map(|strip| strip.0.map(f32::to_bits)));
    bits.extend([conditions as u32, (conditions >> 32) as u32]);
}

/// The same of eight lanes.
struct Octets {
    a: [f32; LANES],
    b: [f32; LANES],
    table: Vec<f32>,
    index: [u32; LANES],
}

impl Pass for &Octets {
    type Output = (Vec<i32>, Vec<u32>);

    #[inline(always)]
    fn run<I: Vectors>(self) -> (Vec<i32>, Vec<u32>) {
        octets::<I::Eight>(self)
    }
}

#[inline(always)]
fn octets<O: Octet>(of: &Octets) -> (Vec<i32>, Vec<u32>) {
    let (a, b, index) = (O::load_float(&of.a), O::load_float(&of.b), O::load_index(&of.index));
    let integers: Vec<i32> = of.table.iter().map(|&x| x as i32).collect();
    let (x, y) = (O::round(a), O::gather_int(&integers, index));
    let whole = [
        x,
        y,
        O::truncate(a),
        O::add_int(x, y),
        O::sub_int(x, y),
        O::max_int(x, y),
        O::min_int(x, O::int(7)),
        O::sixteenfold(x),
    ];
    let real = [
        O::add(a, b),
        O::sub(a, b),
        O::mul(a, O::float(1.1)),
        O::to_float(x),
        O::gather_float(&of.table, index),
    ];
    let (mut integers, mut bits) = (Vec::new(), Vec::new());
    for x in whole {
        let mut lanes = [0; LANES];
        O::store_int(x, &mut lanes);
        integers.extend(lanes);
    }
    for x in real {
        let mut lanes = [0.0; LANES];
        O::store_float(x, &mut lanes);
        bits.extend(lanes.map(f32::to_bits));
    }
    (integers, bits)
}

fn on_all<T: PartialEq + std::fmt::Debug>(run: impl Fn(InstructionSet) -> T) -> T {
    let expected = run(InstructionSet::Portable);
    for instructions in InstructionSet::available() {
        assert_eq!(run(instructions), expected, "{instructions}");
    }
    expected
}

#[test]
fn vectors_agree() {
    for seed in 0..50_u64 {
        let strip = |i| Strip(numbers(BLOCK, 3 * seed + i).try_into().unwrap());
        let strips = [strip(0), strip(1), strip(2)];
        let bits = on_all(|instructions| dispatch(instructions, Operations(strips)));
        // Rounded once, which the sum of a rounded product is not.
        let fused = strips[0].0[5].mul_add(strips[1].0[5], strips[2].0[5]);
        assert_eq!(bits[5], fused.to_bits());
    }
}

/// The fused multiply-add of a strip.
struct Fused([Strip; 3]);

impl Pass for Fused {
    type Output = [f32; BLOCK];

    #[inline(always)]
    fn run<I: Vectors>(self) -> [f32; BLOCK] {
        let mut fused = Strip::ZERO;
        for at in (0..BLOCK).step_by(I::Half::WIDTH) {
            let [a, b, c] = [0, 1, 2].map(|i| I::Half::load(&self.0[i], at));
            a.mul_add(b, c).store(&mut fused, at);
        }
        fused.0
    }
}

/// It is rounded once, as by [`f32::mul_add`]: for any bits, for sums next to the middle of two numbers, and for
/// those with a subnormal result.
#[test]
fn the_fused_multiply_add_is_rounded_once() {
    let mut state = 1_u64;
    let mut next = || {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (state >> 32) as u32
    };
    // Each kind has strips of its own.
    let (mut cases, mut large, mut subnormal) = (Vec::new(), Vec::new(), Vec::new());
    for _ in 0..200 * BLOCK {
        // The product is next to a power of two, nearer than the sum can tell in double precision, and that power
        // is half of the last place of the third number.
        let near = (1 + next() % 15) as f32 * 2_f32.powi(-23);
        let third = (1.0 + (next() % (1 << 23)) as f32 * 2_f32.powi(-23)) * [1.0, -1.0][next() as usize % 2];
        cases.push([1.0 + near, 1.0 - near, third * 2_f32.powi(24)]);
        large.push([2_f32.powi(50) * (1.0 + near), 2_f32.powi(49) * (1.0 - near), third * 2_f32.powi(123)]);
        let last_places = (next() % (1 << 22)) as f32 * f32::from_bits(1);
        subnormal.push([2_f32.powi(-75) * (1.0 + near), 2_f32.powi(-75) * (1.0 - near), last_places]);
    }
    cases.extend(large.into_iter().chain(subnormal));
    cases.extend((0..2_000 * BLOCK).map(|_| [next(), next(), next()].map(f32::from_bits)));
    for block in cases.as_chunks::<BLOCK>().0 {
        let strips = [0, 1, 2].map(|i| Strip(block.map(|case| case[i])));
        for instructions in [InstructionSet::Portable].into_iter().chain(InstructionSet::available()) {
            let found = dispatch(instructions, Fused(strips));
            for (&[a, b, c], found) in block.iter().zip(found) {
                let expected = a.mul_add(b, c);
                let same = found.to_bits() == expected.to_bits() || found.is_nan() && expected.is_nan();
                assert!(same, "{instructions}: {a:e} * {b:e} + {c:e} is {found:e}, not {expected:e}");
            }
        }
    }
}

#[test]
fn octets_agree() {
    for seed in 0..50_u64 {
        let table = numbers(100, seed);
        let some = |from: usize| table[from..from + LANES].try_into().unwrap();
        let index = std::array::from_fn(|i| ((seed as usize * 31 + i * 17) % 100) as u32);
        let octets = Octets { a: [1e3; LANES], b: some(20), table, index };
        on_all(|instructions| dispatch(instructions, &octets));
        let small = Octets { a: std::array::from_fn(|i| (i as f32 - 4.0) * 0.5), ..octets };
        let (integers, _) = on_all(|instructions| dispatch(instructions, &small));
        assert_eq!(integers[..8], [-2, -2, -1, 0, 0, 0, 1, 2], "the even one of two");
        assert_eq!(integers[16..24], [-2, -1, -1, 0, 0, 0, 1, 1], "towards zero");
    }
}

#[test]
fn reads_beyond_the_end_panic() {
    for instructions in InstructionSet::available() {
        let octets =
            Octets { a: [0.0; LANES], b: [0.0; LANES], table: vec![0.0; 9], index: [0, 1, 2, 3, 4, 5, 6, 9] };
        let read = std::panic::catch_unwind(|| dispatch(instructions, &octets));
        assert!(read.is_err(), "{instructions}");
    }
}
