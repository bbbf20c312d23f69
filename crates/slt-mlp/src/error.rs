use slt_simd::InstructionSetError;

use crate::MetricName;

/// What can be wrong with an architecture, a network, a mask, or data for them.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// An architecture needs at least an input and an output layer.
    #[error("an architecture has at least 2 layers (inputs and outputs), got {sizes}")]
    TooFewLayers {
        /// Layers that were given.
        sizes: usize,
    },
    /// A layer has no units.
    #[error("layer {layer} of the architecture has 0 units; every layer needs at least 1")]
    EmptyLayer {
        /// Index of the layer; 0 is the input.
        layer: usize,
    },
    /// There is nothing to choose between.
    #[error("the architecture has fewer than 2 outputs; a classifier has one for each class")]
    TooFewOutputs,
    /// The network would be too large.
    #[error("the architecture has more than {limit} weights")]
    TooManyWeights {
        /// The most that is allowed.
        limit: usize,
    },
    /// Not an architecture.
    #[error("`{text}` is not an architecture: expected A, B, C, D or sizes such as 2,20,2")]
    ArchitectureText {
        /// What was given.
        text: String,
    },
    /// The fraction of kept weights is impossible.
    #[error("the kept fraction `keep` is {keep}; it lies in (0, 1]")]
    KeepOutOfRange {
        /// What was given.
        keep: f64,
    },
    /// The fraction of kept weights is so small that weights scaled by it would be infinite.
    #[error(
        "the kept fraction `keep` is {keep:e}; weights scaled by it overflow single precision below 2.5e-75"
    )]
    KeepTooSmall {
        /// What was given.
        keep: f64,
    },
    /// The half-width of a uniform distribution is impossible.
    #[error("the half-width `half_width` is {half_width}; it is positive, and finite in single precision")]
    HalfWidthOutOfRange {
        /// What was given.
        half_width: f64,
    },
    /// A layer's weights do not fit its neighbours.
    #[error("the weights of layer {layer} are {} x {}, expected {} x {}", .actual.0, .actual.1, .expected.0, .expected.1)]
    LayerShape {
        /// Index of the layer of weights.
        layer: usize,
        /// Shape that fits.
        expected: (usize, usize),
        /// Shape that was given.
        actual: (usize, usize),
    },
    /// A weight or bias is NaN or infinite.
    #[error("layer {layer} has a weight or bias that is not finite")]
    ParameterNotFinite {
        /// Index of the layer of weights.
        layer: usize,
    },
    /// The mask does not belong to the network.
    #[error("the mask has {actual} bits, the network has {expected} weights")]
    MaskLength {
        /// Weights of the network.
        expected: usize,
        /// Bits of the mask.
        actual: usize,
    },
    /// The bits of a signed mask do not come in pairs.
    #[error("a signed mask has two bits for each weight, and this one has {bits}")]
    OddBits {
        /// Bits of the mask.
        bits: usize,
    },
    /// A weight cannot be inverted and hidden.
    #[error("the signed mask inverts weight {weight}, which it hides")]
    InvertedHidden {
        /// The first such weight.
        weight: usize,
    },
    /// The data have another number of features than the network has inputs.
    #[error("the data have {features} features, the network has {inputs} inputs")]
    FeatureCount {
        /// Inputs of the network.
        inputs: usize,
        /// Features of the data.
        features: usize,
    },
    /// The data have another number of classes than the network has outputs.
    #[error("the data have {classes} classes, the network has {outputs} outputs")]
    ClassCount {
        /// Outputs of the network.
        outputs: usize,
        /// Classes of the data.
        classes: usize,
    },
    /// There is no such instruction set here.
    #[error(transparent)]
    InstructionSet(#[from] InstructionSetError),
    /// Flips are not offered for the metric.
    #[error("flips of single bits are not offered for the objective {metric}: use accuracy or cross-entropy")]
    NoFlips {
        /// The metric that was asked for.
        metric: MetricName,
    },
    /// What a loss may rise by is impossible.
    #[error("the tolerance is {tolerance}; it is finite and at least 0")]
    ToleranceOutOfRange {
        /// What was given.
        tolerance: f64,
    },
    /// There is no pass to prune in.
    #[error("0 passes prune nothing; it takes at least 1")]
    NoPasses,
    /// No such metric.
    #[error(
        "there is no objective `{name}`: expected accuracy, balanced-accuracy, macro-f1, matthews-correlation, auc, \
         cross-entropy, cross-entropy:T with a temperature T, cross-entropy-f32 or margin:M with a margin M"
    )]
    UnknownMetric {
        /// What was given.
        name: String,
    },
    /// The parameter of a metric is impossible.
    #[error("the {parameter} is {value}; it is positive and finite")]
    MetricParameter {
        /// What it is.
        parameter: &'static str,
        /// What was given.
        value: f32,
    },
    /// The metric is for another number of classes.
    #[error("{metric} is for {expected} classes, the data have {actual}")]
    MetricClasses {
        /// The metric.
        metric: String,
        /// Classes of the metric.
        expected: usize,
        /// Classes of the data.
        actual: usize,
    },
    /// A matrix of costs has another shape.
    #[error(
        "the matrix of costs is {rows} x {columns}; it has a row and a column for each class, of which there are at least 2"
    )]
    CostShape {
        /// Rows that were given.
        rows: usize,
        /// Columns that were given.
        columns: usize,
    },
    /// A cost is impossible.
    #[error("a cost is {cost}; costs are finite and not negative")]
    CostOutOfRange {
        /// What was given.
        cost: f64,
    },
    /// There is not one prediction for each label.
    #[error("there are {labels} labels and {predictions} predictions; each sample has one of both")]
    PredictionCount {
        /// Labels that were given.
        labels: usize,
        /// Predictions that were given.
        predictions: usize,
    },
    /// Nothing to count.
    #[error("there are no samples; a confusion matrix needs at least 1")]
    NoSamples,
    /// A label or prediction is no class.
    #[error("class {class} does not exist; there are {classes} classes, counted from 0")]
    ClassOutOfRange {
        /// What was given.
        class: u32,
        /// Number of classes.
        classes: usize,
    },
}
