//! Fig. 1, Fig. 4 and the sparsities under Fig. 6: how an evolution goes, and what its tickets are like.

use slt_core::random::index_below;
use slt_core::{BitMask, Purpose, Seed};
use slt_datasets::paper::PaperName::{Circles, Moons};
use slt_ga::{GenerationStats, Origin};

use super::claim::{Basis, Claim, Former, Needs};
use super::evidence::{Evidence, Notes};
use super::trend::rank_correlation;
use crate::Error;
use crate::analyses::searches_of_one_network;
use crate::arm::{ARCHITECTURES, Arm, any};
use crate::figures::published::sparsity;
use crate::method::Method;
use slt_run::SearchRecord;

pub(super) const CLAIMS: &[Claim] = &[
    Claim {
        id: "recurring-connections",
        source: "Section 1, Fig. 1",
        statement: "Some connections of a network recur in most of its tickets.",
        test: "Moons A, 25 searches in one network: more connections are in at least 80 % of the tickets than in 99 % of 999 draws \
               that permute every ticket's mask.",
        published: None,
        basis: Basis::Existence,
        // The tickets are those of one network, whatever the number of runs.
        runs_needed: 1,
        has_protocols: true,
        needs: Needs::Runs(|plan, _| Ok(any(searches_of_one_network(plan)?).collect())),
        decide: recurring_connections,
        former: None,
    },
    Claim {
        id: "recombination-main-contributor",
        source: "Section 3",
        statement: "Recombination is the main contributor of individuals with a higher performance.",
        test: "Of the individuals of GA on moons with a performance higher than any before, first population aside, more than half \
               come from recombination, on each of A-D, all runs together.",
        published: None,
        basis: Basis::Bootstrap,
        runs_needed: 25,
        has_protocols: false,
        needs: Needs::Arms(ga_on_moons),
        decide: recombination_main_contributor,
        former: None,
    },
    Claim {
        id: "fig4-shape",
        source: "Section 5.1, Fig. 4",
        statement: "A successful run of GA (adaptive AB) on circles with network B starts below 65 % of training accuracy and \
                    stabilises at about 91 % after 100 generations; its sparsity first falls, then ends about 10 points above its \
                    start.",
        test: "The run with the highest training accuracy: below 65 % after generation 1, where the published curves start; within \
               2 points of 91 % at generation 100; the sparsity of the fittest falls below its start and ends 5 to 15 points above it.",
        published: Some("< 65 %, around 91 %, sparsity +10 %"),
        basis: Basis::Bootstrap,
        runs_needed: 25,
        has_protocols: false,
        needs: Needs::Arms(|| vec![adaptive_on_circles_b()]),
        decide: |evidence, notes| shape_of_the_best(evidence, notes, 1),
        former: Some(Former {
            test: "The same with the first population as the start: the published curves have no point for it.",
            decide: |evidence, notes| shape_of_the_best(evidence, notes, 0),
        }),
    },
    Claim {
        id: "fig4-marginal",
        source: "Section 5.1, Fig. 4",
        statement: "After generation 100 the accuracy of such a run improves only marginally.",
        test: "GA (adaptive AB) on circles B: training accuracy at the end minus that at generation 100, median of the runs, at most \
               1.5 points.",
        published: None,
        basis: Basis::Bootstrap,
        runs_needed: 25,
        has_protocols: false,
        needs: Needs::Arms(|| vec![adaptive_on_circles_b()]),
        decide: fig4_marginal,
        former: None,
    },
    Claim {
        id: "fig4-homogeneous",
        source: "Section 5.1, Fig. 4",
        statement: "Once accuracy gains slow down, the population becomes highly homogeneous.",
        test: "GA (adaptive AB) on circles B: the mean share of bits in which two individuals differ is at the end at most 20 % of \
               what it is in the first population.",
        published: None,
        basis: Basis::Bootstrap,
        runs_needed: 25,
        has_protocols: false,
        needs: Needs::Arms(|| vec![adaptive_on_circles_b()]),
        decide: fig4_homogeneous,
        former: None,
    },
    Claim {
        id: "sparsity-falls-with-size",
        source: "Section 5.2, Fig. 6",
        statement: "The larger the network, the less sparse are the tickets before pruning.",
        test: "Mean sparsity on moons lower on D than on A, with a negative rank correlation from A to D; each of the eight published \
               means within 5 points of ours for the same configuration.",
        published: Some("moons: 73.2, 59.2, 56.1, 54.6 %; circles: 66.3, 62.3, 53.9, 58.1 %"),
        basis: Basis::Bootstrap,
        runs_needed: 25,
        has_protocols: true,
        needs: Needs::Arms(arms_with_published_sparsity),
        decide: sparsity_falls_with_size,
        former: None,
    },
    Claim {
        id: "sparsity-converges",
        source: "Section 5.2, Fig. 6; Section 5.3",
        statement: "With the size of the network sparsities converge to one half; for network D evolution adds about 5 points.",
        test: "Mean sparsity of the better GA configuration on moons D: 52 to 58 %.",
        published: Some("54.6 %"),
        basis: Basis::Bootstrap,
        runs_needed: 25,
        has_protocols: true,
        needs: Needs::Arms(|| vec![Arm::binary(Method::BetterGa, Moons, "D")]),
        decide: sparsity_converges,
        former: None,
    },
];

/// The share of the tickets from which on a connection counts as recurring, as in Fig. 1.
const RECURRING: f64 = 0.8;

/// Draws of what would recur by chance.
const PERMUTATIONS: u64 = 999;

const PERMUTATION: Purpose = Purpose::new("permute");

/// How many of the places are in at least a share [`RECURRING`] of the tickets.
fn recurring(counts: &[usize], tickets: usize) -> usize {
    counts.iter().filter(|&&count| count as f64 / tickets as f64 >= RECURRING).count()
}

/// The number of recurring connections by chance: every draw puts the ones of each mask on places of their
/// own.
fn recurring_by_chance(masks: &[&BitMask]) -> Vec<f64> {
    let bits = masks.first().map_or(0, |mask| mask.len());
    let draw = |index| {
        let mut rng = Seed(1).stream(PERMUTATION, index, 0);
        let mut counts = vec![0; bits];
        let mut places: Vec<usize> = (0..bits).collect();
        for mask in masks {
            for one in 0..mask.count_ones() {
                places.swap(one, one + index_below(&mut rng, bits - one));
                counts[places[one]] += 1;
            }
        }
        recurring(&counts, masks.len()) as f64
    };
    (0..PERMUTATIONS).map(draw).collect()
}

fn recurring_connections(evidence: &Evidence<'_>, notes: &mut Notes) -> Result<(), Error> {
    let records = evidence.records.need_all(&searches_of_one_network(evidence.plan)?)?;
    let masks: Vec<&BitMask> =
        records.into_iter().map(|record| &evidence.protocol.chosen(record).mask).collect();
    let bits = masks.first().map_or(0, |mask| mask.len());
    let counts: Vec<usize> = (0..bits).map(|bit| masks.iter().filter(|mask| mask.get(bit)).count()).collect();
    let chance = recurring_by_chance(&masks);
    let found =
        notes.add("connections in at least 80 % of the tickets", recurring(&counts, masks.len()) as f64);
    notes.add("by chance, mean", slt_stats::mean(&chance)?);
    let quantile = notes.add("by chance, 99 % quantile", slt_stats::quantile(&chance, 0.99)?);
    notes.above("recurring connections: above the 99 % quantile of chance", found, quantile);
    Ok(())
}

fn ga_on_moons() -> Vec<Arm> {
    Arm::over_architectures(Method::ga(), Moons)
}

/// How many new best individuals of a run were brought forth in some way. One that is only sparser does not
/// count. Every generation with a new best is kept, so the one before it in the history has the performance
/// to beat.
fn new_best_by(record: &SearchRecord, origin: Origin) -> f64 {
    let steps = record.history.windows(2);
    let higher = steps.filter(|step| step[1].best > step[0].best);
    higher.filter(|step| step[1].new_best == Some(origin)).count() as f64
}

fn recombination_main_contributor(evidence: &Evidence<'_>, notes: &mut Notes) -> Result<(), Error> {
    for (arm, architecture) in ga_on_moons().iter().zip(ARCHITECTURES) {
        let all = |what: &str, origin| {
            let of_runs = evidence
                .of_searches(arm, &format!("new best by {what}"), |record| new_best_by(record, origin))?;
            Ok::<f64, Error>(of_runs.iter().sum())
        };
        let recombination = all("recombination", Origin::Recombination)?;
        let mutation = all("mutation", Origin::Mutation)?;
        let migration = all("migration", Origin::Migration)?;
        let share = |part: f64| 100.0 * part / (recombination + mutation + migration);
        notes.add(format!("new best by recombination on moons {architecture} (%)"), share(recombination));
        notes.add(format!("new best by mutation on moons {architecture} (%)"), share(mutation));
        notes.add(format!("new best by migration on moons {architecture} (%)"), share(migration));
        let name = format!("new best by recombination on moons {architecture} above 50 %");
        notes.above(name, share(recombination), 50.0);
    }
    Ok(())
}

/// The generation at which the paper's run has settled.
const SETTLED: u64 = 100;

/// The arm of Fig. 4, of which all generations are kept.
fn adaptive_on_circles_b() -> Arm {
    Arm::binary(Method::ga_ab(), Circles, "B")
}

/// What `value` is in a generation of a run, in percent; not a number if it did not get there.
fn at(record: &SearchRecord, generation: u64, value: fn(&GenerationStats) -> f64) -> f64 {
    let found = record.history.iter().find(|stats| stats.generation == generation);
    found.map_or(f64::NAN, |stats| 100.0 * value(stats))
}

/// The run that Fig. 4 draws, the first of those with the highest training accuracy, its curves taken from
/// generation `start` on.
fn shape_of_the_best(evidence: &Evidence<'_>, notes: &mut Notes, start: u64) -> Result<(), Error> {
    let arm = adaptive_on_circles_b();
    let of_runs = |what: &str, value: &dyn Fn(&SearchRecord) -> f64| {
        evidence.of_searches(&arm, &format!("{what} from generation {start}"), value)
    };
    let reached = of_runs("training accuracy", &|record| record.best.train_accuracy)?;
    let best = (1..reached.len()).fold(0, |top, run| if reached[run] > reached[top] { run } else { top });
    let first = of_runs("start", &|record| at(record, start, |stats| stats.best))?[best];
    let settled = of_runs("settled", &|record| at(record, SETTLED, |stats| stats.best))?[best];
    let sparsity = of_runs("sparsity", &|record| at(record, start, |stats| stats.sparsity_of_fittest))?[best];
    let lowest = of_runs("lowest sparsity", &|record| {
        let later = record.history.iter().filter(|stats| stats.generation >= start);
        later.map(|stats| 100.0 * stats.sparsity_of_fittest).fold(f64::INFINITY, f64::min)
    })?[best];
    let end = of_runs("last sparsity", &|record| {
        record.history.last().map_or(f64::NAN, |stats| 100.0 * stats.sparsity_of_fittest)
    })?[best];

    notes.add(format!("training accuracy at generation {start} (%)"), first);
    notes.add("training accuracy at generation 100 (%)", settled);
    notes.add("training accuracy at the end (%)", 100.0 * reached[best]);
    notes.add(format!("sparsity of the fittest at generation {start} (%)"), sparsity);
    notes.add("sparsity of the fittest, lowest (%)", lowest);
    notes.add("sparsity of the fittest at the end (%)", end);
    notes.below("training accuracy at the start below 65 %", first, 65.0);
    notes.within("training accuracy at generation 100 within 2 points of 91 %", settled, 2.0, 91.0);
    notes.below(
        "lowest sparsity of the fittest minus that at the start below 0 points",
        lowest - sparsity,
        0.0,
    );
    notes.within(
        "last sparsity of the fittest minus that at the start 5 to 15 points",
        end - sparsity,
        5.0,
        10.0,
    );
    Ok(())
}

/// The median; not a number if one of the values is none.
pub(super) fn median(values: &[f64]) -> f64 {
    slt_stats::quantile(values, 0.5).unwrap_or(f64::NAN)
}

fn fig4_marginal(evidence: &Evidence<'_>, notes: &mut Notes) -> Result<(), Error> {
    let gains = evidence.of_searches(&adaptive_on_circles_b(), "gain after generation 100", |record| {
        let end = record.history.last().map_or(f64::NAN, |stats| 100.0 * stats.best);
        end - at(record, SETTLED, |stats| stats.best)
    })?;
    let gain = notes.add("gain after generation 100, median (points)", median(&gains));
    notes.add("gain after generation 100, largest (points)", gains.iter().copied().fold(f64::NAN, f64::max));
    notes.at_most("gain after generation 100 at most 1.5 points", gain, 1.5);
    Ok(())
}

fn fig4_homogeneous(evidence: &Evidence<'_>, notes: &mut Notes) -> Result<(), Error> {
    let mean = |what, of: fn(&[GenerationStats]) -> Option<&GenerationStats>| {
        let diversity =
            |record: &SearchRecord| of(&record.history).map_or(f64::NAN, |stats| 100.0 * stats.diversity);
        let of_runs = evidence.of_searches(&adaptive_on_circles_b(), what, diversity)?;
        Ok::<f64, Error>(of_runs.iter().sum::<f64>() / of_runs.len() as f64)
    };
    let first =
        notes.add("bits that differ in the first population (%)", mean("first diversity", <[_]>::first)?);
    let last = notes.add("bits that differ in the last population (%)", mean("last diversity", <[_]>::last)?);
    notes.at_most(
        "diversity of the last population at most 20 % of that of the first",
        100.0 * last / first,
        20.0,
    );
    Ok(())
}

/// Moons and circles from A to D, each with the configuration that was the better one in the paper, and its
/// published mean sparsity in percent.
fn published_sparsities() -> Vec<(Arm, f64)> {
    let mut published = Vec::new();
    for name in [Moons, Circles] {
        for architecture in ARCHITECTURES {
            if let Some((share, method)) = sparsity(name, architecture) {
                published.push((Arm::binary(method, name, architecture), 100.0 * share));
            }
        }
    }
    published
}

fn arms_with_published_sparsity() -> Vec<Arm> {
    published_sparsities().into_iter().map(|(arm, _)| arm).collect()
}

fn sparsity_falls_with_size(evidence: &Evidence<'_>, notes: &mut Notes) -> Result<(), Error> {
    let mut means = Vec::new();
    for (arm, published) in published_sparsities() {
        let mean = slt_stats::mean(&evidence.sparsities(&arm)?)?;
        let (name, architecture) = (arm.data.name, arm.architecture);
        notes.add(format!("mean sparsity of {} on {name} {architecture} (%)", arm.method.label()), mean);
        notes.within(
            format!("mean sparsity on {name} {architecture} within 5 points of {published:.1} %"),
            mean,
            5.0,
            published,
        );
        means.push(mean);
    }
    let on_moons = &means[..4];
    let difference = on_moons[3] - on_moons[0];
    notes.below("mean sparsity on moons D minus that on A below 0 points", difference, 0.0);
    let trend = notes.add_some("rank correlation on moons, A to D", rank_correlation(on_moons));
    notes.below(
        "rank correlation of mean sparsities on moons, A to D, below 0",
        trend.unwrap_or(f64::NAN),
        0.0,
    );
    Ok(())
}

fn sparsity_converges(evidence: &Evidence<'_>, notes: &mut Notes) -> Result<(), Error> {
    let sparsities = evidence.sparsities(&Arm::binary(Method::BetterGa, Moons, "D"))?;
    let mean = notes.add("mean sparsity of the better GA on moons D (%)", slt_stats::mean(&sparsities)?);
    notes.within("mean sparsity of the better GA on moons D 52 to 58 %", mean, 3.0, 55.0);
    Ok(())
}
