/// What can be wrong with a mask that is read from outside.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// The number of words does not fit the number of bits.
    #[error("a mask of {bits} bits takes {expected} words of 64 bits, got {actual}")]
    WordCount {
        /// Bits of the mask.
        bits: usize,
        /// Words that this many bits take.
        expected: usize,
        /// Words that were given.
        actual: usize,
    },
    /// A bit beyond the end of the mask is set.
    #[error("a mask of {bits} bits has bits set beyond its end")]
    TrailingBits {
        /// Bits of the mask.
        bits: usize,
    },
    /// The text form of a mask could not be read.
    #[error(
        "`{text}` is not a mask: expected the number of bits, a colon, and two hexadecimal digits for each 8 bits"
    )]
    Text {
        /// The beginning of the text.
        text: String,
    },
}
