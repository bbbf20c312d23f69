use serde::{Deserialize, Serialize};
use slt_baselines::{LanczosConfig, LossSurface};

use super::{Part, TicketSpec};
use crate::Error;

/// The largest eigenvalues of the Hessian of the mean cross-entropy at a ticket, over its unmasked weights and all
/// biases.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct SpectrumSpec {
    /// The ticket.
    pub ticket: TicketSpec,
    /// The data.
    pub part: Part,
    /// How the eigenvalues are computed.
    pub lanczos: LanczosConfig,
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

impl SpectrumSpec {
    pub(super) fn run(&self) -> Result<SpectrumRecord, Error> {
        let (network, data) = self.ticket.load()?;
        let surface = LossSurface::new(&network, &self.ticket.mask, self.part.of(&data))?;
        let free = surface.free_coordinates(&self.ticket.mask)?;
        let spectrum = surface.largest_eigenvalues(&free, &self.lanczos)?;
        Ok(SpectrumRecord {
            spec: self.clone(),
            eigenvalues: spectrum.eigenvalues,
            residuals: spectrum.residuals,
            converged: spectrum.converged,
            steps: spectrum.steps,
            loss: surface.loss().loss,
        })
    }
}
