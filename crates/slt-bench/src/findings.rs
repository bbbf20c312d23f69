//! What a section finds: the same rows as JSON and as a table.

use serde::Serialize;

use crate::error::Error;

/// A row of a section's table.
pub(crate) trait Row: Serialize {
    /// Heads of the columns: first those with text, then those with numbers.
    const COLUMNS: (&'static [&'static str], &'static [&'static str]);

    /// A cell for each column.
    fn cells(&self) -> Vec<String>;
}

/// The rows of a section.
pub(crate) struct Findings {
    /// An array with an object for each row.
    pub(crate) json: serde_json::Value,
    /// A table in Markdown, which also reads well as it is.
    pub(crate) table: String,
}

impl Findings {
    pub(crate) fn new<R: Row>(rows: &[R]) -> Result<Self, Error> {
        let (text, numbers) = R::COLUMNS;
        let head = text.iter().chain(numbers).map(|&head| head.to_owned()).collect();
        let lines: Vec<Vec<String>> = std::iter::once(head).chain(rows.iter().map(Row::cells)).collect();
        Ok(Self { json: serde_json::to_value(rows)?, table: table(&lines, text.len()) })
    }
}

/// Lays out the head and the rows of a table; `n_text` columns are aligned to the left.
fn table(lines: &[Vec<String>], n_text: usize) -> String {
    let n_columns = lines.first().map_or(0, Vec::len);
    let width = |c: usize| lines.iter().map(|line| line[c].chars().count()).max().unwrap_or(0).max(3);
    let widths: Vec<usize> = (0..n_columns).map(width).collect();
    let rule: Vec<String> = widths
        .iter()
        .enumerate()
        .map(|(c, &w)| if c < n_text { "-".repeat(w) } else { "-".repeat(w - 1) + ":" })
        .collect();
    let mut lines: Vec<&[String]> = lines.iter().map(Vec::as_slice).collect();
    lines.insert(lines.len().min(1), &rule);
    let mut out = String::new();
    for line in lines {
        for (c, (cell, &w)) in line.iter().zip(&widths).enumerate() {
            out += &if c < n_text { format!("| {cell:<w$} ") } else { format!("| {cell:>w$} ") };
        }
        out += "|\n";
    }
    out
}

/// A number with three significant digits, without an exponent.
pub(crate) fn significant(x: f64) -> String {
    let magnitude = if x == 0.0 { 0.0 } else { x.abs().log10().floor() };
    let decimals = (2.0 - magnitude).clamp(0.0, 9.0) as usize;
    format!("{x:.decimals$}")
}

/// A share in percent.
pub(crate) fn percent(share: f64) -> String {
    format!("{:.1} %", 100.0 * share)
}

/// How many times as much.
pub(crate) fn times(factor: f64) -> String {
    format!("{factor:.2} x")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tables_are_aligned() {
        let lines =
            [["name", "s"], ["a", "1.5"], ["longer", "22.25"]].map(|line| line.map(str::to_owned).to_vec());
        let expect = "| name   |     s |\n| ------ | ----: |\n| a      |   1.5 |\n| longer | 22.25 |\n";
        assert_eq!(table(&lines, 1), expect);
    }

    #[test]
    fn three_digits() {
        for (x, expect) in
            [(0.0, "0.00"), (0.01234, "0.0123"), (1.0, "1.00"), (45.67, "45.7"), (12_345.6, "12346")]
        {
            assert_eq!(significant(x), expect);
        }
    }
}
