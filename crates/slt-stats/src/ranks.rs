//! Ranks of the values of a sample.

/// Ranks counted from 1; equal values share the mean of their ranks.
pub(crate) struct Ranks {
    /// Rank of every value, in the order of the sample: multiples of one half.
    pub(crate) ranks: Vec<f64>,
    /// Sizes of the groups of equal values, single ones included, in ascending order of the values.
    pub(crate) groups: Vec<usize>,
}

impl Ranks {
    pub(crate) fn of(x: &[f64]) -> Self {
        let mut order: Vec<usize> = (0..x.len()).collect();
        order.sort_by(|&a, &b| x[a].total_cmp(&x[b]));
        let (mut ranks, mut groups) = (vec![0.0; x.len()], Vec::new());
        let mut before = 0;
        // By value, not by bits: 0 and -0 are a tie.
        for group in order.chunk_by(|&a, &b| x[a] == x[b]) {
            let shared = before as f64 + 0.5 * (group.len() + 1) as f64;
            for &i in group {
                ranks[i] = shared;
            }
            before += group.len();
            groups.push(group.len());
        }
        Self { ranks, groups }
    }

    /// Whether some values are equal.
    pub(crate) fn has_ties(&self) -> bool {
        self.groups.len() < self.ranks.len()
    }

    /// Sum of `t^3 - t` over groups of `t` equal values.
    pub(crate) fn tie_term(&self) -> f64 {
        tie_term(&self.groups)
    }
}

/// Sum of `t^3 - t` over group sizes `t`.
pub(crate) fn tie_term(groups: &[usize]) -> f64 {
    let term = |&size: &usize| {
        let t = size as f64;
        t * t * t - t
    };
    groups.iter().map(term).sum()
}

/// Twice a rank, which is whole.
pub(crate) fn doubled(rank: f64) -> usize {
    (2.0 * rank) as usize
}
