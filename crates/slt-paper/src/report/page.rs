use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use maud::{DOCTYPE, Markup, PreEscaped, Render, html};

use super::content::Report;

const STYLE: &str = include_str!("style.css");

/// The whole page around its sections.
pub(super) fn page(report: &Report<'_>, body: &Markup) -> Markup {
    let title = "Strong lottery tickets by genetic algorithms: a reproduction";
    let figures = report.study.figures.iter().map(|figure| figure.id);
    html! {
        (DOCTYPE)
        html lang="en" {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1";
                title { (title) }
                style { (PreEscaped(STYLE)) }
            }
            body {
                h1 { (title) }
                nav {
                    a href="#summary" { "summary" } " "
                    @for id in figures { a href={ "#" (id) } { (id) } " " }
                    a href="#claims" { "claims" } " "
                    a href="#times" { "times" }
                }
                (body)
            }
        }
    }
}

/// An SVG as an image inside the page.
pub(super) fn image(svg: &[u8], description: &str) -> Markup {
    html! { img alt=(description) src={ "data:image/svg+xml;base64," (STANDARD.encode(svg)) }; }
}

/// A table from a header and rows of text; numbers stand right.
pub(super) fn table<C: Render>(header: &[&str], rows: impl IntoIterator<Item = Vec<C>>) -> Markup {
    let cell = |cell: C| {
        let content = cell.render();
        let is_number = content.0.parse::<f64>().is_ok();
        html! { td class=[is_number.then_some("number")] { (content) } }
    };
    html! {
        div.wide {
            table {
                thead { tr { @for name in header { th { (name) } } } }
                tbody {
                    @for row in rows {
                        tr { @for content in row { (cell(content)) } }
                    }
                }
            }
        }
    }
}

/// A number with four significant digits at most, for reading.
pub(super) fn rounded(value: f64) -> String {
    let magnitude = value.abs();
    if value == 0.0 || (1e-3..1e6).contains(&magnitude) {
        let decimals = (3 - magnitude.max(1e-3).log10().floor() as i32).clamp(0, 6) as usize;
        let text = format!("{value:.decimals$}");
        if text.contains('.') { text.trim_end_matches('0').trim_end_matches('.').to_owned() } else { text }
    } else {
        format!("{value:.2e}")
    }
}
