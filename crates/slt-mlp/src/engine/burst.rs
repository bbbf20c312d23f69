use slt_simd::fused::{BLOCK, Strip, Vector, Vectors};
use slt_simd::{InstructionSet, Pass, dispatch};

/// Runs independent fused multiply-adds in registers, as fast as the processor can, and returns how many:
/// what a benchmark holds the throughput of inference against.
///
/// ```
/// use std::time::Instant;
/// use slt_mlp::{InstructionSet, multiply_add_burst};
/// let start = Instant::now();
/// let operations = multiply_add_burst(InstructionSet::detect(), 1_000);
/// println!("{:.1} G/s", operations as f64 / start.elapsed().as_secs_f64() / 1e9);
/// ```
///
/// # Panics
/// If this processor does not run the instruction set.
pub fn multiply_add_burst(instructions: InstructionSet, rounds: u64) -> u64 {
    dispatch(instructions, Burst(rounds))
}

struct Burst(u64);

impl Pass for Burst {
    type Output = u64;

    #[inline(always)]
    fn run<I: Vectors>(self) -> u64 {
        // More chains than latency times throughput asks for on current processors.
        // Values that the compiler cannot see, lest it merges equal chains.
        let start = std::hint::black_box(Strip([1.0; BLOCK]));
        let mut wide = I::Wide::load(&start, 0);
        let mut half = I::Half::load(&start, 0);
        let (factor, term) = (std::hint::black_box(0.999_f32), std::hint::black_box(0.001_f32));
        for _ in 0..self.0 {
            wide = wide.mul_add(I::Wide::splat(factor), I::Wide::splat(term));
            half = half.mul_add(I::Half::splat(factor), I::Half::splat(term));
        }
        let (mut ends, mut half_ends) = (Strip::ZERO, Strip::ZERO);
        wide.store(&mut ends, 0);
        half.store(&mut half_ends, 0);
        std::hint::black_box((ends.0, half_ends.0));
        self.0 * (I::Wide::WIDTH + I::Half::WIDTH) as u64
    }
}
