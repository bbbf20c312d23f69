//! Cross-entropies of more than two classes, from held exponentials.

use super::super::math::{exp, log1p};
use super::super::simd::{BLOCK, Row, Vector};
use super::change::Change;
use super::propagate::add_edges;

/// Logits may change by this before the odds that are held as zero, those below exp(-87), could matter.
pub(super) const LARGEST_STEP: f64 = 20.0;

/// The least odds of the label for which the quotient by them is certain to be a finite and accurate number.
const LEAST_ODDS: f32 = 1e-24;

/// The odds of each class against the favourite, exp(z_c - max z), so that a change costs an exponential only for the
/// logits that it changes.
#[derive(Debug, Clone)]
pub(super) struct Odds {
    n_classes: usize,
    /// Row of class `c` in block `b`: `b * n_classes + c`. Zero for the class of the label.
    others: Vec<Row>,
    /// The odds of the label in each block.
    of_label: Vec<Row>,
}

impl Odds {
    pub(super) fn new(n_classes: usize, n_blocks: usize) -> Self {
        Self { n_classes, others: vec![Row::ZERO; n_classes * n_blocks], of_label: vec![Row::ZERO; n_blocks] }
    }

    /// Takes the logits of block `b`.
    #[inline(always)]
    pub(super) fn set<V: Vector>(&mut self, logits: &[Row], labels: &Row, b: usize) {
        let others = &mut self.others[b * self.n_classes..][..self.n_classes];
        for at in (0..BLOCK).step_by(V::WIDTH) {
            let mut top = V::load(&logits[0], at);
            for row in logits {
                let z = V::load(row, at);
                top = z.select(z.greater(top), top);
            }
            let label = V::load(labels, at);
            let (zero, mut of_label) = (V::splat(0.0), V::splat(0.0));
            let mut c = 0.0;
            for (row, other) in logits.iter().zip(&mut *others) {
                let odds = exp(V::load(row, at).sub(top));
                let is_label = label.equal(V::splat(c));
                of_label = odds.select(is_label, of_label);
                zero.select(is_label, odds).store(other, at);
                c += 1.0;
            }
            of_label.store(&mut self.of_label[b], at);
        }
    }

    /// The losses of block `b` after `change`, given the `rows` of its carriers:
    /// log1p(sum over c != label of o_c exp(d_c) / (o_label exp(d_label))), where d is what is added to the logits. Not
    /// accurate for all samples if the answer is false.
    #[inline(always)]
    pub(super) fn losses<V: Vector>(
        &self,
        change: &Change,
        rows: &[Row],
        labels: &Row,
        b: usize,
        losses: &mut Row,
    ) -> bool {
        let held = &self.others[b * self.n_classes..][..self.n_classes];
        let mut all = true;
        for at in (0..BLOCK).step_by(V::WIDTH) {
            let label = V::load(labels, at);
            let (mut others, mut factor_of_label) = (V::splat(0.0), V::splat(1.0));
            let mut c = 0.0;
            for (class, row) in held.iter().enumerate() {
                let edges = change.output_edges(class);
                if edges.is_empty() {
                    others = others.add(V::load(row, at));
                } else {
                    let factor = exp(add_edges(V::splat(0.0), edges, rows, at));
                    others = factor.mul_add(V::load(row, at), others);
                    factor_of_label = factor.select(label.equal(V::splat(c)), factor_of_label);
                }
                c += 1.0;
            }
            let of_label = V::load(&self.of_label[b], at).mul(factor_of_label);
            all &= V::bits(of_label.greater(V::splat(LEAST_ODDS))) == u64::MAX >> (BLOCK - V::WIDTH);
            log1p(others.div(of_label)).store(losses, at);
        }
        all
    }
}
