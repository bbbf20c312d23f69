//! Causes: arms that change one thing, beside the arms that they differ from. They explain why a claim comes
//! out as it does; an explanation without an arm is a guess.

use serde::{Deserialize, Serialize};
use slt_datasets::paper::PaperName::{self, Blobs, Circles, Digits, Moons};
use slt_datasets::paper::{PaperScaling, PaperSplit};
use slt_mlp::MetricName;
use slt_stats::{Interval, t_interval};

use crate::arm::{self, ARCHITECTURES, Arm, BLOB_CLASSES, DIGIT_CLASSES, Repetitions};
use crate::genetic::{Bounding, Cap, Ga};
use crate::method::Method;
use crate::quantity::Quantity;
use crate::{Error, Plan, Protocol};
use slt_run::{Records, RunSpec};

/// Something that was changed, and where.
pub struct Cause {
    /// Its name.
    pub id: &'static str,
    /// What the changed arm has that the other has not.
    pub what: &'static str,
    /// The claims that it bears on.
    pub claims: &'static [&'static str],
    /// What is compared.
    pub(crate) quantity: Quantity,
    /// The changed arm and the one that it differs from, for each cell.
    pub(crate) pairs: fn() -> Vec<[Arm; 2]>,
}

/// The effect of a cause in a cell.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Effect {
    /// Name of the cause.
    pub cause: String,
    /// Data and network.
    pub cell: String,
    /// The protocol.
    pub protocol: Protocol,
    /// Number of runs of either arm, the same seeds.
    pub runs: usize,
    /// Mean of the arm that it is compared with, in percent.
    pub without: f64,
    /// Mean of the changed arm, in percent.
    pub with: f64,
    /// 95 % interval of the mean difference of runs with the same seed, in points, by Student's t; none for a
    /// single run.
    pub interval: Option<Interval>,
}

impl Cause {
    /// The runs that it needs, as far as they are known from the records.
    ///
    /// # Errors
    /// If a spec is impossible.
    pub fn runs(&self, plan: &Plan, records: &Records) -> Result<Vec<RunSpec>, Error> {
        arm::runs((self.pairs)().into_flattened(), plan, records)
    }

    /// Its effects under a protocol.
    ///
    /// # Errors
    /// [`slt_run::Error::Missing`] if a record is not there.
    pub fn effects(&self, plan: &Plan, records: &Records, protocol: Protocol) -> Result<Vec<Effect>, Error> {
        let effect = |[with, without]: [Arm; 2]| {
            let values = |arm: Arm| arm.values(plan, records, protocol, self.quantity);
            let (with_it, without_it) = (values(with)?, values(without)?);
            let runs = with_it.len().min(without_it.len());
            let percent =
                |values: &[f64]| values[..runs].iter().map(|value| 100.0 * value).collect::<Vec<_>>();
            let (with_it, without_it) = (percent(&with_it), percent(&without_it));
            let differences: Vec<f64> = with_it.iter().zip(&without_it).map(|(a, b)| a - b).collect();
            Ok(Effect {
                cause: self.id.to_owned(),
                cell: with.cell(),
                protocol,
                runs,
                without: slt_stats::mean(&without_it)?,
                with: slt_stats::mean(&with_it)?,
                interval: (runs > 1).then(|| t_interval(&differences, 0.95)).transpose()?,
            })
        };
        (self.pairs)().into_iter().map(effect).collect()
    }
}

/// All causes.
pub fn all() -> &'static [&'static Cause] {
    ALL
}

static ALL: &[&Cause] = &[
    &Cause {
        id: "bound-carried",
        what: "the accuracy bound goes on from run to run, as in the published code",
        claims: &["fig4-shape", "ab-slightly-higher-moons", "ab-no-difference"],
        quantity: Quantity::TestAccuracy,
        pairs: || bounded(Bounding::Carried),
    },
    &Cause {
        id: "bound-quarter",
        what: "a quarter of the attempts before the accuracy bound falls",
        claims: &["fig4-shape", "ab-slightly-higher-moons", "ab-no-difference"],
        quantity: Quantity::TestAccuracy,
        pairs: || bounded(Bounding::Quarter),
    },
    &Cause {
        id: "bound-from-70",
        what: "the accuracy bound starts at 0.70 on network A, as in the published code",
        claims: &["ab-slightly-higher-moons"],
        quantity: Quantity::TestAccuracy,
        pairs: || {
            let pair = |name| {
                let arm = |method| Arm::binary(method, name, "A").repeated(Repetitions::Ten);
                [arm(Method::ga_bounded(Bounding::From(0.70))), arm(Method::ga_ab())]
            };
            vec![pair(Moons), pair(Circles)]
        },
    },
    &Cause {
        id: "keep-sparsity",
        what: "EP (adapted) keeps as large a share as the tickets leave out, as the caption says to the letter",
        claims: &["ep-adapted-no-gain", "ep-adapted-a", "ep-adapted-signs"],
        quantity: Quantity::TestAccuracy,
        pairs: || {
            let on = |name| {
                ARCHITECTURES.map(|a| {
                    [Method::edge_popup_keeping_sparsity(), Method::edge_popup_adapted()]
                        .map(|method| Arm::binary(method, name, a))
                })
            };
            [on(Moons), on(Circles)].concat()
        },
    },
    &Cause {
        id: "digits-width-and-float32",
        what: "GA as the published code has it: weights from U[-2.5, 2.5], float32 losses",
        claims: DIGITS_CLAIMS,
        quantity: Quantity::TestAccuracy,
        pairs: || on_digits(Method::ga_loss_as_coded().pruned(), Method::ga_loss_pruned(), Repetitions::Full),
    },
    &Cause {
        id: "digits-float32",
        what: "float32 losses, whose exact ties are broken by sparsity",
        claims: DIGITS_CLAIMS,
        quantity: Quantity::TestAccuracy,
        pairs: || on_digits(loss_f32().pruned(), Method::ga_loss_pruned(), Repetitions::Ten),
    },
    &Cause {
        id: "digits-width",
        what: "weights from U[-2.5, 2.5] instead of U[-1, 1], both with float32 losses",
        claims: DIGITS_CLAIMS,
        quantity: Quantity::TestAccuracy,
        pairs: || on_digits(Method::ga_loss_as_coded().pruned(), loss_f32().pruned(), Repetitions::Ten),
    },
    &Cause {
        id: "digits-float32-sparsity",
        what: "float32 losses: sparsity before pruning",
        claims: &["digits-evolution-sparsity"],
        quantity: Quantity::Sparsity,
        pairs: || on_digits(loss_f32(), Method::ga_loss(), Repetitions::Ten),
    },
    &Cause {
        id: "digits-float32-ties",
        what: "float32 losses: share of the last population's masks that tie exactly",
        claims: &["digits-evolution-sparsity"],
        quantity: Quantity::Ties,
        pairs: || on_digits(loss_f32(), Method::ga_loss(), Repetitions::Ten),
    },
    &Cause {
        id: "digits-width-sparsity",
        what: "weights from U[-2.5, 2.5] instead of U[-1, 1], both with float32 losses: sparsity before pruning",
        claims: &["digits-evolution-sparsity"],
        quantity: Quantity::Sparsity,
        pairs: || on_digits(Method::ga_loss_as_coded(), loss_f32(), Repetitions::Ten),
    },
    &Cause {
        id: "digits-file-order",
        what: "digits in file order, the split of the published code's first version: GA",
        claims: DIGITS_CLAIMS,
        quantity: Quantity::TestAccuracy,
        pairs: || in_file_order(Method::ga_loss_pruned()),
    },
    &Cause {
        id: "digits-file-order-ep",
        what: "digits in file order: edge-popup",
        claims: DIGITS_CLAIMS,
        quantity: Quantity::TestAccuracy,
        pairs: || in_file_order(Method::edge_popup()),
    },
    &Cause {
        id: "digits-file-order-bp",
        what: "digits in file order: backpropagation",
        claims: &["digits-dip-at-4"],
        quantity: Quantity::TestAccuracy,
        pairs: || in_file_order(Method::Backpropagation),
    },
    &Cause {
        id: "digits-pruning",
        what: "tickets pruned after the evolution",
        claims: DIGITS_CLAIMS,
        quantity: Quantity::TestAccuracy,
        pairs: || on_digits(Method::ga_loss_pruned(), Method::ga_loss(), Repetitions::Full),
    },
    &Cause {
        id: "digits-cap-1000",
        what: "at most 1,000 generations instead of 2,000",
        claims: DIGITS_CLAIMS,
        quantity: Quantity::TestAccuracy,
        pairs: || {
            let pruned = Method::ga_loss_pruned();
            let pair = |k| {
                [pruned.capped(Cap::At(1_000)), pruned]
                    .map(|method| Arm::classes(method, Digits, k).repeated(Repetitions::Ten))
            };
            vec![pair(5), pair(10)]
        },
    },
    &Cause {
        id: "digits-cap-11000",
        what: "at most 11,000 generations, as in the published code, instead of 2,000",
        claims: DIGITS_CLAIMS,
        quantity: Quantity::TestAccuracy,
        pairs: || long(Digits, &[10], Method::ga_loss_pruned()),
    },
    &Cause {
        id: "digits-cap-11000-as-coded",
        what: "at most 11,000 generations instead of 2,000, otherwise as the published code has it",
        claims: DIGITS_CLAIMS,
        quantity: Quantity::TestAccuracy,
        pairs: || long(Digits, &[10], Method::ga_loss_as_coded().pruned()),
    },
    &Cause {
        id: "blobs-width-and-float32",
        what: "GA as the published code has it: weights from U[-2.5, 2.5], float32 losses",
        claims: BLOBS_CLAIMS,
        quantity: Quantity::TestAccuracy,
        pairs: || on_blobs(Method::ga_loss_as_coded().pruned(), Method::ga_loss_pruned(), Repetitions::Full),
    },
    &Cause {
        id: "blobs-pruning",
        what: "tickets pruned after the evolution",
        claims: BLOBS_CLAIMS,
        quantity: Quantity::TestAccuracy,
        pairs: || on_blobs(Method::ga_loss_pruned(), Method::ga_loss(), Repetitions::Full),
    },
    &Cause {
        id: "blobs-cap-11000",
        what: "at most 11,000 generations, as in the published code, instead of 2,000",
        claims: BLOBS_CLAIMS,
        quantity: Quantity::TestAccuracy,
        pairs: || long(Blobs, &[6, 7, 10], Method::ga_loss_pruned()),
    },
];

const DIGITS_CLAIMS: &[&str] = &[
    "digits-normalization-matters",
    "digits-ep-ahead",
    "digits-dip-at-4",
    "digits-evolution-sparsity",
    "digits-pruned-sparsity",
    "pruning-keeps-accuracy",
    "headline",
];

const BLOBS_CLAIMS: &[&str] = &[
    "blobs-loss-recovers",
    "blobs-8-above-6-7",
    "blobs-ep-below-ga",
    "blobs-normalized-matches-bp",
    "headline",
];

/// "GA" with float32 losses, networks as the text draws them.
fn loss_f32() -> Method {
    Method::Ga(Ga::new(MetricName::CrossEntropyF32))
}

/// "GA (adaptive AB)" with another bound beside it, on moons and circles with all networks.
fn bounded(bounding: Bounding) -> Vec<[Arm; 2]> {
    let on = |name: PaperName| {
        ARCHITECTURES.map(|architecture| {
            [Method::ga_bounded(bounding), Method::ga_ab()]
                .map(|method| Arm::binary(method, name, architecture).repeated(Repetitions::Ten))
        })
    };
    [on(Moons), on(Circles)].concat()
}

fn on_digits(with: Method, without: Method, repetitions: Repetitions) -> Vec<[Arm; 2]> {
    let pair = |scaling, k| {
        [with, without].map(|method| Arm::classes(method, Digits, k).scaled(scaling).repeated(repetitions))
    };
    // Raw digits where both arms are there in full anyway.
    let scalings = match repetitions {
        Repetitions::Full => &[PaperScaling::Paper, PaperScaling::None][..],
        _ => &[PaperScaling::Paper],
    };
    scalings.iter().flat_map(|&scaling| DIGIT_CLASSES.map(|k| pair(scaling, k))).collect()
}

fn on_blobs(with: Method, without: Method, repetitions: Repetitions) -> Vec<[Arm; 2]> {
    let pair = |scaling, k| {
        [with, without].map(|method| Arm::classes(method, Blobs, k).scaled(scaling).repeated(repetitions))
    };
    let scalings = [PaperScaling::Paper, PaperScaling::MinMax];
    scalings.into_iter().flat_map(|scaling| BLOB_CLASSES.map(move |k| pair(scaling, k))).collect()
}

fn in_file_order(method: Method) -> Vec<[Arm; 2]> {
    let pair = |k| {
        let shuffled = Arm::classes(method, Digits, k).repeated(Repetitions::Ten);
        [shuffled.split(PaperSplit::FileOrder), shuffled]
    };
    DIGIT_CLASSES.map(pair).to_vec()
}

fn long(name: PaperName, classes: &[u32], method: Method) -> Vec<[Arm; 2]> {
    let pair = |&k: &u32| {
        [method.capped(Cap::At(11_000)), method]
            .map(|method| Arm::classes(method, name, k).repeated(Repetitions::Five))
    };
    classes.iter().map(pair).collect()
}
