//! Many runs: in order, in parallel, interrupted, and beside another process.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

use crate::common::{compute, files, small_spec};
use slt_ga::View;
use slt_run::Error;
use slt_run::{Progress, RunRecord, RunSpec, RunTimes, Runner, Store};

fn specs() -> Vec<RunSpec> {
    (1..=4).map(|seed| small_spec(seed, 30).into()).collect()
}

/// The part of a store that depends on the specs alone.
fn results(folder: &Path) -> BTreeMap<PathBuf, Vec<u8>> {
    let mut found = files(folder);
    found.retain(|path, _| !path.starts_with("times") && !path.starts_with("locks"));
    found
}

/// Counts what is computed, and sets `stop` after so many generations of all runs together.
#[derive(Default)]
struct Watch {
    stop: AtomicBool,
    stop_after: Option<usize>,
    generations: AtomicUsize,
    resumed: AtomicUsize,
    computed: AtomicUsize,
    ignored: Mutex<Vec<PathBuf>>,
}

impl Progress for Watch {
    fn resumed(&self, _index: usize, _step: u64) {
        self.resumed.fetch_add(1, Ordering::Relaxed);
    }

    fn step(&self, _index: usize, _view: &View<'_>) {
        let generations = self.generations.fetch_add(1, Ordering::Relaxed) + 1;
        self.stop.fetch_or(self.stop_after.is_some_and(|limit| generations >= limit), Ordering::Relaxed);
    }

    fn finished(&self, _index: usize, _record: &RunRecord, times: Option<&RunTimes>) {
        self.computed.fetch_add(usize::from(times.is_some()), Ordering::Relaxed);
    }

    fn ignored(&self, path: &Path, _reason: &str) {
        self.ignored.lock().unwrap().push(path.to_owned());
    }
}

fn run(store: &Store, jobs: usize, watch: &Watch) -> Result<Vec<RunRecord>, Error> {
    Runner { store, jobs, stop: &watch.stop }.run(&specs(), watch)
}

#[test]
fn records_come_in_order_and_are_computed_once() {
    let (one, many) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let expected: Vec<RunRecord> = (1..=4).map(|seed| compute(&small_spec(seed, 30)).into()).collect();
    for (folder, jobs) in [(&one, 1), (&many, 3)] {
        let store = Store::open(folder.path()).unwrap();
        let watch = Watch::default();
        assert_eq!(run(&store, jobs, &watch).unwrap(), expected);
        assert_eq!(watch.computed.into_inner(), 4);
        let watch = Watch::default();
        assert_eq!(run(&store, jobs, &watch).unwrap(), expected);
        assert_eq!((watch.computed.into_inner(), watch.generations.into_inner()), (0, 0));
    }
    assert_eq!(results(one.path()), results(many.path()));
}

#[test]
fn an_interrupted_run_goes_on_to_the_same_bytes() {
    let (whole, broken) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    run(&Store::open(whole.path()).unwrap(), 1, &Watch::default()).unwrap();
    let store = Store::open(broken.path()).unwrap();
    for (jobs, stop_after) in [(1, 10), (2, 25), (1, 1)] {
        let watch = Watch { stop_after: Some(stop_after), ..Watch::default() };
        assert!(matches!(run(&store, jobs, &watch), Err(Error::Interrupted)));
    }
    let checkpoints = || fs::read_dir(broken.path().join("checkpoints")).unwrap().count();
    assert!(checkpoints() > 0);
    let watch = Watch::default();
    run(&store, 2, &watch).unwrap();
    assert!(watch.resumed.into_inner() > 0);
    assert_eq!(checkpoints(), 0);
    assert_eq!(results(broken.path()), results(whole.path()));
}

#[test]
fn what_is_damaged_is_computed_again() {
    let folder = tempfile::tempdir().unwrap();
    let store = Store::open(folder.path()).unwrap();
    run(&store, 1, &Watch::default()).unwrap();
    let expected = results(folder.path());
    let record = folder.path().join("runs").join(specs()[1].hash() + ".json");
    let mut bytes = fs::read(&record).unwrap();
    let middle = bytes.len() / 2;
    bytes[middle] ^= 1;
    fs::write(&record, &bytes).unwrap();
    // And a checkpoint of another run where its own would be.
    let checkpoint = folder.path().join("checkpoints").join(specs()[1].hash() + ".ckpt");
    fs::write(&checkpoint, "nonsense").unwrap();

    let watch = Watch::default();
    run(&store, 1, &watch).unwrap();
    assert_eq!(*watch.ignored.lock().unwrap(), [record, checkpoint]);
    assert_eq!(watch.computed.into_inner(), 1);
    assert_eq!(results(folder.path()), expected);
}

#[test]
fn two_at_once_do_not_compute_twice() {
    let folder = tempfile::tempdir().unwrap();
    let stores = [(); 2].map(|()| Store::open(folder.path()).unwrap());
    let watches = [Watch::default(), Watch::default()];
    let records = std::thread::scope(|scope| {
        let both = [0, 1].map(|i| {
            let (store, watch) = (&stores[i], &watches[i]);
            scope.spawn(move || run(store, 2, watch).unwrap())
        });
        both.map(|one| one.join().unwrap())
    });
    assert_eq!(records[0], records[1]);
    assert_eq!(watches.map(|watch| watch.computed.into_inner()).iter().sum::<usize>(), 4);
}

#[test]
fn waiting_for_another_process_can_be_interrupted() {
    let folder = tempfile::tempdir().unwrap();
    let store = Store::open(folder.path()).unwrap();
    let other = fs::File::create(folder.path().join("locks").join(specs()[0].hash())).unwrap();
    other.lock().unwrap();
    // It is told of this file just before it waits.
    fs::write(folder.path().join("runs").join(format!("{}.json", specs()[0].hash())), "no record").unwrap();
    let watch = Watch::default();
    std::thread::scope(|scope| {
        let waiting = scope.spawn(|| run(&store, 1, &watch));
        while watch.ignored.lock().unwrap().is_empty() {
            std::thread::yield_now();
        }
        watch.stop.store(true, Ordering::Relaxed);
        assert!(matches!(waiting.join().unwrap(), Err(Error::Interrupted)));
    });
    assert_eq!(watch.generations.into_inner(), 0);
}

#[test]
fn an_error_is_told_rather_than_the_interruption_it_causes() {
    let folder = tempfile::tempdir().unwrap();
    let store = Store::open(folder.path()).unwrap();
    let (long, mut wrong) = (small_spec(1, 1_000_000), small_spec(2, 1_000_000));
    // A network for other data: known only when the run is prepared.
    wrong.network.architecture = "2,4,2".parse().unwrap();
    let specs = [long.into(), wrong.into()];
    let stop = AtomicBool::new(false);
    let result = Runner { store: &store, jobs: 2, stop: &stop }.run(&specs, &());
    assert!(matches!(result, Err(Error::Mlp(slt_mlp::Error::FeatureCount { .. }))), "{result:?}");
}
