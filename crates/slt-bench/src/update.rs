//! Puts tables into a document.

use std::fs;
use std::path::PathBuf;

use crate::error::Error;

/// A document with places for tables: what stands between the marks `<!-- bench:NAME -->` and `<!-- end -->`.
pub(crate) struct Document {
    file: PathBuf,
    text: String,
}

impl Document {
    /// # Errors
    /// If the file cannot be read.
    pub(crate) fn open(file: PathBuf) -> Result<Self, Error> {
        let text = fs::read_to_string(&file).map_err(|error| format!("{}: {error}", file.display()))?;
        Ok(Self { file, text })
    }

    /// Replaces what stands under a name.
    ///
    /// # Errors
    /// If a mark is missing.
    pub(crate) fn put(&mut self, name: &str, block: &str) -> Result<(), Error> {
        let replaced = replace(&self.text, name, block);
        self.text =
            replaced.map_err(|mark| format!("{}: the mark `{mark}` is missing", self.file.display()))?;
        Ok(())
    }

    /// # Errors
    /// If the file cannot be written; it is then left as it was.
    pub(crate) fn save(&self) -> Result<(), Error> {
        // Beside the file, then renamed: an interruption does not leave half a document.
        let temporary = self.file.with_extension("md.new");
        fs::write(&temporary, &self.text)
            .and_then(|()| fs::rename(&temporary, &self.file))
            .map_err(|error| format!("{}: {error}", self.file.display()).into())
    }
}

/// The text with a new block under a name, or the mark that is missing.
fn replace(text: &str, name: &str, block: &str) -> Result<String, String> {
    let (begin, end) = (format!("<!-- bench:{name} -->"), "<!-- end -->");
    let (before, rest) = text.split_once(&begin).ok_or(begin.clone())?;
    let (_, after) = rest.split_once(end).ok_or(end)?;
    Ok(format!("{before}{begin}\n{}\n{end}{after}", block.trim_end()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn replaces_only_between_the_marks() {
        let text = "a\n<!-- bench:x -->\nold\n<!-- end -->\nb\n<!-- bench:y -->\n<!-- end -->\n";
        let expect = "a\n<!-- bench:x -->\nnew\n<!-- end -->\nb\n<!-- bench:y -->\n<!-- end -->\n";
        assert_eq!(replace(text, "x", "new\n").as_deref(), Ok(expect));
        assert_eq!(replace(expect, "x", "new\n").as_deref(), Ok(expect));
        assert_eq!(replace(text, "z", "new").unwrap_err(), "<!-- bench:z -->");
        assert_eq!(replace("<!-- bench:x -->", "x", "new").unwrap_err(), "<!-- end -->");
    }

    #[test]
    fn a_document_is_written_when_it_is_saved() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("page.md");
        fs::write(&file, "<!-- bench:x --> <!-- end -->").unwrap();
        let mut document = Document::open(file.clone()).unwrap();
        document.put("x", "new").unwrap();
        let error = document.put("y", "new").unwrap_err().to_string();
        assert!(error.ends_with("the mark `<!-- bench:y -->` is missing"), "{error}");
        assert_eq!(fs::read_to_string(&file).unwrap(), "<!-- bench:x --> <!-- end -->");
        document.save().unwrap();
        assert_eq!(fs::read_to_string(&file).unwrap(), "<!-- bench:x -->\nnew\n<!-- end -->");
        assert_eq!(fs::read_dir(&folder).unwrap().count(), 1);
    }
}
