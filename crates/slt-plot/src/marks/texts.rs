//! Words at points.

use super::*;

/// A text beside every `(x[i], y[i])`, on a patch of the background. Texts whose point is outside the frame
/// are left out.
///
/// # Shapes
/// `x`, `y` and `texts` are equally long and not empty.
///
/// ```
/// use slt_plot::Texts;
/// let clusters = Texts::new(vec![1.0, 4.0], vec![2.0, 7.0], ["0", "1"]).shifted(0.0, 9.0);
/// ```
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Texts {
    /// Colour.
    pub style: Style,
    /// Horizontal positions.
    pub x: Vec<f64>,
    /// Vertical positions.
    pub y: Vec<f64>,
    /// The texts, of one line each.
    pub texts: Vec<String>,
    /// How far the middle of a text is to the right of its point and above it, in points.
    pub shift: (f64, f64),
}

const TEXT: Font = Font::regular(7.5);
/// Room around a text, and opacity of the patch below it.
const PADDING: f64 = 0.8;
const PATCH_OPACITY: f64 = 0.75;

styled!(Texts: color);

impl Texts {
    /// Texts in the middle of their points, in the colour of the axes.
    #[must_use]
    pub fn new<S: Into<String>>(x: Vec<f64>, y: Vec<f64>, texts: impl IntoIterator<Item = S>) -> Self {
        let texts = texts.into_iter().map(Into::into).collect();
        let style = Style { color: Color::Ink, ..Style::default() };
        Self { style, x, y, texts, ..Self::default() }
    }

    /// The places of the texts whose points are within the frame.
    fn places<'a>(&'a self, view: &'a View) -> impl Iterator<Item = (&'a str, Rect)> {
        let points = view.path(&self.x, &self.y, false).into_iter().zip(&self.texts);
        points.filter(|(point, _)| view.frame.contains(*point)).map(|(point, text)| {
            let (width, height) = (TEXT.width(text), TEXT.cap_height());
            let middle = Point::new(point.x + self.shift.0, point.y - self.shift.1);
            (text.as_str(), Rect::at(middle.x - width / 2.0, middle.y - height / 2.0, width, height))
        })
    }
}

setters!(Texts {
    /// Moves the texts to the right and upwards, in points.
    shifted(right: f64, up: f64) { shift = (right, up) }
});

impl Draw for Texts {
    fn texts(&self) -> Vec<&str> {
        self.texts.iter().map(String::as_str).collect()
    }

    fn validate(&self, at: &Place) -> Result<(), Error> {
        check::columns(at, &[("x", &self.x), ("y", &self.y)])?;
        check::as_many(at, ("texts", self.texts.len()), ("x", self.x.len()))?;
        check::finite(at, "shift", &[self.shift.0, self.shift.1])
    }

    fn extent(&self) -> Extent {
        Extent { x: Span::of(self.x.iter().copied()), y: Span::of(self.y.iter().copied()) }
    }

    fn draw(&self, canvas: &Canvas<'_>, view: &View) {
        let style = TextStyle { color: self.style.color.resolve(), ..TextStyle::new(TEXT, Anchor::Center) };
        for (text, place) in self.places(view) {
            let patch = theme::BACKGROUND.mix(PATCH_OPACITY);
            canvas.rectangle(&place.grown(PADDING), patch);
            canvas.text(text, Point::new(place.center().x, place.bottom), &style);
        }
    }
}
