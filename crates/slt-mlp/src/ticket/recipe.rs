//! What all forms of a ticket share: how the initialiser is named, and the mask with its codec.

use std::borrow::Cow;

use slt_core::BitMask;

use super::{Ticket, TicketError, codec};
use crate::{BiasInit, Initializer, Network, Recipe, SignedMask, WeightInit};

/// The mask is stored bit by bit.
const PLAIN: u8 = 0;
/// The mask is stored as [`codec::encode`] codes it.
const CODED: u8 = 1;
/// A signed mask is stored bit by bit.
const PLAIN_SIGNED: u8 = 2;
/// A signed mask is stored as [`codec::encode_signed`] codes it.
const CODED_SIGNED: u8 = 3;

/// Codecs of masks that there are.
pub(super) const CODECS: u8 = 4;

/// An initialiser as files name it: the kinds of weights and biases, 0 to 3 each, and their numbers if they
/// have some.
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
    /// The mask of a ticket in the codec that takes fewer bytes; plainly if neither does, or if the coded
    /// bytes would not vouch for the network.
    pub(super) fn of(ticket: &Ticket) -> Self {
        let (plain, coded) = (ticket.mask_bits().to_bytes(), ticket.coded_mask());
        let is_signed = ticket.inverted().is_some();
        if coded.len() < plain.len() && codec::vouches(ticket.network().architecture(), coded.len()) {
            Self { codec: if is_signed { CODED_SIGNED } else { CODED }, bytes: coded.into() }
        } else {
            Self { codec: if is_signed { PLAIN_SIGNED } else { PLAIN }, bytes: plain.into() }
        }
    }

    /// Draws the network, reads the mask, and makes a ticket of both. The bytes vouch for the size of the
    /// network before its weights are drawn.
    pub(super) fn ticket(&self, recipe: Recipe) -> Result<Ticket, TicketError> {
        let bad_mask = || TicketError::Field { field: "mask" };
        let n_weights = recipe.architecture.n_weights();
        let bits = |n_bits: usize| BitMask::from_bytes(n_bits, &self.bytes).map_err(|_| bad_mask());
        match self.codec {
            PLAIN => {
                let mask = bits(n_weights)?;
                Ticket::new(Network::from_recipe(recipe)?, mask)
            }
            PLAIN_SIGNED => {
                let bits = bits(2 * n_weights)?;
                let mask = SignedMask::from_bits(&bits)?;
                // Bits that cancel out are not written.
                if mask.to_bits() != bits {
                    return Err(bad_mask());
                }
                signed(Network::from_recipe(recipe)?, mask)
            }
            CODED | CODED_SIGNED if !codec::vouches(&recipe.architecture, self.bytes.len()) => {
                Err(bad_mask())
            }
            CODED => {
                let network = Network::from_recipe(recipe)?;
                let mask = codec::decode(&network, &self.bytes)?;
                Ticket::new(network, mask)
            }
            CODED_SIGNED => {
                let network = Network::from_recipe(recipe)?;
                let mask = codec::decode_signed(&network, &self.bytes)?;
                signed(network, mask)
            }
            _ => Err(TicketError::Field { field: "mask codec" }),
        }
    }
}

/// A ticket that has to invert something: others are not written as signed ones.
fn signed(network: Network, mask: SignedMask) -> Result<Ticket, TicketError> {
    match mask.inverted().count_ones() {
        0 => Err(TicketError::Field { field: "mask" }),
        _ => Ticket::signed(network, mask),
    }
}
