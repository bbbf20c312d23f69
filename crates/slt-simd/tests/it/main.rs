//! The tests of slt-simd from outside, in one program: a program for each file would be linked for each.

mod instruction_sets;
