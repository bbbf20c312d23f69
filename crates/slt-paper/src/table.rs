use std::fmt::Write;

use serde::Serialize;

/// The numbers behind a figure, as rows and columns.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Table {
    /// Names of the columns.
    pub columns: Vec<String>,
    /// Rows, each with a number for every column.
    pub rows: Vec<Vec<f64>>,
}

impl Table {
    /// Comma-separated values with a header; numbers are the shortest decimals that read back as the same bits.
    ///
    /// ```
    /// let table = slt_paper::Table { columns: vec!["x".into(), "y".into()], rows: vec![vec![1.0, 0.1]] };
    /// assert_eq!(table.to_csv(), "x,y\n1,0.1\n");
    /// ```
    pub fn to_csv(&self) -> String {
        let mut csv = self.columns.join(",");
        csv.push('\n');
        for row in &self.rows {
            for (i, value) in row.iter().enumerate() {
                // Writing to a string cannot fail.
                let _ = write!(csv, "{}{value}", if i == 0 { "" } else { "," });
            }
            csv.push('\n');
        }
        csv
    }
}
