//! `slt edge-popup`: a ticket like any other, of the network that `slt search` has for the same seed.

#[cfg(unix)]
use crate::common::{Done, send, wait_for};
use crate::common::{Folder, lasting};

const DIGITS: &str = "edge-popup --data digits --classes 2 --arch 64,10,2";

#[test]
fn wrong_hyper_parameters_name_flag_and_range() {
    let folder = Folder::new();
    for (options, said) in [
        ("--keep 0", &["--keep is 0", "above 0 and at most 1"][..]),
        ("--keep 1.2", &["--keep is 1.2", "above 0 and at most 1"]),
        ("--keep nan", &["--keep is NaN", "above 0 and at most 1"]),
        ("--keep -0.5", &["--keep is -0.5", "above 0"]),
        ("--keep 0 --weights kaiming-normal", &["--keep is 0", "above 0"]),
        ("--epochs 0", &["--epochs", "from 1 to"]),
        ("--epochs -1", &["--epochs", "from 1 to"]),
        ("--batch-size 0", &["--batch-size", "from 1 to"]),
        ("--learning-rate 0", &["--learning-rate is 0", "above 0"]),
        ("--learning-rate nan", &["--learning-rate is NaN", "above 0"]),
        ("--momentum 2", &["--momentum is 2", "below 1"]),
        ("--momentum 1", &["--momentum is 1", "below 1"]),
        ("--momentum nan", &["--momentum is NaN", "below 1"]),
        ("--weight-decay -1", &["--weight-decay is -1", "at least 0"]),
        ("--weight-decay inf", &["--weight-decay is inf", "finite"]),
        ("--epoch middle", &["--epoch", "last, best"]),
        ("--weights he", &["--weights", "kaiming-normal"]),
        ("--seed x", &["--seed", "whole number"]),
        ("--network-seed -1", &["--network-seed", "whole number"]),
    ] {
        folder.fail(2, &format!("{DIGITS} {options}"), said);
    }
    folder.fail(2, "edge-popup --data digits --arch 3,10,2", &["--arch", "64 features"]);
    folder.fail(2, "edge-popup --data digits", &["--arch"]);
}

#[test]
fn the_ticket_is_what_the_report_says() {
    let folder = Folder::new();
    for (epoch, part) in [("last", "last"), ("best", "best")] {
        let run = format!("{DIGITS} --epochs 8 --seed 5 --out t.slt --epoch {epoch}");
        let report = folder.json(&run);
        assert_eq!((&report["epochs"], &report["kept_epoch"]), (&8.into(), &epoch.into()));
        assert_eq!(report["last"]["epoch"], 8);
        assert!(report["best"]["epoch"].as_u64() <= Some(8));
        assert!(report["best"]["test_accuracy"].as_f64() >= report["last"]["test_accuracy"].as_f64());
        assert_eq!(report["last"]["sparsity"], 0.5);

        let evaluation = folder.json("evaluate t.slt --data digits");
        for (ours, theirs) in
            [("test_accuracy", "accuracy"), ("test_loss", "loss"), ("mask_hash", "mask_hash")]
        {
            assert_eq!(report[part][ours], evaluation[theirs], "{epoch} {ours}");
        }
        let ticket = folder.json("inspect t.slt");
        let provenance = &ticket["provenance"];
        assert_eq!(
            (&provenance["data"], &provenance["algorithm"]),
            (&"digits-2-shuffled".into(), &"edge-popup".into())
        );
        assert_eq!(provenance["details"]["search seed"], "5");
        assert!(provenance["details"]["epoch"].as_str().unwrap().ends_with(&format!("({epoch})")));
        assert_eq!(lasting(&folder.json(&run)), lasting(&report));
    }
}

#[test]
fn a_seed_means_the_same_network_as_for_a_search() {
    let folder = Folder::new();
    let network = |command: &str| {
        folder.succeed(&format!("{command} --data digits --classes 2 --arch 64,10,2 --seed 9 --out t.slt"));
        let ticket = folder.json("inspect t.slt");
        (ticket["network_seed"].clone(), ticket["initializer"].clone(), ticket["architecture"].clone())
    };
    assert_eq!(network("edge-popup --epochs 1"), network("search --max-generations 0"));

    let mask =
        |options: &str| folder.json(&format!("{DIGITS} --epochs 2 {options}"))["last"]["mask_hash"].clone();
    assert_eq!(mask("--seed 1 --network-seed 2"), mask("--seed 2 --search-seed 1"));
    assert_ne!(mask("--seed 1"), mask("--seed 1 --network-seed 2"));
}

#[test]
fn kept_fractions_and_distributions() {
    let folder = Folder::new();
    let report = |options: &str| folder.json(&format!("{DIGITS} --epochs 1 {options}"));
    assert_eq!(report("--keep 1")["last"]["sparsity"], 0.0);
    let sparse = report("--keep 0.1 --weights signed-constant --biases zero");
    assert_eq!(sparse["last"]["active_weights"], 64 + 2);
    let text = folder.succeed(&format!("{DIGITS} --epochs 1 --keep 0.3")).stdout;
    assert!(
        text.contains("30 % kept") && text.contains("last  epoch 1") && text.contains("best  epoch 1"),
        "{text}"
    );
}

#[test]
fn a_run_that_diverges_fails_and_says_when() {
    let folder = Folder::new();
    let options = "--learning-rate 1e38 --weight-decay 1e30 --out t.slt";
    folder.fail(1, &format!("{DIGITS} {options}"), &["diverged in epoch 1", "learning rate"]);
}

#[cfg(unix)]
#[test]
fn an_interrupted_run_keeps_what_it_reached_and_goes_on() {
    let folder = Folder::new();
    let run = "edge-popup --data circles --arch C --schedule constant --out t.slt --checkpoint c.ck";
    let mut child = folder.start(&format!("{run} --epochs 1000000 --checkpoint-every 2"));
    wait_for("c.ck", &folder, &mut child);
    send("-TERM", &child);
    let done = Done::of(child);
    assert_eq!(done.code, Some(143), "{done:?}");
    for said in ["interrupted after epoch", "of 1000000", "t.slt holds what was reached", "--resume"] {
        assert!(done.stderr.contains(said), "{said}: {done:?}");
    }
    folder.succeed("inspect t.slt");

    // At a constant rate it may be given any end that was not passed; the result is that of a run in one go.
    let reached: usize = {
        let text = done.stderr.split("interrupted after epoch ").nth(1).unwrap();
        text.split(' ').next().unwrap().parse().unwrap()
    };
    let end = format!("--epochs {}", reached + 3);
    let resumed = folder.json(&format!("{run} {end} --resume"));
    let whole = folder.json(&format!("edge-popup --data circles --arch C --schedule constant {end}"));
    for field in ["last", "best", "epochs", "config"] {
        assert_eq!(resumed[field], whole[field], "{field}");
    }
    folder.fail(1, &format!("{run} --epochs 1 --resume"), &["c.ck", "--epochs"]);
    folder.fail(1, &format!("{run} {end} --resume --momentum 0.5"), &["c.ck", "--momentum 0.9, not 0.5"]);
    folder.fail(2, &format!("{run} {end} --seed 2"), &["c.ck exists", "--resume"]);
}

#[test]
fn help_says_what_there_is() {
    let help = Folder::new().succeed("edge-popup --help").stdout;
    for part in ["Network:", "Edge-popup:", "--weight-decay", "--network-seed", "--search-seed", "--json"] {
        assert!(help.contains(part), "{part}");
    }
}
