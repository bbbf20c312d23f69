use super::Report;
use super::page::{escape, image, rounded, table};
use crate::claims::{Claim, Verdict};
use crate::figures::{Figure, Rendered};
use crate::page::measured;
use crate::{Cell, Outcome, Protocol, Table, recorded_verdict};
use slt_run::{RunSpec, RunTimes};

/// Rows of a figure's table that are printed; the CSV has all.
const MAX_ROWS: usize = 400;

/// What came out, in one look.
pub(super) fn summary(report: &Report<'_>, html: &mut String) {
    let plan = &report.study.plan;
    *html += "<section id=\"summary\">\n<h2>Summary</h2>\n";
    *html += &format!(
        "<p>Scale <b>{}</b>: {} runs of a configuration, seeds 1 to {}. {} runs in all. slt {}, commit {}.</p>\n",
        plan.scale,
        plan.runs,
        plan.runs,
        report.total.0,
        escape(report.version),
        escape(report.commit.unwrap_or("unknown")),
    );
    *html += "<p>Two protocols: <b>clean</b> chooses and prunes tickets on training data; <b>paper</b> chooses and prunes \
              them on test data, as the published code does.</p>\n";
    let count = |protocol: Protocol, verdict: Verdict| {
        let matching = |outcome: &&Outcome| outcome.is_under(protocol) && outcome.decision.verdict == verdict;
        report.outcomes.iter().filter(matching).count().to_string()
    };
    let rows = Verdict::ALL.map(|verdict| {
        let [clean, paper] = Protocol::ALL.map(|protocol| count(protocol, verdict));
        vec![badge(verdict, &verdict.to_string()), clean, paper]
    });
    *html += &table(&["claims", "clean", "paper"], rows);
    if let Some(agreement) = agreement(report.outcomes) {
        *html += &format!("<p>{}</p>\n", escape(&agreement));
    }
    let rows = report.study.claims.iter().map(|claim| {
        let statement = format!("<a href=\"#claim-{}\">{}</a>", claim.id, escape(claim.statement));
        let published = escape(claim.published.unwrap_or("not available"));
        let ours = report.outcomes.iter().find(|outcome| outcome.claim == claim.id);
        let ours = ours.map_or(String::new(), |outcome| escape(&measured(&outcome.decision)));
        let [clean, paper] = verdicts_of(report, claim);
        vec![statement, published, ours, clean, paper]
    });
    *html += &table(&["the paper says", "published", "here", "verdict, clean", "verdict, paper"], rows);
    *html += "</section>\n";
}

/// One figure with its table and what is claimed about it.
pub(super) fn figure(
    report: &Report<'_>,
    figure: &dyn Figure,
    rendered: &Rendered,
    svg: &str,
    html: &mut String,
) {
    let id = figure.id();
    *html += &format!("<section id=\"{id}\">\n<h2>{id}: {}</h2>\n", escape(figure.title()));
    let source = if figure.in_paper() { "In the paper" } else { "Beyond the paper" };
    *html += &format!("<p><b>{source}:</b> {}</p>\n<figure>\n", escape(figure.caption()));
    *html += &image(svg.as_bytes(), figure.title());
    if let Some(drawn) = report.figures.get(id) {
        *html += &format!("<figcaption><b>Here:</b> {}.</figcaption>\n", escape(&drawn.summary));
    }
    *html += "</figure>\n";
    let about: Vec<&Claim> =
        report.study.claims.iter().copied().filter(|claim| is_about(claim, id)).collect();
    if !about.is_empty() {
        let rows = about.iter().map(|claim| {
            let [clean, paper] = verdicts_of(report, claim);
            vec![format!("<a href=\"#claim-{}\">{}</a>", claim.id, escape(claim.statement)), clean, paper]
        });
        *html += &table(&["claim", "clean", "paper"], rows);
    }
    if let Some(runs) = report.runs.get(id).filter(|runs| !runs.is_empty()) {
        *html += &format!("<details><summary>the {} runs behind it</summary>\n", runs.len());
        *html += &table(&["configuration", "seeds"], settings(runs));
        *html += "</details>\n";
    }
    let Table { columns, rows } = &rendered.table;
    let (n, header): (usize, Vec<&str>) = (rows.len(), columns.iter().map(String::as_str).collect());
    *html += &format!("<details><summary>the {n} rows behind it</summary>\n");
    *html += &table(&header, rows.iter().take(MAX_ROWS).map(|row| row.iter().map(shown).collect()));
    if n > MAX_ROWS {
        *html += &format!("<p>The first {MAX_ROWS}; {id}.csv has all.</p>\n");
    }
    *html += "</details>\n</section>\n";
}

/// All claims with the numbers behind the verdicts.
pub(super) fn claims(report: &Report<'_>, html: &mut String) {
    *html += "<section id=\"claims\">\n<h2>Claims</h2>\n";
    for claim in &report.study.claims {
        *html += &format!("<h3 id=\"claim-{0}\">{0}</h3>\n<p>{1}</p>\n", claim.id, escape(claim.statement));
        let published =
            claim.published.map_or(String::new(), |published| format!(" Published: {}.", escape(published)));
        *html += &format!("<p>{}.{published}</p>\n", escape(claim.source));
        for outcome in report.outcomes.iter().filter(|outcome| outcome.claim == claim.id) {
            let numbers: Vec<String> = outcome
                .decision
                .finding
                .measured
                .iter()
                .map(|(name, value)| format!("{} = {}", escape(name), rounded(*value)))
                .collect();
            let protocol = outcome.protocol.map_or("both protocols", Protocol::name);
            let verdict = badge(outcome.decision.verdict, &outcome.to_string());
            *html += &format!(
                "<p><b>{protocol}</b> {verdict} <span class=\"numbers\">{}</span></p>\n",
                numbers.join("; ")
            );
        }
    }
    *html += "</section>\n";
}

/// How long it took: the only part that is not the same every time.
pub(super) fn times(report: &Report<'_>, html: &mut String) {
    *html += "<section id=\"times\">\n<h2>Times</h2>\n<p>Seconds, each run on one thread; runs that figures share are \
              counted for each of them.</p>\n";
    let row = |name: &str, runs: usize, times: &RunTimes| {
        let seconds = [times.cpu_seconds, times.seconds].map(|seconds| format!("{seconds:.1}"));
        [&[name.to_owned(), runs.to_string()], &seconds[..]].concat()
    };
    let rows = report.study.figures.iter().filter_map(|figure| {
        let id = figure.id();
        Some(row(id, report.runs.get(id)?.len(), report.times.get(id)?))
    });
    let total = row("all runs", report.total.0, &report.total.1);
    *html += &table(&["figure", "runs", "processor", "wall clock"], rows.chain(std::iter::once(total)));
    *html += "</section>\n";
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
    rows.into_iter().map(|(name, list)| vec![escape(&name), seeds(list)]).collect()
}

fn verdicts_of(report: &Report<'_>, claim: &Claim) -> [String; 2] {
    Protocol::ALL.map(|protocol| {
        let outcome =
            report.outcomes.iter().find(|outcome| outcome.claim == claim.id && outcome.is_under(protocol));
        let Some(outcome) = outcome else { return String::new() };
        let mut words = outcome.to_string();
        if outcome.decision.verdict == Verdict::NotDecided
            && let Some(recorded) = recorded_verdict(claim.id, protocol)
        {
            words = format!("{words}; 25 runs at full length: {recorded}");
        }
        badge(outcome.decision.verdict, &words)
    })
}

/// How far runs that decide nothing agree with the recorded verdicts of 25 runs at full length, in a sentence.
pub fn agreement(outcomes: &[Outcome]) -> Option<String> {
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
fn badge(verdict: Verdict, words: &str) -> String {
    let (class, sign) = match verdict {
        Verdict::Holds => ("holds", "\u{2713}"),
        Verdict::DoesNotHold => ("fails", "\u{2717}"),
        Verdict::Open | Verdict::NotDecided => ("open", "?"),
    };
    format!("<span class=\"verdict {class}\">{sign} {words}</span>")
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
        other => escape(&other.to_string()),
    }
}
