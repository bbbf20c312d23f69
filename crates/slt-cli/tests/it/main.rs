//! The tests of slt-cli from outside, in one program: a program for each file would be linked for each.

mod common;
mod data;
mod edge_popup;
mod export;
mod farm;
mod files;
mod front;
mod help;
mod hessian;
mod lean;
mod mask_search;
mod mixed_model;
mod own_data;
#[cfg(unix)]
mod pages;
mod paper;
mod reference_data;
mod reproduce;
mod resize;
mod search;
mod seeds;
mod shell;
mod signed;
mod tickets;
mod train;
mod tune;
mod usage;
mod zoo;
