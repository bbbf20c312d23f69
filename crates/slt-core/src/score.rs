/// What an evaluation says of a mask.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Score {
    /// The performance; larger is better. Always a number, never NaN.
    Exact(f64),
    /// The performance is strictly below the floor that was asked for; how far is not known.
    Below,
}

impl Score {
    /// The performance, where it is known.
    ///
    /// ```
    /// use slt_core::Score;
    /// assert_eq!(Score::Exact(0.5).exact(), Some(0.5));
    /// assert_eq!(Score::Below.exact(), None);
    /// ```
    pub fn exact(self) -> Option<f64> {
        match self {
            Score::Exact(performance) => Some(performance),
            Score::Below => None,
        }
    }
}
