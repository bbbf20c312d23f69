//! The tutorial and the cookbook do what they say: their commands run, and print what is shown.
//!
//! Blocks of `sh` run one after the other in one folder, in which `fixtures` is that of the repository,
//! unless their fence says `ignore`. A block of `text` right behind one is what it prints: a line that ends
//! in `…` begins like this, and a line of `…` stands for any number of lines.

use std::env;
use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use crate::common::Folder;

/// What else code on the pages may be: Rust is tested by `slt-hostile`, Python by `python/tests`.
const ELSEWHERE: [&str; 2] = ["rust", "python"];

/// How many blocks of the pages do not run.
const IGNORED: usize = 2;

/// A block of code, and where it begins.
struct Block {
    line: usize,
    fence: String,
    text: String,
}

fn workspace() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

/// The blocks of a page; between those that are right behind each other there are blank lines alone.
fn blocks(page: &str) -> Vec<Vec<Block>> {
    let path = workspace().join("docs").join(page);
    let text = std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    let mut groups: Vec<Vec<Block>> = Vec::new();
    let mut open: Option<Block> = None;
    let mut is_behind = false;
    for (line, number) in text.lines().zip(1..) {
        let fence = line.strip_prefix("```");
        match (open.take(), fence) {
            (None, Some(fence)) => {
                open = Some(Block { line: number, fence: fence.into(), text: String::new() });
            }
            (None, None) => is_behind &= line.is_empty(),
            (Some(block), Some(end)) => {
                assert!(end.is_empty(), "{page}, line {number}: a fence in a block");
                match groups.last_mut() {
                    Some(group) if is_behind => group.push(block),
                    _ => groups.push(vec![block]),
                }
                is_behind = true;
            }
            (Some(mut block), None) => {
                block.text += line;
                block.text.push('\n');
                open = Some(block);
            }
        }
    }
    assert!(open.is_none(), "{page}: a block has no end");
    groups
}

/// Whether lines are as they are shown.
fn fits(shown: &[&str], said: &[&str]) -> bool {
    match shown.split_first() {
        None => said.is_empty(),
        Some((&"…", rest)) => (0..=said.len()).any(|left_out| fits(rest, &said[left_out..])),
        Some((line, rest)) => said.split_first().is_some_and(|(first, others)| {
            let is_same = line.strip_suffix('…').map_or(line == first, |start| first.starts_with(start));
            is_same && fits(rest, others)
        }),
    }
}

fn lines(text: &str) -> Vec<&str> {
    text.lines().map(str::trim).collect()
}

/// Runs a page.
fn run(page: &str) {
    let folder = Folder::new();
    std::os::unix::fs::symlink(workspace().join("fixtures"), folder.path("fixtures")).unwrap();
    let programs = Path::new(env!("CARGO_BIN_EXE_slt")).parent().unwrap().to_owned();
    let others = env::var_os("PATH").unwrap_or_default();
    let path: OsString = env::join_paths(std::iter::once(programs).chain(env::split_paths(&others))).unwrap();
    let has_compiler = Command::new("cc").arg("--version").output().is_ok();
    let mut n_run = 0;
    for group in blocks(page) {
        let mut said = None;
        for Block { line, fence, text } in group {
            match fence.as_str() {
                "sh" if text.contains("cc -") && !has_compiler => said = None,
                "sh" => {
                    let mut shell = Command::new("sh");
                    shell.args(["-e", "-u", "-c", &text]).env("PATH", &path).stdin(Stdio::null());
                    let output = shell.current_dir(folder.path("")).output().unwrap();
                    let [stdout, stderr] =
                        [output.stdout, output.stderr].map(|bytes| String::from_utf8(bytes).unwrap());
                    assert!(output.status.success(), "{page}, line {line}: {stdout}{stderr}");
                    said = Some(stdout);
                    n_run += 1;
                }
                "text" => {
                    if let Some(said) = said.take() {
                        let same = fits(&lines(&text), &lines(&said));
                        assert!(same, "{page}, line {line} shows\n{text}and it is\n{said}");
                    }
                }
                _ => said = None,
            }
        }
    }
    assert!(n_run >= 5, "{page}: only {n_run} blocks run");
}

#[test]
fn the_tutorial_runs() {
    run("tutorial.md");
}

#[test]
fn the_cookbook_runs() {
    run("cookbook.md");
}

#[test]
fn no_block_goes_untested_unnoticed() {
    let mut ignored = 0;
    for page in ["tutorial.md", "cookbook.md"] {
        for Block { line, fence, .. } in blocks(page).into_iter().flatten() {
            let is_known = ["sh", "text"].contains(&fence.as_str()) || ELSEWHERE.contains(&fence.as_str());
            ignored += usize::from(fence.ends_with(",ignore"));
            assert!(is_known || fence == "sh,ignore", "{page}, line {line}: {fence:?} is no kind of block");
        }
    }
    assert!(ignored <= IGNORED, "{ignored} blocks are ignored");
}

#[test]
fn what_is_shown_is_held_against_what_is_said() {
    let said = ["one 1.5", "two", "three"];
    for shown in
        [&["one 1.5", "two", "three"][..], &["one…", "…"], &["…", "three"], &["one…", "…", "two", "three"]]
    {
        assert!(fits(shown, &said), "{shown:?}");
    }
    for shown in [&["one 1.5", "two"][..], &["one 1.4…", "…"], &["…", "four", "…"], &[], &["…", "two"]]
    {
        assert!(!fits(shown, &said), "{shown:?}");
    }
}
