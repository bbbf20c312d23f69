//! The loss as a function of the parameters, with its first two derivatives.

use ndarray::{Array1, Array2};
use rayon::prelude::*;
use slt_core::BitMask;
use slt_datasets::Dataset;
use slt_mlp::Network;

use super::LossAt;
use crate::kernel::{
    BLOCK, Batch, Gradient, Head, Keep, Layer, Tally, TangentWorkspace, Workspace, bias_gradient, spread,
};
use crate::{Error, Samples};

/// Samples in a unit of work; sums over units are taken in order.
const UNIT: usize = 32 * BLOCK;

/// The most coordinates of a dense Hessian: 128 MiB.
pub const MAX_DENSE: usize = 4096;

/// The mean cross-entropy of a network as a function of its weights and biases.
///
/// The parameters are numbered layer by layer: the weights in bit order (`source * n_out + target`), then the
/// biases. A masked network stands at `w_s = mask * w`. Its dropped weights are ordinary coordinates with
/// value 0; leave them out by naming the coordinates of interest
/// ([`free_coordinates`](Self::free_coordinates)).
///
/// At a point where a hidden unit's sum is exactly zero for some sample the loss has a kink; the derivatives
/// are then those of the side where the unit is off.
///
/// ```
/// use slt_baselines::{LanczosConfig, LossSurface};
/// use slt_core::{BitMask, Seed};
/// use slt_mlp::{Architecture, Initializer, Network};
/// let digits = slt_datasets::paper::digits(2)?;
/// let network = Network::random(&Architecture::new([64, 4, 2])?, Initializer::paper(), Seed(3))?;
/// let mask: BitMask = (0..264).map(|i| i % 2 == 0).collect();
/// let surface = LossSurface::new(&network, &mask, &digits.train)?;
/// let free = surface.free_coordinates(&mask)?;
/// assert_eq!((surface.n_parameters(), free.len()), (264 + 6, 132 + 6));
/// let sharpest = surface.largest_eigenvalues(&free, &LanczosConfig::top(1))?.eigenvalues[0];
/// assert!(sharpest > 0.0);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone)]
pub struct LossSurface {
    sizes: Vec<usize>,
    parameters: Vec<f64>,
    data: Vec<Batch<f64>>,
}

impl LossSurface {
    /// The surface around a masked network.
    ///
    /// # Errors
    /// If the mask or the data do not fit the network.
    pub fn new(network: &Network, mask: &BitMask, data: &Dataset) -> Result<Self, Error> {
        network.check_mask(mask)?;
        let mut bit = 0..;
        let layers = network.layers().iter().map(|layer| {
            let weights = layer.weights().mapv(|w| {
                let active = bit.next().is_some_and(|i| mask.get(i));
                if active { f64::from(w) } else { 0.0 }
            });
            (weights, layer.biases().mapv(f64::from))
        });
        Self::from_parameters(&layers.collect::<Vec<_>>(), &Samples::from(data))
    }

    /// The surface around given parameters.
    ///
    /// # Shapes
    /// Weights `n_in x n_out` and biases `n_out` of each layer.
    ///
    /// # Errors
    /// [`Error::LayerShape`], [`Error::FeatureCount`] or [`Error::ClassCount`] if they do not fit.
    pub fn from_parameters(
        layers: &[(Array2<f64>, Array1<f64>)],
        samples: &Samples<f64>,
    ) -> Result<Self, Error> {
        let sizes = crate::layers::sizes(layers)?;
        crate::layers::check_samples(&sizes, samples)?;
        let parameters = layers.iter().flat_map(|(w, b)| w.iter().chain(b)).copied().collect();
        let rows: Vec<usize> = (0..samples.n_samples()).collect();
        Ok(Self { sizes, parameters, data: Batch::pack_all(samples, &rows, UNIT) })
    }

    /// Number of weights and biases.
    pub fn n_parameters(&self) -> usize {
        self.parameters.len()
    }

    /// Number of samples.
    pub fn n_samples(&self) -> usize {
        self.data.iter().map(Batch::n_samples).sum()
    }

    /// The parameters at which derivatives are taken.
    pub fn parameters(&self) -> &[f64] {
        &self.parameters
    }

    /// All coordinates.
    pub fn all_coordinates(&self) -> Vec<usize> {
        (0..self.n_parameters()).collect()
    }

    /// The coordinates of the active weights and of all biases.
    ///
    /// # Errors
    /// [`Error::Length`] if the mask does not have a bit for each weight.
    pub fn free_coordinates(&self, mask: &BitMask) -> Result<Vec<usize>, Error> {
        let weights: usize = self.sizes.windows(2).map(|pair| pair[0] * pair[1]).sum();
        if mask.len() != weights {
            return Err(Error::Length { what: "bits of the mask", expected: weights, actual: mask.len() });
        }
        let (mut free, mut coordinate, mut bit) = (Vec::new(), 0, 0);
        for pair in self.sizes.windows(2) {
            for _ in 0..pair[0] * pair[1] {
                if mask.get(bit) {
                    free.push(coordinate);
                }
                (coordinate, bit) = (coordinate + 1, bit + 1);
            }
            free.extend(coordinate..coordinate + pair[1]);
            coordinate += pair[1];
        }
        Ok(free)
    }

    /// Loss and number of correct samples at the parameters.
    pub fn loss(&self) -> LossAt {
        let layers = layers_of(&self.sizes, &self.parameters);
        self.summarise(&self.per_unit(|unit| self.tally(&layers, unit)))
    }

    /// Loss and number of correct samples elsewhere.
    ///
    /// # Errors
    /// [`Error::Length`] if there are more or fewer parameters.
    pub fn loss_at(&self, parameters: &[f64]) -> Result<LossAt, Error> {
        self.check_length("parameters", parameters)?;
        Ok(self.loss_on_this_thread(parameters))
    }

    pub(super) fn loss_on_this_thread(&self, parameters: &[f64]) -> LossAt {
        let layers = layers_of(&self.sizes, parameters);
        self.summarise(&self.data.iter().map(|unit| self.tally(&layers, unit)).collect::<Vec<_>>())
    }

    /// Loss and its gradient.
    pub fn gradient(&self) -> (LossAt, Vec<f64>) {
        let layers = layers_of(&self.sizes, &self.parameters);
        let units = self.per_unit(|unit| {
            let mut workspace = Workspace::new(&self.sizes);
            workspace.forward(&layers, unit);
            let tally = workspace.backward(Head::CrossEntropy, &layers, unit);
            let gradient = self.join(
                |l, out| spread(Gradient::new([workspace.factors(l, unit)], Keep(out))),
                |l, out| bias_gradient(workspace.deltas(l), out),
            );
            (tally, gradient)
        });
        let (tallies, gradients): (Vec<Tally>, Vec<Vec<f64>>) = units.into_iter().unzip();
        (self.summarise(&tallies), self.mean(gradients))
    }

    /// The product of the Hessian with a vector, exact up to rounding.
    ///
    /// # Errors
    /// [`Error::Length`] if `v` does not have an entry for each parameter.
    pub fn hessian_vector(&self, v: &[f64]) -> Result<Vec<f64>, Error> {
        self.check_length("entries of the vector", v)?;
        Ok(self.mean(self.per_unit(|unit| self.tangents(v, unit))))
    }

    /// The Hessian among some coordinates, column by column, made symmetric.
    ///
    /// # Shapes
    /// `coordinates.len()` squared.
    ///
    /// # Errors
    /// [`Error::HessianSize`] beyond [`MAX_DENSE`] coordinates, [`Error::Length`] for a coordinate that does
    /// not exist.
    pub fn hessian(&self, coordinates: &[usize]) -> Result<Array2<f64>, Error> {
        let n = coordinates.len();
        if n > MAX_DENSE {
            return Err(Error::HessianSize { n, max: MAX_DENSE });
        }
        self.check_coordinates(coordinates)?;
        let columns: Vec<Vec<f64>> = coordinates
            .par_iter()
            .map(|&j| {
                let mut unit = vec![0.0; self.n_parameters()];
                unit[j] = 1.0;
                let column = self.mean(self.data.iter().map(|data| self.tangents(&unit, data)).collect());
                coordinates.iter().map(|&i| column[i]).collect()
            })
            .collect();
        Ok(Array2::from_shape_fn((n, n), |(i, j)| 0.5 * (columns[j][i] + columns[i][j])))
    }

    pub(super) fn check_coordinates(&self, coordinates: &[usize]) -> Result<(), Error> {
        let expected = self.n_parameters();
        match coordinates.iter().find(|&&i| i >= expected) {
            Some(&actual) => Err(Error::Length { what: "coordinates up to", expected, actual }),
            None => Ok(()),
        }
    }

    pub(super) fn check_length(&self, what: &'static str, values: &[f64]) -> Result<(), Error> {
        let (expected, actual) = (self.n_parameters(), values.len());
        if expected == actual { Ok(()) } else { Err(Error::Length { what, expected, actual }) }
    }

    fn per_unit<R: Send>(&self, work: impl Fn(&Batch<f64>) -> R + Sync + Send) -> Vec<R> {
        self.data.par_iter().map(work).collect()
    }

    fn tally(&self, layers: &[Layer<'_, f64>], unit: &Batch<f64>) -> Tally {
        let mut workspace = Workspace::new(&self.sizes);
        workspace.forward(layers, unit);
        workspace.tally(Head::CrossEntropy, unit)
    }

    fn tangents(&self, v: &[f64], unit: &Batch<f64>) -> Vec<f64> {
        let mut workspace = TangentWorkspace::new(&self.sizes);
        workspace.run(&layers_of(&self.sizes, &self.parameters), &layers_of(&self.sizes, v), unit);
        self.join(|l, out| workspace.weight_tangent(l, unit, out), |l, out| workspace.bias_tangent(l, out))
    }

    /// A vector over the parameters from its parts.
    fn join(&self, weights: impl Fn(usize, &mut [f64]), biases: impl Fn(usize, &mut Vec<f64>)) -> Vec<f64> {
        let (mut all, mut part) = (Vec::with_capacity(self.n_parameters()), Vec::new());
        for (l, pair) in self.sizes.windows(2).enumerate() {
            let start = all.len();
            all.resize(start + pair[0] * pair[1], 0.0);
            weights(l, &mut all[start..]);
            biases(l, &mut part);
            all.extend_from_slice(&part);
        }
        all
    }

    fn summarise(&self, tallies: &[Tally]) -> LossAt {
        let mut total = Tally::default();
        for tally in tallies {
            total.add(tally);
        }
        LossAt { loss: total.loss() / self.n_samples() as f64, n_correct: total.correct }
    }

    /// The mean over samples of vectors that are sums over units.
    fn mean(&self, sums: Vec<Vec<f64>>) -> Vec<f64> {
        let n = self.n_samples() as f64;
        let mut total = vec![0.0; self.n_parameters()];
        for sum in sums {
            total.iter_mut().zip(sum).for_each(|(t, s)| *t += s);
        }
        total.iter_mut().for_each(|t| *t /= n);
        total
    }
}

/// A vector over the parameters as layers.
fn layers_of<'a>(sizes: &[usize], mut values: &'a [f64]) -> Vec<Layer<'a, f64>> {
    let layer = |pair: &[usize]| {
        let (weights, rest) = values.split_at(pair[0] * pair[1]);
        let (biases, rest) = rest.split_at(pair[1]);
        values = rest;
        Layer { weights, biases, masked: false }
    };
    sizes.windows(2).map(layer).collect()
}
