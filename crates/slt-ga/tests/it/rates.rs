//! How many newcomers the rates bring forth, counted in what the objective is asked.

use crate::common::OneMax;
use slt_core::Seed;
use slt_ga::{GaConfig, start};

const SEARCHES: u32 = 400;

/// Mean number of masks handed over in the first generation. With so many bits and no memory, that is
/// everyone new.
fn newcomers(config: &GaConfig) -> f64 {
    let config = GaConfig { memory: 0, ..config.clone() };
    let count = |seed| {
        let mut search = start(&OneMax(2000), &config, Seed(seed), &mut ()).unwrap();
        let first = search.view().state().stats().evaluations;
        search.step(&mut ()).unwrap();
        (search.view().state().stats().evaluations - first) as f64
    };
    (0..u64::from(SEARCHES)).map(count).sum::<f64>() / f64::from(SEARCHES)
}

#[track_caller]
fn check(config: &GaConfig, mean: f64, variance: f64) {
    let actual = newcomers(config);
    // Six standard deviations of a mean of so many.
    let tolerance = 6.0 * (variance / f64::from(SEARCHES)).sqrt();
    assert!((actual - mean).abs() <= tolerance, "{actual} is not {mean} up to {tolerance}");
}

#[test]
fn rates_are_kept() {
    let paper = GaConfig::paper();
    let none = GaConfig { recombination_rate: 0.0, mutation_rate: 0.0, migration_rate: 0.0, ..paper.clone() };
    check(&none, 0.0, 0.0);
    check(&GaConfig { migration_rate: 0.1, ..none.clone() }, 10.0, 0.0);
    check(&GaConfig { migration_rate: 0.299, ..none.clone() }, 29.0, 0.0);
    check(&GaConfig { mutation_rate: 1.0, ..none.clone() }, 100.0, 0.0);
    check(&GaConfig { recombination_rate: 1.0, ..none.clone() }, 100.0, 0.0);
    // Binomial, of the population.
    check(&GaConfig { mutation_rate: 0.1, ..none.clone() }, 10.0, 9.0);
    check(&GaConfig { recombination_rate: 0.3, ..none }, 30.0, 21.0);
    // Children C are binomial, mutants are of 100 + C, migrants are 10. The variance of 1.1 C is 25.41, that
    // of the mutants given C is 0.09 (100 + C), 11.7 in the mean.
    check(&paper, 30.0 + 13.0 + 10.0, 25.41 + 11.7);
}

/// Partners come from the best: with a share that rounds down to nobody, from the very best.
#[test]
fn partners_are_the_best() {
    let config = GaConfig {
        recombination_rate: 1.0,
        parent_rate: 0.009,
        mutation_rate: 0.0,
        migration_rate: 0.0,
        ..GaConfig::paper()
    };
    let valid = config.validate().unwrap();
    assert_eq!((valid.partners(), valid.migrants()), (1, 0));
    let mut search = start(&OneMax(4000), &config, Seed(1), &mut ()).unwrap();
    let parents = search.view().state().population().to_vec();
    let best = &parents[0].mask;
    search.step(&mut ()).unwrap();
    let children: Vec<_> =
        search.view().state().population().iter().filter(|x| !parents.contains(x)).collect();
    assert!(children.len() > 30, "{}", children.len());
    for child in children {
        // Half of the way to the best; strangers are 2,000 bits away, give or take 190.
        let distance = child.mask.hamming_distance(best);
        assert!((810..1190).contains(&distance), "{distance}");
    }
    let rate = |parent_rate| GaConfig { parent_rate, ..GaConfig::paper() }.validate().unwrap().partners();
    assert_eq!([rate(0.0), rate(0.3), rate(0.555), rate(1.0)], [1, 30, 55, 100]);
}
