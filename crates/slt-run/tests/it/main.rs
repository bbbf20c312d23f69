//! The tests of slt-run from outside, in one program: a program for each file would be linked for each.

mod arrays;
mod checkpoint;
mod common;
mod files;
mod mask_search;
mod runner;
mod spec;
mod store;
