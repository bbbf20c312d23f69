//! Time of a whole fit of a mixed model: from labels and numbers to coefficients with intervals.
//!
//! `cargo bench -p slt-stats --bench mixed_model -- TABLE.csv` fits `acc_z ~ algorithm` with crossed random intercepts of
//! `arch` and `init` and prints one JSON object: the median time and the fit. `benches/peers/mixed_model.py` calls it and
//! times statsmodels on the same table.

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

fn main() -> Result<(), Failure> {
    // `cargo bench` adds `--bench` to the arguments.
    let Some(path) = std::env::args().skip(1).find(|argument| !argument.starts_with("--")) else {
        return Err("name a table: cargo bench -p slt-stats --bench mixed_model -- TABLE.csv".into());
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
