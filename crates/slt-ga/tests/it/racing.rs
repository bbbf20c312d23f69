//! An objective that stops early wherever it may changes nothing.

use crate::common::{Parity, Racing, config};
use proptest::prelude::*;
use slt_core::{BitMask, Seed};
use slt_ga::{AdaptiveBound, GaConfig, SelectionKind, Termination, run};
use std::collections::HashSet;

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]

    /// Few bits, so that masks come back; populations, records and counts, all of the outcome.
    #[test]
    fn below_or_exact_makes_no_difference(config in config(), seed: u64, n_bits in 5..40_usize) {
        let exact = run(&Parity::new(n_bits, 20), &config, Seed(seed), &mut ()).unwrap();
        let racing = Racing::new(Parity::new(n_bits, 20));
        let raced = run(&racing, &config, Seed(seed), &mut ()).unwrap();
        prop_assert_eq!(&raced, &exact);
        let asked = racing.asked.into_inner().unwrap();
        prop_assert_eq!(asked.len() as u64, raced.evaluations);
        prop_assert_eq!(asked.iter().map(BitMask::count_ones).sum::<usize>() as u64, raced.evaluated_ones);
    }

    /// What is remembered saves evaluations and changes nothing else.
    #[test]
    fn memory_makes_no_difference_but_in_evaluations(config in config(), seed: u64, n_bits in 5..20_usize) {
        let outcome = |memory| {
            let config = GaConfig { memory, ..config.clone() };
            run(&Parity::new(n_bits, 20), &config, Seed(seed), &mut ()).unwrap()
        };
        let (without, mut with) = (outcome(0), outcome(1000));
        prop_assert!(with.evaluations <= without.evaluations);
        prop_assert!(with.evaluated_ones <= without.evaluated_ones);
        (with.evaluations, with.evaluated_ones) = (without.evaluations, without.evaluated_ones);
        for (a, b) in with.history.iter_mut().zip(&without.history) {
            a.evaluations = b.evaluations;
        }
        prop_assert_eq!(with, without);
    }
}

fn long(config: &GaConfig) -> GaConfig {
    let termination = Termination { max_generations: Some(120), ..config.termination };
    GaConfig { termination, ..config.clone() }
}

/// The paper's configurations at length: `Below` is answered often, and no mask is ever asked for twice.
#[test]
fn the_presets_race_and_remember() {
    for (config, at_least_below) in [(GaConfig::paper(), 1000), (GaConfig::paper_loss(2), 1000)] {
        let config = long(&config);
        let racing = Racing::new(Parity::new(90, 200));
        let raced = run(&racing, &config, Seed(3), &mut ()).unwrap();
        assert_eq!(raced, run(&Parity::new(90, 200), &config, Seed(3), &mut ()).unwrap());
        let below = *racing.answered_below.lock().unwrap();
        assert!(below > at_least_below, "{below}");
        let asked = racing.asked.into_inner().unwrap();
        assert_eq!(asked.len() as u64, raced.evaluations);
        assert_eq!(asked.iter().collect::<HashSet<&BitMask>>().len(), asked.len());
    }
}

#[test]
fn the_adaptive_preset_races() {
    // Of 90 checks, 0.66 is about three standard deviations above the mean of random masks.
    let bound = AdaptiveBound { start: 0.66, ..AdaptiveBound::paper(80, 100) };
    let config = long(&GaConfig { bound: Some(bound), ..GaConfig::paper_adaptive(80, 100) });
    let racing = Racing::new(Parity::new(90, 90));
    let raced = run(&racing, &config, Seed(4), &mut ()).unwrap();
    assert_eq!(raced, run(&Parity::new(90, 90), &config, Seed(4), &mut ()).unwrap());
    assert!(*racing.answered_below.lock().unwrap() > 5000);
    let bounds: Vec<f64> = raced.history.iter().map(|stats| stats.bound.unwrap()).collect();
    assert!(
        bounds.is_sorted_by(|a, b| a >= b) && bounds[0] < 0.66 && *bounds.last().unwrap() > 0.51,
        "{bounds:?}"
    );
}

/// Without a cut-off anyone may survive, so everyone has to be known.
#[test]
fn only_the_cut_off_has_a_floor() {
    for selection in [SelectionKind::Roulette, SelectionKind::RandomWalk { rate: 0.5 }] {
        let racing = Racing::new(Parity::new(60, 40));
        run(&racing, &long(&GaConfig { selection, ..GaConfig::paper() }), Seed(5), &mut ()).unwrap();
        assert_eq!(*racing.answered_below.lock().unwrap(), 0);
    }
}
