//! Labels as level numbers.

use std::cmp::Ordering;

use super::table::Table;
use crate::error::Error;

/// A grouping of the rows.
pub(crate) struct Factor {
    /// Column, or columns joined by `:`.
    pub(crate) name: String,
    /// Labels of the levels in the order of Unicode code points, those of an interaction joined by `:`.
    pub(crate) levels: Vec<String>,
    /// Level of every row.
    pub(crate) codes: Vec<usize>,
}

impl Factor {
    /// The combinations of the labels of some columns that occur.
    pub(crate) fn of(table: &Table, columns: &[impl AsRef<str>]) -> Result<Self, Error> {
        let name = columns.iter().map(AsRef::as_ref).collect::<Vec<_>>().join(":");
        let columns: Vec<_> =
            columns.iter().map(|column| table.labels(column.as_ref())).collect::<Result<_, _>>()?;
        if columns.is_empty() {
            return Err(Error::EmptyTerm);
        }
        let compare = |a: usize, b: usize| {
            let orders = columns.iter().map(|labels| labels[a].cmp(&labels[b]));
            orders.fold(Ordering::Equal, Ordering::then)
        };
        let mut rows: Vec<usize> = (0..table.n_rows()).collect();
        rows.sort_by(|&a, &b| compare(a, b));
        let (mut levels, mut codes) = (Vec::new(), vec![0; rows.len()]);
        for group in rows.chunk_by(|&a, &b| compare(a, b).is_eq()) {
            group.iter().for_each(|&row| codes[row] = levels.len());
            let labels: Vec<&str> = columns.iter().map(|labels| labels[group[0]].as_str()).collect();
            levels.push(labels.join(":"));
        }
        match &levels[..] {
            [level] => Err(Error::OneLevel { term: name, level: level.clone() }),
            _ => Ok(Self { name, levels, codes }),
        }
    }

    /// Levels that are all finite numbers in order of size, equal ones in the order they have; others stay as
    /// they are.
    pub(crate) fn by_size(self) -> Self {
        let number = |level: &String| {
            level.parse().ok().filter(|number: &f64| number.is_finite()).map(|number| number + 0.0)
        };
        let Some(numbers) = self.levels.iter().map(number).collect::<Option<Vec<f64>>>() else {
            return self;
        };
        let mut order: Vec<usize> = (0..numbers.len()).collect();
        order.sort_by(|&a, &b| numbers[a].total_cmp(&numbers[b]));
        let mut place = vec![0; order.len()];
        order.iter().enumerate().for_each(|(to, &from)| place[from] = to);
        Self {
            name: self.name,
            levels: order.iter().map(|&from| self.levels[from].clone()).collect(),
            codes: self.codes.iter().map(|&code| place[code]).collect(),
        }
    }

    /// Whether two factors put the same rows together, however their levels are called.
    pub(crate) fn groups_like(&self, other: &Self) -> bool {
        self.levels.len() == other.levels.len() && {
            let mut partner = vec![None; self.levels.len()];
            self.codes.iter().zip(&other.codes).all(|(&a, &b)| *partner[a].get_or_insert(b) == b)
        }
    }
}
