//! Signed tickets: what they compute, and their files in all codecs and both forms.

use proptest::prelude::*;
use rand::RngCore;
use slt_core::{BitMask, Purpose, Seed};
use slt_datasets::scaling::{Scaler, ScalerKind};
use slt_mlp::{
    Architecture, Error, Initializer, MetricName, Network, SignedMask, Ticket, TicketError, codec, plain,
};

const TEST: Purpose = Purpose::new("test");

fn network(sizes: &[usize], seed: u64) -> Network {
    Network::random(&Architecture::new(sizes).unwrap(), Initializer::paper(), Seed(seed)).unwrap()
}

/// A share of the weights is kept, at random, and a share of those inverted.
fn mask(n_weights: usize, kept: f64, inverted: f64, seed: u64) -> SignedMask {
    let mut stream = Seed(seed).stream(TEST, 0, 0);
    let mut chance = |share: f64| f64::from(stream.next_u32()) < share * 2_f64.powi(32);
    let kept: BitMask = (0..n_weights).map(|_| chance(kept)).collect();
    let inverted = (0..n_weights).map(|weight| kept.get(weight) && chance(inverted)).collect();
    SignedMask::new(kept, inverted).unwrap()
}

fn ticket(sizes: &[usize], kept: f64, inverted: f64, seed: u64) -> Ticket {
    let network = network(sizes, seed);
    let mask = mask(network.architecture().n_weights(), kept, inverted, seed);
    Ticket::signed(network, mask).unwrap()
}

proptest! {
    #[test]
    fn tickets_come_back(
        hidden in prop::collection::vec(1..30_usize, 0..3),
        kept in 0.0..=1.0,
        inverted in prop_oneof![Just(0.0), Just(1.0), 0.0..=1.0],
        seed: u64,
    ) {
        let sizes = [&[9], &hidden[..], &[4]].concat();
        let ticket = ticket(&sizes, kept, inverted, seed);
        prop_assert!(ticket.inverted().is_none_or(|weights| weights.count_ones() > 0));
        let scaler = Scaler::from_parameters(ScalerKind::MaxAbsGlobal, 9, vec![[0.0, 3.5]]).unwrap();
        for ticket in [ticket.clone(), ticket.with_scaler(scaler).unwrap()] {
            let full = ticket.to_bytes();
            prop_assert_eq!(full[10] >= 2, ticket.inverted().is_some(), "the codec");
            prop_assert_eq!(&Ticket::from_bytes(&full).unwrap(), &ticket);
            let lean = ticket.to_lean_bytes().unwrap();
            prop_assert_eq!(lean[0], [0xd0, 0xd1, 0xd4, 0xd5][usize::from(full[10])]);
            prop_assert!(Ticket::is_lean(&lean));
            prop_assert_eq!(&Ticket::from_lean_bytes(&lean).unwrap(), &ticket);
        }
    }

    /// Whatever the bytes of a mask are, they are those of a ticket, or refused.
    #[test]
    fn any_bytes_are_read_or_refused(mask in prop::collection::vec(any::<u8>(), 0..8), coded: bool) {
        // A network [3, 4, 2] of seed 1.
        let start = [if coded { 0xd5 } else { 0xd4 }, 10, 3, 3, 4, 2, 1];
        let bytes = with_check_byte([&start[..], &mask[..]].concat());
        if let Ok(ticket) = Ticket::from_lean_bytes(&bytes) {
            prop_assert!(ticket.inverted().is_some());
            prop_assert_eq!(Ticket::from_bytes(&ticket.to_bytes()).unwrap(), ticket);
        }
    }

    #[test]
    fn bits_are_a_mask(bits in prop::collection::vec(any::<bool>(), 0..100)) {
        let bits: BitMask = bits.into_iter().collect();
        let mask = match SignedMask::from_bits(&bits) {
            Err(error) => {
                prop_assert_eq!((error, bits.len() % 2), (Error::OddBits { bits: bits.len() }, 1));
                return Ok(());
            }
            Ok(mask) => mask,
        };
        let n = bits.len() / 2;
        for weight in 0..n {
            let factor = f32::from(bits.get(weight)) - f32::from(bits.get(n + weight));
            prop_assert_eq!(mask.factor(weight), factor);
        }
        prop_assert_eq!(mask.to_bits().count_ones(), mask.kept().count_ones());
        prop_assert_eq!(&SignedMask::from_bits(&mask.to_bits()).unwrap(), &mask);
        prop_assert_eq!(SignedMask::new(mask.kept().clone(), mask.inverted().clone()).unwrap(), mask);
    }
}

/// What a ticket computes is what the network computes in which weights are multiplied with -1, 0 or 1.
#[test]
fn weights_are_inverted() {
    let data = slt_datasets::paper::digits(4).unwrap().test;
    let ticket = ticket(&[64, 20, 12, 4], 0.5, 0.4, 3);
    let drawn = Network::from_recipe(ticket.recipe().clone()).unwrap();
    let mask = ticket.signed_mask().unwrap();
    let mut weight = 0;
    let layers = drawn.layers().iter().map(|layer| {
        let factor = |w: &f32| {
            weight += 1;
            mask.factor(weight - 1) * w
        };
        (layer.weights().map(factor), layer.biases().clone())
    });
    let other = Network::from_parameters(layers.collect()).unwrap();
    let dense = BitMask::ones(mask.kept().len());
    let logits = plain::logits(&plain::layers::<f32>(&other, &dense), data.features());
    let predictions = ticket.predictions(data.features().clone()).unwrap();
    assert!(predictions.logits.iter().zip(&logits).all(|(a, b)| (a - b).abs() < 1e-3));
    assert_eq!(ticket.predict(&data).unwrap(), predictions.classes);
    let evaluator = ticket.evaluator(&data, MetricName::Accuracy).unwrap();
    assert_eq!(ticket.accuracy(&data).unwrap(), evaluator.accuracy(ticket.mask()).unwrap());
    assert_eq!(ticket.sparsity(), mask.kept().sparsity());
    assert_ne!(ticket.network(), &drawn);
}

/// Pruning hides weights, inverted ones too, and inverts none.
#[test]
fn pruning_keeps_signs() {
    let data = slt_datasets::paper::digits(3).unwrap().train;
    let ticket = ticket(&[64, 10, 3], 0.6, 0.5, 1);
    let before = ticket.signed_mask().unwrap();
    let pruned = ticket.clone().pruned(&data).unwrap();
    assert!(pruned.accuracy(&data).unwrap() >= ticket.accuracy(&data).unwrap());
    assert!(pruned.sparsity() > ticket.sparsity());
    let after = pruned.signed_mask().unwrap();
    let is_as_before = |weight| after.factor(weight) == 0.0 || after.factor(weight) == before.factor(weight);
    assert!((0..before.kept().len()).all(is_as_before));
    assert_eq!(Ticket::from_bytes(&pruned.to_bytes()).unwrap(), pruned);
    // Without any that are inverted it is a ticket in the strict sense.
    let strict = (0..before.kept().len()).map(|weight| before.factor(weight) > 0.0).collect();
    let strict = ticket.with_mask(strict).unwrap();
    let new = Ticket::new(network(&[64, 10, 3], 1), strict.mask().clone()).unwrap();
    assert_eq!(strict, new);
}

#[test]
fn bytes_are_pinned() {
    let hex = |bytes: &[u8]| bytes.iter().map(|byte| format!("{byte:02x}")).collect::<String>();
    let lean = |kept, inverted| hex(&ticket(&[3, 4, 2], kept, inverted, 1).to_lean_bytes().unwrap());
    assert_eq!(lean(0.5, 0.5), "d40a03030402019518020612f0");
    // What is all ones takes no bytes.
    assert_eq!(lean(1.0, 1.0), "d50a0303040201f5");
}

/// The CRC-8 of a lean ticket.
fn with_check_byte(mut bytes: Vec<u8>) -> Vec<u8> {
    let shift = |check: u8| (check << 1) ^ if check >> 7 == 1 { 7 } else { 0 };
    bytes.push(bytes.iter().fold(0xff, |check, byte| (0..8).fold(check ^ byte, |check, _| shift(check))));
    bytes
}

#[test]
fn impossible_masks_are_refused() {
    let damaged = |change: &dyn Fn(&mut Vec<u8>)| {
        // A mask of 20 weights that cannot be coded: five bytes, the last but one.
        let mut bytes = ticket(&[3, 4, 2], 0.5, 0.5, 1).to_lean_bytes().unwrap();
        assert_eq!(bytes[0], 0xd4, "the codec");
        bytes.pop();
        change(&mut bytes);
        Ticket::from_lean_bytes(&with_check_byte(bytes))
    };
    assert!(damaged(&|_| ()).is_ok());
    let is_refused = |damaged| matches!(damaged, Err(TicketError::Field { field: "mask" }));
    // Both bits of a weight; one byte too many; nothing inverted, plainly and coded.
    let of_mask = |bytes: &mut Vec<u8>, mask: &[u8]| {
        bytes.truncate(bytes.len() - 5);
        bytes.extend(mask);
    };
    assert!(is_refused(damaged(&|bytes| of_mask(bytes, &[1, 0, 0x10, 0, 0]))));
    assert!(is_refused(damaged(&|bytes| of_mask(bytes, &[1, 0, 0x20, 0, 0, 0]))));
    assert!(is_refused(damaged(&|bytes| of_mask(bytes, &[1, 0, 0, 0, 0]))));
    assert!(damaged(&|bytes| of_mask(bytes, &[1, 0, 0x20, 0, 0])).is_ok());
    let network = network(&[3, 4, 2], 1);
    let strict = SignedMask::new(BitMask::ones(20), BitMask::zeros(20)).unwrap();
    let coded = codec::encode_signed(&network, &strict).unwrap();
    assert!(is_refused(damaged(&|bytes| {
        bytes[0] = 0xd5;
        of_mask(bytes, &coded);
    })));
}

/// A mask that takes too few bytes for so large a network is stored plainly.
#[test]
fn few_bytes_do_not_vouch_for_a_large_network() {
    let network = network(&[1 << 9, 1 << 9, 2], 1);
    let n_weights = network.architecture().n_weights();
    let one: BitMask = (0..n_weights).map(|weight| weight == 7).collect();
    let ticket = Ticket::signed(network, SignedMask::new(one.clone(), one).unwrap()).unwrap();
    assert!(ticket.coded_mask().len() < 20);
    let lean = ticket.to_lean_bytes().unwrap();
    assert_eq!((lean[0], lean.len()), (0xd4, 10 + n_weights / 4));
    assert_eq!(Ticket::from_lean_bytes(&lean).unwrap(), ticket);
}
