//! Vectors of samples, and the choice of the instruction set at run time.
//!
//! A computation is written once, as a [`Pass`] that is generic over the [`Vectors`](fused::Vectors) of an
//! instruction set, and [`dispatch`] runs it on an [`InstructionSet`]. All instruction sets do the same
//! operations on each lane in the same order, so the results are equal to the bit. All unsafe code of the
//! workspace is in this crate, in three modules:
//!
//! - [`fused`]: strips of 64 samples in single precision, with a multiply-add that is rounded once: what
//!   inference is made of;
//! - [`unfused`]: eight lanes of single or double precision, products rounded before they are added: what
//!   training is made of, where scikit-learn's and PyTorch's sums have to be met;
//! - [`octet`]: eight integers and numbers, with reads from anywhere, for tables.
//!
//! [`math`] has the exponential function and logarithms as polynomials over fused vectors.
//!
//! The vectors of an instruction set that a processor may lack cannot be named outside: a pass gets them from
//! [`dispatch`], which asks the processor first.
//!
//! ```
//! use slt_simd::fused::{BLOCK, Vectors, Strip, Vector};
//! use slt_simd::{InstructionSet, Pass, dispatch};
//!
//! /// 2 x + 1 for 64 samples.
//! struct Affine(Strip);
//!
//! impl Pass for Affine {
//!     type Output = Strip;
//!
//!     #[inline(always)]
//!     fn run<I: Vectors>(self) -> Strip {
//!         let mut out = Strip::ZERO;
//!         for at in (0..BLOCK).step_by(I::One::WIDTH) {
//!             I::One::splat(2.0).mul_add(I::One::load(&self.0, at), I::One::splat(1.0)).store(&mut out, at);
//!         }
//!         out
//!     }
//! }
//!
//! for instructions in InstructionSet::available() {
//!     assert_eq!(dispatch(instructions, Affine(Strip([3.0; BLOCK]))).0, [7.0; BLOCK]);
//! }
//! ```

pub mod fused;
mod instruction_set;
pub mod math;
pub mod octet;
pub mod unfused;

pub use instruction_set::{InstructionSet, InstructionSetError, Pass, dispatch};
