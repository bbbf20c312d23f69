//! `slt export`, and what it writes against `slt predict`.

use crate::common;
use std::process::Command;

use crate::common::Folder;
use serde_json::Value;

/// 60 samples of three kinds, one of whose names is no plain word; a category, and missing values.
fn flowers() -> String {
    let mut text = String::from("id,length,colour,kind\n");
    for i in 0..60 {
        let (kind, colour) = [("setosa", "red"), ("iris, \"wild\"", "blue"), ("virginica é", "blue")][i % 3];
        let length = [1.0, 2.0, 4.0][i % 3] + 0.01 * i as f64;
        let length = if i % 20 == 7 { String::new() } else { length.to_string() };
        text += &format!("{i},{length},{colour},\"{}\"\n", kind.replace('"', "\"\""));
    }
    text
}

fn flowers_ticket() -> Folder {
    let folder = Folder::new();
    folder.write("flowers.csv", flowers());
    folder.succeed(
        "search --data flowers.csv --ignore id --categorical colour --impute mean --hidden 8 --max-generations 20 --out t.slt",
    );
    folder
}

fn digits_ticket() -> Folder {
    let folder = Folder::new();
    folder.succeed("search --data digits --classes 3 --arch A --seed 1 --max-generations 3 --out t.slt");
    folder
}

/// Compiles a program of generated modules and runs it; what it prints.
fn run_rust(folder: &Folder, main: &str) -> String {
    folder.write("main.rs", main);
    let rustc = std::env::var_os("RUSTC").unwrap_or_else(|| "rustc".into());
    let arguments = ["--edition", "2021", "-O", "main.rs", "-o", "main"];
    let compiled = Command::new(rustc).args(arguments).current_dir(folder.path("")).output().unwrap();
    assert!(compiled.status.success(), "{}", String::from_utf8_lossy(&compiled.stderr));
    let output = Command::new(folder.path("main")).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}

/// The classes that generated code gives to samples, through all that the command does.
#[test]
fn generated_code_predicts_what_predict_does() {
    let folder = digits_ticket();
    let expected = folder.succeed("predict t.slt").stdout;
    folder.succeed("data digits --classes 3 --split test --out test.csv");
    for weights in ["table", "seed"] {
        let done = folder.json(&format!("export t.slt --to rust --weights {weights} --out {weights}.rs"));
        assert_eq!(done["source"]["weights"], weights);
        assert_eq!(done["bytes"].as_u64().unwrap() as usize, folder.read(&format!("{weights}.rs")).len());
    }
    let fixed = folder.json("export t.slt --to rust --arithmetic fixed --out fixed.rs");
    let report = &fixed["source"]["fixed"];
    assert_eq!(report["samples"].as_u64().unwrap() as usize, expected.lines().count() - 1);
    assert!(report["largest_error"].as_f64() <= report["error_bound"].as_f64(), "{fixed}");

    let (rows, _) = common::read_table(&folder.read("test.csv"));
    let rows: Vec<String> = rows.iter().map(|row| format!("{row:?},")).collect();
    let main = format!(
        "mod fixed;\nmod seed;\nmod table;\nstatic ROWS: [[f32; 64]; {}] = [{}];\n
fn main() {{
    println!(\"prediction\");
    for row in &ROWS {{
        let class = table::predict(row).unwrap();
        assert_eq!(seed::logits(row), table::logits(row));
        let integers: [i32; 64] = std::array::from_fn(|i| (row[i] * 2_f32.powi(fixed::FRACTION_BITS[i] as i32)).round() as i32);
        let logits = fixed::logits(&integers).unwrap();
        for (exact, &logit) in table::logits(row).unwrap().iter().zip(&logits) {{
            assert!((*exact as f64 - logit as f64 * fixed::LOGIT_SCALE).abs() <= fixed::ERROR_BOUND);
        }}
        println!(\"{{}}\", table::CLASS_NAMES[class]);
    }}
}}
",
        rows.len(),
        rows.join("\n")
    );
    assert_eq!(run_rust(&folder, &main), expected);
}

#[test]
fn a_table_with_texts_and_gaps() {
    let folder = flowers_ticket();
    let predicted = folder.succeed("predict t.slt --data flowers.csv").stdout;
    folder.succeed("export t.slt --to rust --out table.rs");
    // The features as the documentation says: the number, then each category in order of its text.
    let mut main = String::from("mod table;\n\nfn main() {\n    println!(\"prediction\");\n");
    for line in flowers().lines().skip(1) {
        let fields: Vec<&str> = line.split(',').collect();
        let length = if fields[1].is_empty() { "f32::NAN" } else { fields[1] };
        let length = if length.contains('.') || length.contains("NAN") {
            length.to_owned()
        } else {
            format!("{length}.0")
        };
        let [blue, red] = ["blue", "red"].map(|colour| f32::from(u8::from(fields[2] == colour)));
        main += &format!("    say([{length}, {blue:?}, {red:?}]);\n");
    }
    main += "}\n\nfn say(features: [f32; 3]) {\n    let name = table::CLASS_NAMES[table::predict(&features).unwrap()];\n    \
             let quoted = name.contains([',', '\"']);\n    let name = name.replace('\"', \"\\\"\\\"\");\n    \
             println!(\"{}\", if quoted { format!(\"\\\"{name}\\\"\") } else { name });\n}\n";
    assert_eq!(run_rust(&folder, &main), predicted);

    // Real samples as test vectors, if there are any.
    folder.succeed("export t.slt --to json --data flowers.csv --out t.json");
    let document: Value = serde_json::from_slice(&folder.read("t.json")).unwrap();
    let names: Vec<&str> =
        document["features"].as_array().unwrap().iter().map(|f| f["name"].as_str().unwrap()).collect();
    assert_eq!(names, ["length", "colour=blue", "colour=red"]);
    let sample = &document["samples"][1];
    assert_eq!(sample["label"], predicted.lines().nth(1 + 60 / 8).unwrap());
}

#[test]
fn every_format_is_written() {
    let folder = digits_ticket();
    for format in ["onnx", "safetensors", "c", "rust", "json"] {
        let done = folder.json(&format!("export t.slt --to {format} --out file"));
        assert_eq!((&done["format"], &done["file"]), (&format.into(), &"file".into()));
        assert_eq!(done["source"].is_null(), !["c", "rust"].contains(&format));
        let bytes = folder.read("file");
        assert_eq!(done["bytes"].as_u64().unwrap() as usize, bytes.len());
        // The same ticket, the same bytes.
        folder.succeed(&format!("export t.slt --to {format} --out again"));
        assert_eq!(folder.read("again"), bytes, "{format}");
    }
    let said = folder.succeed("export t.slt --to c --arithmetic fixed --prefix my_net --out net.c").stdout;
    assert!(said.contains("-> net.c") && said.contains("of the same class"), "{said}");
    let text = String::from_utf8(folder.read("net.c")).unwrap();
    assert!(text.contains("int my_net_predict(const int32_t features[MY_NET_FEATURES])"), "{text}");
    assert!(!text.contains("slt_"), "{text}");
}

#[test]
fn errors_say_what_would_be_right() {
    let folder = digits_ticket();
    for (options, said) in [
        ("--to onnx --weights seed --out f", &["--weights", "--to c and --to rust"][..]),
        ("--to json --arithmetic fixed --out f", &["--arithmetic", "--to c and --to rust"]),
        ("--to rust --prefix net --out f", &["--prefix", "--to c"]),
        ("--to c --range 2 --out f", &["--range", "--arithmetic fixed"]),
        ("--to onnx --data digits --out f", &["--data", "--to json"]),
        ("--to c --prefix 9lives --out f", &["--prefix `9lives`", "a letter first"]),
        ("--to c --arithmetic fixed --range 0 --out f", &["--range is 0", "[2^-10, 2^20]"]),
        ("--to c --arithmetic fixed --range 0.5 --out f", &["0.7", "use a larger --range"]),
        ("--to c", &["--out"]),
        ("--to tflite --out f", &["tflite", "onnx"]),
    ] {
        folder.fail(2, &format!("export t.slt {options}"), said);
    }
    folder.fail(1, "export none.slt --to c --out f", &["none.slt"]);
    folder.fail(1, "export t.slt --to c --out nowhere/f", &["nowhere"]);
    folder.succeed(
        "search --data moons --arch A --weights kaiming-normal --max-generations 2 --out normal.slt",
    );
    folder.fail(
        2,
        "export normal.slt --to c --weights seed --out f",
        &["--weights seed", "use --weights table"],
    );

    let folder = flowers_ticket();
    folder.fail(2, "export t.slt --to c --data digits --out f", &["t.slt", "columns"]);
    folder.fail(2, "export t.slt --to c --data flowers.csv --impute mean --out f", &["--impute", "ticket"]);
}
