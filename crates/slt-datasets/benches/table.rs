//! How fast a table is read: a CSV file of 1,000,000 rows and 20 columns, beside a loop over
//! `csv::ByteRecord` that only parses every field.
//!
//! ```sh
//! cargo bench -p slt-datasets --bench table [ROWS]
//! ```
//!
//! Prints seconds of processor time, which other programs disturb less than those of the clock, and on Linux
//! the peak of the resident memory while the table is read, against the size of its array. On 2 cores of a
//! virtual machine: 0.88 s against 0.73 s (1.21 times), and 1.11 times the array.

use std::{
    env,
    fs::{self, File},
    hint::black_box,
    io::{BufWriter, Write},
    path::Path,
};

use cpu_time::ProcessTime;
use slt_core::{Purpose, Seed, random::index_below};
use slt_datasets::table::{Table, TableOptions};

const COLUMNS: usize = 20;
const REPEATS: usize = 3;

fn main() {
    let rows = env::args().find_map(|argument| argument.parse().ok()).unwrap_or(1_000_000);
    let path = env::temp_dir().join(format!("slt-bench-table-{}.csv", std::process::id()));
    write(&path, rows);
    let bytes = fs::metadata(&path).unwrap().len();
    println!("{rows} rows x {COLUMNS} columns, {:.1} MB", bytes as f64 / 1e6);

    // Memory first, while nothing else was in use.
    let before = reset_peak();
    let table = read(&path);
    let array = (table.n_rows() * table.n_features() * size_of::<f32>()) as f64;
    if let (Some(before), Some(peak)) = (before, memory("VmHWM")) {
        let grown = (peak - before) as f64;
        println!("array {:.1} MB, peak {:.1} MB: {:.2} times", array / 1e6, grown / 1e6, grown / array);
    }
    drop(table);
    // The least of some runs, taken in turns.
    let (mut loops, mut tables) = (f64::INFINITY, f64::INFINITY);
    for _ in 0..REPEATS {
        loops = loops.min(seconds(|| parse_only(&path)));
        tables = tables.min(seconds(|| read(&path)));
    }
    println!(
        "csv::ByteRecord and parsing {loops:.3} s, Table::read {tables:.3} s: {:.2} times",
        tables / loops
    );
    fs::remove_file(&path).unwrap();
}

/// Random numbers of 7 digits, the label last.
fn write(path: &Path, rows: usize) {
    let mut rng = Seed(1).stream(Purpose::new("bench"), 0, 0);
    let mut file = BufWriter::new(File::create(path).unwrap());
    let names: Vec<String> = (0..COLUMNS).map(|column| format!("column{column}")).collect();
    writeln!(file, "{}", names.join(",")).unwrap();
    for _ in 0..rows {
        for _ in 1..COLUMNS {
            write!(file, "{:.6},", index_below(&mut rng, 20_000_000) as f64 / 1e6 - 10.0).unwrap();
        }
        writeln!(file, "{}", index_below(&mut rng, 10)).unwrap();
    }
    file.flush().unwrap();
}

fn read(path: &Path) -> Table {
    Table::read(File::open(path).unwrap(), &TableOptions::default()).unwrap()
}

fn parse_only(path: &Path) -> f64 {
    let mut reader = csv::Reader::from_reader(File::open(path).unwrap());
    let mut record = csv::ByteRecord::new();
    let mut sum = 0.0;
    while reader.read_byte_record(&mut record).unwrap() {
        for field in &record {
            sum += std::str::from_utf8(field).unwrap().parse::<f64>().unwrap();
        }
    }
    sum
}

fn seconds<T>(work: impl FnOnce() -> T) -> f64 {
    let start = ProcessTime::now();
    black_box(work());
    start.elapsed().as_secs_f64()
}

/// Sets the peak of the resident memory to what it is now, in bytes.
fn reset_peak() -> Option<u64> {
    fs::write("/proc/self/clear_refs", "5").ok()?;
    memory("VmRSS")
}

fn memory(field: &str) -> Option<u64> {
    let status = fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find(|line| line.starts_with(field))?;
    Some(1024 * line.split_whitespace().nth(1)?.parse::<u64>().ok()?)
}
