//! From a table to cross-products.

use super::factor::Factor;
use super::fixed::Fixed;
use super::grouping::Grouping;
use super::likelihood::Likelihood;
use super::model::{MixedModel, Reference};
use super::standardised::{Constant, Standardised};
use super::symmetric::Symmetric;
use super::table::Table;
use crate::error::Error;

/// Most coefficients and levels of random terms beside the largest one; the equations take some 100
/// bytes times its square.
const MAX_COLUMNS: usize = 1500;
/// Beyond so many coefficients and levels the largest random term is eliminated on its own. Below, the dense
/// equations take a fraction of a second and have fewer roundings to make.
pub(crate) const DENSE: usize = 500;
/// Less than this share of a column is left if it depends on those before it.
const DEPENDENT: f64 = 1e-10;

/// A model with its data.
pub(crate) struct Design {
    /// Names of the fixed effects: `Intercept`, then `column=level`.
    pub(crate) fixed: Vec<String>,
    pub(crate) references: Vec<Reference>,
    pub(crate) covariates: Vec<String>,
    /// Their coefficients as combinations of those of the likelihood, and the logarithm of the determinant of
    /// that.
    pub(crate) basis: Vec<Vec<(usize, f64)>>,
    pub(crate) log_scale: f64,
    /// Random terms, those with most levels first: their border is diagonal, and eliminated first it stays
    /// sparse.
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

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::mixed::{FixedEffect, Interaction, Method, MixedFit, RandomTerm};

    /// Uniform in (-0.5, 0.5), from a seed and a counter (splitmix64).
    fn noise(seed: u64, i: u64) -> f64 {
        let mut z = seed.wrapping_add((i + 1).wrapping_mul(0x9e37_79b9_7f4a_7c15));
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        ((z ^ (z >> 31)) >> 11) as f64 / (1_u64 << 53) as f64 - 0.5
    }

    /// Pupils in classes in schools, each marked by some of the teachers.
    fn table(seed: u64, n: u64, sd: [f64; 3], offset: f64) -> Table {
        let level = |what: u64, row: u64, n: f64| ((noise(seed, 16 * row + what) + 0.5) * n) as u64;
        let rows = || 0..n;
        let (class, teacher) = (|row| level(0, row, 12.0), |row| level(1, row, 5.0));
        let x = |row| offset + noise(seed, 16 * row + 2);
        let y = |row| {
            let effects = [
                noise(!seed, class(row)),
                noise(!seed, 100 + class(row) / 4),
                noise(!seed, 200 + teacher(row)),
            ];
            let random: f64 = effects.iter().zip(sd).map(|(effect, sd)| effect * sd).sum();
            random + 0.3 * (x(row) - offset) * (row % 2) as f64 + noise(seed, 16 * row + 3)
        };
        Table::new()
            .with_numbers("y", rows().map(y))
            .and_then(|table| table.with_numbers("x", rows().map(x)))
            .and_then(|table| table.with_labels("a", rows().map(|row| row % 2)))
            .and_then(|table| table.with_labels("class", rows().map(class)))
            .and_then(|table| table.with_labels("school", rows().map(|row| class(row) / 4)))
            .and_then(|table| table.with_labels("teacher", rows().map(teacher)))
            .unwrap()
    }

    fn fit(model: &MixedModel, table: &Table, dense: usize) -> Result<MixedFit, Error> {
        MixedFit::new(model, Design::new(model, table, dense)?)
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(64))]

        /// The largest grouping on its own, nested, crossed and alone, is the same likelihood with the same
        /// optimum.
        #[test]
        fn the_eliminated_grouping_is_the_dense_one(
            seed: u64, n in 40..120_u64, sd in prop::array::uniform3(0.0..4.0_f64), offset in -100.0..100.0_f64,
            terms in 1..8_usize, ml: bool, bare: bool,
        ) {
            let table = table(seed, n, sd, offset);
            let random = ["class", "school", "teacher"].into_iter().enumerate();
            let random = random.filter(|(i, _)| terms >> i & 1 == 1).map(|(_, term)| RandomTerm::column(term));
            let model = MixedModel {
                fixed: if bare { Vec::new() } else { vec![FixedEffect::of("x"), FixedEffect::of("a")] },
                interactions: if bare { Vec::new() } else { vec![Interaction::of(["a", "x"])] },
                random: random.collect(),
                method: if ml { Method::Ml } else { Method::Reml },
                ..MixedModel::reml("y")
            };
            let (dense, grouped) = (fit(&model, &table, usize::MAX), fit(&model, &table, 0));
            let (Ok(dense), Ok(grouped)) = (&dense, &grouped) else {
                prop_assert_eq!(dense, grouped);
                return Ok(());
            };
            prop_assert!(dense.convergence.converged && grouped.convergence.converged, "{:?} {:?}", dense, grouped);
            let close = |a: f64, b: f64, scale: f64| (a - b).abs() <= 1e-8 * scale.max(1.0);
            prop_assert!(close(dense.log_likelihood, grouped.log_likelihood, n as f64), "{:?} {:?}", dense, grouped);
            prop_assert!(close(dense.residual_variance, grouped.residual_variance, 1.0));
            for (a, b) in dense.fixed.iter().zip(&grouped.fixed) {
                prop_assert!(a.term == b.term && close(a.estimate, b.estimate, offset.abs()), "{:?} {:?}", a, b);
                prop_assert!(close(a.standard_error, b.standard_error, offset.abs()), "{:?} {:?}", a, b);
            }
            for (a, b) in dense.random.iter().zip(&grouped.random) {
                // An optimum is known to the root of what the deviance is.
                let difference = (a.variance - b.variance).abs();
                prop_assert!(a.term == b.term && difference < 1e-8 * a.variance.max(0.1), "{:?} {:?}", a, b);
            }
        }

        /// Value and derivatives themselves, away from the optimum.
        #[test]
        fn the_expansion_is_the_same(
            seed: u64, n in 40..120_u64, x in prop::array::uniform3(0.0..5.0_f64), ml: bool,
        ) {
            let table = table(seed, n, [1.0; 3], 3.0);
            let model = MixedModel {
                fixed: vec![FixedEffect::of("x"), FixedEffect::of("a")],
                interactions: vec![Interaction::of(["a", "x"])],
                random: ["class", "school", "teacher"].map(RandomTerm::column).into(),
                method: if ml { Method::Ml } else { Method::Reml },
                ..MixedModel::reml("y")
            };
            let designs = [usize::MAX, 0].map(|dense| Design::new(&model, &table, dense));
            let [Ok(dense), Ok(grouped)] = designs else { return Ok(()) };
            prop_assert!(dense.likelihood.grouping.is_none() && grouped.likelihood.grouping.is_some());
            let [Ok(a), Ok(b)] = [dense, grouped].map(|design| design.likelihood.expansion(&x)) else {
                return Ok(());
            };
            let close = |a: f64, b: f64| (a - b).abs() <= 1e-9 * (1.0 + n as f64);
            prop_assert!(close(a.value, b.value), "{} {}", a.value, b.value);
            for k in 0..3 {
                prop_assert!(close(a.gradient[k], b.gradient[k]), "{:?} {:?}", a.gradient, b.gradient);
                for l in 0..=k {
                    let (a, b) = (a.hessian.get(k, l), b.hessian.get(k, l));
                    prop_assert!(close(a, b), "{k} {l}: {a} {b}");
                }
            }
        }
    }
}
