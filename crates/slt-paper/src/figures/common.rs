//! What several figures share.

use serde::Serialize;
use serde_json::Value;
use slt_datasets::paper::PaperName;
use slt_plot::{Color, DOUBLE_COLUMN_MM, Figure as Drawing, FiveNumbers, Panel};
use slt_stats::{BoxPlot, Interval, Summary, t_interval};

use crate::{Cell, Error};

/// Level of the confidence intervals.
pub(super) const LEVEL: f64 = 0.95;

/// Reach of the whiskers of a box plot in interquartile ranges: matplotlib's rule.
const WHISKERS: f64 = 1.5;

/// The data of the figures with a panel (a) and a panel (b).
pub(super) const TWO_CLASS_DATA: [PaperName; 2] = [PaperName::Moons, PaperName::Circles];

/// The genetic algorithm on data of the other scaling: normalized blobs, digits that are not.
pub(super) const GA_RESCALED: Color = Color::Series(6);

/// A value of every run of a configuration, in the order of the seeds, and what is said about them.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub(super) struct Sample {
    pub(super) values: Vec<f64>,
    pub(super) mean: f64,
    /// Standard deviation with `n - 1` in the denominator; none for a single run.
    pub(super) sd: Option<f64>,
    /// 95 % interval of the mean by Student's t; none for a single run.
    pub(super) interval: Option<Interval>,
    pub(super) min: f64,
    pub(super) median: f64,
    pub(super) max: f64,
}

impl Sample {
    /// Names of the columns of [`cells`](Self::cells).
    pub(super) const COLUMNS: [&str; 8] = ["runs", "mean", "sd", "ci_low", "ci_high", "min", "median", "max"];

    pub(super) fn of(values: Vec<f64>) -> Result<Self, Error> {
        let Summary { mean, sd, min, median, max, .. } = Summary::of(&values)?;
        let interval = sd.map(|_| t_interval(&values, LEVEL)).transpose()?;
        Ok(Self { values, mean, sd, interval, min, median, max })
    }

    /// The summary as part of the row of a table.
    pub(super) fn cells(&self) -> [Cell; 8] {
        [
            (self.values.len() as u64).into(),
            self.mean.into(),
            self.sd.into(),
            self.interval.map(|interval| interval.low).into(),
            self.interval.map(|interval| interval.high).into(),
            self.min.into(),
            self.median.into(),
            self.max.into(),
        ]
    }

    /// Mean and standard deviation in percent: `92.07 ± 3.10`.
    pub(super) fn mean_and_sd(&self) -> String {
        match self.sd {
            Some(sd) => format!("{} ± {}", percent(self.mean), percent(sd)),
            None => percent(self.mean),
        }
    }

    /// What a box plot shows of it.
    pub(super) fn five_numbers(&self) -> Result<FiveNumbers, Error> {
        let BoxPlot { q1, median, q3, whisker_low, whisker_high, outliers, .. } =
            BoxPlot::of(&self.values, WHISKERS)?;
        Ok(FiveNumbers { whisker_low, q1, median, q3, whisker_high, fliers: outliers })
    }
}

/// A share in percent with two decimals, without the sign.
pub(super) fn percent(share: f64) -> String {
    format!("{:.2}", 100.0 * share)
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
        assert_eq!(sample.mean_and_sd(), "80.00 ± 10.00");
        let single = Sample::of(vec![0.5]).unwrap();
        assert_eq!((single.sd, single.interval, single.mean_and_sd().as_str()), (None, None, "50.00"));
        assert!(Sample::of(Vec::new()).is_err());
    }
}
