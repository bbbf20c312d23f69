//! A whole figure.

use serde::{Deserialize, Serialize};

use crate::panel::Panel;
use crate::theme::{DOUBLE_COLUMN_MM, SINGLE_COLUMN_MM};

/// Height of the frames unless it is set, in millimetres.
const FRAME_HEIGHT_MM: f64 = 46.0;

/// Panels in a grid, at print size.
///
/// The same figure gives the same bytes: drawing asks neither the system's fonts nor the clock, and no random
/// numbers.
///
/// ```
/// use slt_plot::{Axis, Figure, Line, Panel};
/// # fn main() -> Result<(), slt_plot::Error> {
/// let panel = Panel::new(Axis::new("Generation"), Axis::new("Accuracy (%)").percent())
///     .mark(Line::new(vec![0.0, 50.0, 100.0], vec![0.57, 0.82, 0.91]).label("best of the population"));
/// let figure = Figure::single_column(panel);
/// let svg = figure.to_svg()?;
/// let png = figure.to_png(300.0)?;
/// assert!(svg.contains("Accuracy (%)"));
/// assert_eq!(png[1..4], *b"PNG");
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Figure {
    /// What the figure shows, in a sentence for screen readers; it is not drawn.
    pub description: Option<String>,
    /// Width of the whole figure in millimetres, from 20 to 1000.
    pub width_mm: f64,
    /// Height of every frame (the area between the axes) in millimetres, from 10 to 1000. The height of the
    /// figure follows from it and from the labels.
    pub frame_height_mm: f64,
    /// Panels side by side, at least 1.
    pub columns: usize,
    /// The panels, row by row. One that covers more columns than are left in its row begins the next row.
    pub panels: Vec<Panel>,
    /// Heights of the rows' frames in millimetres, each from 10 to 1000; empty for the usual ones. Those are
    /// `frame_height_mm`, or, in rows of tables and images alone, what their contents need.
    pub row_heights_mm: Vec<f64>,
    /// Whether all panels have one legend, above them, instead of one each. Entries of one label are one
    /// entry, drawn as in the first panel that has it; panels without a legend add nothing.
    pub shared_legend: bool,
    /// Small print below everything else; it breaks into lines at spaces, and where it has line breaks.
    pub note: Option<String>,
}

impl Figure {
    /// A figure of one panel, as wide as a journal column ([`SINGLE_COLUMN_MM`]).
    #[must_use]
    pub fn single_column(panel: Panel) -> Self {
        Self::grid(SINGLE_COLUMN_MM, 1, vec![panel])
    }

    /// A figure of panels side by side, as wide as a journal page ([`DOUBLE_COLUMN_MM`]).
    #[must_use]
    pub fn double_column(panels: Vec<Panel>) -> Self {
        Self::grid(DOUBLE_COLUMN_MM, panels.len(), panels)
    }

    /// Panels in rows of `columns`, in a figure `width_mm` wide.
    #[must_use]
    pub fn grid(width_mm: f64, columns: usize, panels: Vec<Panel>) -> Self {
        Self {
            description: None,
            width_mm,
            frame_height_mm: FRAME_HEIGHT_MM,
            columns,
            panels,
            row_heights_mm: Vec::new(),
            shared_legend: false,
            note: None,
        }
    }

    /// Sets the description for screen readers.
    #[must_use]
    pub fn description(mut self, description: impl Into<String>) -> Self {
        self.description = Some(description.into());
        self
    }

    /// Sets the height of the frames in millimetres.
    #[must_use]
    pub fn frame_height_mm(mut self, height: f64) -> Self {
        self.frame_height_mm = height;
        self
    }

    /// Sets the height of the frames of each row in millimetres.
    #[must_use]
    pub fn row_heights_mm(mut self, heights: impl IntoIterator<Item = f64>) -> Self {
        self.row_heights_mm = heights.into_iter().collect();
        self
    }

    /// Gives all panels one legend.
    #[must_use]
    pub fn shared_legend(mut self) -> Self {
        self.shared_legend = true;
        self
    }

    /// Sets the small print below the figure.
    ///
    /// ```
    /// # use slt_plot::{Axis, Figure, Line, Panel};
    /// let panel = Panel::new(Axis::new("x"), Axis::new("y")).mark(Line::new(vec![0.0, 1.0], vec![0.0, 1.0]));
    /// let svg = Figure::single_column(panel).note("R = 25 runs").to_svg().unwrap();
    /// assert!(svg.contains("R = 25 runs"));
    /// ```
    #[must_use]
    pub fn note(mut self, note: impl Into<String>) -> Self {
        self.note = Some(note.into());
        self
    }

    /// Marks the panels (a), (b), (c), ..., and after (z) with (aa), (ab), ...
    #[must_use]
    pub fn lettered(mut self) -> Self {
        for (number, panel) in self.panels.iter_mut().enumerate() {
            panel.letter = Some(format!("({})", letters(number)));
        }
        self
    }
}

/// The letters of a panel, numbered from 0: a to z, aa to zz, aaa, ...
fn letters(mut number: usize) -> String {
    let mut letters = Vec::new();
    loop {
        letters.push(char::from(b'a' + (number % 26) as u8));
        match (number / 26).checked_sub(1) {
            Some(rest) => number = rest,
            None => return letters.into_iter().rev().collect(),
        }
    }
}
