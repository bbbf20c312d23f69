//! What a shell and its user get: completions, manual pages, quiet, a log.

use crate::common::Folder;

const SEARCH: &str = "search --data digits --classes 2 --hidden 8 --algorithm descent --seed 3";

#[test]
fn completions_know_commands_and_options() {
    let folder = Folder::new();
    for (shell, part) in
        [("bash", "_slt()"), ("zsh", "#compdef slt"), ("fish", "complete -c slt"), ("powershell", "'slt'")]
    {
        let script = folder.succeed(&format!("completions {shell}")).stdout;
        assert!(
            script.contains(part) && script.contains("edge-popup") && script.contains("network-seed"),
            "{shell}"
        );
    }
    folder.fail(2, "completions tcsh", &["tcsh", "bash"]);
}

#[test]
fn there_is_a_manual_page_for_each_command() {
    let folder = Folder::new();
    let said = folder.succeed("man pages").stdout;
    let pages = std::fs::read_dir(folder.path("pages")).unwrap().count();
    assert_eq!(said, format!("{pages} pages -> pages\n"));
    let page = |name: &str| String::from_utf8(folder.read(&format!("pages/{name}.1"))).unwrap();
    assert!(page("slt").contains("slt\\-search(1)") || page("slt").contains("slt-search(1)"));
    assert!(page("slt-search").contains("network\\-seed"));
    assert!(page("slt-results-unpack").contains("archives"));
    folder.write("file", "");
    folder.fail(1, "man file/pages", &["file/pages"]);
}

#[test]
fn quiet_leaves_errors_alone() {
    let folder = Folder::new();
    folder.succeed(&format!("{SEARCH} --out t.slt"));
    let loud = folder.run("evaluate t.slt --data digits --classes 2");
    assert_eq!(loud.stderr, "");
    let warned = "evaluate t.slt --data digits-file-order --classes 2";
    assert!(folder.run(warned).stderr.starts_with("warning: the ticket was made on"));
    let quiet = folder.run(&format!("{warned} --quiet"));
    assert_eq!((quiet.stderr.as_str(), quiet.stdout), ("", folder.run(warned).stdout));
    folder.fail(1, "evaluate none.slt --quiet", &["none.slt"]);
}

#[test]
fn a_log_has_what_is_said() {
    let folder = Folder::new();
    folder.succeed(&format!("{SEARCH} --out t.slt"));
    folder.run("evaluate t.slt --data digits-file-order --classes 2 --log log.txt --quiet");
    folder.run("--log log.txt evaluate none.slt");
    let log = String::from_utf8(folder.read("log.txt")).unwrap();
    let lines: Vec<&str> = log.lines().collect();
    assert!(lines.len() == 2 && lines[0].contains(" s  warning: the ticket was made on"), "{log}");
    assert!(lines[1].contains(" s  error: ") && lines[1].contains("none.slt"), "{log}");
    folder.fail(1, "evaluate t.slt --log none/log.txt", &["cannot write to none/log.txt"]);
}
