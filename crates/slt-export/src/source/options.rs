//! What code is wanted, and what comes out.

/// A programming language.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Language {
    /// C99; a C compiler with 64-bit integers, and nothing of its library.
    C,
    /// Rust of the 2021 edition or later, as a module that needs `core` alone.
    Rust,
}

/// Where generated code has its weights from.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash)]
pub enum Weights {
    /// A table of those that are active and that an output depends on.
    #[default]
    Table,
    /// They are drawn again from the seed each time: the file holds the mask, one bit a weight of the whole
    /// network, and no weights.
    Seed,
}

/// What generated code computes with.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub enum Arithmetic {
    /// IEEE single precision: the engine's logits to the bit.
    #[default]
    Float32,
    /// Integers alone.
    Fixed {
        /// The largest magnitude of a feature after scaling, in [2^-10, 2^20]; a sample with a larger one is
        /// refused. The smaller, the closer. `None` is the least power of two that holds all samples of
        /// [`Export::with_samples`](crate::Export::with_samples), 16 without.
        range: Option<f64>,
    },
}

/// How source code is to be.
#[derive(Debug, Clone, PartialEq)]
pub struct SourceOptions {
    /// Where the weights are from. Default: a table.
    pub weights: Weights,
    /// What is computed with. Default: single precision.
    pub arithmetic: Arithmetic,
    /// What all names in C begin with: 1 to 32 ASCII letters, digits and underscores, a letter first.
    /// Default: `slt`. Rust has modules.
    pub prefix: String,
    /// Test vectors, of which there are at least 1 and at most as many as samples. Default: 8.
    pub samples: usize,
}

impl Default for SourceOptions {
    fn default() -> Self {
        Self {
            weights: Weights::Table,
            arithmetic: Arithmetic::Float32,
            prefix: "slt".to_owned(),
            samples: 8,
        }
    }
}

/// Generated code.
#[derive(Debug, Clone, PartialEq)]
pub struct Source {
    /// The file.
    pub text: String,
    /// Test vectors in it.
    pub samples: usize,
    /// Bytes of all its tables but those of the test: what they take in read-only memory.
    pub table_bytes: usize,
    /// What fixed-point arithmetic costs, if it was asked for.
    pub fixed: Option<FixedReport>,
}

/// What fixed-point arithmetic costs.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct FixedReport {
    /// The largest magnitude of a feature after scaling.
    pub range: f64,
    /// What an integer logit of 1 stands for.
    pub logit_scale: f64,
    /// The most that a logit can differ from that of the engine, for any sample in the range. A sample whose
    /// largest logit exceeds the second by more than twice this has the engine's class.
    pub error_bound: f64,
    /// Samples that were tried: those of [`Export::with_samples`](crate::Export::with_samples), or made up.
    pub samples: usize,
    /// How many of them have the engine's class.
    pub same_class: usize,
    /// The most that a logit of theirs differs.
    pub largest_error: f64,
}
