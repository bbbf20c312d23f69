//! IDX: what is read, what is refused.

use proptest::prelude::*;
use slt_datasets::{Error, io::idx};

fn file(magic: [u8; 4], sizes: &[u32], data: &[u8]) -> Vec<u8> {
    let sizes: Vec<u8> = sizes.iter().flat_map(|size| size.to_be_bytes()).collect();
    [&magic[..], &sizes, data].concat()
}

fn images(sizes: [u32; 3], data: &[u8]) -> Vec<u8> {
    file([0, 0, 8, 3], &sizes, data)
}

fn labels(n: u32, data: &[u8]) -> Vec<u8> {
    file([0, 0, 8, 1], &[n], data)
}

#[track_caller]
fn check_refused(images: &[u8], labels: &[u8], message: &str) {
    assert_eq!(idx::read(images, labels, "bad").unwrap_err().to_string(), message);
}

#[test]
fn reads_images_row_by_row() {
    let data =
        idx::read(&images([2, 2, 2], &[0, 1, 2, 3, 252, 253, 254, 255])[..], &labels(2, &[7, 0])[..], "pair")
            .unwrap();
    assert_eq!(data.features().dim(), (2, 4));
    assert_eq!(data.values(), [0., 1., 2., 3., 252., 253., 254., 255.]);
    assert_eq!((data.labels(), data.n_classes(), data.name()), (&[7, 0][..], 8, "pair"));
}

#[test]
fn refuses_other_and_incomplete_files() {
    let (good_images, good_labels) = (images([1, 1, 2], &[1, 2]), labels(1, &[3]));
    assert!(idx::read(&good_images[..], &good_labels[..], "good").is_ok());
    check_refused(&[], &good_labels, "truncated IDX file: 4 bytes of header are announced, 0 are there");
    check_refused(
        &good_images[..10],
        &good_labels,
        "truncated IDX file: 4 bytes of header are announced, 2 are there",
    );
    check_refused(
        &good_images[..17],
        &good_labels,
        "truncated IDX file: 2 bytes of pixels are announced, 1 are there",
    );
    check_refused(
        &good_images,
        &good_labels[..8],
        "truncated IDX file: 1 bytes of labels are announced, 0 are there",
    );
    check_refused(
        &[&good_images[..], &[0]].concat(),
        &good_labels,
        "the IDX file goes on after the 2 bytes of pixels it announces",
    );
    check_refused(
        &good_labels,
        &good_images,
        "not an IDX file of images: the file starts with [00, 00, 08, 01], expected 00 00 08 03",
    );
    let error = idx::read(&[0x1f, 0x8b, 8, 0, 0][..], &good_labels[..], "bad").unwrap_err().to_string();
    assert!(error.starts_with("cannot read or write: broken gzip file"), "{error}");
    check_refused(
        &good_images,
        &labels(2, &[0, 1]),
        "1 images but 2 labels: the two IDX files do not belong together",
    );
}

#[test]
fn announced_sizes_are_not_believed() {
    let max = u32::MAX;
    check_refused(
        &images([max, max, max], &[0; 10]),
        &labels(1, &[0]),
        "truncated IDX file: 18446744073709551615 bytes of pixels are announced, 10 are there",
    );
    for sizes in [[0, max, max], [0, 0, 0], [0, 1, 1]] {
        let error = idx::read(&images(sizes, &[])[..], &labels(0, &[])[..], "empty").unwrap_err();
        assert!(matches!(error, Error::Empty { .. }), "{sizes:?}: {error}");
    }
    let error = idx::read(&images([1, 0, max], &[])[..], &labels(1, &[0])[..], "empty").unwrap_err();
    assert!(matches!(error, Error::Empty { n_samples: 1, n_features: 0 }), "{error}");
}

proptest! {
    #[test]
    fn no_bytes_make_the_reader_panic(
        sizes in prop::array::uniform3(0_u32..4), pixels in prop::collection::vec(any::<u8>(), 0..40),
        classes in prop::collection::vec(any::<u8>(), 0..4),
    ) {
        _ = idx::read(&images(sizes, &pixels)[..], &labels(classes.len() as u32, &classes)[..], "any");
    }
}
