//! A whole figure, and the way to SVG and PNG.

use serde::{Deserialize, Serialize};

use crate::draw::text::unsupported_character;
use crate::draw::{document, raster};
use crate::error::Error;
use crate::page::{Page, flow};
use crate::panel::Panel;
use crate::theme::{DOUBLE_COLUMN_MM, SINGLE_COLUMN_MM};

/// Height of the frames unless it is set, in millimetres.
const FRAME_HEIGHT_MM: f64 = 46.0;
/// Sensible sizes in print, in millimetres.
const WIDTHS_MM: (f64, f64) = (20.0, 1000.0);
const FRAME_HEIGHTS_MM: (f64, f64) = (10.0, 1000.0);

/// Panels in a grid, at print size.
///
/// The same figure gives the same bytes: drawing asks neither the system's fonts nor the clock, and no random numbers.
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
    /// Height of every frame (the area between the axes) in millimetres, from 10 to 1000. The height of the figure
    /// follows from it and from the labels.
    pub frame_height_mm: f64,
    /// Panels side by side, at least 1.
    pub columns: usize,
    /// The panels, row by row. One that covers more columns than are left in its row begins the next row.
    pub panels: Vec<Panel>,
    /// Widths of the columns' frames in relation to each other, all greater than 0; empty for equal widths.
    #[serde(default)]
    pub column_ratios: Vec<f64>,
    /// Heights of the rows' frames in millimetres, each from 10 to 1000; empty for the usual ones. Those are
    /// `frame_height_mm`, or, in rows of tables and images alone, what their contents need.
    #[serde(default)]
    pub row_heights_mm: Vec<f64>,
    /// Where the one legend for all panels goes; `None` for a legend in each panel.
    #[serde(default)]
    pub shared_legend: Option<SharedLegend>,
    /// Small print below everything else; it breaks into lines at spaces, and where it has line breaks.
    #[serde(default)]
    pub note: Option<String>,
}

/// Where the legend that all panels of a figure share goes. Entries of one label are one entry, drawn as in the first
/// panel that has it; panels whose legend is `None` add nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub enum SharedLegend {
    /// Above all panels.
    Above,
    /// Below all panels.
    Below,
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
            column_ratios: Vec::new(),
            row_heights_mm: Vec::new(),
            shared_legend: None,
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

    /// Sets the widths of the columns' frames in relation to each other.
    ///
    /// ```
    /// # use slt_plot::{Axis, Figure, Line, Panel};
    /// # let panel = || Panel::new(Axis::new("x"), Axis::new("y")).mark(Line::new(vec![0.0, 1.0], vec![0.0, 1.0]));
    /// let wide_and_narrow = Figure::double_column(vec![panel(), panel()]).column_ratios([2.0, 1.0]);
    /// assert!(wide_and_narrow.to_svg().is_ok());
    /// ```
    #[must_use]
    pub fn column_ratios(mut self, ratios: impl IntoIterator<Item = f64>) -> Self {
        self.column_ratios = ratios.into_iter().collect();
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
    pub fn shared_legend(mut self, place: SharedLegend) -> Self {
        self.shared_legend = Some(place);
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

    /// The figure as an SVG document with its size in millimetres.
    ///
    /// # Errors
    /// What is wrong with the figure and in which panel, mark or axis.
    pub fn to_svg(&self) -> Result<String, Error> {
        Ok(self.draw()?.svg)
    }

    /// The figure as a PNG file with `dpi` pixels per inch of print: 300 for paper, 150 for a page on the screen.
    ///
    /// # Errors
    /// Those of [`Figure::to_svg`], and a resolution that gives no picture.
    pub fn to_png(&self, dpi: f64) -> Result<Vec<u8>, Error> {
        let drawing = self.draw()?;
        raster::to_png(&drawing.svg, drawing.width, drawing.height, dpi)
    }

    fn draw(&self) -> Result<Drawing, Error> {
        self.validate()?;
        let page = Page::arrange(self)?;
        let (width, height) = (page.width(), page.height());
        let svg = document::with_print_size(&page.draw()?, width, height, self.description.as_deref());
        Ok(Drawing { svg, width, height })
    }

    /// Sizes and data; whether texts fit shows when the page is arranged.
    fn validate(&self) -> Result<(), Error> {
        let sizes = [
            ("width_mm", self.width_mm, WIDTHS_MM),
            ("frame_height_mm", self.frame_height_mm, FRAME_HEIGHTS_MM),
        ];
        for (field, value, (min, max)) in sizes {
            if !(min..=max).contains(&value) {
                return Err(Error::Size { field, value, min, max });
            }
        }
        if self.panels.is_empty() {
            return Err(Error::NoPanels);
        }
        if self.columns == 0 {
            return Err(Error::NoColumns);
        }
        self.validate_grid()?;
        if let Some(character) = self.note.as_deref().and_then(unsupported_character) {
            return Err(Error::UnsupportedInNote { character });
        }
        self.panels.iter().enumerate().try_for_each(|(number, panel)| panel.validate(number))
    }

    /// Columns and rows against what is given for each of them.
    fn validate_grid(&self) -> Result<(), Error> {
        let columns = self.columns;
        if let Some((panel, wide)) =
            self.panels.iter().enumerate().find(|(_, p)| !(1..=columns).contains(&p.span))
        {
            return Err(Error::PanelSpan { panel, span: wide.span, columns });
        }
        let rows = flow::rows(&self.panels, columns);
        let counts = [
            ("column_ratios", self.column_ratios.len(), columns),
            ("row_heights_mm", self.row_heights_mm.len(), rows),
        ];
        for (field, len, expected) in counts {
            if len != 0 && len != expected {
                return Err(Error::GridCount { field, len, expected });
            }
        }
        if let Some(&value) = self.column_ratios.iter().find(|r| !(r.is_finite() && **r > 0.0)) {
            return Err(Error::Ratio { value });
        }
        let (min, max) = FRAME_HEIGHTS_MM;
        match self.row_heights_mm.iter().find(|height| !(min..=max).contains(*height)) {
            Some(&value) => Err(Error::Size { field: "row_heights_mm", value, min, max }),
            None => Ok(()),
        }
    }
}

/// A figure as SVG with its size in points.
struct Drawing {
    svg: String,
    width: f64,
    height: f64,
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
