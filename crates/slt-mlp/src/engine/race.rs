//! Racing: masks are dropped as soon as it is certain that they cannot keep within a budget.

use std::sync::Arc;

use slt_core::BitMask;
use slt_datasets::Dataset;

use super::order::{Order, Ordered};
use super::readout::Readout;
use super::runner::Runner;

/// Where masks of a batch are checked against the budget, as parts of the samples.
const CHECKS: [f64; 9] = [1.0 / 24.0, 1.0 / 12.0, 1.0 / 8.0, 1.0 / 6.0, 0.25, 0.375, 0.5, 0.75, 1.0];

/// What compiling a mask costs, in blocks that it is run on.
const RECOMPILE_COST: usize = 8;

/// Blocks between checks of a single mask: to get to know a class, and from then on.
const SINGLE_STEPS: (usize, usize) = (4, 32);

/// Masks of a batch that the difficulty of the samples is learned from.
const TEACHERS: usize = 4;

/// What a race takes: masks to run, and the order of the samples, which it learns from.
#[derive(Clone, Copy)]
pub(super) struct Racer<'a> {
    pub(super) runner: &'a Runner,
    pub(super) order: &'a Order,
    pub(super) data: &'a Dataset,
}

impl Racer<'_> {
    /// Runs masks until their cost exceeds the budget.
    pub(super) fn race<F: Readout>(&self, readout: &F, masks: &[&BitMask], budget: f64) -> Raced<F::Output> {
        let ordered = self.order.current(self.data);
        let mut race = Race {
            readout,
            ordered: &ordered,
            budget,
            alive: (0..masks.len()).collect(),
            costs: vec![0.0; masks.len()],
            outputs: masks.iter().map(|_| Vec::new()).collect(),
            processed: Vec::with_capacity(ordered.sequence.len()),
        };
        race.drop_hopeless();
        match masks {
            [mask] => self.race_one(&mut race, mask),
            masks => self.race_many(&mut race, masks),
        }
        let Race { alive, outputs, processed, .. } = race;
        let mut of_masks: Vec<Option<Vec<F::Output>>> = masks.iter().map(|_| None).collect();
        for (i, outputs) in outputs.into_iter().enumerate() {
            of_masks[i] = alive.contains(&i).then_some(outputs);
        }
        let raced = Raced { ordered, processed, of_masks };
        self.learn(readout, &raced);
        raced
    }

    /// A batch goes through the blocks in their order of difficulty.
    fn race_many<F: Readout>(&self, race: &mut Race<'_, F>, masks: &[&BitMask]) {
        let ordered = race.ordered;
        let mut compiled: Vec<usize> = Vec::new();
        let mut programs = Vec::new();
        let mut start = 0;
        for check in CHECKS {
            let end = ((ordered.sequence.len() as f64 * check) as usize).max(start);
            if race.alive.is_empty() || start == end {
                continue;
            }
            // Compiling anew pays once enough is saved on the blocks to come.
            let dropped = compiled.len().saturating_sub(race.alive.len());
            let saved = dropped * (ordered.sequence.len() - start);
            if compiled.is_empty() || saved > RECOMPILE_COST * race.alive.len() {
                compiled.clone_from(&race.alive);
                let alive: Vec<&BitMask> = compiled.iter().map(|&i| masks[i]).collect();
                programs = self.runner.compile(&alive);
            }
            let list = &ordered.sequence[start..end];
            race.take(list, &compiled, self.runner.run_list(race.readout, &programs, &ordered.blocks, list));
            start = end;
        }
    }

    /// A single mask goes through the class that it gets wrong most often first: a random mask mostly answers
    /// one class.
    fn race_one<F: Readout>(&self, race: &mut Race<'_, F>, mask: &BitMask) {
        let ordered = race.ordered;
        let programs = self.runner.compile(&[mask]);
        let mut rest = ordered.groups.clone();
        // Cost a block; a class that is not known yet comes first.
        let mut rates = vec![f64::INFINITY; rest.len()];
        while !race.alive.is_empty() {
            let left = (0..rest.len()).filter(|&class| !rest[class].is_empty());
            let Some(class) = left.reduce(|top, class| if rates[class] > rates[top] { class } else { top })
            else {
                break;
            };
            let step = if rates[class].is_finite() { SINGLE_STEPS.1 } else { SINGLE_STEPS.0 };
            let start = rest[class].start;
            rest[class].start = rest[class].end.min(start + step);
            let list: Vec<usize> = (start..rest[class].start).collect();
            let before = race.costs[0];
            race.take(&list, &[0], self.runner.run_list(race.readout, &programs, &ordered.blocks, &list));
            rates[class] = (race.costs[0] - before) / list.len() as f64;
        }
    }

    /// Learns which samples are difficult from masks that kept within the budget.
    fn learn<F: Readout>(&self, readout: &F, raced: &Raced<F::Output>) {
        let mut teachers = raced.of_masks.iter().flatten().take(TEACHERS).peekable();
        if teachers.peek().is_none() {
            return;
        }
        self.order.learn(self.data, |difficulty| {
            for outputs in teachers {
                for (&b, output) in raced.processed.iter().zip(outputs) {
                    let samples = raced.ordered.blocks.samples(b);
                    readout.for_each_cost(output, raced.ordered.blocks.get(b), |lane, cost| {
                        difficulty.add(samples[lane], cost);
                    });
                }
            }
        });
    }
}

/// A race that is over.
pub(super) struct Raced<T> {
    pub(super) ordered: Arc<Ordered>,
    /// The blocks in the order in which they were run.
    pub(super) processed: Vec<usize>,
    /// The outputs by place in `processed`, for masks that kept within the budget.
    pub(super) of_masks: Vec<Option<Vec<T>>>,
}

/// A race under way.
struct Race<'a, F: Readout> {
    readout: &'a F,
    ordered: &'a Ordered,
    budget: f64,
    alive: Vec<usize>,
    costs: Vec<f64>,
    outputs: Vec<Vec<F::Output>>,
    processed: Vec<usize>,
}

impl<F: Readout> Race<'_, F> {
    /// Takes the outputs of the masks `of` for a list of blocks.
    fn take(&mut self, list: &[usize], of: &[usize], outputs: Vec<Vec<F::Output>>) {
        self.processed.extend(list);
        for (&i, outputs) in of.iter().zip(outputs) {
            for (&b, output) in list.iter().zip(&outputs) {
                self.costs[i] += self.readout.cost(output, self.ordered.blocks.get(b));
            }
            self.outputs[i].extend(outputs);
        }
        self.drop_hopeless();
    }

    fn drop_hopeless(&mut self) {
        // Costs only grow.
        let (costs, budget) = (&self.costs, self.budget);
        self.alive.retain(|&i| costs[i] <= budget);
    }
}
