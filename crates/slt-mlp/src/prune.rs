use slt_core::BitMask;

use crate::{Error, Evaluator, Flips, Metric};

/// Post-evolutionary pruning: one pass over the active bits in bit order; a bit is cleared where the number of correctly
/// classified samples does not fall below what it was before the pass.
///
/// The evaluator's data guide the pass. Its metric plays no part: accuracy decides. The result is never less accurate on
/// these data and never denser. It takes one core; see [`Flips`] for the memory that it takes.
///
/// # Errors
/// If the mask does not fit the evaluator's network.
///
/// ```
/// use slt_core::{BitMask, Seed};
/// use slt_mlp::{Architecture, Evaluator, Initializer, Metric, Network, prune};
/// let data = slt_datasets::digits::paper(2)?;
/// let network = Network::random(&Architecture::new([64, 10, 2])?, Initializer::paper(), Seed(1))?;
/// let evaluator = Evaluator::new(&network, &data.train, Metric::Accuracy)?;
/// let dense = BitMask::ones(660);
/// let pruned = prune(&evaluator, &dense)?;
/// assert!(pruned.sparsity() > 0.5);
/// assert!(evaluator.accuracy(&pruned)? >= evaluator.accuracy(&dense)?);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn prune(evaluator: &Evaluator, mask: &BitMask) -> Result<BitMask, Error> {
    let (network, data) = (evaluator.network(), evaluator.data());
    let mut flips = Flips::new(network, data, Metric::Accuracy, evaluator.kernel(), mask)?;
    let before = flips.count_correct();
    for bit in mask.iter_ones() {
        if flips.at_least(bit, before) {
            flips.commit(bit);
        }
    }
    Ok(flips.mask().clone())
}
