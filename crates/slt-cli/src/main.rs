//! The `slt` command line. `slt --help` lists the commands.

mod arguments;
mod commands;
mod failure;
mod files;
mod interrupt;
mod progress;
mod stderr;
mod stdout;
mod usage;
mod values;

use std::process::ExitCode;

use clap::{Parser, Subcommand};

use commands::{data, evaluate, inspect, prune, reproduce, search};
use failure::Failure;

/// Find, use and inspect strong lottery tickets: binary masks over random networks that solve a task untrained.
#[derive(Parser)]
#[command(name = "slt", version, arg_required_else_help = true)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    Data(data::Arguments),
    Search(search::Arguments),
    Prune(prune::Arguments),
    Evaluate(evaluate::Arguments),
    Inspect(inspect::Arguments),
    Reproduce(reproduce::Arguments),
}

fn run() -> Result<(), Failure> {
    let cli = Cli::try_parse_from(values::join_negative(std::env::args_os()))?;
    match &cli.command {
        Command::Data(arguments) => data::run(arguments),
        Command::Search(arguments) => search::run(arguments),
        Command::Prune(arguments) => prune::run(arguments),
        Command::Evaluate(arguments) => evaluate::run(arguments),
        Command::Inspect(arguments) => inspect::run(arguments),
        Command::Reproduce(arguments) => reproduce::run(arguments),
    }
}

fn main() -> ExitCode {
    match run() {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => failure.report(),
    }
}
