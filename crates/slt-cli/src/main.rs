//! The `slt` command line. `slt --help` lists the commands.

mod arguments;
mod checkpoint;
mod commands;
mod failure;
mod files;
mod interrupt;
mod judged;
mod progress;
mod stderr;
mod stdout;
mod usage;
mod values;
mod verdicts;

use std::path::PathBuf;
use std::process::ExitCode;

use clap::{CommandFactory, Parser, Subcommand};

use commands::{
    check, compare, completions, convert, data, edge_popup, evaluate, export, hessian, inspect, man,
    mixed_model, predict, prune, reproduce, results, search, train, tune,
};
use failure::Failure;

const EXIT_CODES: &str = "Exit codes: 0 done, 1 failed, 2 the command line is wrong; 129, 130 and 143: ended by SIGHUP, SIGINT \
                          (Ctrl-C) and SIGTERM, with what was reached stored where --out and --checkpoint say.";

/// Find, use and inspect strong lottery tickets: binary masks over random networks that solve a task
/// untrained.
#[derive(Parser)]
#[command(name = "slt", version, arg_required_else_help = true, after_help = EXIT_CODES)]
struct Cli {
    #[command(subcommand)]
    command: Command,
    /// Say nothing on stderr but errors
    #[arg(long, global = true, help_heading = "Output")]
    quiet: bool,
    /// Also write what is said on stderr, and how far work has come, to the end of a file
    #[arg(long, global = true, value_name = "FILE", help_heading = "Output")]
    log: Option<PathBuf>,
}

#[derive(Subcommand)]
enum Command {
    Data(data::Arguments),
    Search(Box<search::Arguments>),
    Prune(prune::Arguments),
    Evaluate(evaluate::Arguments),
    Predict(predict::Arguments),
    Export(Box<export::Arguments>),
    Compare(compare::Arguments),
    Inspect(inspect::Arguments),
    Convert(convert::Arguments),
    EdgePopup(edge_popup::Arguments),
    Train(train::Arguments),
    Tune(tune::Arguments),
    Hessian(hessian::Arguments),
    MixedModel(mixed_model::Arguments),
    Reproduce(reproduce::Arguments),
    Check(check::Arguments),
    Results(results::Arguments),
    Completions(completions::Arguments),
    Man(man::Arguments),
}

fn run() -> Result<(), Failure> {
    let cli = Cli::try_parse_from(values::join_negative(std::env::args_os()))?;
    stderr::set_voice(cli.quiet, cli.log.as_deref()).map_err(|error| {
        Failure::run(format!("cannot write to {}: {error}", cli.log.unwrap_or_default().display()))
    })?;
    match &cli.command {
        Command::Data(arguments) => data::run(arguments),
        Command::Search(arguments) => search::run(arguments),
        Command::Prune(arguments) => prune::run(arguments),
        Command::Evaluate(arguments) => evaluate::run(arguments),
        Command::Predict(arguments) => predict::run(arguments),
        Command::Export(arguments) => export::run(arguments),
        Command::Compare(arguments) => compare::run(arguments),
        Command::Inspect(arguments) => inspect::run(arguments),
        Command::Convert(arguments) => convert::run(arguments),
        Command::EdgePopup(arguments) => edge_popup::run(arguments),
        Command::Train(arguments) => train::run(arguments),
        Command::Tune(arguments) => tune::run(arguments),
        Command::Hessian(arguments) => hessian::run(arguments),
        Command::MixedModel(arguments) => mixed_model::run(arguments),
        Command::Reproduce(arguments) => reproduce::run(arguments),
        Command::Check(arguments) => check::run(arguments),
        Command::Results(arguments) => results::run(arguments),
        Command::Completions(arguments) => completions::run(arguments, &mut Cli::command()),
        Command::Man(arguments) => man::run(arguments, Cli::command()),
    }
}

fn main() -> ExitCode {
    match run() {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => failure.report(),
    }
}
