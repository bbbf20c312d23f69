//! Arguments that several commands share.

mod data;
mod machine;

pub(crate) use data::{DATA_NAMES, DataArguments, Part, SCALING_NAMES, TicketArguments};
pub(crate) use machine::{MAX_THREADS, MachineArguments};
