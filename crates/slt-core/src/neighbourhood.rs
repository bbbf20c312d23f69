use crate::BitMask;

/// A mask that is held, and what the masks one flip away from it would be worth: what a local search moves through.
///
/// An implementation keeps what it knows of the held mask, so that a flip costs much less than an
/// [evaluation](crate::Objective::evaluate). Answers are a pure function of the held mask and the bit: they do not
/// depend on what was asked or committed before.
///
/// A bit that does not exist, or a mask of another length, is the mistake of the calling algorithm, and panics.
///
/// ```
/// use slt_core::{BitMask, Neighbourhood};
///
/// /// Counts the set bits: the "one-max" problem.
/// struct OneMax(BitMask);
///
/// impl Neighbourhood for OneMax {
///     fn mask(&self) -> &BitMask {
///         &self.0
///     }
///     fn performance(&self) -> f64 {
///         self.0.count_ones() as f64
///     }
///     fn what_if(&mut self, bit: usize) -> f64 {
///         self.performance() + if self.0.get(bit) { -1.0 } else { 1.0 }
///     }
///     fn commit(&mut self, bit: usize) {
///         self.0.flip(bit);
///     }
///     fn reset(&mut self, mask: &BitMask) {
///         self.0.clone_from(mask);
///     }
/// }
///
/// // Descent knows nothing of the problem.
/// let mut problem: Box<dyn Neighbourhood> = Box::new(OneMax(BitMask::zeros(10)));
/// for bit in 0..problem.mask().len() {
///     if problem.what_if(bit) > problem.performance() {
///         problem.commit(bit);
///     }
/// }
/// assert_eq!(problem.mask(), &BitMask::ones(10));
/// ```
pub trait Neighbourhood: Send {
    /// The mask that is held.
    fn mask(&self) -> &BitMask;

    /// The performance of the mask that is held, exactly what the objective answers for it. Larger is better.
    fn performance(&self) -> f64;

    /// The performance if `bit` were flipped. It may differ by rounding from what
    /// [`performance`](Self::performance) says once the flip is committed.
    fn what_if(&mut self, bit: usize) -> f64;

    /// Flips `bit` of the mask that is held.
    fn commit(&mut self, bit: usize);

    /// Holds another mask.
    fn reset(&mut self, mask: &BitMask);
}
