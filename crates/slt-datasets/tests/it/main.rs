//! The tests of slt-datasets from outside, in one program: a program for each file would be linked for each.

mod common;
mod csv_records;
mod dataset;
mod generators;
mod io_arrays;
mod io_csv;
mod io_idx;
mod io_npy;
mod paper;
mod reference_digits;
mod reference_generators;
mod reference_numpy;
mod reference_parameters;
mod resize;
mod scaling;
mod split;
mod table;
