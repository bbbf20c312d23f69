//! `slt search` with the algorithms beyond the paper's.

mod common;

use common::Folder;

const SMALL: &str = "search --data digits --classes 3 --arch 64,12,3 --flips 2000";

/// The same ticket, whatever the threads and the kernel, and if it went on from where a budget had ended it.
#[test]
fn threads_kernels_and_interruptions_change_nothing() {
    let folder = Folder::new();
    for (algorithm, options) in [
        ("memetic", "--flips 1200 --children 2 --population 2"),
        ("anneal", "--flips 3000 --restarts 2"),
        ("descent", "--sweeps 4 --price 1e-4"),
        ("late-acceptance", "--flips 3000"),
    ] {
        let search = format!("search --data digits --arch 64,6,10 --algorithm {algorithm} {options}");
        let hash = |more: &str| folder.json(&format!("{search} {more}"))["mask_hash"].clone();
        let whole = hash("--threads 1");
        assert_eq!(hash("--threads 2"), whole, "{algorithm}");
        assert_eq!(hash("--threads 4 --kernel portable"), whole, "{algorithm}");
        let file = format!("--checkpoint {algorithm}.slc");
        let part = folder.json(&format!("{search} {file} --evaluations 1000"));
        assert_eq!(part["stop_reason"], "budget", "{algorithm}");
        assert_eq!(hash(&format!("{file} --resume")), whole, "{algorithm}");
    }
}

#[test]
fn a_price_makes_tickets_sparser() {
    let folder = Folder::new();
    let sparsity = |price: &str| {
        folder.json(&format!("{SMALL} --algorithm memetic --children 2 {price}"))["sparsity"]
            .as_f64()
            .unwrap()
    };
    let free = sparsity("");
    assert!(sparsity("--price 1e-3") > free + 0.2);
    assert!(sparsity("--price 1e-3 --price-of bits") > free);
}

/// Files are searched with the memetic algorithm unless something else is asked for.
#[test]
fn defaults_depend_on_the_data() {
    let folder = Folder::new();
    let rows: String = (0..60).map(|i| format!("{},{},{}\n", i % 7, i % 11, ["a", "b"][i % 2])).collect();
    folder.write("own.csv", format!("x,y,kind\n{rows}"));
    let algorithm = |search: &str| folder.json(&format!("search {search}"))["algorithm"].clone();
    let own = "--data own.csv --target kind --hidden 4";
    assert_eq!(algorithm(&format!("{own} --flips 500")), "memetic");
    assert_eq!(algorithm(&format!("{own} --max-generations 2")), "ga");
    assert_eq!(algorithm("--data digits --classes 2 --arch 64,4,2 --max-generations 2"), "ga");
}

#[test]
fn options_of_other_algorithms_are_refused() {
    let folder = Folder::new();
    let digits = "search --data digits --classes 3 --arch 64,12,3";
    for (options, message) in [
        ("--algorithm memetic --mutation-rate 0.1", "--mutation-rate needs --algorithm ga or ga-ab"),
        ("--algorithm anneal --no-racing", "--no-racing needs --algorithm ga or ga-ab"),
        ("--price 1", "--price needs another algorithm than ga and ga-ab"),
        ("--algorithm memetic --restarts 3", "--restarts needs --algorithm anneal"),
        ("--algorithm anneal --population 3", "--population needs --algorithm ga, ga-ab or memetic"),
        ("--algorithm heavy-tailed", "--algorithm heavy-tailed needs --evaluations or --time"),
        ("--algorithm memetic --price -1", "--price is -1: it must be finite and at least 0"),
        ("--algorithm memetic --hold-out 1.5", "--hold-out is 1.5: it must be in (0, 1)"),
        ("--algorithm memetic --time 5", "expected a time such as 90s, 15m or 2h"),
    ] {
        folder.fail(2, &format!("{digits} {options}"), &[message]);
    }
}

/// A time that is over ends a search as planned: with its best, and success.
#[test]
fn time_is_a_budget() {
    let folder = Folder::new();
    let search = "search --data digits --arch 64,12,10 --algorithm heavy-tailed --time 0.2s";
    assert_eq!(folder.json(search)["stop_reason"], "time");
}
