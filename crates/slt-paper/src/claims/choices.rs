//! Sections 3 and 4: what the paper says of choices in its method and its setting.

use slt_datasets::paper::PaperName::{self, Circles, Moons};
use slt_ga::SelectionKind;
use slt_ga::operators::RandomWalk;
use slt_mlp::{BiasInit, Initializer, MetricName, WeightInit};

use super::claim::{Basis, Claim, Former, Needs};
use super::evidence::{Evidence, Notes};
use crate::Error;
use crate::arm::Arm;
use crate::genetic::{Bounding, Cap, Ga};
use crate::method::{KEEP, Method};

pub(super) const CLAIMS: &[Claim] = &[
    Claim {
        id: "survivor-selection-same",
        source: "Section 3, footnote 1",
        statement: "Roulette and random walk selection of survivors make no significant difference to cut-off selection.",
        test: "GA on circles B: the effects of roulette and of random walk against cut-off are within 0.3 standard deviations, by \
               the 90 % interval of the mixed model; searches without cut-off do not come to rest and are ended after 500 \
               generations.",
        published: None,
        basis: Basis::Intervals,
        runs_needed: 25,
        has_protocols: true,
        needs: Needs::Arms(|| survivor_selections().map(|(_, arm)| arm).to_vec()),
        decide: survivor_selection_same,
        former: Some(Former {
            test: "Neither roulette nor random walk differs significantly from cut-off, p >= 0.05 each; a missing significance is \
                   no sameness, and few runs pass it easily.",
            decide: survivor_selection_not_significant,
        }),
    },
    Claim {
        id: "static-bound",
        source: "Section 3",
        statement: "An adaptive accuracy bound results in superior final accuracies to a static one.",
        test: "GA (adaptive AB) mean above that with a bound fixed at 60 %, on moons B and on circles B.",
        published: None,
        basis: Basis::Bootstrap,
        runs_needed: 25,
        has_protocols: true,
        needs: Needs::Arms(|| bounds().into_iter().flat_map(|(_, arms)| arms).collect()),
        decide: static_bound,
        former: None,
    },
    Claim {
        id: "ab-200-enough",
        source: "Section 4",
        statement: "For GA (adaptive AB) the improvement beyond 200 generations is typically negligible.",
        test: "GA (adaptive AB) mean without a cap minus that with the cap of 200 generations: at most 0.5 points on B and D of \
               moons and circles.",
        published: None,
        basis: Basis::Bootstrap,
        runs_needed: 25,
        has_protocols: true,
        needs: Needs::Arms(|| caps().into_iter().flat_map(|(_, arms)| arms).collect()),
        decide: ab_200_enough,
        former: None,
    },
    Claim {
        id: "moons-six-hidden",
        source: "Section 4",
        statement: "On moons a network with 6 hidden neurons trained by backpropagation attains about 100 % in select runs.",
        test: "Backprop on moons with [2, 6, 2]: the best run at least 99.9 %; hyper-parameters of network A, as the paper names \
               none.",
        published: Some("approximately 100 % in select runs"),
        basis: Basis::Existence,
        runs_needed: 25,
        has_protocols: false,
        needs: Needs::Arms(|| vec![six_hidden()]),
        decide: moons_six_hidden,
        former: None,
    },
    Claim {
        id: "init-uniform-best",
        source: "Section 4",
        statement: "Weights from U[-1, 1] consistently give the genetic algorithm its best results across all data sets.",
        test: "GA mean with weights and biases from U[-1, 1] above those with Kaiming normal and with signed constant weights, \
               biases as the published code leaves them (up to 1/sqrt(fan-in)), on moons C and circles C.",
        published: None,
        basis: Basis::Bootstrap,
        runs_needed: 25,
        has_protocols: true,
        needs: Needs::Arms(|| {
            let drawn = [PAPER, NORMAL, CONSTANT, NORMAL_AND_UNIFORM, UNBIASED];
            BOTH.into_iter()
                .flat_map(|name| drawn.map(|(_, initializer)| drawn_by(initializer, name)))
                .collect()
        }),
        decide: init_uniform_best,
        former: Some(Former {
            test: "GA mean with U[-1, 1] above those with Kaiming normal weights and biases from U[-1, 1], and with U[-1, 1] and no \
                   biases: not how the published code draws them, and two statements in one.",
            decide: init_uniform_above_normal_and_unbiased,
        }),
    },
    Claim {
        id: "biases-matter",
        source: "Section 4",
        statement: "Biases from the same uniform distribution as the weights improve the genetic algorithm substantially.",
        test: "GA mean with biases from U[-1, 1] at least 5 points above that without biases, on moons C and circles C.",
        published: None,
        basis: Basis::Bootstrap,
        runs_needed: 25,
        has_protocols: true,
        needs: Needs::Arms(|| {
            BOTH.into_iter()
                .flat_map(|name| [PAPER, UNBIASED].map(|(_, initializer)| drawn_by(initializer, name)))
                .collect()
        }),
        decide: biases_matter,
        former: None,
    },
];

const BOTH: [PaperName; 2] = [Moons, Circles];

/// A way to draw networks, with its name.
type Drawn = (&'static str, Initializer);

const PAPER: Drawn = ("U[-1, 1]", Initializer { weights: WeightInit::Uniform, biases: BiasInit::Uniform });

/// Kaiming normal as the published code of the genetic algorithm has it.
const NORMAL: Drawn = ("Kaiming normal", Initializer { weights: KAIMING_NORMAL, biases: BiasInit::FanIn });

/// Signed constant as the published code of the genetic algorithm has it.
const CONSTANT: Drawn = (
    "signed constant",
    Initializer { weights: WeightInit::SignedConstant { keep: KEEP }, biases: BiasInit::FanIn },
);

const NORMAL_AND_UNIFORM: Drawn = (
    "Kaiming normal with biases from U[-1, 1]",
    Initializer { weights: KAIMING_NORMAL, biases: BiasInit::Uniform },
);

const UNBIASED: Drawn =
    ("U[-1, 1] without biases", Initializer { weights: WeightInit::Uniform, biases: BiasInit::Zero });

const KAIMING_NORMAL: WeightInit = WeightInit::KaimingNormal { keep: KEEP };

/// "GA" with C on networks drawn in some way.
fn drawn_by(initializer: Initializer, name: PaperName) -> Arm {
    Arm::binary(Method::Ga(Ga { initializer, ..Ga::new(MetricName::Accuracy) }), name, "C")
}

/// The mean of "GA" with C on networks drawn in some way, written down.
fn mean_of_drawn(
    evidence: &Evidence<'_>,
    notes: &mut Notes,
    (label, initializer): Drawn,
    name: PaperName,
) -> Result<f64, Error> {
    let mean = evidence.mean(&drawn_by(initializer, name))?;
    Ok(notes.add(format!("GA mean on {name} C with {label} (%)"), mean))
}

/// Asks for the paper's way to be better than others.
fn paper_is_ahead(evidence: &Evidence<'_>, notes: &mut Notes, others: &[Drawn]) -> Result<(), Error> {
    for name in BOTH {
        let paper = mean_of_drawn(evidence, notes, PAPER, name)?;
        for &other in others {
            let mean = mean_of_drawn(evidence, notes, other, name)?;
            let name = format!("{} minus {} on {name} C above 0 points", PAPER.0, other.0);
            notes.above(name, paper - mean, 0.0);
        }
    }
    Ok(())
}

fn init_uniform_best(evidence: &Evidence<'_>, notes: &mut Notes) -> Result<(), Error> {
    paper_is_ahead(evidence, notes, &[NORMAL, CONSTANT])
}

fn init_uniform_above_normal_and_unbiased(evidence: &Evidence<'_>, notes: &mut Notes) -> Result<(), Error> {
    paper_is_ahead(evidence, notes, &[NORMAL_AND_UNIFORM, UNBIASED])
}

fn biases_matter(evidence: &Evidence<'_>, notes: &mut Notes) -> Result<(), Error> {
    for name in BOTH {
        let with = mean_of_drawn(evidence, notes, PAPER, name)?;
        let without = mean_of_drawn(evidence, notes, UNBIASED, name)?;
        notes.at_least(format!("gain by biases on {name} C at least 5 points"), with - without, 5.0);
    }
    Ok(())
}

/// Cut-off, roulette, random walk.
fn survivor_selections() -> [(&'static str, Arm); 3] {
    let walk = SelectionKind::RandomWalk { rate: RandomWalk::PAPER_RATE };
    [("cut-off", SelectionKind::CutOff), ("roulette", SelectionKind::Roulette), ("random walk", walk)].map(
        |(name, selection)| {
            let ga = Ga { selection, ..Ga::new(MetricName::Accuracy) };
            (name, Arm::binary(Method::Ga(ga), Circles, "B"))
        },
    )
}

fn survivor_selection_same(evidence: &Evidence<'_>, notes: &mut Notes) -> Result<(), Error> {
    let [cut_off, others @ ..] = survivor_selections();
    notes.add("mean with cut-off (%)", evidence.mean(&cut_off.1)?);
    for (name, arm) in others {
        notes.add(format!("mean with {name} (%)"), evidence.mean(&arm)?);
        let comparison = evidence.compare(&[cut_off.1], &[arm])?;
        notes.equivalent(&format!("{name} against cut-off"), comparison.as_ref(), 0.3);
    }
    Ok(())
}

fn survivor_selection_not_significant(evidence: &Evidence<'_>, notes: &mut Notes) -> Result<(), Error> {
    let [cut_off, others @ ..] = survivor_selections();
    for (name, arm) in others {
        let comparison = evidence.compare(&[cut_off.1], &[arm])?;
        let same = comparison.is_some_and(|comparison| !comparison.is_significant());
        notes.holds(format!("{name} against cut-off not significant"), same);
    }
    Ok(())
}

/// "GA (adaptive AB)" and the same with a bound that stays at 60 %.
fn bounds() -> [(PaperName, [Arm; 2]); 2] {
    let methods = [Method::ga_ab(), Method::ga_bounded(Bounding::Fixed(0.6))];
    BOTH.map(|name| (name, methods.map(|method| Arm::binary(method, name, "B"))))
}

fn static_bound(evidence: &Evidence<'_>, notes: &mut Notes) -> Result<(), Error> {
    for (name, [adaptive, fixed]) in bounds() {
        let adaptive = notes.add(format!("adaptive bound, mean on {name} B (%)"), evidence.mean(&adaptive)?);
        let fixed = notes.add(format!("bound of 60 %, mean on {name} B (%)"), evidence.mean(&fixed)?);
        notes.above(format!("adaptive minus static bound on {name} B above 0 points"), adaptive - fixed, 0.0);
    }
    Ok(())
}

/// "GA (adaptive AB)" without a cap and with its own.
fn caps() -> [(String, [Arm; 2]); 4] {
    let methods = [Method::ga_ab().capped(Cap::Open), Method::ga_ab()];
    [(Moons, "B"), (Moons, "D"), (Circles, "B"), (Circles, "D")].map(|(name, architecture)| {
        (format!("{name} {architecture}"), methods.map(|method| Arm::binary(method, name, architecture)))
    })
}

fn ab_200_enough(evidence: &Evidence<'_>, notes: &mut Notes) -> Result<(), Error> {
    for (cell, [open, capped]) in caps() {
        let gain = notes.add(
            format!("gain beyond 200 generations on {cell} (points)"),
            evidence.mean(&open)? - evidence.mean(&capped)?,
        );
        notes.at_most(format!("gain beyond 200 generations on {cell} at most 0.5 points"), gain, 0.5);
    }
    Ok(())
}

fn six_hidden() -> Arm {
    Arm::binary(Method::Backpropagation, Moons, "2,6,2")
}

fn moons_six_hidden(evidence: &Evidence<'_>, notes: &mut Notes) -> Result<(), Error> {
    let runs = evidence.accuracies(&six_hidden())?;
    notes.add("mean (%)", slt_stats::mean(&runs)?);
    let best = notes.add("best run (%)", runs.iter().copied().fold(f64::NEG_INFINITY, f64::max));
    let perfect = runs.iter().filter(|&&run| run >= 99.9).count();
    notes.add("runs with at least 99.9 %", perfect as f64);
    notes.at_least("best run with 6 hidden neurons at least 99.9 %", best, 99.9);
    Ok(())
}
