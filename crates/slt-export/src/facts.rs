//! The facts that formats keep beside the weights.

use serde::Serialize;
use slt_core::BitMask;
use slt_mlp::{Provenance, Recipe};

use crate::export::Export;
use crate::model::Scaling;

/// What is known of a ticket beside its weights.
#[derive(Serialize)]
pub(crate) struct Facts<'e> {
    recipe: &'e Recipe,
    /// The weights that have the other sign than the recipe gives them, as hexadecimal text, `bits:digits`.
    #[serde(skip_serializing_if = "Option::is_none")]
    inverted: Option<&'e BitMask>,
    features: Vec<Feature<'e>>,
    class_names: &'e Option<Vec<String>>,
    provenance: &'e Provenance,
}

/// A raw feature, and what becomes of it.
#[derive(Serialize)]
struct Feature<'e> {
    #[serde(skip_serializing_if = "Option::is_none")]
    name: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    column: &'e Option<String>,
    /// The feature is 1 for this category, else 0.
    #[serde(skip_serializing_if = "Option::is_none")]
    category: &'e Option<String>,
    /// What stands for a missing value.
    #[serde(skip_serializing_if = "Option::is_none")]
    imputed: Option<f32>,
    scaling: ScalingFact,
}

/// `x` becomes `(x - subtract) * multiply / divide + add`, in single precision and in that order.
#[derive(Serialize)]
struct ScalingFact {
    subtract: f32,
    multiply: f32,
    divide: f32,
    add: f32,
}

impl From<Scaling> for ScalingFact {
    fn from(scaling: Scaling) -> Self {
        let [subtract, multiply, divide, add] = scaling.steps();
        Self { subtract, multiply, divide, add }
    }
}

impl<'e> Facts<'e> {
    pub(crate) fn of(export: &'e Export<'_>) -> Self {
        let feature = |input: &'e crate::model::Input| Feature {
            name: input.name(),
            column: &input.column,
            category: &input.category,
            imputed: input.imputed,
            scaling: input.scaling.into(),
        };
        Self {
            recipe: export.recipe(),
            inverted: export.ticket.inverted(),
            features: export.model.inputs.iter().map(feature).collect(),
            class_names: &export.model.class_names,
            provenance: export.ticket.provenance(),
        }
    }

    /// The facts as texts with names; all but the producer are JSON.
    pub(crate) fn texts(&self) -> Vec<(&'static str, String)> {
        let mut texts = vec![
            ("producer", format!("slt {}", env!("CARGO_PKG_VERSION"))),
            ("recipe", text(&self.recipe)),
            ("features", text(&self.features)),
            ("class_names", text(&self.class_names)),
            ("provenance", text(&self.provenance)),
        ];
        texts.extend(self.inverted.map(|inverted| ("inverted", text(inverted))));
        texts
    }
}

fn text(value: &impl Serialize) -> String {
    serde_json::to_string(value).expect("plain data has a JSON form")
}
