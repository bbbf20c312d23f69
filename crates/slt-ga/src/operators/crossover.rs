use slt_core::{BitMask, StreamRng};

/// Makes one child of two parents.
pub trait Crossover {
    /// Overwrites `child`, whatever it holds, with a child of `first` and `second`.
    ///
    /// # Shapes
    /// Both parents have as many bits as the child is to have.
    fn cross(&self, first: &BitMask, second: &BitMask, child: &mut BitMask, rng: &mut StreamRng);
}

/// Uniform crossover: each bit comes from either parent with probability 1/2. It draws one word for each
/// word of the mask.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Uniform;

impl Crossover for Uniform {
    fn cross(&self, first: &BitMask, second: &BitMask, child: &mut BitMask, rng: &mut StreamRng) {
        child.fill_crossover(first, second, rng);
    }
}
