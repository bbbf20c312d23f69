//! Strong lottery tickets for other runtimes: ONNX, safetensors, C99, `no_std` Rust and JSON.
//!
//! A [`Ticket`](slt_mlp::Ticket) is a seed and a mask. [`Export`] writes it as something that runs elsewhere:
//!
//! - [`onnx`](Export::onnx) for ONNX Runtime and whatever reads ONNX, with scaling and class names in the
//!   graph;
//! - [`safetensors`](Export::safetensors) for PyTorch, JAX and whatever reads arrays;
//! - [`source`](Export::source) for anything with a C or Rust compiler, a microcontroller included: one file
//!   with no dependencies, no allocation and a test of its own;
//! - [`json`](Export::json) to read.
//!
//! Source code computes what the engine computes. In single precision it takes the same sums in the same
//! order with the same fused multiply-adds (`docs/numerics.md`), in software where the processor has none, so
//! that logits are equal to the bit. In fixed-point arithmetic there are integers only, and
//! [`FixedReport::error_bound`] is the most that a logit can differ. The weights are a table of those that
//! are active, or nothing at all: ChaCha8 draws them again from the seed while the network runs, so that a
//! file holds little more than the mask. Weights of constant size
//! ([`SignedConstant`](slt_mlp::WeightInit::SignedConstant)) take a sign each, and in fixed-point arithmetic
//! additions alone.
//!
//! Nothing is silently wrong: generated code answers a sample with a missing, infinite or (fixed point) too
//! large feature with an error, an ONNX graph with logits that are NaN.
//!
//! ```
//! use slt_core::{BitMask, Seed};
//! use slt_export::{Arithmetic, Export, Language, SourceOptions, Weights};
//! use slt_mlp::{Architecture, Initializer, Network, Ticket};
//! let network = Network::random(&Architecture::new([2, 20, 2])?, Initializer::paper(), Seed(7))?;
//! let ticket = Ticket::new(network, BitMask::ones(80))?;
//! let export = Export::new(&ticket)?.with_samples(slt_datasets::paper::moons()?.test.features().clone())?;
//! let options = SourceOptions {
//!     weights: Weights::Seed,
//!     arithmetic: Arithmetic::Fixed { range: None },
//!     ..SourceOptions::default()
//! };
//! let source = export.source(Language::Rust, &options)?;
//! let fixed = source.fixed.expect("it was asked for");
//! assert!(fixed.largest_error <= fixed.error_bound);
//! assert!(source.text.contains("pub fn predict(features: &[i32; FEATURES]) -> Option<usize>"));
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

/// The example of the README runs, too.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct Readme;

mod draw;
mod error;
mod export;
mod facts;
mod fixed;
mod json;
mod model;
mod onnx;
mod protobuf;
mod safetensors;
mod samples;
mod source;

pub use error::Error;
pub use export::Export;
pub use source::{Arithmetic, FixedReport, Language, Source, SourceOptions, Weights};
