//! What algorithms share that end after a number of generations.

use serde::Serialize;
use serde_json::Value;
use slt_core::BitMask;
use slt_search::{Arena, Candidate, Error, StopReason};

/// All parameters but `generations`, which only ends the search.
pub(crate) fn parameters(algorithm: &impl Serialize) -> Value {
    let mut parameters = serde_json::to_value(algorithm).expect("parameters are plain data");
    if let Value::Object(fields) = &mut parameters {
        fields.remove("generations");
    }
    parameters
}

/// Whether the last generation is done.
pub(crate) fn end(done: u64, generations: u64) -> Option<StopReason> {
    (done >= generations).then_some(StopReason::MaxGenerations)
}

/// Whether a search that goes on may have come as far.
pub(crate) fn check(done: u64, generations: u64) -> Result<(), Error> {
    if done > generations {
        let reason = StopReason::MaxGenerations;
        return Err(Error::ResumeBeyond { generation: done, ended: generations, reason });
    }
    Ok(())
}

/// Masks with what the objective says of them, all asked at once.
pub(crate) fn evaluated(masks: Vec<BitMask>, arena: &mut Arena<'_, '_>) -> Result<Vec<Candidate>, Error> {
    let scores = arena.evaluate(&masks.iter().collect::<Vec<_>>(), None)?;
    let candidates = masks.into_iter().zip(scores).map(|(mask, score)| {
        let performance = score.exact().ok_or(Error::BelowNothing)?;
        Ok(Candidate { mask, performance })
    });
    candidates.collect()
}
