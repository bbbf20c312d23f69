//! `slt search` with the algorithms beyond the paper's.

use crate::common::Folder;
use serde_json::Value;
use slt_core::seal::Kind;

const SMALL: &str = "search --data digits --classes 3 --arch 64,12,3 --flips 2000";

/// The same ticket, whatever the threads and the instruction set, and if it went on from where a budget had
/// ended it.
#[test]
fn threads_instruction_sets_and_interruptions_change_nothing() {
    let folder = Folder::new();
    for (algorithm, options) in [
        ("memetic", "--flips 1200 --children 2 --population 2"),
        ("anneal", "--flips 3000 --restarts 2"),
        ("descent", "--sweeps 4 --price 1e-4"),
        ("late-acceptance", "--flips 3000"),
        ("nsga2", "--population 80 --max-generations 20"),
        ("umda", "--population 80 --max-generations 20"),
        ("unit-descent", "--batch 300:4 --price 1e-4"),
        ("unit-descent", "--batch 400:1,900:1 --shifts 1 --passes 2"),
    ] {
        let search = format!("search --data digits --arch 64,6,10 --algorithm {algorithm} {options}");
        let hash = |more: &str| folder.json(&format!("{search} {more}"))["mask_hash"].clone();
        let whole = hash("--threads 1");
        assert_eq!(hash("--threads 2"), whole, "{algorithm}");
        assert_eq!(hash("--threads 4 --instruction-set portable"), whole, "{algorithm}");
        let file = format!("--checkpoint {algorithm}{}.slc", options.len());
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
        (
            "--algorithm anneal --population 3",
            "--population needs --algorithm ga, ga-ab, memetic, nsga2 or umda",
        ),
        (
            "--algorithm memetic --max-generations 3",
            "--max-generations needs --algorithm ga, ga-ab, nsga2 or umda",
        ),
        ("--algorithm nsga2 --patience 3", "--patience needs --algorithm ga or ga-ab"),
        ("--algorithm nsga2 --flips 3", "--flips needs --algorithm anneal, late-acceptance or memetic"),
        (
            "--algorithm umda --price 1",
            "--price needs --algorithm descent, anneal, late-acceptance, memetic or unit-descent",
        ),
        ("--algorithm memetic --batch 100", "--batch needs --algorithm unit-descent"),
        ("--algorithm anneal --passes 2", "--passes needs --algorithm unit-descent"),
        (
            "--algorithm unit-descent --batch 0:2",
            "\"0:2\" is no batch, expected auto or such as 10000, 10000:2, all:3",
        ),
        ("--algorithm unit-descent --batch 10,all:0", "\"all:0\" is no batch"),
        ("--algorithm descent --shifts 1", "--shifts needs --algorithm unit-descent"),
        (
            "--algorithm unit-descent --shifts 8",
            "--shifts is 8: 64 features are not a square image of more than 8 pixels a side",
        ),
        ("--algorithm unit-descent --sweeps 3", "--sweeps needs --algorithm descent"),
        (
            "--algorithm unit-descent --objective accuracy",
            "needs an --objective that is a mean of losses, such as cross-entropy: accuracy is none",
        ),
        ("--algorithm nsga2 --population 1", "--population is 1: it must be in 2 to 100,000"),
        ("--price-of bits", "--price-of needs another algorithm than ga and ga-ab"),
        ("--algorithm memetic --price-of bits", "--price-of needs --price or --front"),
        ("--algorithm heavy-tailed", "--algorithm heavy-tailed needs --evaluations or --time"),
        ("--algorithm memetic --price -1", "--price is -1: it must be finite and at least 0"),
        ("--algorithm memetic --hold-out 1.5", "--hold-out is 1.5: it must be in (0, 1)"),
        ("--algorithm memetic --time 5", "expected a time such as 90s, 15m or 2h"),
    ] {
        folder.fail(2, &format!("{digits} {options}"), &[message]);
    }
    let large = "search --data digits --arch 64,400,10 --algorithm umda --population 1000000";
    folder.fail(2, large, &["--population 1000000 times 29600 weights is more than"]);
}

/// A time that is over ends a search as planned: with its best, and success.
#[test]
fn time_is_a_budget() {
    let folder = Folder::new();
    let search = "search --data digits --arch 64,12,10 --algorithm heavy-tailed --time 0.2s";
    assert_eq!(folder.json(search)["stop_reason"], "time");
}

/// A checkpoint that is whole, but of no search that there can be: the file is named.
#[test]
fn a_checkpoint_that_contradicts_itself_is_refused() {
    let folder = Folder::new();
    let digits = "search --data digits --classes 3 --arch 64,6,3 --checkpoint c.ck";
    for (algorithm, part, violated) in [
        ("nsga2 --population 10", "front", "its front is empty"),
        ("umda", "probabilities", "it has not a probability for each bit"),
        ("ga --min-generations 0", "memory", "it remembers more masks than configured"),
    ] {
        let search = format!("{digits} --algorithm {algorithm} --max-generations 3");
        folder.json(&search);
        let file = folder.read("c.ck");
        let header = file.iter().position(|&byte| byte == b'\n').unwrap() + 1;
        let kind = Kind { magic: *b"SLTSRCH1", version: 1 };
        let mut content: Value = serde_json::from_slice(kind.open(&file[header..]).unwrap()).unwrap();
        let changed = content["state"][part].as_array_mut().unwrap();
        match part {
            "memory" => *changed = vec![changed[0].clone(); 5000],
            _ => changed.clear(),
        }
        let sealed = kind.seal(&serde_json::to_vec(&content).unwrap());
        folder.write("c.ck", [&file[..header], &sealed].concat());
        let said = format!("cannot go on from c.ck: the checkpoint contradicts itself: {violated}");
        folder.fail(2, &format!("{search} --resume"), &[&said]);
        folder.fail(2, &search, &["c.ck exists", "--resume"]);
        std::fs::remove_file(folder.path("c.ck")).unwrap();
    }
}
