//! Searches for masks as runs: interrupted or not, on any number of threads, with the front of those that
//! look for one.

use std::ops::ControlFlow;

use crate::common::small_spec;
use serde_json::Value;
use slt_datasets::paper::{PaperData, PaperName};
use slt_ga::pareto::dominates;
use slt_ga::{AdaptiveBound, GaConfig, Memetic, Nsga2, Umda};
use slt_mlp::{Evaluator, InstructionSet, MetricName, Network, SignedMask, Ticket};
use slt_run::{
    Error, FrontPoint, Goal, Going, HoldOut, MaskOption, MaskOptions, MaskSearchRecord, MaskSearchSpec,
    PreparedMaskSearch, RunRecord, RunSpec, SearchAlgorithm, SearchMethod, Searched, Watch, steps_of,
};
use slt_search::{Batch, Budget, Price, Rank, StopReason, UnitDescent};

fn spec(method: SearchMethod) -> MaskSearchSpec {
    let small = small_spec(1, 0);
    let goal = Goal { judge: Some(MetricName::Accuracy), ..Goal::only(MetricName::CrossEntropy) };
    let (data, network, search_seed) = (small.data, small.network, small.search_seed);
    MaskSearchSpec { data, network, signed: false, method, goal, budget: Budget::NONE, search_seed }
}

fn genetic(generations: u64) -> GaConfig {
    small_spec(1, generations).config
}

/// Of the methods that go from generation to generation, with so many.
fn methods(generations: u64) -> [SearchMethod; 3] {
    [
        SearchMethod::Nsga2(Nsga2 { population: 12, generations, ..Nsga2::default() }),
        SearchMethod::Umda(Umda { samples: 20, selected: 5, generations, ..Umda::default() }),
        SearchMethod::Genetic(genetic(generations)),
    ]
}

/// Ends a search after so many steps.
struct Until(u64);

impl Watch for Until {
    fn step(&mut self, going: &Going, _: &dyn Fn() -> Vec<u8>) -> ControlFlow<()> {
        if going.steps >= self.0 { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
    }
}

fn search(spec: &MaskSearchSpec, checkpoint: Option<&[u8]>, steps: u64, threads: usize) -> Searched {
    let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
    pool.install(|| {
        let prepared =
            PreparedMaskSearch::on(spec, &spec.data.load().unwrap(), InstructionSet::detect()).unwrap();
        prepared.search(checkpoint, &mut Until(steps)).unwrap()
    })
}

#[test]
fn interruptions_and_threads_change_nothing() {
    for method in methods(9) {
        let spec = spec(method);
        let RunRecord::MaskSearch(whole) = RunSpec::from(spec.clone()).compute().unwrap() else {
            panic!("another kind of record");
        };
        assert_eq!((whole.steps, whole.stop_reason), (9, StopReason::MaxGenerations));
        for threads in [1, 2] {
            assert_eq!(search(&spec, None, u64::MAX, threads).record, whole, "{}", spec.method.name());
        }
        for steps in [0, 4] {
            let part = search(&spec, None, steps, 2);
            assert_eq!(part.record.stop_reason, StopReason::Interrupted);
            assert_eq!(steps_of(&part.checkpoint, &spec).unwrap(), steps);
            let resumed = search(&spec, Some(&part.checkpoint), u64::MAX, 1);
            assert_eq!(resumed.record, whole, "{} from {steps}", spec.method.name());
        }
    }
}

fn unit_descent() -> SearchMethod {
    let batches = vec![Batch { samples: 150, sweeps: 2 }, Batch { samples: 0, sweeps: 1 }];
    let price = Price { ramp: 0.5, ..Price::per_weight(1e-3) };
    SearchMethod::UnitDescent(UnitDescent { batches, passes: 2, price, ..UnitDescent::default() })
}

/// By units, on four of the digits.
fn on_digits(signed: bool) -> MaskSearchSpec {
    let data = PaperData { classes: Some(4), ..PaperData::new(PaperName::Digits) };
    let mut spec = spec(unit_descent());
    spec.signed = signed;
    spec.data = slt_run::canonical_data(data).unwrap().into();
    spec.network.architecture = "64,12,8,4".parse().unwrap();
    spec
}

/// What is held from step to step is a function of the mask: a search that goes on from a file holds the
/// same.
#[test]
fn a_search_by_units_is_the_same_however_it_is_run() {
    is_the_same_however_it_is_run(&on_digits(false));
    is_the_same_however_it_is_run(&on_digits(true));
}

fn is_the_same_however_it_is_run(spec: &MaskSearchSpec) {
    let whole = search(spec, None, u64::MAX, 1).record;
    assert_eq!((whole.steps, whole.stop_reason), (3 * (12 + 8 + 4), StopReason::Finished));
    assert!(whole.best.train_accuracy > 0.9, "{}", whole.best.train_accuracy);
    for threads in [2, 4] {
        assert_eq!(search(spec, None, u64::MAX, threads).record, whole, "{threads} threads");
    }
    for steps in [0, 1, 30, 50] {
        let part = search(spec, None, steps, 2);
        assert_eq!(part.record.steps, steps);
        let resumed = search(spec, Some(&part.checkpoint), u64::MAX, 1);
        assert_eq!(resumed.record, whole, "from {steps}");
    }
    let portable =
        PreparedMaskSearch::on(spec, &spec.data.load().unwrap(), InstructionSet::Portable).unwrap();
    assert_eq!(portable.search(None, &mut Until(u64::MAX)).unwrap().record, whole);
}

/// Where weights may be inverted, the record says of the ticket what the ticket says.
#[test]
fn a_signed_search_finds_a_signed_ticket() {
    let spec = on_digits(true);
    assert!(spec.hash() != on_digits(false).hash());
    let record = search(&spec, None, u64::MAX, 2).record;
    let network = Network::from_recipe(spec.network.clone()).unwrap();
    let mask = SignedMask::from_bits(&record.best.mask).unwrap();
    assert_eq!(mask.to_bits(), record.best.mask);
    let ticket = Ticket::signed(network, mask).unwrap();
    assert!(ticket.inverted().is_some());
    let data = spec.data.load().unwrap();
    let best = &record.best;
    assert_eq!(best.train_accuracy, ticket.accuracy(&data.train).unwrap());
    assert_eq!(best.test_accuracy, ticket.accuracy(&data.test).unwrap());
    assert_eq!(best.train_loss, ticket.cross_entropy(&data.train).unwrap());
    assert_eq!(best.sparsity, ticket.sparsity());
    assert_eq!(record.performance, best.train_accuracy);
    let unsigned = search(&on_digits(false), None, u64::MAX, 2).record;
    assert!(best.train_loss < unsigned.best.train_loss, "{} {}", best.train_loss, unsigned.best.train_loss);
    // A checkpoint of the other kind is another run's.
    let checkpoint = search(&spec, None, 3, 2).checkpoint;
    let refused = steps_of(&checkpoint, &on_digits(false));
    let Err(Error::OtherRun { field, checkpoint, given }) = refused else { panic!("it is another run") };
    assert_eq!([field, checkpoint, given], ["signed", "true", "absent"]);
}

/// Other algorithms do not know what two bits of a weight have to do with each other.
#[test]
fn signed_masks_need_units() {
    let memetic = spec(SearchMethod::Memetic(Memetic::for_bits(264)));
    let signed = MaskSearchSpec { signed: true, ..memetic };
    let refused = PreparedMaskSearch::on(&signed, &signed.data.load().unwrap(), InstructionSet::detect());
    assert!(matches!(refused, Err(Error::SignsNeedUnits { method: "memetic" })));
}

#[test]
fn units_need_a_mean_of_losses() {
    let mut spec = spec(unit_descent());
    spec.goal = Goal::only(MetricName::Accuracy);
    let prepared =
        PreparedMaskSearch::on(&spec, &spec.data.load().unwrap(), InstructionSet::detect()).unwrap();
    let refused = prepared.search(None, &mut Until(u64::MAX));
    assert!(matches!(refused, Err(Error::Search(slt_search::Error::NoUnits))));
}

/// The last generation is no part of what a search is, only of when it ends.
#[test]
fn the_last_generation_may_be_raised() {
    for (short, long) in methods(4).into_iter().zip(methods(9)) {
        let (short, long) = (spec(short), spec(long));
        let ended = search(&short, None, u64::MAX, 2);
        assert_eq!(ended.record.steps, 4);
        let raised = search(&long, Some(&ended.checkpoint), u64::MAX, 2);
        assert_eq!(raised.record, search(&long, None, u64::MAX, 2).record);
        let prepared =
            PreparedMaskSearch::on(&short, &short.data.load().unwrap(), InstructionSet::detect()).unwrap();
        assert!(prepared.has_ended(&ended.checkpoint).unwrap());
        let beyond = prepared.search(Some(&raised.checkpoint), &mut Until(u64::MAX));
        assert!(matches!(
            beyond,
            Err(Error::Search(slt_ga::Error::ResumeBeyond { generation: 9, ended: 4, .. }))
        ));
    }
}

fn rank(point: &FrontPoint) -> Rank {
    Rank { performance: point.performance, zeros: point.mask.count_zeros() }
}

#[test]
fn a_front_goes_from_dense_to_sparse_and_says_how_its_points_do() {
    let spec = spec(SearchMethod::Nsga2(Nsga2 { population: 40, generations: 40, ..Nsga2::default() }));
    let record = search(&spec, None, u64::MAX, 2).record;
    let front = &record.front;
    assert!(front.len() > 10 && front.len() <= FrontPoint::MOST, "{} points", front.len());
    for (a, b) in front.iter().zip(&front[1..]) {
        assert!(a.performance > b.performance && a.sparsity < b.sparsity);
        assert!(!dominates(&rank(a), &rank(b)) && !dominates(&rank(b), &rank(a)));
    }
    let (network, data) = (Network::from_recipe(spec.network.clone()).unwrap(), spec.data.load().unwrap());
    let by = |data, metric| Evaluator::new(&network, data, metric).unwrap();
    let (train, test) = (by(&data.train, MetricName::Accuracy), by(&data.test, MetricName::Accuracy));
    let loss = by(&data.train, MetricName::CrossEntropy);
    for point in front {
        assert_eq!(point.performance, -loss.cross_entropy(&point.mask).unwrap());
        assert_eq!(point.train_accuracy, train.accuracy(&point.mask).unwrap());
        assert_eq!(point.test_accuracy, test.accuracy(&point.mask).unwrap());
        assert_eq!(point.sparsity, point.mask.sparsity());
    }
    // The best is judged by the accuracy.
    assert_eq!(record.performance, record.best.train_accuracy);
    assert!(front.iter().all(|point| point.train_accuracy <= record.performance));
}

/// More points than are kept: those that are kept are spread over the sparsities, both ends among them.
#[test]
fn a_long_front_is_thinned_out_evenly() {
    let mut spec = spec(SearchMethod::Nsga2(Nsga2 { population: 150, generations: 150, ..Nsga2::default() }));
    let data = PaperData { classes: Some(5), ..PaperData::new(PaperName::Digits) };
    spec.data = slt_run::canonical_data(data).unwrap().into();
    spec.network.architecture = "64,20,5".parse().unwrap();
    spec.goal = Goal::only(MetricName::CrossEntropy);
    let checkpoint = search(&spec, None, u64::MAX, 2).checkpoint;
    let content = &checkpoint[checkpoint.iter().position(|&byte| byte == b'\n').unwrap() + 1..];
    let whole = slt_search::Checkpoint::<slt_ga::Nsga2State>::from_bytes(content).unwrap();
    let whole = whole.state().front();
    assert!(whole.len() > FrontPoint::MOST, "{} points", whole.len());
    let kept = search(&spec, Some(&checkpoint), u64::MAX, 2).record.front;
    assert!(kept.len() <= FrontPoint::MOST && kept.len() > FrontPoint::MOST / 2, "{} points", kept.len());
    assert_eq!((&kept[0].mask, kept[0].performance), (&whole[0].mask, whole[0].performance));
    assert_eq!(kept[kept.len() - 1].mask, whole[whole.len() - 1].mask);
    // Between neighbours there is no more than a step, or a gap of the front itself.
    let zeros = |mask: &slt_core::BitMask| mask.count_zeros();
    let extent = zeros(&whole[whole.len() - 1].mask) - zeros(&whole[0].mask);
    let widest = whole.windows(2).map(|two| zeros(&two[1].mask) - zeros(&two[0].mask)).max().unwrap();
    for two in kept.windows(2) {
        let gap = zeros(&two[1].mask) - zeros(&two[0].mask);
        assert!(gap <= extent.div_ceil(FrontPoint::MOST - 1) + widest, "{gap} zeros");
    }
}

/// Methods can be compared at equal work: all are told of it in the same units, on the way too.
#[test]
fn a_budget_of_multiply_adds_holds_for_all() {
    let mut methods = methods(1_000_000).to_vec();
    methods.push(SearchMethod::Memetic(Memetic::for_bits(264)));
    for method in methods {
        let mut spec = spec(method);
        spec.budget = Budget::multiply_adds(20_000_000);
        let record = search(&spec, None, u64::MAX, 2).record;
        assert_eq!(record.stop_reason, StopReason::Budget, "{}", spec.method.name());
        assert!((20_000_000..40_000_000).contains(&record.work.multiply_adds), "{:?}", record.work);
        let passed = &record.milestones;
        assert!(passed.len() > 3 && passed.is_sorted_by(|a, b| a.multiply_adds < b.multiply_adds));
        assert!(passed.iter().all(|passed| passed.train_accuracy <= record.performance));
        assert_eq!(record.front.is_empty(), spec.method.name() != "nsga2");
    }
}

#[test]
fn a_genetic_algorithm_is_judged_like_the_others() {
    let mut spec = spec(SearchMethod::Genetic(genetic(30)));
    spec.goal.hold_out = Some(HoldOut { share: 0.25, seed: slt_core::Seed(1) });
    let record = search(&spec, None, u64::MAX, 2).record;
    let data = spec.data.load().unwrap();
    let divided = slt_datasets::split::stratified(&data.train, 0.25, slt_core::Seed(1)).unwrap();
    let network = Network::from_recipe(spec.network.clone()).unwrap();
    let held_out = Evaluator::new(&network, &divided.test, MetricName::Accuracy).unwrap();
    assert_eq!(record.performance, held_out.accuracy(&record.best.mask).unwrap());
}

/// Its random masks are held against a share of the samples.
#[test]
fn a_bound_needs_a_share() {
    let config = GaConfig { bound: Some(AdaptiveBound::fixed(0.6, 10)), ..genetic(3) };
    let mut spec = spec(SearchMethod::Genetic(config));
    let data = spec.data.load().unwrap();
    let refused = PreparedMaskSearch::on(&spec, &data, InstructionSet::detect());
    assert!(matches!(refused, Err(Error::BoundNeedsShare { metric: MetricName::CrossEntropy })));
    spec.goal = Goal::only(MetricName::Accuracy);
    assert_eq!(search(&spec, None, u64::MAX, 2).record.steps, 3);
}

/// Specs and records that are stored already are found and read.
#[test]
fn stored_forms_stay() {
    let memetic = spec(SearchMethod::Memetic(Memetic { population: 2, children: 1, ..Memetic::default() }));
    let json = serde_json::to_value(RunSpec::from(memetic.clone())).unwrap();
    assert_eq!(json["kind"], "mask-search");
    assert_eq!((&json["method"]["algorithm"], &json["method"]["children"]), (&"memetic".into(), &1.into()));
    assert_eq!(memetic.hash(), "acb7861fa215fc1cd50a2013afcf2de8edee40bbdb336b4c37da6fda9b73eade");
    assert_eq!(json.get("signed"), None);
    let signed = MaskSearchSpec { signed: true, ..memetic.clone() };
    let json = serde_json::to_value(&signed).unwrap();
    assert_eq!(json["signed"], true);
    assert_eq!(serde_json::from_value::<MaskSearchSpec>(json).unwrap(), signed);
    let names = methods(3).map(|method| serde_json::to_value(method).unwrap()["algorithm"].clone());
    assert_eq!(names, ["nsga2", "umda", "ga"]);

    let mut memetic = memetic;
    memetic.budget = Budget::evaluations(300);
    let record = search(&memetic, None, u64::MAX, 2).record;
    let json = serde_json::to_value(RunRecord::from(record.clone())).unwrap();
    assert_eq!(json.get("front"), None);
    assert_eq!(serde_json::from_value::<MaskSearchRecord>(json).unwrap(), record);
    for method in methods(3) {
        let record = RunRecord::from(search(&spec(method), None, u64::MAX, 2).record);
        let json: Value = serde_json::to_value(&record).unwrap();
        assert_eq!(serde_json::from_value::<RunRecord>(json).unwrap(), record);
    }
}

/// What can be asked for by a name is what runs and tickets have that name of, and takes what it has.
#[test]
fn names_and_options_are_those_of_the_algorithms() {
    let small = small_spec(1, 0);
    let names = SearchAlgorithm::NAMES;
    assert_eq!(names[..4], ["memetic", "anneal", "descent", "late-acceptance"]);
    assert_eq!(names[4..], ["heavy-tailed", "nsga2", "umda", "unit-descent", "ga", "ga-ab"]);
    for name in names {
        let algorithm: SearchAlgorithm = name.parse().unwrap();
        assert_eq!(algorithm.to_string(), *name);
        let SearchAlgorithm::Mask(algorithm) = algorithm else { continue };
        let asked = |options: MaskOptions| {
            options.spec(algorithm, &small.data, small.network.clone(), small.search_seed).unwrap().method
        };
        let usual = asked(MaskOptions::default());
        assert_eq!([algorithm.name(), usual.name()], [*name; 2]);
        assert_eq!(algorithm.has_end(), *name != "heavy-tailed");
        assert_eq!(algorithm.takes(MaskOption::Price), usual.price().is_some());
        let none = MaskOptions::default;
        let price = Some(Price::per_weight(0.5));
        let batches = Some(vec![Batch { samples: 7, sweeps: 7 }]);
        for (option, options) in [
            (MaskOption::Price, MaskOptions { price, ..none() }),
            (MaskOption::Flips, MaskOptions { flips: Some(77), ..none() }),
            (MaskOption::Restarts, MaskOptions { restarts: Some(77), ..none() }),
            (MaskOption::Sweeps, MaskOptions { sweeps: Some(77), ..none() }),
            (MaskOption::Batches, MaskOptions { batches, ..none() }),
            (MaskOption::Passes, MaskOptions { passes: Some(77), ..none() }),
            (MaskOption::Population, MaskOptions { population: Some(77), ..none() }),
            (MaskOption::Children, MaskOptions { children: Some(77), ..none() }),
            (MaskOption::Generations, MaskOptions { generations: Some(77), ..none() }),
        ] {
            assert_eq!(algorithm.takes(option), asked(options) != usual, "{name} {option:?}");
        }
    }
    let taking = |option| -> Vec<_> { SearchAlgorithm::taking(option).map(SearchAlgorithm::name).collect() };
    assert_eq!(taking(MaskOption::Shifts), ["unit-descent"]);
    assert_eq!(taking(MaskOption::Signed), ["unit-descent"]);
    assert_eq!(taking(MaskOption::Population), ["ga", "ga-ab", "memetic", "nsga2", "umda"]);
    assert_eq!(taking(MaskOption::Front), ["descent", "anneal", "late-acceptance", "memetic", "nsga2"]);
}
