//! The safetensors format: the length of a JSON header as 8 bytes, little-endian, the header, the bytes of
//! the tensors.

use serde_json::{Map, Value, json};

use crate::export::Export;
use crate::facts::Facts;

/// Tensors begin at a multiple of this.
const ALIGNMENT: usize = 8;

struct File {
    header: Map<String, Value>,
    data: Vec<u8>,
}

impl File {
    fn add(&mut self, name: String, dtype: &str, shape: &[usize], bytes: impl Iterator<Item = u8>) {
        let start = self.data.len();
        self.data.extend(bytes);
        let offsets = [start, self.data.len()];
        self.header.insert(name, json!({ "dtype": dtype, "shape": shape, "data_offsets": offsets }));
    }
}

impl Export<'_> {
    /// The parameters as safetensors, each layer as `layers.I.weight` (masked), `layers.I.mask`,
    /// `layers.I.bias`, with the recipe and all that is needed to prepare features as metadata.
    ///
    /// # Shapes
    /// Weights and masks are `n_out x n_in`, as PyTorch's linear layers have them, biases `n_out`.
    #[must_use]
    pub fn safetensors(&self) -> Vec<u8> {
        write(self)
    }
}

fn write(export: &Export<'_>) -> Vec<u8> {
    let metadata: Map<String, Value> =
        Facts::of(export).texts().into_iter().map(|(key, text)| (key.to_owned(), text.into())).collect();
    let mut file = File { header: Map::new(), data: Vec::new() };
    file.header.insert("__metadata__".to_owned(), metadata.into());

    let (network, mask) = (export.ticket.network(), export.ticket.mask());
    let layers = || network.layers().iter().zip(network.architecture().layer_bits()).enumerate();
    // Numbers first, so that they are aligned.
    for (l, (layer, bits)) in layers() {
        let (n_in, n_out) = layer.weights().dim();
        let targets_first = (0..n_out).flat_map(|target| (0..n_in).map(move |source| (source, target)));
        let weights = targets_first.map(|(source, target)| {
            let is_active = mask.get(bits.start + source * n_out + target);
            if is_active { layer.weights()[[source, target]] } else { 0.0 }
        });
        file.add(format!("layers.{l}.weight"), "F32", &[n_out, n_in], weights.flat_map(f32::to_le_bytes));
        let biases = layer.biases().iter().flat_map(|bias| bias.to_le_bytes());
        file.add(format!("layers.{l}.bias"), "F32", &[n_out], biases);
    }
    for (l, (layer, bits)) in layers() {
        let (n_in, n_out) = layer.weights().dim();
        let targets_first = (0..n_out).flat_map(|target| (0..n_in).map(move |source| (source, target)));
        let mask =
            targets_first.map(|(source, target)| u8::from(mask.get(bits.start + source * n_out + target)));
        file.add(format!("layers.{l}.mask"), "BOOL", &[n_out, n_in], mask);
    }

    let mut header = serde_json::to_vec(&file.header).expect("plain data has a JSON form");
    header.resize(header.len().next_multiple_of(ALIGNMENT), b' ');
    let mut bytes = (header.len() as u64).to_le_bytes().to_vec();
    bytes.extend(header);
    bytes.extend(file.data);
    bytes
}
