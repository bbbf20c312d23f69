//! Coded masks, signed masks and lean tickets: round trips, sizes, pinned bytes, and bytes from outside.

use ndarray::{Array1, Array2};
use proptest::prelude::*;
use rand::RngCore;
use sha2::{Digest, Sha256};
use slt_core::{BitMask, Purpose, Seed};
use slt_datasets::scaling::{Scaler, ScalerKind};
use slt_datasets::table::Preprocessing;
use slt_mlp::codec;
use slt_mlp::{Architecture, BiasInit, Initializer, Network, SignedMask, Ticket, TicketError, WeightInit};

const TEST: Purpose = Purpose::new("test");

/// Architectures with and without hidden layers, with an image for input (16 is 4 x 4), with one unit in a
/// layer, and with more classes than units are asked about.
fn architecture() -> impl Strategy<Value = Vec<usize>> {
    let input = prop_oneof![1..20_usize, Just(16), Just(25), Just(64)];
    let outputs = prop_oneof![2..6_usize, Just(40)];
    (input, prop::collection::vec(1..12_usize, 0..4), outputs)
        .prop_map(|(input, hidden, outputs)| [&[input], &hidden[..], &[outputs]].concat())
}

fn initializer() -> impl Strategy<Value = Initializer> {
    prop_oneof![
        Just(Initializer::paper()),
        Just(Initializer { weights: WeightInit::SignedConstant { keep: 0.5 }, biases: BiasInit::Zero }),
        (0.01..=1.0).prop_map(|keep| Initializer {
            weights: WeightInit::KaimingNormal { keep },
            biases: BiasInit::FanIn
        }),
        (0.01..=100.0).prop_map(Initializer::uniform),
    ]
}

fn network(sizes: &[usize], initializer: Initializer, seed: u64) -> Network {
    Network::random(&Architecture::new(sizes).unwrap(), initializer, Seed(seed)).unwrap()
}

/// A mask in which a share of the bits is set, at random.
fn mask(n_bits: usize, share: f64, seed: u64) -> BitMask {
    let mut stream = Seed(seed).stream(TEST, 0, 0);
    (0..n_bits).map(|_| f64::from(stream.next_u32()) < share * 2_f64.powi(32)).collect()
}

/// A mask as searches find them: large weights of few units, which have a way out.
fn chosen(network: &Network) -> BitMask {
    let mut bits = Vec::new();
    let last = network.layers().len() - 1;
    for (index, layer) in network.layers().iter().enumerate() {
        for ((source, target), weight) in layer.weights().indexed_iter() {
            let is_wired = if index == last { source % 3 == 0 } else { target % 3 == 0 };
            bits.push(is_wired && weight.abs() > 0.7);
        }
    }
    bits.into_iter().collect()
}

fn ticket(sizes: &[usize]) -> Ticket {
    let network = network(sizes, Initializer::paper(), 5);
    let mask = chosen(&network);
    Ticket::new(network, mask).unwrap()
}

/// `log2(n choose k)`, in bytes.
fn bound(mask: &BitMask) -> f64 {
    codec::log2_choose(mask.len(), mask.count_ones()) / 8.0
}

proptest! {
    #[test]
    fn masks_come_back(sizes in architecture(), initializer in initializer(), share in 0.0..=1.0, seed: u64) {
        let network = network(&sizes, initializer, seed);
        let n_bits = network.architecture().n_weights();
        for share in [share, share * share * share, 0.0, 1.0] {
            let mask = mask(n_bits, share, seed);
            let bytes = codec::encode(&network, &mask).unwrap();
            prop_assert_eq!(&codec::decode(&network, &bytes).unwrap(), &mask);
            // A mask that follows no rule costs little more than its entropy, and what is learned in vain.
            prop_assert!((bytes.len() as f64) < 1.1 * bound(&mask) + 25.0, "{} {}", bytes.len(), bound(&mask));
        }
    }

    #[test]
    fn signed_masks_come_back(sizes in architecture(), initializer in initializer(), share in 0.0..=1.0, seed: u64) {
        let network = network(&sizes, initializer, seed);
        let n_bits = network.architecture().n_weights();
        let kept = mask(n_bits, share, seed);
        let coin = mask(n_bits, 0.5, seed ^ 1);
        let inverted = (0..n_bits).map(|bit| kept.get(bit) && coin.get(bit)).collect();
        for inverted in [inverted, BitMask::zeros(n_bits), kept.clone()] {
            let mask = SignedMask::new(kept.clone(), inverted).unwrap();
            let bytes = codec::encode_signed(&network, &mask).unwrap();
            prop_assert_eq!(codec::decode_signed(&network, &bytes).unwrap(), mask);
        }
    }

    #[test]
    fn tickets_come_back(
        sizes in architecture(), initializer in initializer(), share in 0.0..=1.0, seed: u64, kind in 0..5, table: bool,
        wider in prop::option::of(0_usize..20),
    ) {
        let network = network(&sizes, initializer, seed);
        let mask = mask(network.architecture().n_weights(), share, seed);
        let scaler = |kind, n_pairs: usize| {
            let pairs = (0..n_pairs).map(|i| [i as f32 - 0.1, i as f32 + 255.0]);
            Scaler::from_parameters(kind, sizes[0], pairs.collect()).unwrap()
        };
        let scaler = match kind {
            0 => Some(scaler(ScalerKind::MinMaxGlobal, 1)),
            1 => Some(scaler(ScalerKind::MinMaxPerFeature, sizes[0])),
            2 => Some(scaler(ScalerKind::Standard, sizes[0])),
            3 => Some(Scaler::from_parameters(ScalerKind::MaxAbsGlobal, sizes[0], vec![[0.0, 3.5]]).unwrap()),
            _ => None,
        };
        let ticket = Ticket::new(network, mask).unwrap();
        let ticket = match scaler {
            scaler if table => {
                let target = (kind != 0).then_some((kind as usize % (sizes[0] + 1), sizes[sizes.len() - 1]));
                let side = sizes[0].isqrt();
                let preprocessing = match wider {
                    Some(wider) if side * side == sizes[0] => {
                        let n_pixels = (side + wider) * (side + wider);
                        Preprocessing::images_by_position(n_pixels, side, target, scaler)
                    }
                    _ => Preprocessing::by_position(sizes[0], target, scaler),
                };
                ticket.with_preprocessing(preprocessing.unwrap()).unwrap()
            }
            Some(scaler) => ticket.with_scaler(scaler).unwrap(),
            None => ticket,
        };
        prop_assert_eq!(&Ticket::from_bytes(&ticket.to_bytes()).unwrap(), &ticket);
        let lean = ticket.to_lean_bytes().unwrap();
        prop_assert!(Ticket::is_lean(&lean));
        prop_assert!(lean.len() <= ticket.to_bytes().len() - 40);
        prop_assert_eq!(Ticket::from_lean_bytes(&lean).unwrap(), ticket);
    }

    #[test]
    fn any_bytes_are_decoded_or_refused(
        sizes in architecture(), bytes in prop::collection::vec(any::<u8>(), 0..300), seed: u64,
    ) {
        let network = network(&sizes, Initializer::paper(), seed);
        if let Ok(mask) = codec::decode(&network, &bytes) {
            prop_assert_eq!(codec::encode(&network, &mask).unwrap(), bytes.clone());
        }
        if let Ok(mask) = codec::decode_signed(&network, &bytes) {
            prop_assert_eq!(codec::encode_signed(&network, &mask).unwrap(), bytes.clone());
        }
        prop_assert!(Ticket::from_lean_bytes(&bytes).is_err() || Ticket::is_lean(&bytes));
        for first in 0xd0..=0xd7 {
            let lean = with_check_byte(&[&[first], &bytes[..]].concat());
            _ = Ticket::from_lean_bytes(&lean);
        }
    }

    #[test]
    fn any_flipped_bit_of_a_lean_ticket_is_noticed(at in any::<prop::sample::Index>(), bit in 0..8) {
        let mut bytes = ticket(&[9, 6, 3]).to_lean_bytes().unwrap();
        let at = at.index(bytes.len());
        bytes[at] ^= 1_u8 << bit;
        prop_assert!(Ticket::from_lean_bytes(&bytes).is_err());
    }
}

/// CRC-8 by the book: a shift register over the bits.
fn with_check_byte(bytes: &[u8]) -> Vec<u8> {
    let mut register = 0xff_u8;
    for byte in bytes {
        for bit in (0..8).rev() {
            let feedback = register >> 7 ^ byte >> bit & 1;
            register <<= 1;
            register ^= feedback * 7;
        }
    }
    [bytes, &[register]].concat()
}

fn with_checksum(bytes: &[u8]) -> Vec<u8> {
    let digest = Sha256::digest(bytes);
    [bytes, &digest[..8]].concat()
}

/// Changes, cuts and joins bytes, as a tester who means harm.
fn mutated(bytes: &[u8], stream: &mut impl RngCore) -> Vec<u8> {
    let mut bytes = bytes.to_vec();
    for _ in 0..1 + stream.next_u32() % 4 {
        let at = stream.next_u32() as usize % bytes.len().max(1);
        let value = [0, 1, 0x7f, 0x80, 0xff, stream.next_u32() as u8][stream.next_u32() as usize % 6];
        match stream.next_u32() % 5 {
            0 => bytes.truncate(at),
            1 => bytes.insert(at.min(bytes.len()), value),
            2 if !bytes.is_empty() => _ = bytes.remove(at),
            _ => {
                if let Some(byte) = bytes.get_mut(at) {
                    *byte = value;
                }
            }
        }
    }
    bytes
}

#[test]
fn ten_thousand_mutations_are_read_or_refused() {
    let ticket = ticket(&[16, 12, 3]);
    let scaler = Scaler::from_parameters(ScalerKind::MinMaxPerFeature, 16, vec![[0.0, 255.0]; 16]).unwrap();
    let table = ticket
        .clone()
        .with_preprocessing(Preprocessing::by_position(16, Some((16, 3)), Some(scaler.clone())).unwrap());
    let images = Preprocessing::images_by_position(25, 4, None, Some(scaler.clone())).unwrap();
    let images = ticket.clone().with_preprocessing(images);
    let tickets = [ticket.clone(), ticket.with_scaler(scaler).unwrap(), table.unwrap(), images.unwrap()];
    let mut stream = Seed(1).stream(TEST, 0, 0);
    let mut read = 0;
    // Four forms of each.
    for round in 0..2_500 {
        let ticket = &tickets[round % tickets.len()];
        let (full, lean) = (ticket.to_bytes(), ticket.to_lean_bytes().unwrap());
        let full = mutated(&full[..full.len() - 8], &mut stream);
        let lean = mutated(&lean[..lean.len() - 1], &mut stream);
        for ticket in [
            Ticket::from_bytes(&full),
            Ticket::from_bytes(&with_checksum(&full)),
            Ticket::from_lean_bytes(&lean),
            Ticket::from_lean_bytes(&with_check_byte(&lean)),
        ]
        .into_iter()
        .flatten()
        {
            read += 1;
            assert_eq!(Ticket::from_bytes(&ticket.to_bytes()).unwrap(), ticket);
        }
    }
    assert!(read > 50, "{read}");
}

#[test]
fn every_cut_is_noticed_or_harmless() {
    let ticket = ticket(&[16, 12, 3]);
    let (full, lean) = (ticket.to_bytes(), ticket.to_lean_bytes().unwrap());
    for length in 0..full.len() {
        assert!(Ticket::from_bytes(&full[..length]).is_err());
    }
    for length in 0..lean.len() {
        // A check byte lets one cut in 256 pass.
        if let Ok(other) = Ticket::from_lean_bytes(&lean[..length]) {
            assert_ne!(other, ticket);
        }
    }
    let network = ticket.network();
    let coded = codec::encode(network, ticket.mask()).unwrap();
    for length in 0..coded.len() {
        if let Ok(mask) = codec::decode(network, &coded[..length]) {
            assert_ne!(&mask, ticket.mask());
        }
    }
    let longer = [&coded[..], &[0]].concat();
    assert!(codec::decode(network, &longer).is_err());
}

#[test]
fn the_lean_form_of_a_ticket_for_resized_images_is_pinned() {
    let bare = ticket(&[16, 12, 3]);
    let plain = bare.to_lean_bytes().unwrap();
    let scaler = Scaler::from_parameters(ScalerKind::MaxAbsGlobal, 16, vec![[0.0, 255.0]]).unwrap();
    let images =
        |n_pixels, scaler| Preprocessing::images_by_position(n_pixels, 4, Some((0, 3)), scaler).unwrap();
    let resized = bare.clone().with_preprocessing(images(784, Some(scaler))).unwrap();
    let lean = resized.to_lean_bytes().unwrap();
    // As without, but for the width of the images, the position of the labels and the scaler.
    let choices = plain[1] + 2 * 4 + 1;
    let (start, mask) = plain[2..plain.len() - 1].split_at(5);
    let expected = [&[plain[0] + 2, 28, choices], start, &[1, 0x02, 0x43, 0x7f], mask].concat();
    assert_eq!(lean[..lean.len() - 1], expected);
    let read = Ticket::from_lean_bytes(&lean).unwrap();
    assert_eq!(read, resized);
    assert_eq!(read.preprocessing().unwrap().n_columns(), 784);
    assert_eq!(Ticket::from_bytes(&read.to_bytes()).unwrap().to_lean_bytes().unwrap(), lean);

    // A number instead of 784 names.
    let listed = |n_pixels, text: &str| {
        let bytes = bare.clone().with_preprocessing(images(n_pixels, None)).unwrap().to_bytes();
        String::from_utf8_lossy(&bytes).contains(text)
    };
    // The labels come first here, so the names have a gap.
    assert!(listed(784, "x784") && !listed(784, "\"columns\":784"));
    let last = Preprocessing::images_by_position(784, 4, Some((784, 3)), None).unwrap();
    let bytes = bare.clone().with_preprocessing(last).unwrap().to_bytes();
    assert!(String::from_utf8_lossy(&bytes).contains("\"columns\":784,\"resize\":4"));

    // Widths that no images have, and a ticket that was not made on a table.
    for width in [&[3][..], &[0], &[0x81, 0x02], &[&[0xff; 9][..], &[1]].concat()] {
        let bytes = [&lean[..1], width, &lean[2..lean.len() - 1]].concat();
        let error = Ticket::from_lean_bytes(&with_check_byte(&bytes)).unwrap_err();
        assert!(error.to_string().contains("cannot be resized to 4 x 4"), "{width:?}: {error}");
    }
    let bytes = [&[plain[0] + 2, 28], &plain[1..plain.len() - 1]].concat();
    assert!(matches!(
        Ticket::from_lean_bytes(&with_check_byte(&bytes)),
        Err(TicketError::Field { field: "choices" })
    ));
}

#[test]
fn a_few_bytes_do_not_buy_a_large_network() {
    // 2^27 weights and an empty mask, which all masks of zeros are. No weight is drawn.
    let huge = [0xd1, 0, 2, 0x80, 0x80, 0x80, 0x20, 2, 1];
    let refused = Ticket::from_lean_bytes(&with_check_byte(&huge)).unwrap_err();
    assert!(matches!(refused, TicketError::Field { field: "mask" }), "{refused}");
    let with = |changes: &[u8]| Ticket::from_lean_bytes(&with_check_byte(changes)).unwrap_err().to_string();
    // As many layers, inputs with a scale each, and a number of more than 64 bits.
    assert!(with(&[0xd0, 0, 0xff, 0xff, 0xff, 0xff, 0x7f]).contains("number of layers"));
    assert!(with(&[0xd1, 4, 2, 0x80, 0x80, 0x80, 0x20, 2, 1]).contains("scaler"));
    assert!(with(&[&[0xd0, 0, 2, 2, 2], &[0xff; 10][..]].concat()).contains("number"));
    assert!(with(&[0xd0]).contains("cut short"));
    assert!(matches!(Ticket::from_lean_bytes(&[0xd0]), Err(TicketError::CutShort { .. })));
    assert!(matches!(Ticket::from_lean_bytes(b"SLTICKET"), Err(TicketError::MagicByte)));

    let architecture = Architecture::new([1 << 10, 1 << 10, 2]).unwrap();
    let needed = (architecture.n_weights() - (1 << 16)).div_ceil(1 << 10);
    assert!(codec::vouches(&architecture, needed) && !codec::vouches(&architecture, needed - 1));
    // Such a mask is stored plainly, and read.
    let network = network(&[1 << 10, 1 << 10, 2], Initializer::paper(), 1);
    let ticket = Ticket::new(network, BitMask::zeros(architecture.n_weights())).unwrap();
    assert_eq!(codec::encode(ticket.network(), ticket.mask()).unwrap().len(), 8);
    assert_eq!(ticket.to_lean_bytes().unwrap().len(), 10 + architecture.n_weights() / 8);
    assert_eq!(Ticket::from_bytes(&ticket.to_bytes()).unwrap(), ticket);
}

#[test]
fn what_is_known_of_the_network_saves_bytes() {
    for sizes in [&[64, 75, 10][..], &[20, 50, 50, 4], &[784, 30, 10]] {
        let network = network(sizes, Initializer::paper(), 3);
        let mask = chosen(&network);
        let bytes = codec::encode(&network, &mask).unwrap();
        assert!((bytes.len() as f64) < 0.75 * bound(&mask), "{sizes:?}: {} of {}", bytes.len(), bound(&mask));
    }
}

#[test]
fn dead_neurons_cost_next_to_nothing() {
    // 300 or 700 of 1,000 units have no way out, with 99 masked weights each; and a network that has not got
    // them.
    let large = network(&[99, 1000, 10], Initializer::paper(), 3);
    for alive in [700, 300] {
        let small = network(&[99, alive, 10], Initializer::paper(), 3);
        let dense = mask(109 * alive, 0.5, 1);
        let mut sparse = BitMask::zeros(109_000);
        for source in 0..99 {
            for target in (0..alive).filter(|target| dense.get(source * alive + target)) {
                sparse.set(source * 1000 + target * 1000 / alive, true);
            }
        }
        for bit in (99 * alive..109 * alive).filter(|&bit| dense.get(bit)) {
            let (unit, output) = ((bit - 99 * alive) / 10, bit % 10);
            sparse.set(99_000 + unit * 1000 / alive * 10 + output, true);
        }
        let coded = |network, mask| codec::encode(network, mask).unwrap().len();
        let (with, without) = (coded(&large, &sparse), coded(&small, &dense));
        // Which units are dead takes 110 bytes.
        assert!(with < without + 300, "{with} with dead units, {without} without");
    }
}

#[test]
fn signs_that_can_be_guessed_cost_less() {
    // An 8 x 8 image, of which one half speaks for a unit and the other half against it.
    let network = network(&[64, 20, 2], Initializer::paper(), 3);
    let weights: Array2<f32> = network.layers()[0].weights().clone();
    let positive = |pixel: usize, unit: usize| (pixel % 8 < 4) == unit.is_multiple_of(2);
    let kept = BitMask::ones(64 * 20 + 40);
    let inverted = (0..kept.len())
        .map(|bit| bit < 1280 && positive(bit / 20, bit % 20) != (weights[[bit / 20, bit % 20]] > 0.0))
        .collect();
    let mask = SignedMask::new(kept, inverted).unwrap();
    let bytes = codec::encode_signed(&network, &mask).unwrap();
    assert!(bytes.len() < 1280 / 8 / 2, "{}", bytes.len());
}

#[test]
fn given_parameters_of_any_kind_are_coded() {
    let layer = |value: f32| (Array2::from_elem((16, 3), value), Array1::zeros(3));
    for value in [0.0, -0.0, f32::MIN_POSITIVE / 4.0, f32::MAX] {
        let network = Network::from_parameters(vec![layer(value)]).unwrap();
        let mask = mask(48, 0.3, 1);
        let bytes = codec::encode(&network, &mask).unwrap();
        assert_eq!(codec::decode(&network, &bytes).unwrap(), mask);
    }
}

#[test]
fn wrong_lengths_are_refused() {
    let network = network(&[4, 3, 2], Initializer::paper(), 1);
    assert!(codec::encode(&network, &BitMask::zeros(17)).is_err());
    let signed = |n, m| SignedMask::new(BitMask::ones(n), BitMask::zeros(m));
    assert!(codec::encode_signed(&network, &signed(17, 17).unwrap()).is_err());
    assert!(signed(17, 18).is_err());
}

#[test]
fn bytes_are_pinned() {
    let hex = |bytes: &[u8]| bytes.iter().map(|byte| format!("{byte:02x}")).collect::<String>();
    let ticket = ticket(&[16, 12, 3]);
    let coded = codec::encode(ticket.network(), ticket.mask()).unwrap();
    assert_eq!(hex(&coded), "8471467b7a5061027e");
    let full = ticket.to_bytes();
    assert_eq!(full[10], 1, "the codec");
    assert_eq!(
        hex(&Sha256::digest(&full)[..]),
        "569c132bdd613102398b4b989a3ba0f3902c766c8c627b11e526ee26d21c0475"
    );
    let scaler = Scaler::from_parameters(ScalerKind::MinMaxGlobal, 16, vec![[0.0, 255.0]]).unwrap();
    let lean = ticket.clone().with_scaler(scaler).unwrap().to_lean_bytes().unwrap();
    assert_eq!(hex(&lean), "d10c03100c030502437f8471467b7a5061027e1e");
    let inverted = (0..ticket.mask().len()).map(|bit| ticket.mask().get(bit) && bit % 5 == 0).collect();
    let signed = SignedMask::new(ticket.mask().clone(), inverted).unwrap();
    assert_eq!(hex(&codec::encode_signed(ticket.network(), &signed).unwrap()), "995dacfd46d53ed6a3d6010a");
    // Where the plain bytes are fewer, they are written: the file is as it always was.
    let network = network(&[16, 12, 3], Initializer::paper(), 5);
    let plain = Ticket::new(network, BitMask::random(228, &mut Seed(5).stream(TEST, 0, 0))).unwrap();
    assert_eq!(plain.to_bytes()[10], 0, "the codec");
    assert_eq!(
        hex(&plain.to_lean_bytes().unwrap()),
        "d00a03100c03055e095a9f2625c1df3f52562661c93d46ceda1da654345f6109bcbfee0763"
    );
}
