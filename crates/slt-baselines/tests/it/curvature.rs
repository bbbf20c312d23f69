//! Derivatives against finite differences, and invariants of the surface.

use ndarray::{Array1, Array2};
use proptest::prelude::*;
use slt_baselines::{Error, LanczosConfig, LossSurface, MAX_DENSE, Samples, symmetric_eigenvalues};
use slt_core::{BitMask, Purpose, Seed};
use slt_mlp::{Architecture, Evaluator, Initializer, MetricName, Network};

/// A small random network on random samples.
fn surface(sizes: &[usize], n_samples: usize, seed: u64) -> LossSurface {
    let network =
        Network::random(&Architecture::new(sizes).unwrap(), Initializer::paper(), Seed(seed)).unwrap();
    let layers: Vec<(Array2<f64>, Array1<f64>)> =
        network.layers().iter().map(|l| (l.weights().mapv(f64::from), l.biases().mapv(f64::from))).collect();
    let mut rng = Seed(seed).stream(Purpose::new("samples"), 0, 0);
    let mut draw = || 2.0 * slt_core::random::unit_f64(&mut rng) - 1.0;
    let features = Array2::from_shape_simple_fn((n_samples, sizes[0]), &mut draw);
    let classes = sizes[sizes.len() - 1];
    let labels = (0..n_samples).map(|i| (i * i % classes) as u32).collect();
    LossSurface::from_parameters(&layers, &Samples::new(features, labels, classes).unwrap()).unwrap()
}

fn direction(n: usize, seed: u64) -> Vec<f64> {
    let mut rng = Seed(seed).stream(Purpose::new("test"), 1, 0);
    (0..n).map(|_| 2.0 * slt_core::random::unit_f64(&mut rng) - 1.0).collect()
}

fn dot(a: &[f64], b: &[f64]) -> f64 {
    a.iter().zip(b).map(|(a, b)| a * b).sum()
}

/// `parameters + step * v`, as a surface on the same samples would have it.
fn moved(surface: &LossSurface, v: &[f64], step: f64) -> Vec<f64> {
    surface.parameters().iter().zip(v).map(|(p, v)| p + step * v).collect()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn gradient_is_the_slope_of_the_loss(
        hidden in prop::collection::vec(1_usize..9, 0..3),
        inputs in 1_usize..5,
        classes in 2_usize..6,
        n_samples in 1_usize..150,
        seed in 0_u64..1000,
    ) {
        let sizes = [&[inputs], &hidden[..], &[classes]].concat();
        let surface = surface(&sizes, n_samples, seed);
        let v = direction(surface.n_parameters(), seed);
        let at = |step| surface.loss_at(&moved(&surface, &v, step)).unwrap().loss;
        let slope = (at(1e-7) - at(-1e-7)) / 2e-7;
        let (loss, gradient) = surface.gradient();
        prop_assert_eq!(loss, surface.loss());
        // A kink within the step changes the slope by about the step's share of a sample.
        prop_assert!((dot(&gradient, &v) - slope).abs() < 1e-5 * slope.abs().max(1.0));
    }

    #[test]
    fn hessian_is_symmetric_linear_and_dense_equals_products(
        hidden in prop::collection::vec(1_usize..6, 0..3),
        classes in 2_usize..5,
        seed in 0_u64..1000,
    ) {
        let sizes = [&[2], &hidden[..], &[classes]].concat();
        let surface = surface(&sizes, 70, seed);
        let n = surface.n_parameters();
        let (u, v) = (direction(n, seed), direction(n, seed + 1));
        let (hu, hv) = (surface.hessian_vector(&u).unwrap(), surface.hessian_vector(&v).unwrap());
        prop_assert!((dot(&u, &hv) - dot(&v, &hu)).abs() < 1e-11);
        let sum: Vec<f64> = u.iter().zip(&v).map(|(u, v)| 2.0 * u - v).collect();
        let hessian = surface.hessian(&surface.all_coordinates()).unwrap();
        for (i, (h, row)) in surface.hessian_vector(&sum).unwrap().iter().zip(hessian.rows()).enumerate() {
            prop_assert!((h - (2.0 * hu[i] - hv[i])).abs() < 1e-12);
            prop_assert!((h - row.iter().zip(&sum).map(|(h, x)| h * x).sum::<f64>()).abs() < 1e-12);
        }
        let spectrum = surface.largest_eigenvalues(&surface.all_coordinates(), &LanczosConfig::top(3)).unwrap();
        let exact = symmetric_eigenvalues(hessian.view());
        for (ours, exact) in spectrum.eigenvalues.iter().zip(exact.iter().rev()) {
            prop_assert!((ours - exact).abs() < 1e-6, "{} {}", ours, exact);
        }
    }
}

#[test]
fn products_are_the_slope_of_the_gradient() {
    // No sample close to a kink: the difference of two gradients is exact to the step squared.
    let surface = surface(&[3, 6, 5, 4], 40, 8);
    let v = direction(surface.n_parameters(), 3);
    let exact = surface.hessian_vector(&v).unwrap();
    let second = |step: f64| {
        let at = |s| surface.loss_at(&moved(&surface, &v, s)).unwrap().loss;
        (at(step) - 2.0 * at(0.0) + at(-step)) / (step * step)
    };
    let curvature = dot(&v, &exact);
    assert!(
        (second(1e-4) - curvature).abs() < 1e-5 * curvature.abs().max(1.0),
        "{} {curvature}",
        second(1e-4)
    );
}

#[test]
fn threads_do_not_matter() {
    let surface = surface(&[2, 7, 3], 9_000, 1);
    let v = direction(surface.n_parameters(), 1);
    let on = |threads| {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
        pool.install(|| (surface.gradient(), surface.hessian_vector(&v).unwrap(), surface.loss()))
    };
    assert_eq!(on(1), on(3));
}

#[test]
fn masks_choose_coordinates_and_agree_with_the_evaluator() {
    let data = slt_datasets::paper::digits(4).unwrap().train;
    let network =
        Network::random(&Architecture::new([64, 9, 4]).unwrap(), Initializer::paper(), Seed(4)).unwrap();
    let mask =
        BitMask::random(network.architecture().n_weights(), &mut Seed(4).stream(Purpose::new("test"), 0, 0));
    let surface = LossSurface::new(&network, &mask, &data).unwrap();
    let free = surface.free_coordinates(&mask).unwrap();
    assert_eq!(free.len(), mask.count_ones() + 9 + 4);
    let (at, evaluator) =
        (surface.loss(), Evaluator::new(&network, &data, MetricName::CrossEntropy).unwrap());
    assert!((at.loss - evaluator.cross_entropy(&mask).unwrap()).abs() < 1e-5 * at.loss);
    assert!(at.n_correct.abs_diff(evaluator.count_correct(&mask).unwrap()) <= 1);
    let off = (0..surface.n_parameters()).filter(|i| !free.contains(i));
    assert!(off.into_iter().all(|i| surface.parameters()[i] == 0.0));
    // The middle of a landscape is the point itself.
    let v = direction(surface.n_parameters(), 1);
    let landscape = surface.landscape([&v, &v], [&[-1.0, 0.0], &[0.0, 1.0, 2.0]]).unwrap();
    assert_eq!((landscape.loss.dim(), landscape.n_samples), ((2, 3), data.n_samples()));
    assert!((landscape.loss[[1, 0]] - at.loss).abs() < 1e-12 * at.loss);
    assert!((landscape.loss[[0, 1]] - at.loss).abs() < 1e-12 * at.loss);
    assert_eq!(landscape.n_correct[[1, 0]], at.n_correct);
}

#[test]
fn what_does_not_fit_is_an_error() {
    let surface = surface(&[2, 3, 2], 5, 1);
    assert!(matches!(surface.hessian_vector(&[1.0]), Err(Error::Length { actual: 1, .. })));
    assert!(surface.loss_at(&[]).is_err());
    assert!(surface.landscape([&[], &[]], [&[], &[]]).is_err());
    assert!(surface.free_coordinates(&BitMask::ones(3)).is_err());
    assert!(matches!(surface.hessian(&[99]), Err(Error::Length { actual: 99, .. })));
    assert!(surface.largest_eigenvalues(&[17], &LanczosConfig::top(1)).is_err());
    let many = vec![0; MAX_DENSE + 1];
    assert!(matches!(surface.hessian(&many), Err(Error::HessianSize { .. })));
}
