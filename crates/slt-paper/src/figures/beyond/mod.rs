//! Figures that go beyond the paper: searches for masks that it does not have, beside what it has.

pub(super) mod accuracy;
pub(super) mod front;
pub(super) mod work;

use serde::Serialize;
use slt_datasets::paper::{PaperName, PaperScaling, PaperSplit};
use slt_plot::{Axis, Color, Range};

use super::common::{Sample, place_of};
use crate::Cell;
use crate::arm::Arm;
use crate::beyond::OtherSearch;
use crate::method::Method;

/// The data and the network that methods are compared on.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub(super) struct Place {
    data: PaperName,
    /// None for moons and circles, which have two.
    classes: Option<u32>,
    split: PaperSplit,
    architecture: &'static str,
    #[serde(skip)]
    arm: Arm,
}

impl Place {
    /// The columns of [`cells`](Self::cells).
    const COLUMNS: [&'static str; 4] = ["data", "classes", "split", "architecture"];

    /// Moons or circles.
    fn binary(name: PaperName, architecture: &'static str) -> Self {
        Self::of(Arm::binary(Method::Backpropagation, name, architecture))
    }

    /// Digits, or blobs that are normalized.
    fn many(name: PaperName, classes: u32) -> Self {
        let arm = Arm::classes(Method::Backpropagation, name, classes);
        Self::of(if name == PaperName::Blobs { arm.scaled(PaperScaling::MinMax) } else { arm })
    }

    /// Digits, divided in the order of their file.
    fn in_file_order(classes: u32) -> Self {
        Self::of(
            Arm::classes(Method::Backpropagation, PaperName::Digits, classes).split(PaperSplit::FileOrder),
        )
    }

    fn of(arm: Arm) -> Self {
        let data = arm.data;
        Self {
            data: data.name,
            classes: data.classes,
            split: data.split,
            architecture: arm.architecture,
            arm,
        }
    }

    /// A search beyond the paper.
    fn search(self, search: OtherSearch) -> Arm {
        self.by(Method::Search(search))
    }

    fn by(self, method: Method) -> Arm {
        self.arm.by(method)
    }

    /// The genetic algorithm as the paper has it here: on two classes, the better of its configurations; on
    /// many, with the cross-entropy as objective, its tickets pruned.
    fn genetic(self) -> Arm {
        self.by(if self.is_binary() { Method::BetterGa } else { Method::ga_loss_pruned() })
    }

    fn is_binary(self) -> bool {
        matches!(self.data, PaperName::Moons | PaperName::Circles)
    }

    /// `circles, D` or `digits, 10 classes`.
    fn name(self) -> String {
        match (self.classes, self.data, self.split) {
            (None, data, _) => format!("{data}, {}", self.architecture),
            (Some(k), PaperName::Blobs, _) => format!("blobs (normalized), {k} classes"),
            (Some(k), data, PaperSplit::FileOrder) => format!("{data} (file order), {k} classes"),
            (Some(k), data, _) => format!("{data}, {k} classes"),
        }
    }

    fn cells(self) -> [Cell; 4] {
        let split = if self.split == PaperSplit::FileOrder { "file order" } else { "shuffled" };
        [
            self.data.to_string().into(),
            self.classes.map(u64::from).into(),
            (self.data == PaperName::Digits).then_some(split).into(),
            self.architecture.into(),
        ]
    }
}

/// The genetic algorithm of the paper, in legends and tables.
fn genetic() -> (&'static str, Color) {
    (OtherSearch::Genetic.label(), OtherSearch::Genetic.color())
}

/// The 95 % interval of the mean, cut where shares end; the mean alone for a single run.
fn interval(sample: &Sample) -> (f64, f64) {
    sample.bounds().unwrap_or((sample.mean, sample.mean))
}

/// Error bars of samples: means with [`interval`]s.
fn bars(at: Vec<f64>, samples: &[&Sample]) -> slt_plot::ErrorBars {
    let (low, high) = samples.iter().map(|sample| interval(sample)).unzip();
    slt_plot::ErrorBars::new(at, samples.iter().map(|sample| sample.mean).collect(), low, high)
}

/// Says of figures with [`stretched`] axes what they are.
const STRETCHED: &str = "The accuracy axes are stretched towards 100 %: equal steps divide what is missing to it by the same factor.";

/// An axis of accuracies from some value to all but 100 %.
fn stretched(label: &str, low: f64) -> Axis {
    let axis = Axis::new(label).percent().to_one();
    Axis { range: Range { min: Some(low), max: None }, ..axis }
}

/// Error bars for such an axis.
fn stretched_bars(mut bars: slt_plot::ErrorBars) -> slt_plot::ErrorBars {
    for ends in [&mut bars.y, &mut bars.lower, &mut bars.upper] {
        ends.iter_mut().for_each(|accuracy| *accuracy = place_of(*accuracy));
    }
    bars
}
