//! Properties of [`BitMask`] against a plain `Vec<bool>`, and pinned values of its text form and hash.

use proptest::prelude::*;
use slt_core::{BitMask, Error, Purpose, Seed};

const TEST: Purpose = Purpose::new("test");

fn bits() -> impl Strategy<Value = Vec<bool>> {
    prop::collection::vec(any::<bool>(), 0..300)
}

proptest! {
    #[test]
    fn slices_are_bits(bits in bits(), a: prop::sample::Index, b: prop::sample::Index) {
        let mask: BitMask = bits.iter().copied().collect();
        let (a, b) = (a.index(bits.len() + 1), b.index(bits.len() + 1));
        let (start, end) = (a.min(b), a.max(b));
        prop_assert_eq!(mask.slice(start..end), bits[start..end].iter().copied().collect::<BitMask>());
    }

    #[test]
    fn agrees_with_a_vector_of_bools(bits in bits()) {
        let mask: BitMask = bits.iter().copied().collect();
        prop_assert_eq!(mask.len(), bits.len());
        prop_assert_eq!(mask.count_ones(), bits.iter().filter(|&&b| b).count());
        prop_assert_eq!(mask.count_ones() + mask.count_zeros(), bits.len());
        let ones: Vec<usize> = (0..bits.len()).filter(|&i| bits[i]).collect();
        prop_assert_eq!(mask.iter_ones().collect::<Vec<_>>(), ones);
        prop_assert!((0..bits.len()).all(|i| mask.get(i) == bits[i]));
    }

    #[test]
    fn text_bytes_and_words_read_back(bits in bits()) {
        let mask: BitMask = bits.into_iter().collect();
        prop_assert_eq!(&mask.to_string().parse::<BitMask>().unwrap(), &mask);
        prop_assert_eq!(&BitMask::from_bytes(mask.len(), &mask.to_bytes()).unwrap(), &mask);
        prop_assert_eq!(&BitMask::from_words(mask.len(), mask.words().to_vec()).unwrap(), &mask);
    }

    #[test]
    fn a_flip_changes_one_bit_and_the_hash(bits in prop::collection::vec(any::<bool>(), 1..300), at in any::<prop::sample::Index>()) {
        let mask: BitMask = bits.into_iter().collect();
        let mut flipped = mask.clone();
        flipped.flip(at.index(mask.len()));
        prop_assert_eq!(mask.hamming_distance(&flipped), 1);
        prop_assert_ne!(mask.stable_hash(), flipped.stable_hash());
        flipped.flip(at.index(mask.len()));
        prop_assert_eq!(mask, flipped);
    }

    #[test]
    fn crossover_takes_every_bit_from_a_parent(len in 1..300_usize, seed: u64) {
        let mut rng = Seed(seed).stream(TEST, 0, 0);
        let (a, b) = (BitMask::random(len, &mut rng), BitMask::random(len, &mut rng));
        let mut child = BitMask::zeros(0);
        child.fill_crossover(&a, &b, &mut rng);
        prop_assert!((0..len).all(|i| child.get(i) == a.get(i) || child.get(i) == b.get(i)));
        child.fill_crossover(&a, &a, &mut rng);
        prop_assert_eq!(child, a);
    }
}

#[test]
fn crossover_is_fair() {
    let (a, b) = (BitMask::ones(100_000), BitMask::zeros(100_000));
    let mut child = BitMask::zeros(0);
    child.fill_crossover(&a, &b, &mut Seed(1).stream(TEST, 0, 0));
    // Six standard deviations of a binomial with p = 1/2.
    assert!(child.count_ones().abs_diff(50_000) < 950, "{}", child.count_ones());
}

#[test]
fn ones_fill_the_last_word_only_to_the_end() {
    for len in [0, 1, 63, 64, 65, 80, 128, 2700] {
        let mask = BitMask::ones(len);
        assert_eq!(mask.count_ones(), len);
        assert_eq!(mask, (0..len).map(|_| true).collect());
    }
}

#[test]
fn hash_and_draws_are_pinned() {
    let mask = BitMask::random(80, &mut Seed(42).stream(TEST, 0, 0));
    assert_eq!(mask.to_string(), "80:d61f926a9962610f47b4");
    assert_eq!(mask.stable_hash(), 0x34fb947f50cc44b8);
    assert_eq!(BitMask::zeros(0).stable_hash(), 0xe220a8397b1dcdaf);
}

#[test]
fn bad_text_is_refused() {
    for text in [
        "",
        "8",
        "8:",
        "8:f",
        "8:fff",
        "8:zz",
        "8:FF",
        "-8:ff",
        "7:ff",
        "99999999999999999999:ff",
        "18446744073709551615:ff",
    ] {
        assert!(text.parse::<BitMask>().is_err(), "{text}");
    }
    assert_eq!(BitMask::from_words(65, vec![0]), Err(Error::WordCount { bits: 65, expected: 2, actual: 1 }));
    assert_eq!(BitMask::from_words(3, vec![8]), Err(Error::TrailingBits { bits: 3 }));
}
