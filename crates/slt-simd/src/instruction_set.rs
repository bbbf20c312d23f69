//! The choice of the instruction set, at run time.
#![allow(unsafe_code, reason = "functions with target features")]

use std::fmt;
use std::str::FromStr;

#[cfg(target_arch = "x86_64")]
use crate::fused::{Avx2, Avx512};
use crate::fused::{Portable, Vectors};

/// The instruction set that inference runs on. All give the same results to the bit.
///
/// | instruction set | needs | registers for a block of 64 samples |
/// |---|---|---|
/// | `portable` | nothing; vector code where the target's base set has fused multiply-add (64-bit ARM) | - |
/// | `avx2` | x86-64 with AVX2 and FMA | 8 |
/// | `avx512` | x86-64 with AVX-512F | 4 |
///
/// ```
/// use slt_simd::InstructionSet;
/// assert!(InstructionSet::Portable.is_available());
/// assert!(InstructionSet::detect().is_available());
/// assert_eq!("auto".parse::<InstructionSet>()?, InstructionSet::detect());
/// # Ok::<(), slt_simd::InstructionSetError>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum InstructionSet {
    /// Plain Rust. Slow where fused multiply-add has to be emulated.
    Portable,
    /// 256-bit vectors.
    Avx2,
    /// 512-bit vectors.
    Avx512,
}

impl InstructionSet {
    const ALL: [InstructionSet; 3] = [InstructionSet::Portable, InstructionSet::Avx2, InstructionSet::Avx512];

    /// Names for the command line: `auto`, which is the fastest, then one each.
    pub const NAMES: &[&str] = &["auto", "portable", "avx2", "avx512"];

    /// The fastest instruction set that this processor runs.
    pub fn detect() -> Self {
        *Self::available().last().unwrap_or(&InstructionSet::Portable)
    }

    /// The instruction sets that this processor runs, slowest first.
    pub fn available() -> Vec<Self> {
        Self::ALL.into_iter().filter(|instructions| instructions.is_available()).collect()
    }

    /// Whether this processor runs the instruction set.
    pub fn is_available(self) -> bool {
        match self {
            InstructionSet::Portable => true,
            #[cfg(target_arch = "x86_64")]
            InstructionSet::Avx2 => is_x86_feature_detected!("avx2") && is_x86_feature_detected!("fma"),
            #[cfg(target_arch = "x86_64")]
            InstructionSet::Avx512 => {
                is_x86_feature_detected!("avx512f")
                    && is_x86_feature_detected!("avx2")
                    && is_x86_feature_detected!("fma")
            }
            #[cfg(not(target_arch = "x86_64"))]
            InstructionSet::Avx2 | InstructionSet::Avx512 => false,
        }
    }

    /// The name on the command line.
    pub fn name(self) -> &'static str {
        Self::NAMES[self as usize + 1]
    }
}

impl fmt::Display for InstructionSet {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

impl FromStr for InstructionSet {
    type Err = InstructionSetError;

    /// Reads a name; `auto` is the fastest available instruction set.
    fn from_str(name: &str) -> Result<Self, InstructionSetError> {
        if name == "auto" {
            return Ok(Self::detect());
        }
        let known = Self::ALL.into_iter().find(|instructions| instructions.name() == name);
        let instructions = known.ok_or_else(|| InstructionSetError::Unknown { name: name.to_owned() })?;
        if instructions.is_available() {
            Ok(instructions)
        } else {
            Err(InstructionSetError::Unavailable { instructions })
        }
    }
}

/// Why there is no such instruction set.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum InstructionSetError {
    /// No such instruction set.
    #[error("there is no instruction set `{name}`: expected auto, portable, avx2 or avx512")]
    Unknown {
        /// What was given.
        name: String,
    },
    /// The processor lacks the instructions.
    #[error("this processor does not run the instruction set {instructions}")]
    Unavailable {
        /// The instruction set that was asked for.
        instructions: InstructionSet,
    },
}

/// A computation that is written once for all instruction sets.
pub trait Pass {
    /// What comes out.
    type Output;

    /// Computes it. Implementations are `#[inline(always)]`, and so is all that they call on vectors: only
    /// inside the functions below does the compiler have the instructions.
    fn run<I: Vectors>(self) -> Self::Output;
}

/// Runs `pass` on an instruction set.
///
/// # Panics
/// If this processor does not run the instruction set.
pub fn dispatch<P: Pass>(instructions: InstructionSet, pass: P) -> P::Output {
    assert!(instructions.is_available(), "this processor does not run the instruction set {instructions}");
    match instructions {
        InstructionSet::Portable => pass.run::<Portable<8>>(),
        // SAFETY: the processor has the features; it was asked just now.
        #[cfg(target_arch = "x86_64")]
        InstructionSet::Avx2 => unsafe { avx2(pass) },
        // SAFETY: as above.
        #[cfg(target_arch = "x86_64")]
        InstructionSet::Avx512 => unsafe { avx512(pass) },
        #[cfg(not(target_arch = "x86_64"))]
        InstructionSet::Avx2 | InstructionSet::Avx512 => unreachable!("not available"),
    }
}

#[cfg(target_arch = "x86_64")]
#[target_feature(enable = "avx2,fma")]
fn avx2<P: Pass>(pass: P) -> P::Output {
    pass.run::<Avx2<1>>()
}

#[cfg(target_arch = "x86_64")]
#[target_feature(enable = "avx512f,avx2,fma")]
fn avx512<P: Pass>(pass: P) -> P::Output {
    pass.run::<Avx512<1>>()
}
