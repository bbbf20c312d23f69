//! Arguments that several commands share.

mod data;
mod initializer;
mod machine;
mod study;

pub(crate) use data::{DataArguments, Part, SCALING_NAMES, TicketArguments};
pub(crate) use initializer::InitializerArguments;
pub(crate) use machine::{MAX_THREADS, MachineArguments, ThreadArguments};
pub(crate) use study::StudyArguments;
