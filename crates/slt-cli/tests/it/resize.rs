//! Images averaged down by `--resize`: from the search to predictions, in both forms of a ticket.

use crate::common::Folder;
use serde_json::{Value, json};

/// An IDX file of images or labels.
fn idx(sizes: &[u32], bytes: &[u8]) -> Vec<u8> {
    let mut file = vec![0, 0, 8, sizes.len() as u8];
    sizes.iter().for_each(|size| file.extend(size.to_be_bytes()));
    file.extend(bytes);
    file
}

/// A folder with 40 training and 10 test images of `side x side` pixels, bright on the left or on the right,
/// of the classes 0 and 1.
fn with_images(side: usize) -> Folder {
    with_images_of(side, 0)
}

/// The same of two classes from `first` on.
fn with_images_of(side: usize, first: u8) -> Folder {
    let folder = Folder::new();
    folder.make_folder("images");
    let pixel = |i: usize, p: usize| {
        let is_bright = (p % side < side / 2) == i.is_multiple_of(2);
        (if is_bright { 200 } else { 5 }) + ((7 * i + 3 * p) % 50) as u8
    };
    for (part, n) in [("train", 40_usize), ("t10k", 10)] {
        let pixels: Vec<u8> = (0..n).flat_map(|i| (0..side * side).map(move |p| pixel(i, p))).collect();
        let labels: Vec<u8> = (0..n).map(|i| first + (i % 2) as u8).collect();
        let images = idx(&[n as u32, side as u32, side as u32], &pixels);
        folder.write(&format!("images/{part}-images-idx3-ubyte"), images);
        folder.write(&format!("images/{part}-labels-idx1-ubyte"), idx(&[n as u32], &labels));
    }
    folder
}

/// The test images as CSV lines, with or without their labels.
fn csv(folder: &Folder, side: usize, labels: bool) -> String {
    let images = folder.read("images/t10k-images-idx3-ubyte");
    let lines = images[16..].chunks(side * side).enumerate().map(|(i, image)| {
        let mut fields: Vec<String> = image.iter().map(u8::to_string).collect();
        fields.extend(labels.then(|| (i % 2).to_string()));
        fields.join(",") + "\n"
    });
    lines.collect()
}

const SEARCH: &str = "search --data images --scaling max-abs --hidden 8 --algorithm descent --objective cross-entropy --price 1e-2";

#[test]
fn large_images_go_in_everywhere() {
    let folder = with_images(7);
    let found = folder.json(&format!("{SEARCH} --resize 3 --out t.slt"));
    assert_eq!((&found["architecture"], &found["test"]["accuracy"]), (&"9,8,2".into(), &1.0.into()));
    folder.succeed("convert t.slt --to lean --out lean.slt");
    folder.succeed("convert lean.slt --to full --out full.slt");
    let report = folder.json("inspect t.slt");
    assert_eq!(report["resized"], json!([7, 3]));
    assert!(folder.succeed("inspect t.slt").stdout.contains("7 x 7 averaged down to 3 x 3"));
    let lean = folder.read("lean.slt");
    assert!(matches!(lean[..2], [0xd2 | 0xd3, 7]), "{lean:?}");
    assert!(lean.len() < 40, "{}", lean.len());

    let expected = format!("prediction\n{}", "0\n1\n".repeat(5));
    assert_eq!(folder.succeed("predict t.slt --data images").stdout, expected);
    let proba = folder.succeed("predict t.slt --data images --proba").stdout;
    folder.write("images.csv", csv(&folder, 7, true));
    folder.write("unlabelled.csv", csv(&folder, 7, false));
    for data in ["images", "images.csv --no-header", "unlabelled.csv --no-header"] {
        assert_eq!(folder.succeed(&format!("predict t.slt --data {data} --proba")).stdout, proba, "{data}");
        for file in ["lean.slt", "full.slt"] {
            let done = folder.succeed(&format!("predict {file} --data {data} --proba"));
            assert_eq!(done.stdout, proba, "{file}, {data}");
        }
    }
    assert_eq!(folder.json("evaluate t.slt")["accuracy"], 1.0);
    assert_eq!(folder.json("evaluate t.slt --data images.csv --no-header")["accuracy"], 1.0);
    folder.write("small.csv", "1,2,3,4,5,6,7,8,9\n");
    folder.fail(
        1,
        "predict t.slt --data small.csv --no-header",
        &["small.csv", "expected 49, or 50 with", "found 9"],
    );

    // Exported programs take what is averaged down already; their check samples come from the large images.
    folder.succeed("export t.slt --to c --data images --out t.c");
    let exported = folder.json("export t.slt --to json --data images --out t.json");
    assert!(exported.is_object());
    let model: Value = serde_json::from_slice(&folder.read("t.json")).unwrap();
    assert_eq!(model["features"].as_array().unwrap().len(), 9);
}

#[test]
fn at_their_own_size_images_stay_as_they_are() {
    let folder = with_images(4);
    let plain = folder.json(&format!("{SEARCH} --out plain.slt"));
    let same = folder.json(&format!("{SEARCH} --resize 4 --out same.slt"));
    assert_eq!((&plain["mask_hash"], &plain["train_loss"]), (&same["mask_hash"], &same["train_loss"]));
    // It is another search by its spec all the same.
    assert_ne!(plain["spec_sha256"], same["spec_sha256"]);
    assert_eq!(folder.json("inspect plain.slt").get("resized"), None);
}

#[test]
fn what_cannot_be_averaged_down_is_refused() {
    let folder = with_images(4);
    folder.fail(2, &format!("{SEARCH} --resize 5"), &["images", "16 features", "5 x 5"]);
    folder.fail(2, &format!("{SEARCH} --resize 0"), &["--resize"]);
    folder.fail(2, "search --data digits --hidden 5 --resize 4", &["--resize", "file"]);
    folder
        .write("t.csv", "a,b,c,y\n1,2,3,0\n2,3,4,1\n3,4,5,0\n4,5,6,1\n5,6,7,0\n6,7,8,1\n7,8,9,0\n8,9,10,1\n");
    folder.fail(2, "search --data t.csv --hidden 5 --resize 1", &["t.csv", "3 features", "square"]);
    folder.fail(2, "search --data t.csv --categorical a --hidden 5 --resize 1", &["\"a\"", "categories"]);
    folder.succeed(&format!("{SEARCH} --resize 2 --out t.slt"));
    folder.fail(2, "evaluate t.slt --data images --resize 2", &["--resize", "when the ticket was made"]);
}

#[test]
fn a_ticket_that_names_all_pixels_is_read_and_gets_smaller() {
    let folder = with_images_of(4, 3);
    let old = include_bytes!("../earlier/images.ticket");
    folder.write("old.slt", old);
    // The same search finds the same ticket, whose columns are a number now.
    folder.succeed("search --data images --hidden 8 --algorithm descent --objective cross-entropy --price 1e-2 --sweeps 3 --out new.slt");
    let new = folder.read("new.slt");
    assert!(old.len() > new.len() + 500, "{} {}", old.len(), new.len());
    folder.succeed("convert old.slt --to full --out converted.slt");
    assert_eq!(folder.read("converted.slt"), new);
    assert_eq!(folder.json("evaluate old.slt"), folder.json("evaluate new.slt"));
    folder.succeed("convert old.slt --to lean --out lean.slt");
    assert_eq!(folder.read("lean.slt").len(), 22, "as before");
}
