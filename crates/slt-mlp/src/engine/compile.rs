//! Compiled masks: what is left of a network once a mask is applied, in the form that the kernels run.

use slt_core::BitMask;

use crate::Network;

/// An active weight.
#[derive(Debug, Clone, Copy)]
pub(super) struct Edge {
    pub(super) weight: f32,
    /// Row of the layer's input.
    pub(super) source: u32,
}

/// A neuron that can reach the output.
#[derive(Debug, Clone, Copy)]
pub(super) struct Neuron {
    pub(super) bias: f32,
    /// Row of the layer's output.
    pub(super) target: u32,
    /// Its active weights, sources ascending, end here in the layer's edges (and begin where those of the
    /// neuron before end).
    pub(super) end: u32,
}

#[derive(Debug, Clone, Default)]
pub(super) struct Layer {
    pub(super) neurons: Vec<Neuron>,
    pub(super) edges: Vec<Edge>,
}

impl Layer {
    /// Each neuron with its active weights.
    #[inline(always)]
    pub(super) fn iter(&self) -> impl Iterator<Item = (&Neuron, &[Edge])> {
        let mut start = 0;
        self.neurons.iter().map(move |neuron| {
            let edges = &self.edges[start..neuron.end as usize];
            start = neuron.end as usize;
            (neuron, edges)
        })
    }
}

/// What a hidden neuron of a [shallow](CompiledMask::shallow) network adds to the two outputs.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Fan {
    pub(super) weights: [f32; 2],
    pub(super) active: [bool; 2],
}

/// The widest first layer that a network may have to be run as a shallow one. Beyond, sums over few registers at a
/// time cost more than passing the hidden layer through memory does.
const SHALLOW_INPUTS: usize = 4;

/// A network under a mask: per neuron the active weights. Neurons without an active way to the output are
/// left out, so work is proportional to the active weights that matter.
///
/// The buffers are reused from one mask to the next.
#[derive(Debug, Clone, Default)]
pub(crate) struct CompiledMask {
    pub(super) layers: Vec<Layer>,
    /// For a network of few inputs, one hidden layer and two outputs: what each neuron of the hidden layer adds to the
    /// outputs. The hidden layer then never leaves the registers. Empty for other networks.
    pub(super) shallow: Vec<Fan>,
    /// Whether a source neuron of the layer at hand is needed; scratch.
    alive: Vec<bool>,
    next_alive: Vec<bool>,
    /// Where the edges of a target neuron end; scratch.
    ends: Vec<u32>,
}

impl CompiledMask {
    /// Compiles `mask`, which has a bit for each weight of the network.
    pub(crate) fn compile(&mut self, network: &Network, mask: &BitMask) {
        let n_layers = network.layers().len();
        self.layers.resize_with(n_layers, Layer::default);
        self.alive.clear();
        self.alive.resize(network.architecture().n_outputs(), true);
        let mut end_bit = mask.len();
        for l in (0..n_layers).rev() {
            let weights = network.layers()[l].weights();
            let start_bit = end_bit - weights.len();
            self.compile_layer(l, network, mask, start_bit..end_bit);
            end_bit = start_bit;
        }
        self.compile_shallow(network.architecture().sizes());
    }

    /// Turns the lists of the output layer around: by source instead of by target. Sources come in the same order, so
    /// the sums are the same.
    fn compile_shallow(&mut self, sizes: &[usize]) {
        self.shallow.clear();
        let &[1..=SHALLOW_INPUTS, n_hidden, 2] = sizes else { return };
        let [hidden, output] = &self.layers[..] else { return };
        self.ends.clear();
        self.ends.resize(n_hidden, 0);
        for (place, neuron) in hidden.neurons.iter().enumerate() {
            self.ends[neuron.target as usize] = place as u32;
        }
        self.shallow.resize(hidden.neurons.len(), Fan::default());
        for (neuron, edges) in output.iter() {
            for edge in edges {
                let fan = &mut self.shallow[self.ends[edge.source as usize] as usize];
                fan.weights[neuron.target as usize] = edge.weight;
                fan.active[neuron.target as usize] = true;
            }
        }
    }

    fn compile_layer(&mut self, l: usize, network: &Network, mask: &BitMask, bits: std::ops::Range<usize>) {
        let (weights, biases) = (network.layers()[l].weights(), network.layers()[l].biases());
        let (n_in, n_out) = weights.dim();
        let weights = weights.as_slice().expect("weights are kept in standard layout");
        let layer = &mut self.layers[l];

        // Bits come by source, edges go by target: count first, then place.
        self.ends.clear();
        self.ends.resize(n_out, 0);
        self.next_alive.clear();
        self.next_alive.resize(n_in, false);
        for_each_edge(mask, bits.clone(), n_out, |source, target, _| {
            if self.alive[target] {
                self.ends[target] += 1;
                self.next_alive[source] = true;
            }
        });
        layer.neurons.clear();
        let mut end = 0;
        for target in (0..n_out).filter(|&target| self.alive[target]) {
            let start = end;
            end += self.ends[target];
            self.ends[target] = start;
            layer.neurons.push(Neuron { bias: biases[target], target: target as u32, end });
        }
        layer.edges.clear();
        layer.edges.resize(end as usize, Edge { weight: 0.0, source: 0 });
        for_each_edge(mask, bits, n_out, |source, target, bit| {
            if self.alive[target] {
                let place = &mut self.ends[target];
                layer.edges[*place as usize] = Edge { weight: weights[bit], source: source as u32 };
                *place += 1;
            }
        });
        std::mem::swap(&mut self.alive, &mut self.next_alive);
    }
}

/// Calls `f(source, target, bit)` for each set bit of a layer, in bit order; `bit` counts from the start of
/// the layer.
#[inline(always)]
fn for_each_edge(
    mask: &BitMask,
    bits: std::ops::Range<usize>,
    n_out: usize,
    mut f: impl FnMut(usize, usize, usize),
) {
    let (mut source, mut source_start) = (0, 0);
    let words = mask.words();
    for w in bits.start / 64..bits.end.div_ceil(64) {
        let mut word = words[w];
        while word != 0 {
            let at = w * 64 + word.trailing_zeros() as usize;
            word &= word - 1;
            if at < bits.start {
                continue;
            }
            if at >= bits.end {
                return;
            }
            let bit = at - bits.start;
            while bit - source_start >= n_out {
                source += 1;
                source_start += n_out;
            }
            f(source, bit - source_start, bit);
        }
    }
}
