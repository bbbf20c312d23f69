//! A whole figure.

use serde::{Deserialize, Serialize};

use crate::panel::Panel;
use crate::style::setters;
use crate::theme::{DOUBLE_COLUMN_MM, SINGLE_COLUMN_MM};

/// Height of the frames unless it is set, in millimetres.
const FRAME_HEIGHT_MM: f64 = 46.0;

/// Panels in a grid, at print size.
///
/// The same figure gives the same bytes: drawing asks neither the system's fonts nor the clock, and no random
/// numbers.
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
        let (description, note, row_heights_mm, shared_legend) = (None, None, Vec::new(), false);
        let frame_height_mm = FRAME_HEIGHT_MM;
        Self { description, width_mm, frame_height_mm, columns, panels, row_heights_mm, shared_legend, note }
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

setters!(Figure {
    /// Sets the description for screen readers.
    description(description: impl Into<String>) { description = Some(description.into()) }
    /// Sets the height of the frames in millimetres.
    frame_height_mm(height: f64) { frame_height_mm = height }
    /// Sets the height of the frames of each row in millimetres.
    row_heights_mm(heights: impl IntoIterator<Item = f64>) { row_heights_mm = heights.into_iter().collect() }
    /// Gives all panels one legend.
    shared_legend() { shared_legend = true }
    /// Sets the small print below the figure.
    note(note: impl Into<String>) { note = Some(note.into()) }
});

/// The letters of a panel, numbered from 0: a to z, aa to zz, aaa, ...
fn letters(number: usize) -> String {
    let before = (number / 26).checked_sub(1).map_or(String::new(), letters);
    before + &char::from(b'a' + (number % 26) as u8).to_string()
}
