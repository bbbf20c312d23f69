//! What can go wrong.

use std::fmt;

use slt_core::seal::SealError;

/// What can be wrong with hyper-parameters, data, or a training run.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// A hyper-parameter is out of its range.
    #[error("{parameter} is {}; it must be {allowed}", slt_core::Short(*.value))]
    Parameter {
        /// Name of the hyper-parameter.
        parameter: &'static str,
        /// What was given.
        value: f64,
        /// Its range, in words.
        allowed: &'static str,
    },
    /// The loss or a parameter became NaN or infinite.
    #[error("training diverged in epoch {epoch}: the loss or a parameter is not finite; {cause}")]
    Diverged {
        /// The epoch, counted from 1.
        epoch: usize,
        /// What is to blame, as far as the numbers tell.
        cause: Divergence,
    },
    /// A weight, a bias or a score that a training was to start from is NaN or infinite.
    #[error("{what} of layer {layer} are not all finite")]
    ParametersNotFinite {
        /// Weights, biases or scores.
        what: &'static str,
        /// Index of the layer of weights.
        layer: usize,
    },
    /// The samples cannot be divided into a part to train on and one to validate on.
    #[error(
        "a validation part of {validation} of {n_samples} samples is not possible: {needed}; change \
         validation_fraction, or take more samples"
    )]
    ValidationPart {
        /// Samples of the validation part.
        validation: usize,
        /// All samples.
        n_samples: usize,
        /// What there must be, in words.
        needed: &'static str,
    },
    /// A training goes on from one that counted validation scores and the other does not.
    #[error("early stopping was {} in the training to go on from, and is {} now; it must be the same", on_off(*.before), on_off(!*.before))]
    EarlyStopping {
        /// Whether that training stopped early.
        before: bool,
    },
    /// Bytes are no checkpoint of this kind and version, or are damaged.
    #[error("not a checkpoint that can be read: {0}")]
    CheckpointSeal(#[from] SealError),
    /// The content of a checkpoint could not be decoded.
    #[error("the checkpoint cannot be decoded: {message}")]
    CheckpointContent {
        /// What is wrong where.
        message: String,
    },
    /// Two parts of a checkpoint do not fit together.
    #[error("the checkpoint contradicts itself: {violated}")]
    CheckpointInconsistent {
        /// What is wrong.
        violated: &'static str,
    },
    /// A checkpoint is resumed under other circumstances than it was taken.
    #[error("the checkpoint was taken with {field} = {checkpoint}, not {given}")]
    ResumeMismatch {
        /// What differs: `seed`, `data`, `classifier.alpha`, `config.keep`, ...
        field: String,
        /// Its value in the checkpoint, as JSON.
        checkpoint: String,
        /// The value given, as JSON.
        given: String,
    },
    /// A checkpoint is resumed with a limit that it is beyond already.
    #[error("the checkpoint was taken after epoch {epoch}; {parameter} is {limit} and must be at least that")]
    ResumeBeyond {
        /// `max_iter` or `epochs`.
        parameter: &'static str,
        /// Epochs that are over.
        epoch: usize,
        /// The limit given.
        limit: usize,
    },
    /// A run of edge-popup is stepped beyond its end.
    #[error("all {epochs} epochs are over")]
    NoEpochsLeft {
        /// Epochs of the run.
        epochs: usize,
    },
    /// A checkpoint of edge-popup is resumed with another number of epochs, which would have changed rates of
    /// the past.
    #[error(
        "the learning rate falls along a cosine over {planned} epochs, of which {epoch} are over; with epochs = {given} \
         epoch {differs} would have had another one: resume with epochs = {planned}, or train at a constant rate"
    )]
    ResumeSchedule {
        /// Epochs that the checkpoint's run was planned for.
        planned: usize,
        /// Epochs that are over.
        epoch: usize,
        /// The number of epochs given.
        given: usize,
        /// The first epoch, counted from 1, whose rate would differ.
        differs: usize,
    },
    /// There is nothing to train on.
    #[error("the data have {n_samples} samples and {n_features} features; both must be at least 1")]
    Empty {
        /// Samples.
        n_samples: usize,
        /// Features.
        n_features: usize,
    },
    /// Not one label for each sample.
    #[error("there are {n_labels} labels for {n_samples} samples")]
    LabelCount {
        /// Samples.
        n_samples: usize,
        /// Labels.
        n_labels: usize,
    },
    /// A label is not a class.
    #[error("sample {row} has label {label}, there are {n_classes} classes counted from 0")]
    LabelOutOfRange {
        /// Index of the sample.
        row: usize,
        /// Its label.
        label: u32,
        /// Number of classes.
        n_classes: usize,
    },
    /// A feature is NaN or infinite.
    #[error("feature {column} of sample {row} is not finite")]
    NotFinite {
        /// Index of the sample.
        row: usize,
        /// Index of the feature.
        column: usize,
    },
    /// The data do not fit the network.
    #[error("the data have {features} features, the network has {inputs} inputs")]
    FeatureCount {
        /// Inputs of the network.
        inputs: usize,
        /// Features of the data.
        features: usize,
    },
    /// The data do not fit the network.
    #[error("the data have {classes} classes, the network can tell {expected} apart")]
    ClassCount {
        /// What the network has outputs for.
        expected: usize,
        /// Classes of the data.
        classes: usize,
    },
    /// Two arrays that belong together differ in length.
    #[error("{what}: got {actual}, expected {expected}")]
    Length {
        /// What is counted.
        what: &'static str,
        /// How many fit.
        expected: usize,
        /// How many there are.
        actual: usize,
    },
    /// The parameters of a layer have the wrong shape.
    #[error("{what} of layer {layer} are {} x {}, expected {} x {}", .actual.0, .actual.1, .expected.0, .expected.1)]
    LayerShape {
        /// Weights, or what belongs to them.
        what: &'static str,
        /// Index of the layer of weights.
        layer: usize,
        /// Shape that fits.
        expected: (usize, usize),
        /// Shape that was given.
        actual: (usize, usize),
    },
    /// The dense Hessian would be too large.
    #[error("a dense Hessian of {n} coordinates is too large, the limit is {max}; use `largest_eigenvalues`")]
    HessianSize {
        /// Coordinates that were asked for.
        n: usize,
        /// The most.
        max: usize,
    },
    /// Too few samples of every class for the folds.
    #[error("no class has {folds} samples, the largest has {largest}; use fewer folds")]
    FoldCount {
        /// Folds that were asked for.
        folds: usize,
        /// Samples of the largest class.
        largest: usize,
    },
    /// A trial that a search was to go on from is not one of its trials.
    #[error("the trial of point {index} is not one of this search: its draw, values or folds differ")]
    ForeignTrial {
        /// Index of the point that it claims to be of.
        index: usize,
    },
    /// The observer ended a search.
    #[error("the search was ended after {finished} of {wanted} trials")]
    Interrupted {
        /// Trials that are finished.
        finished: usize,
        /// Trials of the search.
        wanted: usize,
    },
    /// The paper has no hyper-parameters for this.
    #[error(
        "the paper gives no hyper-parameters for {data} with {classes} classes and hidden layers {hidden:?}"
    )]
    NoPreset {
        /// Name of the data set.
        data: slt_datasets::paper::PaperName,
        /// Number of classes.
        classes: usize,
        /// Hidden layers.
        hidden: Vec<usize>,
    },
    /// Something is wrong with the network or its mask.
    #[error(transparent)]
    Network(#[from] slt_mlp::Error),
}

/// What made a training diverge. The message says what to change.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Divergence {
    /// The loss was not finite before the first update: inputs or initial parameters are too large.
    Start,
    /// The penalty alone drives parameters away: with the learning rate it is beyond what gradient descent
    /// bears. Holds its name.
    Penalty(&'static str),
    /// Adam divides by the root of a mean of squares that has fallen to zero, plus an epsilon too small to
    /// count.
    Epsilon,
    /// Some features exceed 1,000 in magnitude.
    Features,
    /// Some weights of the network, which scale the gradients of edge-popup, exceed 1,000 in magnitude.
    Weights,
    /// Nothing else stands out.
    LearningRate,
}

impl fmt::Display for Divergence {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Start => f.write_str(
                "it was not before the first update: scale the features, or start from smaller weights",
            ),
            Self::Penalty(name) => write!(f, "lower {name}, which is too large for the learning rate"),
            Self::Epsilon => f.write_str("raise epsilon, which is too small for the precision"),
            Self::Features => {
                f.write_str("scale the features, some of which exceed 1,000, or lower the learning rate")
            }
            Self::Weights => f.write_str("draw smaller weights, some of which exceed 1,000"),
            Self::LearningRate => f.write_str("lower the learning rate"),
        }
    }
}

/// What counts as large in features and weights.
const LARGE: f64 = 1e3;

/// Whether some number is large.
pub(crate) fn any_large<T: crate::Scalar>(numbers: &[T]) -> bool {
    numbers.iter().any(|x| x.to_double().abs() > LARGE)
}

/// Whether gradient descent with momentum on the penalty `strength / 2 w^2` alone diverges, its rate being
/// beyond `2 (1 + momentum) / strength`, and the strength is the larger one of the two.
pub(crate) fn penalty_diverges(rate: f64, strength: f64, momentum: f64) -> bool {
    strength > rate && rate * strength > 2.0 * (1.0 + momentum)
}

fn on_off(on: bool) -> &'static str {
    if on { "on" } else { "off" }
}

/// Fails unless `ok`.
pub(crate) fn check(
    ok: bool,
    parameter: &'static str,
    value: f64,
    allowed: &'static str,
) -> Result<(), Error> {
    if ok { Ok(()) } else { Err(Error::Parameter { parameter, value, allowed }) }
}
