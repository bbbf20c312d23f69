//! `slt hessian`: the curvature of the loss at a ticket.

mod report;

use std::time::Instant;

use clap::{Args, ValueEnum};
use slt_baselines::{LanczosConfig, LossSurface, MAX_DENSE, symmetric_eigenvalues};
use slt_core::Seed;
use slt_run::SplitPart;

use crate::arguments::{ThreadArguments, TicketArguments, split_part};
use crate::failure::Failure;
use crate::stderr::note;
use crate::stdout::show;
use crate::usage::{InFlags, OrUsage};
use crate::values::{real, whole};
use report::{Eigenvalues, Method, Report};

/// Up to this many parameters all of the Hessian is computed: Lanczos' method would take about as many steps.
const SMALL: usize = 128;

/// Eigenvalues of the Hessian of the loss at a ticket
///
/// The loss is the mean cross-entropy as a function of the weights and biases. Its largest eigenvalues say
/// how sharp it is at the ticket.
#[derive(Args)]
pub(crate) struct Arguments {
    #[command(flatten)]
    ticket: TicketArguments,
    /// Part of the data set
    #[arg(long, value_parser = split_part(), value_name = "PART", default_value = "train")]
    split: SplitPart,
    /// Parameters that the Hessian is about
    #[arg(long, value_enum, value_name = "WHICH", default_value_t = Parameters::Unmasked)]
    parameters: Parameters,
    /// Number of largest eigenvalues, at least 1
    #[arg(long, value_name = "N", default_value_t = 10, value_parser = whole::<usize, 1, { u32::MAX as u64 }>)]
    top: usize,
    /// Compute all of the Hessian, up to 4096 parameters [default: up to 128]
    #[arg(long, conflicts_with = "lanczos")]
    dense: bool,
    /// Lanczos' method, however few the parameters are
    #[arg(long)]
    lanczos: bool,
    /// The most steps of Lanczos' method, at least 1
    #[arg(long, value_name = "N", default_value_t = 300, value_parser = whole::<usize, 1, { u32::MAX as u64 }>)]
    max_steps: usize,
    /// Residual at which an eigenvalue is found, as a share of the largest one, above 0
    #[arg(long, value_name = "SHARE", default_value_t = 1e-8, value_parser = real)]
    tolerance: f64,
    /// Seed of the first vector of Lanczos' method, 0 to 2^64 - 1
    #[arg(long, default_value_t = 1, value_parser = whole::<u64, 0, { u64::MAX }>)]
    seed: u64,
    /// Print the result on stdout as JSON
    #[arg(long)]
    json: bool,
    #[command(flatten, next_help_heading = "Machine")]
    threads: ThreadArguments,
}

/// Which parameters may move.
#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Parameters {
    /// The weights that the mask keeps, and all biases
    Unmasked,
    /// All weights and biases; masked weights stand at 0
    All,
}

pub(crate) fn run(arguments: &Arguments) -> Result<(), Failure> {
    let start = Instant::now();
    let config = LanczosConfig {
        count: arguments.top,
        max_steps: arguments.max_steps,
        tolerance: arguments.tolerance,
        seed: Seed(arguments.seed),
    };
    config.validate().or_usage()?;
    let (ticket, split) = arguments.ticket.load()?;
    let part = arguments.split.of(&split);
    let scaled = ticket.scaler().map(|scaler| scaler.transform(part)).transpose()?;
    let surface = LossSurface::new(ticket.network(), ticket.mask(), scaled.as_ref().unwrap_or(part))?;
    let coordinates = match arguments.parameters {
        Parameters::Unmasked => surface.free_coordinates(ticket.mask())?,
        Parameters::All => surface.all_coordinates(),
    };
    let dense = arguments.dense || (coordinates.len() <= SMALL && !arguments.lanczos);
    if dense && coordinates.len() > MAX_DENSE {
        return Err(Failure::usage(format!(
            "--dense is for up to {MAX_DENSE} parameters, these are {}: leave it out",
            coordinates.len()
        )));
    }
    let (at, gradient, eigenvalues) = arguments.threads.install(|| {
        let (at, gradient) = surface.gradient();
        let eigenvalues = if dense {
            dense_spectrum(&surface, &coordinates, arguments.top)
        } else {
            lanczos_spectrum(&surface, &coordinates, &config)
        };
        (at, gradient, eigenvalues)
    })?;
    let eigenvalues = eigenvalues?;
    if !at.loss.is_finite() || eigenvalues.eigenvalues.iter().any(|value| !value.is_finite()) {
        return Err(Failure::run("the loss or its derivatives are not finite at this ticket"));
    }
    if eigenvalues.converged == Some(false) {
        note(format_args!(
            "warning: not converged after {} steps; --max-steps allows more",
            eigenvalues.products
        ));
    }
    let report = Report {
        data: part.name().to_owned(),
        split: arguments.split.name(),
        samples: part.n_samples(),
        parameters: if arguments.parameters == Parameters::All { "all" } else { "unmasked" },
        dimension: coordinates.len(),
        loss: at.loss,
        accuracy: at.n_correct as f64 / part.n_samples() as f64,
        gradient_norm: coordinates.iter().map(|&i| gradient[i] * gradient[i]).sum::<f64>().sqrt(),
        spectrum: eigenvalues,
        seconds: start.elapsed().as_secs_f64(),
    };
    show(&report, arguments.json)
}

fn dense_spectrum(surface: &LossSurface, coordinates: &[usize], top: usize) -> Result<Eigenvalues, Failure> {
    let hessian = surface.hessian(coordinates)?;
    let mut eigenvalues = symmetric_eigenvalues(hessian.view());
    eigenvalues.reverse();
    eigenvalues.truncate(top);
    let products = coordinates.len();
    Ok(Eigenvalues { method: Method::Dense, eigenvalues, residuals: None, products, converged: None })
}

fn lanczos_spectrum(
    surface: &LossSurface,
    coordinates: &[usize],
    config: &LanczosConfig,
) -> Result<Eigenvalues, Failure> {
    let found =
        surface.largest_eigenvalues(coordinates, config).map_err(|error| Failure::run(error.in_flags()))?;
    Ok(Eigenvalues {
        method: Method::Lanczos,
        eigenvalues: found.eigenvalues,
        residuals: Some(found.residuals),
        products: found.steps,
        converged: Some(found.converged),
    })
}
