//! Searches for a mask by any algorithm of `slt-search` and `slt-ga`: what to run, how, and what came out.

mod execute;
mod masks;
mod methods;
mod options;
mod prepared;
mod record;
mod spec;

pub(super) use methods::TABLE;
pub use methods::{MaskAlgorithm, MaskOption, MaskOptions, SearchMethod};
pub use prepared::{Going, PreparedMaskSearch, Searched, Watch, steps_of};
pub use record::{FrontPoint, MaskSearchRecord, Passed};
pub use spec::{ENOUGH, Goal, HoldOut, MaskSearchSpec};
