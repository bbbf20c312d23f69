use std::ops::Range;
use std::sync::Arc;

use ndarray::Array2;
use slt_core::{BitMask, Neighbourhood, Objective, Score, Units};
use slt_datasets::{Dataset, Shifts};

use crate::engine::{self, Engine};
use crate::metric::{CostBound, Goal, Loss, Metric, Scoring, performance};
use crate::{Error, Flips, InstructionSet, InstructionSetError, MetricName, Network, plain};

/// A sum of losses is not compared with its bound more finely than this, relatively: parts of it are added up
/// in another order than the whole.
const LOSS_MARGIN: f64 = 1e-9;

/// The mean in single precision is this close to the exact one, relatively. The losses are not negative, so
/// each is off by the roundings that it takes part in: at most 16 on each of 8 levels, 8 to add those up, and
/// those of the number of samples and of the division, 138 * 2^-24 in all.
const LOSS_MARGIN_F32: f64 = 1.0 / (1_u64 << 16) as f64;

/// Evaluates masks of one network on one data set: the [`Objective`] of a search for lottery tickets.
///
/// Masks and samples are spread over the threads of the current rayon pool. Results do not depend on
/// their number, nor on the [`InstructionSet`], nor on two techniques that save work:
///
/// - *racing*: given a floor, a mask that can no longer reach it is dropped. The wrong samples so far are
///   counted, or the losses added up, against what the mask may have; samples that earlier masks often got
///   wrong come first.
/// - *sharing*: masks that are evaluated together share the units in which they are equal.
///
/// ```
/// use slt_core::{BitMask, Objective, Seed};
/// use slt_mlp::{Architecture, Evaluator, Initializer, MetricName, Network};
/// let data = slt_datasets::paper::moons()?;
/// let network = Network::random(&Architecture::new([2, 20, 2])?, Initializer::paper(), Seed(7))?;
/// let evaluator = Evaluator::new(&network, &data.train, MetricName::Accuracy)?;
/// let dense = BitMask::ones(80);
/// assert_eq!(evaluator.evaluate(&[&dense], None)[0].exact(), Some(evaluator.accuracy(&dense)?));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone)]
pub struct Evaluator {
    engine: Engine,
    metric: Arc<dyn Metric>,
    /// What masks that are raced for a score of the confusion matrix are held against.
    bound: Option<CostBound>,
    shifts: Option<Shifts>,
    fingerprint: u64,
}

impl Evaluator {
    /// An evaluator on the fastest instruction set of this processor.
    ///
    /// # Errors
    /// If the data do not have as many features as the network has inputs, and as many classes as it has
    /// outputs, or the metric is not defined for so many classes.
    pub fn new(network: &Network, data: &Dataset, metric: impl Metric + 'static) -> Result<Self, Error> {
        network.check_data(data)?;
        Self::on(Engine::new(network.clone(), Arc::new(data.clone())), metric)
    }

    /// An evaluator of the same network on the same data, which it shares, by another metric.
    ///
    /// # Errors
    /// If the metric is not defined for so many classes.
    pub fn with_metric(&self, metric: impl Metric + 'static) -> Result<Self, Error> {
        Self::on(self.engine.clone(), metric)
    }

    fn on(engine: Engine, metric: impl Metric + 'static) -> Result<Self, Error> {
        let data = &engine.data;
        metric.check(data.n_classes())?;
        let bound = match metric.scoring() {
            Scoring::Confusion(score) => score.bound(&data.class_counts()),
            _ => None,
        };
        if let Some(expected) = bound.as_ref().map(CostBound::n_classes).filter(|&n| n != data.n_classes()) {
            let metric = format!("the cost bound of {}", metric.name());
            return Err(Error::MetricClasses { metric, expected, actual: data.n_classes() });
        }
        let fingerprint = fingerprint(&engine.runner.network, data, metric.fingerprint());
        Ok(Self { engine, metric: Arc::new(metric), bound, shifts: None, fingerprint })
    }

    /// The same evaluator on another instruction set.
    ///
    /// # Errors
    /// If this processor does not run it.
    pub fn with_instruction_set(mut self, instructions: InstructionSet) -> Result<Self, Error> {
        if !instructions.is_available() {
            return Err(InstructionSetError::Unavailable { instructions }.into());
        }
        self.engine.runner.instructions = instructions;
        Ok(self)
    }

    /// The same evaluator, whose [units](Objective::units) are held on copies of the samples, too; whole
    /// masks are evaluated on the samples alone.
    #[must_use]
    pub fn with_shifts(mut self, shifts: Shifts) -> Self {
        let copies = [self.fingerprint, shifts.copies() as u64];
        self.fingerprint = slt_core::canonical::fingerprint(copies);
        self.shifts = Some(shifts);
        self
    }

    /// The evaluator of the [network with some weights inverted](Network::inverted), on the same data, which
    /// it shares.
    ///
    /// # Errors
    /// If `weights` does not have a bit for each weight.
    pub fn inverted(&self, weights: &BitMask) -> Result<Self, Error> {
        let engine = self.engine.with_network(self.network().inverted(weights)?);
        let words = std::iter::once(self.fingerprint).chain(weights.words().iter().copied());
        Ok(Self {
            engine,
            metric: Arc::clone(&self.metric),
            bound: self.bound.clone(),
            shifts: self.shifts.clone(),
            fingerprint: slt_core::canonical::fingerprint(words),
        })
    }

    /// The same evaluator with or without racing.
    #[must_use]
    pub fn with_racing(mut self, racing: bool) -> Self {
        self.engine.racing = racing;
        self
    }

    /// The same evaluator with or without sharing.
    #[must_use]
    pub fn with_sharing(mut self, sharing: bool) -> Self {
        self.engine.runner.sharing = sharing;
        self
    }

    /// The network whose masks are evaluated.
    pub fn network(&self) -> &Network {
        &self.engine.runner.network
    }

    /// The metric that [`Objective::evaluate`] answers with.
    pub fn metric(&self) -> &Arc<dyn Metric> {
        &self.metric
    }

    /// The data.
    pub fn data(&self) -> &Dataset {
        &self.engine.data
    }

    /// The instruction set.
    pub fn instruction_set(&self) -> InstructionSet {
        self.engine.runner.instructions
    }

    /// Number of samples.
    pub fn n_samples(&self) -> usize {
        self.data().n_samples()
    }

    /// Number of samples that the masked network classifies correctly.
    ///
    /// # Errors
    /// If the mask does not fit the network.
    pub fn count_correct(&self, mask: &BitMask) -> Result<u64, Error> {
        self.network().check_mask(mask)?;
        Ok(self.count_all(mask))
    }

    /// Share of the samples that the masked network classifies correctly.
    ///
    /// # Errors
    /// If the mask does not fit the network.
    pub fn accuracy(&self, mask: &BitMask) -> Result<f64, Error> {
        Ok(self.count_correct(mask)? as f64 / self.n_samples() as f64)
    }

    /// Mean cross-entropy of the masked network; infinite if any sample's is not finite.
    ///
    /// # Errors
    /// If the mask does not fit the network.
    pub fn cross_entropy(&self, mask: &BitMask) -> Result<f64, Error> {
        self.network().check_mask(mask)?;
        let sums = self.engine.sum_losses(Loss::CrossEntropy, &[mask], None);
        Ok(sums.into_iter().flatten().sum::<f64>() / self.n_samples() as f64)
    }

    /// Mean cross-entropy of the masked network in single precision throughout: that of
    /// [`cross_entropy_f32`](crate::cross_entropy_f32) for its [`logits`](Self::logits). Infinite if any
    /// sample's is not finite, or their sum overflows.
    ///
    /// # Errors
    /// If the mask does not fit the network.
    pub fn cross_entropy_f32(&self, mask: &BitMask) -> Result<f32, Error> {
        self.network().check_mask(mask)?;
        let means = self.engine.mean_losses_f32(&[mask], None);
        Ok(means.into_iter().flatten().sum())
    }

    /// The outputs of the masked network.
    ///
    /// # Shapes
    /// `n_samples x n_outputs`.
    ///
    /// # Errors
    /// If the mask does not fit the network.
    pub fn logits(&self, mask: &BitMask) -> Result<Array2<f32>, Error> {
        self.network().check_mask(mask)?;
        let mut logits = Array2::zeros((self.n_samples(), self.network().architecture().n_outputs()));
        self.engine.for_each_logits(mask, |sample, class, logit| logits[[sample, class]] = logit);
        Ok(logits)
    }

    /// The class that the masked network gives to each sample: the first with the largest logit.
    ///
    /// # Errors
    /// If the mask does not fit the network.
    pub fn predict(&self, mask: &BitMask) -> Result<Vec<u32>, Error> {
        Ok(self.logits(mask)?.rows().into_iter().map(|row| plain::argmax(row) as u32).collect())
    }

    /// The units of masks, or of signed masks.
    pub(crate) fn units_of(&self, is_signed: bool) -> Option<Box<dyn Units + '_>> {
        let (network, data, shifts) = (self.network(), self.data(), self.shifts.as_ref());
        let units =
            engine::Units::new(network, is_signed, data, shifts, &self.metric, self.instruction_set())?;
        Some(Box::new(units))
    }

    fn count_all(&self, mask: &BitMask) -> u64 {
        self.engine.count_correct(&[mask], None).into_iter().flatten().sum()
    }

    /// The most samples that may be wrong for an accuracy of at least `floor`; negative if none is enough.
    fn most_wrong(&self, floor: f64) -> f64 {
        let n = self.n_samples() as f64;
        // Rounding may put the product on the wrong side of an integer.
        let mut correct = (floor * n).ceil().clamp(0.0, n + 1.0);
        while correct > 0.0 && (correct - 1.0) / n >= floor {
            correct -= 1.0;
        }
        while correct <= n && correct / n < floor {
            correct += 1.0;
        }
        n - correct
    }
}

impl Objective for Evaluator {
    fn n_bits(&self) -> usize {
        self.network().architecture().n_weights()
    }

    fn evaluate(&self, masks: &[&BitMask], floor: Option<f64>) -> Vec<Score> {
        let n = self.n_samples() as f64;
        let scores = |scores: Vec<Option<f64>>| {
            scores
                .into_iter()
                .map(|score| score.map_or(Score::Below, |x| Score::Exact(performance(x))))
                .collect()
        };
        match self.metric.scoring() {
            Scoring::Accuracy => {
                let counts = self.engine.count_correct(masks, floor.map(|floor| self.most_wrong(floor)));
                let score = |count: Option<u64>| count.map_or(Score::Below, |c| Score::Exact(c as f64 / n));
                counts.into_iter().map(score).collect()
            }
            Scoring::Confusion(rule) => {
                let race =
                    self.bound.as_ref().zip(floor).map(|(bound, floor)| (bound.costs(), bound.budget(floor)));
                let confusions = self.engine.confusions(masks, race).into_iter();
                scores(confusions.map(|confusion| confusion.map(|c| rule.score(&c))).collect())
            }
            Scoring::Loss(Loss::CrossEntropyF32) => {
                let budget = floor.map(|floor| loss_budget(floor, n, LOSS_MARGIN_F32));
                let means = self.engine.mean_losses_f32(masks, budget).into_iter();
                scores(means.map(|mean| mean.map(|mean| -f64::from(mean))).collect())
            }
            Scoring::Loss(loss) => {
                let budget = floor.map(|floor| loss_budget(floor, n, LOSS_MARGIN));
                let sums = self.engine.sum_losses(loss, masks, budget).into_iter();
                scores(sums.map(|sum| sum.map(|sum| -sum / n)).collect())
            }
            Scoring::Logits(rule) => {
                let labels = self.data().labels();
                let of_masks = self.engine.map_logits(masks, |logits| rule.score(logits, labels));
                scores(of_masks.into_iter().map(Some).collect())
            }
        }
    }

    fn bit_groups(&self) -> Vec<Range<usize>> {
        self.network().architecture().layer_bits()
    }

    /// Every hidden unit with the weights into it; those of the last hidden layer also with the weights out
    /// of them.
    fn linkage(&self) -> Vec<Vec<usize>> {
        self.network().architecture().linkage()
    }

    fn multiply_adds(&self, mask: &BitMask) -> u64 {
        mask.count_ones() as u64 * self.n_samples() as u64
    }

    fn admissible(&self, mask: &BitMask) -> bool {
        self.network().is_connected(mask)
    }

    fn solved(&self, mask: &BitMask, performance: f64) -> bool {
        match self.metric.goal() {
            Goal::Score(score) => performance >= score,
            Goal::AllCorrect => self.count_all(mask) == self.n_samples() as u64,
        }
    }

    fn fingerprint(&self) -> u64 {
        self.fingerprint
    }

    /// `None` unless the metric is the accuracy or the cross-entropy, as [`Flips::new`] says.
    fn neighbourhood(&self, start: &BitMask) -> Option<Box<dyn Neighbourhood + '_>> {
        let metric = match self.metric.scoring() {
            Scoring::Accuracy => MetricName::Accuracy,
            Scoring::Loss(Loss::CrossEntropy) => MetricName::CrossEntropy,
            _ => return None,
        };
        let flips = Flips::new(self.network(), self.data(), metric, self.instruction_set(), start);
        Some(Box::new(
            flips.expect("the evaluator's data and instruction set were checked, and the mask fits"),
        ))
    }

    /// `None` unless the metric is a mean of losses of the samples.
    fn units(&self) -> Option<Box<dyn Units + '_>> {
        self.units_of(false)
    }
}

/// The sum of losses of `n` samples above which the mean, negated, is certain to be below `floor`.
fn loss_budget(floor: f64, n: f64, margin: f64) -> f64 {
    -floor * n * (1.0 + margin.copysign(-floor))
}

/// A hash of everything that an evaluation depends on.
fn fingerprint(network: &Network, data: &Dataset, metric: u64) -> u64 {
    let parameters = network.layers().iter().flat_map(|layer| layer.weights().iter().chain(layer.biases()));
    let floats = parameters.chain(data.features()).map(|x| u64::from(x.to_bits()));
    let sizes = network.architecture().sizes().iter().map(|&size| size as u64);
    let labels = data.labels().iter().map(|&label| u64::from(label));
    let words = sizes.chain([data.n_samples() as u64, metric]).chain(floats).chain(labels);
    slt_core::canonical::fingerprint(words)
}
