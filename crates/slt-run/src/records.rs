use std::collections::{BTreeMap, HashMap};

use crate::{Error, Run, RunRecord, RunSpec};

/// Records in memory, by their specs: what figures and claims are made of.
#[derive(Debug, Clone, Default)]
pub struct Records {
    by_name: BTreeMap<String, RunRecord>,
    /// The names, by specs as plain JSON: looked up so often that a hash each time would take most of a plan.
    names: HashMap<String, String>,
}

impl Records {
    /// None yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds a record.
    pub fn insert(&mut self, record: impl Into<RunRecord>) {
        let record = record.into();
        let (spec, name) = (record.spec(), record.spec().hash());
        self.names.insert(plain(&spec), name.clone());
        self.by_name.insert(name, record);
    }

    /// Whether there is a record of the run.
    pub fn contains(&self, spec: &RunSpec) -> bool {
        self.names.contains_key(&plain(spec))
    }

    /// The record of a run, if it is there.
    pub fn get<S: Run>(&self, spec: &S) -> Option<&S::Record> {
        self.by_spec(&spec.clone().into()).and_then(S::of)
    }

    /// The record of a run of any kind, if it is there.
    pub fn by_spec(&self, spec: &RunSpec) -> Option<&RunRecord> {
        self.by_name.get(self.names.get(&plain(spec))?)
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
        self.by_name.values()
    }

    /// Number of records.
    pub fn len(&self) -> usize {
        self.by_name.len()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.by_name.is_empty()
    }
}

impl<R: Into<RunRecord>> Extend<R> for Records {
    fn extend<I: IntoIterator<Item = R>>(&mut self, records: I) {
        records.into_iter().for_each(|record| self.insert(record));
    }
}

/// One text for one spec, in this process.
fn plain(spec: &RunSpec) -> String {
    serde_json::to_string(spec).expect("plain data has a JSON form")
}
