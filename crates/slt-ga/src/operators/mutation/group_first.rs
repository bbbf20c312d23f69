use std::ops::Range;

use slt_core::random::index_below;
use slt_core::{BitMask, StreamRng};

use super::Mutation;

/// Chooses a group, every group as likely as any other, then flips one bit in it, every bit as likely as
/// any other. Draws the two indices in this order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GroupFirst {
    groups: Vec<Range<usize>>,
}

impl GroupFirst {
    /// Mutation within these groups of bits. Empty groups are left out.
    ///
    /// # Panics
    /// If there is no group with a bit in it.
    pub fn new(mut groups: Vec<Range<usize>>) -> Self {
        groups.retain(|group| !group.is_empty());
        assert!(!groups.is_empty(), "there is no bit to mutate");
        Self { groups }
    }
}

impl Mutation for GroupFirst {
    fn mutate(&self, mask: &mut BitMask, rng: &mut StreamRng) {
        let group = &self.groups[index_below(rng, self.groups.len())];
        mask.flip(group.start + index_below(rng, group.len()));
    }
}
