use std::ops::ControlFlow;

use slt_mlp::InstructionSet;
use slt_search::{Pulse, StopReason};

use super::{Going, MaskSearchSpec, PreparedMaskSearch, Searched, Watch, steps_of};
use crate::Error;
use crate::runs::{About, Context, Kind, RunRecord, initialisation};

impl Kind for MaskSearchSpec {
    fn what(&self) -> String {
        let metric = self.goal.metric.to_string();
        let unusual = initialisation(&self.network).map_or(String::new(), |unusual| format!(", {unusual}"));
        let signed = if self.signed { ", signed masks" } else { "" };
        format!("{} ({metric}{unusual}{signed})", self.method.name())
    }

    fn about(&self) -> About {
        let sizes = self.network.architecture.sizes().to_vec();
        About { data: self.data.clone(), sizes, seed: self.search_seed }
    }

    /// A whole mask has half of the weights. A flip takes about what one weight takes of an evaluation, and a
    /// few weights behind it. More than the budget allows is not asked.
    fn passes(&self) -> f64 {
        let weights = self.network.architecture.n_weights() as f64;
        let samples = self.data.shape().map_or(1, |shape| shape.samples.max(1)) as f64;
        let allowed =
            self.budget.multiply_adds.map_or(f64::INFINITY, |most| most as f64 / (weights * samples));
        let asked = self.budget.evaluations.map(|asked| asked as f64);
        let passes = match self.method.method().masks(self.goal.metric) {
            Some(masks) => 0.5 * asked.map_or(masks, |asked| asked.min(masks)),
            None => 5.0 * asked.unwrap_or(500_000.0) / weights,
        };
        passes.min(allowed)
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

            fn pulse(&mut self, pulse: &Pulse) -> ControlFlow<()> {
                self.0.pulse(pulse)
            }
        }
        let prepared = PreparedMaskSearch::on(self, &self.data.load()?, InstructionSet::detect())?;
        let kept = context.checkpoint()?.filter(|bytes| {
            let steps = steps_of(bytes, self);
            let usable = steps.is_ok();
            context.resumed(steps.map_err(|error| error.to_string()));
            usable
        });
        let searched = prepared.search(kept.as_deref(), &mut Told(context));
        let Searched { record, checkpoint } = match searched {
            // Before there is anything to keep.
            Err(Error::Search(slt_search::Error::Interrupted { .. })) => return Err(Error::Interrupted),
            searched => searched?,
        };
        if record.stop_reason == StopReason::Interrupted {
            context.keep(&checkpoint);
            return Err(Error::Interrupted);
        }
        Ok(record.into())
    }
}
