//! The tests of slt-paper from outside, in one program: a program for each file would be linked for each.

mod claims;
mod claims_binary;
mod claims_classes;
mod common;
mod exactness;
mod fabricated;
mod farm;
mod figures;
mod figures_beyond;
mod figures_many_classes;
mod figures_two_classes;
mod golden;
mod plan;
mod published;
