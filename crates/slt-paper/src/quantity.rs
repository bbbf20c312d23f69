//! What is known of a run of an arm.

/// What is known of a run of an arm.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Quantity {
    /// Share of the test samples that the result classifies correctly.
    TestAccuracy,
    /// Share of the training samples.
    TrainAccuracy,
    /// Share of the weights that are masked out.
    Sparsity,
    /// Of a search: share of the different masks in the last population whose performance is exactly that of
    /// another one.
    Ties,
}

impl Quantity {
    /// The value as claims look at it: shares in percent.
    pub(crate) fn in_percent(self, value: f64) -> f64 {
        match self {
            Self::TestAccuracy | Self::TrainAccuracy | Self::Sparsity | Self::Ties => 100.0 * value,
        }
    }
}
