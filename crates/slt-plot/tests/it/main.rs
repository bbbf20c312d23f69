//! The tests of slt-plot from outside, in one program: a program for each file would be linked for each.

mod common;
mod errors;
mod layout;
mod output;
mod panels;
mod structure;
