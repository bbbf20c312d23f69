//! What can go wrong.

/// What can be wrong with hyper-parameters, data, or a training run.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// A hyper-parameter is out of its range.
    #[error("{parameter} is {value}; it must be {allowed}")]
    Parameter {
        /// Name of the hyper-parameter.
        parameter: &'static str,
        /// What was given.
        value: f64,
        /// Its range, in words.
        allowed: &'static str,
    },
    /// The loss or a parameter became NaN or infinite.
    #[error(
        "training diverged in epoch {epoch}: the loss or a parameter is not finite; lower the learning rate"
    )]
    Diverged {
        /// The epoch, counted from 1.
        epoch: usize,
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

/// Fails unless `ok`.
pub(crate) fn check(
    ok: bool,
    parameter: &'static str,
    value: f64,
    allowed: &'static str,
) -> Result<(), Error> {
    if ok { Ok(()) } else { Err(Error::Parameter { parameter, value, allowed }) }
}
