//! Trainings from start to end.

use std::ops::ControlFlow;

use super::fitted::{FittedMlp, MlpParameters};
use super::training::{MlpEpoch, MlpTraining};
use super::{MlpClassifier, MlpStop};
use crate::{Error, Samples, Scalar};

impl MlpClassifier {
    /// Trains on `samples`: an [`MlpTraining`], stepped to its end.
    ///
    /// The observer is told of every epoch and may end the training with [`ControlFlow::Break`].
    ///
    /// # Errors
    /// [`Error::Parameter`] for a hyper-parameter out of range, [`Error::ClassCount`] with fewer than two
    /// classes, [`Error::ValidationPart`] if early stopping cannot set a part aside, and [`Error::Diverged`]
    /// if the loss or a parameter is not finite after an epoch.
    pub fn fit<T: Scalar>(
        &self,
        samples: &Samples<T>,
        observer: impl FnMut(&MlpEpoch) -> ControlFlow<()>,
    ) -> Result<FittedMlp<T>, Error> {
        MlpTraining::start(self, samples)?.run(observer)
    }

    /// As [`fit`](Self::fit), from given parameters instead of random ones. The shuffles are the same as if
    /// the parameters had been drawn.
    ///
    /// # Shapes
    /// `coefs` are `n_in x n_out`. Two classes share one output.
    ///
    /// # Errors
    /// As [`fit`](Self::fit); [`Error::LayerShape`], [`Error::Length`] or [`Error::ParametersNotFinite`] if
    /// the parameters do not fit or are not finite.
    pub fn fit_from<T: Scalar>(
        &self,
        initial: &MlpParameters<T>,
        samples: &Samples<T>,
        observer: impl FnMut(&MlpEpoch) -> ControlFlow<()>,
    ) -> Result<FittedMlp<T>, Error> {
        MlpTraining::start_from(self, initial, samples)?.run(observer)
    }

    /// Trains on from where another training ended, as a second `fit` of scikit-learn does with
    /// `warm_start=True`:
    ///
    /// - the parameters, the loss curve, the best loss or validation score and the count of epochs without
    ///   improvement go on, and so does the number of samples seen, on which
    ///   [`LearningRate::InvScaling`](super::LearningRate) depends;
    /// - moments and learning rate start anew, and so does `n_iter`, up to `max_iter` more epochs;
    /// - the random numbers start anew from `random_state`, and nothing is drawn before the shuffles (or the
    ///   validation part), unlike in [`fit_from`](Self::fit_from).
    ///
    /// With early stopping and no score above those before, the parameters are those of the best one, as
    /// always; those of scikit-learn are then the ones of its last epoch, because it trains on the arrays
    /// that it keeps the best ones in.
    ///
    /// ```
    /// use std::ops::ControlFlow;
    /// use slt_baselines::{MlpClassifier, Samples};
    /// let digits = Samples::<f32>::from(&slt_datasets::paper::digits(2)?.train);
    /// let mlp = MlpClassifier { max_iter: 3, ..MlpClassifier::scikit_learn([10]) };
    /// let fitted = mlp.fit(&digits, |_| ControlFlow::Continue(()))?;
    /// let further = mlp.warm_start(&fitted, &digits, |_| ControlFlow::Continue(()))?;
    /// assert_eq!((further.n_iter(), further.loss_curve().len()), (3, 6));
    /// assert!(further.best_loss() < fitted.best_loss());
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    /// As [`fit_from`](Self::fit_from); [`Error::EarlyStopping`] if one training stops early and the other
    /// does not.
    pub fn warm_start<T: Scalar>(
        &self,
        fitted: &FittedMlp<T>,
        samples: &Samples<T>,
        observer: impl FnMut(&MlpEpoch) -> ControlFlow<()>,
    ) -> Result<FittedMlp<T>, Error> {
        MlpTraining::warm_start(self, fitted, samples)?.run(observer)
    }
}

impl<T: Scalar> MlpTraining<'_, T> {
    /// Steps until there is a reason to stop, or the observer asks for it.
    ///
    /// # Errors
    /// As [`step`](Self::step).
    pub fn run(
        mut self,
        mut observer: impl FnMut(&MlpEpoch) -> ControlFlow<()>,
    ) -> Result<FittedMlp<T>, Error> {
        while self.stop().is_none() {
            let epoch = self.step()?;
            if observer(&epoch).is_break() {
                return Ok(FittedMlp { stop: MlpStop::Observer, ..self.fitted() });
            }
        }
        Ok(self.fitted())
    }
}
