use std::ops::Range;

use ndarray::Array2;
use rayon::prelude::*;
use slt_core::{BitMask, Objective, Score};
use slt_datasets::Dataset;

use crate::engine::{self, BLOCK, Blocks, CompiledMask, Scratch};
use crate::{Error, Kernel, Metric, Network, plain};

/// Blocks of samples that a thread takes at a time: some tens of microseconds of work for the smallest
/// network, so that threads share even a single mask well.
const BLOCKS_PER_TASK: usize = 64;

/// Evaluates masks of one network on one data set: the [`Objective`] of a search for lottery tickets.
///
/// Masks and samples are spread over the threads of the current rayon pool. Results do not depend on
/// their number, nor on the [`Kernel`].
///
/// ```
/// use slt_core::{BitMask, Objective, Seed};
/// use slt_mlp::{Architecture, Evaluator, Initializer, Metric, Network};
/// let data = slt_datasets::moons::paper()?;
/// let network = Network::random(&Architecture::new([2, 20, 2])?, Initializer::paper(), Seed(7))?;
/// let evaluator = Evaluator::new(&network, &data.train, Metric::Accuracy)?;
/// let dense = BitMask::ones(80);
/// assert_eq!(evaluator.evaluate(&[&dense], None)[0].exact(), Some(evaluator.accuracy(&dense)?));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone)]
pub struct Evaluator {
    network: Network,
    blocks: Blocks,
    metric: Metric,
    kernel: Kernel,
    fingerprint: u64,
}

impl Evaluator {
    /// An evaluator on the fastest kernel of this processor.
    ///
    /// # Errors
    /// If the data do not have as many features as the network has inputs, and as many classes as it has outputs.
    pub fn new(network: &Network, data: &Dataset, metric: Metric) -> Result<Self, Error> {
        let architecture = network.architecture();
        let (inputs, features) = (architecture.n_inputs(), data.n_features());
        if inputs != features {
            return Err(Error::FeatureCount { inputs, features });
        }
        let (outputs, classes) = (architecture.n_outputs(), data.n_classes());
        if outputs != classes {
            return Err(Error::ClassCount { outputs, classes });
        }
        Ok(Self {
            network: network.clone(),
            blocks: Blocks::new(data),
            metric,
            kernel: Kernel::detect(),
            fingerprint: fingerprint(network, data, metric),
        })
    }

    /// The same evaluator on another kernel.
    ///
    /// # Errors
    /// If this processor does not run it.
    pub fn with_kernel(mut self, kernel: Kernel) -> Result<Self, Error> {
        if !kernel.is_available() {
            return Err(Error::KernelUnavailable { kernel });
        }
        self.kernel = kernel;
        Ok(self)
    }

    /// The network whose masks are evaluated.
    pub fn network(&self) -> &Network {
        &self.network
    }

    /// The metric that [`Objective::evaluate`] answers with.
    pub fn metric(&self) -> Metric {
        self.metric
    }

    /// Number of samples.
    pub fn n_samples(&self) -> usize {
        self.blocks.n_samples()
    }

    /// Number of samples that the masked network classifies correctly.
    ///
    /// # Errors
    /// If the mask does not fit the network.
    pub fn count_correct(&self, mask: &BitMask) -> Result<u64, Error> {
        self.network.check_mask(mask)?;
        Ok(self.correct_counts(&[mask])[0])
    }

    /// Share of the samples that the masked network classifies correctly.
    ///
    /// # Errors
    /// If the mask does not fit the network.
    pub fn accuracy(&self, mask: &BitMask) -> Result<f64, Error> {
        Ok(self.count_correct(mask)? as f64 / self.n_samples() as f64)
    }

    /// Mean cross-entropy of the masked network; infinite if any sample's is not finite.
    ///
    /// # Errors
    /// If the mask does not fit the network.
    pub fn cross_entropy(&self, mask: &BitMask) -> Result<f64, Error> {
        self.network.check_mask(mask)?;
        Ok(self.mean_losses(&[mask])[0])
    }

    /// The outputs of the masked network.
    ///
    /// # Shapes
    /// `n_samples x n_outputs`.
    ///
    /// # Errors
    /// If the mask does not fit the network.
    pub fn logits(&self, mask: &BitMask) -> Result<Array2<f32>, Error> {
        self.network.check_mask(mask)?;
        let net = self.compiled(mask);
        let mut logits = Array2::zeros((self.n_samples(), self.network.architecture().n_outputs()));
        engine::for_each_logits(
            self.kernel,
            &net,
            &self.blocks,
            0..self.blocks.len(),
            &mut self.scratch(),
            |b, rows| {
                let first = b * BLOCK;
                for i in first..logits.nrows().min(first + BLOCK) {
                    for (c, row) in rows.iter().enumerate() {
                        logits[[i, c]] = row.0[i - first];
                    }
                }
            },
        );
        Ok(logits)
    }

    /// The class that the masked network gives to each sample: the first with the largest logit.
    ///
    /// # Errors
    /// If the mask does not fit the network.
    pub fn predict(&self, mask: &BitMask) -> Result<Vec<u32>, Error> {
        Ok(self.logits(mask)?.rows().into_iter().map(|row| plain::argmax(row) as u32).collect())
    }

    fn compiled(&self, mask: &BitMask) -> CompiledMask {
        let mut net = CompiledMask::default();
        net.compile(&self.network, mask);
        net
    }

    fn scratch(&self) -> Scratch {
        Scratch::new(self.network.architecture())
    }

    /// Runs `work` on every range of blocks of every mask, in parallel.
    fn for_each_task<T: Send>(
        &self,
        masks: &[&BitMask],
        work: impl Fn(&CompiledMask, Range<usize>, &mut Scratch) -> T + Sync,
    ) -> Vec<Vec<T>> {
        let n_blocks = self.blocks.len();
        let n_tasks = n_blocks.div_ceil(BLOCKS_PER_TASK);
        let nets: Vec<CompiledMask> = masks.par_iter().map(|mask| self.compiled(mask)).collect();
        let results: Vec<T> = (0..masks.len() * n_tasks)
            .into_par_iter()
            .map_init(
                || self.scratch(),
                |scratch, task| {
                    let start = task % n_tasks * BLOCKS_PER_TASK;
                    let range = start..n_blocks.min(start + BLOCKS_PER_TASK);
                    work(&nets[task / n_tasks], range, scratch)
                },
            )
            .collect();
        let mut results = results.into_iter();
        masks.iter().map(|_| results.by_ref().take(n_tasks).collect()).collect()
    }

    fn correct_counts(&self, masks: &[&BitMask]) -> Vec<u64> {
        let tasks = self.for_each_task(masks, |net, range, scratch| {
            engine::count_correct(self.kernel, net, &self.blocks, range, scratch)
        });
        tasks.into_iter().map(|counts| counts.into_iter().sum()).collect()
    }

    fn mean_losses(&self, masks: &[&BitMask]) -> Vec<f64> {
        let tasks = self.for_each_task(masks, |net, range, scratch| {
            let mut sums = vec![0.0; range.len()];
            engine::loss_sums(self.kernel, net, &self.blocks, range, scratch, &mut sums);
            sums
        });
        // Block by block in order, whatever the tasks were.
        let mean = |tasks: Vec<Vec<f64>>| tasks.into_iter().flatten().sum::<f64>() / self.n_samples() as f64;
        tasks.into_iter().map(mean).collect()
    }
}

impl Objective for Evaluator {
    fn n_bits(&self) -> usize {
        self.network.architecture().n_weights()
    }

    fn evaluate(&self, masks: &[&BitMask], _floor: Option<f64>) -> Vec<Score> {
        match self.metric {
            Metric::Accuracy => {
                let accuracy = |correct| Score::Exact(correct as f64 / self.n_samples() as f64);
                self.correct_counts(masks).into_iter().map(accuracy).collect()
            }
            Metric::CrossEntropy => {
                self.mean_losses(masks).into_iter().map(|loss| Score::Exact((-loss).max(f64::MIN))).collect()
            }
        }
    }

    fn bit_groups(&self) -> Vec<Range<usize>> {
        self.network.architecture().layer_bits()
    }

    fn admissible(&self, mask: &BitMask) -> bool {
        self.network.is_connected(mask)
    }

    fn solved(&self, mask: &BitMask, performance: f64) -> bool {
        match self.metric {
            Metric::Accuracy => performance >= 1.0,
            Metric::CrossEntropy => self.correct_counts(&[mask])[0] == self.n_samples() as u64,
        }
    }

    fn fingerprint(&self) -> u64 {
        self.fingerprint
    }
}

/// A hash of everything that an evaluation depends on.
fn fingerprint(network: &Network, data: &Dataset, metric: Metric) -> u64 {
    let parameters = network.layers().iter().flat_map(|layer| layer.weights().iter().chain(layer.biases()));
    let floats = parameters.chain(data.features()).map(|x| u64::from(x.to_bits()));
    let sizes = network.architecture().sizes().iter().map(|&size| size as u64);
    let labels = data.labels().iter().map(|&label| u64::from(label));
    // FNV-1a over 64-bit words; told apart, not protected.
    let words = sizes.chain([data.n_samples() as u64, metric as u64]).chain(floats).chain(labels);
    words.fold(0xcbf2_9ce4_8422_2325, |hash, word| (hash ^ word).wrapping_mul(0x0100_0000_01b3))
}
