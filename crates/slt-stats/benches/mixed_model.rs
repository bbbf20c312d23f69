//! Time of a whole fit of a mixed model: from labels and numbers to coefficients with intervals.
//!
//! `cargo bench -p slt-stats --bench mixed_model -- TABLE.csv` fits `acc_z ~ algorithm` with crossed random
//! intercepts of `arch` and `init` and prints one JSON object: the median time and the fit.
//! `benches/peers/mixed_model.py` calls it and times statsmodels on the same table.
//!
//! `cargo bench -p slt-stats --bench mixed_model` fits many groups instead: 50,000 rows in 10,000 groups,
//! alone, nested in 500 larger ones, and crossed with 100 others, and prints the time of one fit of each.

use std::time::{Duration, Instant};

use slt_stats::{FixedEffect, MixedModel, RandomTerm, Table};

type Failure = Box<dyn std::error::Error>;

/// How long fits are repeated, and the fewest of them.
const TIME: Duration = Duration::from_millis(300);
const MIN_FITS: usize = 20;

fn read(path: &str) -> Result<Table, Failure> {
    let mut reader = csv::Reader::from_path(path)?;
    let names = reader.headers()?.clone();
    let rows: Vec<csv::StringRecord> = reader.records().collect::<Result<_, _>>()?;
    let mut table = Table::new();
    for (i, name) in names.iter().enumerate() {
        let column = rows.iter().map(|row| &row[i]);
        table = if name == "acc_z" {
            let numbers: Vec<f64> = column.map(str::parse).collect::<Result<_, _>>()?;
            table.with_numbers(name, numbers)?
        } else {
            table.with_labels(name, column)?
        };
    }
    Ok(table)
}

/// Rows of 10,000 groups, five each, with a factor and a covariate.
fn many_groups() -> Result<Table, Failure> {
    const ROWS: u64 = 50_000;
    // Golden ratio steps: uniform in (-0.5, 0.5), and never twice the same.
    let noise = |stream: u64, i: u64| {
        let bits = (i + 1)
            .wrapping_mul(0x9e37_79b9_7f4a_7c15)
            .wrapping_add(stream.wrapping_mul(0xbf58_476d_1ce4_e5b9));
        ((bits ^ (bits >> 31)).wrapping_mul(0x94d0_49bb_1331_11eb) >> 11) as f64 / (1_u64 << 53) as f64 - 0.5
    };
    let (group, region, day) = (|row| row % 10_000, |row| row % 500, |row| row * 7 / 3 % 100);
    let y = |row| {
        let random = noise(1, group(row)) + 0.7 * noise(2, region(row)) + 0.4 * noise(3, day(row));
        random + 0.2 * noise(4, row) + 0.1 * (row / 10_000 % 2) as f64 + noise(5, row)
    };
    let table = Table::new()
        .with_numbers("y", (0..ROWS).map(y))?
        .with_numbers("x", (0..ROWS).map(|row| noise(4, row)))?
        .with_labels("a", (0..ROWS).map(|row| row / 10_000 % 2))?
        .with_labels("group", (0..ROWS).map(group))?
        .with_labels("region", (0..ROWS).map(region))?
        .with_labels("day", (0..ROWS).map(day))?;
    Ok(table)
}

fn time_many_groups() -> Result<(), Failure> {
    let table = many_groups()?;
    for random in [&["group"][..], &["group", "region"], &["group", "day"]] {
        let model = MixedModel {
            fixed: vec![FixedEffect::of("x"), FixedEffect::of("a")],
            random: random.iter().map(|column| RandomTerm::column(column)).collect(),
            ..MixedModel::reml("y")
        };
        let start = Instant::now();
        let fit = model.fit(&table)?;
        let seconds = start.elapsed().as_secs_f64();
        println!("{}", serde_json::json!({ "seconds": seconds, "random": random, "fit": fit }));
    }
    Ok(())
}

fn main() -> Result<(), Failure> {
    // `cargo bench` adds `--bench` to the arguments.
    let Some(path) = std::env::args().skip(1).find(|argument| !argument.starts_with("--")) else {
        return time_many_groups();
    };
    let table = read(&path)?;
    let model = MixedModel {
        fixed: vec![FixedEffect::against("algorithm", "ga")],
        random: vec![RandomTerm::column("arch"), RandomTerm::column("init")],
        ..MixedModel::reml("acc_z")
    };
    let fit = model.fit(&table)?;
    let mut times = Vec::new();
    let begin = Instant::now();
    while times.len() < MIN_FITS || begin.elapsed() < TIME {
        let start = Instant::now();
        std::hint::black_box(model.fit(std::hint::black_box(&table))?);
        times.push(start.elapsed());
    }
    times.sort_unstable();
    let microseconds = 1e6 * times[times.len() / 2].as_secs_f64();
    println!("{}", serde_json::json!({ "microseconds": microseconds, "fits": times.len(), "fit": fit }));
    Ok(())
}
