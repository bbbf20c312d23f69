use base64::Engine;
use base64::engine::general_purpose::STANDARD;

use super::Report;

const STYLE: &str = include_str!("style.css");

/// The whole page around its sections.
pub(super) fn page(report: &Report<'_>, body: &str) -> String {
    let title = "Strong lottery tickets by genetic algorithms: a reproduction";
    let figures: String = report
        .study
        .figures
        .iter()
        .map(|figure| format!("<a href=\"#{0}\">{0}</a>\n", figure.id()))
        .collect();
    format!(
        "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n<title>{title}</title>\n\
         <style>\n{STYLE}</style>\n</head>\n<body>\n<h1>{title}</h1>\n\
         <nav><a href=\"#summary\">summary</a>\n{figures}<a href=\"#claims\">claims</a>\n\
         <a href=\"#times\">times</a></nav>\n{body}</body>\n</html>\n"
    )
}

/// Text as HTML.
pub(super) fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

/// An SVG as an image inside the page.
pub(super) fn image(svg: &[u8], description: &str) -> String {
    let data = STANDARD.encode(svg);
    format!("<img alt=\"{}\" src=\"data:image/svg+xml;base64,{data}\">\n", escape(description))
}

/// A table from a header and rows of text; numbers stand right.
pub(super) fn table(header: &[&str], rows: impl IntoIterator<Item = Vec<String>>) -> String {
    let mut html = String::from("<div class=\"wide\"><table>\n<thead><tr>");
    for name in header {
        html += &format!("<th>{}</th>", escape(name));
    }
    html += "</tr></thead>\n<tbody>\n";
    for row in rows {
        html += "<tr>";
        for cell in row {
            let class = if cell.parse::<f64>().is_ok() { " class=\"number\"" } else { "" };
            html += &format!("<td{class}>{cell}</td>");
        }
        html += "</tr>\n";
    }
    html + "</tbody>\n</table></div>\n"
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
