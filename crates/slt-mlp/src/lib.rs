//! Randomly initialised multi-layer perceptrons, masked inference at hardware speed, pruning, and ticket files.
