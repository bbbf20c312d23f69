//! What several figures share.

use serde::Serialize;
use serde_json::Value;
use slt_datasets::paper::PaperName;
use slt_plot::{Color, DOUBLE_COLUMN_MM, Figure as Drawing, FiveNumbers, Panel};
use slt_stats::{BoxPlot, Interval, Summary, t_interval};

use crate::arm::ARCHITECTURES;
use crate::method::Method;
use crate::{Cell, Error, Plan, Protocol, Scale};
use slt_run::SearchRecord;

/// Level of the confidence intervals.
pub(super) const LEVEL: f64 = 0.95;

/// Reach of the whiskers of a box plot in interquartile ranges: matplotlib's rule.
const WHISKERS: f64 = 1.5;

/// The data of the figures with a panel (a) and a panel (b).
pub(super) const TWO_CLASS_DATA: [PaperName; 2] = [PaperName::Moons, PaperName::Circles];

/// Each of these with each of the architectures A to D.
pub(super) fn two_class_networks() -> impl Iterator<Item = (PaperName, &'static str)> {
    TWO_CLASS_DATA.into_iter().flat_map(|data| ARCHITECTURES.map(|architecture| (data, architecture)))
}

/// The genetic algorithm on data of the other scaling: normalized blobs, digits that are not.
pub(super) const GA_RESCALED: Color = Color::Series(6);

/// The scale with what it means, for the note below a figure.
pub(super) fn scale_words(plan: &Plan) -> &'static str {
    match plan.scale {
        Scale::Smoke => "scale smoke (a test: the numbers mean nothing)",
        Scale::Quick => "scale quick (searches cut short)",
        Scale::Paper => "scale paper",
    }
}

/// What was run and which protocols are drawn, in a line for the note below a figure.
pub(super) fn provenance(plan: &Plan, drawn: &[Protocol]) -> String {
    let protocol = match drawn {
        [] => String::new(),
        [one] => format!(", protocol {one}"),
        _ => ", protocols clean (filled: tickets chosen and pruned on training data) and paper (hollow: on test data)"
            .to_owned(),
    };
    format!("R = {}, {}{protocol}", plan.runs, scale_words(plan))
}

/// Lines for the note below a figure; those that are empty are left out.
pub(super) fn note(lines: impl IntoIterator<Item = String>) -> String {
    lines.into_iter().filter(|line| !line.is_empty()).collect::<Vec<_>>().join("\n")
}

/// Items with commas between them.
pub(super) fn listed(items: impl IntoIterator<Item = impl ToString>) -> String {
    items.into_iter().map(|item| item.to_string()).collect::<Vec<_>>().join(", ")
}

/// The tickets of a row, in tables.
pub(super) fn ticket_kind(pruned: bool, protocol: Protocol) -> &'static str {
    match (pruned, protocol) {
        (false, _) => "not pruned",
        (true, Protocol::Clean) => "pruned on training data",
        (true, Protocol::Paper) => "pruned on test data",
    }
}

/// A description of the genetic algorithm that minimises the cross-entropy.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub(super) enum Description {
    /// The paper's text.
    Text,
    /// The published code: weights and biases from a wider range, losses in single precision.
    Code,
}

impl Description {
    /// Those that are run: that of the code not at scale quick, which is to take minutes.
    pub(super) fn all(plan: &Plan) -> &'static [Self] {
        if plan.scale == Scale::Quick { &[Self::Text] } else { &[Self::Text, Self::Code] }
    }

    pub(super) fn method(self, pruned: bool) -> Method {
        let method = match self {
            Self::Text => Method::ga_loss(),
            Self::Code => Method::ga_loss_as_coded(),
        };
        if pruned { method.pruned() } else { method }
    }

    /// The name in tables.
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Text => "text",
            Self::Code => "code",
        }
    }

    /// What it is, for titles.
    pub(super) fn words(self) -> &'static str {
        match self {
            Self::Text => "GA as the text describes it: weights from U[−1, 1], losses in double precision",
            Self::Code => {
                "GA as the published code has it: weights from U[−2.5, 2.5], losses in single precision"
            }
        }
    }
}

/// A value of every run of a configuration, in the order of the seeds, and what is said about them.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub(super) struct Sample {
    pub(super) values: Vec<f64>,
    pub(super) mean: f64,
    /// Standard deviation with `n - 1` in the denominator; none for a single run.
    pub(super) sd: Option<f64>,
    /// Standard deviation with `n` in the denominator.
    pub(super) sd_of_runs: f64,
    /// 95 % interval of the mean by Student's t; none for a single run.
    pub(super) interval: Option<Interval>,
    pub(super) min: f64,
    pub(super) median: f64,
    pub(super) max: f64,
}

impl Sample {
    /// Names of the columns of [`cells`](Self::cells); the number says what is subtracted from n in the
    /// denominator.
    pub(super) const COLUMNS: [&str; 9] =
        ["runs", "mean", "sd_ddof1", "sd_ddof0", "ci_low", "ci_high", "min", "median", "max"];

    pub(super) fn of(values: Vec<f64>) -> Result<Self, Error> {
        let Summary { mean, sd, min, median, max, .. } = Summary::of(&values)?;
        let interval = sd.map(|_| t_interval(&values, LEVEL)).transpose()?;
        let sd_of_runs = slt_stats::sd(&values, 0)?;
        Ok(Self { values, mean, sd, sd_of_runs, interval, min, median, max })
    }

    /// The summary of shares as part of the row of a table. Intervals end where shares do.
    pub(super) fn cells(&self) -> [Cell; 9] {
        [
            (self.values.len() as u64).into(),
            self.mean.into(),
            self.sd.into(),
            self.sd_of_runs.into(),
            self.bounds().map(|(low, _)| low).into(),
            self.bounds().map(|(_, high)| high).into(),
            self.min.into(),
            self.median.into(),
            self.max.into(),
        ]
    }

    /// The interval of the mean, cut where shares end; none for a single run.
    pub(super) fn bounds(&self) -> Option<(f64, f64)> {
        self.interval.map(|interval| (interval.low.max(0.0), interval.high.min(1.0)))
    }

    /// What a box plot shows of it.
    pub(super) fn five_numbers(&self) -> Result<FiveNumbers, Error> {
        let BoxPlot { q1, median, q3, whisker_low, whisker_high, outliers, .. } =
            BoxPlot::of(&self.values, WHISKERS)?;
        Ok(FiveNumbers { whisker_low, q1, median, q3, whisker_high, fliers: outliers })
    }
}

/// Names of the columns of [`quartiles`].
pub(super) const QUARTILES: [&str; 4] = ["q1", "q3", "whisker_low", "whisker_high"];

/// What a table has of a box.
pub(super) fn quartiles(shown: &FiveNumbers) -> [Cell; 4] {
    [shown.q1, shown.q3, shown.whisker_low, shown.whisker_high].map(Cell::from)
}

/// Where 100 % is drawn on an axis that is stretched towards it and does not reach it: half a test sample
/// below.
const WHOLE: f64 = 1.0 - 0.5 / 16_000.0;

/// Where an accuracy is drawn on such an axis.
pub(super) fn place_of(accuracy: f64) -> f64 {
    accuracy.min(WHOLE)
}

/// The end of an axis above 100 %, that leaves room for markers.
pub(super) const AXIS_END: f64 = 1.006;

/// The multiple of 5 % below all of these, where an axis begins.
pub(super) fn lower_end(values: impl IntoIterator<Item = f64>) -> f64 {
    let lowest = values.into_iter().fold(1.0, f64::min);
    ((20.0 * lowest).floor() / 20.0).clamp(0.0, 0.95)
}

/// The search whose ticket has the highest training accuracy, the first of equals.
pub(super) fn fittest<'a>(records: &[&'a SearchRecord]) -> Result<&'a SearchRecord, Error> {
    let accuracy = |record: &SearchRecord| record.best.train_accuracy;
    let fitter = |top, record| if accuracy(record) > accuracy(top) { record } else { top };
    records.iter().copied().reduce(fitter).ok_or(Error::Runs { runs: 0 })
}

/// A share in percent with two decimals, without the sign.
pub(super) fn percent(share: f64) -> String {
    format!("{:.2}", 100.0 * share)
}

/// A number with so many significant digits, without an exponent.
pub(super) fn significant(value: f64, digits: i32) -> String {
    let before_point = format!("{value:e}").rsplit('e').next().and_then(|power| power.parse::<i32>().ok());
    let decimals = digits - 1 - before_point.unwrap_or(0);
    let rounded = format!("{:.*}", decimals.max(0) as usize, value);
    if decimals >= 0 {
        return rounded;
    }
    let unit = 10.0_f64.powi(-decimals);
    format!("{:.0}", (value / unit).round() * unit)
}

/// What a figure stores beside its drawing.
pub(super) fn json(data: &impl Serialize) -> Value {
    serde_json::to_value(data).expect("plain data has a JSON form")
}

/// A figure of one table across the page.
pub(super) fn table_alone(table: slt_plot::Table, description: impl Into<String>) -> Drawing {
    Drawing::grid(DOUBLE_COLUMN_MM, 1, vec![Panel::bare().mark(table)]).description(description)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sample_in_numbers() {
        let sample = Sample::of(vec![0.9, 0.7, 0.8]).unwrap();
        assert!((sample.mean - 0.8).abs() < 1e-12 && (sample.sd.unwrap() - 0.1).abs() < 1e-12);
        // t(0.975, 2) = 4.302653 times the standard error.
        let interval = sample.interval.unwrap();
        assert!((interval.high - (0.8 + 4.302_653 * 0.1 / 3f64.sqrt())).abs() < 1e-6);
        assert_eq!((sample.min, sample.median, sample.max), (0.7, 0.8, 0.9));
        assert!((sample.sd_of_runs - 0.1 * (2.0_f64 / 3.0).sqrt()).abs() < 1e-12);
        // In a table, it ends where shares do.
        assert!(interval.high > 1.0 && sample.cells()[5] == Cell::Number(1.0));
        let single = Sample::of(vec![0.5]).unwrap();
        assert_eq!((single.sd, single.interval, single.sd_of_runs), (None, None, 0.0));
        assert!(Sample::of(Vec::new()).is_err());
    }

    #[test]
    fn significant_digits() {
        let of = |value| significant(value, 3);
        assert_eq!(
            [578.558, 1245.54, 2.508, 0.01234, 9.996].map(of),
            ["579", "1250", "2.51", "0.0123", "10.00"]
        );
        assert_eq!([0.0, 1e6].map(of), ["0.00", "1000000"]);
    }

    #[test]
    fn a_figure_says_what_was_run() {
        let plan = Plan::new(Scale::Paper, None).unwrap();
        assert_eq!(provenance(&plan, &[Protocol::Clean]), "R = 25, scale paper, protocol clean");
        assert!(provenance(&plan, &Protocol::ALL).contains("paper (hollow"));
        assert_eq!(note(["a".to_owned(), String::new(), "b".to_owned()]), "a\nb");
        let quick = Plan::new(Scale::Quick, None).unwrap();
        assert_eq!((Description::all(&quick).len(), Description::all(&plan).len()), (1, 2));
    }
}
