use slt_core::random::chance;
use slt_core::{BitMask, StreamRng};

/// Uniform crossover that keeps together what belongs together: `child`, a copy of one parent, takes over
/// from `other` each set of the [linkage](slt_core::Objective::linkage) with probability 1/2, and each bit
/// that is in no set.
pub(crate) fn cross(child: &mut BitMask, other: &BitMask, linkage: &[Vec<usize>], rng: &mut StreamRng) {
    let mut alone = vec![true; child.len()];
    for set in linkage {
        let takes = chance(rng, 0.5);
        for &bit in set {
            alone[bit] = false;
            if takes {
                child.set(bit, other.get(bit));
            }
        }
    }
    for bit in (0..child.len()).filter(|&bit| alone[bit]) {
        if chance(rng, 0.5) {
            child.set(bit, other.get(bit));
        }
    }
}
