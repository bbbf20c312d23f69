use std::collections::HashSet;
use std::ops::ControlFlow;

use serde::{Deserialize, Serialize};
use serde_json::Value;
use slt_core::random::{chance, index_below};
use slt_core::{BitMask, Purpose, StreamRng};
use slt_search::{Algorithm, Arena, Candidate, Error, HeavyTail, Problem, Rank, StopReason, Tally};

use crate::generations::{self, evaluated};
use crate::linkage::cross;
use crate::pareto::{Front, crowding, fronts};

const FOUNDER: Purpose = Purpose::new("founder");
const PARENTS: Purpose = Purpose::new("parents");
const CROSSOVER: Purpose = Purpose::new("crossing");
const MUTATION: Purpose = Purpose::new("heavy");

/// NSGA-II (Deb, Pratap, Agarwal and Meyarivan 2002, "A fast and elitist multiobjective genetic algorithm:
/// NSGA-II"): performance and sparsity are two objectives of their own, and what is looked for is the
/// *front*, the masks that no other one beats in both.
///
/// 1. *First population.* Random masks with the densities `(i + 1/2) / population`, so that the front is wide
///    from the beginning.
/// 2. *Children*, as many as the population has members. Each parent is the better one of two random members:
///    of an earlier front, or of the same front and less crowded. With probability `crossover` the parents
///    are crossed: every set of the objective's [linkage](slt_core::Objective::linkage), a unit with its
///    weights, comes from one or the other as a whole. Then random bits are flipped, by [`HeavyTail`]. A mask
///    that is in the population or among the children already is left out.
/// 3. *Survivors.* Parents and children are [sorted into fronts](crate::pareto::fronts); whole fronts survive
///    as long as there is room, of the one that does not fit the least [crowded](crate::pareto::crowding).
///
/// Ties go to who comes first: parents before children, each in their order. All children of a generation are
/// evaluated at once.
///
/// A population that is full of one front loses some of it by crowding. So what comes out is the front of all
/// masks that were evaluated, [`Nsga2State::front`]; it plays no part in the search. The best is the one that
/// performs best, the sparsest of equals; if the problem has a [judge](Problem::judged_by), the best by the
/// judge of all that were on the front when their generation was over.
///
/// | name | default | range | purpose |
/// |---|---|---|---|
/// | `population` | 100 | 2 to 100,000 | masks that are kept, and children of a generation |
/// | `generations` | 250 | | the last generation; with 0, the first population is all |
/// | `crossover` | 0.9 | \[0, 1\] | probability that parents are crossed |
/// | `exponent` | 1.5 | above 1, at most 1,000 | how rare many flips are |
///
/// ```
/// use slt_core::{BitMask, Objective, Score, Seed};
/// use slt_ga::Nsga2;
/// use slt_search::{Budget, Problem, run};
///
/// /// Bit `i` is worth `i`: the best mask with `k` ones has the last `k`.
/// struct Weighted;
/// impl Objective for Weighted {
///     fn n_bits(&self) -> usize {
///         16
///     }
///     fn evaluate(&self, masks: &[&BitMask], _floor: Option<f64>) -> Vec<Score> {
///         masks.iter().map(|mask| Score::Exact(mask.iter_ones().sum::<usize>() as f64)).collect()
///     }
/// }
/// let outcome = run(Problem::new(&Weighted), Nsga2::default(), Budget::NONE, Seed(1), &mut ())?;
/// // Bit 0 is worth nothing; so the front begins with 15 ones, and ends with none.
/// let front = outcome.state.front();
/// assert_eq!((front[0].mask.count_ones(), front[0].performance), (15, 120.0));
/// assert_eq!((front[15].mask.count_ones(), front[15].performance), (0, 0.0));
/// assert_eq!(outcome.best, front[0]);
/// # Ok::<(), slt_search::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Nsga2 {
    /// Masks that are kept, and children of a generation.
    pub population: usize,
    /// The last generation.
    pub generations: u64,
    /// Probability that parents are crossed.
    pub crossover: f64,
    /// How rare many flips are.
    pub exponent: f64,
}

impl Default for Nsga2 {
    fn default() -> Self {
        Self { population: 100, generations: 250, crossover: 0.9, exponent: 1.5 }
    }
}

impl Nsga2 {
    /// Checks every field.
    ///
    /// # Errors
    /// [`Error::Config`] with the first field that is out of range.
    pub fn validate(&self) -> Result<(), Error> {
        Error::check_range("population", self.population as f64, 2.0, 1e5, "in 2 to 100,000")?;
        Error::check_range("crossover", self.crossover, 0.0, 1.0, "in [0, 1]")?;
        Error::check_range("exponent", self.exponent, 1.0 + f64::EPSILON, 1e3, "above 1 and at most 1,000")
    }
}

/// Where an NSGA-II has come to.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Nsga2State {
    generation: u64,
    /// Front by front, and in a front the least crowded first: who comes first wins a tournament.
    members: Vec<Candidate>,
    front: Front,
    best: Candidate,
}

impl Nsga2State {
    /// The population, front by front, in each the least crowded first.
    pub fn members(&self) -> &[Candidate] {
        &self.members
    }

    /// The evaluated masks that no other beats in performance without being denser: from the densest, which
    /// performs best, to the sparsest. Performances are those of the objective that moves
    /// follow; of several masks at one point, it has the first.
    pub fn front(&self) -> &[Candidate] {
        self.front.candidates()
    }

    /// Generations that are done.
    pub fn generation(&self) -> u64 {
        self.generation
    }
}

impl Algorithm for Nsga2 {
    type State = Nsga2State;

    fn name(&self) -> &'static str {
        "nsga2"
    }

    fn start(&self, arena: &mut Arena<'_, '_>) -> Result<Nsga2State, Error> {
        self.validate()?;
        let drawn = (0..self.population as u64).map(|i| {
            let density = (i as f64 + 0.5) / self.population as f64;
            let mut rng = arena.stream(FOUNDER, i);
            (0..arena.n_bits()).map(|_| chance(&mut rng, density)).collect()
        });
        let drawn = new_ones(&[], drawn);
        let candidates = evaluated(drawn, arena)?;
        let mut front = Front::default();
        let best = enter(&mut front, None, &candidates, arena)?;
        Ok(Nsga2State { generation: 0, members: survivors(candidates, self.population), front, best })
    }

    fn step(&self, state: &mut Nsga2State, arena: &mut Arena<'_, '_>) -> Result<ControlFlow<()>, Error> {
        let children = evaluated(self.breed(&state.members, arena), arena)?;
        let mut front = state.front.clone();
        let best = enter(&mut front, Some(&state.best), &children, arena)?;
        let mut pool = std::mem::take(&mut state.members);
        pool.extend(children);
        let members = survivors(pool, self.population);
        *state = Nsga2State { generation: state.generation + 1, members, front, best };
        Ok(ControlFlow::Continue(()))
    }

    fn best<'s>(&self, state: &'s Nsga2State) -> &'s Candidate {
        &state.best
    }

    fn end(&self, state: &Nsga2State, _problem: &Problem<'_>) -> Option<StopReason> {
        generations::end(state.generation, self.generations)
    }

    fn parameters(&self) -> Value {
        generations::parameters(self)
    }

    fn check(&self, state: &Nsga2State, tally: &Tally) -> Result<(), Error> {
        let n_bits = tally.n_bits;
        state.members.iter().try_for_each(|member| member.check(n_bits))?;
        state.front.check(n_bits)?;
        state.best.check(n_bits)?;
        let fits = (1..=self.population).contains(&state.members.len());
        Error::check_consistent(fits, "its population is empty or too large")?;
        Error::check_consistent(!state.front().is_empty(), "its front is empty")?;
        generations::check(state.generation, self.generations)
    }
}

impl Nsga2 {
    /// The children of a population.
    fn breed(&self, members: &[Candidate], arena: &Arena<'_, '_>) -> Vec<BitMask> {
        let linkage = arena.problem().objective().linkage();
        let tail = HeavyTail::new(arena.n_bits(), self.exponent);
        let children = (0..self.population as u64).map(|i| {
            let mut rng = arena.stream(PARENTS, i);
            let (first, second) = (tournament(members, &mut rng), tournament(members, &mut rng));
            let mut child = first.mask.clone();
            if chance(&mut rng, self.crossover) {
                cross(&mut child, &second.mask, &linkage, &mut arena.stream(CROSSOVER, i));
            }
            tail.flip_some(&mut child, &mut arena.stream(MUTATION, i));
            child
        });
        new_ones(members, children)
    }
}

/// The better one of two random members, which are in order.
fn tournament<'m>(members: &'m [Candidate], rng: &mut StreamRng) -> &'m Candidate {
    let first = index_below(rng, members.len());
    let second = index_below(rng, members.len());
    &members[first.min(second)]
}

/// The masks that are not in the population, each once, in their order.
fn new_ones(members: &[Candidate], masks: impl Iterator<Item = BitMask>) -> Vec<BitMask> {
    let mut seen: HashSet<BitMask> = members.iter().map(|member| member.mask.clone()).collect();
    masks.filter(|mask| seen.insert(mask.clone())).collect()
}

/// Takes to the front those that belong there. The answer is the best of all, by what results are judged by.
fn enter(
    front: &mut Front,
    best: Option<&Candidate>,
    candidates: &[Candidate],
    arena: &mut Arena<'_, '_>,
) -> Result<Candidate, Error> {
    let mut best = best.cloned();
    for i in fronts(&ranks(candidates)).into_iter().next().unwrap_or_default() {
        if front.admit(candidates[i].clone()) {
            let judged = arena.judged(&candidates[i])?;
            if best.as_ref().is_none_or(|best| judged.rank().is_above(&best.rank())) {
                best = Some(judged);
            }
        }
    }
    Ok(best.expect("the first population has a front"))
}

/// At most `count` of a pool: front by front, in each the least crowded first.
fn survivors(pool: Vec<Candidate>, count: usize) -> Vec<Candidate> {
    let points = ranks(&pool);
    let mut order = Vec::with_capacity(pool.len());
    for front in fronts(&points) {
        let distances = crowding(&front.iter().map(|&i| points[i]).collect::<Vec<_>>());
        let mut crowded: Vec<(f64, usize)> = distances.into_iter().zip(front).collect();
        // Of equals, who comes first in the pool.
        crowded.sort_by(|a, b| b.0.total_cmp(&a.0).then(a.1.cmp(&b.1)));
        order.extend(crowded.into_iter().map(|(_, i)| i));
        if order.len() >= count {
            break;
        }
    }
    order.truncate(count);
    let mut pool: Vec<Option<Candidate>> = pool.into_iter().map(Some).collect();
    order.into_iter().filter_map(|i| pool[i].take()).collect()
}

fn ranks(candidates: &[Candidate]) -> Vec<Rank> {
    candidates.iter().map(Candidate::rank).collect()
}
