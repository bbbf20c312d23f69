//! How the runs of a configuration are drawn: boxes where there are enough of them, else every run.

use slt_plot::{BoxPlot, Color, Dash, Dodge, FiveNumbers, Mark, Marker, Points, ReferenceLine};

use super::common::Sample;
use crate::method::Method;
use crate::{Error, Plan};

/// From so many runs on there are boxes: quartiles of fewer say less than the runs themselves.
const BOXES_FROM: usize = 10;

/// Half the width of the mark of a mean, and of a run, in points.
const MEAN: f64 = 1.7;
const RUN: f64 = 1.7;
/// The widest line of a mean in units of the axis.
const WIDEST: f64 = 0.2;

/// Samples of one kind, one for each category.
pub(super) struct Spread<'a> {
    pub(super) samples: Vec<&'a Sample>,
    pub(super) label: String,
    pub(super) color: Color,
    /// Whether they are the second of two kinds.
    pub(super) hollow: bool,
}

/// What is drawn of so many runs, in words.
pub(super) fn shown(plan: &Plan) -> &'static str {
    if plan.runs < BOXES_FROM as u64 { "all runs" } else { "box plots of all runs" }
}

/// The marks of samples of several kinds, side by side in each category: boxes, or all runs straight above
/// each other, and the means in front of them. The values are drawn as `place` says.
pub(super) fn spread(kinds: &[Spread<'_>], place: impl Fn(f64) -> f64) -> Result<Vec<Mark>, Error> {
    let dodge = Dodge::new(kinds.len());
    let placed = || kinds.iter().enumerate().map(|(s, kind)| (kind, dodge.positions(s, kind.samples.len())));
    let runs = placed().map(|(kind, positions)| kind.runs(positions, dodge.width(), &place));
    let mut marks: Vec<Mark> = runs.collect::<Result<_, _>>()?;
    marks.extend(placed().flat_map(|(kind, positions)| kind.means(positions, dodge.width(), &place)));
    Ok(marks)
}

/// A line through each category at the mean of what backpropagation gives there.
pub(super) fn trained(means: Vec<f64>) -> impl Iterator<Item = ReferenceLine> {
    means.into_iter().enumerate().map(|(i, mean)| {
        let line = ReferenceLine::horizontal(mean).over_category(i);
        line.label("Backpropagation (mean)").color(Method::Backpropagation.color())
    })
}

impl Spread<'_> {
    fn has_boxes(&self) -> bool {
        self.samples.iter().any(|sample| sample.values.len() >= BOXES_FROM)
    }

    fn runs(&self, positions: Vec<f64>, width: f64, place: impl Fn(f64) -> f64) -> Result<Mark, Error> {
        Ok(if self.has_boxes() {
            let boxes = self.samples.iter().map(|sample| Ok(placed(sample.five_numbers()?, &place)));
            let boxes: Vec<FiveNumbers> = boxes.collect::<Result<_, Error>>()?;
            let mark = BoxPlot::new(positions, boxes).width(width);
            let mark = mark.label(&self.label).color(self.color);
            if self.hollow { mark.hollow().into() } else { mark.into() }
        } else {
            let at = positions.iter().zip(&self.samples);
            let (x, y) = at.flat_map(|(x, sample)| sample.values.iter().map(|y| (*x, place(*y)))).unzip();
            let mark = Points::new(x, y).radius(RUN).opacity(0.75).label(&self.label).color(self.color);
            if self.hollow { mark.hollow().into() } else { mark.into() }
        })
    }

    /// A diamond for each mean; a line where it would hide runs.
    fn means(&self, positions: Vec<f64>, width: f64, place: impl Fn(f64) -> f64) -> Vec<Mark> {
        let means: Vec<f64> = self.samples.iter().map(|sample| place(sample.mean)).collect();
        if self.has_boxes() {
            let means = Points::new(positions, means).marker(Marker::Diamond).color(Color::Ink);
            return vec![means.radius(MEAN).edged().label("mean").into()];
        }
        let line = |(&at, mean): (&f64, f64)| {
            let half = width.min(WIDEST) / 2.0;
            let line = ReferenceLine::horizontal(mean).span(at - half, at + half).dash(Dash::Solid);
            line.label("mean").into()
        };
        positions.iter().zip(means).map(line).collect()
    }
}

fn placed(numbers: FiveNumbers, place: impl Fn(f64) -> f64) -> FiveNumbers {
    let FiveNumbers { whisker_low, q1, median, q3, whisker_high, fliers } = numbers;
    let [whisker_low, q1, median, q3, whisker_high] = [whisker_low, q1, median, q3, whisker_high].map(&place);
    FiveNumbers { whisker_low, q1, median, q3, whisker_high, fliers: fliers.into_iter().map(place).collect() }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn marks(runs: usize, hollow: bool) -> Vec<Mark> {
        let sample = Sample::of((0..runs).map(|i| 0.5 + 0.01 * i as f64).collect()).unwrap();
        let (label, color) = ("GA".to_owned(), Color::Series(0));
        let kind = Spread { samples: vec![&sample, &sample], label, color, hollow };
        spread(&[kind], |value| value.min(0.55)).unwrap()
    }

    #[test]
    fn few_runs_are_points_and_many_are_boxes() {
        let few = marks(BOXES_FROM - 1, true);
        let Mark::Points(points) = &few[0] else { panic!("{few:?}") };
        // Straight above each other.
        assert!(points.style.hollow && points.x.len() == 2 * (BOXES_FROM - 1) && points.x[..9] == [0.0; 9]);
        assert!(points.y.iter().all(|y| *y <= 0.55));
        let many = marks(BOXES_FROM, false);
        let Mark::BoxPlot(boxes) = &many[0] else { panic!("{many:?}") };
        assert!(!boxes.style.hollow && boxes.boxes[0].whisker_high == 0.55);
        // Both with their means, which hide no run.
        assert!(matches!(&few[1..], [Mark::ReferenceLine(_), Mark::ReferenceLine(_)]));
        assert!(
            matches!(&many[1], Mark::Points(means) if means.style.marker == Marker::Diamond && means.x.len() == 2)
        );
    }
}
