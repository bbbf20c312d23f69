use serde::{Deserialize, Serialize};
use slt_core::BitMask;

use crate::{Architecture, Error, Evaluator, Flips, MetricName};

/// The order in which [`prune_in`] goes through the weights, layer by layer. The result depends on it.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum PruningOrder {
    /// Bit order, that of the paper: the weights out of the first neuron, those out of the second, and so on.
    #[default]
    BySource,
    /// The weights into the first neuron of the next layer, those into the second, and so on: the bit order of the
    /// second version of the paper.
    ByTarget,
}

impl PruningOrder {
    /// All bits of a network's masks in this order.
    fn bits(self, architecture: &Architecture) -> Vec<usize> {
        match self {
            PruningOrder::BySource => (0..architecture.n_weights()).collect(),
            PruningOrder::ByTarget => {
                let layers = architecture.layer_bits().into_iter().zip(architecture.layer_shapes());
                layers
                    .flat_map(|(bits, (_, n_out))| {
                        (0..n_out).flat_map(move |target| bits.clone().skip(target).step_by(n_out))
                    })
                    .collect()
            }
        }
    }
}

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
/// use slt_mlp::{Architecture, Evaluator, Initializer, MetricName, Network, prune};
/// let data = slt_datasets::digits::paper(2)?;
/// let network = Network::random(&Architecture::new([64, 10, 2])?, Initializer::paper(), Seed(1))?;
/// let evaluator = Evaluator::new(&network, &data.train, MetricName::Accuracy)?;
/// let dense = BitMask::ones(660);
/// let pruned = prune(&evaluator, &dense)?;
/// assert!(pruned.sparsity() > 0.5);
/// assert!(evaluator.accuracy(&pruned)? >= evaluator.accuracy(&dense)?);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn prune(evaluator: &Evaluator, mask: &BitMask) -> Result<BitMask, Error> {
    prune_in(evaluator, mask, PruningOrder::BySource)
}

/// [`prune`] with the active bits in another order.
///
/// # Errors
/// If the mask does not fit the evaluator's network.
///
/// ```
/// use slt_core::{BitMask, Seed};
/// use slt_mlp::{Architecture, Evaluator, Initializer, MetricName, Network, PruningOrder, prune, prune_in};
/// let data = slt_datasets::digits::paper(2)?;
/// let network = Network::random(&Architecture::new([64, 10, 2])?, Initializer::paper(), Seed(1))?;
/// let evaluator = Evaluator::new(&network, &data.train, MetricName::Accuracy)?;
/// let dense = BitMask::ones(660);
/// let pruned = prune_in(&evaluator, &dense, PruningOrder::ByTarget)?;
/// assert!(evaluator.accuracy(&pruned)? >= evaluator.accuracy(&dense)?);
/// assert_ne!(pruned, prune(&evaluator, &dense)?);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn prune_in(evaluator: &Evaluator, mask: &BitMask, order: PruningOrder) -> Result<BitMask, Error> {
    let (network, data) = (evaluator.network(), evaluator.data());
    let mut flips = Flips::new(network, data, MetricName::Accuracy, evaluator.kernel(), mask)?;
    let before = flips.count_correct();
    for bit in order.bits(network.architecture()) {
        if mask.get(bit) && flips.at_least(bit, before) {
            flips.commit(bit);
        }
    }
    Ok(flips.mask().clone())
}
