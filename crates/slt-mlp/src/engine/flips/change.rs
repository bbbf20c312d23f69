//! What a flip changes: the units on the way from the flipped weight to the outputs.

use super::bounds::threshold;
use super::topology::Topology;

/// A unit whose activation changes.
#[derive(Debug, Clone, Copy)]
pub(super) struct Carrier {
    pub(super) unit: usize,
    /// Where the weights over which change reaches it end in the list of edges.
    pub(super) end: usize,
    pub(super) spread: Spread,
}

/// How far a change moves the sums of a unit, and the bounds on them.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Spread {
    /// G: the activation does not change by more, neither the exact, nor the canonical, nor the held.
    pub(super) size: f64,
    /// By how much C of the activation grows at most.
    pub(super) canonical: f64,
    /// By how much H of the activation grows at most.
    pub(super) held: f64,
    /// R after the change.
    pub(super) residual: f64,
    /// No held and canonical sum are then farther apart.
    pub(super) gap: f64,
}

/// A weight over which change travels.
#[derive(Debug, Clone, Copy)]
pub(super) struct Edge {
    /// Index of the carrier that it comes from.
    pub(super) carrier: usize,
    pub(super) weight: f32,
}

/// How far a change reaches.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Reach {
    /// No activation changes, and no held sum.
    Nothing,
    /// Hidden units may change, but no output does.
    Hidden,
    /// Outputs may change.
    Outputs,
}

/// What to follow.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Follow {
    /// What leads to the outputs.
    ToOutputs,
    /// Everything, because all held sums are going to be changed.
    Everywhere,
}

/// The way of a change through the network.
///
/// The first carrier is the source of the flipped weight: its whole activation is what the target gains, or loses where
/// the sign of the weight is inverted. Then come the hidden units that change, layer by layer.
#[derive(Debug, Clone)]
pub(super) struct Change {
    pub(super) carriers: Vec<Carrier>,
    pub(super) edges: Vec<Edge>,
    /// Where the weights into each output end in the list of edges; they come after those into the carriers.
    pub(super) output_ends: Vec<usize>,
    pub(super) outputs: Vec<Spread>,
    /// With two classes, what carriers add to the difference of the second and the first logit.
    pub(super) margin_edges: Vec<Edge>,
    /// R of that difference after the change.
    pub(super) margin_residual: f64,
    /// No difference of two new logits and that of the canonical ones are farther apart.
    pub(super) gap: f32,
    /// No logit changes by more.
    pub(super) largest_step: f64,
}

impl Change {
    pub(super) fn new(topology: &Topology) -> Self {
        let n_outputs = topology.n_outputs();
        Self {
            carriers: Vec::with_capacity(topology.n_units()),
            edges: Vec::new(),
            output_ends: Vec::with_capacity(n_outputs),
            outputs: Vec::with_capacity(n_outputs),
            margin_edges: Vec::new(),
            margin_residual: 0.0,
            gap: 0.0,
            largest_step: 0.0,
        }
    }

    /// Units: the source, then the hidden ones that change.
    #[inline(always)]
    pub(super) fn carriers(&self) -> &[Carrier] {
        &self.carriers
    }

    /// The weights over which change reaches carrier `i`, which is not the first.
    #[inline(always)]
    pub(super) fn edges(&self, i: usize) -> &[Edge] {
        &self.edges[self.carriers[i - 1].end..self.carriers[i].end]
    }

    /// The weights over which change reaches class `c`.
    #[inline(always)]
    pub(super) fn output_edges(&self, c: usize) -> &[Edge] {
        let start = if c == 0 { self.carriers[self.carriers.len() - 1].end } else { self.output_ends[c - 1] };
        &self.edges[start..self.output_ends[c]]
    }

    /// With two classes, what carriers add to the difference of the second and the first logit.
    #[inline(always)]
    pub(super) fn margin_edges(&self) -> &[Edge] {
        &self.margin_edges
    }

    /// No difference of two new logits and that of the canonical ones are farther apart.
    #[inline(always)]
    pub(super) fn gap(&self) -> f32 {
        self.gap
    }

    /// No logit changes by more.
    pub(super) fn largest_step(&self) -> f64 {
        self.largest_step
    }

    /// No held and canonical sum of carrier `i` are farther apart, before and after.
    pub(super) fn carrier_gap(&self, i: usize) -> f32 {
        threshold(self.carriers[i].spread.gap)
    }

    /// R of carrier `i` after the change.
    pub(super) fn carrier_residual(&self, i: usize) -> f64 {
        self.carriers[i].spread.residual
    }

    /// R of class `c` after the change.
    pub(super) fn output_residual(&self, c: usize) -> f64 {
        self.outputs[c].residual
    }

    /// R of the margins of two classes after the change.
    pub(super) fn margin_residual(&self) -> f64 {
        self.margin_residual
    }
}
