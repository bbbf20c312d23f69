//! What single flips of a mask come to, from activations that are kept.
//!
//! [`Held`] keeps the [sums](activations) of every neuron for every sample. Of a flip, [`change`] traces the way to
//! the outputs, and [`propagate`] takes it through a block of samples. What comes out are new logits that differ
//! from canonical ones by rounding, good enough for a [cross-entropy](losses). Where it has to be [decided](decide)
//! which samples are classified correctly, [`bounds`] say how large a margin is certain; the samples below it are
//! [evaluated](resolve).
//!
//! A commit [recomputes](recompute) what it touches where losses are held. Where only decisions are asked for,
//! which are exact in any case, it is enough to [apply](apply) the change and to keep account of the bounds.

mod activations;
mod apply;
mod bounds;
mod change;
mod commit;
mod decide;
mod held;
mod losses;
mod odds;
mod outcome;
mod propagate;
mod recompute;
mod resolve;
mod samples;
mod stage;
mod topology;
mod trace;
mod wiring;

pub(crate) use held::Held;
