//! A whole figure, and the way to SVG and PNG.

use serde::{Deserialize, Serialize};

use crate::draw::{document, raster};
use crate::error::Error;
use crate::page::Page;
use crate::panel::Panel;
use crate::theme::{DOUBLE_COLUMN_MM, PT_PER_MM, SINGLE_COLUMN_MM};

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
    /// The panels, row by row.
    pub panels: Vec<Panel>,
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
        Self { description: None, width_mm, frame_height_mm: FRAME_HEIGHT_MM, columns, panels }
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

    /// Marks the panels (a), (b), (c), ...
    #[must_use]
    pub fn lettered(mut self) -> Self {
        for (letter, panel) in ('a'..='z').zip(&mut self.panels) {
            panel.letter = Some(format!("({letter})"));
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
        let page = Page::arrange(self, self.width_mm * PT_PER_MM, self.frame_height_mm * PT_PER_MM)?;
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
        self.panels.iter().enumerate().try_for_each(|(number, panel)| panel.validate(number))
    }
}

/// A figure as SVG with its size in points.
struct Drawing {
    svg: String,
    width: f64,
    height: f64,
}
