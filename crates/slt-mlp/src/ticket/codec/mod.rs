//! Masks in as few bytes as their network lets them be told.

mod coder;
mod contexts;
mod regression;

use slt_core::BitMask;

use self::coder::{Decoder, Encoder};
use super::TicketError;
use crate::{Architecture, Network, SignedMask};

/// Networks of so many weights are taken from a file of any size.
const FREE_WEIGHTS: usize = 1 << 16;
/// Beyond that, each byte of a coded mask vouches for so many weights.
const WEIGHTS_A_BYTE: usize = 1 << 10;

/// Codes a mask in as few bytes as what is known allows (codec 1 of ticket files).
///
/// Each bit is written by an arithmetic coder with a probability that is learned from the bits before it. It
/// follows from how full the layer, the source and the target are, and from what the network says about the
/// bit before it is known: the size and sign of its weight, whether the target has a way to the output, and
/// to which classes with what sign. So a mask that a search has chosen can take fewer bytes than
/// `log2(n choose k)` bits, which are needed for `k` of `n` weights if nothing is known.
///
/// `docs/ticket-format.md` has the model. All of its arithmetic is in whole numbers.
///
/// # Errors
/// If the mask does not have a bit for each weight.
///
/// ```
/// use slt_core::{BitMask, Seed};
/// use slt_mlp::{Architecture, Initializer, Network, codec};
/// let network = Network::random(&Architecture::new([64, 75, 10])?, Initializer::paper(), Seed(1))?;
/// // The 200 largest weights into the first 20 units, and all weights out of those.
/// let large = |bit: usize| bit % 75 < 20 && network.layers()[0].weights()[[bit / 75, bit % 75]].abs() > 0.85;
/// let mask: BitMask = (0..5_550).map(|bit| if bit < 4_800 { large(bit) } else { bit < 5_000 }).collect();
/// let bytes = codec::encode(&network, &mask)?;
/// assert!(bytes.len() < 150, "of 694 plain bytes");
/// assert_eq!(codec::decode(&network, &bytes)?, mask);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn encode(network: &Network, mask: &BitMask) -> Result<Vec<u8>, TicketError> {
    network.check_mask(mask)?;
    let mut encoder = Encoder::new();
    contexts::code_mask(network, &mut mask.clone(), None, &mut encoder);
    Ok(encoder.finish())
}

/// Reads what [`encode`] wrote.
///
/// # Errors
/// If the bytes are not what [`encode`] makes of any mask of the network, or are so few for so large a
/// network that [`vouches`] refuses them.
pub fn decode(network: &Network, bytes: &[u8]) -> Result<BitMask, TicketError> {
    let n_weights = network.architecture().n_weights();
    check(network.architecture(), bytes)?;
    let mut mask = BitMask::zeros(n_weights);
    contexts::code_mask(network, &mut mask, None, &mut Decoder::new(bytes));
    if encode(network, &mask)? == bytes { Ok(mask) } else { Err(BAD_MASK) }
}

/// Whether so many bytes may be a coded mask: networks of more than 2^16 weights need a byte for every 1,024
/// weights beyond those. So what it takes to read a file is in proportion to its size; a mask that would be
/// smaller is stored plainly.
pub fn vouches(architecture: &Architecture, n_bytes: usize) -> bool {
    architecture.n_weights().saturating_sub(FREE_WEIGHTS) <= n_bytes.saturating_mul(WEIGHTS_A_BYTE)
}

/// `log2(n choose k)`: the bits that a mask of `k` of `n` weights takes if nothing else is known of it.
///
/// ```
/// assert!((slt_mlp::codec::log2_choose(1_000, 10) - 77.8).abs() < 0.1);
/// ```
pub fn log2_choose(n: usize, k: usize) -> f64 {
    let log_factorial = |x: usize| libm::lgamma(x as f64 + 1.0);
    (log_factorial(n) - log_factorial(k) - log_factorial(n.saturating_sub(k))) / std::f64::consts::LN_2
}

const BAD_MASK: TicketError = TicketError::Field { field: "mask" };

fn check(architecture: &Architecture, bytes: &[u8]) -> Result<(), TicketError> {
    if vouches(architecture, bytes.len()) { Ok(()) } else { Err(BAD_MASK) }
}

/// Codes a signed mask as [`encode`] does a mask (codec 3 of ticket files); each weight that is kept has a
/// second bit, which says whether it is inverted. That bit costs less than one if signs can be guessed: by
/// those of the weights around it, by what its target speaks for, or because few weights are inverted.
///
/// # Errors
/// If the mask does not have a state for each weight.
///
/// ```
/// use slt_core::{BitMask, Seed};
/// use slt_mlp::{Architecture, Initializer, Network, SignedMask, codec};
/// let network = Network::random(&Architecture::new([8, 20, 2])?, Initializer::paper(), Seed(1))?;
/// let (kept, inverted) = (BitMask::ones(200), (0..200).map(|bit| bit % 40 == 0).collect());
/// let mask = SignedMask::new(kept, inverted)?;
/// let bytes = codec::encode_signed(&network, &mask)?;
/// assert!(bytes.len() < 10);
/// assert_eq!(codec::decode_signed(&network, &bytes)?, mask);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn encode_signed(network: &Network, mask: &SignedMask) -> Result<Vec<u8>, TicketError> {
    network.check_mask(mask.kept())?;
    let mut encoder = Encoder::new();
    let (mut kept, mut inverted) = (mask.kept().clone(), mask.inverted().clone());
    contexts::code_mask(network, &mut kept, Some(&mut inverted), &mut encoder);
    Ok(encoder.finish())
}

/// Reads what [`encode_signed`] wrote.
///
/// # Errors
/// As [`decode`].
pub fn decode_signed(network: &Network, bytes: &[u8]) -> Result<SignedMask, TicketError> {
    let n_weights = network.architecture().n_weights();
    check(network.architecture(), bytes)?;
    let (mut kept, mut inverted) = (BitMask::zeros(n_weights), BitMask::zeros(n_weights));
    contexts::code_mask(network, &mut kept, Some(&mut inverted), &mut Decoder::new(bytes));
    let mask = SignedMask::new(kept, inverted)?;
    if encode_signed(network, &mask)? == bytes { Ok(mask) } else { Err(BAD_MASK) }
}
