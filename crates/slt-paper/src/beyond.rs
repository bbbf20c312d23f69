//! Searches for masks beyond the paper's genetic algorithm, and how much each of them may ask.

use slt_core::Seed;
use slt_datasets::paper::{PaperData, PaperName};
use slt_ga::{Memetic, Nsga2, Termination, Umda};
use slt_mlp::{Architecture, MetricName, Recipe};
use slt_plot::{Color, Dash};
use slt_search::{Annealing, Budget, Cooling, Descent, HeavyTailed, LateAcceptance, Price};

use crate::genetic::Ga;
use crate::{Error, Plan};
use slt_run::{Goal, MaskSearchSpec, SearchMethod};

/// A search for a mask.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) enum OtherSearch {
    /// [`MaskSearchSpec::usual`], to its end.
    Memetic,
    /// The same where an active weight has to be worth this much of the objective.
    Priced(f64),
    /// The memetic search without one of its parts.
    Without(MemeticPart),
    /// One cooling, with all flips of the memetic search.
    Annealing,
    /// Sweeps through all bits to a local optimum.
    Descent,
    /// See [`LateAcceptance`].
    LateAcceptance,
    /// See [`HeavyTailed`].
    HeavyTailed,
    /// See [`Umda`].
    Umda,
    /// See [`Nsga2`].
    Nsga2,
    /// The paper's genetic algorithm with the paper's objective, without an end of its own.
    Genetic,
}

/// A part of the memetic search.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum MemeticPart {
    /// A child is a copy of one parent, cooled.
    Crossover,
    /// Neither founders nor children are cooled: founders descend once, children are as crossed.
    LocalSearch,
    /// One founder is cooled with all the flips.
    Restarts,
}

impl MemeticPart {
    /// All of them.
    pub(crate) const ALL: [Self; 3] = [Self::Crossover, Self::LocalSearch, Self::Restarts];
}

/// The part of a local search in which a price rises.
const RAMP: f64 = 0.5;

/// More than any budget allows: of what would end a search before its budget.
const NO_END: u64 = 1_000_000_000;

/// A flip that is asked about and then taken counts twice.
const ASKED_AND_TAKEN: u128 = 2;

impl OtherSearch {
    /// The name in figures and tables.
    pub(crate) fn label(self) -> &'static str {
        match self {
            Self::Memetic => "Memetic",
            Self::Priced(_) => "Memetic, priced",
            Self::Without(MemeticPart::Crossover) => "Memetic without crossover",
            Self::Without(MemeticPart::LocalSearch) => "Memetic without local search",
            Self::Without(MemeticPart::Restarts) => "Memetic without restarts",
            Self::Annealing => "Annealing",
            Self::Descent => "Descent",
            Self::LateAcceptance => "Late acceptance",
            Self::HeavyTailed => "Heavy-tailed mutation",
            Self::Umda => "UMDA",
            Self::Nsga2 => "NSGA-II",
            Self::Genetic => "GA of the paper",
        }
    }

    /// The colour in all figures. Hues that the paper's methods have in other figures come again.
    pub(crate) fn color(self) -> Color {
        Color::Series(match self {
            Self::Memetic | Self::Priced(_) | Self::Without(_) => 4,
            Self::Annealing => 1,
            Self::Descent => 5,
            Self::LateAcceptance => 6,
            Self::HeavyTailed => 9,
            Self::Umda | Self::Nsga2 => 8,
            Self::Genetic => 0,
        })
    }

    /// The dashing of its curve: the memetic search is the one that is looked at.
    pub(crate) fn dash(self) -> Dash {
        match self {
            Self::Memetic => Dash::Solid,
            Self::Descent => Dash::Dotted,
            _ => Dash::Auto,
        }
    }

    /// A run of it. All but the memetic search, with or without a price, may ask as much as [`work`] says,
    /// and [`Plan::limit`] holds for all.
    ///
    /// # Errors
    /// If the data are impossible.
    pub(crate) fn spec(
        self,
        plan: &Plan,
        data: PaperData,
        network: Recipe,
        seed: Seed,
    ) -> Result<MaskSearchSpec, Error> {
        let mut spec = MaskSearchSpec::usual(data.into(), network, seed)?;
        let n_bits = spec.network.architecture.n_weights();
        let mut memetic = match spec.method {
            SearchMethod::Memetic(memetic) => memetic,
            _ => spec.goal.memetic(n_bits),
        };
        plan.shorten_memetic(&mut memetic);
        let budget = work(&memetic, &spec.goal, spec.data.shape()?.samples, &spec.network.architecture);
        spec.budget = Budget::multiply_adds(budget);
        let flips = flips(&memetic, n_bits);
        let flips = flips[0] + flips[1];
        spec.method = match self {
            Self::Memetic => SearchMethod::Memetic(memetic),
            Self::Priced(amount) => {
                let price = Price { ramp: RAMP, ..Price::per_weight(amount) };
                if amount > 0.0 {
                    spec.goal = spec.goal.priced();
                }
                SearchMethod::Memetic(Memetic { price, ..memetic })
            }
            Self::Without(part) => SearchMethod::Memetic(without(part, &memetic, n_bits)),
            Self::Annealing => {
                let usual = Annealing::default();
                let cooling = Cooling { flips, ..usual.cooling };
                SearchMethod::Annealing(Annealing { cooling, ..usual })
            }
            Self::Descent => SearchMethod::Descent(Descent { sweeps: NO_END, ..Descent::default() }),
            Self::LateAcceptance => {
                SearchMethod::LateAcceptance(LateAcceptance { flips: NO_END, ..LateAcceptance::default() })
            }
            Self::HeavyTailed => SearchMethod::HeavyTailed(HeavyTailed::default()),
            Self::Umda => SearchMethod::Umda(Umda { generations: NO_END, ..Umda::default() }),
            Self::Nsga2 => SearchMethod::Nsga2(Nsga2 { generations: NO_END, ..Nsga2::default() }),
            Self::Genetic => {
                let ga = Ga::new(objective(data.name));
                spec.goal = Goal::only(ga.metric);
                let mut config = ga.config(data, &spec.network.architecture)?;
                plan.shorten(data.name, ga.metric, &mut config);
                let Termination { stop_when_solved, .. } = config.termination;
                config.termination = Termination {
                    min_generations: NO_END,
                    patience: None,
                    looks: None,
                    max_generations: Some(NO_END),
                    stop_when_solved,
                };
                SearchMethod::Genetic(config)
            }
        };
        match self {
            Self::Memetic | Self::Priced(_) => spec.budget = Budget::NONE,
            Self::Without(MemeticPart::LocalSearch) => spec.goal.refinement = None,
            _ => {}
        }
        plan.limit(&mut spec.budget);
        Ok(spec)
    }
}

/// What the paper's genetic algorithm maximises.
fn objective(data: PaperName) -> MetricName {
    match data {
        PaperName::Moons | PaperName::Circles => MetricName::Accuracy,
        PaperName::Blobs | PaperName::Digits => MetricName::CrossEntropy,
    }
}

/// The memetic search without a part. What is left takes the flips, or else the budget ends it.
fn without(part: MemeticPart, memetic: &Memetic, n_bits: usize) -> Memetic {
    match part {
        MemeticPart::Crossover => Memetic { crossover: false, ..memetic.clone() },
        MemeticPart::LocalSearch => {
            Memetic { founder_flips: 1, children: NO_END, child_flips: 1, refine_flips: 0, ..memetic.clone() }
        }
        MemeticPart::Restarts => {
            // As for any founder, a descent comes first.
            let [searched, _] = flips(memetic, n_bits);
            Memetic {
                population: 1,
                founder_flips: searched.saturating_sub(n_bits as u64).max(1),
                children: 0,
                ..memetic.clone()
            }
        }
    }
}

/// Flips that a memetic search proposes: of its founders, which descend with as many as there are bits before
/// they are cooled, and children; of its refinement.
fn flips(memetic: &Memetic, n_bits: usize) -> [u64; 2] {
    let founders = memetic.population as u64 * (n_bits as u64 + memetic.founder_flips);
    [founders + memetic.children * memetic.child_flips, memetic.refine_flips]
}

/// The multiply-adds that the searches of a cell may take beside a memetic one,
///
/// W = 2 · (F·S + R·N) · c,
///
/// for F flips of the memetic search on the S samples that its moves are judged on and R flips of its
/// refinement on all N training samples; c is what a flip takes of a sample (see [`weights_of_a_flip`]), and
/// the 2 is for flips that are taken. It is known before anything is run, whatever a memetic search really
/// takes.
pub(crate) fn work(memetic: &Memetic, goal: &Goal, samples: usize, architecture: &Architecture) -> u64 {
    let [searched, refined] = flips(memetic, architecture.n_weights());
    let seen = goal.samples.map_or(samples, |most| most.min(samples));
    let refined = if goal.refined(seen, samples).is_some() { refined } else { 0 };
    let asked = u128::from(searched) * seen as u128 + u128::from(refined) * samples as u128;
    let [weights, of] = weights_of_a_flip(architecture);
    let work = ASKED_AND_TAKEN * asked * weights / of;
    u64::try_from(work).unwrap_or(u64::MAX)
}

/// The active weights that a random flip takes to the outputs if half of all weights are active, as a
/// fraction: the mean over all weights of 1 + m₁/2 + m₁m₂/4 + m₂m₃/2 + …, where m₁, m₂, … are the sizes of
/// the layers behind the neuron that it leads to. (Half of the neurons of m₁ are reached, and from them
/// nearly all of the layers after it.)
fn weights_of_a_flip(architecture: &Architecture) -> [u128; 2] {
    let shapes: Vec<(usize, usize)> = architecture.layer_shapes().collect();
    let quarters = |layer: usize| -> usize {
        let behind = shapes[layer + 1..].iter().enumerate().map(|(depth, &(n_in, n_out))| match depth {
            0 => 2 * n_out,
            1 => n_in * n_out,
            _ => 2 * n_in * n_out,
        });
        4 + behind.sum::<usize>()
    };
    let sum: usize =
        shapes.iter().enumerate().map(|(layer, &(n_in, n_out))| n_in * n_out * quarters(layer)).sum();
    [sum as u128, 4 * architecture.n_weights() as u128]
}

#[cfg(test)]
mod tests {
    use slt_ga::GaConfig;
    use slt_mlp::Initializer;

    use super::*;
    use crate::Scale;

    fn spec(search: OtherSearch, scale: Scale) -> MaskSearchSpec {
        let plan = Plan::new(scale, None).unwrap();
        let architecture = Architecture::new(vec![2, 20, 2]).unwrap();
        let network = Recipe { architecture, initializer: Initializer::paper(), seed: Seed(1) };
        search.spec(&plan, PaperData::new(PaperName::Circles), network, Seed(1)).unwrap()
    }

    #[test]
    fn weights_behind_a_flip() {
        let of = |sizes: &[usize]| {
            let [weights, of] = weights_of_a_flip(&Architecture::new(sizes.to_vec()).unwrap());
            weights as f64 / of as f64
        };
        // 40 weights lead to a neuron with one active weight of two behind it; 40 to an output.
        assert_eq!(of(&[2, 20, 2]), (40.0 * 2.0 + 40.0 * 1.0) / 80.0);
        // Behind one of the first layer, 25 of 50 neurons are reached, each with one of two weights.
        let deep = (100.0 * (1.0 + 25.0 + 25.0) + 2_500.0 * 2.0 + 100.0) / 2_700.0;
        assert!((of(&[2, 50, 50, 2]) - deep).abs() < 1e-12);
        assert_eq!(of(&[3, 2]), 1.0);
    }

    #[test]
    fn work_follows_from_the_flips() {
        let memetic = Memetic {
            population: 2,
            founder_flips: 100,
            children: 3,
            child_flips: 10,
            refine_flips: 5,
            ..Memetic::default()
        };
        let architecture = Architecture::new(vec![2, 20, 2]).unwrap();
        let goal = Goal {
            samples: Some(1_000),
            refinement: Some(MetricName::Accuracy),
            ..Goal::only(MetricName::Accuracy)
        };
        // 2 (80 + 100) + 3 · 10 flips on 1,000 samples, 5 on all; 1.5 weights a flip.
        let expected = 2 * (390 * 1_000 + 5 * 4_000) * 3 / 2;
        assert_eq!(work(&memetic, &goal, 4_000, &architecture), expected);
        assert_eq!(
            work(&memetic, &Goal { refinement: None, ..goal }, 500, &architecture),
            2 * 390 * 500 * 3 / 2
        );
    }

    #[test]
    fn all_but_the_memetic_search_have_the_same_budget() {
        let searches = [
            OtherSearch::Annealing,
            OtherSearch::Descent,
            OtherSearch::LateAcceptance,
            OtherSearch::HeavyTailed,
        ];
        let populations = [OtherSearch::Umda, OtherSearch::Nsga2, OtherSearch::Genetic];
        let others =
            searches.into_iter().chain(populations).chain(MemeticPart::ALL.map(OtherSearch::Without));
        let budgets: Vec<Budget> = others.map(|search| spec(search, Scale::Paper).budget).collect();
        assert!(budgets[0].multiply_adds.is_some() && budgets.iter().all(|budget| *budget == budgets[0]));
        for search in [OtherSearch::Memetic, OtherSearch::Priced(1e-3)] {
            assert_eq!(spec(search, Scale::Paper).budget, Budget::NONE);
            assert_eq!(spec(search, Scale::Smoke).budget, Budget::evaluations(2_000));
        }
        let [quick, whole] =
            [Scale::Quick, Scale::Paper].map(|scale| spec(OtherSearch::Descent, scale).budget);
        assert!(quick.multiply_adds.unwrap() < whole.multiply_adds.unwrap() / 8);
    }

    #[test]
    fn the_papers_genetic_algorithm_ends_with_its_budget_alone() {
        let spec = spec(OtherSearch::Genetic, Scale::Paper);
        let SearchMethod::Genetic(config) = &spec.method else { panic!("{} is another", spec.method.name()) };
        let own = Ga::new(MetricName::Accuracy)
            .config(PaperData::new(PaperName::Circles), &spec.network.architecture);
        let own = own.unwrap();
        assert_eq!(GaConfig { termination: own.termination, ..config.clone() }, own);
        assert_eq!((config.termination.patience, config.termination.looks), (None, None));
        assert_eq!(spec.goal, Goal::only(MetricName::Accuracy));
    }

    /// The memetic search is what it is without anybody's choice; without a part, it is that but for the
    /// part.
    #[test]
    fn parts_are_left_out_of_the_usual_search() {
        let usual = spec(OtherSearch::Memetic, Scale::Paper);
        assert_eq!(usual, MaskSearchSpec::usual(usual.data.clone(), usual.network.clone(), Seed(1)).unwrap());
        let memetic = |spec: &MaskSearchSpec| match &spec.method {
            SearchMethod::Memetic(memetic) => memetic.clone(),
            other => panic!("{} is not memetic", other.name()),
        };
        let whole = memetic(&usual);
        let of = |part| memetic(&spec(OtherSearch::Without(part), Scale::Paper));
        assert_eq!(of(MemeticPart::Crossover), Memetic { crossover: false, ..whole.clone() });
        let alone = of(MemeticPart::Restarts);
        assert_eq!((alone.population, alone.children), (1, 0));
        assert_eq!(flips(&whole, 80), flips(&alone, 80));
        let crossed = of(MemeticPart::LocalSearch);
        assert_eq!((crossed.founder_flips, crossed.child_flips, crossed.refine_flips), (1, 1, 0));
        let priced = memetic(&spec(OtherSearch::Priced(1e-4), Scale::Paper));
        assert_eq!(Memetic { price: Price::NONE, ..priced.clone() }, whole);
        assert_eq!(priced.price.amount, 1e-4);
    }
}
