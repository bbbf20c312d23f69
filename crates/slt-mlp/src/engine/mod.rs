//! Masked inference at hardware speed.
//!
//! A mask is [compiled](compile) to the active weights of each neuron; the [kernels](kernel) take a
//! [block](blocks) of 64 samples through it, one sample a SIMD lane; [dispatch](dispatch) instantiates them for
//! the instruction set at hand. `docs/numerics.md` fixes the order of all sums.

mod blocks;
mod compile;
mod dispatch;
mod kernel;
mod math;
mod peak;
mod simd;

use std::ops::Range;

pub(crate) use blocks::Blocks;
pub(crate) use compile::CompiledMask;
pub use dispatch::Kernel;
use dispatch::{Pass, dispatch};
pub(crate) use kernel::Scratch;
pub use peak::multiply_add_burst;
use simd::InstructionSet;
pub(crate) use simd::{BLOCK, Row};

/// Number of samples in the `range` of blocks that are classified correctly.
pub(crate) fn count_correct(
    kernel: Kernel,
    net: &CompiledMask,
    blocks: &Blocks,
    range: Range<usize>,
    scratch: &mut Scratch,
) -> u64 {
    struct CountCorrect<'a>(&'a CompiledMask, &'a Blocks, Range<usize>, &'a mut Scratch);
    impl Pass for CountCorrect<'_> {
        type Output = u64;
        #[inline(always)]
        fn run<I: InstructionSet>(self) -> u64 {
            let Self(net, blocks, range, scratch) = self;
            let mut count = 0;
            for b in range {
                count += u64::from(kernel::correct::<I>(net, blocks.get(b), scratch).count_ones());
            }
            count
        }
    }
    dispatch(kernel, CountCorrect(net, blocks, range, scratch))
}

/// The sum of the cross-entropies of each block in `range`, into `sums`.
pub(crate) fn loss_sums(
    kernel: Kernel,
    net: &CompiledMask,
    blocks: &Blocks,
    range: Range<usize>,
    scratch: &mut Scratch,
    sums: &mut [f64],
) {
    struct LossSums<'a>(&'a CompiledMask, &'a Blocks, Range<usize>, &'a mut Scratch, &'a mut [f64]);
    impl Pass for LossSums<'_> {
        type Output = ();
        #[inline(always)]
        fn run<I: InstructionSet>(self) {
            let Self(net, blocks, range, scratch, sums) = self;
            let mut losses = Row::ZERO;
            for (b, sum) in range.zip(sums) {
                kernel::losses::<I>(net, blocks.get(b), scratch, &mut losses);
                *sum = block_sum(&losses);
            }
        }
    }
    dispatch(kernel, LossSums(net, blocks, range, scratch, sums));
}

/// The logits of every sample in the `range` of blocks: `each(block, rows)` with one row a class.
pub(crate) fn for_each_logits(
    kernel: Kernel,
    net: &CompiledMask,
    blocks: &Blocks,
    range: Range<usize>,
    scratch: &mut Scratch,
    each: impl FnMut(usize, &[Row]),
) {
    struct Logits<'a, F>(&'a CompiledMask, &'a Blocks, Range<usize>, &'a mut Scratch, F);
    impl<F: FnMut(usize, &[Row])> Pass for Logits<'_, F> {
        type Output = ();
        #[inline(always)]
        fn run<I: InstructionSet>(self) {
            let Self(net, blocks, range, scratch, mut each) = self;
            for b in range {
                each(b, kernel::logits::<I>(net, blocks.get(b), scratch));
            }
        }
    }
    dispatch(kernel, Logits(net, blocks, range, scratch, each));
}

/// Sums a block in double precision, in the order that `docs/numerics.md` fixes.
#[inline(always)]
fn block_sum(losses: &Row) -> f64 {
    let mut sums = [0.0_f64; 8];
    for eight in losses.0.chunks_exact(8) {
        for (sum, &loss) in sums.iter_mut().zip(eight) {
            *sum += f64::from(loss);
        }
    }
    ((sums[0] + sums[1]) + (sums[2] + sums[3])) + ((sums[4] + sums[5]) + (sums[6] + sums[7]))
}
