//! The bundled font: which characters it has, how wide a text is, where a line breaks, and the outlines of
//! its glyphs.

use std::fmt::Write;
use std::sync::OnceLock;

use ttf_parser::gpos::{PairAdjustment, PositioningSubtable};
use ttf_parser::{Face, GlyphId, OutlineBuilder, Tag};

/// Height of the digits and capitals in em (`sCapHeight`).
const CAP_HEIGHT: f64 = 1409.0 / 2048.0;
/// Depth below the baseline in em (`hhea.descender`).
const DESCENT: f64 = 434.0 / 2048.0;
/// Distance of baselines in em.
const LINE_HEIGHT: f64 = 1.2;
/// Units of the font in an em.
pub(crate) const UNITS_PER_EM: f64 = 2048.0;

/// A weight and size of the bundled font.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Font {
    /// Size in points.
    pub(crate) size: f64,
    pub(crate) bold: bool,
}

/// A line of text in units of the font.
pub(crate) struct Typeset {
    /// The glyphs that leave ink, with their distances from the beginning.
    pub(crate) glyphs: Vec<(GlyphId, i32)>,
    pub(crate) width: i32,
}

impl Font {
    pub(crate) const fn regular(size: f64) -> Self {
        Self { size, bold: false }
    }

    pub(crate) const fn bold(size: f64) -> Self {
        Self { size, bold: true }
    }

    /// Width of one line of text in points.
    pub(crate) fn width(self, text: &str) -> f64 {
        f64::from(typeset(self.bold, text).width) * self.size / UNITS_PER_EM
    }

    /// Width of the widest line.
    pub(crate) fn block_width<S: AsRef<str>>(self, lines: &[S]) -> f64 {
        lines.iter().map(|line| self.width(line.as_ref())).fold(0.0, f64::max)
    }

    /// Height from the top of the capitals in the first line to the descenders of the last.
    pub(crate) fn block_height(self, lines: usize) -> f64 {
        if lines == 0 {
            0.0
        } else {
            self.cap_height() + self.descent() + self.leading() * (lines - 1) as f64
        }
    }

    pub(crate) fn cap_height(self) -> f64 {
        CAP_HEIGHT * self.size
    }

    pub(crate) fn descent(self) -> f64 {
        DESCENT * self.size
    }

    /// Distance between baselines.
    pub(crate) fn leading(self) -> f64 {
        LINE_HEIGHT * self.size
    }

    /// Breaks a text at spaces so that no line is wider than `width`; line breaks in the text are kept. `Err`
    /// holds the width of a word that is too wide by itself.
    pub(crate) fn wrap(self, text: &str, width: f64) -> Result<Vec<String>, f64> {
        let mut lines = Vec::new();
        for paragraph in text.lines() {
            let mut line = String::new();
            for word in paragraph.split(' ').filter(|word| !word.is_empty()) {
                let candidate = if line.is_empty() { word.to_owned() } else { format!("{line} {word}") };
                if self.width(&candidate) <= width {
                    line = candidate;
                    continue;
                }
                let word_width = self.width(word);
                if word_width > width {
                    return Err(word_width);
                }
                lines.push(std::mem::replace(&mut line, word.to_owned()));
            }
            lines.push(line);
        }
        Ok(lines)
    }
}

/// The first character that the bundled font cannot show. Line breaks are no characters.
pub(crate) fn unsupported_character(text: &str) -> Option<char> {
    let is_shown = |c: char| [false, true].into_iter().all(|bold| face(bold).glyph_index(c).is_some());
    text.chars().find(|&c| c != '\n' && !is_shown(c))
}

/// The two weights of the bundled font.
fn face(bold: bool) -> &'static Face<'static> {
    static FACES: OnceLock<[Face<'static>; 2]> = OnceLock::new();
    let files: [&[u8]; 2] = [
        include_bytes!("../../assets/fonts/Arimo-Regular.subset.ttf"),
        include_bytes!("../../assets/fonts/Arimo-Bold.subset.ttf"),
    ];
    let faces =
        FACES.get_or_init(|| files.map(|file| Face::parse(file, 0).expect("the bundled files are fonts")));
    &faces[usize::from(bold)]
}

/// Sets a line of text, with the font's kerning.
pub(crate) fn typeset(bold: bool, text: &str) -> Typeset {
    let face = face(bold);
    let mut set = Typeset { glyphs: Vec::new(), width: 0 };
    let mut previous = None;
    for glyph in text.chars().filter_map(|character| face.glyph_index(character)) {
        set.width += previous.map_or(0, |left| kerning(face, left, glyph));
        if face.glyph_bounding_box(glyph).is_some() {
            set.glyphs.push((glyph, set.width));
        }
        set.width += i32::from(face.glyph_hor_advance(glyph).unwrap_or(0));
        previous = Some(glyph);
    }
    set
}

/// What the font adds to the distance of two neighbouring glyphs (OpenType specification, pair adjustment in
/// `GPOS`).
fn kerning(face: &Face<'_>, left: GlyphId, right: GlyphId) -> i32 {
    let pair = |table: PairAdjustment<'_>| -> Option<i32> {
        let covered = table.coverage().get(left)?;
        let (first, _) = match table {
            PairAdjustment::Format1 { sets, .. } => sets.get(covered)?.get(right)?,
            PairAdjustment::Format2 { classes, matrix, .. } => {
                matrix.get((classes.0.get(left), classes.1.get(right)))?
            }
        };
        Some(i32::from(first.x_advance))
    };
    let Some(gpos) = face.tables().gpos else { return 0 };
    let kern = gpos.features.find(Tag::from_bytes(b"kern"));
    let lookups = kern.into_iter().flat_map(|feature| feature.lookup_indices);
    let adjusts = lookups.filter_map(|index| gpos.lookups.get(index)).map(|lookup| {
        let tables = lookup.subtables.into_iter::<PositioningSubtable<'_>>();
        let found = tables.filter_map(|table| match table {
            PositioningSubtable::Pair(table) => pair(table),
            _ => None,
        });
        found.into_iter().next().unwrap_or(0)
    });
    adjusts.sum()
}

/// The outline of a glyph as SVG path data, in units of the font with y growing upwards.
pub(crate) fn outline(bold: bool, glyph: GlyphId) -> String {
    let mut path = PathData(String::new());
    face(bold).outline_glyph(glyph, &mut path);
    path.0
}

struct PathData(String);

impl PathData {
    fn push(&mut self, command: char, numbers: &[f32]) {
        self.0.push(command);
        for (i, number) in numbers.iter().enumerate() {
            let separator = if i == 0 || *number < 0.0 { "" } else { " " };
            // Writing to a string cannot fail.
            let _ = write!(self.0, "{separator}{number}");
        }
    }
}

impl OutlineBuilder for PathData {
    fn move_to(&mut self, x: f32, y: f32) {
        self.push('M', &[x, y]);
    }

    fn line_to(&mut self, x: f32, y: f32) {
        self.push('L', &[x, y]);
    }

    fn quad_to(&mut self, x1: f32, y1: f32, x: f32, y: f32) {
        self.push('Q', &[x1, y1, x, y]);
    }

    fn curve_to(&mut self, x1: f32, y1: f32, x2: f32, y2: f32, x: f32, y: f32) {
        self.push('C', &[x1, y1, x2, y2, x, y]);
    }

    fn close(&mut self) {
        self.0.push('z');
    }
}

#[cfg(test)]
mod tests {
    use serde::Deserialize;

    use super::*;

    /// A text as HarfBuzz sets it, in units of the font.
    #[derive(Deserialize)]
    struct Shaped {
        bold: bool,
        text: String,
        glyphs: Vec<(u16, i32)>,
        width: i32,
    }

    #[test]
    fn glyphs_stand_where_harfbuzz_puts_them() {
        let all: Vec<Shaped> = serde_json::from_str(include_str!("../../tests/golden/shaped.json")).unwrap();
        for Shaped { bold, text, glyphs, width } in all {
            let glyphs = glyphs.into_iter().map(|(glyph, at)| (GlyphId(glyph), at));
            // Spaces move what follows, and are not drawn.
            let drawn: Vec<_> =
                glyphs.filter(|&(glyph, _)| face(bold).glyph_bounding_box(glyph).is_some()).collect();
            let ours = typeset(bold, &text);
            assert_eq!((ours.glyphs, ours.width), (drawn, width), "{text}, bold: {bold}");
        }
    }

    #[test]
    fn wrapping_keeps_within_the_width_and_loses_no_word() {
        let font = Font::regular(9.0);
        let text = "mean test accuracy over twenty-five runs of each configuration";
        let lines = font.wrap(text, 90.0).unwrap();
        assert!(lines.len() > 2);
        assert!(lines.iter().all(|line| font.width(line) <= 90.0));
        assert_eq!(lines.join(" "), text);
        assert_eq!(font.wrap("A\n73.2 %", 100.0).unwrap(), ["A", "73.2 %"]);
        assert!(font.wrap("a incomprehensibilities", 30.0).unwrap_err() > 30.0);
    }

    #[test]
    fn greek_and_superscripts_are_covered_and_han_is_not() {
        assert_eq!(unsupported_character("Δδ η = 10⁻³ ± ½ − ≤ é\n"), None);
        assert_eq!(unsupported_character("a漢"), Some('漢'));
    }
}
