//! Colours as they are drawn.

/// An sRGB colour.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Rgb(pub(crate) u8, pub(crate) u8, pub(crate) u8);

impl Rgb {
    /// The opaque colour that a share `tint` of this one has on white.
    pub(crate) fn on_white(self, tint: f64) -> Self {
        let mix = |c: u8| (255.0 - (255.0 - f64::from(c)) * tint).round() as u8;
        Self(mix(self.0), mix(self.1), mix(self.2))
    }
}
