//! One module a command.

pub(crate) mod check;
pub(crate) mod compare;
pub(crate) mod completions;
pub(crate) mod convert;
pub(crate) mod data;
pub(crate) mod edge_popup;
pub(crate) mod evaluate;
pub(crate) mod export;
pub(crate) mod hessian;
pub(crate) mod inspect;
pub(crate) mod man;
pub(crate) mod mixed_model;
pub(crate) mod predict;
pub(crate) mod prune;
pub(crate) mod reproduce;
pub(crate) mod results;
pub(crate) mod search;
pub(crate) mod train;
pub(crate) mod tune;
