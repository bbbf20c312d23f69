use std::collections::BTreeMap;

use crate::{Error, Run, RunRecord, RunSpec};

/// Records in memory, by their specs: what figures and claims are made of.
#[derive(Debug, Clone, Default)]
pub struct Records(BTreeMap<String, RunRecord>);

impl Records {
    /// None yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds a record.
    pub fn insert(&mut self, record: impl Into<RunRecord>) {
        let record = record.into();
        self.0.insert(record.spec().hash(), record);
    }

    /// Whether there is a record of the run.
    pub fn contains(&self, spec: &RunSpec) -> bool {
        self.0.contains_key(&spec.hash())
    }

    /// The record of a run, if it is there.
    pub fn get<S: Run>(&self, spec: &S) -> Option<&S::Record> {
        self.by_spec(&spec.clone().into()).and_then(S::of)
    }

    /// The record of a run of any kind, if it is there.
    pub fn by_spec(&self, spec: &RunSpec) -> Option<&RunRecord> {
        self.0.get(&spec.hash())
    }

    /// The record of a run that has to be there.
    ///
    /// # Errors
    /// [`Error::Missing`] if it is not.
    pub fn need<S: Run>(&self, spec: &S) -> Result<&S::Record, Error> {
        self.get(spec).ok_or_else(|| Error::Missing { run: spec.clone().into().label() })
    }

    /// The records of runs that have to be there, in their order.
    ///
    /// # Errors
    /// [`Error::Missing`] for the first that is not.
    pub fn need_all<S: Run>(&self, specs: &[S]) -> Result<Vec<&S::Record>, Error> {
        specs.iter().map(|spec| self.need(spec)).collect()
    }

    /// All records, in the order of their names.
    pub fn iter(&self) -> impl Iterator<Item = &RunRecord> {
        self.0.values()
    }

    /// Number of records.
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl<R: Into<RunRecord>> Extend<R> for Records {
    fn extend<I: IntoIterator<Item = R>>(&mut self, records: I) {
        records.into_iter().for_each(|record| self.insert(record));
    }
}
