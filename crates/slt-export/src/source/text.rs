//! Tables of numbers as text.

use std::fmt::Write;

/// The numbers of a table.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Numbers {
    Float(Vec<f32>),
    Double(Vec<f64>),
    /// Of the narrowest type that holds all.
    Unsigned(Vec<u32>),
    Signed(Vec<i32>),
}

/// A table with a name in lower case.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Table {
    pub(super) name: &'static str,
    pub(super) numbers: Numbers,
}

/// The type of the elements, and their width in bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Element {
    Float,
    Double,
    Unsigned(usize),
    Signed(usize),
}

impl Element {
    pub(super) fn bytes(self) -> usize {
        match self {
            Self::Float => 4,
            Self::Double => 8,
            Self::Unsigned(bytes) | Self::Signed(bytes) => bytes,
        }
    }
}

impl Table {
    pub(super) fn new(name: &'static str, numbers: Numbers) -> Self {
        Self { name, numbers }
    }

    pub(super) fn unsigned(name: &'static str, numbers: impl IntoIterator<Item = usize>) -> Self {
        Self::new(name, Numbers::Unsigned(numbers.into_iter().map(|number| number as u32).collect()))
    }

    pub(super) fn len(&self) -> usize {
        match &self.numbers {
            Numbers::Float(numbers) => numbers.len(),
            Numbers::Double(numbers) => numbers.len(),
            Numbers::Unsigned(numbers) => numbers.len(),
            Numbers::Signed(numbers) => numbers.len(),
        }
    }

    pub(super) fn element(&self) -> Element {
        match &self.numbers {
            Numbers::Float(_) => Element::Float,
            Numbers::Double(_) => Element::Double,
            Numbers::Unsigned(numbers) => Element::Unsigned(match numbers.iter().max() {
                None | Some(0..=0xff) => 1,
                Some(0x100..=0xffff) => 2,
                Some(_) => 4,
            }),
            Numbers::Signed(numbers) => {
                let fits = |low, high| numbers.iter().all(|number| (low..=high).contains(number));
                Element::Signed(match (fits(-0x80, 0x7f), fits(-0x8000, 0x7fff)) {
                    (true, _) => 1,
                    (_, true) => 2,
                    _ => 4,
                })
            }
        }
    }

    /// What the table takes in memory.
    pub(super) fn bytes(&self) -> usize {
        self.len() * self.element().bytes()
    }

    /// The elements, written by the functions for floats and doubles.
    pub(super) fn texts(&self, float: fn(f32) -> String, double: fn(f64) -> String) -> Vec<String> {
        match &self.numbers {
            Numbers::Float(numbers) => numbers.iter().map(|&number| float(number)).collect(),
            Numbers::Double(numbers) => numbers.iter().map(|&number| double(number)).collect(),
            Numbers::Unsigned(numbers) => numbers.iter().map(u32::to_string).collect(),
            // The least number has no literal in C: its digits alone do not fit.
            Numbers::Signed(numbers) => numbers
                .iter()
                .map(
                    |&number| {
                        if number == i32::MIN { "-2147483647 - 1".to_owned() } else { number.to_string() }
                    },
                )
                .collect(),
        }
    }
}

/// Elements separated by commas, in lines of at most 100 characters.
pub(super) fn lines(elements: &[String], indent: &str) -> String {
    const WIDTH: usize = 100;
    let mut text = String::new();
    let mut column = WIDTH;
    for element in elements {
        if column + element.len() + 2 > WIDTH {
            text += if text.is_empty() { "" } else { "\n" };
            text += indent;
            column = indent.len();
        } else {
            text.push(' ');
            column += 1;
        }
        write!(text, "{element},").expect("a string takes everything");
        column += element.len() + 1;
    }
    text + "\n"
}

/// A text with what stands between `@` signs replaced.
pub(super) fn fill(template: &str, values: &[(&str, &str)]) -> String {
    let mut text = template.to_owned();
    for (name, value) in values {
        text = text.replace(&format!("@{name}@"), value);
    }
    debug_assert!(!text.contains('@'), "a place is not filled: {text}");
    text
}

/// A text on one line of a comment: nothing that ends it, or that turns the direction of writing.
pub(super) fn comment(text: &str) -> String {
    let turns = |c| matches!(c, '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
    let text: String = text.chars().map(|c| if c.is_control() || turns(c) { ' ' } else { c }).collect();
    text.replace("*/", "* /").replace("/*", "/ *")
}
