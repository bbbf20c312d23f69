//! The tests of slt-mlp from outside, in one program: a program for each file would be linked for each.

mod codec;
mod engine;
mod flips;
mod initializer;
mod metrics;
mod prune;
mod reference_cross_entropy_f32;
mod reference_masked_mlp;
mod reference_metrics;
mod signed;
mod ticket;
mod ticket_table;
mod units;
