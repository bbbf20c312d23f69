use slt_baselines::DataShape;
use slt_core::Seed;
use slt_mlp::Recipe;
use slt_search::{Budget, Price};

use super::methods::{Row, Setting};
use super::{Goal, HoldOut, MaskAlgorithm, MaskOptions, MaskSearchSpec};
use crate::{DataSource, Error};

/// Divides the training data, if a part is held out: whatever the seed of the search.
const HOLD_OUT_SEED: Seed = Seed(1);

impl MaskOptions {
    /// Part of a local search in which a price rises, where nothing else is said.
    pub const PRICE_RAMP: f64 = 0.5;

    /// A price for each active weight that rises over the usual part of a local search.
    pub fn price_per_weight(amount: f64) -> Price {
        Price { ramp: Self::PRICE_RAMP, ..Price::per_weight(amount) }
    }

    pub(super) fn asked_price(&self) -> Price {
        self.price.unwrap_or_else(|| Self::price_per_weight(0.0))
    }

    /// The search that is asked for, on data, with a network.
    ///
    /// # Errors
    /// If the data cannot be looked at or have no images to move, a parameter is out of range, or
    /// `unit-descent` is to follow what is no mean of losses ([`Error::NeedsLoss`]).
    ///
    /// ```
    /// use slt_core::Seed;
    /// use slt_mlp::{Architecture, Initializer, Recipe};
    /// use slt_run::{DataSource, MaskAlgorithm, MaskOptions, MaskSearchSpec};
    /// let data: DataSource = "circles".parse::<slt_datasets::paper::PaperData>()?.into();
    /// let architecture = Architecture::new([2, 20, 2])?;
    /// let network = Recipe { architecture, initializer: Initializer::paper(), seed: Seed(1) };
    /// let asked = MaskOptions::default().spec(MaskAlgorithm::Memetic, &data, network.clone(), Seed(1))?;
    /// assert_eq!(asked.goal, MaskSearchSpec::usual(data, network, Seed(1))?.goal);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn spec(
        &self,
        algorithm: MaskAlgorithm,
        data: &DataSource,
        network: Recipe,
        search_seed: Seed,
    ) -> Result<MaskSearchSpec, Error> {
        let shape = data.shape()?;
        let weights = network.architecture.n_weights();
        let row = algorithm.row();
        let goal = self.goal(row, shape, weights)?;
        let method = (row.asked)(self, &Setting { goal, shape, weights })?;
        method.validate()?;
        Ok(MaskSearchSpec {
            data: data.clone(),
            network,
            signed: self.signed,
            goal: if method.price().is_some_and(|price| price.amount > 0.0) { goal.priced() } else { goal },
            method,
            budget: Budget { evaluations: self.evaluations, ..Budget::NONE },
            search_seed,
        })
    }

    /// What moves follow and results are judged by.
    fn goal(&self, row: &Row, shape: DataShape, weights: usize) -> Result<Goal, Error> {
        let mut goal = Goal::usual(shape, weights);
        if let Some(objective) = self.objective {
            goal.metric = objective;
            // Whoever names an objective wants that, and nothing else in the end.
            goal.refinement = Some(objective);
            goal.judge = None;
        }
        goal = (row.goal)(goal, self);
        goal.judge = self.judge.or(goal.judge);
        goal.samples = self.samples.or(goal.samples);
        if let Some(share) = self.hold_out {
            if !(share > 0.0 && share < 1.0) {
                let (field, range) = ("hold_out", "in (0, 1)");
                return Err(slt_search::Error::Config { field, value: share, range }.into());
            }
            goal.hold_out = Some(HoldOut { share, seed: HOLD_OUT_SEED });
        }
        Ok(goal)
    }
}
