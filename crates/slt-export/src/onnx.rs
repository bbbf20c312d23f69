//! ONNX: the messages of `onnx.proto` that a feed-forward network takes.

use slt_mlp::Ticket;

use crate::Error;
use crate::export::Export;
use crate::facts::Facts;
use crate::protobuf::Message;

const IR_VERSION: i64 = 7;
const OPSET: i64 = 13;
/// Protocol buffers are read up to this size.
const LIMIT: usize = i32::MAX as usize;

// Data types of tensors.
const FLOAT: i64 = 1;
const INT64: i64 = 7;
const STRING: i64 = 8;
// Types of attributes.
const INT: i64 = 2;

/// The graph as far as it is.
struct Graph {
    nodes: Vec<Message>,
    constants: Vec<Message>,
    /// Name of the last value.
    last: String,
}

impl Graph {
    /// Adds a node that takes the last value, and others after it.
    fn then(&mut self, operator: &str, name: &str, others: &[&str], attributes: &[(&str, i64)]) {
        let last = std::mem::replace(&mut self.last, name.to_owned());
        let inputs: Vec<&str> = std::iter::once(last.as_str()).chain(others.iter().copied()).collect();
        self.node(operator, name, &inputs, attributes);
    }

    fn node(&mut self, operator: &str, name: &str, inputs: &[&str], attributes: &[(&str, i64)]) {
        let attribute =
            |&(name, value): &(&str, i64)| Message::new().bytes(1, name).integer(3, value).integer(20, INT);
        let node = inputs.iter().fold(Message::new(), |node, input| node.bytes(1, input));
        let node = node.bytes(2, name).bytes(3, format!("{operator}:{name}")).bytes(4, operator);
        self.nodes.push(node.messages(5, attributes.iter().map(attribute)));
    }

    fn floats(&mut self, name: &str, shape: &[usize], values: impl Iterator<Item = f32>) {
        let bytes: Vec<u8> = values.flat_map(f32::to_le_bytes).collect();
        self.constants.push(tensor(name, FLOAT, shape).bytes(9, bytes));
    }

    fn integers(&mut self, name: &str, values: &[i64]) {
        let bytes: Vec<u8> = values.iter().flat_map(|value| value.to_le_bytes()).collect();
        self.constants.push(tensor(name, INT64, &[values.len()]).bytes(9, bytes));
    }

    fn strings(&mut self, name: &str, values: &[String]) {
        let tensor = tensor(name, STRING, &[values.len()]);
        self.constants.push(values.iter().fold(tensor, |tensor, value| tensor.bytes(6, value)));
    }
}

fn tensor(name: &str, data_type: i64, shape: &[usize]) -> Message {
    let message = shape.iter().fold(Message::new(), |message, &n| message.integer(1, n as i64));
    message.integer(2, data_type).bytes(8, name)
}

/// The type of an input or output with `N` samples.
fn value(name: &str, data_type: i64, columns: Option<usize>) -> Message {
    let samples = Message::new().bytes(2, "N");
    let columns = columns.map(|n| Message::new().integer(1, n as i64));
    let shape = Message::new().messages(1, std::iter::once(samples).chain(columns));
    let tensor = Message::new().integer(1, data_type).message(2, shape);
    Message::new().bytes(1, name).message(2, Message::new().message(1, tensor))
}

impl Export<'_> {
    /// The network as ONNX: opset 13, IR version 7, one graph from `features` to `label` and `logits`.
    ///
    /// # Shapes
    /// `features` is `N x n_inputs` in single precision, `logits` `N x n_classes`, `label` `N`: class names
    /// as strings, as 64-bit integers if all names are such numbers, or the numbers of the classes if they
    /// have no names.
    ///
    /// # Errors
    /// [`Error::TooLarge`] for more than 2 GiB.
    pub fn onnx(&self) -> Result<Vec<u8>, Error> {
        write(self)
    }
}

fn write(export: &Export<'_>) -> Result<Vec<u8>, Error> {
    let Export { ticket, model, .. } = export;
    let n = model.inputs.len();
    let mut graph = Graph { nodes: Vec::new(), constants: Vec::new(), last: "features".to_owned() };

    if model.inputs.iter().any(|input| input.imputed.is_some()) {
        let imputed = model.inputs.iter().map(|input| input.imputed.unwrap_or(f32::NAN));
        graph.floats("imputed", &[n], imputed);
        graph.node("IsNaN", "missing", &["features"], &[]);
        graph.last = "filled".to_owned();
        graph.node("Where", "filled", &["missing", "imputed", "features"], &[]);
    }
    scale(&mut graph, export);
    // What is not finite would be lost on its way through the rectifiers.
    let scaled = graph.last.clone();
    graph.integers("columns", &[1]);
    graph.node("Sub", "zeros", &[&scaled, &scaled], &[]);
    graph.node("ReduceSum", "validity", &["zeros", "columns"], &[("keepdims", 1)]);
    layers(&mut graph, ticket);
    graph.then("Add", "logits", &["validity"], &[]);

    let labels = Labels::of(export);
    match &labels {
        Labels::Numbers => {}
        Labels::Strings(names) => graph.strings("class_names", names),
        Labels::Integers(names) => graph.integers("class_names", names),
    }
    let first_largest = [("axis", 1), ("keepdims", 0)];
    if matches!(labels, Labels::Numbers) {
        graph.then("ArgMax", "label", &[], &first_largest);
    } else {
        graph.then("ArgMax", "class", &[], &first_largest);
        graph.node("Gather", "label", &["class_names", "class"], &[("axis", 0)]);
    }
    let label_type = if matches!(labels, Labels::Strings(_)) { STRING } else { INT64 };
    let message = Message::new()
        .messages(1, graph.nodes)
        .bytes(2, "ticket")
        .messages(5, graph.constants)
        .message(11, value("features", FLOAT, Some(n)))
        .message(12, value("label", label_type, None))
        .message(12, value("logits", FLOAT, Some(model.n_classes())));
    let property = |(key, value): (&'static str, String)| Message::new().bytes(1, key).bytes(2, value);
    let opset = Message::new().bytes(1, "").integer(2, OPSET);
    let bytes = Message::new()
        .integer(1, IR_VERSION)
        .bytes(2, "slt")
        .bytes(3, env!("CARGO_PKG_VERSION"))
        .message(7, message)
        .message(8, opset)
        .messages(14, Facts::of(export).texts().into_iter().map(property))
        .into_bytes();
    if bytes.len() > LIMIT { Err(Error::TooLarge { format: "ONNX", limit: LIMIT }) } else { Ok(bytes) }
}

/// What a prediction is said with.
enum Labels {
    /// The number of the class.
    Numbers,
    Integers(Vec<i64>),
    Strings(Vec<String>),
}

impl Labels {
    fn of(export: &Export<'_>) -> Self {
        let Some(names) = &export.model.class_names else { return Self::Numbers };
        // A name such as 007 is a text.
        let integer = |name: &String| name.parse::<i64>().ok().filter(|number| number.to_string() == *name);
        match names.iter().map(integer).collect() {
            Some(numbers) => Self::Integers(numbers),
            None => Self::Strings(names.clone()),
        }
    }
}

/// The scaling, with the operations of the engine: `((x - a) * b) / c + d`, those left out that change
/// nothing.
fn scale(graph: &mut Graph, export: &Export<'_>) {
    let steps: Vec<[f32; 4]> = export.model.inputs.iter().map(|input| input.scaling.steps()).collect();
    let operators =
        [("Sub", "centred", 0.0), ("Mul", "spanned", 1.0), ("Div", "divided", 1.0), ("Add", "scaled", 0.0)];
    for (step, (operator, name, neutral)) in operators.into_iter().enumerate() {
        let column = || steps.iter().map(|values| values[step]);
        if column().any(|value| value != neutral) {
            let constant = format!("{name}_by");
            graph.floats(&constant, &[steps.len()], column());
            graph.then(operator, name, &[&constant], &[]);
        }
    }
}

/// A general matrix product with the masked weights for each layer, rectified but for the last.
fn layers(graph: &mut Graph, ticket: &Ticket) {
    let (network, mask) = (ticket.network(), ticket.mask());
    let n_layers = network.layers().len();
    for (l, (layer, bits)) in network.layers().iter().zip(network.architecture().layer_bits()).enumerate() {
        let [weights, biases, sums, values] =
            ["weights", "biases", "sums", "values"].map(|name| format!("layer{l}_{name}"));
        let (n_in, n_out) = layer.weights().dim();
        let masked =
            layer.weights().iter().zip(bits).map(|(&weight, bit)| if mask.get(bit) { weight } else { 0.0 });
        graph.floats(&weights, &[n_in, n_out], masked);
        graph.floats(&biases, &[n_out], layer.biases().iter().copied());
        graph.then("Gemm", &sums, &[&weights, &biases], &[]);
        if l + 1 < n_layers {
            graph.then("Relu", &values, &[], &[]);
        }
    }
}
