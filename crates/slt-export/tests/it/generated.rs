//! Generated source code against the engine, through compilers.

use std::fmt::Write;
use std::fs;
use std::path::Path;
use std::process::Command;

use crate::common::{Case, drawable, kaiming, numbers, signed, table};
use slt_datasets::scaling::ScalerKind;
use slt_export::{Arithmetic, Export, Language, Source, SourceOptions, Weights};

/// Cases of all initialisers, scalers and densities.
fn cases() -> Vec<Case> {
    let mut cases: Vec<Case> = Vec::new();
    for (i, initializer) in drawable().into_iter().chain([kaiming()]).enumerate() {
        cases.extend((0..5).map(|k| numbers(100 * i as u64 + k, initializer)));
        cases.extend((5..7).map(|k| signed(numbers(100 * i as u64 + k, initializer))));
    }
    for (i, kind) in
        [None, Some(ScalerKind::Standard), Some(ScalerKind::MinMaxPerFeature)].into_iter().enumerate()
    {
        cases.push(table(i as u64, drawable()[i], kind));
        cases.push(table(10 + i as u64, drawable()[4 + i], kind));
    }
    cases
}

/// What a case is written as, in all ways that it can be.
fn sources(case: &Case, language: Language, prefix: &str) -> Vec<(String, Source)> {
    let export = Export::new(&case.ticket).unwrap().with_samples(case.raw.clone()).unwrap();
    let is_signed = case.ticket.inverted().is_some();
    let is_drawable = !case.name.contains("Kaiming") && !is_signed;
    let mut sources = Vec::new();
    for weights in [Weights::Table, Weights::Seed] {
        for arithmetic in [Arithmetic::Float32, Arithmetic::Fixed { range: None }] {
            let n = sources.len();
            let prefix = format!("{prefix}{n}");
            let options = SourceOptions { weights, arithmetic, prefix: prefix.clone(), samples: 12 };
            match export.source(language, &options) {
                Ok(source) => sources.push((prefix, source)),
                Err(slt_export::Error::SeedWeights) if weights == Weights::Seed && !is_drawable => {}
                Err(slt_export::Error::SeedSigns) if weights == Weights::Seed && is_signed => {}
                Err(error) => panic!("{}: {error}", case.name),
            }
        }
    }
    assert_eq!(sources.len(), if is_drawable { 4 } else { 2 });
    sources
}

/// Runs a command that has to succeed.
#[track_caller]
fn succeed(command: &mut Command) {
    let output = command.output().unwrap();
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    assert!(output.status.success(), "{command:?}\n{}{}", text(&output.stdout), text(&output.stderr));
}

fn is_there(program: &str) -> bool {
    Command::new(program).arg("--version").output().is_ok_and(|output| output.status.success())
}

/// Logits and classes of the engine are in the test vectors, so a passing test of the generated file is
/// agreement to the bit in single precision; in integers it is agreement with what the error was measured on.
#[test]
fn rust_agrees_with_the_engine() {
    let folder = tempfile::tempdir().unwrap();
    let mut root = String::new();
    for (i, case) in cases().iter().enumerate() {
        for (name, source) in sources(case, Language::Rust, &format!("case{i}_")) {
            fs::write(folder.path().join(format!("{name}.rs")), &source.text).unwrap();
            writeln!(root, "mod {name}; // {}", case.name).unwrap();
        }
    }
    let rustc = |name: &str, text: &str, arguments: &[&str]| {
        let file = folder.path().join(name);
        fs::write(&file, text).unwrap();
        let mut command = Command::new(std::env::var_os("RUSTC").unwrap_or_else(|| "rustc".into()));
        command.args(["--edition", "2021", "-D", "warnings"]).args(arguments);
        succeed(command.arg(&file).current_dir(folder.path()));
    };
    rustc("tests.rs", &root, &["--test", "-C", "opt-level=1", "-C", "overflow-checks=on", "-o", "tests"]);
    succeed(Command::new(folder.path().join("tests")).arg("--quiet"));
    // The same without the standard library.
    rustc(
        "bare.rs",
        &format!("#![no_std]\n{root}"),
        &["--crate-type", "lib", "--emit", "metadata", "-o", "bare.rmeta"],
    );
}

#[test]
fn c_agrees_with_the_engine() {
    let compilers: Vec<&str> = ["gcc", "clang"].into_iter().filter(|compiler| is_there(compiler)).collect();
    if compilers.is_empty() {
        eprintln!("skipped: there is neither gcc nor clang");
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    let (mut includes, mut calls) = (String::new(), String::new());
    for (i, case) in cases().iter().enumerate() {
        for (name, source) in sources(case, Language::C, &format!("case{i}_")) {
            fs::write(folder.path().join(format!("{name}.c")), &source.text).unwrap();
            writeln!(includes, "#define {}_SELF_TEST\n#include \"{name}.c\"", name.to_uppercase()).unwrap();
            writeln!(calls, "    failed += {name}_self_test();").unwrap();
        }
    }
    // One of them apart, with its declarations alone in front.
    let apart = "#define CASE0_0_DECLARATIONS\n#include \"case0_0.c\"\n#undef CASE0_0_DECLARATIONS\n";
    let main = format!(
        "{apart}{includes}\nint main(void)\n{{\n    int failed = 0;\n{calls}    return failed != 0;\n}}\n"
    );
    fs::write(folder.path().join("main.c"), main).unwrap();
    let compile_and_run = |compiler: &str| {
        let program = folder.path().join(compiler);
        let mut command = Command::new(compiler);
        command.args(["-std=c99", "-Wall", "-Wextra", "-Werror", "-pedantic", "-O2", "main.c", "-o"]);
        succeed(command.arg(&program).current_dir(folder.path()));
        succeed(&mut Command::new(&program));
    };
    std::thread::scope(|scope| {
        for compiler in compilers {
            let compile_and_run = &compile_and_run;
            scope.spawn(move || compile_and_run(compiler));
        }
    });
}

/// The fused multiply-add of generated code against that of the standard library: on numbers of all kinds,
/// and where product and sum nearly cancel.
#[test]
fn rust_rounds_once() {
    let folder = tempfile::tempdir().unwrap();
    let (_, float) = sources(&numbers(0, drawable()[0]), Language::Rust, "case").remove(0);
    let public = "\npub fn public_fused(a: f32, b: f32, c: f32) -> f32 {\n    fused(a, b, c)\n}\n";
    fs::write(folder.path().join("float.rs"), float.text + public).unwrap();
    let main = "mod float;\n
fn main() {
    let mut state = 88_172_645_463_325_252_u64;
    let mut draw = || {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        (state.wrapping_mul(0x2545_f491_4f6c_dd1d) >> 20) as u32
    };
    for i in 0..3_000_000_u32 {
        let mut number = || {
            let (kind, bits) = (draw() % 6, draw());
            f32::from_bits(match kind {
                0 => bits,
                1 => bits & 0x807f_ffff | (120 + draw() % 16) << 23,
                2 => bits & 0x807f_ffff,
                3 => bits & 0x8000_0000 | draw() % 3,
                4 => bits & 0x8000_0000 | (draw() % 255) << 23,
                _ => bits & 0x8000_0000 | 0x7f7f_ffff - draw() % 4,
            })
        };
        let (a, b, mut c) = (number(), number(), number());
        if i % 4 == 0 {
            c = f32::from_bits((-a * b).to_bits().wrapping_add(draw() % 3).wrapping_sub(1));
        }
        let (expected, actual) = (a.mul_add(b, c), float::public_fused(a, b, c));
        let same = expected.to_bits() == actual.to_bits() || expected.is_nan() && actual.is_nan();
        assert!(same, \"{a:e} * {b:e} + {c:e} is {expected:e}, not {actual:e}\");
    }
}
";
    fs::write(folder.path().join("main.rs"), main).unwrap();
    compile_and_run(folder.path());
}

/// A sample that the network cannot take is refused.
#[test]
fn rust_refuses_what_it_cannot_take() {
    let folder = tempfile::tempdir().unwrap();
    let case = numbers(0, drawable()[0]);
    let (float, fixed) = {
        let mut sources = sources(&case, Language::Rust, "case").into_iter();
        (sources.next().unwrap().1, sources.next().unwrap().1)
    };
    fs::write(folder.path().join("float.rs"), float.text).unwrap();
    fs::write(folder.path().join("fixed.rs"), fixed.text).unwrap();
    let main = "mod fixed;\nmod float;\n
fn main() {
    for bad in [f32::NAN, f32::INFINITY, f32::NEG_INFINITY] {
        for i in 0..float::FEATURES {
            let mut features = [0.5; float::FEATURES];
            assert!(float::predict(&features).is_some());
            features[i] = bad;
            assert_eq!((float::logits(&features), float::predict(&features)), (None, None));
        }
    }
    for bad in [i32::MIN, i32::MAX] {
        for i in 0..fixed::FEATURES {
            let mut features = [0; fixed::FEATURES];
            features[i] = bad;
            assert_eq!((fixed::logits(&features), fixed::predict(&features)), (None, None));
        }
    }
}
";
    fs::write(folder.path().join("main.rs"), main).unwrap();
    compile_and_run(folder.path());
}

fn compile_and_run(folder: &Path) {
    let mut command = Command::new(std::env::var_os("RUSTC").unwrap_or_else(|| "rustc".into()));
    succeed(
        command
            .args(["--edition", "2021", "-O", "-C", "overflow-checks=on", "main.rs", "-o", "main"])
            .current_dir(folder),
    );
    succeed(&mut Command::new(folder.join("main")));
}
