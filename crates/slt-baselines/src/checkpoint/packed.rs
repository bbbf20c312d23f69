//! Long lists of numbers as base64 of their bytes, the lowest byte of each first: exact, and a third of the
//! length of decimals; and the name of their precision.

use std::marker::PhantomData;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde::{Deserialize, Deserializer, Serialize, Serializer, de::Error};

use crate::Scalar;

/// Floating-point numbers.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Packed<T>(pub(crate) Vec<T>);

/// The name of a floating-point type. It stands before the numbers, so that those of another type are refused
/// by it.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Precision<T>(PhantomData<T>);

/// Words of 32 bits.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct PackedWords(pub(crate) Vec<u32>);

impl<T: Scalar> Serialize for Precision<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(T::NAME)
    }
}

impl<'de, T: Scalar> Deserialize<'de> for Precision<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let name = String::deserialize(deserializer)?;
        let message = || format!("the precision is {name:?}, this training has {:?}", T::NAME);
        if name == T::NAME { Ok(Self::default()) } else { Err(D::Error::custom(message())) }
    }
}

impl<T: Scalar> Serialize for Packed<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut bytes = Vec::with_capacity(self.0.len() * T::BYTES);
        self.0.iter().for_each(|x| x.put(&mut bytes));
        serializer.serialize_str(&STANDARD.encode(bytes))
    }
}

impl<'de, T: Scalar> Deserialize<'de> for Packed<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let bytes = bytes(deserializer, T::BYTES)?;
        Ok(Self(bytes.chunks_exact(T::BYTES).map(T::take).collect()))
    }
}

impl Serialize for PackedWords {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let bytes: Vec<u8> = self.0.iter().flat_map(|word| word.to_le_bytes()).collect();
        serializer.serialize_str(&STANDARD.encode(bytes))
    }
}

impl<'de> Deserialize<'de> for PackedWords {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let bytes = bytes(deserializer, 4)?;
        Ok(Self(bytes.as_chunks::<4>().0.iter().map(|&word| u32::from_le_bytes(word)).collect()))
    }
}

/// Bytes for whole numbers of `size` bytes each.
fn bytes<'de, D: Deserializer<'de>>(deserializer: D, size: usize) -> Result<Vec<u8>, D::Error> {
    let text = String::deserialize(deserializer)?;
    let bytes = STANDARD.decode(text).map_err(D::Error::custom)?;
    if bytes.len() % size == 0 {
        Ok(bytes)
    } else {
        Err(D::Error::custom(format!("{} bytes are no whole count of numbers of {size} bytes", bytes.len())))
    }
}
