use std::fmt;
use std::ops::Range;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use crate::Error;

/// The most weights a network may have: 2^27, or 512 MiB in single precision.
const MAX_WEIGHTS: usize = 1 << 27;

/// The sizes of the layers of a multi-layer perceptron, inputs first, outputs last.
///
/// The four architectures of the paper have letters; `[2, 75, 2]` is `B`:
///
/// | name | sizes | weights |
/// |---|---|---|
/// | A | 2, 20, 2 | 80 |
/// | B | 2, 75, 2 | 300 |
/// | C | 2, 100, 2 | 400 |
/// | D | 2, 50, 50, 2 | 2,700 |
///
/// Weights are numbered layer by layer, and inside a layer grouped by source unit:
/// `bit = offset + source * n_out + target`.
///
/// ```
/// use slt_mlp::Architecture;
/// let d: Architecture = "D".parse()?;
/// assert_eq!(d, Architecture::new([2, 50, 50, 2])?);
/// assert_eq!(d.n_weights(), 2_700);
/// assert_eq!(d.to_string(), "2,50,50,2");
/// assert_eq!(d.layer_bits()[1], 100..2_600);
/// assert!(Architecture::new([2, 0, 2]).is_err());
/// # Ok::<(), slt_mlp::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "Vec<usize>", into = "Vec<usize>")]
pub struct Architecture {
    sizes: Vec<usize>,
}

impl Architecture {
    /// An architecture from the sizes of its layers: inputs, hidden layers if any, outputs.
    ///
    /// # Errors
    /// With fewer than 2 sizes, a size of 0, fewer than 2 outputs, or more than 2^27 weights.
    pub fn new(sizes: impl Into<Vec<usize>>) -> Result<Self, Error> {
        let sizes = sizes.into();
        if sizes.len() < 2 {
            return Err(Error::TooFewLayers { sizes: sizes.len() });
        }
        if let Some(layer) = sizes.iter().position(|&size| size == 0) {
            return Err(Error::EmptyLayer { layer });
        }
        if sizes[sizes.len() - 1] < 2 {
            return Err(Error::TooFewOutputs);
        }
        let weights = sizes.windows(2).try_fold(0_usize, |sum, pair| {
            pair[0].checked_mul(pair[1]).and_then(|weights| sum.checked_add(weights))
        });
        match weights {
            Some(1..=MAX_WEIGHTS) => Ok(Self { sizes }),
            _ => Err(Error::TooManyWeights { limit: MAX_WEIGHTS }),
        }
    }

    /// The sizes of all layers, inputs first.
    pub fn sizes(&self) -> &[usize] {
        &self.sizes
    }

    /// Number of input features.
    pub fn n_inputs(&self) -> usize {
        self.sizes[0]
    }

    /// Number of classes.
    pub fn n_outputs(&self) -> usize {
        self.sizes[self.sizes.len() - 1]
    }

    /// `(n_in, n_out)` of each layer of weights.
    pub fn layer_shapes(&self) -> impl DoubleEndedIterator<Item = (usize, usize)> + ExactSizeIterator {
        self.sizes.windows(2).map(|pair| (pair[0], pair[1]))
    }

    /// Number of weights, which is the number of bits of a mask. Biases are never masked.
    pub fn n_weights(&self) -> usize {
        self.layer_shapes().map(|(n_in, n_out)| n_in * n_out).sum()
    }

    /// The bits of each hidden unit, layer by layer: the weights into it, and for the last hidden layer also
    /// the weights out of it.
    ///
    /// ```
    /// let network = slt_mlp::Architecture::new([2, 3, 2])?;
    /// assert_eq!(network.linkage()[1], [1, 4, 8, 9]);
    /// # Ok::<(), slt_mlp::Error>(())
    /// ```
    pub fn linkage(&self) -> Vec<Vec<usize>> {
        let layers: Vec<_> = self.layer_bits().into_iter().zip(self.layer_shapes()).collect();
        let mut units = Vec::new();
        for (layer, (bits, (_, n_out))) in layers.iter().enumerate().take(layers.len() - 1) {
            let (next_bits, (_, next_out)) = &layers[layer + 1];
            let is_last = layer + 2 == layers.len();
            units.extend((0..*n_out).map(|unit| {
                let into = bits.clone().skip(unit).step_by(*n_out);
                let out_of =
                    next_bits.clone().skip(unit * next_out).take(if is_last { *next_out } else { 0 });
                into.chain(out_of).collect()
            }));
        }
        units
    }

    /// The bits of each layer.
    pub fn layer_bits(&self) -> Vec<Range<usize>> {
        let mut start = 0;
        self.layer_shapes()
            .map(|(n_in, n_out)| {
                let end = start + n_in * n_out;
                std::mem::replace(&mut start, end)..end
            })
            .collect()
    }

    /// Reads one of the letters of the paper, for data of the given numbers of features and classes, or a
    /// list of sizes. `B` for the digits is `64,75,10`.
    ///
    /// # Errors
    /// If the text is neither, or is an impossible list.
    pub fn parse_for(text: &str, n_features: usize, n_classes: usize) -> Result<Self, Error> {
        match hidden_of_letter(text) {
            Some(hidden) => Self::new([&[n_features], hidden, &[n_classes]].concat()),
            None => text.parse(),
        }
    }
}

/// The hidden layers of an architecture of the paper.
fn hidden_of_letter(letter: &str) -> Option<&'static [usize]> {
    match letter {
        "A" => Some(&[20]),
        "B" => Some(&[75]),
        "C" => Some(&[100]),
        "D" => Some(&[50, 50]),
        _ => None,
    }
}

impl fmt::Display for Architecture {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let sizes: Vec<String> = self.sizes.iter().map(ToString::to_string).collect();
        f.pad(&sizes.join(","))
    }
}

impl FromStr for Architecture {
    type Err = Error;

    /// Reads `A` to `D` (two features, two classes) or sizes separated by commas.
    fn from_str(text: &str) -> Result<Self, Error> {
        if hidden_of_letter(text).is_some() {
            return Self::parse_for(text, 2, 2);
        }
        let sizes: Result<Vec<usize>, _> = text.split(',').map(|size| size.trim().parse()).collect();
        Self::new(sizes.map_err(|_| Error::ArchitectureText { text: text.to_owned() })?)
    }
}

impl TryFrom<Vec<usize>> for Architecture {
    type Error = Error;

    fn try_from(sizes: Vec<usize>) -> Result<Self, Error> {
        Self::new(sizes)
    }
}

impl From<Architecture> for Vec<usize> {
    fn from(architecture: Architecture) -> Self {
        architecture.sizes
    }
}
