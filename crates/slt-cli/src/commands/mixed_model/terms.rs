//! Fixed effects as they are written on the command line.

use slt_stats::{FixedEffect, Interaction};

/// The items of a list with commas, or the whole if there is a column of that name.
pub(super) fn items<'a>(names: &[String], list: &'a str) -> Vec<&'a str> {
    if names.iter().any(|name| name == list) { vec![list] } else { list.split(',').map(str::trim).collect() }
}

/// Effects and interactions of one or several lists such as `a,b,a:b`.
#[derive(Default)]
pub(super) struct Terms {
    /// Columns.
    pub(super) effects: Vec<String>,
    pub(super) interactions: Vec<Vec<String>>,
}

impl Terms {
    /// Adds a list. An item with a colon is an interaction, `1` the intercept, which is always there; but a
    /// column of that very name goes first, for the whole list too.
    pub(super) fn add(&mut self, names: &[String], list: &str) -> Result<(), String> {
        let is_column = |item: &str| names.iter().any(|name| name == item);
        for item in items(names, list) {
            if item.is_empty() {
                return Err(format!("'{list}' names an empty term, expected columns such as a,b,a:b"));
            } else if is_column(item) || (item != "1" && !item.contains(':')) {
                self.effects.push(item.to_owned());
            } else if item != "1" {
                self.interactions.push(item.split(':').map(|column| column.trim().to_owned()).collect());
            }
        }
        Ok(())
    }

    /// For the model, with the references of the effects.
    pub(super) fn fixed(&self, references: &[Option<String>]) -> (Vec<FixedEffect>, Vec<Interaction>) {
        let effects = self.effects.iter().zip(references.iter().cloned().chain(std::iter::repeat(None)));
        let interactions = self.interactions.iter();
        (
            effects.map(|(column, reference)| FixedEffect { column: column.clone(), reference }).collect(),
            interactions.map(|columns| Interaction { columns: columns.clone() }).collect(),
        )
    }

    /// The references of the effects: `COLUMN=LEVEL` is that of a column, a level alone of the effect of the
    /// same place. Fails with the reference that is none.
    pub(super) fn references(&self, given: &[String]) -> Result<Vec<Option<String>>, String> {
        let mut references = vec![None; self.effects.len()];
        let mut next = 0;
        for reference in given {
            let named = self.effects.iter().position(|column| {
                reference.strip_prefix(column.as_str()).is_some_and(|rest| rest.starts_with('='))
            });
            let (place, level) = match named {
                Some(place) => (place, &reference[self.effects[place].len() + 1..]),
                None => {
                    next += 1;
                    (next - 1, reference.as_str())
                }
            };
            match references.get_mut(place) {
                Some(free @ None) => *free = Some(level.to_owned()),
                Some(Some(other)) => {
                    return Err(format!(
                        "`{}` has two references, `{other}` and `{level}`",
                        self.effects[place]
                    ));
                }
                None => return Err(format!("'{reference}' is one more than there are fixed effects")),
            }
        }
        Ok(references)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names() -> Vec<String> {
        ["a", "b", "c,d", "e:f", "g=h", "g"].map(str::to_owned).to_vec()
    }

    #[test]
    fn lists() {
        let of = |list: &str| {
            let mut terms = Terms::default();
            terms.add(&names(), list).map(|()| (terms.effects.join("|"), terms.interactions))
        };
        let interaction =
            |columns: &[&str]| columns.iter().map(|&column| column.to_owned()).collect::<Vec<_>>();
        assert_eq!(of("a"), Ok(("a".to_owned(), vec![])));
        assert_eq!(of(" a, b , a : b"), Ok(("a|b".to_owned(), vec![interaction(&["a", "b"])])));
        assert_eq!(of("c,d"), Ok(("c,d".to_owned(), vec![])));
        assert_eq!(of("e:f,1"), Ok(("e:f".to_owned(), vec![])));
        assert_eq!(of("1"), Ok((String::new(), vec![])));
        assert!(of("a,,b").is_err() && of("").is_err());
    }

    #[test]
    fn references_by_place_and_by_name() {
        let mut terms = Terms::default();
        terms.add(&names(), "a,b,g").unwrap();
        let of =
            |given: &[&str]| terms.references(&given.iter().map(|&text| text.to_owned()).collect::<Vec<_>>());
        let some = |level: &str| Some(level.to_owned());
        assert_eq!(of(&["x", "y=z"]), Ok(vec![some("x"), some("y=z"), None]));
        assert_eq!(of(&["g=x", "y"]), Ok(vec![some("y"), None, some("x")]));
        assert!(of(&["a=x", "y"]).is_err() && of(&["1", "2", "3", "4"]).is_err());
    }
}
