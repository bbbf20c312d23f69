//! The reader of CSV records: lines, fields, quotes, headers, and what is refused.

use std::io::Read;

use proptest::prelude::*;
use slt_datasets::{
    Error,
    io::csv::{Decimal, Dialect, Header, Records, Separator},
};

/// The names, and each record with its line.
type Everything = (Vec<String>, Vec<(u64, Vec<String>)>);

fn read_with(file: impl Read, dialect: &Dialect) -> Result<Everything, Error> {
    let mut records = Records::new(file, dialect)?;
    let names = records.names().to_vec();
    let mut rows = Vec::new();
    while let Some(record) = records.next()? {
        rows.push((record.line(), record.fields().map(str::to_owned).collect()));
    }
    Ok((names, rows))
}

fn rows(file: &str) -> Vec<(u64, Vec<String>)> {
    read_with(file.as_bytes(), &Dialect::default()).unwrap().1
}

#[track_caller]
fn check_refused(file: impl AsRef<[u8]>, message: &str) {
    let error = read_with(file.as_ref(), &Dialect::default()).unwrap_err().to_string();
    assert_eq!(error, message);
}

macro_rules! fixture {
    ($name:literal) => {
        include_str!(concat!("../fixtures/csv/", $name))
    };
}

#[test]
fn a_quote_that_is_never_closed_is_an_error_at_its_line() {
    check_refused(
        fixture!("csv-unclosed_last.csv"),
        "line 8, field 3: the quote is not closed on its line (a field may not hold a line end)",
    );
    for file in ["a,b\n1,\"x", "a,b\n1,\"x\n", "a,b\n1,  \"x\"\"\n2,y\n"] {
        check_refused(
            file,
            "line 2, field 2: the quote is not closed on its line (a field may not hold a line end)",
        );
    }
    check_refused(
        "\"a,b\n1,2\n",
        "line 1, field 1: the quote is not closed on its line (a field may not hold a line end)",
    );
}

#[test]
fn a_field_that_holds_a_line_end_is_an_error() {
    let message = "line 2, field 1: the quote is not closed on its line (a field may not hold a line end)";
    check_refused(fixture!("csv-lab.csv"), message);
    check_refused("g,y\r\n\"a\r\nb\",1\r\n", message);
    // Line ends of other alphabets, and escape sequences, would break or fake printed tables as well.
    for character in ['\u{2028}', '\u{2029}', '\u{85}', '\u{1b}', '\0', '\u{c}', '\u{7f}'] {
        check_refused(
            format!("g,y\n1,a{character}b\n"),
            &format!("line 2, field 2: there is the control character U+{:04X}", u32::from(character)),
        );
    }
    assert_eq!(rows("g,y\n1,a\tb\n")[0].1, ["1", "a\tb"]);
}

#[test]
fn white_space_before_and_around_quotes_is_no_part_of_a_field() {
    let (names, rows) = read_with(fixture!("csv-space_quote.csv").as_bytes(), &Dialect::default()).unwrap();
    assert_eq!(names, ["seed", "alg", "acc"]);
    for (_, fields) in &rows {
        assert!(["ga", "ep"].contains(&fields[1].as_str()), "{fields:?}");
    }
    for (line, expected) in [
        (r#"1, "ga", 0.91"#, ["1", "ga", "0.91"]),
        (r#" "1" ,"ga" , "0.91" "#, ["1", "ga", "0.91"]),
        (r#"1, "ga, adaptive; ""AB""", 0.91"#, ["1", r#"ga, adaptive; "AB""#, "0.91"]),
        (r#""", " ",0"#, ["", "", "0"]),
        (r#"5" disk,a"b, c""#, [r#"5" disk"#, r#"a"b"#, r#"c""#]),
        ("\u{a0}\"ga\"\u{3000},\u{2003}x\u{a0},\t0", ["ga", "x", "0"]),
    ] {
        assert_eq!(self::rows(&format!("a,b,c\n{line}\n")), [(2, expected.map(String::from).to_vec())]);
    }
}

#[test]
fn unicode_white_space_is_trimmed_like_ascii() {
    let labels: Vec<String> =
        rows(fixture!("libcsv-nbsplab.csv")).into_iter().map(|row| row.1[1].clone()).collect();
    assert_eq!(labels, ["a", "a"]);
}

#[test]
fn lines_are_counted_as_an_editor_shows_them() {
    let lines = |file: &str| rows(file).into_iter().map(|row| row.0).collect::<Vec<u64>>();
    for end in ["\n", "\r\n", "\r"] {
        let file = ["a,b", "", "1,2", "   ", "\u{a0}\t", "", "3,4", "5,6", ""].join(end);
        assert_eq!(lines(&file), [3, 7, 8], "{end:?}");
        assert_eq!(lines(&format!("\u{feff}{end}{file}")), [4, 8, 9], "{end:?}");
    }
    assert_eq!(lines("a,b\n\r\n1,2\r\r\n3,4\n\r5,6"), [3, 5, 7]);
    assert_eq!(lines(fixture!("csv-space_line.csv")), [2, 4, 5]);
    let mut records = Records::new(fixture!("csv-crlf_bad.csv").as_bytes(), &Dialect::default()).unwrap();
    records.next().unwrap();
    let error = records.next().unwrap().unwrap().number(2).unwrap_err().to_string();
    assert_eq!(error, "line 3, column \"acc\": \"oops\" is not a number (such as 3, -0.5 or 1e-4)");
}

#[test]
fn a_first_line_of_numbers_is_a_sample() {
    let records = Records::new(fixture!("libcsv-headerless.csv").as_bytes(), &Dialect::default()).unwrap();
    assert!(!records.has_header());
    assert_eq!(records.names(), ["x0", "x1", "x2"]);
    assert_eq!(rows(fixture!("libcsv-headerless.csv")).len(), 3);
    // A missing value is no name.
    assert_eq!(rows("5.1,?,,NA\n1,2,3,4\n").len(), 2);
}

#[test]
fn a_first_line_of_numbers_and_texts_is_refused_unless_the_dialect_says_what_it_is() {
    let iris = "5.1,3.5,setosa\n4.9,3.0,setosa\n";
    check_refused(
        iris,
        "line 1 holds the number \"5.1\" beside texts: it could name the columns or be the first sample; \
         say whether the file has a header",
    );
    let count = |header| {
        read_with(iris.as_bytes(), &Dialect { header, ..Dialect::default() })
            .map(|(names, rows)| (names, rows.len()))
    };
    assert_eq!(count(Header::Absent).unwrap(), (vec!["x0".into(), "x1".into(), "x2".into()], 2));
    assert_eq!(count(Header::Present).unwrap(), (vec!["5.1".into(), "3.5".into(), "setosa".into()], 1));
    // What a table of pandas starts with: a column without a name is no number.
    assert_eq!(rows(",a,b\n0,1,2\n").len(), 1);
}

#[test]
fn separators_are_found_in_the_first_line() {
    for (file, separator) in [
        ("a,b;c,d\n1,2,3\n", ','),
        ("a;b;c,d\n1;2;3\n", ';'),
        ("a\tb\tc\n1\t2\t3\n", '\t'),
        ("\"a;;;;\",b,c\n1,2,3\n", ','),
        ("a\n1\n", ','),
    ] {
        assert_eq!(
            Records::new(file.as_bytes(), &Dialect::default()).unwrap().separator(),
            separator,
            "{file:?}"
        );
    }
    // Tabs separate empty fields, and a line of them is not blank.
    assert_eq!(
        rows("a\tb\tc\n\t\t\n \t\"x\"\t\n"),
        [(2, vec![String::new(); 3]), (3, vec![String::new(), "x".into(), String::new()])]
    );
}

#[test]
fn decimal_commas_are_read_when_asked_for() {
    let comma = Dialect { decimal: Decimal::Comma, ..Dialect::default() };
    let mut records = Records::new("a;b\n1,5;-2e3\n1.5;2\n".as_bytes(), &comma).unwrap();
    let record = records.next().unwrap().unwrap();
    assert_eq!((record.number(0).unwrap(), record.number_f32(1).unwrap()), (1.5, -2000.0));
    assert!(matches!(records.next().unwrap().unwrap().number(0), Err(Error::CsvNotANumber { line: 3, .. })));
    let mut records = Records::new("a;b\n1,5;2\n".as_bytes(), &Dialect::default()).unwrap();
    assert!(matches!(records.next().unwrap().unwrap().number(0), Err(Error::CsvNotANumber { line: 2, .. })));
    // Without a header, and with more decimal commas than separators.
    let (_, rows) = read_with("1,5;2,5\n".as_bytes(), &comma).unwrap();
    assert_eq!(rows, [(1, vec!["1,5".into(), "2,5".into()])]);
    let both = Dialect { separator: Separator::Byte(b','), ..comma };
    let error = read_with("a,b\n".as_bytes(), &both).unwrap_err().to_string();
    assert!(error.contains("the comma (44), which stands before the decimals"), "{error}");
}

#[test]
fn numbers_are_finite_in_their_precision() {
    let mut records = Records::new("a,b\n1e39,1e309\n".as_bytes(), &Dialect::default()).unwrap();
    let record = records.next().unwrap().unwrap();
    assert_eq!(record.number(0).unwrap(), 1e39);
    let message = |error: Error| error.to_string();
    assert_eq!(
        message(record.number_f32(0).unwrap_err()),
        "line 2, column \"a\": \"1e39\" is not a finite number of at most 3.4e38 in size"
    );
    assert_eq!(
        message(record.number(1).unwrap_err()),
        "line 2, column \"b\": \"1e309\" is not a finite number of at most 1.8e308 in size"
    );
}

#[test]
fn damage_is_named_with_line_and_field() {
    check_refused(b"a,b\n1,2\n3,\xff\n", "line 3, field 2: the text is not UTF-8");
    check_refused(b"a;b;c\n1;\",\xc3\";3\n", "line 2, field 2: the text is not UTF-8");
    check_refused(b"\xff\xfea\0,\0b\0\n\0", "line 1, field 1: the text is not UTF-8");
    check_refused("a,b\n1,2\n1,2,3\n", "line 3 has 3 field(s), the first line 2");
    check_refused("a,b\n1\n", "line 2 has 1 field(s), the first line 2");
    check_refused(",".repeat(1 << 20), "line 1 has 1048577 fields: at most 262144 columns are read");
    let endless = std::io::repeat(b'7');
    let error = read_with(endless, &Dialect::default()).unwrap_err().to_string();
    assert_eq!(error, "line 1 has more than 67108864 bytes: is this a CSV file?");
}

/// Gives its bytes in pieces of the given size.
struct Pieces<'a>(&'a [u8], usize);

impl Read for Pieces<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
        let n = self.1.min(buffer.len());
        self.0.read(&mut buffer[..n])
    }
}

proptest! {
    /// Whatever the fields hold, and however they are written down, they are read back.
    #[test]
    fn fields_survive(
        table in (1..6_usize).prop_flat_map(|columns| {
            prop::collection::vec(prop::collection::vec("[a-z\u{e4}\u{3b1}0-9\",; .]{0,6}", columns), 1..6)
        }),
        blanks in prop::collection::vec(" {0,2}|\u{a0}", 8),
        end in prop_oneof!["\n", "\r", "\r\n"],
        piece in 1..9_usize,
        mark in prop_oneof!["", "\u{feff}"],
    ) {
        let mut blanks = blanks.iter().cycle();
        let mut file = mark + &(0..table[0].len()).map(|column| format!("n{column}")).collect::<Vec<_>>().join(",");
        for row in &table {
            file += &end;
            let quoted = row.iter().map(|field| {
                let field = field.replace('"', "\"\"");
                format!("{}\"{field}\"{}", blanks.next().unwrap(), blanks.next().unwrap())
            });
            file += &quoted.collect::<Vec<_>>().join(",");
        }
        let dialect = Dialect { header: Header::Present, ..Dialect::default() };
        let (_, rows) = read_with(Pieces(file.as_bytes(), piece), &dialect).unwrap();
        let expected: Vec<(u64, Vec<String>)> = table.iter().enumerate().map(|(index, row)| {
            (index as u64 + 2, row.iter().map(|field| field.trim().to_owned()).collect())
        }).collect();
        prop_assert_eq!(rows, expected);
    }

    /// Where nothing is quoted and nothing blank, the crate csv reads the same.
    #[test]
    fn agrees_with_the_crate_csv(text in "[a-c0-9.,]{1,12}(\r?\n[a-c0-9.,]{1,12}){0,6}") {
        let dialect = Dialect {
            header: Header::Present, separator: Separator::Byte(b','), ..Dialect::default()
        };
        let ours = read_with(text.as_bytes(), &dialect).map(|(names, rows)| {
            let rows = rows.into_iter().map(|row| row.1);
            std::iter::once(names).chain(rows).collect::<Vec<_>>()
        });
        let mut reader = csv::ReaderBuilder::new().has_headers(false).from_reader(text.as_bytes());
        let theirs: Result<Vec<Vec<String>>, csv::Error> = reader
            .records()
            .map(|record| Ok(record?.iter().map(str::to_owned).collect()))
            .collect();
        prop_assert_eq!(ours.ok(), theirs.ok());
    }

    #[test]
    fn no_text_makes_it_panic(text in "[a1.,;\"\r\n\t \u{a0}\u{feff}\0\\-]{0,60}", piece in 1..9_usize) {
        _ = read_with(Pieces(text.as_bytes(), piece), &Dialect::default());
    }

    #[test]
    fn no_bytes_make_it_panic(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
        _ = read_with(bytes.as_slice(), &Dialect::default());
    }
}
