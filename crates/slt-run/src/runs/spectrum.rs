use serde::{Deserialize, Serialize};
use slt_baselines::{LanczosConfig, LossSurface};

use super::{About, Context, Kind, Recorded, RunRecord, SplitPart, TicketSpec};
use crate::Error;

/// The largest eigenvalues of the Hessian of the mean cross-entropy at a ticket.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct SpectrumSpec {
    /// The ticket.
    pub ticket: TicketSpec,
    /// The data.
    pub part: SplitPart,
    /// Which parameters the Hessian is over.
    pub over: Coordinates,
    /// How the eigenvalues are computed.
    pub lanczos: LanczosConfig,
}

/// Parameters of a network.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Coordinates {
    /// The weights that are not masked, and all biases.
    Unmasked,
    /// All weights of a layer, those included that are masked: a block as the published code has it.
    Weights {
        /// The layer, from 0.
        layer: usize,
    },
    /// All biases of a layer.
    Biases {
        /// The layer, from 0.
        layer: usize,
    },
}

impl Coordinates {
    /// Their places among the parameters of a surface.
    fn places(self, surface: &LossSurface, ticket: &TicketSpec) -> Result<Vec<usize>, Error> {
        let sizes = ticket.network.architecture.sizes();
        // Weights, then biases, layer by layer.
        let start =
            |layer: usize| sizes.windows(2).take(layer).map(|pair| (pair[0] + 1) * pair[1]).sum::<usize>();
        Ok(match self {
            Self::Unmasked => surface.free_coordinates(&ticket.mask)?,
            Self::Weights { layer } => {
                (start(layer)..start(layer) + sizes[layer] * sizes[layer + 1]).collect()
            }
            Self::Biases { layer } => {
                (start(layer) + sizes[layer] * sizes[layer + 1]..start(layer + 1)).collect()
            }
        })
    }
}

/// Eigenvalues of a Hessian.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct SpectrumRecord {
    /// What was run.
    pub spec: SpectrumSpec,
    /// The largest eigenvalues, descending.
    pub eigenvalues: Vec<f64>,
    /// How far each may be off.
    pub residuals: Vec<f64>,
    /// Whether the residuals reached the tolerance.
    pub converged: bool,
    /// Products with the Hessian.
    pub steps: usize,
    /// The loss at the ticket.
    pub loss: f64,
}

impl Kind for SpectrumSpec {
    fn what(&self) -> String {
        "Hessian".to_owned()
    }

    fn about(&self) -> About {
        self.ticket.about()
    }

    fn passes(&self) -> f64 {
        2_000.0
    }

    fn execute(&self, _context: &mut dyn Context) -> Result<RunRecord, Error> {
        let (network, data) = self.ticket.load()?;
        let surface = LossSurface::new(&network, &self.ticket.mask, self.part.of(&data))?;
        let places = self.over.places(&surface, &self.ticket)?;
        let spectrum = surface.largest_eigenvalues(&places, &self.lanczos)?;
        Ok(SpectrumRecord {
            spec: self.clone(),
            eigenvalues: spectrum.eigenvalues,
            residuals: spectrum.residuals,
            converged: spectrum.converged,
            steps: spectrum.steps,
            loss: surface.loss().loss,
        }
        .into())
    }
}

impl Recorded for SpectrumRecord {
    fn digest(&self) -> String {
        // The last digits depend on nothing but the order of operations; five are enough to tell.
        format!("largest eigenvalue {:.4e}", self.eigenvalues.first().copied().unwrap_or(f64::NAN))
    }
}
