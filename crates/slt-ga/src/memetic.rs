use std::ops::ControlFlow;

use serde::{Deserialize, Serialize};
use slt_core::random::{chance, index_below};
use slt_core::{BitMask, Purpose};
use slt_search::{
    Algorithm, Arena, Candidate, Cooled, Cooling, Error, Guide, Passed, Price, Problem, StopReason, Tally,
};

use crate::linkage::cross;

const FOUNDER: Purpose = Purpose::new("founder");
const PARENTS: Purpose = Purpose::new("parents");
const CROSSOVER: Purpose = Purpose::new("crossing");

/// A memetic algorithm: a small population of masks that are each the end of a local search, crossed unit by
/// unit, each child improved by a local search of its own.
///
/// 1. *Founders.* Random masks descend: as many random flips are proposed as there are bits, and those that
///    lose nothing are taken. The mean change of worth by a random flip at the masks reached is the *spread*.
///    From each, a [`Cooling`] starts at the temperature `share` times the mean spread so far.
/// 2. *Children.* Two members of the population, drawn at random, are crossed: every set of the objective's
///    [linkage](slt_core::Objective::linkage), a unit with its weights, comes from one or the other as a
///    whole. A cooling follows, from `reheat` times the temperature of the founders. The child takes the
///    place of the member that is worth least if it is worth more and its mask is new.
/// 3. *Refinement.* The best is cooled once more on the problem's [refinement](Problem::refined_on), if it
///    has one: what results are judged by, say, or the same objective on more samples. It starts from
///    `refine_heat` times the spread there.
///
/// Which mask is the best of all is for the judge to say; of those that it holds for equal, the one that is
/// worth most. With a price, it is the one that is worth most.
///
/// | name | default | range | purpose |
/// |---|---|---|---|
/// | `population` | 4 | 1 to 1,000 | masks that are kept |
/// | `founder_flips` | 20,000 | at least 1 | flips proposed in the cooling of a founder |
/// | `children` | 16 | | children in all |
/// | `child_flips` | 20,000 | at least 1 | flips proposed in the cooling of a child |
/// | `share` | 1 | at least 0 | temperature of founders, in spreads |
/// | `reheat` | 0.5 | at least 0 | temperature of children, in that of founders |
/// | `end` | 0.001 | (0, 1\] | by what temperatures fall |
/// | `refine_flips` | 20,000 | | flips proposed in the refinement |
/// | `refine_heat` | 0.1 | at least 0 | temperature of the refinement, in spreads |
/// | `enough` | none | finite | performance by the objective from which nothing is left to gain: what is reached first ends the search; not with a price |
/// | `price` | none | see [`Price`] | what active weights cost |
/// | `density` | 0.5 | \[0, 1\] | share of ones in random masks |
/// | `crossover` | yes | | without it, a child is a copy of one parent |
/// | `only_admissible` | no | | whether masks that are not admissible are passed over |
///
/// ```
/// use slt_core::{BitMask, Objective, Score, Seed};
/// use slt_ga::Memetic;
/// use slt_search::{Budget, Problem, run};
///
/// /// Units of five bits: all five are worth most, four least, so single flips lead away from the best.
/// struct Traps;
/// impl Objective for Traps {
///     fn n_bits(&self) -> usize {
///         50
///     }
///     fn evaluate(&self, masks: &[&BitMask], _floor: Option<f64>) -> Vec<Score> {
///         let trap = |mask: &BitMask, block: usize| {
///             let ones = (0..5).filter(|i| mask.get(5 * block + i)).count();
///             if ones == 5 { 5.0 } else { 4.0 - ones as f64 }
///         };
///         masks.iter().map(|mask| Score::Exact((0..10).map(|block| trap(mask, block)).sum())).collect()
///     }
///     fn linkage(&self) -> Vec<Vec<usize>> {
///         (0..10).map(|block| (5 * block..5 * block + 5).collect()).collect()
///     }
/// }
/// let memetic = Memetic { population: 16, children: 200, founder_flips: 500, child_flips: 100, ..Memetic::default() };
/// let outcome = run(Problem::new(&Traps), memetic, Budget::NONE, Seed(1), &mut ())?;
/// assert!(outcome.best.performance >= 45.0);
/// # Ok::<(), slt_search::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Memetic {
    /// Masks that are kept.
    pub population: usize,
    /// Flips proposed in the cooling of a founder.
    pub founder_flips: u64,
    /// Children in all.
    pub children: u64,
    /// Flips proposed in the cooling of a child.
    pub child_flips: u64,
    /// Temperature of founders, in spreads.
    pub share: f64,
    /// Temperature of children, in that of founders.
    pub reheat: f64,
    /// By what temperatures fall.
    pub end: f64,
    /// Flips proposed in the refinement.
    pub refine_flips: u64,
    /// Temperature of the refinement, in spreads.
    pub refine_heat: f64,
    /// Performance by the objective from which nothing is left to gain.
    pub enough: Option<f64>,
    /// What active weights cost.
    pub price: Price,
    /// Share of ones in random masks.
    pub density: f64,
    /// Whether parents are crossed.
    pub crossover: bool,
    /// Whether masks that are not admissible are passed over.
    pub only_admissible: bool,
}

impl Default for Memetic {
    fn default() -> Self {
        Self {
            population: 4,
            founder_flips: 20_000,
            children: 16,
            child_flips: 20_000,
            share: 1.0,
            reheat: 0.5,
            end: 1e-3,
            refine_flips: 20_000,
            refine_heat: 0.1,
            enough: None,
            price: Price::NONE,
            density: 0.5,
            crossover: true,
            only_admissible: false,
        }
    }
}

impl Memetic {
    /// Parameters for masks of a length: the flips of local searches grow with it, and small problems get a
    /// larger population and more children.
    ///
    /// | bits | population | flips of a founder, of a child | children |
    /// |---|---|---|---|
    /// | below 200 | 32 | 10,000 | 150 |
    /// | below 1,000 | 8 | 20,000 | 32 |
    /// | from 1,000 | 1 | 40 times the bits; from 10,000 bits 400,000, or 4 times the bits | 0 |
    pub fn for_bits(n_bits: usize) -> Self {
        let n = n_bits as u64;
        let (population, founder_flips, child_flips, children) = match n_bits {
            0..200 => (32, 10_000, 10_000, 150),
            200..1_000 => (8, 20_000, 20_000, 32),
            _ => (1, (40 * n).min(400_000).max(4 * n), 20_000, 0),
        };
        Self {
            population,
            founder_flips,
            child_flips,
            children,
            refine_flips: founder_flips,
            ..Self::default()
        }
    }

    /// Checks every field.
    ///
    /// # Errors
    /// [`Error::Config`] with the first field that is out of range.
    pub fn validate(&self) -> Result<(), Error> {
        Error::check_range("population", self.population as f64, 1.0, 1e3, "in 1 to 1,000")?;
        Error::check_range("founder_flips", self.founder_flips as f64, 1.0, f64::MAX, "at least 1")?;
        Error::check_range("child_flips", self.child_flips as f64, 1.0, f64::MAX, "at least 1")?;
        for (field, value) in
            [("share", self.share), ("reheat", self.reheat), ("refine_heat", self.refine_heat)]
        {
            Error::check_range(field, value, 0.0, f64::MAX, "finite and at least 0")?;
        }
        Error::check_range("density", self.density, 0.0, 1.0, "in [0, 1]")?;
        self.cooling(1).validate()
    }

    fn cooling(&self, flips: u64) -> Cooling {
        Cooling { flips, end: self.end, price: self.price, only_admissible: self.only_admissible }
    }

    /// The local search of a stage.
    fn cooling_of(&self, stage: Stage, n_bits: usize) -> Cooling {
        let flips = match stage {
            Stage::Descent => n_bits as u64,
            Stage::Founder => self.founder_flips,
            Stage::Child => self.child_flips,
            Stage::Refinement | Stage::Over => self.refine_flips.max(1),
        };
        // The price is there from the beginning once there is a population that has paid it.
        let price = match stage {
            Stage::Descent | Stage::Founder => self.price,
            _ => Price { ramp: 0.0, ..self.price },
        };
        Cooling { price, ..self.cooling(flips) }
    }
}

/// A mask of the population.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Member {
    /// The mask.
    pub mask: BitMask,
    /// What it is worth by the objective that moves follow.
    pub worth: f64,
}

/// What is being done.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
enum Stage {
    /// A random mask descends.
    Descent,
    /// It is cooled.
    Founder,
    /// A child is cooled.
    Child,
    /// The best is cooled on the refinement.
    Refinement,
    /// Nothing is left to do.
    Over,
}

/// Where a memetic algorithm has come to.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct MemeticState {
    stage: Stage,
    /// Local searches begun in this stage.
    begun: u64,
    /// Spreads at the masks that descended.
    spreads: Vec<f64>,
    members: Vec<Member>,
    cooled: Cooled,
    best: Candidate,
    /// What the best is worth.
    worth: f64,
}

impl MemeticState {
    /// The population, in the order in which its members came.
    pub fn members(&self) -> &[Member] {
        &self.members
    }
}

impl Algorithm for Memetic {
    type State = MemeticState;

    fn name(&self) -> &'static str {
        "memetic"
    }

    fn start(&self, arena: &mut Arena<'_, '_>) -> Result<MemeticState, Error> {
        self.validate()?;
        let mask = self.random_mask(arena, 0);
        let best = arena.candidate(mask.clone())?;
        let moves = arena.hold(Guide::Objective, &mask)?;
        let worth = self.worth(moves.performance(), &mask);
        Ok(MemeticState {
            stage: Stage::Descent,
            begun: 1,
            spreads: Vec::new(),
            members: Vec::new(),
            cooled: Cooled::from(mask, 0.0),
            best,
            worth,
        })
    }

    fn step(&self, state: &mut MemeticState, arena: &mut Arena<'_, '_>) -> Result<ControlFlow<()>, Error> {
        let cooling = self.cooling_of(state.stage, arena.n_bits());
        let guide = if state.stage == Stage::Refinement { Guide::Refinement } else { Guide::Objective };
        let mut next = state.clone();
        let Passed { highest, worth, .. } = cooling.part(&mut next.cooled, guide, arena)?;
        // Where moves are judged by what they follow, the best may lie between two steps.
        if let Some(highest) = highest.filter(|_| arena.problem().judge().is_none()) {
            self.judge(&mut next, &highest, guide, arena)?;
        }
        let enough = guide == Guide::Objective
            && self.price.amount == 0.0
            && self.enough.is_some_and(|enough| worth >= enough);
        if cooling.is_over(&next.cooled) && !enough {
            self.advance(&mut next, guide, arena)?;
        } else if arena.problem().judge().is_some() || enough {
            // So that a search that is ended early has something to show.
            let mask = next.cooled.mask.clone();
            self.judge(&mut next, &mask, guide, arena)?;
        }
        if enough {
            next.stage = Stage::Over;
        }
        *state = next;
        Ok(ControlFlow::Continue(()))
    }

    fn best<'s>(&self, state: &'s MemeticState) -> &'s Candidate {
        &state.best
    }

    fn end(&self, state: &MemeticState, _problem: &Problem<'_>) -> Option<StopReason> {
        (state.stage == Stage::Over).then_some(StopReason::Finished)
    }

    fn check(&self, state: &MemeticState, tally: &Tally) -> Result<(), Error> {
        let n_bits = tally.n_bits;
        state.best.check(n_bits)?;
        let masks = state.members.iter().map(|member| &member.mask).chain([&state.cooled.mask]);
        let fit = masks.into_iter().all(|mask| mask.len() == n_bits);
        Error::check_consistent(fit, "a mask has not the objective's number of bits")?;
        let few = state.members.len() <= self.population;
        Error::check_consistent(few, "its population is larger than it may be")?;
        let breeds = matches!(state.stage, Stage::Child | Stage::Refinement | Stage::Over);
        Error::check_consistent(!breeds || !state.members.is_empty(), "it has no population to breed from")?;
        let flips = self.cooling_of(state.stage, n_bits).flips;
        Error::check_consistent(state.cooled.done <= flips, "it has proposed more flips than there are")?;
        let finite = state.spreads.iter().all(|spread| spread.is_finite());
        Error::check_consistent(finite, "a spread is not finite")?;
        let most = match state.stage {
            Stage::Descent | Stage::Founder => self.population as u64,
            Stage::Child | Stage::Refinement => self.children,
            Stage::Over => self.children.max(self.population as u64),
        };
        Error::check_consistent(state.begun <= most, "it has begun more local searches than there are")
    }

    fn progress(&self, state: &MemeticState) -> Option<f64> {
        let [founder, child, refine, done] =
            [self.founder_flips, self.child_flips, self.refine_flips, state.cooled.done].map(|n| n as f64);
        let founders = self.population as f64 * founder;
        let all = founders + self.children as f64 * child + refine;
        let searches = state.begun.saturating_sub(1) as f64;
        let done = match state.stage {
            Stage::Descent => searches * founder,
            Stage::Founder => searches * founder + done,
            Stage::Child => founders + searches * child + done,
            Stage::Refinement => all - refine + done,
            Stage::Over => all,
        };
        Some(done / all)
    }
}

impl Memetic {
    fn random_mask(&self, arena: &Arena<'_, '_>, number: u64) -> BitMask {
        let mut rng = arena.seed().stream(FOUNDER, number, 0);
        if self.density == 0.5 {
            return BitMask::random(arena.n_bits(), &mut rng);
        }
        (0..arena.n_bits()).map(|_| chance(&mut rng, self.density)).collect()
    }

    fn worth(&self, performance: f64, mask: &BitMask) -> f64 {
        performance - self.price.cost(mask.count_ones(), mask.len(), 1.0)
    }

    /// Holds a mask against the best of all; its worth by a guide is the answer.
    fn judge(
        &self,
        state: &mut MemeticState,
        mask: &BitMask,
        guide: Guide,
        arena: &mut Arena<'_, '_>,
    ) -> Result<f64, Error> {
        let worth = self.worth(arena.hold(guide, mask)?.performance(), mask);
        let candidate = arena.candidate(mask.clone())?;
        let better = if self.price.amount > 0.0 {
            worth > state.worth
        } else {
            (candidate.performance, worth) > (state.best.performance, state.worth)
        };
        if better {
            (state.best, state.worth) = (candidate, worth);
        }
        Ok(worth)
    }

    /// A local search is over: what comes next.
    fn advance(
        &self,
        state: &mut MemeticState,
        guide: Guide,
        arena: &mut Arena<'_, '_>,
    ) -> Result<(), Error> {
        let mask = state.cooled.mask.clone();
        if state.stage == Stage::Descent {
            state.spreads.push(self.cooling(1).spread(&mask, guide, arena)?);
            state.stage = Stage::Founder;
            state.cooled = Cooled::from(mask, self.temperature(state));
            return Ok(());
        }
        let worth = self.judge(state, &mask, guide, arena)?;
        match state.stage {
            Stage::Descent | Stage::Over => {}
            Stage::Refinement => state.stage = Stage::Over,
            Stage::Founder => {
                state.members.push(Member { mask, worth });
                if state.members.len() < self.population {
                    self.found(state, arena);
                } else {
                    self.begin_child(state, arena)?;
                }
            }
            Stage::Child => {
                let new = state.members.iter().all(|member| member.mask != mask);
                let least = (0..state.members.len())
                    .min_by(|&a, &b| state.members[a].worth.total_cmp(&state.members[b].worth))
                    .expect("there are founders");
                if new && worth > state.members[least].worth {
                    state.members[least] = Member { mask, worth };
                }
                self.begin_child(state, arena)?;
            }
        }
        Ok(())
    }

    /// Where the temperature of founders starts.
    fn temperature(&self, state: &MemeticState) -> f64 {
        self.share * state.spreads.iter().sum::<f64>() / state.spreads.len().max(1) as f64
    }

    /// Draws the next founder.
    fn found(&self, state: &mut MemeticState, arena: &Arena<'_, '_>) {
        let mask = self.random_mask(arena, state.begun);
        state.stage = Stage::Descent;
        state.begun += 1;
        state.cooled = Cooled::from(mask, 0.0);
    }

    /// Crosses two members, or goes on to the refinement.
    fn begin_child(&self, state: &mut MemeticState, arena: &mut Arena<'_, '_>) -> Result<(), Error> {
        if state.stage != Stage::Child {
            (state.stage, state.begun) = (Stage::Child, 0);
        }
        if state.begun == self.children {
            let problem = arena.problem();
            let solved = self.price.amount == 0.0 && problem.solved(&state.best.mask, state.best.performance);
            if self.refine_flips == 0 || !problem.has_refinement() || solved {
                state.stage = Stage::Over;
                return Ok(());
            }
            let mask = state.best.mask.clone();
            let spread = self.cooling(1).spread(&mask, Guide::Refinement, arena)?;
            // What is worth most by the objective need not be so by the refinement.
            let performance = arena.hold(Guide::Refinement, &mask)?.performance();
            state.worth = self.worth(performance, &mask);
            state.stage = Stage::Refinement;
            state.cooled = Cooled::from(mask, self.refine_heat * spread);
            return Ok(());
        }
        let number = state.begun;
        state.begun += 1;
        let mut rng = arena.seed().stream(PARENTS, number, 0);
        let members = &state.members;
        let first = index_below(&mut rng, members.len());
        let mut child = members[first].mask.clone();
        if self.crossover && members.len() > 1 {
            let other = index_below(&mut rng, members.len() - 1);
            let second = &members[other + usize::from(other >= first)].mask;
            let linkage = arena.problem().objective().linkage();
            cross(&mut child, second, &linkage, &mut arena.seed().stream(CROSSOVER, number, 0));
        }
        state.cooled = Cooled::from(child, self.reheat * self.temperature(state));
        Ok(())
    }
}
