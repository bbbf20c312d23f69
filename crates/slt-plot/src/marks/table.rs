//! Rows and columns of text.

use super::*;

/// A small table in journal style, for a panel without axes ([`Panel::bare`](crate::Panel::bare)): a rule
/// above and below, a thin one below the header, none between columns. It is as wide as its frame and stands
/// at its top; texts that are too wide break at spaces. In a row of a figure that holds nothing else, the
/// frame is as high as the table needs.
///
/// # Shapes
/// Every row of cells has as many texts as the header, at least one.
///
/// ```
/// use slt_plot::{Align, Figure, Panel, Table};
/// # fn main() -> Result<(), slt_plot::Error> {
/// let means = Table::new(["Architecture", "GA", "Backpropagation"])
///     .align([Align::Left, Align::Right, Align::Right])
///     .group("moons")
///     .row(["A", "92.07", "99.99"])
///     .row(["B", "96.12", "99.99"]);
/// assert!(Figure::single_column(Panel::bare().mark(means)).to_svg()?.contains("96.12"));
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Table {
    /// Bold texts above the columns; `\n` begins a new line here and in cells.
    pub header: Vec<String>,
    /// How the columns are aligned; those that are not named are left-aligned if first, else centred.
    pub align: Vec<Align>,
    /// What stands below the header.
    pub rows: Vec<TableRow>,
}

/// A row of a [`Table`].
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub enum TableRow {
    /// A text for each column.
    Cells(Vec<String>),
    /// A text across all columns, with a thin rule above unless it is the first row.
    Group(String),
    /// A thin rule.
    Rule,
}

/// Where the texts of a column stand.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub enum Align {
    /// At the left edge.
    #[default]
    Left,
    /// In the middle.
    Center,
    /// At the right edge, as for numbers with equally many decimals.
    Right,
}

impl Table {
    /// A table without rows.
    #[must_use]
    pub fn new<S: Into<String>>(header: impl IntoIterator<Item = S>) -> Self {
        Self { header: header.into_iter().map(Into::into).collect(), ..Self::default() }
    }

    /// Where the texts of a column stand that begins at `left`.
    fn anchor(&self, column: usize, left: f64, width: f64) -> (Anchor, f64) {
        let usual = if column == 0 { Align::Left } else { Align::Center };
        match self.align.get(column).unwrap_or(&usual) {
            Align::Left => (Anchor::Left, left),
            Align::Center => (Anchor::Center, left + width / 2.0),
            Align::Right => (Anchor::Right, left + width),
        }
    }
}

setters!(Table {
    /// Adds a row of cells.
    row(cells: impl IntoIterator<Item = impl Into<String>>) {
        rows.push(TableRow::Cells(cells.into_iter().map(Into::into).collect()))
    }
    /// Adds a text across all columns, above the rows that it names.
    group(text: impl Into<String>) { rows.push(TableRow::Group(text.into())) }
    /// Adds a thin rule.
    rule() { rows.push(TableRow::Rule) }
    /// Sets how the columns are aligned, from the first on.
    align(align: impl IntoIterator<Item = Align>) { align = align.into_iter().collect() }
});

impl Draw for Table {
    fn texts(&self) -> Vec<&str> {
        let groups = self.rows.iter().filter_map(|row| match row {
            TableRow::Group(text) => Some(text.as_str()),
            TableRow::Cells(_) | TableRow::Rule => None,
        });
        self.lines().flat_map(|(_, cells)| cells).map(String::as_str).chain(groups).collect()
    }

    fn validate(&self, at: &Place) -> Result<(), Error> {
        check::some(at, "header", self.header.len())?;
        check::some(at, "rows", self.rows.len())?;
        let expected = self.header.len();
        for (row, (_, cells)) in self.lines().skip(1).enumerate() {
            let words = format!("rows of {expected} cells, as the header; row {row} has another length");
            check::count(at, "rows", cells.len(), cells.len() == expected, words)?;
        }
        Ok(())
    }

    fn natural_height(&self, width: f64) -> Option<f64> {
        self.layout(width).map(|layout| layout.parts.iter().map(TablePart::height).sum())
    }

    fn fits(&self, at: &Place, width: f64, height: f64) -> Result<(), Error> {
        let (_, least) = self.widest_and_narrowest();
        check::room(at, "the widest row", least.iter().sum::<f64>() + self.gaps(), width)?;
        for row in &self.rows {
            if let TableRow::Group(text) = row {
                let word = TEXT.wrap(text, width).err().unwrap_or(0.0);
                check::room(at, "a word", word, width)?;
            }
        }
        check::room(at, "the height of the table", self.natural_height(width).unwrap_or(0.0), height)
    }

    fn draw(&self, canvas: &Canvas<'_>, view: &View) {
        let frame = &view.frame;
        // What does not fit has been refused.
        let Some(layout) = self.layout(frame.width()) else { return };
        let mut top = frame.top;
        for part in &layout.parts {
            match part {
                TablePart::Rule(width) => {
                    let y = top + part.height() / 2.0;
                    let ends = [Point::new(frame.left, y), Point::new(frame.right, y)];
                    canvas.path(&ends, &Stroke::solid(theme::INK, *width));
                }
                TablePart::Cells(font, cells) => {
                    let (baseline, mut left) = (top + ROW_GAP + font.cap_height(), frame.left);
                    for (i, (lines, width)) in cells.iter().zip(&layout.columns).enumerate() {
                        let (anchor, x) = self.anchor(i, left, *width);
                        canvas.lines(lines, Point::new(x, baseline), &TextStyle::new(*font, anchor));
                        left += width + layout.gap;
                    }
                }
                TablePart::Group(lines) => {
                    let first = Point::new(frame.center().x, top + ROW_GAP + TEXT.cap_height());
                    canvas.lines(lines, first, &TextStyle::new(TEXT, Anchor::Center));
                }
            }
            top += part.height();
        }
    }
}

const TEXT: Font = Font::regular(theme::TICK_TEXT);
const HEADER: Font = Font::bold(theme::TICK_TEXT);
/// Smallest space between columns.
const COLUMN_GAP: f64 = 10.0;
/// Space above and below the texts of a row, and on either side of a rule.
const ROW_GAP: f64 = 1.6;
const RULE_GAP: f64 = 1.2;
const HEAVY_RULE: f64 = 0.9;
const THIN_RULE: f64 = 0.5;

/// A table with its lines broken.
struct Layout {
    columns: Vec<f64>,
    gap: f64,
    parts: Vec<TablePart>,
}

/// What a table consists of, from top to bottom.
enum TablePart {
    Rule(f64),
    Cells(Font, Vec<Vec<String>>),
    Group(Vec<String>),
}

impl TablePart {
    fn height(&self) -> f64 {
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
    fn lines(&self) -> impl Iterator<Item = (Font, &[String])> {
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
    fn widest_and_narrowest(&self) -> (Vec<f64>, Vec<f64>) {
        let widest = |separators: &'static [char]| {
            self.column_widths(|font, text| text.split(separators).map(|t| font.width(t)).fold(0.0, f64::max))
        };
        (widest(&['\n']), widest(&['\n', ' ']))
    }

    fn gaps(&self) -> f64 {
        COLUMN_GAP * (self.header.len() - 1) as f64
    }

    /// Everything in its place in a table `width` wide; `None` if a word is too wide.
    fn layout(&self, width: f64) -> Option<Layout> {
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
