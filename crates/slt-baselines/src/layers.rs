//! Checks of parameters that a caller gives.

use ndarray::{Array1, Array2};

use crate::{Error, Samples, Scalar};

/// Checks that parameters of a layer are finite.
pub(crate) fn check_finite<'a, T: Scalar>(
    what: &'static str,
    layer: usize,
    parameters: impl IntoIterator<Item = &'a T>,
) -> Result<(), Error> {
    match parameters.into_iter().all(|x| x.is_finite()) {
        true => Ok(()),
        false => Err(Error::ParametersNotFinite { what, layer }),
    }
}

/// The sizes of the layers, inputs first.
pub(crate) fn sizes<T: Scalar>(layers: &[(Array2<T>, Array1<T>)]) -> Result<Vec<usize>, Error> {
    let Some((first, _)) = layers.first() else {
        return Err(Error::Length { what: "layers of weights", expected: 1, actual: 0 });
    };
    let mut sizes = vec![first.nrows()];
    for (layer, (weights, biases)) in layers.iter().enumerate() {
        let (expected, actual) = ((sizes[layer], biases.len()), weights.dim());
        if expected != actual || biases.is_empty() || expected.0 == 0 {
            return Err(Error::LayerShape { what: "the weights", layer, expected, actual });
        }
        check_finite("the weights", layer, weights)?;
        check_finite("the biases", layer, biases)?;
        sizes.push(biases.len());
    }
    Ok(sizes)
}

/// Checks that samples have a feature for each input and a class for each output.
pub(crate) fn check_samples<T: Scalar>(sizes: &[usize], samples: &Samples<T>) -> Result<(), Error> {
    let (inputs, features) = (sizes[0], samples.n_features());
    if inputs != features {
        return Err(Error::FeatureCount { inputs, features });
    }
    let (expected, classes) = (sizes[sizes.len() - 1], samples.n_classes());
    if expected != classes { Err(Error::ClassCount { expected, classes }) } else { Ok(()) }
}
