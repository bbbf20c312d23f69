//! Puts tables into a document.

use std::fs;
use std::path::Path;

use crate::Error;

/// Replaces what a document holds between the marks `<!-- bench:NAME -->` and `<!-- end -->`, for each name.
///
/// # Errors
/// If the file cannot be read or written, or lacks a mark; it is then left as it was.
pub(crate) fn update(file: &Path, blocks: &[(&str, String)]) -> Result<(), Error> {
    let place = |error| format!("{}: {error}", file.display());
    let mut text = fs::read_to_string(file).map_err(|error| place(error.to_string()))?;
    for (name, block) in blocks {
        text = replace(&text, name, block).map_err(|mark| place(format!("the mark `{mark}` is missing")))?;
    }
    // Beside the file, then renamed: an interruption does not leave half a document.
    let temporary = file.with_extension("md.new");
    fs::write(&temporary, text)
        .and_then(|()| fs::rename(&temporary, file))
        .map_err(|error| place(error.to_string()).into())
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
    fn a_document_without_a_mark_is_left_alone() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("page.md");
        fs::write(&file, "<!-- bench:x --> <!-- end -->").unwrap();
        let error = update(&file, &[("x", "new".into()), ("y", "new".into())]).unwrap_err().to_string();
        assert!(error.ends_with("the mark `<!-- bench:y -->` is missing"), "{error}");
        assert_eq!(fs::read_to_string(&file).unwrap(), "<!-- bench:x --> <!-- end -->");
        update(&file, &[("x", "new".into())]).unwrap();
        assert_eq!(fs::read_to_string(&file).unwrap(), "<!-- bench:x -->\nnew\n<!-- end -->");
        assert_eq!(fs::read_dir(&folder).unwrap().count(), 1);
    }
}
