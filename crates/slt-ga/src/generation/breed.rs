use slt_core::Purpose;
use slt_core::random::{chance, index_below};
use slt_search::{Arena, Candidate};

use super::{Newcomer, Pool, Setup};
use crate::Origin;
use crate::operators::{Crossover, Uniform};

const RECOMBINATION: Purpose = Purpose::new("recomb");
const MUTATION: Purpose = Purpose::new("mutation");

/// Appends a child for every individual that becomes a first parent.
///
/// A stable sort by performance alone would leave the population as it is: it is ranked by performance
/// first, and ties stay in the order of their zeros.
pub(crate) fn recombine(
    setup: &Setup<'_>,
    arena: &Arena<'_, '_>,
    population: &[Candidate],
    pool: &mut Pool,
    newcomers: &mut Vec<Newcomer>,
) {
    let rate = setup.config.config().recombination_rate;
    for (rank, first) in population.iter().enumerate() {
        let mut rng = arena.stream(RECOMBINATION, rank as u64);
        if !chance(&mut rng, rate) {
            continue;
        }
        let second = &population[index_below(&mut rng, setup.config.partners())];
        let mut child = pool.take(arena.n_bits());
        if setup
            .fill_admissible(&mut child, |child| Uniform.cross(&first.mask, &second.mask, child, &mut rng))
        {
            newcomers.push(Newcomer { mask: child, origin: Origin::Recombination, score: None });
        } else {
            pool.put(child);
        }
    }
}

/// Appends a mutant for every individual that spawns one: those of the population, then the newcomers that
/// are there already.
pub(crate) fn mutate(
    setup: &Setup<'_>,
    arena: &Arena<'_, '_>,
    population: &[Candidate],
    pool: &mut Pool,
    newcomers: &mut Vec<Newcomer>,
) {
    let rate = setup.config.config().mutation_rate;
    for place in 0..population.len() + newcomers.len() {
        let mut rng = arena.stream(MUTATION, place as u64);
        if !chance(&mut rng, rate) {
            continue;
        }
        let source = match population.get(place) {
            Some(parent) => &parent.mask,
            None => &newcomers[place - population.len()].mask,
        };
        let mut mutant = pool.take(arena.n_bits());
        let born = setup.fill_admissible(&mut mutant, |mutant| {
            mutant.clone_from(source);
            setup.mutation.mutate(mutant, &mut rng);
        });
        if born {
            newcomers.push(Newcomer { mask: mutant, origin: Origin::Mutation, score: None });
        } else {
            pool.put(mutant);
        }
    }
}
