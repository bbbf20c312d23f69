//! A genetic algorithm over bit masks for any objective: deterministic, observable, resumable.
