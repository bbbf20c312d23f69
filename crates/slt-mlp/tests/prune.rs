//! Pruning in both orders against a plain second implementation, which evaluates afresh after each flip.

use slt_core::{BitMask, Purpose, Seed};
use slt_mlp::{Architecture, Evaluator, Initializer, MetricName, Network, PruningOrder, prune, prune_in};

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
    let data = slt_datasets::digits::paper(3).unwrap().train;
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
