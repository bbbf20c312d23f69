use std::ops::ControlFlow;

use slt_mlp::Kernel;
use slt_search::{Checkpoint, StopReason};

use super::{Going, MaskSearchSpec, PreparedMaskSearch, Searched, Watch};
use crate::Error;
use crate::checkpoint::read_any;
use crate::runs::{About, Context, Kind, RunRecord, initialisation};

impl Kind for MaskSearchSpec {
    fn what(&self) -> String {
        let metric = self.goal.metric.to_string();
        match initialisation(&self.network) {
            None => format!("{} ({metric})", self.method.name()),
            Some(unusual) => format!("{} ({metric}, {unusual})", self.method.name()),
        }
    }

    fn about(&self) -> About {
        let sizes = self.network.architecture.sizes().to_vec();
        About { data: self.data.clone(), sizes, seed: self.search_seed }
    }

    /// A flip takes about what one weight takes of an evaluation, and a few weights behind it.
    fn passes(&self) -> f64 {
        let weights = self.network.architecture.n_weights() as f64;
        let asked = self.budget.evaluations.map_or(500_000.0, |asked| asked as f64);
        5.0 * asked / weights
    }

    fn execute(&self, context: &mut dyn Context) -> Result<RunRecord, Error> {
        struct Told<'c>(&'c mut dyn Context);
        impl Watch for Told<'_> {
            fn step(&mut self, going: &Going, checkpoint: &dyn Fn() -> Vec<u8>) -> ControlFlow<()> {
                if self.0.is_due() {
                    self.0.keep(&checkpoint());
                }
                self.0.advanced(going.done.unwrap_or(0.0))
            }
        }
        let prepared = PreparedMaskSearch::on(self, &self.data.load()?, Kernel::detect())?;
        let kept = context.checkpoint()?.filter(|bytes| {
            let steps = steps_of(bytes, self);
            let usable = steps.is_ok();
            context.resumed(steps.map_err(|error| error.to_string()));
            usable
        });
        let Searched { record, checkpoint } = prepared.search(kept.as_deref(), &mut Told(context))?;
        if record.stop_reason == StopReason::Interrupted {
            context.keep(&checkpoint);
            return Err(Error::Interrupted);
        }
        Ok(record.into())
    }
}

/// The steps that the file of a checkpoint was written after.
///
/// # Errors
/// If it is none of this run.
pub fn steps_of(bytes: &[u8], spec: &MaskSearchSpec) -> Result<u64, Error> {
    let content = read_any(bytes, spec)?;
    Ok(Checkpoint::<serde_json::Value>::from_bytes(&content)?.steps())
}
