//! Small grey pictures.

use super::grid::rectangular;
use super::*;
use crate::draw::cells::draw_cells;

/// A picture of grey pixels with a caption below.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Image {
    /// `pixels[row][column]`, the upper row first, from 0 to [`Images::max`].
    pub pixels: Vec<Vec<f64>>,
    /// Text below; empty for none.
    pub caption: String,
}

/// Pictures row by row, for a panel without axes ([`Panel::bare`](crate::Panel::bare)). They are as large as
/// the frame allows, with square pixels; in a row of a figure that holds nothing else, the frame is as high
/// as they need.
///
/// # Shapes
/// At least one picture; the pixels of each have rows of equal length.
///
/// ```
/// use slt_plot::{Figure, Image, Images, Panel};
/// # fn main() -> Result<(), slt_plot::Error> {
/// let pixels = (0..8).map(|r| (0..8).map(|c| f64::from((r + c) % 17)).collect()).collect();
/// let digit = Image { pixels, caption: "0".into() };
/// let digits = Panel::bare().mark(Images::new(vec![digit; 10]).columns(5).max(16.0));
/// assert!(Figure::single_column(digits).to_svg().is_ok());
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Images {
    /// The pictures, row by row.
    pub images: Vec<Image>,
    /// Pictures side by side, at least 1.
    pub columns: usize,
    /// The value of the darkest pixel, greater than 0; greater ones look alike, and so do those below 0,
    /// which is white.
    pub max: f64,
}

const CAPTION: Font = Font::regular(theme::TICK_TEXT);
/// Space between pictures, and between a picture and its caption.
const GAP: f64 = 5.0;
const CAPTION_GAP: f64 = 2.5;
/// Smallest space between neighbouring captions.
const WORD_GAP: f64 = 3.0;
/// Smallest width of a picture.
const MIN_SIDE: f64 = 6.0;

impl Images {
    /// Pictures of pixels from 0 to 1 in one row.
    #[must_use]
    pub fn new(images: Vec<Image>) -> Self {
        Self { columns: images.len().max(1), images, max: 1.0 }
    }

    fn caption_height(&self) -> f64 {
        if self.images.iter().all(|image| image.caption.is_empty()) {
            0.0
        } else {
            CAPTION_GAP + CAPTION.block_height(1)
        }
    }

    fn rows(&self) -> usize {
        self.images.len().div_ceil(self.columns)
    }

    /// The greatest height of a picture in units of its width.
    fn tallest(&self) -> f64 {
        let shape = |image: &Image| image.pixels.len() as f64 / image.pixels[0].len() as f64;
        self.images.iter().map(shape).fold(0.0, f64::max)
    }

    /// Height of everything around the pictures.
    fn extra_height(&self) -> f64 {
        let rows = self.rows() as f64;
        rows * self.caption_height() + (rows - 1.0) * GAP
    }

    /// Width of each picture in a frame `width` wide.
    fn widest(&self, width: f64) -> f64 {
        let columns = self.columns as f64;
        (width - (columns - 1.0) * GAP) / columns
    }

    /// The places of the pictures.
    fn areas(&self, frame: &Rect) -> Vec<Rect> {
        let by_height = (frame.height() - self.extra_height()) / self.rows() as f64 / self.tallest();
        let side = self.widest(frame.width()).min(by_height);
        let height = side * self.tallest();
        (0..self.images.len())
            .map(|i| {
                let (row, column) = ((i / self.columns) as f64, (i % self.columns) as f64);
                let top = frame.top + row * (height + self.caption_height() + GAP);
                Rect::at(frame.left + column * (side + GAP), top, side, height)
            })
            .collect()
    }

    fn draw_image(&self, canvas: &Canvas<'_>, image: &Image, area: &Rect) {
        let (rows, columns) = (image.pixels.len(), image.pixels[0].len());
        let pixel = area.width() / columns as f64;
        let top = area.bottom - pixel * rows as f64;
        let edges =
            |start: f64, n: usize| -> Vec<f64> { (0..=n).map(|i| start + pixel * i as f64).collect() };
        let color = |row: usize, column: usize| {
            let share = image.pixels[row][column] / self.max;
            ColorMap::Grays.color_at(share)
        };
        draw_cells(canvas, area, &edges(area.left, columns), &edges(top, rows), color);
        let outline = Rect { top, ..*area };
        canvas.outline(&outline.corners(), &Stroke::solid(theme::MUTED, theme::GRID_STROKE));
    }
}

setters!(Images {
    /// Sets how many pictures stand side by side.
    columns(columns: usize) { columns = columns }
    /// Sets the value of the darkest pixel.
    max(max: f64) { max = max }
});

impl Draw for Images {
    fn texts(&self) -> Vec<&str> {
        self.images.iter().map(|image| image.caption.as_str()).collect()
    }

    fn validate(&self, at: &Place) -> Result<(), Error> {
        check::some(at, "images", self.images.len())?;
        check::value(at, "columns", self.columns as f64, self.columns > 0, "at least 1")?;
        check::positive(at, "max", self.max)?;
        self.images.iter().try_for_each(|image| rectangular(at, "pixels", &image.pixels))
    }

    fn natural_height(&self, width: f64) -> Option<f64> {
        let side = self.widest(width);
        Some((self.rows() as f64 * side * self.tallest() + self.extra_height()).max(0.0))
    }

    fn fits(&self, at: &Place, width: f64, height: f64) -> Result<(), Error> {
        let (rows, columns) = (self.rows() as f64, self.columns as f64);
        check::room(at, "a row of pictures", columns * (MIN_SIDE + GAP) - GAP, width)?;
        check::room(
            at,
            "a column of pictures",
            rows * MIN_SIDE * self.tallest() + self.extra_height(),
            height,
        )?;
        let side = self.areas(&Rect::at(0.0, 0.0, width, height))[0].width();
        let caption = self.images.iter().map(|image| CAPTION.width(&image.caption)).fold(0.0, f64::max);
        let taken = columns * (side + GAP) - GAP;
        check::room(at, "a row of captions", columns * (caption + WORD_GAP) - GAP, taken)
    }

    fn draw(&self, canvas: &Canvas<'_>, view: &View) {
        for (image, area) in self.images.iter().zip(self.areas(&view.frame)) {
            self.draw_image(canvas, image, &area);
            let baseline = Point::new(area.center().x, area.bottom + CAPTION_GAP + CAPTION.cap_height());
            canvas.text(&image.caption, baseline, &TextStyle::new(CAPTION, Anchor::Center));
        }
    }
}
