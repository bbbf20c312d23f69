//! The tests of slt-core from outside, in one program: a program for each file would be linked for each.

mod canonical;
mod mask;
