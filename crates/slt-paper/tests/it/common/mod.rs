//! Small runs, and records as if they came out of runs that never took place.

#![allow(dead_code, reason = "every test file uses its own part")]

pub(crate) mod fabricated;

#[path = "../../../../slt-run/tests/it/common/mod.rs"]
mod small;

#[allow(unused_imports, reason = "every test file uses its own part")]
pub(crate) use small::{compute, files, small_spec};
