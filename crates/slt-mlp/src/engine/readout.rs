//! What is read off the logits of a block: decisions, classes, losses, or the logits themselves.

use ndarray::Array2;

use super::blocks::Block;
use super::kernel::argmax;
use super::loss::{BlockLoss, block_sum};
use slt_simd::fused::{BLOCK, Strip, Vector, Vectors};

/// What is kept of the logits of a mask for a block.
pub(super) trait Readout: Sync {
    type Output: Send + Sync;

    /// What the mask loses by this: wrong samples, or the sum of the losses. Never negative.
    fn cost(&self, output: &Self::Output, block: Block<'_>) -> f64;

    /// Calls `each` with the lane and the cost of the samples that cost anything.
    fn for_each_cost(&self, output: &Self::Output, block: Block<'_>, each: impl FnMut(usize, f32));

    /// `slots` are the slots of the logits in `strips`, class by class.
    fn read<I: Vectors>(&self, strips: &[Strip], slots: &[u32], block: Block<'_>) -> Self::Output;
}

/// The samples that are classified correctly, as bits.
pub(super) struct Correct;

impl Readout for Correct {
    type Output = u64;

    fn cost(&self, output: &u64, block: Block<'_>) -> f64 {
        f64::from((block.valid & !output).count_ones())
    }

    fn for_each_cost(&self, output: &u64, block: Block<'_>, mut each: impl FnMut(usize, f32)) {
        let mut wrong = block.valid & !output;
        while wrong != 0 {
            each(wrong.trailing_zeros() as usize, 1.0);
            wrong &= wrong - 1;
        }
    }

    #[inline(always)]
    fn read<I: Vectors>(&self, strips: &[Strip], slots: &[u32], block: Block<'_>) -> u64 {
        let mut hits = 0;
        if let &[zero, one] = slots {
            let (zero, one) = (&strips[zero as usize], &strips[one as usize]);
            for at in (0..BLOCK).step_by(I::One::WIDTH) {
                hits |= I::One::bits(I::One::load(one, at).greater(I::One::load(zero, at))) << at;
            }
            hits = !(hits ^ block.is_class_one);
        } else {
            for at in (0..BLOCK).step_by(I::One::WIDTH) {
                let (class, _) = argmax::<I::One>(strips, slots, at);
                hits |= I::One::bits(class.equal(I::One::load(block.labels, at))) << at;
            }
        }
        hits & block.valid
    }
}

/// The predicted classes, as floats. What a sample costs stands in a matrix, row by row, if masks race.
pub(super) struct Classes<'a> {
    pub(super) costs: Option<&'a Array2<f64>>,
}

impl Classes<'_> {
    /// Calls `each` with the lane and the cost of each sample.
    #[inline]
    fn costs(&self, output: &Strip, block: Block<'_>, mut each: impl FnMut(usize, f64)) {
        let Some(costs) = self.costs else { return };
        for (lane, right, predicted) in pairs(output, block) {
            each(lane, costs[[right, predicted]]);
        }
    }
}

impl Readout for Classes<'_> {
    type Output = Strip;

    fn cost(&self, output: &Strip, block: Block<'_>) -> f64 {
        let mut total = 0.0;
        self.costs(output, block, |_, cost| total += cost);
        total
    }

    fn for_each_cost(&self, output: &Strip, block: Block<'_>, mut each: impl FnMut(usize, f32)) {
        self.costs(output, block, |lane, cost| each(lane, cost as f32));
    }

    #[inline(always)]
    fn read<I: Vectors>(&self, strips: &[Strip], slots: &[u32], _block: Block<'_>) -> Strip {
        let mut classes = Strip::ZERO;
        for at in (0..BLOCK).step_by(I::One::WIDTH) {
            argmax::<I::One>(strips, slots, at).0.store(&mut classes, at);
        }
        classes
    }
}

/// Lane, class and predicted class of the samples of a block.
pub(super) fn pairs(classes: &Strip, block: Block<'_>) -> impl Iterator<Item = (usize, usize, usize)> {
    let n = block.valid.count_ones() as usize;
    let pairs = block.labels.0[..n].iter().zip(&classes.0).enumerate();
    pairs.map(|(lane, (&right, &predicted))| (lane, right as usize, predicted as usize))
}

/// The loss of each sample; 0 for padding.
pub(super) struct Losses<L>(pub(super) L);

impl<L: BlockLoss> Readout for Losses<L> {
    type Output = Strip;

    fn cost(&self, output: &Strip, _block: Block<'_>) -> f64 {
        block_sum(&output.0)
    }

    fn for_each_cost(&self, output: &Strip, block: Block<'_>, mut each: impl FnMut(usize, f32)) {
        for (lane, &loss) in output.0[..block.valid.count_ones() as usize].iter().enumerate() {
            each(lane, loss);
        }
    }

    #[inline(always)]
    fn read<I: Vectors>(&self, strips: &[Strip], slots: &[u32], block: Block<'_>) -> Strip {
        self.0.losses::<I::One>(strips, slots, block.labels, block.valid)
    }
}

/// The logits, sample by sample. They cost nothing: what they are worth shows when all are there.
pub(super) struct Logits;

impl Readout for Logits {
    type Output = Box<[f32]>;

    fn cost(&self, _output: &Box<[f32]>, _block: Block<'_>) -> f64 {
        0.0
    }

    fn for_each_cost(&self, _output: &Box<[f32]>, _block: Block<'_>, _each: impl FnMut(usize, f32)) {}

    #[inline(always)]
    fn read<I: Vectors>(&self, strips: &[Strip], slots: &[u32], block: Block<'_>) -> Box<[f32]> {
        let lanes = 0..block.valid.count_ones() as usize;
        lanes.flat_map(|lane| slots.iter().map(move |&slot| strips[slot as usize].0[lane])).collect()
    }
}
