use ndarray::Array2;
use slt_core::{BitMask, Neighbourhood, Score, WhatIf};
use slt_datasets::Dataset;

use crate::engine::{Asker, HeldMask};
use crate::{Architecture, Error, InstructionSet, InstructionSetError, MetricName, Network};

/// A sum of losses is not compared with what a floor allows more finely than this, relatively: that is worked
/// out with roundings of its own.
const LOSS_MARGIN: f64 = 1e-9;

/// One mask of a network on one data set, and what flips of single bits would give: the [`Neighbourhood`] of
/// a local search, and what [pruning](crate::prune) works on.
///
/// Changing one bit changes one unit. The sums of all units are kept for every sample, so that the time of a
/// flip is proportional to samples times classes in networks with one hidden layer, and for the weights of
/// the last two layers of any network; a deeper flip is taken through the layers behind it. For an
/// [`Evaluator`](crate::Evaluator) it is samples times weights.
///
/// # What answers depend on
/// They depend on the mask that was held when the flips were made, or at the last
/// [`set_mask`](Self::set_mask) or [`settle`](Self::settle), on the commits since, and on the question: not
/// on the [`InstructionSet`], the number of threads, or what else was asked. They differ from those of an
/// [`Evaluator`](crate::Evaluator) by rounding only, and many of them not at all:
///
/// - [`count_correct`](Self::count_correct), [`what_if_correct`](Self::what_if_correct),
///   [`at_least`](Self::at_least) and [`logits`](Self::logits) are exact after any number of commits, and so
///   is all that is said of [`MetricName::Accuracy`]. They depend on the mask that is held alone.
/// - For [`MetricName::CrossEntropy`], [`performance`](Self::performance) is that of a fresh evaluation, to
///   the bit, until the first commit. [`what_if`](Self::what_if), and `performance` after commits, differ
///   from it by rounding, as two orders of the same sum do: some 1e-8 for the networks of the paper, and less
///   than 1e-6 times the largest sum of any unit (or 1) for the random ones of the tests. All sums are
///   computed afresh before more roundings have entered one than there are samples, with at least 256 and at
///   most 4096.
///
/// # What it costs
/// A commit adds to the sums what the flip changes, in about the time of two what-ifs, and keeps account of
/// the rounding. For the accuracy, samples for which that could matter are evaluated. For the cross-entropy,
/// the first of `count_correct`, `what_if_correct` and `at_least` after a commit costs as much as an
/// evaluation.
///
/// It takes `4 * samples * (inputs + hidden units + outputs)` bytes and a little more, with twice the outputs
/// for the cross-entropy of more than two classes. What-ifs allocate nothing once their buffers have grown,
/// one set for each thread.
///
/// ```
/// use slt_core::{BitMask, Seed};
/// use slt_mlp::{Architecture, Flips, Initializer, InstructionSet, MetricName, Network};
/// let data = slt_datasets::paper::digits(3)?.train;
/// let network = Network::random(&Architecture::new([64, 10, 3])?, Initializer::paper(), Seed(1))?;
/// let dense = BitMask::ones(670);
///
/// // One sweep of descent on the cross-entropy.
/// let mut flips = Flips::new(&network, &data, MetricName::CrossEntropy, InstructionSet::detect(), &dense)?;
/// let before = flips.performance();
/// for bit in 0..670 {
///     if flips.what_if(bit) > flips.performance() {
///         flips.commit(bit);
///     }
/// }
/// assert!(flips.performance() > before + 1.0);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone)]
pub struct Flips {
    network: Network,
    metric: MetricName,
    held: HeldMask,
}

impl Flips {
    /// Holds `mask` over the weights of `network`, on `data`.
    ///
    /// # Errors
    /// If the data do not have as many features as the network has inputs and as many classes as it has
    /// outputs, the processor does not run the instruction set, the mask does not have a bit for each weight,
    /// or the metric is another than accuracy and cross-entropy. The coarse steps of
    /// [`MetricName::CrossEntropyF32`] would be lost in the rounding of what-ifs.
    pub fn new(
        network: &Network,
        data: &Dataset,
        metric: MetricName,
        instructions: InstructionSet,
        mask: &BitMask,
    ) -> Result<Self, Error> {
        network.check_data(data)?;
        network.check_mask(mask)?;
        if !instructions.is_available() {
            return Err(InstructionSetError::Unavailable { instructions }.into());
        }
        if !matches!(metric, MetricName::Accuracy | MetricName::CrossEntropy) {
            return Err(Error::NoFlips { metric });
        }
        let held = HeldMask::new(network, data, metric == MetricName::CrossEntropy, instructions, mask);
        Ok(Self { network: network.clone(), metric, held })
    }

    /// Holds another mask.
    ///
    /// # Errors
    /// If it does not have a bit for each weight.
    pub fn set_mask(&mut self, mask: &BitMask) -> Result<(), Error> {
        self.network.check_mask(mask)?;
        self.held.set_mask(mask);
        Ok(())
    }

    /// Computes all sums afresh, as after [`set_mask`](Self::set_mask) with the mask that is held. It costs
    /// about an evaluation, and nothing if there was no commit since the last time.
    pub fn settle(&mut self) {
        self.held.settle();
    }

    /// The mask that is held.
    pub fn mask(&self) -> &BitMask {
        self.held.mask()
    }

    /// What a performance is.
    pub fn metric(&self) -> MetricName {
        self.metric
    }

    /// Number of samples.
    pub fn n_samples(&self) -> usize {
        self.held.n_samples()
    }

    /// The performance of the mask that is held: the share of the samples that it classifies correctly, or
    /// the mean cross-entropy, negated. After a commit, the latter is what [`what_if`](Self::what_if) had
    /// said of the flip, to the bit, unless all sums were computed afresh.
    pub fn performance(&self) -> f64 {
        match self.metric {
            MetricName::Accuracy => self.share(self.held.n_correct()),
            MetricName::CrossEntropy => self.negated_mean(self.held.loss_sum()),
            _ => unreachable!("refused when the flips were made"),
        }
    }

    /// Number of samples that the mask that is held classifies correctly.
    pub fn count_correct(&self) -> u64 {
        self.held.n_correct()
    }

    /// The outputs of the network under the mask that is held, by a forward pass: they are those of a fresh
    /// evaluation.
    ///
    /// # Shapes
    /// `n_samples x n_outputs`.
    pub fn logits(&self) -> Array2<f32> {
        let shape = (self.n_samples(), self.network.architecture().n_outputs());
        let mut logits = Array2::zeros(shape);
        self.held.for_each_logit(|sample, class, logit| logits[[sample, class]] = logit);
        logits
    }

    /// The performance if `bit` were flipped.
    ///
    /// For the cross-entropy, the flip changes the held logits; the losses are those of the changed logits.
    /// Where numbers are so large that a sum might overflow, it is a fresh evaluation.
    ///
    /// # Panics
    /// If there is no such bit.
    pub fn what_if(&self, bit: usize) -> f64 {
        let answer = self.held.ask(|asker| self.answer(asker, &WhatIf::exact(bit)));
        answer.exact().expect("a question without a floor is answered exactly")
    }

    /// The same for many bits, on all threads of the current rayon pool: `answers` is cleared, then takes one
    /// answer for each question, in order. They are those of [`what_if`](Self::what_if), to the bit.
    ///
    /// LabelBlocks are gone through until it is certain that the performance is strictly below the floor of
    /// the question. The answer is then [`Score::Below`]; one that reaches the floor is always exact, and one
    /// that does not may be.
    ///
    /// # Panics
    /// If there is no such bit.
    ///
    /// ```
    /// use slt_core::{BitMask, Score, Seed, WhatIf};
    /// use slt_mlp::{Architecture, Flips, Initializer, InstructionSet, MetricName, Network};
    /// let data = slt_datasets::paper::moons()?.train;
    /// let network = Network::random(&Architecture::new([2, 20, 2])?, Initializer::paper(), Seed(1))?;
    /// let flips = Flips::new(&network, &data, MetricName::Accuracy, InstructionSet::detect(), &BitMask::ones(80))?;
    ///
    /// // Which flips are improvements?
    /// let floor = flips.performance() + 1.0 / flips.n_samples() as f64;
    /// let questions: Vec<WhatIf> = (0..80).map(|bit| WhatIf { bit, floor }).collect();
    /// let mut answers = Vec::new();
    /// flips.what_ifs(&questions, &mut answers);
    /// let better = answers.iter().enumerate().filter(|(_, answer)| answer.exact() >= Some(floor));
    /// for (bit, answer) in better {
    ///     assert_eq!(answer.exact(), Some(flips.what_if(bit)));
    /// }
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn what_ifs(&self, questions: &[WhatIf], answers: &mut Vec<Score>) {
        answers.clear();
        answers.resize(questions.len(), Score::Below);
        self.held.ask_all(questions, answers, |asker, question| self.answer(asker, question));
    }

    /// Whether an active path leads from an input to an output if `bit` is flipped: what
    /// [`Network::is_connected`] says of the flipped mask.
    ///
    /// # Panics
    /// If there is no such bit.
    pub fn is_connected_after(&self, bit: usize) -> bool {
        self.held.is_connected_after(bit)
    }

    /// The number of samples that are classified correctly if `bit` is flipped; exact.
    ///
    /// # Exactness
    /// The flip is added to the held sums, which gives other logits than a fresh evaluation: other roundings.
    /// But roundings are bounded, so most samples are certain to be classified as the changed logits say. The
    /// others, about one in a few thousand for the networks of the paper, are evaluated. `docs/numerics.md`
    /// derives the bounds, under "Flips".
    ///
    /// # Panics
    /// If there is no such bit.
    pub fn what_if_correct(&self, bit: usize) -> u64 {
        let count = self.held.ask(|asker| asker.count_correct_after(bit, u64::MAX));
        count.expect("any number of samples may be wrong")
    }

    /// Whether at least `n_correct` samples are classified correctly if `bit` is flipped; exact. As soon as
    /// too many are certain to be wrong, the others are not looked at.
    ///
    /// # Panics
    /// If there is no such bit.
    pub fn at_least(&self, bit: usize, n_correct: u64) -> bool {
        let most_wrong = (self.n_samples() as u64).checked_sub(n_correct);
        most_wrong.is_some_and(|most_wrong| {
            self.held.ask(|asker| asker.count_correct_after(bit, most_wrong)).is_some()
        })
    }

    /// Whether the performance is at least `floor` if `bit` is flipped: what [`what_if`](Self::what_if) says,
    /// but as soon as it is certain to be below, the samples that are left are not looked at.
    ///
    /// # Panics
    /// If there is no such bit.
    pub fn reaches(&self, bit: usize, floor: f64) -> bool {
        let answer = self.held.ask(|asker| self.answer(asker, &WhatIf { bit, floor }));
        answer.exact().is_some_and(|performance| performance >= floor)
    }

    /// Flips `bit`.
    ///
    /// # Panics
    /// If there is no such bit.
    pub fn commit(&mut self, bit: usize) {
        self.held.commit(bit);
    }

    fn answer(&self, asker: &mut Asker<'_>, &WhatIf { bit, floor }: &WhatIf) -> Score {
        let n = self.n_samples() as u64;
        // What is not a number is no floor.
        let floor = floor.max(f64::NEG_INFINITY);
        let performance = match self.metric {
            MetricName::Accuracy => most_wrong(floor, n)
                .and_then(|most_wrong| asker.count_correct_after(bit, most_wrong))
                .map(|count| self.share(count)),
            MetricName::CrossEntropy => {
                asker.loss_sum_after(bit, largest_loss_sum(floor, n)).map(|sum| self.negated_mean(sum))
            }
            _ => unreachable!("refused when the flips were made"),
        };
        performance.map_or(Score::Below, Score::Exact)
    }

    fn share(&self, n_correct: u64) -> f64 {
        n_correct as f64 / self.n_samples() as f64
    }

    fn negated_mean(&self, loss_sum: f64) -> f64 {
        (-loss_sum / self.n_samples() as f64).max(f64::MIN)
    }
}

/// The most of `n` samples that may be wrong for an accuracy of at least `floor`; `None` if the accuracy is
/// below it in any case.
fn most_wrong(floor: f64, n: u64) -> Option<u64> {
    let reaches = |wrong: u64| (n - wrong) as f64 / n as f64 >= floor;
    // Rounding may put the product on the wrong side of an integer.
    let least_correct = (floor * n as f64).clamp(0.0, n as f64).round() as u64;
    (least_correct.saturating_sub(2)..=n.min(least_correct + 2))
        .map(|correct| n - correct)
        .find(|&wrong| reaches(wrong))
}

/// The sum of the losses of `n` samples above which the mean, negated, is certain to be below `floor`.
fn largest_loss_sum(floor: f64, n: u64) -> f64 {
    -floor * n as f64 * (1.0 + LOSS_MARGIN.copysign(-floor))
}

impl Neighbourhood for Flips {
    fn mask(&self) -> &BitMask {
        self.mask()
    }

    fn performance(&self) -> f64 {
        self.performance()
    }

    fn what_ifs(&self, questions: &[WhatIf], answers: &mut Vec<Score>) {
        self.what_ifs(questions, answers);
    }

    fn what_if(&self, bit: usize) -> f64 {
        self.what_if(bit)
    }

    fn admissible(&self, bit: usize) -> bool {
        self.is_connected_after(bit)
    }

    fn commit(&mut self, bit: usize) {
        self.commit(bit);
    }

    fn reset(&mut self, mask: &BitMask) {
        let (actual, expected) = (mask.len(), self.mask().len());
        assert!(actual == expected, "a mask of {actual} bits for {expected} weights");
        self.held.set_mask(mask);
    }

    fn batch(&self) -> usize {
        self.held.batch()
    }

    /// The flipped weight and the active weights behind it, for every sample.
    fn multiply_adds(&self, bit: usize) -> u64 {
        let weights = 1 + weights_behind(self.network.architecture(), self.mask(), bit);
        weights as u64 * self.n_samples() as u64
    }
}

/// The active weights that lie behind the one of `bit`, on the ways from it to the outputs.
fn weights_behind(architecture: &Architecture, mask: &BitMask, bit: usize) -> usize {
    let mut layers = architecture
        .layer_bits()
        .into_iter()
        .zip(architecture.layer_shapes())
        .skip_while(|(bits, _)| bits.end <= bit);
    let Some((bits, (_, n_out))) = layers.next() else { return 0 };
    let mut reached = vec![(bit - bits.start) % n_out];
    let mut weights = 0;
    for (bits, (_, n_out)) in layers {
        let mut next = vec![false; n_out];
        for unit in reached {
            let active = (0..n_out).filter(|target| mask.get(bits.start + unit * n_out + target));
            for target in active {
                weights += 1;
                next[target] = true;
            }
        }
        reached = (0..n_out).filter(|&unit| next[unit]).collect();
    }
    weights
}
