//! The columns of the fixed effects.
//!
//! A factor is coded by an indicator of each level but the reference, a covariate by its values, an
//! interaction by products of those of its parts. Inside, covariates are standardised, which keeps
//! cross-products well conditioned. Because all that an interaction is made of is in the model too, this is
//! another basis of the same space: with `x = m + s z`, a product of `z` is a combination of products of `x`,
//! and so are the coefficients ([`Fixed::basis`]).

use super::factor::Factor;
use super::model::{FixedEffect, MixedModel, Reference};
use super::standardised::{Constant, Standardised};
use super::table::Table;
use crate::error::{Error, Shown};

/// All fixed effects of a model: the intercept is column 0.
pub(crate) struct Fixed {
    effects: Vec<Effect>,
    terms: Vec<Term>,
    /// Number of columns.
    pub(crate) p: usize,
}

/// A column of the table.
enum Effect {
    Factor { factor: Factor, reference: usize },
    Covariate { name: String, column: Standardised },
}

/// A fixed effect or an interaction.
struct Term {
    /// Places of its parts in `effects`.
    parts: Vec<usize>,
    /// First of its columns.
    start: usize,
    n_columns: usize,
}

impl Fixed {
    pub(crate) fn new(model: &MixedModel, table: &Table) -> Result<Self, Error> {
        let effects: Vec<Effect> =
            model.fixed.iter().map(|effect| Effect::new(effect, table)).collect::<Result<_, _>>()?;
        let mut fixed = Self { effects, terms: Vec::new(), p: 1 };
        for place in 0..fixed.effects.len() {
            fixed.add(vec![place]);
        }
        for interaction in &model.interactions {
            let place = |column| model.fixed.iter().position(|effect| &effect.column == column);
            let parts: Option<Vec<usize>> = interaction.columns.iter().map(place).collect();
            fixed.add(parts.expect("the model was checked"));
        }
        Ok(fixed)
    }

    fn add(&mut self, parts: Vec<usize>) {
        let columns = parts.iter().map(|&part| self.effects[part].n_columns());
        // Too many are refused by the caller.
        let n_columns = columns.fold(1, usize::saturating_mul);
        self.terms.push(Term { parts, start: self.p, n_columns });
        self.p = self.p.saturating_add(n_columns);
    }

    /// Reference levels of the factors.
    pub(crate) fn references(&self) -> Vec<Reference> {
        let reference = |effect: &Effect| match effect {
            Effect::Factor { factor, reference } => {
                Some(Reference { column: factor.name.clone(), level: factor.levels[*reference].clone() })
            }
            Effect::Covariate { .. } => None,
        };
        self.effects.iter().filter_map(reference).collect()
    }

    /// Names of the numeric covariates.
    pub(crate) fn covariates(&self) -> Vec<String> {
        let name = |effect: &Effect| match effect {
            Effect::Factor { .. } => None,
            Effect::Covariate { name, .. } => Some(name.clone()),
        };
        self.effects.iter().filter_map(name).collect()
    }

    /// Places and values of the columns that are not 0 in a row.
    pub(crate) fn row(&self, row: usize, entries: &mut Vec<(usize, f64)>) {
        entries.push((0, 1.0));
        for term in &self.terms {
            let place = term.parts.iter().try_fold((0, 1.0), |(place, value), &part| {
                let effect = &self.effects[part];
                match effect {
                    Effect::Factor { .. } => {
                        Some((place * effect.n_columns() + effect.indicator(row)?, value))
                    }
                    Effect::Covariate { column, .. } => Some((place, value * column.values[row])),
                }
            });
            entries.extend(place.map(|(place, value)| (term.start + place, value)));
        }
    }

    /// Names of the columns: `Intercept`, `column=level`, `column`, those of interactions joined by `:`.
    pub(crate) fn names(&self) -> Vec<String> {
        let mut names = vec!["Intercept".to_owned()];
        for term in &self.terms {
            for place in 0..term.n_columns {
                let parts = self.indicators(term, place);
                let name = |(&part, indicator): (&usize, usize)| self.effects[part].name(indicator);
                names.push(term.parts.iter().zip(parts).map(name).collect::<Vec<_>>().join(":"));
            }
        }
        names
    }

    /// The indicators whose product is a column of a term, one for each part; 0 for covariates.
    fn indicators(&self, term: &Term, place: usize) -> Vec<usize> {
        let mut rest = place;
        let mut indicators: Vec<usize> = (term.parts.iter().rev())
            .map(|&part| {
                let n = self.effects[part].n_columns();
                let indicator = rest % n;
                rest /= n;
                indicator
            })
            .collect();
        indicators.reverse();
        indicators
    }

    /// The coefficients of the table's own columns as combinations of those of the standardised ones: for
    /// each, the places and weights. A column without covariates is itself.
    pub(crate) fn basis(&self) -> Vec<Vec<(usize, f64)>> {
        let mut basis = vec![Vec::new(); self.p];
        basis[0].push((0, 1.0));
        for term in &self.terms {
            for place in 0..term.n_columns {
                let indicators = self.indicators(term, place);
                // The product of z = (x - mean) / sd, one factor after the other: what is kept, and its
                // weight.
                let mut summands = vec![(Vec::new(), 1.0)];
                for (&part, &indicator) in term.parts.iter().zip(&indicators) {
                    match &self.effects[part] {
                        Effect::Factor { .. } => {
                            summands.iter_mut().for_each(|(kept, _)| kept.push((part, indicator)));
                        }
                        Effect::Covariate { column, .. } => {
                            let mut without = summands.clone();
                            without.iter_mut().for_each(|(_, weight)| *weight *= -(column.mean / column.sd));
                            for (kept, weight) in &mut summands {
                                kept.push((part, 0));
                                *weight /= column.sd;
                            }
                            summands.append(&mut without);
                        }
                    }
                }
                for (kept, weight) in summands {
                    basis[self.column(&kept)].push((term.start + place, weight));
                }
            }
        }
        basis
    }

    /// The column that is the product of some indicators and covariates.
    fn column(&self, parts: &[(usize, usize)]) -> usize {
        if parts.is_empty() {
            return 0;
        }
        let same = |term: &&Term| {
            term.parts.len() == parts.len() && parts.iter().all(|(part, _)| term.parts.contains(part))
        };
        let term = self.terms.iter().find(same).expect("all that an interaction is made of is in the model");
        let indicator = |part: usize| parts.iter().find(|(other, _)| *other == part).map_or(0, |(_, i)| *i);
        let place = term
            .parts
            .iter()
            .fold(0, |place, &part| place * self.effects[part].n_columns() + indicator(part));
        term.start + place
    }

    /// Logarithm of the determinant of the table's own columns as combinations of the standardised ones.
    pub(crate) fn log_scale(&self) -> f64 {
        let of_effect = |part: &usize| match &self.effects[*part] {
            Effect::Factor { .. } => 0.0,
            Effect::Covariate { column, .. } => libm::log(column.sd),
        };
        let of_term = |term: &Term| term.n_columns as f64 * term.parts.iter().map(of_effect).sum::<f64>();
        self.terms.iter().map(of_term).sum()
    }
}

impl Effect {
    fn new(effect: &FixedEffect, table: &Table) -> Result<Self, Error> {
        let column = &effect.column;
        if table.is_numeric(column)? {
            if let Some(level) = &effect.reference {
                return Err(Error::ReferenceOfNumbers { column: column.clone(), level: level.clone() });
            }
            let standardised = Standardised::new(table.numbers(column)?);
            let column = standardised.map_err(|Constant(value)| Error::OneLevel {
                term: column.clone(),
                level: Shown(value).to_string(),
            })?;
            return Ok(Self::Covariate { name: effect.column.clone(), column });
        }
        let factor = Factor::of(table, std::slice::from_ref(column))?.by_size();
        let reference = match &effect.reference {
            None => Some(0),
            Some(level) => factor.levels.iter().position(|other| other == level),
        };
        match (reference, &effect.reference) {
            (Some(reference), _) => Ok(Self::Factor { factor, reference }),
            (None, level) => Err(Error::NoReference {
                column: factor.name,
                level: level.clone().unwrap_or_default(),
                available: factor.levels,
            }),
        }
    }

    fn n_columns(&self) -> usize {
        match self {
            Self::Factor { factor, .. } => factor.levels.len() - 1,
            Self::Covariate { .. } => 1,
        }
    }

    /// The indicator of a factor that is 1 in a row, if there is one.
    fn indicator(&self, row: usize) -> Option<usize> {
        let Self::Factor { factor, reference } = self else { return None };
        let level = factor.codes[row];
        (level != *reference).then(|| level - usize::from(level > *reference))
    }

    /// Name of a column.
    fn name(&self, indicator: usize) -> String {
        match self {
            Self::Factor { factor, reference } => {
                let level = indicator + usize::from(indicator >= *reference);
                format!("{}={}", factor.name, factor.levels[level])
            }
            Self::Covariate { name, .. } => name.clone(),
        }
    }
}
