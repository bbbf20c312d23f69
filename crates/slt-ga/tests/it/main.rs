//! The tests of slt-ga from outside, in one program: a program for each file would be linked for each.

mod checkpoint;
mod common;
mod generations;
mod golden;
mod judged;
mod memetic;
mod operators;
mod oracle;
mod pareto;
mod racing;
mod rates;
mod resume;
mod search;
