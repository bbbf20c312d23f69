//! The header of a `.npy` file: a Python dictionary literal with three keys.

use crate::error::{Error, excerpt};

/// What the header says.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Header {
    pub(super) descr: String,
    pub(super) fortran_order: bool,
    pub(super) shape: Vec<usize>,
}

/// Parses `{'descr': '<f8', 'fortran_order': False, 'shape': (3, 4), }` with its keys in any order, each
/// once.
pub(super) fn parse(text: &str) -> Result<Header, Error> {
    let mut rest = Cursor(text);
    let (mut descr, mut fortran_order, mut shape) = (None, None, None);
    rest.expect('{', "it is not a dictionary")?;
    while !rest.accept('}') {
        let key = rest.string()?;
        rest.expect(':', "a key has no value")?;
        let repeated = match key {
            "descr" => descr.replace(rest.descr()?.to_owned()).is_some(),
            "fortran_order" => fortran_order.replace(rest.boolean()?).is_some(),
            "shape" => shape.replace(rest.tuple()?).is_some(),
            _ => return Err(broken("it has a key other than 'descr', 'fortran_order' and 'shape'")),
        };
        if repeated {
            return Err(broken("it has a key twice"));
        }
        if !rest.accept(',') {
            rest.expect('}', "an entry does not end with a comma")?;
            break;
        }
    }
    if !rest.0.trim().is_empty() {
        return Err(broken("there is text after the dictionary"));
    }
    let missing = |key| broken(key);
    Ok(Header {
        descr: excerpt(&descr.ok_or(missing("the key 'descr' is missing"))?),
        fortran_order: fortran_order.ok_or(missing("the key 'fortran_order' is missing"))?,
        shape: shape.ok_or(missing("the key 'shape' is missing"))?,
    })
}

fn broken(problem: &'static str) -> Error {
    Error::NpyHeader { problem }
}

/// The text that is left.
struct Cursor<'a>(&'a str);

impl<'a> Cursor<'a> {
    /// Skips spaces, then the character if it is next.
    fn accept(&mut self, wanted: char) -> bool {
        self.0 = self.0.trim_start();
        match self.0.strip_prefix(wanted) {
            Some(rest) => {
                self.0 = rest;
                true
            }
            None => false,
        }
    }

    fn expect(&mut self, wanted: char, problem: &'static str) -> Result<(), Error> {
        if self.accept(wanted) { Ok(()) } else { Err(broken(problem)) }
    }

    /// A string in single or double quotes.
    fn string(&mut self) -> Result<&'a str, Error> {
        let quote = if self.accept('"') { '"' } else { '\'' };
        if quote == '\'' {
            self.expect('\'', "a string is missing")?;
        }
        let (inside, rest) = self.0.split_once(quote).ok_or(broken("a string does not end"))?;
        self.0 = rest;
        Ok(inside)
    }

    /// The type of the elements: a string, or a list or tuple for structured ones, which is given as it is
    /// written.
    fn descr(&mut self) -> Result<&'a str, Error> {
        self.0 = self.0.trim_start();
        if !self.0.starts_with(['[', '(']) {
            return self.string();
        }
        let (mut depth, mut quote) = (0_usize, None);
        for (at, character) in self.0.char_indices() {
            match (quote, character) {
                (Some(open), _) if open == character => quote = None,
                (Some(_), _) => {}
                (None, '\'' | '"') => quote = Some(character),
                (None, '[' | '(') => depth += 1,
                (None, ']' | ')') => depth -= 1,
                _ => {}
            }
            if depth == 0 {
                let (inside, rest) = self.0.split_at(at + 1);
                self.0 = rest;
                return Ok(inside);
            }
        }
        Err(broken("'descr' does not end"))
    }

    fn boolean(&mut self) -> Result<bool, Error> {
        self.0 = self.0.trim_start();
        for (word, value) in [("True", true), ("False", false)] {
            if let Some(rest) = self.0.strip_prefix(word) {
                self.0 = rest;
                return Ok(value);
            }
        }
        Err(broken("'fortran_order' is neither True nor False"))
    }

    /// A tuple of whole numbers.
    fn tuple(&mut self) -> Result<Vec<usize>, Error> {
        self.expect('(', "'shape' is not a tuple")?;
        let (inside, rest) = self.0.split_once(')').ok_or(broken("'shape' does not end"))?;
        self.0 = rest;
        let inside = inside.trim();
        let inside = inside.strip_suffix(',').unwrap_or(inside);
        if inside.is_empty() {
            return Ok(Vec::new());
        }
        // Python 2 marks long integers by an L.
        let size = |text: &str| text.trim().trim_end_matches('L').parse();
        let sizes = inside.split(',').map(size);
        sizes.collect::<Result<_, _>>().map_err(|_| broken("'shape' holds something else than whole numbers"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn accepts_what_numpy_and_others_write() {
        let expected = Header { descr: "<f8".into(), fortran_order: false, shape: vec![3, 4] };
        for text in [
            "{'descr': '<f8', 'fortran_order': False, 'shape': (3, 4), }          \n",
            "{\"shape\":(3,4,),\"fortran_order\":False,\"descr\":\"<f8\"}",
        ] {
            assert_eq!(parse(text).unwrap(), expected, "{text}");
        }
        assert!(parse("{'descr': '|u1', 'fortran_order': True, 'shape': ()}").unwrap().shape.is_empty());
        let python_2 = "{'descr': '<f8', 'fortran_order': False, 'shape': (3L, 4L), }";
        assert_eq!(parse(python_2).unwrap(), expected);
        let structured =
            "{'descr': [('a]', '<f8'), ('b', '<i4', (2,))], 'fortran_order': False, 'shape': (3,)}";
        assert_eq!(parse(structured).unwrap().descr, "[('a]', '<f8'), ('b', '<i4', (2,))]");
    }

    #[test]
    fn names_what_is_wrong() {
        for (text, problem) in [
            ("", "not a dictionary"),
            ("{'descr': '<f8', 'fortran_order': False}", "'shape' is missing"),
            ("{'descr': '<f8', 'descr': '<f8'}", "twice"),
            ("{'descr' '<f8'}", "no value"),
            ("{'descr': '<f8}", "does not end"),
            ("{'descr': [('a', '<f8')", "'descr' does not end"),
            ("{'descr': 8}", "a string is missing"),
            ("{'shape': (3, -4)}", "whole numbers"),
            ("{'shape': (99999999999999999999,)}", "whole numbers"),
            ("{'shape': (3, 4}", "does not end"),
            ("{'fortran_order': 0}", "True nor False"),
            ("{'other': 1}", "a key other than"),
            ("{'descr': '<f8' 'fortran_order': False}", "comma"),
            ("{'descr': '<f8', 'fortran_order': False, 'shape': (3, 4)} x", "after the dictionary"),
        ] {
            let message = parse(text).unwrap_err().to_string();
            assert!(message.contains(problem), "{text} gave: {message}");
        }
    }
}
