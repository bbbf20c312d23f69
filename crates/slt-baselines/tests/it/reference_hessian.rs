//! Parity with automatic differentiation in `fixtures/reference/hessian`: every case of every file there.

use crate::common::{all_close, close, files, matrix, transposed};
use ndarray::{Array1, Array2};
use serde::Deserialize;
use slt_baselines::{LanczosConfig, LossSurface, Samples, symmetric_eigenvalues};
use slt_core::BitMask;

const DERIVATIVES: f64 = 1e-10;
const EIGENVALUES: f64 = 1e-9;
const LANCZOS: f64 = 1e-4;

#[derive(Deserialize)]
struct File {
    cases: Vec<Case>,
}

#[derive(Deserialize)]
struct Case {
    name: String,
    architecture: Vec<usize>,
    n_parameters: usize,
    n_free_parameters_unmasked_weights_plus_biases: usize,
    layers: Vec<Layer>,
    #[serde(rename = "X")]
    x: Vec<Vec<f64>>,
    y: Vec<u32>,
    expected: Expected,
    landscapes: Vec<Landscape>,
}

#[derive(Deserialize)]
struct Layer {
    weight: Vec<Vec<f64>>,
    bias: Vec<f64>,
    mask_rowmajor_out_x_in: String,
}

#[derive(Deserialize)]
struct Expected {
    loss: f64,
    n_correct: u64,
    gradient: Vec<f64>,
    hessian_all_parameters: Spectrum,
    restricted_to_unmasked: Spectrum,
    hessian_vector_product: Product,
    hessian_matrix: Option<Vec<Vec<f64>>>,
}

#[derive(Deserialize)]
struct Spectrum {
    top10: Vec<f64>,
    trace: f64,
    frobenius_norm: f64,
    all_ascending: Vec<f64>,
}

#[derive(Deserialize)]
struct Product {
    v: Vec<f64>,
    #[serde(rename = "Hv")]
    hv: Vec<f64>,
}

#[derive(Deserialize)]
struct Landscape {
    directions: String,
    d1: Vec<f64>,
    d2: Vec<f64>,
    axis_delta_and_eta: Vec<f64>,
    #[serde(rename = "loss[delta_index][eta_index]")]
    loss: Vec<Vec<f64>>,
    #[serde(rename = "n_correct[delta_index][eta_index]")]
    n_correct: Vec<Vec<u64>>,
}

fn cases() -> Vec<Case> {
    files::<File>("hessian", |_| true).into_iter().flat_map(|(_, file)| file.cases).collect()
}

impl Case {
    /// Where each of our parameters is in the reference's vector, whose weights are `out x in`.
    fn order(&self) -> Vec<usize> {
        let (mut order, mut start) = (Vec::new(), 0);
        for pair in self.architecture.windows(2) {
            let (n_in, n_out) = (pair[0], pair[1]);
            order.extend((0..n_in * n_out).map(|bit| start + bit % n_out * n_in + bit / n_out));
            start += n_in * n_out;
            order.extend(start..start + n_out);
            start += n_out;
        }
        assert_eq!(start, self.n_parameters, "{}", self.name);
        order
    }

    fn ours(&self, theirs: &[f64]) -> Vec<f64> {
        self.order().into_iter().map(|i| theirs[i]).collect()
    }

    fn mask(&self) -> BitMask {
        let bits = self.layers.iter().flat_map(|layer| {
            let bits: Vec<bool> = layer.mask_rowmajor_out_x_in.chars().map(|c| c == '1').collect();
            let (n_out, n_in) = (layer.weight.len(), layer.weight[0].len());
            (0..n_in * n_out).map(move |bit| bits[bit % n_out * n_in + bit / n_out])
        });
        bits.collect()
    }

    fn surface(&self) -> LossSurface {
        let mask = self.mask();
        let mut bit = 0..;
        let layers = self.layers.iter().map(|layer| {
            let active = |w| if mask.get(bit.next().unwrap()) { w } else { 0.0 };
            (transposed(&layer.weight).mapv(active), Array1::from(layer.bias.clone()))
        });
        let layers: Vec<(Array2<f64>, Array1<f64>)> = layers.collect();
        let classes = *self.architecture.last().unwrap();
        let samples = Samples::new(matrix(&self.x), self.y.clone(), classes).unwrap();
        LossSurface::from_parameters(&layers, &samples).unwrap()
    }
}

#[test]
fn reference_loss_and_gradient() {
    for case in cases() {
        let surface = case.surface();
        let (at, gradient) = surface.gradient();
        close(at.loss, case.expected.loss, DERIVATIVES, &case.name);
        assert_eq!(at.n_correct, case.expected.n_correct, "{}", case.name);
        assert_eq!(at, surface.loss(), "{}", case.name);
        all_close(&gradient, &case.ours(&case.expected.gradient), DERIVATIVES, &case.name);
    }
}

#[test]
fn reference_hessian_vector_products() {
    for case in cases() {
        let Product { v, hv } = &case.expected.hessian_vector_product;
        let product = case.surface().hessian_vector(&case.ours(v)).unwrap();
        all_close(&product, &case.ours(hv), DERIVATIVES, &case.name);
    }
}

#[test]
fn reference_dense_hessian_and_its_spectrum() {
    let mut matrices = 0;
    for case in cases() {
        let surface = case.surface();
        let free = surface.free_coordinates(&case.mask()).unwrap();
        assert_eq!(free.len(), case.n_free_parameters_unmasked_weights_plus_biases, "{}", case.name);
        let expected = &case.expected;
        let spectra = [
            (surface.all_coordinates(), &expected.hessian_all_parameters),
            (free, &expected.restricted_to_unmasked),
        ];
        for (coordinates, spectrum) in spectra {
            let hessian = surface.hessian(&coordinates).unwrap();
            close(hessian.diag().sum(), spectrum.trace, DERIVATIVES, &case.name);
            let norm = hessian.iter().map(|h| h * h).sum::<f64>().sqrt();
            close(norm, spectrum.frobenius_norm, DERIVATIVES, &case.name);
            let eigenvalues = symmetric_eigenvalues(hessian.view());
            all_close(&eigenvalues, &spectrum.all_ascending, EIGENVALUES, &case.name);
        }
        if let Some(rows) = &expected.hessian_matrix {
            let (ours, theirs) = (surface.hessian(&surface.all_coordinates()).unwrap(), matrix(rows));
            let order = case.order();
            let theirs = Array2::from_shape_fn(ours.dim(), |(i, j)| theirs[[order[i], order[j]]]);
            all_close(&ours, &theirs, DERIVATIVES, &case.name);
            matrices += 1;
        }
    }
    assert!(matrices > 0, "no case has the whole matrix");
}

#[test]
fn reference_largest_eigenvalues_by_lanczos() {
    for case in cases() {
        let surface = case.surface();
        let expected = &case.expected;
        let spectra = [
            (surface.all_coordinates(), &expected.hessian_all_parameters),
            (surface.free_coordinates(&case.mask()).unwrap(), &expected.restricted_to_unmasked),
        ];
        for (coordinates, theirs) in spectra {
            let ours = surface.largest_eigenvalues(&coordinates, &LanczosConfig::top(5)).unwrap();
            assert!(ours.converged, "{}", case.name);
            // Eigenvalues that are nearly nothing are measured by the largest.
            let top = theirs.top10[0].abs();
            for (ours, theirs) in ours.eigenvalues.iter().zip(&theirs.top10) {
                assert!(
                    (ours - theirs).abs() <= LANCZOS * theirs.abs().max(1e-4 * top),
                    "{}: {ours} {theirs}",
                    case.name
                );
            }
        }
    }
}

#[test]
fn reference_landscapes() {
    for case in cases() {
        let surface = case.surface();
        for expected in &case.landscapes {
            let name = format!("{}, {}", case.name, expected.directions);
            let (d1, d2) = (case.ours(&expected.d1), case.ours(&expected.d2));
            let axis = &expected.axis_delta_and_eta[..];
            let landscape = surface.landscape([&d1, &d2], [axis, axis]).unwrap();
            all_close(&landscape.loss, &matrix(&expected.loss), DERIVATIVES, &name);
            assert_eq!(
                landscape.n_correct.iter().copied().collect::<Vec<_>>(),
                expected.n_correct.concat(),
                "{name}"
            );
        }
    }
}
