//! `slt search --seeds`: the networks of several seeds, and the best ticket of all.

use crate::common::Folder;

const SEARCH: &str = "search --data digits --classes 3 --hidden 6 --algorithm descent --sweeps 2";

#[test]
fn the_best_of_several_seeds_is_kept() {
    let folder = Folder::new();
    let report = folder.json(&format!("{SEARCH} --seed 5 --seeds 4 --out best.slt"));
    let seeds = report["seeds"].as_array().unwrap();
    assert_eq!(
        seeds.iter().map(|seed| seed["network_seed"].as_u64().unwrap()).collect::<Vec<_>>(),
        [5, 6, 7, 8]
    );
    // Each is what a search of its own finds, and the kept one is judged best, with the most zeros of equal
    // ones.
    let mut best: Option<(f64, f64, String)> = None;
    for seed in seeds {
        let number = &seed["network_seed"];
        let alone = folder.json(&format!("{SEARCH} --seed {number} --out {number}.slt"));
        assert_eq!(alone.get("seeds"), None);
        for field in ["network_seed", "search_seed", "performance", "train_accuracy", "sparsity"] {
            assert_eq!(seed[field], alone[field], "{field} of seed {number}");
        }
        let rank = |report: &serde_json::Value| {
            (report["performance"].as_f64().unwrap(), report["sparsity"].as_f64().unwrap())
        };
        let (performance, sparsity) = rank(&alone);
        if best.as_ref().is_none_or(|(p, s, _)| (performance, sparsity) > (*p, *s)) {
            best = Some((performance, sparsity, number.to_string()));
        }
    }
    let (_, _, best) = best.unwrap();
    let kept: Vec<String> = seeds
        .iter()
        .filter(|seed| seed["kept"] == true)
        .map(|seed| seed["network_seed"].to_string())
        .collect();
    assert_eq!(kept, std::slice::from_ref(&best));
    assert_eq!(report["network_seed"].to_string(), best);
    assert!(
        folder.read("best.slt") == folder.read(&format!("{best}.slt")),
        "the ticket is that of seed {best}"
    );
    let said = folder.succeed(&format!("{SEARCH} --seed 5 --seeds 4")).stdout;
    assert!(said.contains(&format!("best of 4 seeds: {best}; training accuracies from ")), "{said}");
}

#[test]
fn seeds_that_cannot_be_are_usage_errors() {
    let folder = Folder::new();
    for (options, parts) in [
        ("--seeds 0", &["--seeds", "1"][..]),
        (
            "--seeds 2 --checkpoint c.ck",
            &["--checkpoint keeps one search", "--seeds searches with 2 networks"],
        ),
        ("--seeds 2 --front f.csv", &["--seeds keeps one ticket", "--front"]),
        ("--seeds 3 --seed 18446744073709551614", &["--seeds is 3", "18446744073709551614"]),
    ] {
        folder.fail(2, &format!("{SEARCH} {options}"), parts);
    }
    folder.fail(2, "search --data moons --arch A --seeds 2", &["--seeds needs another algorithm than ga"]);
    // The seed of the search alone may be the same for all.
    let report = folder.json(&format!("{SEARCH} --seeds 2 --search-seed 9"));
    let seeds = report["seeds"].as_array().unwrap();
    assert!(
        seeds.iter().all(|seed| seed["search_seed"] == 9)
            && seeds[0]["network_seed"] != seeds[1]["network_seed"]
    );
}
