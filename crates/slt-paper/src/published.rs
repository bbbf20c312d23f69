//! A reproduction as it is kept in a repository: the runs as archives, figures, verdicts, causes, and a page
//! that says what came out. All of it follows from the runs, so all of it can be checked.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Mutex;
use std::sync::PoisonError;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use serde::{Deserialize, Serialize};
use slt_core::random::below;
use slt_core::{Purpose, Seed};

use crate::causes::Effect;
use crate::{ClaimOutcome, Error, Plan, Scale, Study, Verdicts, page, verdicts};
use slt_run::{RESULTS_VERSION, Records, RunRecord, RunSpec, archive, write_atomically};

const SAMPLE: Purpose = Purpose::new("sample");

/// Name of the file that says what the folder holds.
const STUDY: &str = "study.json";
const CLAIMS: &str = "claims.json";
const CAUSES: &str = "causes.json";
const RUNS: &str = "runs";

/// What a folder holds.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
struct Header {
    results_version: u32,
    scale: Scale,
    runs: u64,
    /// Names of the figures whose runs are all there.
    figures: Vec<String>,
    /// Names of the claims whose runs are all there.
    claims: Vec<String>,
    /// Names of the causes whose runs are all there.
    causes: Vec<String>,
}

/// A reproduction in a folder of a repository, its runs in memory.
#[derive(Debug)]
pub struct Published {
    folder: PathBuf,
    plan: Plan,
    records: Records,
    header: Header,
}

/// What a published reproduction is made of.
struct Contents {
    header: Header,
    outcomes: Vec<ClaimOutcome>,
    effects: Vec<Effect>,
    page: String,
    /// Names and bytes of the figures' files.
    figures: Vec<(String, Vec<u8>)>,
}

impl Contents {
    /// Works all out that the runs suffice for.
    fn of(plan: Plan, records: &Records) -> Result<Self, Error> {
        let study = Study::whole(plan).complete(records)?;
        let outcomes = study.decide(records)?;
        let effects = study.explain(records)?;
        let mut figures = Vec::new();
        for figure in &study.figures {
            let rendered = figure.render(&plan, records)?;
            figures.push((format!("{}.svg", figure.id), rendered.drawing.to_svg()?.into_bytes()));
            figures.push((format!("{}.csv", figure.id), rendered.table.to_csv().into_bytes()));
        }
        let header = Header {
            results_version: RESULTS_VERSION,
            scale: plan.scale,
            runs: plan.runs,
            figures: study.figures.iter().map(|figure| figure.id.to_owned()).collect(),
            claims: study.claims.iter().map(|claim| claim.id.to_owned()).collect(),
            causes: study.causes.iter().map(|cause| cause.id.to_owned()).collect(),
        };
        let page = page::page(&plan, &outcomes, &effects, records.len());
        Ok(Self { header, outcomes, effects, page, figures })
    }

    /// Names and bytes of all files but the archives, from the folder's point of view.
    fn files(self) -> Vec<(String, Vec<u8>)> {
        let mut files = self.figures;
        files.push((STUDY.to_owned(), pretty(&self.header)));
        files.push((CLAIMS.to_owned(), pretty(&self.outcomes)));
        files.push((CAUSES.to_owned(), pretty(&self.effects)));
        files
    }
}

impl Published {
    /// Writes all that follows from some runs into a folder, and the page beside it: `FOLDER.md`.
    ///
    /// # Errors
    /// If a figure cannot be drawn or a file cannot be written.
    pub fn write(folder: &Path, plan: Plan, records: &Records) -> Result<(), Error> {
        let runs = folder.join(RUNS);
        fs::create_dir_all(&runs).map_err(slt_run::Error::at(&runs))?;
        let all: Vec<RunRecord> = records.iter().cloned().collect();
        archive::pack(&all, &runs)?;
        let contents = Contents::of(plan, records)?;
        write_atomically(&page_of(folder), contents.page.as_bytes())?;
        for (name, bytes) in contents.files() {
            write_atomically(&folder.join(name), &bytes)?;
        }
        Ok(())
    }

    /// Reads the folder's runs.
    ///
    /// # Errors
    /// If a file is missing, damaged or of another version of the results.
    pub fn open(folder: &Path) -> Result<Self, Error> {
        let path = folder.join(STUDY);
        let bytes = fs::read(&path).map_err(slt_run::Error::at(&path))?;
        let header: Header = serde_json::from_slice(&bytes).map_err(|error| slt_run::Error::Archive {
            path: path.clone(),
            line: error.line(),
            reason: error.to_string(),
        })?;
        if header.results_version != RESULTS_VERSION {
            let found = header.results_version;
            return Err(slt_run::Error::Version { found, supported: RESULTS_VERSION }.into());
        }
        let plan = Plan::new(header.scale, Some(header.runs))?;
        let records = archive::unpack(&folder.join(RUNS))?;
        Ok(Self { folder: folder.to_owned(), plan, records, header })
    }

    /// Scale and number of runs.
    pub fn plan(&self) -> Plan {
        self.plan
    }

    /// The runs.
    pub fn records(&self) -> &Records {
        &self.records
    }

    /// Number of figures, claims and causes that the runs suffice for.
    pub fn counts(&self) -> [usize; 3] {
        [self.header.figures.len(), self.header.claims.len(), self.header.causes.len()]
    }

    /// The verdicts.
    ///
    /// # Errors
    /// If a claim cannot be decided.
    pub fn verdicts(&self) -> Result<Verdicts, Error> {
        Ok(verdicts(&Study::whole(self.plan).complete(&self.records)?.decide(&self.records)?))
    }

    /// Works out figures, claims, causes and the page again, and names each file that is not what follows
    /// from the runs.
    ///
    /// # Errors
    /// If a figure cannot be drawn.
    pub fn differences(&self) -> Result<Vec<String>, Error> {
        let contents = Contents::of(self.plan, &self.records)?;
        let mut differences = Vec::new();
        let mut compare = |path: PathBuf, bytes: &[u8]| match fs::read(&path) {
            Ok(stored) if stored == bytes => {}
            Ok(_) => differences.push(format!("{} is not what follows from the runs", path.display())),
            Err(error) => differences.push(format!("{}: {error}", path.display())),
        };
        compare(page_of(&self.folder), contents.page.as_bytes());
        for (name, bytes) in contents.files() {
            compare(self.folder.join(name), &bytes);
        }
        Ok(differences)
    }

    /// Computes a random sample of the runs again, for about as long as `time`, `jobs` of them at once.
    /// Returns the runs that were computed, and those of them that came out differently. Runs that alone take
    /// longer than the time are left out.
    ///
    /// # Errors
    /// If a run cannot be computed.
    pub fn recompute(&self, seed: u64, time: Duration, jobs: usize) -> Result<Recomputed, Error> {
        let most = time.as_secs_f64() * COST_PER_SECOND;
        let mut specs: Vec<RunSpec> = self.records.iter().map(RunRecord::spec).collect();
        let all = specs.len();
        specs.retain(|spec| spec.cost() <= most);
        let left_out = all - specs.len();
        let mut rng = Seed(seed).stream(SAMPLE, 0, 0);
        for last in (1..specs.len()).rev() {
            specs.swap(last, below(&mut rng, last as u64 + 1) as usize);
        }
        let (start, next) = (Instant::now(), AtomicUsize::new(0));
        let found = Mutex::new(Recomputed { runs: 0, left_out, different: Vec::new() });
        let work = || -> Result<(), Error> {
            let pool = rayon::ThreadPoolBuilder::new().num_threads(1).build();
            let pool = pool.map_err(|error| slt_run::Error::Threads(error.to_string()))?;
            while let Some(spec) = specs.get(next.fetch_add(1, Ordering::Relaxed)) {
                // A run is not begun that is going to take longer than there is time for.
                let left = time.saturating_sub(start.elapsed()).as_secs_f64();
                if left <= 0.0 {
                    break;
                }
                if spec.cost() > left * COST_PER_SECOND {
                    continue;
                }
                let record = pool.install(|| spec.compute())?;
                let mut found = found.lock().unwrap_or_else(PoisonError::into_inner);
                found.runs += 1;
                if self.records.by_spec(spec) != Some(&record) {
                    found.different.push(format!("{} ({})", spec.label(), &spec.hash()[..8]));
                }
            }
            Ok(())
        };
        std::thread::scope(|scope| {
            let workers: Vec<_> = (0..jobs.max(1)).map(|_| scope.spawn(work)).collect();
            workers.into_iter().try_for_each(|worker| match worker.join() {
                Ok(result) => result,
                Err(panic) => std::panic::resume_unwind(panic),
            })
        })?;
        Ok(found.into_inner().unwrap_or_else(PoisonError::into_inner))
    }
}

/// What a core does in a second, in the unit of [`RunSpec::cost`], at the least.
const COST_PER_SECOND: f64 = 5_000.0;

/// What became of a sample of runs.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Recomputed {
    /// Runs that were computed again.
    pub runs: usize,
    /// Runs that were not considered, because one alone takes too long.
    pub left_out: usize,
    /// Those that came out differently.
    pub different: Vec<String>,
}

/// The page of a folder.
fn page_of(folder: &Path) -> PathBuf {
    folder.with_extension("md")
}

fn pretty(data: &impl Serialize) -> Vec<u8> {
    let mut bytes = serde_json::to_vec_pretty(data).expect("plain data has a JSON form");
    bytes.push(b'\n');
    bytes
}
