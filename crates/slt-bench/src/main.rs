//! The benchmarks of the project, run as `cargo xtask bench`; `docs/benchmarks.md` says what is measured and
//! how.

mod cases;
mod effort;
mod error;
mod export;
mod findings;
mod machine;
mod recording;
mod sections;
mod update;

/// Shared with `cargo bench -p slt-mlp`, whose package must not reach outside of itself.
#[path = "../../slt-mlp/benches/kernel/throughput.rs"]
mod throughput;

use std::path::PathBuf;
use std::process::ExitCode;

use clap::Parser;
use effort::Effort;
use error::Error;
use machine::Machine;
use sections::Section;
use update::Document;

/// Measure how fast slt is, and what limits it
///
/// Prints tables in Markdown. Times are not asserted; what has to be equal is.
#[derive(Parser)]
#[command(name = "bench")]
struct Cli {
    /// Sections to run [default: all]
    #[arg(value_enum, value_name = "SECTION")]
    sections: Vec<Section>,
    /// Measure less, in under a minute
    #[arg(long)]
    quick: bool,
    /// Print one JSON object instead of tables
    #[arg(long)]
    json: bool,
    /// Also put the tables into a document, between the marks of each section
    #[arg(long, value_name = "FILE", conflicts_with = "quick")]
    update: Option<PathBuf>,
    /// Only write the networks, masks and data of the section kernel into a folder, for other programs to
    /// evaluate
    #[arg(long, value_name = "FOLDER", conflicts_with_all = ["sections", "quick", "json", "update"])]
    export: Option<PathBuf>,
}

fn run(cli: &Cli) -> Result<(), Error> {
    // One thread, unless a section makes threads of its own.
    rayon::ThreadPoolBuilder::new().num_threads(1).build_global()?;
    if let Some(folder) = &cli.export {
        return export::write(folder);
    }
    let mut document = cli.update.clone().map(Document::open).transpose()?;
    let mut put = |name, table: &str| document.as_mut().map_or(Ok(()), |document| document.put(name, table));
    let machine = Machine::detect();
    put("machine", &machine.to_string())?;
    if !cli.json {
        println!("{machine}\n");
    }
    let mut report = serde_json::Map::new();
    report.insert("machine".to_owned(), serde_json::to_value(&machine)?);
    report.insert("quick".to_owned(), cli.quick.into());
    for section in Section::ALL.into_iter().filter(|s| cli.sections.is_empty() || cli.sections.contains(s)) {
        eprintln!("bench: {section} ...");
        let findings = section.measure(Effort { quick: cli.quick })?;
        put(section.name(), &findings.table)?;
        if !cli.json {
            println!("{section}: {}\n\n{}", section.title(), findings.table);
        }
        report.insert(section.name().to_owned(), findings.json);
    }
    if cli.json {
        println!("{}", serde_json::Value::Object(report));
    }
    document.map_or(Ok(()), |document| document.save())
}

fn main() -> ExitCode {
    match run(&Cli::parse()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error}");
            ExitCode::FAILURE
        }
    }
}
