//! The tests of slt-stats from outside, in one program: a program for each file would be linked for each.

mod bad_tables;
mod closed_forms;
mod common;
mod extremes;
mod properties;
mod reference_mixed_lm;
mod reference_mixed_lm_terms;
mod reference_stats;
mod simulation;
