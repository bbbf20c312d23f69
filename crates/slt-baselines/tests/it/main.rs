//! The tests of slt-baselines from outside, in one program: a program for each file would be linked for each.

mod common;
mod curvature;
mod edge_popup;
mod mlp_classifier;
mod reference_edge_popup;
mod reference_hessian;
mod reference_levels;
mod reference_mlp_classifier;
mod reference_mlp_validation;
mod resume;
mod search;
mod threads;
