/// What can be wrong with an export.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// The samples do not fit the ticket.
    #[error(transparent)]
    Ticket(#[from] slt_mlp::TicketError),
    /// The weights cannot be drawn by generated code.
    #[error(
        "weights from the seed need an initialiser without logarithms (uniform or signed constant), and this ticket's is \
         Kaiming normal: use a table of weights"
    )]
    SeedWeights,
    /// The weights that generated code draws are not those of a ticket that inverts some.
    #[error(
        "weights from the seed have the signs that they are drawn with, and this ticket inverts some: use a table of weights"
    )]
    SeedSigns,
    /// Not a prefix.
    #[error(
        "the prefix `{prefix}` is not usable: it takes 1 to 32 ASCII letters, digits and underscores, a letter first"
    )]
    Prefix {
        /// What was given.
        prefix: String,
    },
    /// Not a range.
    #[error("the range is {range}; it lies in [2^-10, 2^20]")]
    Range {
        /// What was given.
        range: f64,
    },
    /// A sample has a value that the network cannot take.
    #[error(
        "sample {sample}, feature {feature} is {value}, which scaling does not turn into a finite number"
    )]
    SampleNotFinite {
        /// Row of the sample, from 0.
        sample: usize,
        /// The feature, from 0.
        feature: usize,
        /// What was given.
        value: f32,
    },
    /// A sample is beyond the range of fixed-point arithmetic.
    #[error(
        "sample {sample}, feature {feature} is {value} after scaling, and the range is {range}: use a larger range, or \
         leave the sample out"
    )]
    SampleBeyondRange {
        /// Row of the sample, from 0.
        sample: usize,
        /// The feature, from 0.
        feature: usize,
        /// Its value after scaling.
        value: f32,
        /// The range.
        range: f64,
    },
    /// A feature that fixed-point numbers cannot hold.
    #[error(
        "feature {feature} has a scaling that 32-bit fixed-point numbers cannot follow: use float32 arithmetic"
    )]
    FixedInput {
        /// The feature, from 0.
        feature: usize,
    },
    /// Sums that fixed-point numbers cannot hold.
    #[error("the sums of layer {layer} do not fit fixed-point numbers for any scale: use float32 arithmetic")]
    FixedRange {
        /// The layer of weights, from 0.
        layer: usize,
    },
    /// The file format ends here.
    #[error("the export takes more than {limit} bytes, which {format} cannot hold")]
    TooLarge {
        /// The format.
        format: &'static str,
        /// The most that it holds.
        limit: usize,
    },
}
