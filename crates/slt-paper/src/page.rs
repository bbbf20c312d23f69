//! The page on what a reproduction shows, in Markdown: made of verdicts and effects, so that it says what
//! they say.

use std::fmt::Write;

use crate::causes::{self, Effect};
use crate::claims::{self, Basis, Claim, Condition, Decision, Verdict};
use crate::{ClaimOutcome, Plan, Protocol};

/// Conditions of a claim that its row shows.
const SHOWN: usize = 3;

/// A finding that leads the page: words, the claim whose numbers they are about, and the verdict that they
/// are true of.
struct Highlight {
    claim: &'static str,
    verdict: Verdict,
    words: &'static str,
}

/// What is strong, and what nobody said.
const HIGHLIGHTS: [Highlight; 5] = [
    Highlight {
        claim: "table6c-compatible",
        verdict: Verdict::Holds,
        words: "All eight coefficients of Table 6 (c), the paper's statistical comparison, against ours: distance in joint \
                standard errors.",
    },
    Highlight {
        claim: "ep-kaiming-fails-circles",
        verdict: Verdict::Holds,
        words: "Kaiming initialisations fail on circles for lack of biases: a ReLU network without biases classifies by \
                direction alone, and two rings around the origin have the same directions.",
    },
    Highlight {
        claim: "ga-beats-best-ep",
        verdict: Verdict::Holds,
        words: "What is left of the genetic algorithm's lead against edge-popup on signed constants with biases, a form that the \
                paper does not try and that Fig. 5 (c, d) sets beside the others.",
    },
    Highlight {
        claim: "pruning-keeps-accuracy",
        verdict: Verdict::DoesNotHold,
        words: "Pruning on training data costs test accuracy, which pruning on test data hides.",
    },
    Highlight {
        claim: "survivor-selection-same",
        verdict: Verdict::DoesNotHold,
        words: "Roulette selection of survivors fails: accuracies of survivors hardly differ, so a choice in proportion to them is \
                hardly a choice.",
    },
];

/// The page.
pub(crate) fn page(plan: &Plan, outcomes: &[ClaimOutcome], effects: &[Effect], runs: usize) -> String {
    let mut text = String::new();
    head(&mut text, plan, outcomes, runs);
    highlights(&mut text, outcomes);
    table(&mut text, outcomes);
    failures(&mut text, outcomes, effects);
    effects_of_figures(&mut text, effects);
    text.push_str(WITHDRAWN);
    text
}

/// Counts of verdicts as a Markdown table: what the README shows, too.
pub fn counts(outcomes: &[ClaimOutcome]) -> String {
    let mut text = String::from(
        "| verdict | chosen on training data (`clean`) | chosen on test data (`paper`) |\n|---|---|---|\n",
    );
    for verdict in Verdict::ALL {
        let [clean, paper] = Protocol::ALL.map(|protocol| {
            let matching =
                |outcome: &&ClaimOutcome| outcome.is_under(protocol) && outcome.decision.verdict == verdict;
            outcomes.iter().filter(matching).count()
        });
        line(&mut text, &[verdict.to_string(), clean.to_string(), paper.to_string()]);
    }
    text
}

fn head(text: &mut String, plan: &Plan, outcomes: &[ClaimOutcome], runs: usize) {
    let claims = claims::all().len();
    let decided = claims::all().iter().filter(|claim| outcomes.iter().any(|o| o.claim == claim.id)).count();
    add(
        text,
        &format!(
            "# What the reproduction shows\n\n\
             This page is generated from the stored runs in [reproduction/](reproduction): scale {}, R = {}, {runs} runs. `slt \
             check --store docs/reproduction` works it out again, compares every file, and computes a random sample of the runs \
             again to the same bits. What is run, and what had to be decided on the way, is in [method.md](method.md); who \
             reproduced what and when in [reproduction-log.md](reproduction-log.md).\n\n",
            plan.scale, plan.runs
        ),
    );
    if decided < claims {
        add(
            text,
            &format!(
                "**The store is growing:** the runs of {decided} of {claims} claims are complete. The others are not on this page \
                 yet.\n\n"
            ),
        );
    }
    text.push_str(&counts(outcomes));
    add(
        text,
        "\n`p` is the share of 2,000 bootstrap draws of the runs that pass the test: a claim *holds* from 0.95 on, *does not hold* \
         up to 0.05, and is *open* in between. Statements that something *can* be are decided as observed, tests with intervals \
         of their own are evaluated once. The margin is that of the condition that is met least, in standard errors. \
         Thresholds were fixed in advance; where reading the paper again changed a test, the former one is named below.\n\n",
    );
}

fn highlights(text: &mut String, outcomes: &[ClaimOutcome]) {
    let found: Vec<(&Highlight, &ClaimOutcome)> = HIGHLIGHTS
        .iter()
        .filter_map(|highlight| {
            let tells =
                |o: &&ClaimOutcome| o.claim == highlight.claim && o.decision.verdict == highlight.verdict;
            Some((highlight, outcomes.iter().find(tells)?))
        })
        .collect();
    if found.is_empty() {
        return;
    }
    text.push_str("## What is strong, and what nobody said\n\n");
    for (highlight, outcome) in found {
        let numbers: Vec<String> = outcome.decision.finding.conditions.iter().map(number).collect();
        let _ = writeln!(text, "- {} {}.", highlight.words, numbers.join("; "));
    }
    text.push('\n');
}

fn table(text: &mut String, outcomes: &[ClaimOutcome]) {
    text.push_str("## Claims\n\n");
    text.push_str("| claim | published | ours (95 % interval) | margin (SE) | p | verdict | cause |\n|---|---|---|---|---|---|---|\n");
    for claim in claims::all() {
        for outcome in outcomes.iter().filter(|outcome| outcome.claim == claim.id) {
            line(text, &row(claim, outcome));
        }
    }
    text.push('\n');
    let former: Vec<(&&Claim, &str)> =
        claims::all().iter().filter_map(|claim| Some((claim, claim.former_test()?))).collect();
    text.push_str("### Tests that were replaced\n\n| claim | the test now | the former test, and why it went | met | p |\n|---|---|---|---|---|\n");
    for (claim, test) in former {
        for outcome in outcomes.iter().filter(|outcome| outcome.claim == claim.id) {
            let Some((met, p)) = outcome.decision.former else { continue };
            let protocol = outcome.protocol.map_or(String::new(), |protocol| format!(" ({protocol})"));
            let met = if met { "yes" } else { "no" };
            let name = format!("`{}`{protocol}", claim.id);
            line(text, &[name, claim.test.to_owned(), test.to_owned(), met.to_owned(), format!("{p:.3}")]);
        }
    }
    text.push('\n');
}

fn row(claim: &Claim, outcome: &ClaimOutcome) -> [String; 7] {
    let decision = &outcome.decision;
    // Both protocols of a claim stand below each other; the statement stands once.
    let first = outcome.protocol != Some(Protocol::Paper);
    let statement =
        if first { format!("{} (`{}`; {})", claim.statement, claim.id, claim.source) } else { String::new() };
    let published =
        if first { claim.published.unwrap_or("not available in the text").to_owned() } else { String::new() };
    let mut conditions: Vec<&Condition> = decision.finding.conditions.iter().collect();
    // The ones that are met least say most.
    conditions.sort_by(|a, b| a.margin.total_cmp(&b.margin));
    let more = conditions.len().saturating_sub(SHOWN);
    let mut ours: Vec<String> = conditions.into_iter().take(SHOWN).map(number).collect();
    if more > 0 {
        ours.push(format!("and {more} more"));
    }
    let protocol = outcome.protocol.map_or("both", Protocol::name);
    let causes: Vec<&str> =
        causes::all().iter().filter(|cause| cause.claims.contains(&claim.id)).map(|c| c.id).collect();
    let cause = match (decision.verdict, causes.is_empty()) {
        (Verdict::Holds | Verdict::NotDecided, _) => String::new(),
        (_, true) => "no arm: whatever is said of it is a guess".to_owned(),
        (_, false) => causes.join(", "),
    };
    let p = match (decision.p, claim.basis) {
        (Some(p), _) => format!("{p:.3}"),
        (None, Basis::Existence) => "as observed".to_owned(),
        (None, _) => "interval".to_owned(),
    };
    let verdict = match decision.verdict {
        Verdict::NotDecided => format!("not decided with {} runs", decision.runs),
        verdict => format!("**{verdict}**"),
    };
    [
        statement,
        published,
        format!("{protocol}: {}", ours.join("; ")),
        decision.margin.map_or("–".to_owned(), |margin| format!("{margin:+.1}")),
        p,
        verdict,
        cause,
    ]
}

/// What was measured for the condition of a claim that is met least.
pub(crate) fn measured(decision: &Decision) -> String {
    let least = decision.finding.conditions.iter().min_by(|a, b| a.margin.total_cmp(&b.margin));
    least.map_or(String::new(), number)
}

/// What was measured for a condition.
fn number(condition: &Condition) -> String {
    let interval = condition.interval.map_or(String::new(), |interval| {
        format!(" [{}, {}]", rounded(interval.low), rounded(interval.high))
    });
    format!("{}: {}{interval}", condition.name, rounded(condition.value))
}

/// Four digits at most.
fn rounded(value: f64) -> String {
    let decimals = match value.abs() {
        size if size >= 1000.0 => 0,
        size if size >= 100.0 => 1,
        size if size >= 1.0 || size == 0.0 => 2,
        _ => 3,
    };
    format!("{value:.decimals$}")
}

/// For each claim that does not hold, what was changed and what that did.
fn failures(text: &mut String, outcomes: &[ClaimOutcome], effects: &[Effect]) {
    text.push_str("## Claims that do not hold, and why\n\n");
    let mut any = false;
    for claim in claims::all() {
        let fails = |outcome: &&ClaimOutcome| {
            outcome.claim == claim.id && outcome.decision.verdict == Verdict::DoesNotHold
        };
        let failing: Vec<&ClaimOutcome> = outcomes.iter().filter(fails).collect();
        if failing.is_empty() {
            continue;
        }
        any = true;
        let protocols: Vec<&str> =
            failing.iter().map(|o| o.protocol.map_or("both protocols", Protocol::name)).collect();
        let _ = writeln!(
            text,
            "### `{}` ({})\n\n{} Test: {}\n",
            claim.id,
            protocols.join(", "),
            claim.statement,
            claim.test
        );
        let about: Vec<_> = causes::all().iter().filter(|cause| cause.claims.contains(&claim.id)).collect();
        let of_failing: Vec<&Effect> =
            effects.iter().filter(|effect| failing.iter().any(|o| o.is_under(effect.protocol))).collect();
        let rows: Vec<[String; 4]> = about
            .iter()
            .flat_map(|cause| {
                of_failing
                    .iter()
                    .filter(|effect| effect.cause == cause.id)
                    .map(|effect| cell(cause.what, effect))
            })
            .collect();
        if rows.is_empty() && !about.is_empty() {
            let names: Vec<&str> = about.iter().map(|cause| cause.what).collect();
            let _ = writeln!(text, "The arms that could explain it are not run yet: {}.\n", names.join("; "));
            continue;
        }
        if rows.is_empty() {
            text.push_str("No arm explains it, so far. Every reason that could be given is a guess.\n\n");
            continue;
        }
        text.push_str(
            "| cause | arm | protocol | effect in points (95 % interval), runs |\n|---|---|---|---|\n",
        );
        rows.iter().for_each(|row| line(text, row));
        text.push('\n');
    }
    if !any {
        text.push_str("None of those that are decided.\n\n");
    }
}

fn cell(what: &str, effect: &Effect) -> [String; 4] {
    let change = format!("{}, {} runs", change(effect), effect.runs);
    [what.to_owned(), effect.cell.clone(), effect.protocol.to_string(), change]
}

/// An effect in points with its interval.
fn change(effect: &Effect) -> String {
    let interval = effect
        .interval
        .map_or(String::new(), |interval| format!(" [{:+.2}, {:+.2}]", interval.low, interval.high));
    format!("{:+.2}{interval}", effect.with - effect.without)
}

/// The effects of width, split, float32 ties, cap and pruning on Fig. 9 to 11, in one table.
fn effects_of_figures(text: &mut String, effects: &[Effect]) {
    let ids = |effect: &&Effect| effect.cause.starts_with("digits-") || effect.cause.starts_with("blobs-");
    let shown: Vec<&Effect> = effects.iter().filter(ids).collect();
    if shown.is_empty() {
        return;
    }
    text.push_str(
        "## What moves figures 9 to 11\n\nEach row changes one thing and compares runs with the same seeds.\n\n\
         | what is changed | data, network | protocol | without (%) | with (%) | effect in points (95 % interval) | runs |\n\
         |---|---|---|---|---|---|---|\n",
    );
    for effect in shown {
        let what = causes::all().iter().find(|cause| cause.id == effect.cause).map_or("", |cause| cause.what);
        line(
            text,
            &[
                what.to_owned(),
                effect.cell.clone(),
                effect.protocol.to_string(),
                format!("{:.2}", effect.without),
                format!("{:.2}", effect.with),
                change(effect),
                effect.runs.to_string(),
            ],
        );
    }
    text.push('\n');
}

const WITHDRAWN: &str = "## What was withdrawn\n\n\
    - \"There is no dip\" at four digits: that was said of digits in file order, the split of the published code's first \
    version. The paper's figures are made on a shuffled split, and all statements on digits were decided again on it.\n\
    - \"Does not hold\" of `digits-normalization-matters`, for the same reason.\n\
    - \"At the paper's settings\", said of ten runs with limits of our own: what differs is listed in [method.md](method.md).\n\
    - Means of network A that did not say so: two of its runs are dead, seed 4 on moons and seed 12 on circles. Their networks \
    give one class to nearly every input whatever the mask, and end at about 50 %. Means and spreads include them; Fig. 3 and 6 \
    mark them.\n";

fn line(text: &mut String, cells: &[String]) {
    for cell in cells {
        let _ = write!(text, "| {} ", cell.replace('|', "\\|").replace('\n', " "));
    }
    text.push_str("|\n");
}

/// Adds a paragraph, wrapped for readers of the source.
fn add(text: &mut String, paragraph: &str) {
    for part in paragraph.split_inclusive('\n') {
        let mut width = 0;
        for word in part.split_inclusive(' ') {
            if width + word.trim_end().len() > 118 && width > 0 {
                while text.ends_with(' ') {
                    text.pop();
                }
                text.push('\n');
                width = 0;
            }
            text.push_str(word);
            width += word.len();
        }
    }
}
