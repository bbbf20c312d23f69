//! Tickets: their file under every kind of damage, and what pruning promises.

use proptest::prelude::*;
use slt_core::{BitMask, Purpose, Seed};
use slt_datasets::scaling::{Scaler, ScalerKind};
use slt_mlp::{
    Architecture, BiasInit, Initializer, MetricName, Network, Provenance, Ticket, TicketError, WeightInit,
    prune,
};

const TEST: Purpose = Purpose::new("test");

fn ticket(initializer: Initializer, seed: u64) -> Ticket {
    let architecture = Architecture::new([64, 7, 2]).unwrap();
    let network = Network::random(&architecture, initializer, Seed(seed)).unwrap();
    let mask = BitMask::random(architecture.n_weights(), &mut Seed(seed).stream(TEST, 0, 0));
    let provenance =
        Provenance { data: "digits-2".into(), algorithm: "none".into(), ..Provenance::default() };
    Ticket::new(network, mask).unwrap().with_provenance(provenance)
}

fn initializer() -> impl Strategy<Value = Initializer> {
    let weights = prop_oneof![
        Just(WeightInit::Uniform),
        (0.01..=1.0).prop_map(|keep| WeightInit::KaimingNormal { keep }),
        (0.01..=1.0).prop_map(|keep| WeightInit::SignedConstant { keep }),
        (0.01..=100.0).prop_map(|half_width| WeightInit::UniformWithin { half_width }),
    ];
    let biases = prop_oneof![
        Just(BiasInit::Zero),
        Just(BiasInit::Uniform),
        Just(BiasInit::FanIn),
        (0.01..=100.0).prop_map(|half_width| BiasInit::UniformWithin { half_width }),
    ];
    (weights, biases).prop_map(|(weights, biases)| Initializer { weights, biases })
}

proptest! {
    #[test]
    fn reads_back(initializer in initializer(), seed: u64, scaled: bool, named: bool) {
        let mut ticket = ticket(initializer, seed);
        if scaled {
            let train = slt_datasets::paper::digits(2).unwrap().train;
            ticket = ticket.with_scaler(Scaler::fit(&train, ScalerKind::Standard).unwrap()).unwrap();
        }
        if named {
            ticket = ticket.with_class_names(vec!["zero".into(), "one".into()]).unwrap();
        }
        prop_assert_eq!(Ticket::from_bytes(&ticket.to_bytes()).unwrap(), ticket);
    }

    #[test]
    fn any_flipped_bit_is_noticed(at in any::<prop::sample::Index>(), bit in 0..8) {
        let mut bytes = ticket(Initializer::paper(), 1).to_bytes();
        let at = at.index(bytes.len());
        bytes[at] ^= 1_u8 << bit;
        prop_assert!(Ticket::from_bytes(&bytes).is_err());
    }

    #[test]
    fn any_cut_is_noticed(at in any::<prop::sample::Index>()) {
        let bytes = ticket(Initializer::paper(), 1).to_bytes();
        let error = Ticket::from_bytes(&bytes[..at.index(bytes.len())]).unwrap_err();
        prop_assert!(matches!(error, TicketError::CutShort { .. } | TicketError::Magic), "{error}");
    }

    #[test]
    fn no_bytes_make_it_panic(bytes in prop::collection::vec(any::<u8>(), 0..200), version in 0..4_u8) {
        let bytes = [b"SLTICKET", &[version, 0][..], &bytes].concat();
        prop_assert!(Ticket::from_bytes(&bytes).is_err());
    }
}

#[test]
fn errors_say_what_is_wrong() {
    let bytes = ticket(Initializer::paper(), 1).to_bytes();
    let error = |bytes: &[u8]| Ticket::from_bytes(bytes).unwrap_err().to_string();
    assert_eq!(error(b"PK\x03\x04"), "this is not a ticket file: it does not begin with SLTICKET");
    let mut newer = bytes.clone();
    newer[8] = 9;
    assert_eq!(error(&newer), "the ticket has format version 9; this program reads up to version 2");
    let longer = [&bytes[..], b"?"].concat();
    assert_eq!(error(&longer), "the ticket file has 1 bytes after its end");
    let mut damaged = bytes.clone();
    damaged[60] ^= 1;
    assert_eq!(error(&damaged), "the ticket file is damaged: its checksum does not match");
    // The number of layers comes after magic, version and codec.
    let mut huge = bytes.clone();
    huge[11..15].copy_from_slice(&u32::MAX.to_le_bytes());
    assert!(error(&huge).contains("cut short: the architecture needs 17179869180 bytes"), "{}", error(&huge));
}

#[test]
fn a_forged_checksum_does_not_buy_memory() {
    use sha2::{Digest, Sha256};
    // Sizes of 4 billion with everything else in place.
    let mut bytes = ticket(Initializer::paper(), 1).to_bytes();
    bytes[15..27].copy_from_slice(&[0xff; 12]);
    let body = bytes.len() - 8;
    let digest = Sha256::digest(&bytes[..body]);
    bytes[body..].copy_from_slice(&digest[..8]);
    assert!(matches!(Ticket::from_bytes(&bytes), Err(TicketError::Mlp(_))));
}

#[test]
fn a_half_width_that_is_missing_or_impossible_is_noticed() {
    use sha2::{Digest, Sha256};
    let damage = |initializer, at: usize, values: &[u8]| {
        let mut bytes = ticket(initializer, 1).to_bytes();
        bytes[at..][..values.len()].copy_from_slice(values);
        let body = bytes.len() - 8;
        let digest = Sha256::digest(&bytes[..body]);
        bytes[body..].copy_from_slice(&digest[..8]);
        Ticket::from_bytes(&bytes).unwrap_err().to_string()
    };
    // Magic, version, codec, and 3 layers take 27 bytes; then come weights, biases, and the number of the
    // weights.
    assert_eq!(damage(Initializer::paper(), 28, &[3]), "the ticket file is damaged: bad bias initialiser");
    let error = damage(Initializer::uniform(2.5), 29, &f64::to_le_bytes(-2.5));
    assert_eq!(error, "the half-width `half_width` is -2.5; it is positive, and finite in single precision");
}

/// A regression alarm: files that are stored today have to be readable, and the same, tomorrow.
/// `docs/ticket-format.md` says what the bytes mean.
#[test]
fn file_is_pinned() {
    use sha2::{Digest, Sha256};
    let digest = Sha256::digest(ticket(Initializer::paper(), 1).to_bytes());
    let hex: String = digest.iter().map(|byte| format!("{byte:02x}")).collect();
    assert_eq!(hex, "ccf3795e7309ca3979b443d4fcbb5ba1c566d2c638f6d25d81cc53585b321b78");
}

#[test]
fn pruning_never_loses_a_sample_and_never_adds_a_weight() {
    let data = slt_datasets::paper::digits(2).unwrap();
    for seed in 1..=3 {
        let ticket = ticket(Initializer::paper(), seed);
        let evaluator = ticket.evaluator(&data.train, MetricName::CrossEntropy).unwrap();
        let pruned = prune(&evaluator, ticket.mask()).unwrap();
        assert!(evaluator.count_correct(&pruned).unwrap() >= evaluator.count_correct(ticket.mask()).unwrap());
        assert!(pruned.iter_ones().all(|bit| ticket.mask().get(bit)));
        assert!(pruned.count_ones() < ticket.mask().count_ones());
    }
}

#[test]
fn file_with_half_widths_is_pinned() {
    use sha2::{Digest, Sha256};
    let digest = Sha256::digest(ticket(Initializer::uniform(2.5), 1).to_bytes());
    let hex: String = digest.iter().map(|byte| format!("{byte:02x}")).collect();
    assert_eq!(hex, "ba961a87e0652354723ce045a06daa005b6a6912a95f4c78c4dce3e4a7652313");
}

#[test]
fn networks_are_pinned() {
    let bits = |init, layer: usize| {
        let network = ticket(init, 42).network().clone();
        let layer = &network.layers()[layer];
        (layer.weights()[[1, 0]].to_bits(), layer.biases()[1].to_bits())
    };
    let keep = 0.5;
    let kaiming = Initializer { weights: WeightInit::KaimingNormal { keep }, biases: BiasInit::FanIn };
    let constant = Initializer { weights: WeightInit::SignedConstant { keep }, biases: BiasInit::Zero };
    assert_eq!(bits(Initializer::paper(), 0), (1_049_302_136, 3_210_290_018));

    assert_eq!(bits(kaiming, 1), (3_195_201_901, 1_046_714_417));
    assert_eq!(bits(constant, 1), (1_061_258_383, 0));
}
