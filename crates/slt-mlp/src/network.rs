use ndarray::{Array1, Array2};
use serde::{Deserialize, Serialize};
use slt_core::{BitMask, Seed};
use slt_datasets::Dataset;

use crate::{Architecture, Error, Initializer};

/// What a random network is drawn from: enough to draw it again.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Recipe {
    /// Sizes of the layers.
    pub architecture: Architecture,
    /// Distributions of weights and biases.
    pub initializer: Initializer,
    /// Seed of the draws.
    pub seed: Seed,
}

/// The parameters between two layers of units.
#[derive(Debug, Clone, PartialEq)]
pub struct Layer {
    weights: Array2<f32>,
    biases: Array1<f32>,
}

impl Layer {
    /// Weights.
    ///
    /// # Shapes
    /// `n_in x n_out`, in standard layout, so that the order in memory is the order of the mask's bits.
    pub fn weights(&self) -> &Array2<f32> {
        &self.weights
    }

    /// Biases.
    ///
    /// # Shapes
    /// `n_out`.
    pub fn biases(&self) -> &Array1<f32> {
        &self.biases
    }
}

/// A multi-layer perceptron with ReLU after every hidden layer and linear outputs. Its parameters never
/// change.
///
/// ```
/// use slt_core::Seed;
/// use slt_mlp::{Architecture, Initializer, Network};
/// let network = Network::random(&Architecture::new([2, 20, 2])?, Initializer::paper(), Seed(7))?;
/// assert_eq!(network.layers()[0].weights().dim(), (2, 20));
/// assert_eq!(network.layers()[1].biases().len(), 2);
/// # Ok::<(), slt_mlp::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct Network {
    architecture: Architecture,
    recipe: Option<Recipe>,
    layers: Vec<Layer>,
}

impl Network {
    /// Draws a network.
    ///
    /// # Errors
    /// If the initialiser is out of range.
    pub fn random(architecture: &Architecture, initializer: Initializer, seed: Seed) -> Result<Self, Error> {
        Self::from_recipe(Recipe { architecture: architecture.clone(), initializer, seed })
    }

    /// Draws the network of a recipe.
    ///
    /// # Errors
    /// If the initialiser is out of range.
    pub fn from_recipe(recipe: Recipe) -> Result<Self, Error> {
        let initializer = recipe.initializer.validate()?;
        let layers = recipe
            .architecture
            .layer_shapes()
            .enumerate()
            .map(|(l, shape)| {
                let (weights, biases) = initializer.draw(recipe.seed, l, shape);
                Layer { weights, biases }
            })
            .collect();
        Ok(Self { architecture: recipe.architecture.clone(), layers, recipe: Some(recipe) })
    }

    /// A network from given parameters. It has no [`recipe`](Self::recipe), so no ticket can be made of it.
    ///
    /// # Shapes
    /// Weights `n_in x n_out` and biases `n_out` of each layer; the `n_in` of a layer is the `n_out` of the
    /// one before.
    ///
    /// # Errors
    /// If shapes do not fit together, a parameter is not finite, or the sizes are no [`Architecture`].
    pub fn from_parameters(parameters: Vec<(Array2<f32>, Array1<f32>)>) -> Result<Self, Error> {
        let mut sizes: Vec<usize> = parameters.iter().take(1).map(|(weights, _)| weights.nrows()).collect();
        for (layer, (weights, biases)) in parameters.iter().enumerate() {
            let expected = (sizes[layer], biases.len());
            if weights.dim() != expected {
                return Err(Error::LayerShape { layer, expected, actual: weights.dim() });
            }
            if !weights.iter().chain(biases).all(|w| w.is_finite()) {
                return Err(Error::ParameterNotFinite { layer });
            }
            sizes.push(biases.len());
        }
        let layers = parameters
            .into_iter()
            .map(|(weights, biases)| Layer { weights: weights.as_standard_layout().into_owned(), biases })
            .collect();
        Ok(Self { architecture: Architecture::new(sizes)?, recipe: None, layers })
    }

    /// The network with some weights inverted: they have the other sign. It has no [`recipe`](Self::recipe).
    ///
    /// # Errors
    /// If `weights` does not have a bit for each weight.
    ///
    /// ```
    /// use slt_core::{BitMask, Seed};
    /// use slt_mlp::{Architecture, Initializer, Network};
    /// let network = Network::random(&Architecture::new([2, 20, 2])?, Initializer::paper(), Seed(7))?;
    /// let inverted = network.inverted(&(0..80).map(|bit| bit == 1).collect())?;
    /// let first = |network: &Network| [0, 1].map(|target| network.layers()[0].weights()[[0, target]]);
    /// assert_eq!(first(&inverted), [first(&network)[0], -first(&network)[1]]);
    /// # Ok::<(), slt_mlp::Error>(())
    /// ```
    pub fn inverted(&self, weights: &BitMask) -> Result<Self, Error> {
        self.check_mask(weights)?;
        let mut layers = self.layers.clone();
        let all = layers.iter_mut().flat_map(|layer| &mut layer.weights);
        all.enumerate().filter(|&(bit, _)| weights.get(bit)).for_each(|(_, weight)| *weight = -*weight);
        Ok(Self { architecture: self.architecture.clone(), recipe: None, layers })
    }

    /// Sizes of the layers.
    pub fn architecture(&self) -> &Architecture {
        &self.architecture
    }

    /// What the network was drawn from; `None` if its parameters were given, or weights inverted.
    pub fn recipe(&self) -> Option<&Recipe> {
        self.recipe.as_ref()
    }

    /// The parameters, inputs first.
    pub fn layers(&self) -> &[Layer] {
        &self.layers
    }

    /// Checks that `mask` has a bit for each weight.
    ///
    /// # Errors
    /// If it has more or fewer.
    pub fn check_mask(&self, mask: &BitMask) -> Result<(), Error> {
        let expected = self.architecture.n_weights();
        if mask.len() == expected { Ok(()) } else { Err(Error::MaskLength { expected, actual: mask.len() }) }
    }

    /// Checks that `data` have a feature for each input and a class for each output.
    pub(crate) fn check_data(&self, data: &Dataset) -> Result<(), Error> {
        let (inputs, features) = (self.architecture.n_inputs(), data.n_features());
        if inputs != features {
            return Err(Error::FeatureCount { inputs, features });
        }
        let (outputs, classes) = (self.architecture.n_outputs(), data.n_classes());
        if outputs != classes {
            return Err(Error::ClassCount { outputs, classes });
        }
        Ok(())
    }

    /// Whether an active path leads from an input to an output ("lax" connectivity).
    ///
    /// # Panics
    /// If the mask does not have a bit for each weight.
    pub fn is_connected(&self, mask: &BitMask) -> bool {
        let mut reached = vec![true; self.architecture.n_inputs()];
        let mut bit = 0;
        for (_, n_out) in self.architecture.layer_shapes() {
            let mut next = vec![false; n_out];
            for source_reached in reached {
                for target_reached in &mut next {
                    *target_reached |= source_reached && mask.get(bit);
                    bit += 1;
                }
            }
            reached = next;
        }
        reached.contains(&true)
    }
}
