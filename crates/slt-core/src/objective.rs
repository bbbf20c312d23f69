use std::ops::Range;

use crate::{BitMask, Neighbourhood, Score, Units};

/// What a search maximises over bit masks.
///
/// An implementation is a pure function of the mask: the same mask has the same performance whenever,
/// wherever, and beside whatever other masks it is evaluated. Losses enter negated.
pub trait Objective: Sync {
    /// Length of the masks.
    fn n_bits(&self) -> usize;

    /// The performance of each mask, in the order given.
    ///
    /// With a `floor`, a mask whose performance is strictly below it may be answered with
    /// [`Score::Below`] as soon as that is certain; a mask that reaches the floor is always answered
    /// exactly. Without one, every answer is exact. Several masks are handed over at once so that an
    /// implementation can share work between them and spread it over threads.
    fn evaluate(&self, masks: &[&BitMask], floor: Option<f64>) -> Vec<Score>;

    /// Ranges of bits that belong together, in order and without gaps: the layers of a network. Operators
    /// that choose a group first, then a bit inside it, use them.
    #[expect(clippy::single_range_in_vec_init, reason = "one group: all bits")]
    fn bit_groups(&self) -> Vec<Range<usize>> {
        vec![0..self.n_bits()]
    }

    /// Sets of bits that belong together: a unit with the weights into it. A crossover may take each over
    /// from one parent as a whole. No bit is in two sets; bits in no set are on their own.
    fn linkage(&self) -> Vec<Vec<usize>> {
        Vec::new()
    }

    /// Whether a mask may live at all, beside how well it performs: a connectivity rule, say.
    fn admissible(&self, _mask: &BitMask) -> bool {
        true
    }

    /// Whether nothing is left to gain from a mask of this performance. A search that is told to stop
    /// there asks this of its best.
    fn solved(&self, _mask: &BitMask, _performance: f64) -> bool {
        false
    }

    /// `start` and the masks one flip away from it, at less than the cost of evaluations. `None` if the
    /// objective has nothing of the kind.
    ///
    /// # Panics
    /// If the mask does not have [`n_bits`](Self::n_bits) bits.
    fn neighbourhood(&self, _start: &BitMask) -> Option<Box<dyn Neighbourhood + '_>> {
        None
    }

    /// The masks of this objective, unit by unit, on parts of its samples. `None` if it has nothing of the
    /// kind.
    fn units(&self) -> Option<Box<dyn Units + '_>> {
        None
    }

    /// The multiply-adds with active weights that an evaluation of `mask` takes which does not stop early at
    /// a floor: what searches of different kinds are compared by. The set bits, unless an objective knows
    /// better.
    fn multiply_adds(&self, mask: &BitMask) -> u64 {
        mask.count_ones() as u64
    }

    /// A number that tells two objectives apart, so that a checkpoint of one is not resumed on another.
    fn fingerprint(&self) -> u64 {
        self.n_bits() as u64
    }
}
