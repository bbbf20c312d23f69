//! Pruning in both orders against a plain second implementation, which evaluates afresh after each flip.

use slt_core::{BitMask, Purpose, Seed};
use slt_mlp::{
    Architecture, Error, Evaluator, Guard, Initializer, MetricName, Network, Pruning, PruningOrder, prune,
    prune_in,
};

fn slow(evaluator: &Evaluator, mask: &BitMask, order: PruningOrder) -> BitMask {
    let before = evaluator.count_correct(mask).unwrap();
    let mut mask = mask.clone();
    let mut offset = 0;
    for layer in evaluator.network().layers() {
        let (n_in, n_out) = layer.weights().dim();
        for i in 0..n_in * n_out {
            let (source, target) = match order {
                PruningOrder::BySource => (i / n_out, i % n_out),
                PruningOrder::ByTarget => (i % n_in, i / n_in),
            };
            let bit = offset + source * n_out + target;
            if mask.get(bit) {
                mask.flip(bit);
                if evaluator.count_correct(&mask).unwrap() < before {
                    mask.flip(bit);
                }
            }
        }
        offset += n_in * n_out;
    }
    mask
}

#[test]
fn equals_the_plain_implementation_in_both_orders() {
    let data = slt_datasets::paper::digits(3).unwrap().train;
    let mut n_different = 0;
    for (seed, sizes) in [(1, vec![64, 7, 3]), (2, vec![64, 5, 4, 3]), (3, vec![64, 3])] {
        let architecture = Architecture::new(sizes).unwrap();
        let network = Network::random(&architecture, Initializer::paper(), Seed(seed)).unwrap();
        let evaluator = Evaluator::new(&network, &data, MetricName::CrossEntropyF32).unwrap();
        let stream = &mut Seed(seed).stream(Purpose::new("test"), 0, 0);
        for mask in
            [BitMask::random(architecture.n_weights(), stream), BitMask::ones(architecture.n_weights())]
        {
            let [by_source, by_target] = [PruningOrder::BySource, PruningOrder::ByTarget].map(|order| {
                let pruned = prune_in(&evaluator, &mask, order).unwrap();
                assert_eq!(pruned, slow(&evaluator, &mask, order), "{order:?} {architecture:?}");
                pruned
            });
            assert_eq!(by_source, prune(&evaluator, &mask).unwrap());
            n_different += usize::from(by_source != by_target);
        }
    }
    assert!(n_different >= 4, "{n_different}");
}

#[test]
fn order_has_a_name_in_files() {
    assert_eq!(serde_json::to_string(&PruningOrder::ByTarget).unwrap(), "\"by-target\"");
    assert_eq!(serde_json::from_str::<PruningOrder>("\"by-source\"").unwrap(), PruningOrder::default());
}

/// What a mask has to keep: its value on data, but for so much.
type Kept<'a> = (&'a Evaluator, fn(&Evaluator, &BitMask) -> f64, f64);

/// Pruning in bit order by fresh evaluations, all that is to be kept.
fn slow_by(kept: &[Kept<'_>], mask: &BitMask, passes: u32) -> BitMask {
    let floors: Vec<f64> =
        kept.iter().map(|(evaluator, value, loss)| value(evaluator, mask) - loss).collect();
    let mut mask = mask.clone();
    for _ in 0..passes {
        for bit in 0..mask.len() {
            if mask.get(bit) {
                mask.flip(bit);
                let mut values = kept.iter().map(|(evaluator, value, _)| value(evaluator, &mask));
                if !floors.iter().all(|&floor| values.next() >= Some(floor)) {
                    mask.flip(bit);
                }
            }
        }
    }
    mask
}

fn accuracy(evaluator: &Evaluator, mask: &BitMask) -> f64 {
    evaluator.accuracy(mask).unwrap()
}

fn negated_loss(evaluator: &Evaluator, mask: &BitMask) -> f64 {
    -evaluator.cross_entropy(mask).unwrap()
}

/// Evaluators on three quarters of digits, and on the rest.
fn parts(sizes: &[usize], seed: u64) -> (Evaluator, Evaluator) {
    let data = slt_datasets::paper::digits(3).unwrap().train;
    let parts = slt_datasets::split::stratified(&data, 0.25, Seed(seed)).unwrap();
    let architecture = Architecture::new(sizes.to_vec()).unwrap();
    let network = Network::random(&architecture, Initializer::paper(), Seed(seed)).unwrap();
    let on = |data| Evaluator::new(&network, data, MetricName::CrossEntropyF32).unwrap();
    (on(&parts.train), on(&parts.test))
}

#[test]
fn guards_are_those_of_the_plain_implementation() {
    let (mut held_out_mattered, mut passes_mattered) = (0, 0);
    for (seed, sizes) in [(1, vec![64, 7, 3]), (2, vec![64, 5, 4, 3]), (3, vec![64, 3])] {
        let (evaluator, held_out) = parts(&sizes, seed);
        let n_bits = evaluator.network().architecture().n_weights();
        let mask = BitMask::random(n_bits, &mut Seed(seed).stream(Purpose::new("test"), 0, 0));
        for passes in [1, 3] {
            let pruning = Pruning { passes, ..Pruning::default() };
            let both = pruning.apply(&evaluator, Some(&held_out), &mask).unwrap();
            let guards: [Kept<'_>; 2] = [(&evaluator, accuracy, 0.0), (&held_out, accuracy, 0.0)];
            assert_eq!(both, slow_by(&guards, &mask, passes), "{sizes:?}");
            let alone = pruning.apply(&evaluator, None, &mask).unwrap();
            assert_eq!(alone, slow_by(&guards[..1], &mask, passes), "{sizes:?}");
            held_out_mattered += usize::from(both != alone);
            passes_mattered += usize::from(passes > 1 && alone != prune(&evaluator, &mask).unwrap());
            // No limit is met so closely that rounding would tell here.
            for tolerance in [0.003, 0.1] {
                let pruning = Pruning { guard: Guard::Loss { tolerance }, ..pruning };
                let guards: [Kept<'_>; 2] =
                    [(&evaluator, negated_loss, tolerance), (&held_out, accuracy, 0.0)];
                let pruned = pruning.apply(&evaluator, Some(&held_out), &mask).unwrap();
                assert_eq!(pruned, slow_by(&guards, &mask, passes), "{sizes:?} {tolerance}");
            }
        }
    }
    assert!(held_out_mattered >= 2 && passes_mattered >= 1, "{held_out_mattered} {passes_mattered}");
}

#[test]
fn guards_hold_afterwards_and_tolerance_makes_sparser() {
    for seed in 0..6 {
        let (evaluator, held_out) = parts(&[64, 8, 3], seed);
        let mask = BitMask::ones(evaluator.network().architecture().n_weights());
        let (loss, right) = (evaluator.cross_entropy(&mask).unwrap(), held_out.count_correct(&mask).unwrap());
        let mut ones = mask.count_ones();
        for tolerance in [0.0, 0.1, 1.0, 100.0] {
            let pruning = Pruning { guard: Guard::Loss { tolerance }, passes: 1_000, ..Pruning::default() };
            let pruned = pruning.apply(&evaluator, None, &mask).unwrap();
            assert!(pruned.iter_ones().all(|bit| mask.get(bit)));
            assert!(evaluator.cross_entropy(&pruned).unwrap() <= loss + tolerance);
            assert!(pruned.count_ones() <= ones, "{tolerance}: {} after {ones}", pruned.count_ones());
            ones = pruned.count_ones();
            // A pass more would clear nothing: the limit is that of the mask before.
            let more = Pruning { passes: pruning.passes + 1, ..pruning };
            assert_eq!(more.apply(&evaluator, None, &mask).unwrap(), pruned);
            let careful = pruning.apply(&evaluator, Some(&held_out), &mask).unwrap();
            assert!(evaluator.cross_entropy(&careful).unwrap() <= loss + tolerance);
            assert!(held_out.count_correct(&careful).unwrap() >= right);
        }
        assert_eq!(ones, 0, "any loss is allowed in the end");
    }
}

#[test]
fn what_is_impossible_is_refused() {
    let (evaluator, held_out) = parts(&[64, 3], 1);
    let mask = BitMask::ones(192);
    for tolerance in [-1e-9, f64::NAN, f64::INFINITY] {
        let pruning = Pruning { guard: Guard::Loss { tolerance }, ..Pruning::default() };
        let error = pruning.apply(&evaluator, None, &mask).unwrap_err();
        assert_eq!(error.to_string(), format!("the tolerance is {tolerance}; it is finite and at least 0"));
    }
    let never = Pruning { passes: 0, ..Pruning::default() };
    assert_eq!(never.apply(&evaluator, None, &mask), Err(Error::NoPasses));
    let short = Pruning::default().apply(&evaluator, Some(&held_out), &BitMask::ones(191));
    assert_eq!(short, Err(Error::MaskLength { expected: 192, actual: 191 }));
}

#[test]
fn pruning_has_a_form_in_files() {
    let pruning = Pruning { guard: Guard::Loss { tolerance: 0.5 }, order: PruningOrder::ByTarget, passes: 2 };
    let text = r#"{"guard":{"loss":{"tolerance":0.5}},"order":"by-target","passes":2}"#;
    assert_eq!(serde_json::to_string(&pruning).unwrap(), text);
    assert_eq!(serde_json::from_str::<Pruning>(text).unwrap(), pruning);
    assert!(serde_json::from_str::<Pruning>(&text.replace("order", "row")).is_err());
}
