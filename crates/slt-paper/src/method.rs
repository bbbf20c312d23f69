//! The methods that the paper compares: names, colours, settings. An [`Arm`](crate::arm::Arm) is a method on
//! data with a network.

use serde::{Serialize, Serializer};
use slt_mlp::{BiasInit, Initializer, MetricName, WeightInit};
use slt_plot::Color;

use crate::beyond::OtherSearch;
use crate::genetic::{Bounding, Cap, Ga};
use slt_run::Algorithm;

/// Fraction of the weights that edge-popup keeps unless it is adapted.
pub(crate) const KEEP: f64 = 0.5;

/// Half-width of the uniform distribution that the published code of Fig. 7 (b) to 11 draws weights and
/// biases from, where the text says 1.
pub(crate) const CODED_HALF_WIDTH: f64 = 2.5;

/// A way to a network that classifies.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) enum Method {
    /// The genetic algorithm.
    Ga(Ga),
    /// Of the paper's two configurations of it, the one with the higher mean accuracy on this data with this
    /// network.
    BetterGa,
    /// Edge-popup.
    EdgePopup(EdgePopup),
    /// Training by backpropagation.
    Backpropagation,
    /// A search for a mask beyond the paper.
    Search(OtherSearch),
}

/// A configuration of edge-popup.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct EdgePopup {
    /// How networks are drawn.
    pub(crate) initializer: Initializer,
    /// How many weights it keeps.
    pub(crate) keep: Keep,
}

/// Which fraction of the weights edge-popup keeps.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Keep {
    /// [`KEEP`].
    Half,
    /// As many as the tickets of the better configuration of the genetic algorithm have: one minus their mean
    /// sparsity.
    Adapted,
    /// Their mean sparsity: what the caption of Fig. 6 says, read to the letter.
    Sparsity,
}

impl Method {
    /// "GA": accuracy as objective.
    pub(crate) fn ga() -> Self {
        Self::Ga(Ga::new(MetricName::Accuracy))
    }

    /// "GA (adaptive AB)".
    pub(crate) fn ga_ab() -> Self {
        Self::algorithm(Algorithm::GaAb)
    }

    /// "GA (adaptive AB)" with another bound.
    pub(crate) fn ga_bounded(bounding: Bounding) -> Self {
        Self::Ga(Ga { algorithm: Algorithm::GaAb, bounding, ..Ga::new(MetricName::Accuracy) })
    }

    /// One of these two.
    pub(crate) fn algorithm(algorithm: Algorithm) -> Self {
        Self::Ga(Ga { algorithm, ..Ga::new(MetricName::Accuracy) })
    }

    /// "GA" with the cross-entropy as objective, the tickets as they evolved.
    pub(crate) fn ga_loss() -> Self {
        Self::Ga(Ga::new(MetricName::CrossEntropy))
    }

    /// "GA" with the cross-entropy as objective, the tickets pruned after the evolution.
    pub(crate) fn ga_loss_pruned() -> Self {
        Self::ga_loss().pruned()
    }

    /// "GA" with the cross-entropy as objective as the published code has it: single precision, networks
    /// drawn from a wider range than the text says.
    pub(crate) fn ga_loss_as_coded() -> Self {
        Self::Ga(Ga {
            initializer: Initializer::uniform(CODED_HALF_WIDTH),
            ..Ga::new(MetricName::CrossEntropyF32)
        })
    }

    /// The same, the ticket pruned after the evolution.
    pub(crate) fn pruned(self) -> Self {
        match self {
            Self::Ga(ga) => Self::Ga(Ga { pruned: true, ..ga }),
            other => other,
        }
    }

    /// The same with another cap.
    pub(crate) fn capped(self, cap: Cap) -> Self {
        match self {
            Self::Ga(ga) => Self::Ga(Ga { cap, ..ga }),
            other => other,
        }
    }

    /// "EP (50%)".
    pub(crate) fn edge_popup() -> Self {
        Self::edge_popup_on(Initializer::paper())
    }

    /// Edge-popup that keeps half of the weights of networks drawn in some way.
    pub(crate) fn edge_popup_on(initializer: Initializer) -> Self {
        Self::EdgePopup(EdgePopup { initializer, keep: Keep::Half })
    }

    /// "EP (adapted)".
    pub(crate) fn edge_popup_adapted() -> Self {
        Self::EdgePopup(EdgePopup { initializer: Initializer::paper(), keep: Keep::Adapted })
    }

    /// "EP (adapted)" with the sparsity as the rate of weights that are kept.
    pub(crate) fn edge_popup_keeping_sparsity() -> Self {
        Self::EdgePopup(EdgePopup { initializer: Initializer::paper(), keep: Keep::Sparsity })
    }

    /// The name in figures and tables: the paper's where it has one.
    pub(crate) fn label(self) -> &'static str {
        match self {
            Self::Ga(Ga { algorithm: Algorithm::Ga, .. }) => "GA",
            Self::Ga(Ga { algorithm: Algorithm::GaAb, .. }) => "GA (adaptive AB)",
            Self::BetterGa => "GA (better configuration)",
            Self::EdgePopup(EdgePopup { keep: Keep::Half, .. }) => "EP (50%)",
            Self::EdgePopup(EdgePopup { keep: Keep::Adapted, .. }) => "EP (adapted)",
            Self::EdgePopup(EdgePopup { keep: Keep::Sparsity, .. }) => "EP (keep = sparsity)",
            Self::Backpropagation => "Backpropagation",
            Self::Search(search) => search.label(),
        }
    }

    /// The colour in all figures.
    pub(crate) fn color(self) -> Color {
        match self {
            Self::Ga(Ga { algorithm: Algorithm::Ga, .. }) | Self::BetterGa => Color::Series(0),
            Self::Ga(Ga { algorithm: Algorithm::GaAb, .. }) => Color::Series(1),
            Self::EdgePopup(EdgePopup { keep: Keep::Half, .. }) => Color::Series(2),
            Self::Backpropagation => Color::Series(3),
            Self::EdgePopup(EdgePopup { keep: Keep::Adapted, .. }) => Color::Series(4),
            Self::EdgePopup(EdgePopup { keep: Keep::Sparsity, .. }) => Color::Series(5),
            Self::Search(search) => search.color(),
        }
    }

    /// Whether its results depend on the protocol: directly, or through the sparsity that it is adapted to.
    pub(crate) fn has_protocols(self) -> bool {
        match self {
            Self::Ga(_) | Self::BetterGa => true,
            Self::EdgePopup(EdgePopup { keep, .. }) => keep != Keep::Half,
            Self::Backpropagation | Self::Search(_) => false,
        }
    }
}

impl Serialize for Method {
    /// As its label.
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.label())
    }
}

/// The initialisations that Fig. 5 compares, with our additions: name and initializer.
pub(crate) fn initializers() -> [(&'static str, Initializer); 5] {
    let normal = WeightInit::KaimingNormal { keep: KEEP };
    let constant = WeightInit::SignedConstant { keep: KEEP };
    [
        ("uniform", Initializer::paper()),
        ("Kaiming normal", Initializer { weights: normal, biases: BiasInit::Zero }),
        ("signed constant", Initializer { weights: constant, biases: BiasInit::Zero }),
        ("Kaiming normal, with biases", Initializer { weights: normal, biases: BiasInit::Uniform }),
        ("signed constant, with biases", Initializer { weights: constant, biases: BiasInit::Uniform }),
    ]
}
