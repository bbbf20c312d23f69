//! CSV: round trips, what is understood, what is refused.

use ndarray::{Array2, array};
use proptest::prelude::*;
use slt_datasets::{
    Dataset, Error, Raw,
    io::{
        csv::{self, Dialect, Header, Separator},
        npy,
    },
    table::{Missing, Preprocessing, Table, TableOptions},
};

fn read(text: &str) -> Result<Table, Error> {
    Table::read(text.as_bytes(), &TableOptions::default())
}

/// The samples of a table without anything that would change them.
fn samples(table: Table) -> Dataset {
    Preprocessing::fit(&table, Missing::Refuse, None).unwrap().dataset(table, "data").unwrap()
}

#[track_caller]
fn check_refused(text: impl AsRef<[u8]>, options: &TableOptions, message: &str) {
    let error = Table::read(text.as_ref(), options).unwrap_err().to_string();
    assert_eq!(error, message);
    assert!(!error.contains('\n'), "{error}");
}

#[test]
fn understands_what_other_programs_write() {
    let expected = samples(read("a,b,kind\n1,2,x\n3,4,y\n").unwrap());
    assert_eq!((expected.values(), expected.labels()), (&[1., 2., 3., 4.][..], &[0, 1][..]));
    for text in [
        "a,b,kind\r\n1,2,x\r\n3,4,y\r\n",
        "\u{feff}a,b,kind\n1,2,x\n3,4,y",
        "\n a , b,kind\n\n  \n1, 2 ,x\n\n3.0,4e0, y \n\n",
        "\"a\",\"b\",\"kind\"\n\"1\",2,\"x\"\n+3,4.,y\n",
    ] {
        assert_eq!(samples(read(text).unwrap()), expected, "{text:?}");
    }
}

#[test]
fn options_choose_label_separator_and_header() {
    let options = TableOptions {
        dialect: Dialect { separator: Separator::Byte(b'|'), ..Dialect::default() },
        target: Some("kind".into()),
        ..TableOptions::default()
    };
    let table = Table::read("kind|a\nred|1\nblue|2\n".as_bytes(), &options).unwrap();
    assert_eq!(table.feature_names().collect::<Vec<_>>(), ["a"]);
    assert_eq!(table.class_names().unwrap(), ["blue", "red"]);
    assert_eq!(table.labels().unwrap(), [1, 0]);

    let dialect = Dialect { header: Header::Absent, ..Dialect::default() };
    let options = TableOptions { dialect, ..TableOptions::default() };
    let table = Table::read("1,2,seven\n3,4,eight\n".as_bytes(), &options).unwrap();
    assert_eq!(
        (table.feature_names().collect::<Vec<_>>(), table.target_name()),
        (vec!["x0", "x1"], Some("x2"))
    );
    assert_eq!(samples(table).values(), [1., 2., 3., 4.]);
}

#[test]
fn classes_are_sorted_by_value_or_as_texts() {
    let names = |labels: &[&str]| {
        let rows: String = labels.iter().map(|label| format!("0,{label}\n")).collect();
        let table = read(&format!("x,y\n{rows}")).unwrap();
        let names = table.class_names().unwrap();
        for (class, label) in table.labels().unwrap().iter().zip(labels) {
            assert_eq!(names[*class as usize], *label);
        }
        names.to_vec()
    };
    assert_eq!(names(&["10", "9", "-1", "9"]), ["-1", "9", "10"]);
    assert_eq!(names(&["10", "9", "no"]), ["10", "9", "no"]);
    assert_eq!(names(&["1.0", "0", "1"]), ["0", "1", "1.0"]);
    assert_eq!(names(&["b", "a", "B"]), ["B", "a", "b"]);
}

#[test]
fn refuses_with_line_and_column() {
    let default = TableOptions::default();
    for (text, message) in [
        ("", "the CSV file is empty: its first line should name the columns"),
        ("\n\n", "the CSV file is empty: its first line should name the columns"),
        ("a,b\n", "the CSV file has no rows of data"),
        ("a b c\n1 2 3\n", "the CSV file has 1 column(s) when separated by ',': at least 2 are needed"),
        ("a,b\n1,2\n1,2,3\n", "line 3 has 3 field(s), the first line 2"),
        ("a,b\r\n\r\n1\r\n", "line 3 has 1 field(s), the first line 2"),
        (
            "a,b,c\n1,2,x\n\n1,two,x\n",
            "line 4, column \"b\": \"two\" is not a number (such as 3, -0.5 or 1e-4)",
        ),
        ("a,b,c\n1,,x\n", "line 2, column \"b\": the value is missing (\"\"); missing values can be imputed"),
        ("a,c\n-inf,x\n", "line 2, column \"a\": \"-inf\" is not a finite number of at most 3.4e38 in size"),
        ("a,c\n1e39,x\n", "line 2, column \"a\": \"1e39\" is not a finite number of at most 3.4e38 in size"),
        ("a,c\n1,x\n2,\n", "line 3, column \"c\": the label is missing"),
    ] {
        check_refused(text, &default, message);
    }
    let long = format!("a,c\n{},x\n", "z".repeat(1000));
    let message =
        format!("line 2, column \"a\": \"{}...\" is not a number (such as 3, -0.5 or 1e-4)", "z".repeat(40));
    check_refused(long, &default, &message);
    check_refused(b"a,c\n1,\xff\n", &default, "line 2, field 2: the text is not UTF-8");
}

#[test]
fn refuses_separators_that_cannot_separate() {
    for separator in [b'\n', b'"', 200, b'1', b'.', 0] {
        let dialect = Dialect { separator: Separator::Byte(separator), ..Dialect::default() };
        let error = csv::Records::new("a\n1\n".as_bytes(), &dialect).err().unwrap();
        assert!(matches!(error, Error::Parameter { parameter: "separator", .. }), "{error}");
    }
}

#[test]
fn numbers_are_shortest_decimals() {
    let features = array![[0.1, -0.0, 1e-7], [123456789.0, 1e16, 5e-324]];
    let raw = Raw { features, labels: vec![1, 0], n_classes: 2 };
    let mut file = Vec::new();
    csv::write(&mut file, &raw).unwrap();
    let text = String::from_utf8(file).unwrap();
    assert_eq!(text, "x0,x1,x2,label\n0.1,-0,1e-7,1\n123456789,1e16,5e-324,0\n");
    let data = Dataset::new("one", array![[0.1_f32, 16777216.0]], vec![0], 1).unwrap();
    let mut file = Vec::new();
    csv::write_dataset(&mut file, &data).unwrap();
    assert_eq!(file, b"x0,x1,label\n0.1,16777216,0\n");
}

#[test]
fn writer_refuses_what_could_not_be_read_back() {
    let raw = Raw { features: array![[f64::NAN]], labels: vec![0], n_classes: 1 };
    assert!(matches!(csv::write(Vec::new(), &raw), Err(Error::NotFinite { row: 0, column: 0, .. })));
    // One message, whatever the format.
    let raw = Raw { features: array![[1.0, -1.0 / 0.0]], labels: vec![0], n_classes: 1 };
    for error in [csv::write(Vec::new(), &raw).unwrap_err(), npy::write(Vec::new(), &raw).unwrap_err()] {
        assert_eq!(error.to_string(), "the value -inf at row 0, column 1 is not a finite number");
    }
    let raw = Raw { features: array![[1e300]], labels: vec![0], n_classes: 1 };
    assert_eq!(
        raw.into_dataset("large").unwrap_err().to_string(),
        "the value 1e300 at row 0, column 0 is not a number of single precision (at most 3.4e38 in size)"
    );
    let raw = Raw { features: array![[1.0]], labels: vec![0, 1], n_classes: 2 };
    assert!(matches!(csv::write(Vec::new(), &raw), Err(Error::LabelCount { n_samples: 1, n_labels: 2 })));
}

proptest! {
    #[test]
    fn single_precision_survives_a_round_trip(
        columns in 1_usize..5,
        values in prop::collection::vec(
            prop::num::f32::NORMAL | prop::num::f32::SUBNORMAL | prop::num::f32::ZERO, 5..40,
        ),
    ) {
        let rows = values.len() / columns;
        let features = Array2::from_shape_vec((rows, columns), values[..rows * columns].to_vec()).unwrap();
        let labels: Vec<u32> = (0..rows as u32).map(|row| row % 3).collect();
        let data = Dataset::new("data", features, labels, rows.min(3)).unwrap();
        let mut file = Vec::new();
        csv::write_dataset(&mut file, &data).unwrap();
        let read = samples(Table::read(file.as_slice(), &TableOptions::default()).unwrap());
        let bits = |data: &Dataset| data.values().iter().map(|value| value.to_bits()).collect::<Vec<u32>>();
        prop_assert_eq!(bits(&read), bits(&data));
        prop_assert_eq!(read, data);
    }

    #[test]
    fn double_precision_decimals_read_back_the_same(
        value in prop::num::f64::NORMAL | prop::num::f64::SUBNORMAL,
    ) {
        let raw = Raw { features: array![[value]], labels: vec![0], n_classes: 1 };
        let mut file = Vec::new();
        csv::write(&mut file, &raw).unwrap();
        let text = String::from_utf8(file).unwrap();
        let decimal = text.lines().nth(1).unwrap().strip_suffix(",0").unwrap();
        prop_assert_eq!(decimal.parse::<f64>().unwrap().to_bits(), value.to_bits());
        prop_assert!(decimal.len() <= 24, "{}", decimal);
    }
}
