//! Verdicts by bootstrap over seeds: the unchanged test, on runs drawn with replacement.

use std::collections::{BTreeMap, HashMap};
use std::rc::Rc;
use std::sync::{Arc, Mutex, PoisonError};

use slt_core::random::below;
use slt_core::{Purpose, Seed};
use slt_stats::Interval;

use super::evidence::{Draw, Evidence, Test};
use super::verdict::{Finding, Verdict};
use crate::Error;

const BOOTSTRAP: Purpose = Purpose::new("resample");

/// The seed of all draws: verdicts are the same every time.
const SEED: Seed = Seed(1);

/// Draws of a claim.
pub(super) const DRAWS: u64 = 2_000;

/// Of so many runs and fewer, draws are the same again and again: four to the fourth power are 256.
const FEW_RUNS: u64 = 4;

/// From which share of passing draws on a claim holds; up to one minus that it does not.
const SURE: f64 = 0.95;

/// What came of all draws.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Drawn {
    /// The share that passes the test.
    pub(super) p: f64,
    /// The margin of the condition that is met least, in standard errors: its standard deviation over the
    /// draws. `None` where no condition varies.
    pub(super) margin: Option<f64>,
    /// 95 % interval of the number in each condition; none where it does not vary.
    pub(super) intervals: Vec<Option<Interval>>,
}

/// All draws of `runs` runs: the same for every claim, so they are made once.
fn draws_of(runs: u64) -> Arc<[Draw]> {
    static KNOWN: Mutex<BTreeMap<u64, Arc<[Draw]>>> = Mutex::new(BTreeMap::new());
    let draw = |index| {
        let places = |which| {
            let mut rng = SEED.stream(BOOTSTRAP, index, which);
            (0..runs).map(|_| below(&mut rng, runs) as usize).collect()
        };
        Draw { networks: places(0), trainings: places(1) }
    };
    let mut known = KNOWN.lock().unwrap_or_else(PoisonError::into_inner);
    Arc::clone(known.entry(runs).or_insert_with(|| (0..DRAWS).map(draw).collect()))
}

/// Repeats a test on runs drawn with replacement.
pub(super) fn draw(evidence: &Evidence<'_>, test: Test, finding: &Finding) -> Result<Drawn, Error> {
    let mut passed = 0;
    let mut margins: Vec<Vec<f64>> = vec![Vec::new(); finding.conditions.len()];
    let mut values = margins.clone();
    let mut known: HashMap<&Draw, Rc<Finding>> = HashMap::new();
    let draws = draws_of(evidence.runs());
    for draw in &*draws {
        let drawn = match known.get(draw) {
            Some(found) => Rc::clone(found),
            None => {
                let found = Rc::new(evidence.drawn(draw).finding(test)?);
                if evidence.runs() <= FEW_RUNS {
                    known.insert(draw, Rc::clone(&found));
                }
                found
            }
        };
        passed += u64::from(drawn.met);
        for ((margins, values), condition) in margins.iter_mut().zip(&mut values).zip(&drawn.conditions) {
            margins.push(condition.margin);
            values.push(condition.value);
        }
    }
    let in_errors = finding.conditions.iter().zip(&margins).filter_map(|(condition, margins)| {
        let error = slt_stats::sd(margins, 1).ok().filter(|&error| error > 0.0 && error.is_finite())?;
        Some(condition.margin / error)
    });
    let margin = in_errors.reduce(f64::min);
    let intervals = values.into_iter().map(interval).collect();
    Ok(Drawn { p: passed as f64 / DRAWS as f64, margin, intervals })
}

/// The middle 95 % of the draws; none if all are equal.
fn interval(mut values: Vec<f64>) -> Option<Interval> {
    values.retain(|value| value.is_finite());
    values.sort_by(f64::total_cmp);
    let at = |share: f64| values.get((share * (values.len().max(1) - 1) as f64).round() as usize).copied();
    let (low, high) = (at(0.025)?, at(0.975)?);
    (low < high).then_some(Interval { low, high })
}

/// The verdict on a claim that a share `p` of the draws passes.
pub(super) fn verdict(p: f64) -> Verdict {
    if p >= SURE {
        Verdict::Holds
    } else if p <= 1.0 - SURE {
        Verdict::DoesNotHold
    } else {
        Verdict::Open
    }
}

/// Verdicts on made-up experiments whose truth is known: how often they are wrong.
#[cfg(test)]
mod simulation {
    use rand::distr::Distribution;
    use rayon::prelude::*;
    use slt_core::StreamRng;
    use slt_core::random::StandardNormal;
    use slt_datasets::paper::PaperName::Moons;

    use super::super::claim::{Basis, Claim, Needs};
    use super::*;
    use crate::arm::{ARCHITECTURES, Arm};
    use crate::method::Method;
    use crate::quantity::Quantity;
    use crate::{Plan, Protocol, Scale};
    use slt_run::Records;

    /// Made-up experiments for each form of test and each truth.
    const EXPERIMENTS: u64 = 1_000;

    /// Runs of an arm.
    const RUNS: usize = 25;

    /// Standard deviation of the runs, in points.
    const SD: f64 = 2.0;

    /// Standard error of a mean, in points.
    const SE: f64 = SD / 5.0;

    const TRUTH: Purpose = Purpose::new("truth");

    fn ga(place: usize) -> Arm {
        Arm::binary(Method::ga(), Moons, ARCHITECTURES[place])
    }

    fn trained(place: usize) -> Arm {
        Arm::binary(Method::Backpropagation, Moons, ARCHITECTURES[place])
    }

    /// A form of test: its name, true means of the arms `ga(0..4)` and `trained(0..4)` for a truth so many
    /// standard errors outside the threshold, and the test.
    struct Form {
        name: &'static str,
        basis: Basis,
        means: fn(f64) -> ([f64; 4], [f64; 4]),
        test: Test,
    }

    const FORMS: [Form; 6] = [
        Form {
            name: "mean above a threshold",
            basis: Basis::Bootstrap,
            means: |outside| ([90.0 - outside * SE; 4], [95.0; 4]),
            test: |evidence, notes| {
                notes.at_least("mean", evidence.mean(&ga(0))?, 90.0);
                Ok(())
            },
        },
        Form {
            name: "mean in a window",
            basis: Basis::Bootstrap,
            means: |outside| ([93.0 + outside * SE; 4], [95.0; 4]),
            test: |evidence, notes| {
                notes.within("mean", evidence.mean(&ga(0))?, 3.0, 90.0);
                Ok(())
            },
        },
        Form {
            name: "difference of arms with networks of their own",
            basis: Basis::Bootstrap,
            // The standard error of a difference.
            means: |outside| ([90.0; 4], [95.0 - outside * SE * std::f64::consts::SQRT_2; 4]),
            test: |evidence, notes| {
                notes.at_least("gap", evidence.mean(&trained(0))? - evidence.mean(&ga(0))?, 5.0);
                Ok(())
            },
        },
        Form {
            name: "order of four means, one pair the wrong way round",
            basis: Basis::Bootstrap,
            means: |outside| {
                let step = outside * SE * std::f64::consts::SQRT_2;
                ([80.0, 85.0, 90.0, 90.0 - step], [95.0; 4])
            },
            test: |evidence, notes| {
                let means = evidence.means(&[ga(0), ga(1), ga(2), ga(3)])?;
                for pair in means.windows(2) {
                    notes.above("the next one", pair[1], pair[0]);
                }
                Ok(())
            },
        },
        Form {
            name: "four cells, all of them ahead, one is not",
            basis: Basis::Bootstrap,
            means: |outside| {
                let lead = outside * SE * std::f64::consts::SQRT_2;
                ([95.0 - lead, 97.0, 98.0, 99.0], [95.0; 4])
            },
            test: |evidence, notes| {
                for place in 0..4 {
                    notes.above("lead", evidence.mean(&ga(place))?, evidence.mean(&trained(place))?);
                }
                Ok(())
            },
        },
        Form {
            name: "equivalence within 0.3 standard deviations",
            basis: Basis::Intervals,
            // Two arms of four cells of 25 runs: the effect's standard error is the square root of 2 / 100 of
            // the sd. Inside is no effect at all: the window is only two standard errors wide to either side.
            means: |outside| {
                let effect = if outside < 0.0 { 0.0 } else { 0.3 + outside * 0.02_f64.sqrt() };
                ([90.0; 4], [90.0 + effect * SD; 4])
            },
            test: |evidence, notes| {
                let arms = |arm: fn(usize) -> Arm| (0..4).map(arm).collect::<Vec<_>>();
                let comparison = evidence.compare(&arms(ga), &arms(trained))?;
                notes.equivalent("two methods", comparison.as_ref(), 0.3);
                Ok(())
            },
        },
    ];

    /// The share of experiments that are said to hold.
    fn share_that_holds(form: &Form, outside: f64) -> f64 {
        let plan = Plan { scale: Scale::Paper, runs: RUNS as u64 };
        let (of_ga, of_trained) = (form.means)(outside);
        let holds = |experiment: u64| {
            let mut rng = Seed(experiment).stream(TRUTH, outside.to_bits(), form.name.len() as u64);
            let mut runs = |mean: f64| -> Vec<f64> {
                let draw = |rng: &mut StreamRng| -> f64 { StandardNormal.sample(rng) };
                (0..RUNS).map(|_| mean + SD * draw(&mut rng)).collect()
            };
            let mut values = Vec::new();
            for place in 0..4 {
                values.push((ga(place), Quantity::TestAccuracy, runs(of_ga[place])));
                values.push((trained(place), Quantity::TestAccuracy, runs(of_trained[place])));
            }
            let records = Records::new();
            let evidence = Evidence::made_up(&plan, &records, Protocol::Clean, values);
            let claim = Claim::made_up(form.basis, form.test);
            claim.decide_on(&evidence).unwrap().verdict == Verdict::Holds
        };
        let held = (0..EXPERIMENTS).into_par_iter().filter(|&experiment| holds(experiment)).count();
        held as f64 / EXPERIMENTS as f64
    }

    /// One standard error outside the threshold a claim is wrongly said to hold in 5 % of the experiments at
    /// most; well inside it is found to hold, equivalence as often as its narrow window allows. The rate at
    /// the threshold itself is printed.
    #[test]
    fn verdicts_are_seldom_wrong() {
        for form in &FORMS {
            let [inside, at, outside] = [-5.0, 0.0, 1.0].map(|outside| share_that_holds(form, outside));
            println!(
                "{}: holds in {:.1} % of experiments five standard errors inside, {:.1} % at the threshold, {:.1} % one \
                 outside",
                form.name,
                100.0 * inside,
                100.0 * at,
                100.0 * outside
            );
            assert!(outside <= 0.05, "{}: {outside}", form.name);
            let found = if form.basis == Basis::Intervals { 0.25 } else { 0.9 };
            assert!(inside >= found, "{}: {inside}", form.name);
        }
    }

    /// Few runs draw the same again and again, and what is found is then taken from the first time: it is what
    /// each draw finds on its own. The number tells every place of a draw, of networks and of trainings.
    #[test]
    fn repeated_draws_find_what_each_of_them_finds() {
        const TEST: Test = |evidence, notes| {
            let places = [evidence.accuracies(&ga(0))?, evidence.accuracies(&trained(0))?].concat();
            let number = places.iter().fold(0.0, |number, place| 10.0 * number + place);
            notes.at_least("number of the draw", number, 1.3e7);
            Ok(())
        };
        let plan = Plan { scale: Scale::Paper, runs: FEW_RUNS };
        let records = Records::new();
        let values = [ga(0), trained(0)].map(|arm| (arm, Quantity::TestAccuracy, vec![0.0, 1.0, 2.0, 3.0]));
        let evidence = Evidence::made_up(&plan, &records, Protocol::Clean, values.into());

        let draws = draws_of(FEW_RUNS);
        let alone: Vec<Finding> =
            draws.iter().map(|draw| evidence.drawn(draw).finding(TEST).unwrap()).collect();
        let passed = alone.iter().filter(|finding| finding.met).count();
        let numbers: Vec<f64> = alone.iter().map(|finding| finding.conditions[0].value).collect();
        let margins: Vec<f64> = alone.iter().map(|finding| finding.conditions[0].margin).collect();
        let all = evidence.finding(TEST).unwrap();
        let expected = Drawn {
            p: passed as f64 / DRAWS as f64,
            margin: Some(all.conditions[0].margin / slt_stats::sd(&margins, 1).unwrap()),
            intervals: vec![interval(numbers)],
        };
        assert!(expected.p > 0.1 && expected.p < 0.9, "{expected:?}");
        assert_eq!(draw(&evidence, TEST, &all).unwrap(), expected);
    }

    impl Claim {
        /// A claim that is nothing but a test.
        fn made_up(basis: Basis, decide: Test) -> Self {
            Self {
                id: "made-up",
                source: "",
                statement: "",
                test: "",
                published: None,
                basis,
                runs_needed: RUNS as u64,
                has_protocols: false,
                needs: Needs::Arms(Vec::new),
                decide,
                former: None,
            }
        }
    }
}
