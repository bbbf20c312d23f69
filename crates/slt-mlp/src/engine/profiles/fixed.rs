//! Sums of units in fixed point.
//!
//! A sum is an `i32` in units of 2^-q, with a q for each layer, and so is every product that enters it,
//! rounded on its own. Adding and taking away integers is exact, so a sum that was changed a million times is
//! the one that is computed afresh: what is held is a function of the mask alone.

use crate::Network;

/// Sums stay below 2^LOG2_LIMIT whatever the mask, and differences of two of them below 2^31.
const LOG2_LIMIT: i32 = 29;

/// The finest unit: more digits than a product has in single precision are none.
const MOST_DIGITS: i32 = 30;

/// The units of the sums of each layer.
#[derive(Debug, Clone)]
pub(super) struct Fixed {
    /// Binary digits after the point, of each layer of units behind the inputs.
    digits: Vec<i32>,
}

/// 2^n.
fn power(n: i32) -> f32 {
    f32::from_bits(((n + 127) as u32) << 23)
}

/// The nearest integer, the even one of two; at the limits of `i32` beyond them.
#[inline(always)]
pub(super) fn round(x: f32) -> i32 {
    x.round_ties_even() as i32
}

impl Fixed {
    /// As fine as the largest sum of a layer allows that any mask can have, signed ones too if `is_signed`;
    /// `inputs` are the least and the largest value of each input.
    pub(super) fn new(network: &Network, is_signed: bool, inputs: &[(f32, f32)]) -> Self {
        let mut digits = Vec::new();
        let mut ranges: Vec<(f64, f64)> =
            inputs.iter().map(|&(low, high)| (low.into(), high.into())).collect();
        for layer in network.layers() {
            let of_neuron = |(target, &bias): (usize, &f32)| {
                let start = (f64::from(bias), f64::from(bias));
                ranges.iter().zip(layer.weights().column(target)).fold(start, |(low, high), (range, &w)| {
                    let (a, b) = (range.0 * f64::from(w), range.1 * f64::from(w));
                    let most = a.abs().max(b.abs());
                    let (a, b) = if is_signed { (most, -most) } else { (a, b) };
                    (low + a.min(b).min(0.0), high + a.max(b).max(0.0))
                })
            };
            let sums: Vec<(f64, f64)> = layer.biases().iter().enumerate().map(of_neuron).collect();
            let largest = sums.iter().map(|&(low, high)| high.max(-low)).fold(f64::MIN_POSITIVE, f64::max);
            digits.push(
                (LOG2_LIMIT - 1 - largest.log2().ceil().clamp(-100.0, 100.0) as i32).clamp(-70, MOST_DIGITS),
            );
            ranges = sums.into_iter().map(|(low, high)| (low.max(0.0), high.max(0.0))).collect();
        }
        Self { digits }
    }

    /// The unit of a layer's sums: what an integer is multiplied with.
    pub(super) fn unit(&self, layer: usize) -> f32 {
        power(-self.digits[layer])
    }

    /// A real number in the units of a layer.
    pub(super) fn of(&self, layer: usize, x: f32) -> i32 {
        round(x * power(self.digits[layer]))
    }

    /// What a source of a weight's layer is multiplied with for the product in units of the target: an input
    /// as it is, the sum of a unit in its own steps.
    pub(super) fn factor(&self, layer: usize, weight: f32) -> f32 {
        let from = if layer == 0 { 0 } else { self.digits[layer - 1] };
        weight * power(self.digits[layer] - from)
    }
}

#[cfg(test)]
mod tests {
    use ndarray::{arr1, arr2};

    use super::*;

    #[test]
    fn the_largest_sums_fit() {
        let layers = vec![
            (arr2(&[[3.0, -1.0], [-2.0, 5.0]]), arr1(&[0.5, -0.5])),
            (arr2(&[[100.0, -1.0], [1.0, 1.0]]), arr1(&[0.0, 0.0])),
        ];
        let network = Network::from_parameters(layers).unwrap();
        let fixed = Fixed::new(&network, false, &[(-1.0, 2.0), (0.0, 1.0)]);
        // At most 6.5 and 5.5; then 655.5.
        assert_eq!(fixed.digits, [LOG2_LIMIT - 1 - 3, LOG2_LIMIT - 1 - 10]);
        assert_eq!(fixed.of(0, 1.5) as f32 * fixed.unit(0), 1.5);
        assert_eq!(fixed.factor(1, 4.0), 4.0 * power(-7));
        assert_eq!(round(2.5), 2);
        // With any signs at most 8.5 and 6.5; then 856.5.
        let signed = Fixed::new(&network, true, &[(-1.0, 2.0), (0.0, 1.0)]);
        assert_eq!(signed.digits, [LOG2_LIMIT - 1 - 4, LOG2_LIMIT - 1 - 10]);
    }
}
