//! `slt completions`: what a shell needs to complete command lines.

use clap::{Args, Command};
use clap_complete::Shell;

use crate::failure::Failure;
use crate::stdout::print;

/// Print completions for a shell
///
/// For bash: slt completions bash > ~/.local/share/bash-completion/completions/slt
#[derive(Args)]
pub(crate) struct Arguments {
    /// The shell
    #[arg(value_name = "SHELL")]
    shell: Shell,
}

pub(crate) fn run(arguments: &Arguments, command: &mut Command) -> Result<(), Failure> {
    let mut script = Vec::new();
    clap_complete::generate(arguments.shell, command, "slt", &mut script);
    print(&String::from_utf8_lossy(&script))
}
