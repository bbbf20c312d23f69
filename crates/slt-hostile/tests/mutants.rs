//! Mutants of every format are read: without a panic, to an end, in little memory.
//!
//! The environment variable `SLT_MUTANTS` says how many of each format, if not some thousand; with
//! `--nocapture` a line for each format says how far they came, how long the slowest took, and how much
//! memory the largest.

use std::panic::{self, AssertUnwindSafe};
use std::sync::Mutex;
use std::time::{Duration, Instant};

use peak_alloc::PeakAlloc;
use slt_hostile::{Format, Reached, formats};

#[global_allocator]
static MEMORY: PeakAlloc = PeakAlloc;

/// The allocator counts what all threads take, so one format is read at a time.
static ALONE: Mutex<()> = Mutex::new(());

/// Mutants of each format if nothing else is said.
const MUTANTS: u64 = 2_000;

/// Memory that reading a file may take: so much, and so many times the file.
const FREE_MEMORY: usize = 64 << 20;
const TIMES_THE_FILE: usize = 10;

fn n_mutants() -> u64 {
    let given = std::env::var("SLT_MUTANTS").ok();
    given.map_or(MUTANTS, |given| given.parse().expect("SLT_MUTANTS is a number of mutants"))
}

/// The largest of what was measured, with the number of its mutant.
#[derive(Default)]
struct Largest<T> {
    value: T,
    mutant: u64,
}

impl<T: PartialOrd> Largest<T> {
    fn see(&mut self, value: T, mutant: u64) {
        if value > self.value {
            (self.value, self.mutant) = (value, mutant);
        }
    }
}

fn check(format: &Format) {
    let _alone = ALONE.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
    let corpus = format.corpus().expect("there is a corpus");
    assert!(!corpus.is_empty(), "{}: the corpus is empty", format.name);
    for (place, file) in corpus.iter().enumerate() {
        assert_eq!((format.read)(file), Reached::Accepted, "{}: file {place} of the corpus", format.name);
        let again = (format.parts)(file).map(|parts| (format.read)(&(format.join)(&parts)));
        assert_eq!(again, Some(Reached::Accepted), "{}: the parts of file {place}", format.name);
    }
    let n = n_mutants();
    let (mut inside, mut accepted) = (0, 0);
    let (mut time, mut memory) = (Largest::<Duration>::default(), Largest::<usize>::default());
    for number in 0..n {
        let mutant = format.mutant(&corpus, number);
        MEMORY.reset_peak_usage();
        let (before, start) = (MEMORY.current_usage(), Instant::now());
        let reached = panic::catch_unwind(AssertUnwindSafe(|| (format.read)(&mutant)));
        time.see(start.elapsed(), number);
        let taken = MEMORY.peak_usage().saturating_sub(before);
        memory.see(taken, number);
        let reached = reached.unwrap_or_else(|_| panic!("{}: mutant {number} panics", format.name));
        let most = FREE_MEMORY + TIMES_THE_FILE * mutant.len();
        assert!(
            taken <= most,
            "{}: mutant {number} of {} bytes takes {taken} bytes",
            format.name,
            mutant.len()
        );
        inside += u64::from(reached >= Reached::Inside);
        accepted += u64::from(reached == Reached::Accepted);
    }
    let share = |count: u64| 100.0 * count as f64 / n as f64;
    println!(
        "{:22} {n:7} mutants  past the outside {:5.1} %  accepted {:5.1} %  slowest {:7.1} ms (mutant {})  \
         memory {:8.2} MB (mutant {})",
        format.name,
        share(inside),
        share(accepted),
        1e3 * time.value.as_secs_f64(),
        time.mutant,
        memory.value as f64 / 1e6,
        memory.mutant,
    );
    assert!(share(inside) > 25.0, "{}: hardly any mutant comes as far as the content", format.name);
}

macro_rules! formats {
    ($($test:ident: $format:ident),* $(,)?) => {
        $(
            #[test]
            fn $test() {
                check(&formats::$format);
            }
        )*

        #[test]
        fn no_format_is_left_out() {
            let tested = [$(formats::$format.name),*];
            assert!(formats::ALL.iter().all(|format| tested.contains(&format.name)));
        }
    };
}

formats! {
    tickets: TICKET,
    lean_tickets: LEAN,
    csv: CSV,
    later_csv: TRAINED_TABLE,
    idx: IDX,
    npy: NPY,
    npz: NPZ,
    gzip: GZIP,
    checkpoints_of_searches: SEARCH,
    checkpoints_of_edge_popup: EDGE_POPUP,
    checkpoints_of_mlps: MLP,
    records: RECORD,
    checkpoints_of_runs: RUN_CHECKPOINT,
}
