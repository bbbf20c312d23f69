use maud::{Markup, html};

use super::content::Report;
use super::page::{image, rounded, table};
use crate::claims::{Claim, Verdict};
use crate::figures::{Figure, Rendered};
use crate::page::measured;
use crate::{Cell, ClaimOutcome, Protocol, Table, recorded_verdict};
use slt_run::{RunSpec, RunTimes};

/// Rows of a figure's table that are printed; the CSV has all.
const MAX_ROWS: usize = 400;

/// What came out, in one look.
pub(super) fn summary(report: &Report<'_>) -> Markup {
    let plan = &report.study.plan;
    let count = |protocol: Protocol, verdict: Verdict| {
        let matching =
            |outcome: &&ClaimOutcome| outcome.is_under(protocol) && outcome.decision.verdict == verdict;
        report.outcomes.iter().filter(matching).count()
    };
    let counts = Verdict::ALL.map(|verdict| {
        let [clean, paper] = Protocol::ALL.map(|protocol| count(protocol, verdict));
        vec![badge(verdict, &verdict.to_string()), html! { (clean) }, html! { (paper) }]
    });
    let claims = report.study.claims.iter().map(|claim| {
        let published = claim.published.unwrap_or("not available");
        let ours = report.outcomes.iter().find(|outcome| outcome.claim == claim.id);
        let ours = ours.map_or(String::new(), |outcome| measured(&outcome.decision));
        let [clean, paper] = verdicts_of(report, claim);
        vec![statement(claim), html! { (published) }, html! { (ours) }, clean, paper]
    });
    html! {
        section #summary {
            h2 { "Summary" }
            p {
                "Scale " b { (plan.scale.to_string()) } ": " (plan.runs) " runs of a configuration, seeds 1 to " (plan.runs)
                ". " (report.total.0) " runs in all. slt " (report.version) ", commit "
                (report.commit.unwrap_or("unknown")) "."
            }
            p {
                "Two protocols: " b { "clean" } " chooses and prunes tickets on training data; " b { "paper" }
                " chooses and prunes them on test data, as the published code does."
            }
            (table(&["claims", "clean", "paper"], counts))
            @if let Some(agreement) = agreement(report.outcomes) { p { (agreement) } }
            (table(&["the paper says", "published", "here", "verdict, clean", "verdict, paper"], claims))
        }
    }
}

/// What a claim says, as a link to it.
fn statement(claim: &Claim) -> Markup {
    html! { a href={ "#claim-" (claim.id) } { (claim.statement) } }
}

/// One figure with its table and what is claimed about it.
pub(super) fn figure(report: &Report<'_>, figure: &Figure, rendered: &Rendered, svg: &str) -> Markup {
    let id = figure.id;
    let source = if figure.in_paper { "In the paper" } else { "Beyond the paper" };
    let about: Vec<&Claim> =
        report.study.claims.iter().copied().filter(|claim| is_about(claim, id)).collect();
    let verdicts = about.iter().map(|claim| {
        let [clean, paper] = verdicts_of(report, claim);
        vec![statement(claim), clean, paper]
    });
    let Table { columns, rows } = &rendered.table;
    let header: Vec<&str> = columns.iter().map(String::as_str).collect();
    let shown = rows.iter().take(MAX_ROWS).map(|row| row.iter().map(shown).collect());
    html! {
        section id=(id) {
            h2 { (id) ": " (figure.title) }
            p { b { (source) ":" } " " (figure.caption) }
            figure {
                (image(svg.as_bytes(), figure.title))
                @if let Some(drawn) = report.figures.get(id) {
                    figcaption { b { "Here:" } " " (drawn.summary) "." }
                }
            }
            @if !about.is_empty() { (table(&["claim", "clean", "paper"], verdicts)) }
            @if let Some(runs) = report.runs.get(id).filter(|runs| !runs.is_empty()) {
                details {
                    summary { "the " (runs.len()) " runs behind it" }
                    (table(&["configuration", "seeds"], settings(runs)))
                }
            }
            details {
                summary { "the " (rows.len()) " rows behind it" }
                (table(&header, shown))
                @if rows.len() > MAX_ROWS { p { "The first " (MAX_ROWS) "; " (id) ".csv has all." } }
            }
        }
    }
}

/// All claims with the numbers behind the verdicts.
pub(super) fn claims(report: &Report<'_>) -> Markup {
    let outcome_of = |outcome: &ClaimOutcome| {
        let numbers = outcome.decision.finding.measured.iter();
        let numbers: Vec<String> =
            numbers.map(|(name, value)| format!("{name} = {}", rounded(*value))).collect();
        html! {
            p {
                b { (outcome.protocol.map_or("both protocols", Protocol::name)) } " "
                (badge(outcome.decision.verdict, &outcome.to_string())) " "
                span.numbers { (numbers.join("; ")) }
            }
        }
    };
    html! {
        section #claims {
            h2 { "Claims" }
            @for claim in &report.study.claims {
                h3 id={ "claim-" (claim.id) } { (claim.id) }
                p { (claim.statement) }
                p { (claim.source) "." @if let Some(published) = claim.published { " Published: " (published) "." } }
                @for outcome in report.outcomes.iter().filter(|outcome| outcome.claim == claim.id) {
                    (outcome_of(outcome))
                }
            }
        }
    }
}

/// How long it took: the only part that is not the same every time.
pub(super) fn times(report: &Report<'_>) -> Markup {
    let row = |name: &str, runs: usize, times: &RunTimes| {
        let seconds = [times.cpu_seconds, times.seconds].map(|seconds| format!("{seconds:.1}"));
        [&[name.to_owned(), runs.to_string()], &seconds[..]].concat()
    };
    let rows = report.study.figures.iter().filter_map(|figure| {
        let id = figure.id;
        Some(row(id, report.runs.get(id)?.len(), report.times.get(id)?))
    });
    let total = row("all runs", report.total.0, &report.total.1);
    let rows = rows.chain(std::iter::once(total));
    html! {
        section #times {
            h2 { "Times" }
            p { "Seconds, each run on one thread; runs that figures share are counted for each of them." }
            (table(&["figure", "runs", "processor", "wall clock"], rows))
        }
    }
}

/// Each configuration once, with the seeds that it is run with.
fn settings(runs: &[RunSpec]) -> Vec<Vec<String>> {
    let mut rows: Vec<(String, Vec<u64>)> = Vec::new();
    for spec in runs {
        let label = spec.label();
        let name = label.rsplit_once(" seed ").map_or(label.as_str(), |(name, _)| name).to_owned();
        match rows.iter_mut().find(|(known, _)| *known == name) {
            Some((_, seeds)) => seeds.push(spec.seed().0),
            None => rows.push((name, vec![spec.seed().0])),
        }
    }
    let seeds = |mut seeds: Vec<u64>| {
        seeds.sort_unstable();
        seeds.dedup();
        match seeds[..] {
            [one] => one.to_string(),
            [first, .., last] if last - first + 1 == seeds.len() as u64 => format!("{first} to {last}"),
            _ => seeds.iter().map(u64::to_string).collect::<Vec<_>>().join(", "),
        }
    };
    rows.into_iter().map(|(name, list)| vec![name, seeds(list)]).collect()
}

fn verdicts_of(report: &Report<'_>, claim: &Claim) -> [Markup; 2] {
    Protocol::ALL.map(|protocol| {
        let outcome =
            report.outcomes.iter().find(|outcome| outcome.claim == claim.id && outcome.is_under(protocol));
        let Some(outcome) = outcome else { return html! {} };
        let mut words = outcome.to_string();
        if outcome.decision.verdict == Verdict::NotDecided
            && let Some(recorded) = recorded_verdict(claim.id, protocol)
        {
            words = format!("{words}; 25 runs at full length: {recorded}");
        }
        badge(outcome.decision.verdict, &words)
    })
}

/// How far runs that decide nothing agree with the recorded verdicts of 25 runs at full length, in a
/// sentence.
pub fn agreement(outcomes: &[ClaimOutcome]) -> Option<String> {
    let mut counts = [0; 2];
    for outcome in outcomes.iter().filter(|outcome| outcome.is_under(Protocol::Clean)) {
        let met = outcome.decision.finding.met;
        match recorded_verdict(&outcome.claim, Protocol::Clean) {
            _ if outcome.decision.verdict != Verdict::NotDecided => {}
            Some(Verdict::Holds) => counts[usize::from(met)] += 1,
            Some(Verdict::DoesNotHold) => counts[usize::from(!met)] += 1,
            _ => {}
        }
    }
    let [other, same] = counts;
    (other + same > 0).then(|| {
        format!(
            "These runs decide little by themselves; so far {same} of {} claims come out as with 25 runs at full length.",
            other + same
        )
    })
}

/// Words beside the colour, for those who do not see it and for print.
fn badge(verdict: Verdict, words: &str) -> Markup {
    let (class, sign) = match verdict {
        Verdict::Holds => ("holds", "\u{2713}"),
        Verdict::DoesNotHold => ("fails", "\u{2717}"),
        Verdict::Open | Verdict::NotDecided => ("open", "?"),
    };
    html! { span.verdict.(class) { (sign) " " (words) } }
}

/// Whether the claim's source names the figure, as "Fig. 3 (a)" and "Table 6 (c)" do.
fn is_about(claim: &Claim, id: &str) -> bool {
    claim.source.split([',', ';']).any(|place| {
        let (prefix, rest) = match place.trim().split_once(' ') {
            Some(("Fig.", rest)) => ("fig", rest),
            Some(("Table", rest)) => ("table", rest),
            _ => return false,
        };
        let name: String = rest.chars().filter(char::is_ascii_alphanumeric).collect();
        let number: String = name.chars().take_while(char::is_ascii_digit).collect();
        id == format!("{prefix}{name}") || id == format!("{prefix}{number}")
    })
}

/// A cell of a table as it is printed: long decimals are cut.
fn shown(cell: &Cell) -> String {
    match cell {
        Cell::Number(value) => rounded(*value),
        other => other.to_string(),
    }
}
