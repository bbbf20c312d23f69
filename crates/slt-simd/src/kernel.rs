//! The choice of the instruction set, at run time.
#![allow(unsafe_code, reason = "functions with target features")]

use std::fmt;
use std::str::FromStr;

#[cfg(target_arch = "x86_64")]
use crate::fused::{Avx2, Avx512};
use crate::fused::{InstructionSet, Portable};

/// The instruction set that inference runs on. All give the same results to the bit.
///
/// | kernel | needs | registers for a block of 64 samples |
/// |---|---|---|
/// | `portable` | nothing; vector code where the target's base set has fused multiply-add (64-bit ARM) | - |
/// | `avx2` | x86-64 with AVX2 and FMA | 8 |
/// | `avx512` | x86-64 with AVX-512F | 4 |
///
/// ```
/// use slt_simd::Kernel;
/// assert!(Kernel::Portable.is_available());
/// assert!(Kernel::detect().is_available());
/// assert_eq!("auto".parse::<Kernel>()?, Kernel::detect());
/// # Ok::<(), slt_simd::KernelError>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Kernel {
    /// Plain Rust. Slow where fused multiply-add has to be emulated.
    Portable,
    /// 256-bit vectors.
    Avx2,
    /// 512-bit vectors. Compiled, but not tested on hardware so far.
    Avx512,
}

impl Kernel {
    const ALL: [Kernel; 3] = [Kernel::Portable, Kernel::Avx2, Kernel::Avx512];

    /// The fastest kernel that this processor runs.
    pub fn detect() -> Self {
        *Self::available().last().unwrap_or(&Kernel::Portable)
    }

    /// The kernels that this processor runs, slowest first.
    pub fn available() -> Vec<Self> {
        Self::ALL.into_iter().filter(|kernel| kernel.is_available()).collect()
    }

    /// Whether this processor runs the kernel.
    pub fn is_available(self) -> bool {
        match self {
            Kernel::Portable => true,
            #[cfg(target_arch = "x86_64")]
            Kernel::Avx2 => is_x86_feature_detected!("avx2") && is_x86_feature_detected!("fma"),
            #[cfg(target_arch = "x86_64")]
            Kernel::Avx512 => {
                is_x86_feature_detected!("avx512f")
                    && is_x86_feature_detected!("avx2")
                    && is_x86_feature_detected!("fma")
            }
            #[cfg(not(target_arch = "x86_64"))]
            Kernel::Avx2 | Kernel::Avx512 => false,
        }
    }

    /// The name on the command line.
    pub fn name(self) -> &'static str {
        match self {
            Kernel::Portable => "portable",
            Kernel::Avx2 => "avx2",
            Kernel::Avx512 => "avx512",
        }
    }
}

impl fmt::Display for Kernel {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

impl FromStr for Kernel {
    type Err = KernelError;

    /// Reads a name; `auto` is the fastest available kernel.
    fn from_str(name: &str) -> Result<Self, KernelError> {
        if name == "auto" {
            return Ok(Self::detect());
        }
        let known = Self::ALL.into_iter().find(|kernel| kernel.name() == name);
        let kernel = known.ok_or_else(|| KernelError::Unknown { name: name.to_owned() })?;
        if kernel.is_available() { Ok(kernel) } else { Err(KernelError::Unavailable { kernel }) }
    }
}

/// Why there is no such kernel.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum KernelError {
    /// No such kernel.
    #[error("there is no kernel `{name}`: expected auto, portable, avx2 or avx512")]
    Unknown {
        /// What was given.
        name: String,
    },
    /// The processor lacks the instructions.
    #[error("this processor does not run the {kernel} kernel")]
    Unavailable {
        /// The kernel that was asked for.
        kernel: Kernel,
    },
}

/// A computation that is written once for all instruction sets.
pub trait Pass {
    /// What comes out.
    type Output;

    /// Computes it. Implementations are `#[inline(always)]`, and so is all that they call on vectors: only inside the
    /// functions below does the compiler have the instructions.
    fn run<I: InstructionSet>(self) -> Self::Output;
}

/// Runs `pass` on the instruction set of `kernel`.
///
/// # Panics
/// If this processor does not run the kernel.
pub fn dispatch<P: Pass>(kernel: Kernel, pass: P) -> P::Output {
    assert!(kernel.is_available(), "this processor does not run the {kernel} kernel");
    match kernel {
        Kernel::Portable => pass.run::<Portable<8>>(),
        // SAFETY: the processor has the features; it was asked just now.
        #[cfg(target_arch = "x86_64")]
        Kernel::Avx2 => unsafe { avx2(pass) },
        // SAFETY: as above.
        #[cfg(target_arch = "x86_64")]
        Kernel::Avx512 => unsafe { avx512(pass) },
        #[cfg(not(target_arch = "x86_64"))]
        Kernel::Avx2 | Kernel::Avx512 => unreachable!("not available"),
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
