//! A run that its user steps, one epoch at a time.

use std::ops::ControlFlow;

use ndarray::Array2;
use slt_core::{BitMask, Seed};

use super::scored::Scored;
use super::{EdgePopup, EdgePopupCheckpoint, EdgePopupEpoch, EdgePopupOutcome, EdgePopupStop, Snapshot};
use crate::{Error, Scalar};

/// A run of edge-popup that is stepped by its user, one epoch at a time, and can be interrupted and resumed.
///
/// Resumed from the [checkpoint](Self::checkpoint) of any epoch, on the same network and data, it goes on to
/// the same end, bit for bit.
///
/// ```
/// use slt_baselines::{EdgePopup, EdgePopupCheckpoint, EdgePopupConfig, Samples};
/// use slt_core::Seed;
/// use slt_mlp::{Architecture, Initializer, Network};
///
/// let digits = slt_datasets::paper::digits(2)?;
/// let network = Network::random(&Architecture::new([64, 20, 2])?, Initializer::paper(), Seed(7))?;
/// let (train, test) = (Samples::<f32>::from(&digits.train), Samples::from(&digits.test));
/// let config = EdgePopupConfig { epochs: 4, ..EdgePopupConfig::for_shape(train.shape()) };
/// let task = EdgePopup::new(&network, &train, &test, config)?;
/// let mut run = task.start(Seed(7));
/// run.step()?;
/// let bytes = run.checkpoint().to_bytes();
/// while run.stop().is_none() {
///     run.step()?;
/// }
///
/// let resumed = task.resume(Some(Seed(7)), EdgePopupCheckpoint::from_bytes(&bytes)?)?;
/// assert_eq!(resumed.run(|_, _| std::ops::ControlFlow::Continue(()))?, run.outcome());
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug)]
pub struct EdgePopupTraining<'a, T> {
    pub(super) seed: Option<Seed>,
    pub(super) scored: Scored<'a, T>,
    pub(super) history: Vec<EdgePopupEpoch>,
    /// None before the first epoch.
    pub(super) best: Option<Snapshot>,
    mask: BitMask,
}

impl<'a, T: Scalar> EdgePopupTraining<'a, T> {
    /// From scores that fit the network.
    pub(super) fn new(task: &'a EdgePopup<T>, seed: Option<Seed>, scores: &[Array2<T>]) -> Self {
        let scores: Vec<Vec<T>> = scores.iter().map(|s| s.iter().copied().collect()).collect();
        let velocities = scores.iter().map(|s| vec![T::zero(); s.len()]).collect();
        Self::restored(seed, T::scored(task, scores, velocities), Vec::new(), None)
    }

    pub(super) fn restored(
        seed: Option<Seed>,
        scored: Scored<'a, T>,
        history: Vec<EdgePopupEpoch>,
        best: Option<Snapshot>,
    ) -> Self {
        let mask = scored.mask();
        Self { seed, scored, history, best, mask }
    }

    /// Trains for an epoch, unless all are over: the schedule has no learning rate for more.
    ///
    /// Batches of wide networks are spread over the threads of the current rayon pool; no result depends on
    /// them.
    ///
    /// # Errors
    /// [`Error::Diverged`] if a loss or a score is not finite; such a run is lost, go back to a checkpoint.
    /// [`Error::NoEpochsLeft`] if all epochs are over.
    pub fn step(&mut self) -> Result<EdgePopupEpoch, Error> {
        let (epoch, limit) = (self.history.len() + 1, self.scored.task.config.epochs);
        if epoch > limit {
            return Err(Error::NoEpochsLeft { epochs: limit });
        }
        let record = T::epoch(&mut self.scored, epoch)?;
        let before = std::mem::replace(&mut self.mask, self.scored.mask());
        let record = EdgePopupEpoch { changed_bits: self.mask.hamming_distance(&before), ..record };
        self.history.push(record);
        let test_accuracy = record.test_accuracy;
        if self.best.as_ref().is_none_or(|best| test_accuracy > best.test_accuracy) {
            self.best = Some(Snapshot { epoch, test_accuracy, mask: self.mask.clone() });
        }
        Ok(record)
    }

    /// Why the run should end now, if it should.
    pub fn stop(&self) -> Option<EdgePopupStop> {
        (self.history.len() >= self.scored.task.config.epochs).then_some(EdgePopupStop::Epochs)
    }

    /// The mask of the scores as they are.
    pub fn mask(&self) -> &BitMask {
        &self.mask
    }

    /// All epochs so far.
    pub fn history(&self) -> &[EdgePopupEpoch] {
        &self.history
    }

    /// All that it takes to go on to the same end.
    pub fn checkpoint(&self) -> EdgePopupCheckpoint<T> {
        EdgePopupCheckpoint::take(self)
    }

    /// Ends the run. Its reason is [`EdgePopupStop::Observer`] unless all epochs are over.
    pub fn outcome(self) -> EdgePopupOutcome<T> {
        let stop = self.stop().unwrap_or(EdgePopupStop::Observer);
        let Self { scored, history, best, mask, .. } = self;
        let (epoch, test_accuracy) = history.last().map_or((0, 0.0), |r| (r.epoch, r.test_accuracy));
        let last = Snapshot { epoch, test_accuracy, mask };
        let best = best.unwrap_or_else(|| last.clone());
        let n_samples = scored.task.batches.iter().map(crate::kernel::Batch::n_samples).sum();
        let batch_size = scored.task.config.batch_size_for(n_samples);
        EdgePopupOutcome { last, best, history, scores: scored.into_scores(), batch_size, stop }
    }

    /// Steps until all epochs are over or the observer asks to stop, and ends the run.
    ///
    /// # Errors
    /// [`Error::Diverged`], as [`step`](Self::step).
    pub fn run(
        mut self,
        mut observer: impl FnMut(&EdgePopupEpoch, &BitMask) -> ControlFlow<()>,
    ) -> Result<EdgePopupOutcome<T>, Error> {
        while self.stop().is_none() {
            let record = self.step()?;
            if observer(&record, &self.mask).is_break() {
                return Ok(EdgePopupOutcome { stop: EdgePopupStop::Observer, ..self.outcome() });
            }
        }
        Ok(self.outcome())
    }
}
