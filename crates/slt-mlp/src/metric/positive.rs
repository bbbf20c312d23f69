use std::fmt;
use std::hash::{Hash, Hasher};

/// A positive, finite number in single precision: a parameter of a metric.
#[derive(Clone, Copy, PartialEq)]
pub(super) struct Positive(f32);

impl Positive {
    pub(super) fn new(x: f32) -> Option<Self> {
        (x > 0.0 && x.is_finite()).then_some(Self(x))
    }

    pub(super) fn get(self) -> f32 {
        self.0
    }
}

// There is no NaN, and one zero less than two.
impl Eq for Positive {}

impl Hash for Positive {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.0.to_bits().hash(state);
    }
}

impl fmt::Debug for Positive {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}
