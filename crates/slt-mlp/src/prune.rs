use serde::{Deserialize, Serialize};
use slt_core::BitMask;

use crate::{Architecture, Error, Evaluator, Flips, MetricName};

/// The order in which [`Pruning`] goes through the weights, layer by layer. The result depends on it.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum PruningOrder {
    /// Bit order, that of the paper: the weights out of the first unit, those out of the second, and so on.
    #[default]
    BySource,
    /// The weights into the first unit of the next layer, those into the second, and so on: the bit order of
    /// the second version of the paper.
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

/// What must not get worse while weights are pruned, on the data that guide it.
#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Guard {
    /// The number of samples that are classified correctly does not fall below what it was before.
    #[default]
    Accuracy,
    /// The mean cross-entropy (natural logarithm) does not rise above what it was before plus `tolerance`:
    /// samples that are classified correctly may not come close to the edge together, as they may where only
    /// the accuracy is guarded.
    Loss {
        /// By how much it may rise, finite and at least 0.
        tolerance: f64,
    },
}

/// How weights are pruned: which active bits of a mask are cleared because nothing is lost without them. Bit
/// by bit, each is cleared if the guard allows it after those that were cleared before.
///
/// | name | default | range | purpose |
/// |---|---|---|---|
/// | `guard` | `Accuracy` | see [`Guard`] | what must not get worse |
/// | `order` | `BySource` | see [`PruningOrder`] | which bits are tried first |
/// | `passes` | 1 | at least 1 | the most times that all active bits are tried; it ends with a pass in which none is cleared |
///
/// The defaults are the paper's: [`prune`].
///
/// ```
/// use slt_core::{BitMask, Seed};
/// use slt_datasets::split;
/// use slt_mlp::{Architecture, Evaluator, Guard, Initializer, MetricName, Network, Pruning};
/// let data = slt_datasets::paper::digits(2)?;
/// let network = Network::random(&Architecture::new([64, 10, 2])?, Initializer::paper(), Seed(1))?;
/// let parts = split::stratified(&data.train, 0.25, Seed(1))?;
/// let evaluator = Evaluator::new(&network, &parts.train, MetricName::CrossEntropy)?;
/// let held_out = Evaluator::new(&network, &parts.test, MetricName::Accuracy)?;
///
/// // Until nothing is left to clear, at the cost of at most 0.01 of loss; no more held-out samples are wrong afterwards.
/// let pruning = Pruning { guard: Guard::Loss { tolerance: 0.01 }, passes: 100, ..Pruning::default() };
/// let dense = BitMask::ones(660);
/// let pruned = pruning.apply(&evaluator, Some(&held_out), &dense)?;
/// assert!(pruned.sparsity() > 0.5);
/// assert!(evaluator.cross_entropy(&pruned)? <= evaluator.cross_entropy(&dense)? + 0.01);
/// assert!(held_out.accuracy(&pruned)? >= held_out.accuracy(&dense)?);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Pruning {
    /// What must not get worse.
    pub guard: Guard,
    /// Which bits are tried first.
    pub order: PruningOrder,
    /// The most times that all active bits are tried.
    pub passes: u32,
}

impl Default for Pruning {
    fn default() -> Self {
        Self { guard: Guard::Accuracy, order: PruningOrder::BySource, passes: 1 }
    }
}

impl Pruning {
    /// Checks every field.
    ///
    /// # Errors
    /// [`Error::ToleranceOutOfRange`], [`Error::NoPasses`].
    pub fn validate(&self) -> Result<(), Error> {
        match self.guard {
            Guard::Loss { tolerance } if !(0.0..=f64::MAX).contains(&tolerance) => {
                Err(Error::ToleranceOutOfRange { tolerance })
            }
            _ if self.passes == 0 => Err(Error::NoPasses),
            _ => Ok(()),
        }
    }

    /// Prunes a mask. The evaluator's data are those of the guard; if there are held-out data, no more of
    /// their samples may be wrong than before, either. The metrics of both play no part.
    ///
    /// What the guard says holds of the result exactly, by a fresh evaluation. Where a loss is so near to its
    /// limit that the rounding of a what-if matters (see [`Flips`]), a bit may stay that could have been
    /// cleared.
    ///
    /// It takes one core; see [`Flips`] for the memory that it takes.
    ///
    /// # Errors
    /// As [`validate`](Self::validate); if the mask does not fit the network of one of the evaluators.
    pub fn apply(
        &self,
        evaluator: &Evaluator,
        held_out: Option<&Evaluator>,
        mask: &BitMask,
    ) -> Result<BitMask, Error> {
        self.validate()?;
        let mut guarded = vec![Guarded::new(evaluator, self.guard, mask)?];
        if let Some(held_out) = held_out {
            guarded.push(Guarded::new(held_out, Guard::Accuracy, mask)?);
        }
        let bits = self.order.bits(evaluator.network().architecture());
        let mut pruned = mask.clone();
        for _ in 0..self.passes {
            let before = pruned.count_ones();
            for &bit in &bits {
                if pruned.get(bit) && flip(&mut guarded, bit) {
                    pruned.flip(bit);
                }
            }
            if pruned.count_ones() == before {
                break;
            }
        }
        Ok(pruned)
    }
}

/// A mask on data on which it must not get worse.
struct Guarded {
    flips: Flips,
    floor: f64,
}

impl Guarded {
    fn new(evaluator: &Evaluator, guard: Guard, mask: &BitMask) -> Result<Self, Error> {
        let (metric, tolerance) = match guard {
            Guard::Accuracy => (MetricName::Accuracy, 0.0),
            Guard::Loss { tolerance } => (MetricName::CrossEntropy, tolerance),
        };
        let flips =
            Flips::new(evaluator.network(), evaluator.data(), metric, evaluator.instruction_set(), mask)?;
        let floor = flips.performance() - tolerance;
        Ok(Self { flips, floor })
    }
}

/// Flips a bit if all allow it; the answer says whether they did.
fn flip(guarded: &mut [Guarded], bit: usize) -> bool {
    if !guarded.iter().all(|one| one.flips.reaches(bit, one.floor)) {
        return false;
    }
    for i in 0..guarded.len() {
        guarded[i].flips.commit(bit);
        // A what-if of a loss is rounded in another way than what is held after it.
        if guarded[i].flips.performance() < guarded[i].floor {
            guarded[..=i].iter_mut().for_each(|one| one.flips.commit(bit));
            return false;
        }
    }
    true
}

/// Post-evolutionary pruning: one pass over the active bits in bit order; a bit is cleared where the number
/// of correctly classified samples does not fall below what it was before the pass.
///
/// The evaluator's data guide the pass. Its metric plays no part: accuracy decides. The result is never less
/// accurate on these data and never denser. [`Pruning`] guards other things, in other orders, more than once.
///
/// # Errors
/// If the mask does not fit the evaluator's network.
///
/// ```
/// use slt_core::{BitMask, Seed};
/// use slt_mlp::{Architecture, Evaluator, Initializer, MetricName, Network, prune};
/// let data = slt_datasets::paper::digits(2)?;
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
/// let data = slt_datasets::paper::digits(2)?;
/// let network = Network::random(&Architecture::new([64, 10, 2])?, Initializer::paper(), Seed(1))?;
/// let evaluator = Evaluator::new(&network, &data.train, MetricName::Accuracy)?;
/// let dense = BitMask::ones(660);
/// let pruned = prune_in(&evaluator, &dense, PruningOrder::ByTarget)?;
/// assert!(evaluator.accuracy(&pruned)? >= evaluator.accuracy(&dense)?);
/// assert_ne!(pruned, prune(&evaluator, &dense)?);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn prune_in(evaluator: &Evaluator, mask: &BitMask, order: PruningOrder) -> Result<BitMask, Error> {
    Pruning { order, ..Pruning::default() }.apply(evaluator, None, mask)
}
