//! Work on all cores.

use slt_simd::unfused::{self, Pass};

/// Multiply-adds that are worth another thread: some tens of microseconds.
const WORTH_A_THREAD: usize = 1 << 19;

/// A pass that can be cut in two, with the same results.
pub(crate) trait Divide: Pass + Sized + Send {
    /// Multiply-adds, or as much.
    fn cost(&self) -> usize;
    /// The pass in two halves, or as it was if it is too small.
    fn divide(self) -> Result<(Self, Self), Self>;
}

/// Runs a pass on the threads of the current pool.
pub(crate) fn spread(pass: impl Divide) {
    if pass.cost() < 2 * WORTH_A_THREAD || rayon::current_num_threads() == 1 {
        return unfused::run(pass);
    }
    match pass.divide() {
        Ok((first, second)) => {
            rayon::join(|| spread(first), || spread(second));
        }
        Err(pass) => unfused::run(pass),
    }
}
