use crate::{BitMask, Score};

/// A question to a [`Neighbourhood`]: what would the mask that is held be worth with `bit` flipped?
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct WhatIf {
    /// The bit.
    pub bit: usize,
    /// A performance that is strictly below it may be answered with [`Score::Below`] as soon as that is
    /// certain; one that reaches it is answered exactly. With minus infinity, every answer is exact.
    pub floor: f64,
}

impl WhatIf {
    /// The question without a floor.
    ///
    /// ```
    /// use slt_core::WhatIf;
    /// assert_eq!(WhatIf::exact(3), WhatIf { bit: 3, floor: f64::NEG_INFINITY });
    /// ```
    pub fn exact(bit: usize) -> Self {
        Self { bit, floor: f64::NEG_INFINITY }
    }
}

/// A mask that is held, and what the masks one flip away from it would be worth: what a local search moves
/// through.
///
/// An implementation keeps what it knows of the held mask, so that a flip costs much less than an
/// [evaluation](crate::Objective::evaluate). Questions change nothing, and many of them at once are answered
/// on all threads of the current rayon pool, or of whatever else an implementation works with.
///
/// # What answers depend on
/// On the held mask at the last [`reset`](Self::reset) (or when the neighbourhood was made), on the bits that
/// were committed since, in their order, and on the question: not on what else was asked, nor on the number
/// of threads. They differ from the objective's by rounding only. After a reset they depend on the mask
/// alone, and [`performance`](Self::performance) is exactly what the objective answers. A search that is to
/// be resumed resets at its steps.
///
/// A bit that does not exist, or a mask of another length, is the mistake of the calling algorithm, and
/// panics.
///
/// ```
/// use slt_core::{BitMask, Neighbourhood, Score, WhatIf};
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
///     fn what_ifs(&self, questions: &[WhatIf], answers: &mut Vec<Score>) {
///         let answer = |&WhatIf { bit, floor }: &WhatIf| {
///             let performance = self.performance() + if self.0.get(bit) { -1.0 } else { 1.0 };
///             if performance < floor { Score::Below } else { Score::Exact(performance) }
///         };
///         answers.clear();
///         answers.extend(questions.iter().map(answer));
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
/// let mut answers = Vec::new();
/// loop {
///     // What is no better than the mask that is held need not be known exactly.
///     let floor = problem.performance() + 1.0;
///     let questions: Vec<WhatIf> = (0..10).map(|bit| WhatIf { bit, floor }).collect();
///     problem.what_ifs(&questions, &mut answers);
///     let Some(better) = answers.iter().position(|answer| answer.exact().is_some()) else { break };
///     problem.commit(better);
/// }
/// assert_eq!(problem.mask(), &BitMask::ones(10));
/// ```
pub trait Neighbourhood: Send + Sync {
    /// The mask that is held.
    fn mask(&self) -> &BitMask;

    /// The performance of the mask that is held. Larger is better.
    fn performance(&self) -> f64;

    /// Answers questions: `answers` is cleared, then takes one answer for each question, in order.
    fn what_ifs(&self, questions: &[WhatIf], answers: &mut Vec<Score>);

    /// The performance if `bit` were flipped.
    fn what_if(&self, bit: usize) -> f64 {
        let mut answers = Vec::with_capacity(1);
        self.what_ifs(&[WhatIf::exact(bit)], &mut answers);
        match answers[..] {
            [Score::Exact(performance)] => performance,
            _ => panic!("a question without a floor has one answer, and it is exact"),
        }
    }

    /// Whether the mask with `bit` flipped may live at all, as
    /// [`Objective::admissible`](crate::Objective::admissible) says of masks. It plays no part in the other
    /// answers.
    fn admissible(&self, _bit: usize) -> bool {
        true
    }

    /// Flips `bit` of the mask that is held, admissible or not.
    fn commit(&mut self, bit: usize);

    /// Holds another mask, or the same mask afresh: nothing is left of what was committed before.
    fn reset(&mut self, mask: &BitMask);

    /// How many questions at once keep the threads busy. It depends on the threads, so it may say how a
    /// search asks, but not what it finds.
    fn batch(&self) -> usize {
        1
    }

    /// The multiply-adds that answering a question about `bit` takes, and committing it, as far as they are
    /// counted: an answer that stops early at its floor counts as a whole one.
    fn multiply_adds(&self, _bit: usize) -> u64 {
        1
    }
}
