use std::collections::{BTreeMap, BTreeSet};

use slt_datasets::paper::PaperName;

use crate::causes::{self, Cause, Effect};
use crate::claims::{self, Claim};
use crate::figures::{self, Figure};
use crate::{Error, Plan, Protocol, Scale};
use slt_run::{Progress, Records, RunSpec, Runner};

/// Figures and claims, and all the runs that they need.
///
/// Some runs follow from the results of others: the keep rate of EP (adapted) from the sparsity of the
/// genetic algorithm, an analysis from the ticket that a search found. So runs are planned again, with what
/// is known by then, until nothing is missing.
#[derive(Clone)]
pub struct Study {
    /// How much is run.
    pub plan: Plan,
    /// The figures.
    pub figures: Vec<&'static Figure>,
    /// The claims.
    pub claims: Vec<&'static Claim>,
    /// What explains them.
    pub causes: Vec<&'static Cause>,
}

impl Study {
    /// The whole paper. Scale `quick` does without the causes, which are for runs of full length.
    pub fn whole(plan: Plan) -> Self {
        let causes = if plan.scale == Scale::Quick { Vec::new() } else { causes::all().to_vec() };
        Self { plan, figures: figures::all().to_vec(), claims: claims::all().to_vec(), causes }
    }

    /// The effects of all causes, under both protocols.
    ///
    /// # Errors
    /// [`slt_run::Error::Missing`] if a record is not there.
    pub fn explain(&self, records: &Records) -> Result<Vec<Effect>, Error> {
        let mut effects = Vec::new();
        for protocol in Protocol::ALL {
            for cause in &self.causes {
                effects.extend(cause.effects(&self.plan, records, protocol)?);
            }
        }
        Ok(effects)
    }

    /// The runs that are needed as far as they are known from `records`, each once.
    ///
    /// # Errors
    /// If a spec is impossible.
    pub fn runs(&self, records: &Records) -> Result<Vec<RunSpec>, Error> {
        let mut seen = BTreeSet::new();
        let mut runs = Vec::new();
        let figures = self.figures.iter().map(|figure| figure.runs(&self.plan, records));
        let claims = self.claims.iter().map(|claim| claim.runs(&self.plan, records));
        let causes = self.causes.iter().map(|cause| cause.runs(&self.plan, records));
        for wanted in figures.chain(claims).chain(causes) {
            runs.extend(wanted?.into_iter().filter(|spec| seen.insert(spec.hash())));
        }
        Ok(runs)
    }

    /// The records of all runs, or of a share of them: those that are stored are read, the others are
    /// computed. `progress` makes a display for the runs of each round.
    ///
    /// # Errors
    /// As [`Runner::run`].
    pub fn compute<P: Progress>(
        &self,
        runner: &Runner<'_>,
        shard: Option<Shard>,
        progress: impl Fn(&[RunSpec]) -> P,
    ) -> Result<Records, Error> {
        let share = shard.map(|shard| Ok::<_, Error>(shard.of(&self.runs(&Records::new())?))).transpose()?;
        // Beginning with what is there, runs that follow from it need not wait for others, and progress is
        // about what is left.
        let mut records = self.stored(runner.store)?;
        loop {
            let mut missing = self.runs(&records)?;
            missing.retain(|spec| !records.contains(spec));
            missing.retain(|spec| share.as_ref().is_none_or(|share| share.contains(&division(spec))));
            if missing.is_empty() {
                return Ok(records);
            }
            records.extend(runner.run(&missing, &progress(&missing))?);
        }
    }

    /// The part of the study that the records suffice for.
    ///
    /// # Errors
    /// If a spec is impossible.
    pub fn complete(&self, records: &Records) -> Result<Self, Error> {
        let there = |runs: Result<Vec<RunSpec>, Error>| -> Result<bool, Error> {
            Ok(runs?.iter().all(|spec| records.contains(spec)))
        };
        let mut complete =
            Self { plan: self.plan, figures: Vec::new(), claims: Vec::new(), causes: Vec::new() };
        for &figure in &self.figures {
            if there(figure.runs(&self.plan, records))? {
                complete.figures.push(figure);
            }
        }
        for &claim in &self.claims {
            if there(claim.runs(&self.plan, records))? {
                complete.claims.push(claim);
            }
        }
        for &cause in &self.causes {
            if there(cause.runs(&self.plan, records))? {
                complete.causes.push(cause);
            }
        }
        Ok(complete)
    }

    /// The records of those runs that are stored, whatever is missing.
    ///
    /// # Errors
    /// If a file cannot be read.
    pub fn stored(&self, store: &slt_run::Store) -> Result<Records, Error> {
        let mut records = Records::new();
        let mut asked = BTreeSet::new();
        loop {
            let before = records.len();
            for spec in self.runs(&records)? {
                if asked.insert(spec.hash()) {
                    records.extend(store.load(&spec, |_, _| {})?);
                }
            }
            if records.len() == before {
                return Ok(records);
            }
        }
    }

    /// The records of all runs from the store alone; `None` if one is missing or damaged, which `missing` is
    /// told.
    ///
    /// # Errors
    /// If a file cannot be read.
    pub fn load(
        &self,
        store: &slt_run::Store,
        mut missing: impl FnMut(&RunSpec, Option<&str>),
    ) -> Result<Option<Records>, Error> {
        let mut records = Records::new();
        loop {
            let wanted = self.runs(&records)?;
            let new: Vec<&RunSpec> = wanted.iter().filter(|spec| !records.contains(spec)).collect();
            if new.is_empty() {
                return Ok(Some(records));
            }
            let mut complete = true;
            let mut found = Vec::new();
            for spec in new {
                let mut damage = None;
                match store.load(spec, |_, reason| damage = Some(reason.to_owned()))? {
                    Some(record) => found.push(record),
                    None => {
                        missing(spec, damage.as_deref());
                        complete = false;
                    }
                }
            }
            if !complete {
                return Ok(None);
            }
            records.extend(found);
        }
    }
}

/// One of several shares of the work, to be computed on a machine of its own.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Shard {
    index: u32,
    count: u32,
}

impl Shard {
    /// Share `index`, from 1, of `count`.
    ///
    /// # Errors
    /// [`Error::Shard`] unless `1 <= index <= count`.
    pub fn new(index: u32, count: u32) -> Result<Self, Error> {
        if (1..=count).contains(&index) {
            Ok(Self { index, count })
        } else {
            Err(Error::Shard { index, count })
        }
    }

    /// The divisions of this share: the most costly one first, each goes to the share that has least.
    fn of(self, runs: &[RunSpec]) -> BTreeSet<String> {
        let mut costs: BTreeMap<String, f64> = BTreeMap::new();
        for spec in runs {
            *costs.entry(division(spec)).or_default() += spec.cost();
        }
        let mut divisions: Vec<(String, f64)> = costs.into_iter().collect();
        divisions.sort_by(|a, b| b.1.total_cmp(&a.1));
        let mut shares = vec![0.0; self.count as usize];
        let mut own = BTreeSet::new();
        for (division, cost) in divisions {
            let least =
                (0..shares.len()).fold(0, |least, i| if shares[i] < shares[least] { i } else { least });
            shares[least] += cost;
            if least + 1 == self.index as usize {
                own.insert(division);
            }
        }
        own
    }
}

/// Runs of the same key may depend on each other's results, those of different keys never do: the unit in
/// which work is divided among machines.
pub(crate) fn division(spec: &RunSpec) -> String {
    let sizes = spec.sizes();
    let Some(data) = spec.data().paper() else { return format!("{} {sizes:?}", spec.data().name()) };
    match data.name {
        // The keep rate of EP (adapted) comes from all runs of the genetic algorithm.
        PaperName::Moons | PaperName::Circles => format!("{} {sizes:?}", data.name),
        PaperName::Blobs | PaperName::Digits => {
            format!("{} {} seed {}", data.name, data.classes.unwrap_or(10), spec.seed())
        }
    }
}
