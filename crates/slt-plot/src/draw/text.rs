//! The bundled font: which characters it has, how wide a text is, where a line breaks.

use std::ops::RangeInclusive;
use std::sync::OnceLock;

use plotters::style::{FontDesc, FontFamily, FontStyle, register_font};

use super::UNITS_PER_PT;

pub(crate) const REGULAR: &[u8] = include_bytes!("../../assets/fonts/Arimo-Regular.subset.ttf");
pub(crate) const BOLD: &[u8] = include_bytes!("../../assets/fonts/Arimo-Bold.subset.ttf");

/// The `font-family` of every text. Where Arimo is missing, the next names have the same advance widths.
pub(crate) const FAMILY: &str = "Arimo, Arial, Liberation Sans, Helvetica, sans-serif";

/// Height of the digits and capitals in em (`sCapHeight`).
const CAP_HEIGHT: f64 = 1409.0 / 2048.0;
/// Depth below the baseline in em (`hhea.descender`).
const DESCENT: f64 = 434.0 / 2048.0;
/// Ascent plus descent in em. ab_glyph's size of a font is this height, CSS's is the em.
const HEIGHT: f64 = (1854.0 + 434.0) / 2048.0;
/// Distance of baselines in em.
const LINE_HEIGHT: f64 = 1.2;

/// A weight and size of the bundled font.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Font {
    pub(crate) size: f64,
    pub(crate) bold: bool,
}

impl Font {
    pub(crate) const fn regular(size: f64) -> Self {
        Self { size, bold: false }
    }

    pub(crate) const fn bold(size: f64) -> Self {
        Self { size, bold: true }
    }

    pub(crate) fn style(self) -> FontStyle {
        if self.bold { FontStyle::Bold } else { FontStyle::Normal }
    }

    /// Advance width of one line of text in points, without kerning.
    pub(crate) fn width(self, text: &str) -> f64 {
        register();
        let size = self.size * HEIGHT * UNITS_PER_PT;
        let (width, _) = FontDesc::new(FontFamily::Name(FAMILY), size, self.style())
            .box_size(text)
            .expect("the bundled font is registered");
        f64::from(width) / UNITS_PER_PT
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

    /// Breaks a text at spaces so that no line is wider than `width`; line breaks in the text are kept. `Err` holds
    /// the width of a word that is too wide by itself.
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
    static COVERAGE: OnceLock<Vec<RangeInclusive<u32>>> = OnceLock::new();
    let coverage = COVERAGE.get_or_init(|| parse_ranges(include_str!("../../assets/fonts/unicodes.txt")));
    text.chars().find(|&c| c != '\n' && !coverage.iter().any(|range| range.contains(&u32::from(c))))
}

/// Reads the list of code points that the font was cut down to: `XXXX` or `XXXX-YYYY` a line, `#` before comments.
fn parse_ranges(list: &str) -> Vec<RangeInclusive<u32>> {
    let code = |hex: &str| u32::from_str_radix(hex, 16).expect("the bundled list holds hexadecimal numbers");
    list.lines()
        .map(|line| line.split('#').next().unwrap_or_default().trim())
        .filter(|line| !line.is_empty())
        .map(|line| match line.split_once('-') {
            Some((first, last)) => code(first)..=code(last),
            None => code(line)..=code(line),
        })
        .collect()
}

/// Makes the bundled font known to plotters, once.
fn register() {
    static DONE: OnceLock<bool> = OnceLock::new();
    let registered = *DONE.get_or_init(|| {
        register_font(FAMILY, FontStyle::Normal, REGULAR).is_ok()
            && register_font(FAMILY, FontStyle::Bold, BOLD).is_ok()
    });
    debug_assert!(registered, "the bundled font files are fonts");
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use resvg::usvg::{Node, Options, Text, Tree, fontdb};

    use super::*;

    /// A text as resvg lays it out with the bundled font, at 100 units per em.
    fn laid_out(text: &str, font: Font) -> Text {
        let mut database = fontdb::Database::new();
        database.load_font_data(REGULAR.to_vec());
        database.load_font_data(BOLD.to_vec());
        let weight = if font.bold { "bold" } else { "normal" };
        let svg = format!(
            "<svg xmlns='http://www.w3.org/2000/svg' width='100' height='100'>\
             <text y='50' font-family='{FAMILY}' font-size='{}' font-weight='{weight}'>{text}</text></svg>",
            font.size
        );
        let options = Options { fontdb: Arc::new(database), ..Options::default() };
        let tree = Tree::from_str(&svg, &options).unwrap();
        match tree.root().children() {
            [Node::Text(drawn)] => (**drawn).clone(),
            other => panic!("{text:?} became {other:?}"),
        }
    }

    #[test]
    fn measured_widths_are_those_of_the_renderer() {
        for font in [Font::regular(80.0), Font::bold(90.0)] {
            for text in ["Generation", "Training accuracy (%)", "−0.25", "10\u{2009}000", "Δ ≤ 10⁻³"]
            {
                let rendered = f64::from(laid_out(text, font).bounding_box().width());
                let measured = font.width(text);
                // The renderer kerns, which mostly narrows.
                assert!((0.995..1.02).contains(&(measured / rendered)), "{text}: {measured}, {rendered}");
            }
        }
    }

    #[test]
    fn the_font_has_every_character_that_the_list_names() {
        let list = parse_ranges(include_str!("../../assets/fonts/unicodes.txt"));
        for font in [Font::regular(10.0), Font::bold(10.0)] {
            for code in list.iter().cloned().flatten() {
                let character = char::from_u32(code).unwrap();
                if character.is_whitespace() || "<>&".contains(character) {
                    continue;
                }
                let text = laid_out(&character.to_string(), font);
                let glyphs = text.layouted().iter().flat_map(|span| &span.positioned_glyphs);
                let ids: Vec<u32> = glyphs.map(|glyph| glyph.id.0).collect();
                assert!(!ids.is_empty() && !ids.contains(&0), "U+{code:04X} has glyphs {ids:?}");
            }
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
    }

    #[test]
    fn a_word_wider_than_the_place_is_an_error() {
        assert!(Font::regular(9.0).wrap("a incomprehensibilities", 30.0).unwrap_err() > 30.0);
    }

    #[test]
    fn line_breaks_are_kept() {
        assert_eq!(Font::regular(8.0).wrap("A\n73.2 %", 100.0).unwrap(), ["A", "73.2 %"]);
    }

    #[test]
    fn greek_and_superscripts_are_covered_and_han_is_not() {
        assert_eq!(unsupported_character("Δδ η = 10⁻³ ± ½ − ≤ é\n"), None);
        assert_eq!(unsupported_character("a漢"), Some('漢'));
    }
}
