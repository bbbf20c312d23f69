//! What the kernels run: the units of one or several masked networks, each with its active weights.

/// An active weight.
#[derive(Debug, Clone, Copy)]
pub(super) struct Edge {
    pub(super) weight: f32,
    /// Slot of the source's values.
    pub(super) source: u32,
}

/// A unit to be computed.
#[derive(Debug, Clone, Copy)]
pub(super) struct Unit {
    pub(super) bias: f32,
    /// Slot for its values.
    pub(super) slot: u32,
    /// Its active weights, sources ascending, end here in the program's edges, and begin where those of the
    /// unit before end.
    pub(super) end: u32,
    /// Whether it is followed by a ReLU: in every layer but the last.
    pub(super) hidden: bool,
}

/// What a hidden unit of a shallow network adds to the two outputs.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Fan {
    pub(super) weights: [f32; 2],
    pub(super) active: [bool; 2],
}

/// Masked networks in the order in which they are run on a block of samples.
///
/// The values of a unit for the samples of a block fill a strip in a *slot*. The features come first, then
/// units that several masks share (each computed by the first of them), then a region that every mask uses
/// anew for units of its own.
#[derive(Debug, Clone, Default)]
pub(crate) struct Program {
    pub(super) units: Vec<Unit>,
    pub(super) edges: Vec<Edge>,
    /// For each mask, where its units end.
    pub(super) ends: Vec<u32>,
    /// For each mask, the slots of its logits, class by class.
    pub(super) logits: Vec<u32>,
    pub(super) n_outputs: usize,
    pub(super) n_slots: usize,
    /// For a single mask of a network of few inputs, one hidden layer and two outputs: what each hidden unit
    /// adds to the outputs. The hidden layer then never leaves the registers. Empty for everything else.
    pub(super) shallow: Vec<Fan>,
}

impl Program {
    pub(crate) fn n_masks(&self) -> usize {
        self.ends.len()
    }

    /// Multiply-adds for one sample: what the time of a run is proportional to.
    pub(crate) fn work(&self) -> usize {
        self.edges.len() + self.units.len()
    }

    /// The slots of the logits of a mask.
    #[inline(always)]
    pub(super) fn logits(&self, mask: usize) -> &[u32] {
        &self.logits[mask * self.n_outputs..][..self.n_outputs]
    }
}
