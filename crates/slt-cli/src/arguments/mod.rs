//! Arguments that several commands share.

mod data;
mod initializer;
mod machine;
mod study;
mod ticket;

pub(crate) use data::{ArchitectureArguments, DataArguments, data_failure, split_part};
pub(crate) use initializer::InitializerArguments;
pub(crate) use machine::{MAX_THREADS, MachineArguments, ThreadArguments};
pub(crate) use study::StudyArguments;
pub(crate) use ticket::{TicketArguments, TicketData, data_for, made_on};
