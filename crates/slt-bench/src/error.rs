//! What can go wrong.

/// Anything that went wrong, as one line.
pub(crate) type Error = Box<dyn std::error::Error + Send + Sync>;
