//! Tables: what is read, what is learned from training rows, what later files must be.

use ndarray::{Array2, array};
use proptest::prelude::*;
use serde_json::Value;
use slt_core::Seed;
use slt_datasets::{
    Error,
    io::csv::{Dialect, Header},
    scaling::ScalerKind,
    split,
    table::{Missing, Preprocessing, Table, TableOptions},
};

fn read(file: &str, options: &TableOptions) -> Result<Table, Error> {
    Table::read(file.as_bytes(), options)
}

fn fitted(file: &str, options: &TableOptions, scaling: Option<ScalerKind>) -> (Table, Preprocessing) {
    let table = read(file, options).unwrap();
    let preprocessing = Preprocessing::fit(&table, options.missing, scaling).unwrap();
    (table, preprocessing)
}

fn later(preprocessing: &Preprocessing, file: &str) -> Result<Table, Error> {
    preprocessing.read(file.as_bytes(), &Dialect::default())
}

#[track_caller]
fn check_refused<T>(result: Result<T, Error>, message: &str) {
    let error = result.err().expect("it should be refused").to_string();
    assert_eq!(error, message);
    assert!(!error.contains('\n'), "{error}");
}

const FLOWERS: &str = "\
id,length,colour,kind,width
1,5.0,red,setosa,1
2,7.0,blue,virginica,?
3,,red,setosa,3
4,6.0,,virginica,4
5,4.0,green,setosa,4
";

fn flowers() -> TableOptions {
    TableOptions {
        target: Some("kind".into()),
        categorical: vec!["colour".into()],
        ignored: vec!["0".into()],
        missing: Missing::Median,
        ..TableOptions::default()
    }
}

#[test]
fn scikit_learn_makes_the_same_features() {
    let file: Value = serde_json::from_str(include_str!("../fixtures/table.json")).unwrap();
    let cases = file["cases"].as_array().unwrap();
    assert_eq!(cases.len(), 9);
    for case in cases {
        let text = |key: &str| case[key].as_str().unwrap();
        let missing: Missing = text("missing").parse().unwrap();
        let scaling = Some(text("scaling")).filter(|&name| name != "none").map(|name| name.parse().unwrap());
        let options = TableOptions {
            target: None,
            categorical: vec!["colour".into(), "size".into()],
            missing,
            ..TableOptions::default()
        };
        let (train, preprocessing) = fitted(text("train"), &options, scaling);
        assert!(train.n_missing() > 10);
        let test = later(&preprocessing, text("test")).unwrap();
        assert!(!preprocessing.unknown_categories(&test).unwrap().is_empty());
        for (table, key) in [(train, "train_features"), (test, "test_features")] {
            let ours = preprocessing.features(table).unwrap();
            let theirs = case[key].as_array().unwrap();
            assert_eq!(ours.nrows(), theirs.len());
            for (row, theirs_row) in ours.rows().into_iter().zip(theirs) {
                let theirs_row = theirs_row.as_array().unwrap();
                assert_eq!(row.len(), theirs_row.len());
                for (&value, expected) in row.iter().zip(theirs_row) {
                    let expected = expected.as_f64().unwrap();
                    let error = (f64::from(value) - expected).abs();
                    assert!(
                        error <= 4e-6 * expected.abs().max(1.0),
                        "{missing} {} {key}: {row} against {theirs_row:?}",
                        text("scaling")
                    );
                }
            }
        }
    }
}

#[test]
fn later_files_are_matched_by_name() {
    let (table, preprocessing) = fitted(FLOWERS, &flowers(), None);
    assert_eq!(table.n_missing(), 3);
    assert_eq!(
        preprocessing.feature_names(),
        ["length", "colour=blue", "colour=green", "colour=red", "width"]
    );
    let data = preprocessing.dataset(table, "flowers").unwrap();
    assert_eq!(data.features().row(2).to_vec(), [5.5, 0., 0., 1., 3.]);
    assert_eq!(data.features().row(3).to_vec(), [6.0, 0., 0., 1., 4.]);
    assert_eq!((data.labels(), data.n_classes()), (&[0, 1, 0, 1, 0][..], 2));

    for file in [
        "width,kind,colour,length\n9,virginica,green,8\n",
        "colour;width;length\ngreen;9;8\n",
        "id,colour,width,length\n77,green,9,8\n",
    ] {
        let features = preprocessing.features(later(&preprocessing, file).unwrap()).unwrap();
        assert_eq!(features, array![[8., 0., 1., 0., 9.]], "{file}");
    }
    let table = later(&preprocessing, "width,kind,colour,length\n9,virginica,green,8\n").unwrap();
    assert_eq!(preprocessing.dataset(table, "one").unwrap().labels(), [1]);
    let table = later(&preprocessing, "width,colour,length\n9,green,8\n").unwrap();
    check_refused(preprocessing.dataset(table, "none"), "there is no column of labels");
    check_refused(
        later(&preprocessing, "width,colours,length,kind,weight\n9,green,8,setosa,1\n"),
        "the columns are not those of the training data; missing: \"colour\"; too many: \"colours\", \"weight\"",
    );
    check_refused(
        later(&preprocessing, "width,colour\n9,green\n"),
        "the columns are not those of the training data; missing: \"length\"",
    );
    check_refused(
        later(&preprocessing, "width,colour,length,width\n9,green,8,9\n"),
        "there are two columns named \"width\": names must differ",
    );
    check_refused(
        later(&preprocessing, "9,8,7,6,5\n"),
        "the file has no header: its first line must name the columns, as in the training data",
    );
    check_refused(
        later(&preprocessing, "width,kind,colour,length\n9,setosa,red,1\n9,Setosa,red,1\n"),
        "line 3, column \"kind\": \"Setosa\" is not a known class; the classes are \"setosa\", \"virginica\"",
    );
}

#[test]
fn files_without_header_are_matched_by_position() {
    // The label comes first, as in many files of digits.
    let options = TableOptions { target: Some("0".into()), ..TableOptions::default() };
    let (table, preprocessing) = fitted("7,1,2\n3,4,5\n", &options, None);
    assert!(!table.has_header());
    assert_eq!(table.class_names().unwrap(), ["3", "7"]);
    assert_eq!(preprocessing.column_names().collect::<Vec<_>>(), ["x1", "x2"]);
    for (file, labels) in [("3,8,9\n7,8,9\n", Some(&[0, 1][..])), ("8,9\n8,9\n", None)] {
        let table = later(&preprocessing, file).unwrap();
        assert_eq!(table.labels(), labels);
        assert_eq!(preprocessing.features(table).unwrap(), array![[8., 9.], [8., 9.]]);
    }
    for (file, found) in [("1,2,3,4\n", 4), ("1\n", 1), ("a,b,c,d\n1,2,3,4\n", 4)] {
        check_refused(
            later(&preprocessing, file),
            &format!(
                "columns are taken by their positions, as the training data have no names for them: expected 2, or 3 \
                 with the labels at position 0 (from 0), found {found}"
            ),
        );
    }
}

#[test]
fn columns_without_names_are_taken_by_position_whatever_a_file_calls_them() {
    let preprocessing = Preprocessing::by_position(2, Some((2, 3)), None).unwrap();
    for (file, labels) in [
        ("length,width,kind\n8,9,2\n", Some(&[2][..])),
        ("length,width\n8,9\n", None),
        // Numbered from 1, as many files are; and by the very names, with another one for the labels.
        ("x1,x2,y\n8,9,2\n", Some(&[2])),
        ("x0,x1,y\n8,9,2\n", Some(&[2])),
        // These names of the ticket's own are followed.
        ("x1,label,x0\n9,2,8\n", Some(&[2])),
        ("x1,x0\n9,8\n", None),
    ] {
        let table = later(&preprocessing, file).unwrap();
        assert_eq!(table.labels(), labels, "{file}");
        assert_eq!(preprocessing.features(table).unwrap(), array![[8., 9.]], "{file}");
    }
    // Neither by name nor by position.
    check_refused(
        later(&preprocessing, "x1,x0,y\n9,8,2\n"),
        "the columns are not those of the training data; too many: \"y\"",
    );
    check_refused(
        later(&preprocessing, "a,a,y\n9,8,2\n"),
        "there are two columns named \"a\": names must differ",
    );
}

#[test]
fn labels_of_classes_without_names_are_their_numbers() {
    let preprocessing = Preprocessing::by_position(1, Some((1, 2)), None).unwrap();
    let file = "a,kind\n8,1\n7,red\n6,blue\n";
    check_refused(
        later(&preprocessing, file),
        "line 3, column \"kind\": \"red\" is not the number of a class, 0 to 1, which is all that is known of the classes",
    );
    // Predictions need none; but a column of measurements is not taken for labels.
    let features = |file: &str| {
        preprocessing.features(preprocessing.read_features(file.as_bytes(), &Dialect::default())?)
    };
    assert_eq!(features("a,kind\n8,red\n7,red\n6,blue\n").unwrap(), array![[8.], [7.], [6.]]);
    check_refused(
        features(file),
        "line 4, column \"kind\": the column of the labels, by its position, has more than 2 different ones, and there are 2 \
         classes",
    );
    // Classes with names stay as strict as they were.
    let (_, named) = fitted("a,y\n1,u\n2,v\n", &TableOptions::default(), None);
    let error = named.read_features("a,y\n1,w\n".as_bytes(), &Dialect::default()).unwrap_err();
    assert!(matches!(error, Error::CsvUnknownClass { .. }), "{error}");
}

#[test]
fn unknown_categories_become_zeros_and_can_be_listed() {
    let (_, preprocessing) = fitted(FLOWERS, &flowers(), Some(ScalerKind::MinMaxPerFeature));
    let table = later(&preprocessing, "width,colour,length\n4,Red,4\n1,red,7\n").unwrap();
    assert_eq!(preprocessing.unknown_categories(&table).unwrap(), [("colour".to_owned(), "Red".to_owned())]);
    let features = preprocessing.features(table).unwrap();
    assert_eq!(features.row(0).to_vec(), [-0.7, 0., 0., 0., 0.7]);
    assert_eq!(features.row(1).to_vec(), [0.7, 0., 0., 1., -0.7]);
}

#[test]
fn nothing_is_learned_from_test_rows() {
    let file = "a,c,y\n1,u,0\n3,v,1\n?,?,0\n1000,w,1\n1000,w,0\n1000,w,1\n1000,w,1\n";
    let options =
        TableOptions { categorical: vec!["c".into()], missing: Missing::Mean, ..TableOptions::default() };
    let table = read(file, &options).unwrap();
    let rows = split::Rows { train: vec![0, 1, 2], test: vec![3, 4, 5, 6] };
    let (train, test) = table.split(&rows).unwrap();
    let preprocessing = Preprocessing::fit(&train, Missing::Mean, Some(ScalerKind::MinMaxGlobal)).unwrap();
    assert_eq!(preprocessing.scaler().unwrap().parameters(), [[1.0, 3.0]]);
    assert_eq!(preprocessing.feature_names(), ["a", "c=u", "c=v"]);
    // The mean of 1 and 3, and the first of two categories that are as frequent.
    assert_eq!(preprocessing.features(train).unwrap().row(2).to_vec(), [0.0, 1.0, 0.0]);
    let test = preprocessing.dataset(test, "test").unwrap();
    assert_eq!(test.features().row(0).to_vec()[1..], [0.0, 0.0]);
    assert_eq!((test.n_classes(), test.labels()), (2, &[1, 0, 1, 1][..]));
}

#[test]
fn missing_values_are_refused_with_line_and_column() {
    for mark in ["", "NA", "n/a", "NaN", "nan", "?", "null", "NULL"] {
        let file = format!("a,b,y\n1,2,0\n\n3,{mark},1\n");
        let mark = mark.trim();
        check_refused(
            read(&file, &TableOptions::default()),
            &format!("line 4, column \"b\": the value is missing ({mark:?}); missing values can be imputed"),
        );
        let options = TableOptions { categorical: vec!["b".into()], ..TableOptions::default() };
        assert!(matches!(read(&file, &options), Err(Error::CsvMissing { line: 4, .. })), "{mark}");
        let options = TableOptions { missing: Missing::Mean, ..TableOptions::default() };
        let (table, preprocessing) = fitted(&file, &options, None);
        assert_eq!(preprocessing.features(table).unwrap(), array![[1., 2.], [3., 2.]]);
        let labels = file.replace(&format!(",{mark},1"), &format!(",1,{mark}"));
        check_refused(read(&labels, &options), "line 4, column \"y\": the label is missing");
    }
    // A later file may lack what the training file had, if something stands for it.
    let (_, strict) = fitted("a,y\n1,0\n", &TableOptions::default(), None);
    assert!(matches!(later(&strict, "a\n?\n"), Err(Error::CsvMissing { line: 2, .. })));
    let options = TableOptions { missing: Missing::MostFrequent, ..TableOptions::default() };
    let (_, filling) = fitted("a,y\n3,0\n1,0\n2,0\n2,0\n1,0\n", &options, None);
    assert_eq!(filling.features(later(&filling, "a\n?\n").unwrap()).unwrap(), array![[1.]]);
    let empty = read("a,b,y\n1,?,0\n2,?,0\n", &options).unwrap();
    check_refused(
        Preprocessing::fit(&empty, Missing::Mean, None),
        "column \"b\" has no value in the training rows",
    );
    check_refused(
        Preprocessing::fit(&empty, Missing::Refuse, None),
        "the value at row 0, column \"b\" is missing; missing values can be imputed",
    );
}

#[test]
fn columns_are_found_by_name_or_position() {
    let target = |target: &str| {
        let options = TableOptions { target: Some(target.into()), ..TableOptions::default() };
        read("a,2,c,1\n1,2,3,4\n", &TableOptions { dialect: present(), ..options })
    };
    assert_eq!(target("a").unwrap().target_name(), Some("a"));
    // A name comes before a position.
    assert_eq!(target("2").unwrap().target_name(), Some("2"));
    assert_eq!(target("3").unwrap().target_name(), Some("1"));
    check_refused(
        target("4"),
        "there are 0 columns named \"4\", exactly one is needed; the columns are \"a\", \"2\", \"c\", \"1\"",
    );
    let both =
        TableOptions { target: Some("c".into()), categorical: vec!["2".into()], ..TableOptions::default() };
    check_refused(
        read("a,b,c\n1,2,3\n", &both),
        "the column \"c\" is asked to be two of these at once: target, category, ignored",
    );
    check_refused(
        read("a,b,a\n1,2,3\n", &TableOptions::default()),
        "there are two columns named \"a\": names must differ",
    );
    check_refused(
        read("a\n1\n", &TableOptions::default()),
        "the CSV file has 1 column(s) when separated by ',': at least 2 are needed",
    );
}

fn present() -> Dialect {
    Dialect { header: Header::Present, ..Dialect::default() }
}

#[test]
fn too_many_categories_are_refused() {
    let rows: String = (0..5000).map(|i| format!("c{i},0\n")).collect();
    let options = TableOptions { categorical: vec!["a".into()], ..TableOptions::default() };
    check_refused(
        read(&format!("a,y\n{rows}"), &options),
        "line 4098, column \"a\": the column has more than 4096 categories",
    );
}

#[test]
fn arrays_are_tables_without_names() {
    let table =
        Table::from_arrays(array![[1., f32::NAN], [3., 4.]].reversed_axes(), Some(vec![5, 5])).unwrap();
    assert_eq!(table.class_names().unwrap(), ["5"]);
    let preprocessing = Preprocessing::fit(&table, Missing::Mean, None).unwrap();
    assert_eq!(preprocessing.features(table).unwrap(), array![[1., 3.], [1., 4.]]);
    let other = Table::from_arrays(array![[1., 2.]], Some(vec![6])).unwrap();
    check_refused(
        preprocessing.dataset(other, "other"),
        "the label \"6\" at row 0 is not a known class; the classes are \"5\"",
    );
    let wide = Table::from_arrays(array![[1., 2., 3.]], None).unwrap();
    check_refused(
        preprocessing.features(wide),
        "the table has 3 column(s), which are not the 2 of the training data",
    );
    let csv = later(&preprocessing, "x1,x0\n2,1\n").unwrap();
    assert_eq!(preprocessing.features(csv).unwrap(), array![[1., 2.]]);
    assert!(matches!(Table::from_arrays(array![[f32::INFINITY]], None), Err(Error::NotFinite { .. })));
    assert!(matches!(Table::from_arrays(Array2::zeros((0, 1)), None), Err(Error::Empty { .. })));
}

#[test]
fn stored_form_is_checked_when_it_is_read() {
    let (_, preprocessing) = fitted(FLOWERS, &flowers(), Some(ScalerKind::Standard));
    let good = serde_json::to_string(&preprocessing).unwrap();
    assert_eq!(serde_json::from_str::<Preprocessing>(&good).unwrap(), preprocessing);
    for (from, to, message) in [
        ("\"imputed\":5.5", "\"imputed\":1e300", "out of range"),
        ("\"red\"", "\"r\\u001bd\"", "a name holds a control character"),
        ("\"setosa\"", "\"set\\nosa\"", "a name holds a control character"),
        ("\"numeric\":{", "\"numeric\":{\"other\":1,", "unknown field"),
        ("\"imputed\":2", "\"imputed\":3", "the category for missing ones does not exist"),
        ("\"red\"", "\"blue\"", "categories must be 1 to 4096 different texts"),
        ("[\"blue\",\"green\",\"red\"]", "[]", "categories must be"),
        ("[\"setosa\",\"virginica\"]", "[]", "classes must be 1 to 65536 different texts"),
        ("\"name\":\"width\"", "\"name\":\"length\"", "two columns named \"length\""),
        ("\"name\":\"width\"", "\"name\":\"kind\"", "two columns named \"kind\""),
        ("\"n_features\":2", "\"n_features\":1", "one pair for each feature"),
        ("\"header\":true", "\"header\":true,\"other\":1", "unknown field"),
    ] {
        let bad = good.replacen(from, to, 1);
        assert_ne!(bad, good, "{from}");
        let error = serde_json::from_str::<Preprocessing>(&bad).unwrap_err().to_string();
        assert!(error.contains(message), "{to} gave: {error}");
    }
}

#[test]
fn scaling_that_leaves_single_precision_is_refused_when_it_is_fitted() {
    let options = TableOptions { target: None, ..TableOptions::default() };
    let table = read("a\n-3e38\n3e38\n", &options).unwrap();
    for kind in [ScalerKind::MinMaxGlobal, ScalerKind::MinMaxPerFeature] {
        let error = Preprocessing::fit(&table, Missing::Refuse, Some(kind)).unwrap_err();
        assert!(matches!(error, Error::ScalerParameters { index: 0, .. }), "{error}");
    }
}

proptest! {
    /// Stored and read, a preprocessing gives the same features, whatever the order of the columns.
    #[test]
    fn storage_and_order_of_columns_change_nothing(
        rows in prop::collection::vec((prop::option::of(-1e3_f32..1e3), prop::option::of("[a-d]"), -9..9_i32), 2..20),
        kind in prop::sample::select(vec!["none", "min-max-global", "min-max-per-feature", "standard"]),
        seed: u64,
    ) {
        prop_assume!(rows.iter().any(|row| row.0.is_some()) && rows.iter().any(|row| row.1.is_some()));
        let cell = |value: &Option<f32>| value.map_or("NA".to_owned(), |value| value.to_string());
        let text = |value: &Option<String>| value.clone().unwrap_or_default();
        let forwards: String = rows.iter().map(|(a, b, c)| format!("{},{},{c}\n", cell(a), text(b))).collect();
        let backwards: String = rows.iter().map(|(a, b, c)| format!("{c};{};{}\n", text(b), cell(a))).collect();
        let options = TableOptions {
            target: None, categorical: vec!["b".into()], missing: Missing::Median, ..TableOptions::default()
        };
        let (table, preprocessing) = fitted(&format!("a,b,c\n{forwards}"), &options, kind.parse().ok());
        let stored: Preprocessing = serde_json::from_str(&serde_json::to_string(&preprocessing).unwrap()).unwrap();
        let other = later(&stored, &format!("c;b;a\n{backwards}")).unwrap();
        let rows = split::shuffled_rows(table.n_rows(), 0.3, Seed(seed)).unwrap();
        let (train, test) = table.split(&rows).unwrap();
        let (other_train, other_test) = other.split(&rows).unwrap();
        prop_assert_eq!(stored.features(other_train).unwrap(), preprocessing.features(train).unwrap());
        prop_assert_eq!(stored.features(other_test).unwrap(), preprocessing.features(test).unwrap());
    }

    #[test]
    fn no_text_makes_it_panic(text in "[a1.,;?\"\r\n -]{0,60}") {
        let options = TableOptions { missing: Missing::MostFrequent, ..TableOptions::default() };
        if let Ok(table) = read(&text, &options)
            && let Ok(preprocessing) = Preprocessing::fit(&table, Missing::MostFrequent, None)
        {
            prop_assert!(preprocessing.dataset(table, "data").is_ok());
            _ = later(&preprocessing, &text);
        }
    }
}
