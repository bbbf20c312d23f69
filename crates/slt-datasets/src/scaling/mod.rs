//! Bringing features to a common range.
//!
//! There are two ways. The paper scales every split by itself: [`min_max`] takes one minimum and one maximum
//! over all features and samples of the very data set it is given, training set and test set apart. That is
//! what reproduction needs, and not what prediction needs: a single new sample has no range of its own. For
//! that there is [`Scaler`], fitted on the training set and applied to whatever comes later.

mod min_max;
mod scaler;

pub use min_max::{HIGH, LOW, min_max, min_max_array};
pub use scaler::{Scaler, ScalerKind};
