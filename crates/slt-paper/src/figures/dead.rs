//! Networks in which searches find nothing.

use serde::Serialize;
use slt_datasets::paper::PaperName;

use super::common::{listed, percent, two_class_networks};
use crate::arm::Arm;
use crate::method::Method;
use crate::{Error, Plan, Protocol};
use slt_run::Records;

/// How close to chance a test accuracy is that tells of nothing found.
const CLOSE: f64 = 0.01;
/// Chance with two classes.
const CHANCE: f64 = 0.5;

/// The runs of a data set with an architecture that are dead: within a point of chance with "GA" and with "GA
/// (adaptive AB)" alike, which share the network of a seed. One search may have failed; where both find
/// nothing there is nothing that random masks could begin with, as in a network whose every mask predicts one
/// class.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub(super) struct Dead {
    pub(super) data: PaperName,
    pub(super) architecture: &'static str,
    pub(super) protocol: Protocol,
    /// Places among the runs, from 0: the seed minus 1.
    pub(super) runs: Vec<usize>,
    pub(super) of: usize,
    /// The test accuracies of "GA".
    pub(super) accuracies: Vec<f64>,
}

impl Dead {
    /// Those of moons and circles, one entry for each architecture that has any.
    pub(super) fn all(plan: &Plan, records: &Records, protocol: Protocol) -> Result<Vec<Self>, Error> {
        let mut found = Vec::new();
        for (data, architecture) in two_class_networks() {
            let [ga, ab] = [Method::ga(), Method::ga_ab()]
                .map(|method| Arm::binary(method, data, architecture).accuracies(plan, records, protocol));
            let (ga, ab) = (ga?, ab?);
            let runs = dead(&ga, &ab);
            if !runs.is_empty() {
                let accuracies = runs.iter().map(|&run| ga[run]).collect();
                found.push(Self { data, architecture, protocol, runs, of: ga.len(), accuracies });
            }
        }
        Ok(found)
    }

    /// `moons, A: 1 of 25 runs is dead (seed 7: 50.0 %)`.
    fn text(&self) -> String {
        let Self { data, architecture, runs, of, accuracies, .. } = self;
        let (are, seeds) = if runs.len() == 1 { ("is", "seed") } else { ("are", "seeds") };
        let names = listed(runs.iter().map(|run| run + 1));
        let mut levels: Vec<String> = accuracies.iter().map(|&accuracy| percent(accuracy)).collect();
        levels.dedup();
        let levels = listed(levels);
        format!(
            "{data}, {architecture}: {} of {of} runs {are} dead ({seeds} {names}: {levels} %)",
            runs.len()
        )
    }
}

/// A sentence on the dead runs; empty if there are none.
pub(super) fn sentence(dead: &[Dead]) -> String {
    if dead.is_empty() {
        return String::new();
    }
    let texts: Vec<String> = dead.iter().map(Dead::text).collect();
    format!("{}; dead: within a point of chance under both GA and GA (adaptive AB)", texts.join("; "))
}

/// The places of the runs that are close to chance with both configurations.
fn dead(ga: &[f64], ab: &[f64]) -> Vec<usize> {
    let close = |accuracy: f64| (accuracy - CHANCE).abs() <= CLOSE;
    let both = ga.iter().zip(ab).enumerate();
    both.filter(|(_, (ga, ab))| close(**ga) && close(**ab)).map(|(run, _)| run).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dead_is_near_chance_with_both() {
        assert_eq!(dead(&[0.5, 0.505, 0.5, 0.9], &[0.5, 0.495, 0.8, 0.5]), [0, 1]);
        assert!(dead(&[], &[]).is_empty());
    }

    #[test]
    fn a_sentence_names_them() {
        let one = Dead {
            data: PaperName::Moons,
            architecture: "A",
            protocol: Protocol::Clean,
            runs: vec![6],
            of: 25,
            accuracies: vec![0.5],
        };
        let text = sentence(std::slice::from_ref(&one));
        assert!(text.starts_with("moons, A: 1 of 25 runs is dead (seed 7: 50.00 %);"), "{text}");
        let two = Dead { runs: vec![0, 6], accuracies: vec![0.5, 0.5], ..one };
        assert!(sentence(&[two]).contains("2 of 25 runs are dead (seeds 1, 7: 50.00 %)"));
        assert!(sentence(&[]).is_empty());
    }
}
