//! What is trained on what.

use std::ops::ControlFlow;

use ndarray::{Array1, Array2};
use rand::distr::Distribution;
use slt_core::random::SymmetricUniform;
use slt_core::{BitMask, Purpose, Seed};
use slt_mlp::{Layer, Network};

use super::{EdgePopupCheckpoint, EdgePopupConfig, EdgePopupEpoch, EdgePopupOutcome, EdgePopupTraining};
use crate::checkpoint::fingerprint_of;
use crate::error::any_large;
use crate::kernel::{Batch, EVALUATION_BATCH};
use crate::{Error, Samples, Scalar};

const SCORES: Purpose = Purpose::new("scores");

/// Edge-popup on one network and one data set.
///
/// ```
/// use std::ops::ControlFlow;
/// use slt_baselines::{EdgePopup, EdgePopupConfig, Samples};
/// use slt_core::Seed;
/// use slt_datasets::paper::PaperName;
/// use slt_mlp::{Architecture, Initializer, Network};
///
/// let digits = slt_datasets::paper::digits(2)?;
/// let network = Network::random(&Architecture::new([64, 20, 2])?, Initializer::paper(), Seed(7))?;
/// let config = EdgePopupConfig { epochs: 10, ..EdgePopupConfig::paper(PaperName::Digits) };
/// let (train, test) = (Samples::<f32>::from(&digits.train), Samples::from(&digits.test));
/// let outcome = EdgePopup::new(&network, &train, &test, config)?.run(Seed(7), |_, _| ControlFlow::Continue(()))?;
/// let ticket = outcome.ticket(network)?;
/// assert!(ticket.accuracy(&digits.test)? > 0.9);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone)]
pub struct EdgePopup<T> {
    pub(super) config: EdgePopupConfig,
    pub(super) sizes: Vec<usize>,
    /// Weights of each layer, `n_in x n_out`.
    pub(super) weights: Vec<Vec<T>>,
    pub(super) biases: Vec<Vec<T>>,
    pub(super) batches: Vec<Batch<T>>,
    pub(super) test: Vec<Batch<T>>,
    /// A hash of network, training and test data.
    pub(super) fingerprint: u64,
    /// Whether features, or weights, are large: what is to blame if a run diverges.
    pub(super) large: (bool, bool),
}

impl<T: Scalar> EdgePopup<T> {
    /// A run on a random network.
    ///
    /// # Errors
    /// [`Error::Parameter`] for a hyper-parameter out of range, [`Error::FeatureCount`] or
    /// [`Error::ClassCount`] if the data do not fit the network.
    pub fn new(
        network: &Network,
        train: &Samples<T>,
        test: &Samples<T>,
        config: EdgePopupConfig,
    ) -> Result<Self, Error> {
        let convert = |layer: &Layer| (layer.weights().mapv(T::of_single), layer.biases().mapv(T::of_single));
        let layers: Vec<_> = network.layers().iter().map(convert).collect();
        Self::from_parameters(&layers, train, test, config)
    }

    /// A run on given parameters.
    ///
    /// # Shapes
    /// Weights `n_in x n_out` and biases `n_out` of each layer.
    ///
    /// # Errors
    /// As [`new`](Self::new); [`Error::LayerShape`] if the layers do not fit each other,
    /// [`Error::ParametersNotFinite`] if a weight or bias is not finite.
    pub fn from_parameters(
        layers: &[(Array2<T>, Array1<T>)],
        train: &Samples<T>,
        test: &Samples<T>,
        config: EdgePopupConfig,
    ) -> Result<Self, Error> {
        config.validate_in::<T>()?;
        let sizes = crate::layers::sizes(layers)?;
        for samples in [train, test] {
            crate::layers::check_samples(&sizes, samples)?;
        }
        let rows: Vec<usize> = (0..train.n_samples().max(test.n_samples())).collect();
        let batches = Batch::pack_all(train, &rows[..train.n_samples()], config.batch_size);
        let parameters = layers.iter().flat_map(|(w, b)| w.iter().chain(b)).map(|x| x.bits());
        let fingerprint = fingerprint_of([train, test], parameters);
        let test = Batch::pack_all(test, &rows[..test.n_samples()], EVALUATION_BATCH);
        let (weights, biases): (Vec<Vec<T>>, _) =
            layers.iter().map(|(w, b)| (w.iter().copied().collect(), b.to_vec())).unzip();
        let large = (any_large(train.values()), weights.iter().any(|w| any_large(w)));
        Ok(Self { config, sizes, weights, biases, batches, test, fingerprint, large })
    }

    /// The scores that [`run`](Self::run) starts from: U[-b, b) with b = 1 / sqrt(fan_in), which is Kaiming's
    /// uniform distribution with a = sqrt(5). The stream `scores` of the seed, one index a layer, gives them
    /// in bit order; they are rounded to single precision.
    pub fn initial_scores(&self, seed: Seed) -> Vec<Array2<T>> {
        let draw = |(l, pair): (usize, &[usize])| {
            let mut rng = seed.stream(SCORES, 0, l as u64);
            let bound = 1.0 / (pair[0] as f64).sqrt();
            Array2::from_shape_simple_fn((pair[0], pair[1]), || {
                T::of_single((bound * f64::from(SymmetricUniform.sample(&mut rng))) as f32)
            })
        };
        self.sizes.windows(2).enumerate().map(draw).collect()
    }

    /// Trains random scores: an [`EdgePopupTraining`], stepped to its end.
    ///
    /// The observer is told of every epoch and the mask after it, and may end the run with
    /// [`ControlFlow::Break`].
    ///
    /// # Errors
    /// [`Error::Diverged`] if a loss or a score is not finite.
    pub fn run(
        &self,
        seed: Seed,
        observer: impl FnMut(&EdgePopupEpoch, &BitMask) -> ControlFlow<()>,
    ) -> Result<EdgePopupOutcome<T>, Error> {
        self.start(seed).run(observer)
    }

    /// As [`run`](Self::run), from given scores.
    ///
    /// # Shapes
    /// `n_in x n_out` for each layer.
    ///
    /// # Errors
    /// As [`run`](Self::run) and [`start_from`](Self::start_from).
    pub fn run_from(
        &self,
        scores: &[Array2<T>],
        observer: impl FnMut(&EdgePopupEpoch, &BitMask) -> ControlFlow<()>,
    ) -> Result<EdgePopupOutcome<T>, Error> {
        self.start_from(scores)?.run(observer)
    }

    /// A run that is stepped by its user, from [random scores](Self::initial_scores).
    pub fn start(&self, seed: Seed) -> EdgePopupTraining<'_, T> {
        EdgePopupTraining::new(self, Some(seed), &self.initial_scores(seed))
    }

    /// As [`start`](Self::start), from given scores.
    ///
    /// # Shapes
    /// `n_in x n_out` for each layer.
    ///
    /// # Errors
    /// [`Error::LayerShape`] or [`Error::Length`] if the scores do not fit the network,
    /// [`Error::ParametersNotFinite`] if one is not finite.
    pub fn start_from(&self, scores: &[Array2<T>]) -> Result<EdgePopupTraining<'_, T>, Error> {
        let expected = self.weights.len();
        if scores.len() != expected {
            return Err(Error::Length { what: "layers of scores", expected, actual: scores.len() });
        }
        for (layer, (scores, pair)) in scores.iter().zip(self.sizes.windows(2)).enumerate() {
            let (expected, actual) = ((pair[0], pair[1]), scores.dim());
            if expected != actual {
                return Err(Error::LayerShape { what: "the scores", layer, expected, actual });
            }
            crate::layers::check_finite("the scores", layer, scores)?;
        }
        Ok(EdgePopupTraining::new(self, None, scores))
    }

    /// Goes on from a checkpoint of a run that [started](Self::start) from a seed, or, with `None`, from
    /// [given scores](Self::start_from).
    ///
    /// Another number of epochs is fine as long as the epochs that are over would have had the same learning
    /// rates: always at a [constant](super::EdgePopupSchedule::Constant) rate; along a cosine, only after the
    /// first epoch at most.
    ///
    /// # Errors
    /// [`Error::ResumeMismatch`] if seed, network, data or a hyper-parameter other than `epochs` are not the
    /// checkpoint's, [`Error::ResumeBeyond`] if more than `epochs` epochs are over, [`Error::ResumeSchedule`]
    /// if another number of epochs would have changed the past.
    pub fn resume(
        &self,
        seed: Option<Seed>,
        checkpoint: EdgePopupCheckpoint<T>,
    ) -> Result<EdgePopupTraining<'_, T>, Error> {
        checkpoint.restore(self, seed)
    }
}
