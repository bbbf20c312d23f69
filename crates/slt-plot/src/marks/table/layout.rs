//! The parts of a table in their sizes.

use super::{Table, TableRow};
use crate::draw::text::Font;
use crate::theme;

pub(super) const TEXT: Font = Font::regular(theme::TICK_TEXT);
const HEADER: Font = Font::bold(theme::TICK_TEXT);
/// Smallest space between columns.
const COLUMN_GAP: f64 = 10.0;
/// Space above and below the texts of a row, and on either side of a rule.
pub(super) const ROW_GAP: f64 = 1.6;
const RULE_GAP: f64 = 1.2;
const HEAVY_RULE: f64 = 0.9;
const THIN_RULE: f64 = 0.5;

/// A table with its lines broken.
pub(super) struct Layout {
    pub(super) columns: Vec<f64>,
    pub(super) gap: f64,
    pub(super) parts: Vec<TablePart>,
}

/// What a table consists of, from top to bottom.
pub(super) enum TablePart {
    Rule(f64),
    Cells(Font, Vec<Vec<String>>),
    Group(Vec<String>),
}

impl TablePart {
    pub(super) fn height(&self) -> f64 {
        let text = |lines: usize| 2.0 * ROW_GAP + TEXT.block_height(lines.max(1));
        match self {
            Self::Rule(width) => 2.0 * RULE_GAP + width,
            Self::Cells(_, cells) => text(cells.iter().map(Vec::len).max().unwrap_or(1)),
            Self::Group(lines) => text(lines.len()),
        }
    }
}

impl Table {
    /// The header and the rows of cells with their fonts.
    pub(super) fn lines(&self) -> impl Iterator<Item = (Font, &[String])> {
        let rows = self.rows.iter().filter_map(|row| match row {
            TableRow::Cells(cells) => Some((TEXT, &cells[..])),
            TableRow::Group(_) | TableRow::Rule => None,
        });
        std::iter::once((HEADER, &self.header[..])).chain(rows)
    }

    /// The widest of some measure of each column's texts.
    fn column_widths(&self, measure: impl Fn(Font, &str) -> f64) -> Vec<f64> {
        let mut widths = vec![0.0_f64; self.header.len()];
        for (font, cells) in self.lines() {
            for (width, text) in widths.iter_mut().zip(cells) {
                *width = width.max(measure(font, text));
            }
        }
        widths
    }

    /// Widths of the columns without breaking any line, and with a break at every space.
    pub(super) fn widest_and_narrowest(&self) -> (Vec<f64>, Vec<f64>) {
        let widest = |separators: &'static [char]| {
            self.column_widths(|font, text| text.split(separators).map(|t| font.width(t)).fold(0.0, f64::max))
        };
        (widest(&['\n']), widest(&['\n', ' ']))
    }

    pub(super) fn gaps(&self) -> f64 {
        COLUMN_GAP * (self.header.len() - 1) as f64
    }

    /// Everything in its place in a table `width` wide; `None` if a word is too wide.
    pub(super) fn layout(&self, width: f64) -> Option<Layout> {
        let free = width - self.gaps();
        let (natural, least) = self.widest_and_narrowest();
        let (natural_sum, least_sum) = (natural.iter().sum::<f64>(), least.iter().sum::<f64>());
        // A text that just fits must not break by rounding.
        const SLACK: f64 = 0.01;
        if least_sum > free + SLACK {
            return None;
        }
        let (columns, gap) = if natural_sum <= free {
            (natural, COLUMN_GAP + (free - natural_sum) / (self.header.len() - 1).max(1) as f64)
        } else {
            let share = (free - least_sum) / (natural_sum - least_sum);
            let columns = natural.iter().zip(&least).map(|(n, l)| l + (n - l) * share);
            (columns.collect(), COLUMN_GAP)
        };
        let broken = |font: Font, cells: &[String]| -> Option<Vec<Vec<String>>> {
            cells.iter().zip(&columns).map(|(text, width)| font.wrap(text, width + SLACK).ok()).collect()
        };
        let mut parts = vec![TablePart::Rule(HEAVY_RULE)];
        if self.header.iter().any(|text| !text.is_empty()) {
            parts.extend([
                TablePart::Cells(HEADER, broken(HEADER, &self.header)?),
                TablePart::Rule(THIN_RULE),
            ]);
        }
        for (i, row) in self.rows.iter().enumerate() {
            match row {
                TableRow::Cells(cells) => parts.push(TablePart::Cells(TEXT, broken(TEXT, cells)?)),
                TableRow::Rule => parts.push(TablePart::Rule(THIN_RULE)),
                TableRow::Group(text) => {
                    if i > 0 {
                        parts.push(TablePart::Rule(THIN_RULE));
                    }
                    parts.push(TablePart::Group(TEXT.wrap(text, width).ok()?));
                }
            }
        }
        parts.push(TablePart::Rule(HEAVY_RULE));
        Some(Layout { columns, gap, parts })
    }
}
