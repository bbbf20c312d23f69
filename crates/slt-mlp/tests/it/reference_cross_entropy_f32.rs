//! Parity with PyTorch's cross-entropy in single precision, in `fixtures/reference/cross_entropy_f32`: the
//! loss of every row, and which means of a population tie exactly.

use std::path::PathBuf;

use ndarray::Array2;
use serde::Deserialize;
use serde::de::DeserializeOwned;
use slt_mlp::cross_entropy_f32;

#[derive(Deserialize)]
struct Rows {
    rows: Vec<Row>,
}

#[derive(Deserialize)]
struct Row {
    logits: String,
    label: u32,
    loss: String,
}

#[derive(Deserialize)]
struct Populations {
    bases: Vec<Base>,
    populations: Vec<Population>,
}

#[derive(Deserialize)]
struct Base {
    n_classes: usize,
    logits: String,
    labels: Vec<u32>,
}

#[derive(Deserialize)]
struct Population {
    base: usize,
    members: Vec<Member>,
    means: String,
    n_tied_pairs: usize,
}

/// Factor of the base's logits, how far its samples are rotated, and logits that are replaced before that, by
/// sample and class.
#[derive(Deserialize)]
struct Member(String, usize, Vec<(usize, usize, String)>);

fn read<T: DeserializeOwned>(file: &str) -> T {
    // A relative folder counts from the workspace, not from the crate that tests run in.
    let workspace = PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../.."));
    let root = std::env::var_os("SLT_REFERENCE_DIR").unwrap_or_else(|| "fixtures/reference".into());
    let path = workspace.join(root).join("cross_entropy_f32").join(file);
    let bytes = std::fs::read(&path).unwrap_or_else(|e| panic!("{}: {e}", path.display()));
    serde_json::from_slice(&bytes).unwrap()
}

/// Numbers written as the hexadecimal digits of their bits.
fn floats(hex: &str) -> Vec<f32> {
    let digits = hex.as_bytes().chunks_exact(8).map(|digits| std::str::from_utf8(digits).unwrap());
    digits.map(|digits| f32::from_bits(u32::from_str_radix(digits, 16).unwrap())).collect()
}

impl Member {
    fn mean(&self, base: &Base) -> f32 {
        let Self(scale, rotate, edits) = self;
        let scale = floats(scale)[0];
        let logits: Vec<f32> = floats(&base.logits).iter().map(|z| z * scale).collect();
        let n = base.labels.len();
        let mut logits = Array2::from_shape_vec((n, base.n_classes), logits).unwrap();
        for (sample, class, value) in edits {
            logits[[*sample, *class]] = floats(value)[0];
        }
        let rotated = Array2::from_shape_fn(logits.dim(), |(i, c)| logits[[(i + rotate) % n, c]]);
        let labels: Vec<u32> = (0..n).map(|i| base.labels[(i + rotate) % n]).collect();
        cross_entropy_f32(rotated.view(), &labels).1
    }
}

#[test]
fn reference_loss_of_each_row() {
    let Rows { rows } = read("rows.json");
    assert!(rows.len() >= 1000);
    let (mut worst, mut n_equal) = (0.0_f64, 0);
    for (i, row) in rows.iter().enumerate() {
        let logits = floats(&row.logits);
        let logits = Array2::from_shape_vec((1, logits.len()), logits).unwrap();
        let ours = cross_entropy_f32(logits.view(), &[row.label]).0[0];
        let theirs = floats(&row.loss)[0];
        n_equal += usize::from(ours == theirs);
        let error = (f64::from(ours) - f64::from(theirs)).abs() / f64::from(theirs).max(1.0);
        worst = worst.max(error);
        assert!(error <= 1.2e-7, "row {i}: {ours} {theirs}");
    }
    println!("largest error {worst:e}, {n_equal} of {} equal", rows.len());
}

#[test]
fn reference_ties_of_means() {
    let Populations { bases, populations } = read("populations.json");
    assert!(!populations.is_empty());
    let (mut n_pairs, mut n_tied, mut n_disagree, mut n_equal, mut n_means) = (0, 0, 0, 0, 0);
    for population in &populations {
        let ours: Vec<f32> =
            population.members.iter().map(|member| member.mean(&bases[population.base])).collect();
        let theirs = floats(&population.means);
        let mut n_tied_here = 0;
        for i in 0..ours.len() {
            n_means += 1;
            n_equal += usize::from(ours[i] == theirs[i]);
            assert!((ours[i] - theirs[i]).abs() <= 2e-6 * theirs[i], "{} {}", ours[i], theirs[i]);
            for j in i + 1..ours.len() {
                let tied = theirs[i] == theirs[j];
                n_pairs += 1;
                n_tied_here += usize::from(tied);
                n_disagree += usize::from((ours[i] == ours[j]) != tied);
            }
        }
        assert_eq!(n_tied_here, population.n_tied_pairs);
        n_tied += n_tied_here;
    }
    println!("{n_disagree} of {n_pairs} pairs disagree, {n_tied} tie; {n_equal} of {n_means} means equal");
    assert!(n_tied * 100 > n_pairs, "only {n_tied} of {n_pairs} pairs tie");
    assert!(n_disagree * 1000 <= n_pairs, "{n_disagree} of {n_pairs} pairs disagree");
}
