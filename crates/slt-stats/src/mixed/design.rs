//! From a table to cross-products.

use super::factor::Factor;
use super::likelihood::Likelihood;
use super::symmetric::Symmetric;
use super::table::Table;
use super::{FixedEffect, MixedModel};
use crate::error::Error;
use crate::summary::mean_and_squares;

/// Most coefficients and levels of random terms; the equations take 32 bytes times its square.
const MAX_COLUMNS: usize = 1500;
/// Less than this share of a column is left if it depends on those before it.
const DEPENDENT: f64 = 1e-10;

/// A model with its data.
pub(crate) struct Design {
    /// Names of the fixed effects: `Intercept`, then `column=level`.
    pub(crate) fixed: Vec<String>,
    /// Random terms, those with most levels first: their border is diagonal, and eliminated first it stays sparse.
    pub(crate) random: Vec<Term>,
    /// Mean and standard deviation (n in the denominator) of the response, which is standardised inside.
    pub(crate) mean: f64,
    pub(crate) sd: f64,
    pub(crate) likelihood: Likelihood,
}

/// A random term of a design.
pub(crate) struct Term {
    /// Place in the model.
    pub(crate) place: usize,
    pub(crate) name: String,
    pub(crate) n_levels: usize,
}

impl Design {
    pub(crate) fn new(model: &MixedModel, table: &Table) -> Result<Self, Error> {
        let response = &model.response;
        let y = table.response(response)?;
        let n = y.len();
        if n == 0 {
            return Err(Error::EmptyTable);
        }
        let fixed: Vec<Coded> =
            model.fixed.iter().map(|effect| Coded::new(effect, table)).collect::<Result<_, _>>()?;
        let random: Vec<Factor> =
            model.random.iter().map(|term| Factor::of(table, &term.columns)).collect::<Result<_, _>>()?;
        let mut random: Vec<(usize, Factor)> = random.into_iter().enumerate().collect();
        random.sort_by_key(|(_, term)| std::cmp::Reverse(term.levels.len()));
        let mut columns = model.fixed.iter().map(|effect| &effect.column);
        if columns.any(|column| column == response)
            || model.random.iter().any(|term| term.columns.contains(response))
        {
            return Err(Error::ResponseAsEffect { column: response.clone() });
        }

        let p = 1 + fixed.iter().map(Coded::n_columns).sum::<usize>();
        let terms: Vec<_> = random
            .iter()
            .scan(0, |start, (_, term)| {
                *start += term.levels.len();
                Some(*start - term.levels.len()..*start)
            })
            .collect();
        let q = terms.last().map_or(0, |term| term.end);
        if n <= p {
            return Err(Error::TooFewRows { rows: n, coefficients: p });
        }
        if p + q > MAX_COLUMNS {
            return Err(Error::ModelSize { n: p + q, max: MAX_COLUMNS });
        }
        check_distinct(&random)?;
        let (mean, squares) = mean_and_squares(y);
        let sd = (squares / n as f64).sqrt();
        // Written so that an overflow is caught too.
        if !(sd > 0.0 && sd.is_finite()) {
            return Err(Error::ConstantResponse { column: response.clone(), value: y[0] });
        }

        let mut cross = Symmetric::zeros(p + q + 1);
        for (row, value) in y.iter().enumerate() {
            // Columns of the row that are 1.
            let mut ones = vec![0];
            let mut start = 1;
            for effect in &fixed {
                ones.extend(effect.column(row).map(|column| start + column));
                start += effect.n_columns();
            }
            ones.extend(
                random.iter().zip(&terms).map(|((_, term), levels)| p + levels.start + term.codes[row]),
            );
            let value = (value - mean) / sd;
            for (i, &one) in ones.iter().enumerate() {
                ones[..=i].iter().for_each(|&other| cross.add(one, other, 1.0));
                cross.add(p + q, one, value);
            }
            cross.add(p + q, p + q, value * value);
        }

        let mut names = vec!["Intercept".to_owned()];
        names.extend(fixed.iter().flat_map(Coded::names));
        if let Err(dependent) = cross.clone().eliminate(0..p, DEPENDENT) {
            return Err(Error::Collinear { term: names.swap_remove(dependent.column) });
        }
        let likelihood = Likelihood { n, p, terms, cross, method: model.method };
        if let Some(term) = likelihood.unidentifiable() {
            return Err(Error::NotIdentifiable { term: random[term].1.name.clone() });
        }
        let random = random.into_iter();
        let random = random
            .map(|(place, term)| Term { place, name: term.name, n_levels: term.levels.len() })
            .collect();
        Ok(Self { fixed: names, random, mean, sd, likelihood })
    }
}

/// Fails if two random terms group the rows in the same way.
fn check_distinct(random: &[(usize, Factor)]) -> Result<(), Error> {
    for (i, (_, second)) in random.iter().enumerate() {
        if let Some((_, first)) = random[..i].iter().find(|(_, first)| first.groups_like(second)) {
            return Err(Error::SameGrouping { first: first.name.clone(), second: second.name.clone() });
        }
    }
    Ok(())
}

/// A fixed effect in treatment coding: a column of 0 and 1 for each level but the reference.
struct Coded {
    factor: Factor,
    reference: usize,
}

impl Coded {
    fn new(effect: &FixedEffect, table: &Table) -> Result<Self, Error> {
        let factor = Factor::of(table, std::slice::from_ref(&effect.column))?;
        let reference = match &effect.reference {
            None => Some(0),
            Some(level) => factor.levels.iter().position(|other| other == level),
        };
        match (reference, &effect.reference) {
            (Some(reference), _) => Ok(Self { factor, reference }),
            (None, level) => Err(Error::NoReference {
                column: factor.name,
                level: level.clone().unwrap_or_default(),
                available: factor.levels,
            }),
        }
    }

    fn n_columns(&self) -> usize {
        self.factor.levels.len() - 1
    }

    /// The column that is 1 in a row.
    fn column(&self, row: usize) -> Option<usize> {
        let level = self.factor.codes[row];
        (level != self.reference).then(|| level - usize::from(level > self.reference))
    }

    fn names(&self) -> impl Iterator<Item = String> {
        let Factor { name, levels, .. } = &self.factor;
        let others = levels.iter().enumerate().filter(|&(level, _)| level != self.reference);
        others.map(move |(_, level)| format!("{name}={level}"))
    }
}
