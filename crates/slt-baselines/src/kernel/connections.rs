//! The weights of a layer as the kernel walks them.

use crate::Scalar;

/// The weights of a layer, reached from either end.
pub(crate) trait Connections<T> {
    /// Sources and weights of a target, sources ascending.
    fn sources(&self, target: usize) -> impl Iterator<Item = (usize, T)> + Clone;
    /// Targets and weights of a source, targets ascending.
    fn targets(&self, source: usize) -> impl Iterator<Item = (usize, T)> + Clone;
    /// Sources of `N` targets from `first` on, each with its weights to all of them, sources ascending; `None` if they
    /// do not have the same ones.
    fn common_sources<const N: usize>(
        &self,
        first: usize,
    ) -> Option<impl Iterator<Item = (usize, [T; N])> + Clone>;
}

/// All weights: source `s` to target `t` is `weights[s * n_out + t]`.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Dense<'a, T> {
    pub(crate) weights: &'a [T],
    pub(crate) n_out: usize,
}

impl<T: Scalar> Connections<T> for Dense<'_, T> {
    #[inline(always)]
    fn sources(&self, target: usize) -> impl Iterator<Item = (usize, T)> + Clone {
        self.weights[target..].iter().step_by(self.n_out).copied().enumerate()
    }

    #[inline(always)]
    fn targets(&self, source: usize) -> impl Iterator<Item = (usize, T)> + Clone {
        self.weights[source * self.n_out..][..self.n_out].iter().copied().enumerate()
    }

    #[inline(always)]
    fn common_sources<const N: usize>(
        &self,
        first: usize,
    ) -> Option<impl Iterator<Item = (usize, [T; N])> + Clone> {
        let rows = self.weights.chunks_exact(self.n_out);
        Some(
            rows.map(move |row| *row[first..].first_chunk::<N>().expect("the targets are there")).enumerate(),
        )
    }
}

/// The active weights of a masked layer.
#[derive(Debug, Clone, Default)]
pub(crate) struct Masked<T> {
    by_target: Lists<T>,
    by_source: Lists<T>,
}

/// Lists of terms, one behind the other.
#[derive(Debug, Clone, Default)]
struct Lists<T> {
    /// Where each list ends.
    ends: Vec<usize>,
    terms: Vec<(u32, T)>,
}

impl<T: Scalar> Lists<T> {
    fn clear(&mut self) {
        self.ends.clear();
        self.terms.clear();
    }

    #[inline(always)]
    fn list(&self, i: usize) -> impl Iterator<Item = (usize, T)> + Clone {
        let start = if i == 0 { 0 } else { self.ends[i - 1] };
        self.terms[start..self.ends[i]].iter().map(|&(i, w)| (i as usize, w))
    }
}

impl<T: Scalar> Masked<T> {
    /// Takes over another mask.
    ///
    /// # Shapes
    /// `weights` and `mask` are `n_in x n_out`, row-major.
    pub(crate) fn set(&mut self, weights: &[T], mask: &[bool], n_out: usize) {
        let n_in = weights.len() / n_out;
        self.by_target.clear();
        self.by_source.clear();
        for target in 0..n_out {
            let active = (0..n_in).filter(|source| mask[source * n_out + target]);
            let terms = active.map(|source| (source as u32, weights[source * n_out + target]));
            self.by_target.terms.extend(terms);
            self.by_target.ends.push(self.by_target.terms.len());
        }
        for source in 0..n_in {
            let active = (0..n_out).filter(|target| mask[source * n_out + target]);
            let terms = active.map(|target| (target as u32, weights[source * n_out + target]));
            self.by_source.terms.extend(terms);
            self.by_source.ends.push(self.by_source.terms.len());
        }
    }
}

impl<T: Scalar> Connections<T> for Masked<T> {
    #[inline(always)]
    fn sources(&self, target: usize) -> impl Iterator<Item = (usize, T)> + Clone {
        self.by_target.list(target)
    }

    #[inline(always)]
    fn targets(&self, source: usize) -> impl Iterator<Item = (usize, T)> + Clone {
        self.by_source.list(source)
    }

    #[inline(always)]
    fn common_sources<const N: usize>(
        &self,
        _first: usize,
    ) -> Option<impl Iterator<Item = (usize, [T; N])> + Clone> {
        None::<std::iter::Empty<_>>
    }
}
