//! The element types of `.npy` files.

use half::f16;

use crate::error::Error;

/// A type of numbers with its byte order. Every value becomes an `f64`: exactly, but for integers of more
/// than 53 bits, which are rounded.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Dtype {
    kind: Kind,
    big_endian: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    Bool,
    F16,
    F32,
    F64,
    I8,
    I16,
    I32,
    I64,
    U8,
    U16,
    U32,
    U64,
}

impl Dtype {
    /// Reads `<f8`, `>i2`, `|b1` and so on.
    pub(super) fn parse(descr: &str) -> Result<Self, Error> {
        let unsupported = || Error::NpyDtype { descr: descr.to_owned() };
        let (order, kind) = descr.split_at_checked(1).ok_or_else(unsupported)?;
        let kind = match kind {
            "b1" => Kind::Bool,
            "f2" => Kind::F16,
            "f4" => Kind::F32,
            "f8" => Kind::F64,
            "i1" => Kind::I8,
            "i2" => Kind::I16,
            "i4" => Kind::I32,
            "i8" => Kind::I64,
            "u1" => Kind::U8,
            "u2" => Kind::U16,
            "u4" => Kind::U32,
            "u8" => Kind::U64,
            _ => return Err(unsupported()),
        };
        let dtype = Self { kind, big_endian: order == ">" };
        match order {
            "<" | ">" => Ok(dtype),
            // No byte order, for types of one byte.
            "|" if dtype.width() == 1 => Ok(dtype),
            _ => Err(unsupported()),
        }
    }

    /// Bytes of an element.
    pub(super) fn width(self) -> usize {
        match self.kind {
            Kind::Bool | Kind::I8 | Kind::U8 => 1,
            Kind::F16 | Kind::I16 | Kind::U16 => 2,
            Kind::F32 | Kind::I32 | Kind::U32 => 4,
            Kind::F64 | Kind::I64 | Kind::U64 => 8,
        }
    }

    /// Calls `take` with every element of the bytes, which are whole elements, in order.
    pub(super) fn decode(
        self,
        bytes: &[u8],
        take: impl FnMut(f64) -> Result<(), Error>,
    ) -> Result<(), Error> {
        match self.kind {
            Kind::Bool => self.each(bytes, |[byte]| f64::from(u8::from(byte != 0)), take),
            Kind::I8 => self.each(bytes, |bytes| f64::from(i8::from_le_bytes(bytes)), take),
            Kind::U8 => self.each(bytes, |[byte]| f64::from(byte), take),
            Kind::F16 => self.each(bytes, |bytes| f16::from_le_bytes(bytes).to_f64(), take),
            Kind::I16 => self.each(bytes, |bytes| f64::from(i16::from_le_bytes(bytes)), take),
            Kind::U16 => self.each(bytes, |bytes| f64::from(u16::from_le_bytes(bytes)), take),
            Kind::F32 => self.each(bytes, |bytes| f64::from(f32::from_le_bytes(bytes)), take),
            Kind::I32 => self.each(bytes, |bytes| f64::from(i32::from_le_bytes(bytes)), take),
            Kind::U32 => self.each(bytes, |bytes| f64::from(u32::from_le_bytes(bytes)), take),
            Kind::F64 => self.each(bytes, f64::from_le_bytes, take),
            Kind::I64 => self.each(bytes, |bytes| i64::from_le_bytes(bytes) as f64, take),
            Kind::U64 => self.each(bytes, |bytes| u64::from_le_bytes(bytes) as f64, take),
        }
    }

    fn each<const N: usize>(
        self,
        bytes: &[u8],
        element: impl Fn([u8; N]) -> f64,
        mut take: impl FnMut(f64) -> Result<(), Error>,
    ) -> Result<(), Error> {
        for chunk in bytes.chunks_exact(N) {
            let mut bytes: [u8; N] = chunk.try_into().expect("a chunk has N bytes");
            if self.big_endian {
                bytes.reverse();
            }
            take(element(bytes))?;
        }
        Ok(())
    }
}
