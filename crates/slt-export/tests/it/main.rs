//! The tests of slt-export from outside, in one program: a program for each file would be linked for each.

mod common;
mod fixed;
mod formats;
mod generated;
