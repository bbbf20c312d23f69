//! `--help` says what there is, each option under its heading.

use crate::common::Folder;

/// The heading that an option stands under.
fn heading<'a>(help: &'a str, option: &str) -> Option<&'a str> {
    let mut heading = None;
    for line in help.lines() {
        if !line.starts_with(' ') && line.ends_with(':') {
            heading = Some(line.trim_end_matches(':'));
        }
        let words = line.trim_start().trim_start_matches("-h, ");
        if words.split([' ', '=']).next() == Some(option) && words.starts_with("--") {
            return heading;
        }
    }
    None
}

#[test]
fn options_stand_under_their_headings() {
    let folder = Folder::new();
    let help = |command: &str| folder.succeed(&format!("{command} --help")).stdout;
    let (search, data, prune) = (help("search"), help("data"), help("prune"));
    for (help, option, expected) in [
        (&search, "--data", "Options"),
        (&search, "--seed", "Options"),
        (&search, "--out", "Options"),
        (&search, "--json", "Options"),
        (&search, "--arch", "Network"),
        (&search, "--network-seed", "Network"),
        (&search, "--population", "Options"),
        (&search, "--search-seed", "Options"),
        (&search, "--max-generations", "The paper's genetic algorithm (ga, ga-ab)"),
        (&search, "--price", "Other algorithms"),
        (&search, "--checkpoint", "Checkpoints"),
        (&search, "--resume", "Checkpoints"),
        (&search, "--target", "Data from a file"),
        (&search, "--separator", "Data from a file"),
        (&search, "--threads", "Machine"),
        (&data, "--out", "Options"),
        (&data, "--classes", "Options"),
        (&data, "--split", "The paper's data set"),
        (&data, "--center-box", "Generator options"),
        (&prune, "--out", "Options"),
        (&prune, "--instruction-set", "Machine"),
    ] {
        assert_eq!(heading(help, option), Some(expected), "{option}");
    }
}

/// Every command that takes the paper's data takes the digits in either split, and says so.
#[test]
fn data_sets_are_listed() {
    let folder = Folder::new();
    for command in
        ["data", "search", "prune", "evaluate", "edge-popup", "train", "tune", "hessian", "compare"]
    {
        let help = folder.succeed(&format!("{command} --help")).stdout;
        let words: Vec<&str> = help.split_whitespace().collect();
        let words = words.join(" ");
        for name in ["moons", "circles", "blobs", "digits", "digits-file-order"] {
            assert!(words.contains(name), "{command}, {name}: {help}");
        }
        assert!(command == "data" || words.contains("CSV"), "{command}: {help}");
    }
}

#[test]
fn every_command_has_help() {
    let folder = Folder::new();
    for command in [
        "data",
        "search",
        "prune",
        "evaluate",
        "export",
        "inspect",
        "convert",
        "edge-popup",
        "train",
        "tune",
        "hessian",
        "mixed-model",
        "reproduce",
        "check",
        "results",
    ] {
        let help = folder.succeed(&format!("{command} --help")).stdout;
        assert!(help.contains(&format!("Usage: slt {command}")), "{help}");
        // No option without a word on it: its line is followed by text, or ends in some.
        let lines: Vec<&str> = help.lines().collect();
        for pair in lines.windows(2).filter(|pair| pair[0].trim_start().starts_with("--")) {
            let described = pair[0].trim().contains("  ") || !pair[1].trim().is_empty();
            assert!(described, "{command}: {}", pair[0]);
        }
        assert_eq!(folder.succeed(&format!("help {command}")).stdout, help);
    }
    assert!(folder.succeed("--version").stdout.starts_with("slt "));
}
