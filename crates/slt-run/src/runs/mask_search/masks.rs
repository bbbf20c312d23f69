use slt_core::{BitMask, Objective};
use slt_mlp::{Evaluator, SignedEvaluator};

use crate::Error;

/// What evaluates the masks of a search, signed or not.
#[derive(Debug, Clone)]
pub(super) enum Masks {
    Unsigned(Evaluator),
    Signed(SignedEvaluator),
}

impl Masks {
    pub(super) fn new(evaluator: Evaluator, signed: bool) -> Self {
        if signed { Self::Signed(evaluator.signed()) } else { Self::Unsigned(evaluator) }
    }

    pub(super) fn objective(&self) -> &dyn Objective {
        match self {
            Self::Unsigned(evaluator) => evaluator,
            Self::Signed(evaluator) => evaluator,
        }
    }

    /// The evaluator of the network in which a mask inverts weights, if it inverts any, and the mask of the
    /// weights that are kept.
    pub(super) fn at(&self, mask: &BitMask) -> Result<(Evaluator, BitMask), Error> {
        match self {
            Self::Unsigned(evaluator) => Ok((evaluator.clone(), mask.clone())),
            Self::Signed(evaluator) => Ok(evaluator.at(mask)?),
        }
    }

    /// Share of the samples that are classified correctly.
    pub(super) fn accuracy(&self, mask: &BitMask) -> Result<f64, Error> {
        let (evaluator, kept) = self.at(mask)?;
        Ok(evaluator.accuracy(&kept)?)
    }
}
