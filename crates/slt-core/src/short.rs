use std::fmt;

/// A number for a message: the shortest decimal that reads back as the same number, with an exponent below
/// 1e-5 and from 1e16 on, so that it never has hundreds of digits.
///
/// ```
/// use slt_core::Short;
/// assert_eq!(format!("{} {} {}", Short(0.25), Short(1e300), Short(-1e-9_f32)), "0.25 1e300 -1e-9");
/// ```
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Short<T>(pub T);

impl<T: Copy + fmt::Display + fmt::LowerExp + Into<f64>> fmt::Display for Short<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self(value) = self;
        let size: f64 = (*value).into().abs();
        if size == 0.0 || !size.is_finite() || (1e-5..1e16).contains(&size) {
            write!(f, "{value}")
        } else {
            write!(f, "{value:e}")
        }
    }
}
