//! From a table to cross-products.

use super::MixedModel;
use super::Reference;
use super::factor::Factor;
use super::fixed::Fixed;
use super::grouping::Grouping;
use super::likelihood::Likelihood;
use super::standardised::{Constant, Standardised};
use super::symmetric::Symmetric;
use super::table::Table;
use crate::error::Error;

/// Most coefficients and levels of random terms beside the largest one; the equations take 32 bytes times its square.
const MAX_COLUMNS: usize = 1500;
/// Beyond so many coefficients and levels the largest random term is eliminated on its own. Below, the dense equations take
/// a fraction of a second and have fewer roundings to make.
pub(crate) const DENSE: usize = 500;
/// Less than this share of a column is left if it depends on those before it.
const DEPENDENT: f64 = 1e-10;

/// A model with its data.
pub(crate) struct Design {
    /// Names of the fixed effects: `Intercept`, then `column=level`.
    pub(crate) fixed: Vec<String>,
    pub(crate) references: Vec<Reference>,
    pub(crate) covariates: Vec<String>,
    /// Their coefficients as combinations of those of the likelihood, and the logarithm of the determinant of that.
    pub(crate) basis: Vec<Vec<(usize, f64)>>,
    pub(crate) log_scale: f64,
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
    /// The equations are dense up to `dense` coefficients and levels.
    pub(crate) fn new(model: &MixedModel, table: &Table, dense: usize) -> Result<Self, Error> {
        let response = &model.response;
        let y = table.response(response)?;
        let n = y.len();
        if n == 0 {
            return Err(Error::EmptyTable);
        }
        model.check()?;
        let fixed = Fixed::new(model, table)?;
        let random: Vec<Factor> =
            model.random.iter().map(|term| Factor::of(table, &term.columns)).collect::<Result<_, _>>()?;
        let mut random: Vec<(usize, Factor)> = random.into_iter().enumerate().collect();
        random.sort_by_key(|(_, term)| std::cmp::Reverse(term.levels.len()));

        let p = fixed.p;
        if n <= p {
            return Err(Error::TooFewRows { rows: n, coefficients: p });
        }
        let q: usize = random.iter().map(|(_, term)| term.levels.len()).sum();
        let n_grouped = usize::from(p + q > dense && q > 0);
        let (grouped, crossed) = random.split_at(n_grouped);
        let terms: Vec<_> = crossed
            .iter()
            .scan(0, |start, (_, term)| {
                *start += term.levels.len();
                Some(*start - term.levels.len()..*start)
            })
            .collect();
        let q = terms.last().map_or(0, |term| term.end);
        if p + q > MAX_COLUMNS {
            return Err(Error::ModelSize { n: p + q, max: MAX_COLUMNS });
        }
        check_distinct(&random)?;
        let y = Standardised::new(y)
            .map_err(|Constant(value)| Error::ConstantResponse { column: response.clone(), value })?;
        if !model.standardize {
            y.check_variance(response)?;
        }

        let mut cross = Symmetric::zeros(p + q + 1);
        let mut grouping = grouped.first().map(|(_, term)| Grouping::of(term.levels.len(), p + q + 1));
        // What is not 0 in a row.
        let mut entries = Vec::new();
        for (row, &value) in y.values.iter().enumerate() {
            entries.clear();
            fixed.row(row, &mut entries);
            let levels = crossed.iter().zip(&terms);
            entries.extend(levels.map(|((_, term), levels)| (p + levels.start + term.codes[row], 1.0)));
            entries.push((p + q, value));
            for (i, &(one, of_one)) in entries.iter().enumerate() {
                entries[..=i].iter().for_each(|&(other, of_other)| cross.add(one, other, of_one * of_other));
            }
            if let Some(grouping) = &mut grouping {
                grouping.add(grouped[0].1.codes[row], &entries);
            }
        }

        let mut names = fixed.names();
        if let Some(column) = (0..p).find(|&column| cross.get(column, column) == 0.0) {
            return Err(Error::EmptyCell { term: names.swap_remove(column) });
        }
        if let Err(dependent) = cross.clone().eliminate(0..p, DEPENDENT) {
            return Err(Error::Collinear { term: names.swap_remove(dependent.column) });
        }
        let likelihood = Likelihood { n, p, terms, cross, grouping, method: model.method };
        if let Some(term) = likelihood.unidentifiable() {
            return Err(Error::NotIdentifiable { term: random[term].1.name.clone() });
        }
        let random = random.into_iter();
        let random = random
            .map(|(place, term)| Term { place, name: term.name, n_levels: term.levels.len() })
            .collect();
        Ok(Self {
            fixed: names,
            references: fixed.references(),
            covariates: fixed.covariates(),
            basis: fixed.basis(),
            log_scale: fixed.log_scale(),
            random,
            mean: y.mean,
            sd: y.sd,
            likelihood,
        })
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
