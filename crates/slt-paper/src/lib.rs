//! The experiments of the strong-lottery-ticket paper as data: run specs, a results store, figures.
