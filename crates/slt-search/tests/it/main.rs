//! The tests of slt-search from outside, in one program: a program for each file would be linked for each.

mod checkpoint;
mod common;
mod resume;
mod search;
