//! Images averaged down by area, alone and as a part of a preprocessing.

use ndarray::{Array2, array};
use proptest::prelude::*;
use serde_json::{Value, json};
use slt_datasets::{
    Error, Resize,
    io::csv::{Dialect, Header},
    scaling::ScalerKind,
    table::{Missing, Preprocessing, Table, TableOptions},
};

fn small(image: &[f32], side: usize) -> Vec<f32> {
    let mut out = vec![f32::NAN; side * side];
    Resize::new(image.len(), side).unwrap().write(image, &mut out);
    out
}

/// Shares of rows, `to x from`, as `A` of `A X A^T`: what a row of the result takes of each row, from
/// overlaps on the real line.
fn shares(from: usize, to: usize) -> Array2<f64> {
    let width = from as f64 / to as f64;
    Array2::from_shape_fn((to, from), |(i, r)| {
        let (low, high) = (i as f64 * width, (i + 1) as f64 * width);
        (high.min(r as f64 + 1.0) - low.max(r as f64)).max(0.0) / width
    })
}

/// The image whose pixel i is i^2 mod 23.
fn squares(side: usize) -> Vec<f32> {
    (0..side * side).map(|i| (i * i % 23) as f32).collect()
}

#[test]
fn fractions_worked_out_elsewhere() {
    // A X A^T in Python's fractions, times 25.
    let image = squares(5);
    assert_eq!(image[5..10], [2.0, 13.0, 3.0, 18.0, 12.0]);
    let expected = |times_25: &[f64]| times_25.iter().map(|sum| (sum / 25.0) as f32).collect::<Vec<f32>>();
    assert_eq!(small(&image, 2), expected(&[112.0, 280.0, 198.0, 150.0]));
    let three = [70.0, 146.0, 342.0, 200.0, 180.0, 280.0, 225.0, 109.0, 113.0];
    assert_eq!(small(&image, 3), expected(&three));
    // 28 to 14 and to 7: means of whole blocks.
    let image = squares(28);
    for side in [14, 7] {
        let block = 28 / side;
        for (pixel, &value) in small(&image, side).iter().enumerate() {
            let (row, column) = (pixel / side * block, pixel % side * block);
            let sum: f32 =
                (0..block * block).map(|k| image[(row + k / block) * 28 + column + k % block]).sum();
            assert_eq!(value, sum / (block * block) as f32);
        }
    }
}

#[test]
fn the_sides_of_mnist() {
    let image = squares(28);
    let matrix = Array2::from_shape_vec((28, 28), image.iter().map(|&x| f64::from(x)).collect()).unwrap();
    for side in 1..=28 {
        let a = shares(28, side);
        let expected = a.dot(&matrix).dot(&a.t());
        for (found, expected) in small(&image, side).iter().zip(&expected) {
            assert!((f64::from(*found) - expected).abs() < 1e-5, "{side}: {found} {expected}");
        }
    }
}

proptest! {
    #[test]
    fn the_mean_stays_and_so_does_one_grey(
        (from, to) in (1_usize..40).prop_flat_map(|from| (Just(from), 1..=from)),
        grey in -1e6_f32..1e6,
        bytes in prop::collection::vec(any::<u8>(), 1600),
    ) {
        let image: Vec<f32> = bytes[..from * from].iter().copied().map(f32::from).collect();
        let mean = |image: &[f32]| image.iter().copied().map(f64::from).sum::<f64>() / image.len() as f64;
        let smaller = small(&image, to);
        prop_assert!((mean(&smaller) - mean(&image)).abs() < 1e-4);
        let [low, high] = [f32::min, f32::max].map(|of| image.iter().copied().reduce(of).unwrap());
        prop_assert!(smaller.iter().all(|value| (low..=high).contains(value)));
        prop_assert_eq!(small(&image, from), image);
        prop_assert!(small(&vec![grey; from * from], to).iter().all(|&value| value == grey));
    }
}

#[test]
fn what_is_no_such_image_is_refused() {
    for (n_features, side) in [(0, 1), (8, 2), (16, 0), (16, 5), (257 * 257, 8), (usize::MAX, 1)] {
        let error = Resize::new(n_features, side).unwrap_err();
        assert!(matches!(error, Error::Resize { .. }), "{n_features}, {side}");
    }
    let table = Table::from_arrays(Array2::zeros((2, 8)), None).unwrap();
    let error = Preprocessing::fit_images(&table, Missing::Refuse, 2, None).unwrap_err();
    assert!(
        error.to_string().starts_with("8 features cannot be resized to 2 x 2: images must be square"),
        "{error}"
    );
    let options = TableOptions { categorical: vec!["c".into()], target: None, ..TableOptions::default() };
    let table = Table::read("a,b,c,d\n1,2,red,4\n".as_bytes(), &options).unwrap();
    let error = Preprocessing::fit_images(&table, Missing::Refuse, 1, None).unwrap_err();
    assert_eq!(error.to_string(), "only images are resized, and the column \"c\" holds categories");
}

/// Four images of 2 x 2 pixels, and their classes.
fn images() -> Table {
    let pixels = array![[0., 2., 4., 6.], [8., 8., 8., 8.], [0., 0., 0., 4.], [1., 1., 0., 0.]];
    Table::from_arrays(pixels, Some(vec![3, 5, 3, 5])).unwrap()
}

#[test]
fn scalers_see_small_images() {
    let fit = |kind| Preprocessing::fit_images(&images(), Missing::Refuse, 1, Some(kind)).unwrap();
    let preprocessing = fit(ScalerKind::MaxAbsGlobal);
    assert_eq!((preprocessing.n_columns(), preprocessing.n_features()), (4, 1));
    assert_eq!(preprocessing.resize().map(|resize| (resize.from_side(), resize.to_side())), Some((2, 1)));
    assert_eq!(preprocessing.feature_names(), ["r0c0"]);
    assert_eq!(preprocessing.origins()[0].number, Some(0));
    // 3, 8, 1, 1/2 by the largest, though the largest pixel is 8 as well.
    assert_eq!(preprocessing.features(images()).unwrap(), array![[0.375], [1.], [0.125], [0.0625]]);
    let dataset = fit(ScalerKind::MinMaxPerFeature).dataset(images(), "images").unwrap();
    assert_eq!((dataset.values()[1], dataset.values()[3]), (0.7, -0.7));
    let unscaled = preprocessing.without_scaler().features(images()).unwrap();
    assert_eq!(unscaled, array![[3.], [8.], [1.], [0.5]]);
}

#[test]
fn missing_pixels_are_filled_in_before() {
    let pixels = array![[0., 2., 4., f32::NAN], [8., 8., 8., 2.]];
    let table = Table::from_arrays(pixels, None).unwrap();
    let preprocessing =
        Preprocessing::fit_images(&table, Missing::Mean, 1, Some(ScalerKind::MaxAbsGlobal)).unwrap();
    assert_eq!(preprocessing.scaler().unwrap().parameters(), [[0.0, 6.5]]);
    assert_eq!(preprocessing.features(table.clone()).unwrap(), array![[2. / 6.5], [1.]]);
    assert!(matches!(
        Preprocessing::fit_images(&table, Missing::Refuse, 1, None),
        Err(Error::MissingValue { row: 0, .. })
    ));
}

#[test]
fn later_files_hold_large_images() {
    let preprocessing = Preprocessing::fit_images(&images(), Missing::Refuse, 1, None).unwrap();
    let dialect = Dialect { header: Header::Absent, ..Dialect::default() };
    let read = |text: &str| preprocessing.read(text.as_bytes(), &dialect);
    assert_eq!(preprocessing.features(read("4,4,4,8\n").unwrap()).unwrap(), array![[5.]]);
    let labelled = preprocessing.dataset(read("4,4,4,8,5\n").unwrap(), "later").unwrap();
    assert_eq!((labelled.values(), labelled.labels()), (&[5.0][..], &[1][..]));
    let error = read("5\n").unwrap_err();
    assert!(matches!(error, Error::CsvColumnCount { .. }), "{error}");
}

fn stored(preprocessing: &Preprocessing) -> Value {
    serde_json::to_value(preprocessing).unwrap()
}

#[test]
fn the_stored_form_counts_columns_without_names() {
    let plain = Preprocessing::fit(&images(), Missing::Refuse, None).unwrap();
    let target = json!({ "name": "label", "position": 4, "classes": ["3", "5"] });
    assert_eq!(stored(&plain), json!({ "columns": 4, "target": target, "header": false }));
    let resized = Preprocessing::fit_images(&images(), Missing::Refuse, 1, None).unwrap();
    let expected = json!({ "columns": 4, "resize": 1, "target": target, "header": false });
    assert_eq!(stored(&resized), expected);
    for preprocessing in [&plain, &resized] {
        assert_eq!(&serde_json::from_value::<Preprocessing>(stored(preprocessing)).unwrap(), preprocessing);
        // As it was written before.
        let column = |i: usize| json!({ "name": format!("x{i}"), "kind": { "numeric": {} } });
        let mut listed = stored(preprocessing);
        listed["columns"] = (0..4).map(column).collect();
        assert_eq!(&serde_json::from_value::<Preprocessing>(listed).unwrap(), preprocessing);
    }
    // Names of one's own, values for missing ones and gaps are listed.
    let listed = |file: &str, missing| {
        let options = TableOptions { missing, ..TableOptions::default() };
        let table = Table::read(file.as_bytes(), &options).unwrap();
        let preprocessing = Preprocessing::fit(&table, missing, None).unwrap();
        let stored = stored(&preprocessing);
        assert_eq!(serde_json::from_value::<Preprocessing>(stored.clone()).unwrap(), preprocessing);
        stored["columns"].is_array()
    };
    assert!(listed("a,b,y\n1,2,0\n", Missing::Refuse));
    assert!(listed("x1,x0,y\n1,2,0\n", Missing::Refuse));
    assert!(listed("x0,x1,y\n1,2,0\n", Missing::Mean));
    assert!(!listed("x0,x1,y\n1,2,0\n", Missing::Refuse));
    assert!(stored(&Preprocessing::by_position(2, Some((0, 2)), None).unwrap())["columns"].is_array());
}

#[test]
fn stored_forms_from_outside_are_checked() {
    let good = json!({ "columns": 9, "resize": 2, "header": false });
    assert!(serde_json::from_value::<Preprocessing>(good.clone()).is_ok());
    for (key, value) in [
        ("columns", json!(0)),
        ("columns", json!(8)),
        ("columns", json!(-9)),
        ("columns", json!(9.5)),
        ("columns", json!("9")),
        ("columns", json!(1_u64 << 40)),
        ("resize", json!(0)),
        ("resize", json!(4)),
        ("scaler", json!({ "kind": "max-abs-global", "n_features": 9, "parameters": [[0.0, 1.0]] })),
    ] {
        let mut bad = good.clone();
        bad[key] = value.clone();
        assert!(serde_json::from_value::<Preprocessing>(bad).is_err(), "{key}: {value}");
    }
    let mut mixed = good;
    mixed["columns"] = (0..9)
        .map(|i| match i {
            0 => json!({ "name": "colour", "kind": { "categorical": { "levels": ["red"] } } }),
            i => json!({ "name": format!("x{i}"), "kind": { "numeric": {} } }),
        })
        .collect();
    assert!(serde_json::from_value::<Preprocessing>(mixed).is_err());
}
