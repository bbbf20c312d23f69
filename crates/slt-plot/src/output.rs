//! From a figure to SVG and PNG.

use crate::check;
use crate::draw::raster;
use crate::error::{Error, Place};
use crate::figure::Figure;
use crate::page::{Page, grid};

/// Sensible sizes in print, in millimetres.
const WIDTHS_MM: (f64, f64) = (20.0, 1000.0);
const FRAME_HEIGHTS_MM: (f64, f64) = (10.0, 1000.0);

impl Figure {
    /// The figure as an SVG document with its size in millimetres. Texts are outlines, so that they look
    /// alike wherever the figure is viewed and printed; each is named by an `aria-label`.
    ///
    /// # Errors
    /// What is wrong with the figure and in which panel, mark or axis.
    pub fn to_svg(&self) -> Result<String, Error> {
        Ok(self.page()?.draw(self.description.as_deref()))
    }

    /// The figure as a PNG file with `dpi` pixels per inch of print: 300 for paper, 150 for a page on the
    /// screen.
    ///
    /// # Errors
    /// Those of [`Figure::to_svg`], and a resolution that gives no picture.
    pub fn to_png(&self, dpi: f64) -> Result<Vec<u8>, Error> {
        let page = self.page()?;
        raster::to_png(&page.draw(None), page.size, dpi)
    }

    fn page(&self) -> Result<Page<'_>, Error> {
        self.validate()?;
        Page::arrange(self)
    }

    /// Sizes and data; whether texts fit shows when the page is arranged.
    fn validate(&self) -> Result<(), Error> {
        let at = Place::Figure;
        let size = |field: &str, value: f64, (min, max): (f64, f64)| {
            check::value(&at, field, value, (min..=max).contains(&value), format_args!("from {min} to {max}"))
        };
        size("width_mm", self.width_mm, WIDTHS_MM)?;
        size("frame_height_mm", self.frame_height_mm, FRAME_HEIGHTS_MM)?;
        check::some(&at, "panels", self.panels.len())?;
        check::value(&at, "columns", self.columns as f64, self.columns > 0, "at least 1")?;
        for (i, panel) in self.panels.iter().enumerate() {
            let expected = format_args!("from 1 to {}, the columns of the figure", self.columns);
            let is_right = (1..=self.columns).contains(&panel.span);
            check::value(&Place::Panel(i), "span", panel.span as f64, is_right, expected)?;
        }
        let rows = grid::rows(&self.panels, self.columns);
        check::none_or_as_many(&at, ("row_heights_mm", self.row_heights_mm.len()), ("rows", rows))?;
        for (row, &height) in self.row_heights_mm.iter().enumerate() {
            size(&format!("row_heights_mm[{row}]"), height, FRAME_HEIGHTS_MM)?;
        }
        check::characters(&at, self.note.as_deref())?;
        self.panels.iter().enumerate().try_for_each(|(number, panel)| panel.validate(number))
    }
}
