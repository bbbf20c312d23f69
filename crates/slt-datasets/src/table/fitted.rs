//! What was learned of columns, and how they are stored: as their number, where that says all of them.

use std::fmt;

use serde::{
    Deserialize, Deserializer, Serialize, Serializer,
    de::{Error, SeqAccess, Unexpected, Visitor, value::SeqAccessDeserializer},
};

use crate::resize::Resize;

/// As many columns as a number may stand for. It takes no room in a file, so that nothing else bounds the
/// memory that reading takes.
const MAX_NUMBERED: usize = Resize::MAX_SIDE * Resize::MAX_SIDE;

/// A column of the training rows.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(super) struct FittedColumn {
    pub(super) name: String,
    pub(super) kind: Kind,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub(super) enum Kind {
    /// With what stands for a missing number.
    Numeric {
        #[serde(default, skip_serializing_if = "Option::is_none")]
        imputed: Option<f32>,
    },
    /// With the level that stands for a missing one.
    Categorical {
        levels: Vec<String>,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        imputed: Option<usize>,
    },
}

impl FittedColumn {
    /// A column of numbers that is called by its place, none of which may be missing.
    pub(super) fn numbered(place: usize) -> Self {
        Self { name: format!("x{place}"), kind: Kind::Numeric { imputed: None } }
    }

    /// Number of features that the column becomes.
    pub(super) fn width(&self) -> usize {
        match &self.kind {
            Kind::Numeric { .. } => 1,
            Kind::Categorical { levels, .. } => levels.len(),
        }
    }

    pub(super) fn may_be_missing(&self) -> bool {
        match &self.kind {
            Kind::Numeric { imputed } => imputed.is_some(),
            Kind::Categorical { imputed, .. } => imputed.is_some(),
        }
    }

    pub(super) fn is_categorical(&self) -> bool {
        matches!(self.kind, Kind::Categorical { .. })
    }
}

/// Writes the number of columns if all are of numbers, none of which may be missing, and are called `x0`,
/// `x1`, ... in this order: the names of all pixels would take far more room than the mask. All others are
/// listed.
pub(super) fn serialize<S: Serializer>(columns: &[FittedColumn], serializer: S) -> Result<S::Ok, S::Error> {
    let numbered = columns.len() <= MAX_NUMBERED
        && columns.iter().enumerate().all(|(place, column)| *column == FittedColumn::numbered(place));
    if numbered { serializer.serialize_u64(columns.len() as u64) } else { columns.serialize(serializer) }
}

pub(super) fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<FittedColumn>, D::Error> {
    deserializer.deserialize_any(Columns)
}

/// Reads either form.
struct Columns;

impl<'de> Visitor<'de> for Columns {
    type Value = Vec<FittedColumn>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "columns, or their number, at most {MAX_NUMBERED}")
    }

    fn visit_u64<E: Error>(self, n: u64) -> Result<Self::Value, E> {
        if n > MAX_NUMBERED as u64 {
            return Err(E::invalid_value(Unexpected::Unsigned(n), &self));
        }
        Ok((0..n as usize).map(FittedColumn::numbered).collect())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, columns: A) -> Result<Self::Value, A::Error> {
        Deserialize::deserialize(SeqAccessDeserializer::new(columns))
    }
}
