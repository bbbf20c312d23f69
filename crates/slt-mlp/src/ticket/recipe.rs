//! What all forms of a ticket share: how the initialiser is named, and the mask with its codec.

use std::borrow::Cow;

use slt_core::BitMask;

use super::{Ticket, TicketError, codec};
use crate::{BiasInit, Initializer, Network, Recipe, WeightInit};

/// The mask is stored bit by bit.
const PLAIN: u8 = 0;
/// The mask is stored as [`codec::encode`] codes it.
const CODED: u8 = 1;

/// An initialiser as files name it: the kinds of weights and biases, 0 to 3 each, and their numbers if they have some.
pub(super) struct InitializerCode {
    pub(super) kinds: [u8; 2],
    pub(super) weights: Option<f64>,
    pub(super) biases: Option<f64>,
}

impl InitializerCode {
    /// Whether weights and biases of these kinds have a number.
    pub(super) fn have_numbers([weights, biases]: [u8; 2]) -> [bool; 2] {
        [weights != 0, biases == 3]
    }
}

impl From<Initializer> for InitializerCode {
    fn from(initializer: Initializer) -> Self {
        let (weights_kind, weights) = match initializer.weights {
            WeightInit::Uniform => (0, None),
            WeightInit::KaimingNormal { keep } => (1, Some(keep)),
            WeightInit::SignedConstant { keep } => (2, Some(keep)),
            WeightInit::UniformWithin { half_width } => (3, Some(half_width)),
        };
        let (biases_kind, biases) = match initializer.biases {
            BiasInit::Zero => (0, None),
            BiasInit::Uniform => (1, None),
            BiasInit::FanIn => (2, None),
            BiasInit::UniformWithin { half_width } => (3, Some(half_width)),
        };
        Self { kinds: [weights_kind, biases_kind], weights, biases }
    }
}

impl TryFrom<InitializerCode> for Initializer {
    type Error = TicketError;

    fn try_from(code: InitializerCode) -> Result<Self, TicketError> {
        let bad_weights = TicketError::Field { field: "weight initialiser" };
        let bad_biases = TicketError::Field { field: "bias initialiser" };
        Ok(Self {
            weights: match (code.kinds[0], code.weights) {
                (0, _) => WeightInit::Uniform,
                (1, Some(keep)) => WeightInit::KaimingNormal { keep },
                (2, Some(keep)) => WeightInit::SignedConstant { keep },
                (3, Some(half_width)) => WeightInit::UniformWithin { half_width },
                _ => return Err(bad_weights),
            },
            biases: match (code.kinds[1], code.biases) {
                (0, _) => BiasInit::Zero,
                (1, _) => BiasInit::Uniform,
                (2, _) => BiasInit::FanIn,
                (3, Some(half_width)) => BiasInit::UniformWithin { half_width },
                _ => return Err(bad_biases),
            },
        })
    }
}

/// The bytes of a mask, and the codec that they are of.
pub(super) struct StoredMask<'a> {
    pub(super) codec: u8,
    pub(super) bytes: Cow<'a, [u8]>,
}

impl StoredMask<'_> {
    /// The mask of a ticket in the codec that takes fewer bytes; plainly if neither does, or if the coded bytes would not
    /// vouch for the network.
    pub(super) fn of(ticket: &Ticket) -> Self {
        let (plain, network) = (ticket.mask().to_bytes(), ticket.network());
        let coded = codec::encode(network, ticket.mask()).expect("checked when the ticket was made");
        if coded.len() < plain.len() && codec::vouches(network.architecture(), coded.len()) {
            Self { codec: CODED, bytes: coded.into() }
        } else {
            Self { codec: PLAIN, bytes: plain.into() }
        }
    }

    /// Draws the network and reads the mask. The bytes vouch for the size of the network before its weights are drawn.
    pub(super) fn draw(&self, recipe: Recipe) -> Result<(Network, BitMask), TicketError> {
        let bad_mask = TicketError::Field { field: "mask" };
        match self.codec {
            PLAIN => {
                let n_weights = recipe.architecture.n_weights();
                let mask = BitMask::from_bytes(n_weights, &self.bytes).map_err(|_| bad_mask)?;
                Ok((Network::from_recipe(recipe)?, mask))
            }
            CODED if codec::vouches(&recipe.architecture, self.bytes.len()) => {
                let network = Network::from_recipe(recipe)?;
                let mask = codec::decode(&network, &self.bytes)?;
                Ok((network, mask))
            }
            CODED => Err(bad_mask),
            _ => Err(TicketError::Field { field: "mask codec" }),
        }
    }
}
