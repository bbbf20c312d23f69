//! `slt man`: manual pages.

use std::fs;
use std::path::PathBuf;

use clap::{Args, Command};
use clap_mangen::Man;
use slt_run::write_atomically;

use crate::failure::Failure;
use crate::stdout::{count, print};

/// Write manual pages, one a command
#[derive(Args)]
pub(crate) struct Arguments {
    /// Folder to write them to, slt.1 and so on
    #[arg(value_name = "FOLDER")]
    folder: PathBuf,
}

pub(crate) fn run(arguments: &Arguments, command: Command) -> Result<(), Failure> {
    let folder = &arguments.folder;
    fs::create_dir_all(folder)
        .map_err(|error| Failure::run(format!("cannot make the folder {}: {error}", folder.display())))?;
    let mut command = command.disable_help_subcommand(true);
    command.build();
    let mut pages = 0;
    let mut waiting = vec![(command.get_name().to_owned(), command)];
    while let Some((name, command)) = waiting.pop() {
        let children = command.get_subcommands();
        waiting.extend(children.map(|child| (format!("{name}-{}", child.get_name()), child.clone())));
        let mut page = Vec::new();
        let man = Man::new(command).title(name.to_uppercase());
        man.render(&mut page).map_err(Failure::run)?;
        write_atomically(&folder.join(format!("{name}.1")), &page)?;
        pages += 1;
    }
    print(&format!("{} -> {}\n", count(pages, "page"), folder.display()))
}
