use std::ffi::OsStr;

use clap::builder::{PossibleValue, TypedValueParser};
use clap::{Arg, Command};
use slt_mlp::MetricName;

/// Names as in help, with what each is.
const NAMES: [(&str, &str); 9] = [
    ("accuracy", "Share of the samples that are classified correctly"),
    ("balanced-accuracy", "Mean recall of the classes: rare ones count as much as frequent ones"),
    ("macro-f1", "Mean F1 of the classes"),
    ("matthews-correlation", "Correlation of labels and predictions, -1 to 1; guessing gives 0"),
    ("auc", "Area under the ROC curve, of more than two classes each against the rest"),
    ("cross-entropy", "Mean cross-entropy"),
    ("cross-entropy:T", "The same of logits divided by a temperature T; above 1 it wants larger margins"),
    ("cross-entropy-f32", "Mean cross-entropy in single precision throughout, as in PyTorch"),
    ("margin:M", "Mean hinge loss: what the logit of the class lacks to exceed the others by M"),
];

/// Reads an objective, of which some have a parameter.
#[derive(Clone)]
pub(super) struct Objectives;

impl TypedValueParser for Objectives {
    type Value = MetricName;

    fn parse_ref(&self, cmd: &Command, arg: Option<&Arg>, value: &OsStr) -> Result<MetricName, clap::Error> {
        let parse = |name: &str| name.parse::<MetricName>().map_err(|error| error.to_string());
        parse.parse_ref(cmd, arg, value)
    }

    fn possible_values(&self) -> Option<Box<dyn Iterator<Item = PossibleValue> + '_>> {
        Some(Box::new(NAMES.into_iter().map(|(name, help)| PossibleValue::new(name).help(help))))
    }
}
