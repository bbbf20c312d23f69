//! ONNX, safetensors and JSON, read back.

use std::collections::BTreeMap;

use crate::common::{Case, drawable, kaiming, numbers, signed, table};
use ndarray::{Array2, Axis};
use serde_json::Value;
use slt_datasets::scaling::ScalerKind;
use slt_export::Export;

fn cases() -> Vec<Case> {
    let mut cases: Vec<Case> = (0..12).map(|seed| numbers(seed, drawable()[seed as usize % 7])).collect();
    cases.push(numbers(77, kaiming()));
    cases.extend((0..12).map(|seed| signed(numbers(20 + seed, drawable()[seed as usize % 7]))));
    for kind in [None, Some(ScalerKind::Standard), Some(ScalerKind::MinMaxGlobal)] {
        cases.push(table(5, drawable()[1], kind));
    }
    cases
}

/// A message of protocol buffers: fields with their values.
#[derive(Debug, Default, Clone)]
struct Message<'b>(Vec<(u64, Field<'b>)>);

#[derive(Debug, Clone, Copy)]
enum Field<'b> {
    Integer(u64),
    Bytes(&'b [u8]),
}

impl<'b> Message<'b> {
    fn read(mut bytes: &'b [u8]) -> Self {
        let mut fields = Vec::new();
        while !bytes.is_empty() {
            let key = varint(&mut bytes);
            let value = varint(&mut bytes);
            fields.push((
                key >> 3,
                match key & 7 {
                    0 => Field::Integer(value),
                    2 => {
                        let (inner, rest) = bytes.split_at(value as usize);
                        bytes = rest;
                        Field::Bytes(inner)
                    }
                    other => panic!("wire type {other}"),
                },
            ));
        }
        Self(fields)
    }

    fn all(&self, number: u64) -> impl Iterator<Item = &'b [u8]> {
        self.0.iter().filter(move |field| field.0 == number).map(move |field| match field.1 {
            Field::Bytes(bytes) => bytes,
            Field::Integer(_) => panic!("field {number} is an integer"),
        })
    }

    fn integers(&self, number: u64) -> Vec<u64> {
        let integer = |&(n, field): &(u64, Field<'_>)| match field {
            Field::Integer(value) if n == number => Some(value),
            _ => None,
        };
        self.0.iter().filter_map(integer).collect()
    }

    fn text(&self, number: u64) -> String {
        String::from_utf8(self.all(number).next().unwrap_or_default().to_vec()).unwrap()
    }

    fn texts(&self, number: u64) -> Vec<String> {
        self.all(number).map(|bytes| String::from_utf8(bytes.to_vec()).unwrap()).collect()
    }
}

fn varint(bytes: &mut &[u8]) -> u64 {
    let (mut value, mut shift) = (0, 0);
    loop {
        let (&byte, rest) = bytes.split_first().expect("the message is cut short");
        *bytes = rest;
        value |= u64::from(byte & 0x7f) << shift;
        shift += 7;
        if byte & 0x80 == 0 {
            return value;
        }
    }
}

/// The constants of single precision, as rows by columns.
fn constants(graph: &Message<'_>) -> BTreeMap<String, Array2<f32>> {
    let tensors = graph.all(5).map(Message::read).filter(|tensor| tensor.integers(2) == [1]);
    let read = |tensor: Message<'_>| {
        let bytes = tensor.all(9).next().unwrap();
        let values = bytes.chunks_exact(4).map(|four| f32::from_le_bytes(four.try_into().unwrap())).collect();
        let shape = match tensor.integers(1)[..] {
            [columns] => (1, columns as usize),
            [rows, columns] => (rows as usize, columns as usize),
            ref other => panic!("{other:?}"),
        };
        (tensor.text(8), Array2::from_shape_vec(shape, values).unwrap())
    };
    tensors.map(read).collect()
}

/// Runs the graph, as the specification of its operators says: the logits, and the number of the class.
fn run(graph: &Message<'_>, features: &Array2<f32>) -> (Array2<f32>, Vec<usize>) {
    let mut values = constants(graph);
    values.insert("features".to_owned(), features.clone());
    let mut classes = Vec::new();
    for node in graph.all(1).map(Message::read) {
        let (inputs, operator) = (node.texts(1), node.text(4));
        let value = |i: usize| &values[&inputs[i]];
        let result = match operator.as_str() {
            "IsNaN" => value(0).mapv(|x| f32::from(u8::from(x.is_nan()))),
            "Where" => Array2::from_shape_fn(value(2).dim(), |(row, column)| {
                if value(0)[[row, column]] == 1.0 { value(1)[[0, column]] } else { value(2)[[row, column]] }
            }),
            "Sub" => value(0) - value(1),
            "Mul" => value(0) * value(1),
            "Div" => value(0) / value(1),
            "Add" => value(0) + value(1),
            "ReduceSum" => value(0).sum_axis(Axis(1)).insert_axis(Axis(1)),
            "Gemm" => value(0).dot(value(1)) + value(2),
            "Relu" => value(0).mapv(|x| x.max(0.0)),
            "ArgMax" => {
                let first = |row: ndarray::ArrayView1<'_, f32>| {
                    (0..row.len()).fold(0, |top, i| if row[i] > row[top] { i } else { top })
                };
                classes = value(0).rows().into_iter().map(first).collect();
                continue;
            }
            "Gather" => continue,
            other => panic!("operator {other}"),
        };
        values.insert(node.text(2), result);
    }
    (values.remove("logits").unwrap(), classes)
}

#[test]
fn onnx_reads_back_and_computes_the_same() {
    for case in cases() {
        let bytes = Export::new(&case.ticket).unwrap().onnx().unwrap();
        let model = Message::read(&bytes);
        assert_eq!((model.integers(1), model.text(2)), (vec![7], "slt".to_owned()));
        let opset = Message::read(model.all(8).next().unwrap());
        assert_eq!((opset.text(1), opset.integers(2)), (String::new(), vec![13]));
        let graph = Message::read(model.all(7).next().unwrap());
        let names = |field| graph.all(field).map(|value| Message::read(value).text(1)).collect::<Vec<_>>();
        assert_eq!(
            (names(11), names(12)),
            (vec!["features".to_owned()], vec!["label".to_owned(), "logits".to_owned()])
        );

        let (logits, classes) = run(&graph, &case.raw);
        let largest = case.expected.logits.iter().fold(1e-30_f32, |largest, z| largest.max(z.abs()));
        for (row, (logits, expected)) in
            logits.rows().into_iter().zip(case.expected.logits.rows()).enumerate()
        {
            for (z, expected) in logits.iter().zip(expected) {
                assert!((z - expected).abs() <= 1e-5 * largest, "{}, {row}: {z} and {expected}", case.name);
            }
        }
        let same = classes.iter().zip(&case.expected.classes).filter(|&(a, &b)| *a == b as usize).count();
        assert!(same == classes.len(), "{}: {same} of {}", case.name, classes.len());

        // Names of classes are texts, or whole numbers if all are.
        let class_names = graph.all(5).map(Message::read).find(|tensor| tensor.text(8) == "class_names");
        match case.ticket.class_names() {
            None => assert!(class_names.is_none()),
            Some(names) => {
                let tensor = class_names.unwrap();
                if names[0] == "0" {
                    assert_eq!(tensor.integers(2), [7]);
                    let bytes: Vec<u8> =
                        (0..names.len() as i64).flat_map(|class| (3 * class).to_le_bytes()).collect();
                    assert_eq!(tensor.all(9).next(), Some(&bytes[..]));
                } else {
                    assert_eq!((tensor.integers(2), tensor.texts(6)), (vec![8], names.to_vec()));
                }
            }
        }
    }
}

/// A sample that is nothing has no logits, whatever the rectifiers make of it.
#[test]
fn onnx_says_that_a_value_is_none() {
    let case = numbers(1, drawable()[0]);
    let bytes = Export::new(&case.ticket).unwrap().onnx().unwrap();
    let model = Message::read(&bytes);
    let graph = Message::read(model.all(7).next().unwrap());
    for bad in [f32::NAN, f32::INFINITY] {
        let mut raw = case.raw.clone();
        raw[[2, 0]] = bad;
        let (logits, _) = run(&graph, &raw);
        assert!(logits.row(2).iter().all(|logit| logit.is_nan()));
        assert!(logits.row(1).iter().all(|logit| logit.is_finite()));
    }
}

#[test]
fn safetensors_read_back() {
    for case in cases() {
        let bytes = Export::new(&case.ticket).unwrap().safetensors();
        let length = u64::from_le_bytes(bytes[..8].try_into().unwrap()) as usize;
        assert_eq!(length % 8, 0);
        let header: Value = serde_json::from_slice(&bytes[8..8 + length]).unwrap();
        let data = &bytes[8 + length..];
        let mut covered = vec![0_u8; data.len()];
        let mut tensor = |name: String, dtype: &str, shape: &[usize]| -> Vec<u8> {
            let entry = &header[&name];
            assert_eq!(
                (&entry["dtype"], &entry["shape"]),
                (&dtype.into(), &serde_json::json!(shape)),
                "{name}"
            );
            let [start, end] = [0, 1].map(|i| entry["data_offsets"][i].as_u64().unwrap() as usize);
            covered[start..end].iter_mut().for_each(|count| *count += 1);
            data[start..end].to_vec()
        };
        let floats = |bytes: Vec<u8>| -> Vec<f32> {
            bytes.chunks_exact(4).map(|four| f32::from_le_bytes(four.try_into().unwrap())).collect()
        };
        let (network, mask) = (case.ticket.network(), case.ticket.mask());
        for (l, (layer, bits)) in network.layers().iter().zip(network.architecture().layer_bits()).enumerate()
        {
            let (n_in, n_out) = layer.weights().dim();
            let weights = floats(tensor(format!("layers.{l}.weight"), "F32", &[n_out, n_in]));
            let active = tensor(format!("layers.{l}.mask"), "BOOL", &[n_out, n_in]);
            assert_eq!(floats(tensor(format!("layers.{l}.bias"), "F32", &[n_out])), layer.biases().to_vec());
            for (place, (&weight, &active)) in weights.iter().zip(&active).enumerate() {
                let (target, source) = (place / n_in, place % n_in);
                let is_active = mask.get(bits.start + source * n_out + target);
                assert_eq!(active, u8::from(is_active));
                assert_eq!(weight, if is_active { layer.weights()[[source, target]] } else { 0.0 });
            }
        }
        assert!(
            covered.iter().all(|&count| count == 1),
            "{}: the tensors are not all of the data",
            case.name
        );
        let recipe: Value = serde_json::from_str(header["__metadata__"]["recipe"].as_str().unwrap()).unwrap();
        assert_eq!(recipe, serde_json::to_value(case.ticket.recipe()).unwrap());
        let inverted =
            header["__metadata__"]["inverted"].as_str().map(|text| serde_json::from_str(text).unwrap());
        assert_eq!(inverted.as_ref(), case.ticket.inverted());
    }
}

/// The network that the JSON form describes, run as it says, has the engine's logits to the bit.
#[test]
fn json_says_everything() {
    for case in cases() {
        let text = Export::new(&case.ticket).unwrap().with_samples(case.raw.clone()).unwrap().json();
        let document: Value = serde_json::from_str(&text).unwrap();
        let number = |value: &Value| value.as_f64().unwrap() as f32;
        let features = document["features"].as_array().unwrap();
        let samples = document["samples"].as_array().unwrap();
        assert_eq!(samples.len(), 8);
        for (i, sample) in samples.iter().enumerate() {
            let row = i * case.raw.nrows() / 8;
            let mut values: Vec<f32> = Vec::new();
            for (feature, x) in features.iter().zip(sample["features"].as_array().unwrap()) {
                let x = x.as_f64().map_or_else(|| number(&feature["imputed"]), |x| x as f32);
                let by = |step: &str| number(&feature["scaling"][step]);
                values.push((x - by("subtract")) * by("multiply") / by("divide") + by("add"));
            }
            let layers = document["layers"].as_array().unwrap();
            for (l, layer) in layers.iter().enumerate() {
                let mut sums: Vec<f32> = layer["biases"].as_array().unwrap().iter().map(number).collect();
                for connection in layer["connections"].as_array().unwrap() {
                    let [from, to] = ["from", "to"].map(|end| connection[end].as_u64().unwrap() as usize);
                    sums[to] = number(&connection["weight"]).mul_add(values[from], sums[to]);
                }
                let is_last = l + 1 == layers.len();
                values = sums.into_iter().map(|sum| if is_last || sum > 0.0 { sum } else { 0.0 }).collect();
            }
            assert_eq!(values, case.expected.logits.row(row).to_vec(), "{}", case.name);
            assert_eq!(sample["class"], case.expected.classes[row]);
        }
        assert_eq!(document["mask"], case.ticket.mask().to_string());
        let inverted = case.ticket.inverted().map(ToString::to_string);
        assert_eq!(document["inverted"].as_str(), inverted.as_deref());
    }
}
