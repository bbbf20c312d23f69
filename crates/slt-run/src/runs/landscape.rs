use rand::distr::Distribution;
use serde::{Deserialize, Serialize};
use slt_baselines::LossSurface;
use slt_core::random::{StandardNormal, SymmetricUniform};
use slt_core::{Purpose, Seed};
use slt_mlp::Network;

use super::{About, Context, Kind, Recorded, RunRecord, SplitPart, TicketSpec};
use crate::Error;

const DIRECTIONS: Purpose = Purpose::new("plane");

/// How the two directions of a landscape are made of their random numbers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Directions {
    /// From N(0, 1), as they are: the paper's text.
    Normal,
    /// From U[0, 1), as they are: the published code.
    Uniform,
    /// From N(0, 1), scaled, for each unit, to the norm of its incoming weights: Li et al., "Visualizing the
    /// loss landscape of neural nets" (2018). There, biases do not move.
    FilterNormalized,
}

/// Loss and accuracy on the plane of two random directions around a ticket:
/// `w_s + delta d1 + eta d2` over all weights, and biases if they move, `delta` and `eta` in [-reach, reach].
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct LandscapeSpec {
    /// The ticket in the middle.
    pub ticket: TicketSpec,
    /// The data.
    pub part: SplitPart,
    /// Points along each direction, odd so that the ticket is one of them.
    pub steps: usize,
    /// How far the plane reaches along each direction.
    pub reach: f64,
    /// Whether the biases move, too.
    pub biases: bool,
    /// Seed of the directions.
    pub seed: Seed,
    /// What becomes of the random numbers.
    pub directions: Directions,
}

/// A landscape.
///
/// # Shapes
/// `loss` and `correct` are `steps x steps`, rows along the first direction.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct LandscapeRecord {
    /// What was run.
    pub spec: LandscapeSpec,
    /// The steps along each direction.
    pub axis: Vec<f64>,
    /// Mean cross-entropy; the largest finite number where it overflows.
    pub loss: Vec<Vec<f64>>,
    /// Samples that are classified correctly.
    pub correct: Vec<Vec<u64>>,
    /// Samples in all.
    pub samples: usize,
}

impl Kind for LandscapeSpec {
    fn what(&self) -> String {
        "landscape".to_owned()
    }

    fn about(&self) -> About {
        self.ticket.about()
    }

    fn passes(&self) -> f64 {
        6.0 * (self.steps as f64).powi(2)
    }

    fn execute(&self, context: &mut dyn Context) -> Result<RunRecord, Error> {
        let (network, data) = self.ticket.load()?;
        let surface = LossSurface::new(&network, &self.ticket.mask, self.part.of(&data))?;
        let [first, second] = [0, 1].map(|index| self.direction(index, &network, surface.parameters()));
        let last = (self.steps.max(2) - 1) as f64;
        let axis: Vec<f64> = (0..self.steps).map(|i| self.reach * (2.0 * i as f64 / last - 1.0)).collect();
        let (mut loss, mut correct) = (Vec::new(), Vec::new());
        for i in 0..self.steps {
            let row = surface.landscape([&first, &second], [&axis[i..=i], &axis])?;
            loss.push(row.loss.iter().map(|loss| loss.min(f64::MAX)).collect());
            correct.push(row.n_correct.iter().copied().collect());
            if i + 1 < self.steps && context.advanced((i + 1) as f64 / self.steps as f64).is_break() {
                return Err(Error::Interrupted);
            }
        }
        Ok(LandscapeRecord { spec: self.clone(), axis, loss, correct, samples: surface.n_samples() }.into())
    }
}

impl Recorded for LandscapeRecord {
    fn digest(&self) -> String {
        // A record from a file may say anything.
        let correct = self.correct.iter().flatten().copied().fold(0, u64::saturating_add);
        format!("{correct} correct on the whole plane")
    }
}

impl LandscapeSpec {
    fn direction(&self, index: u64, network: &Network, parameters: &[f64]) -> Vec<f64> {
        let mut rng = self.seed.stream(DIRECTIONS, 0, index);
        let mut draw = || match self.directions {
            Directions::Uniform => {
                0.5 + 0.5 * f64::from(Distribution::<f32>::sample(&SymmetricUniform, &mut rng))
            }
            Directions::Normal | Directions::FilterNormalized => StandardNormal.sample(&mut rng),
        };
        let mut direction: Vec<f64> = parameters.iter().map(|_| draw()).collect();
        let mut start = 0;
        for layer in network.layers() {
            let (n_in, n_out) = layer.weights().dim();
            if self.directions == Directions::FilterNormalized {
                for unit in 0..n_out {
                    let incoming = || (0..n_in).map(|source| start + source * n_out + unit);
                    let norm = |values: &[f64]| incoming().map(|i| values[i] * values[i]).sum::<f64>().sqrt();
                    let scale = norm(parameters) / norm(&direction).max(f64::MIN_POSITIVE);
                    incoming().for_each(|i| direction[i] *= scale);
                }
            }
            let biases = start + n_in * n_out..start + n_in * n_out + n_out;
            start = biases.end;
            if !self.biases {
                direction[biases].fill(0.0);
            }
        }
        direction
    }
}
