//! One module a command.

pub(crate) mod data;
pub(crate) mod evaluate;
pub(crate) mod inspect;
pub(crate) mod prune;
pub(crate) mod reproduce;
pub(crate) mod search;
