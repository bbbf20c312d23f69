//! Masks searched unit by unit, on data of any size.
//!
//! While all other units stay as they are, what a sample loses is a function of one number: what comes into
//! the unit. It is tabulated once for every sample, its [profile], by taking some values through what lies
//! [behind] the unit; after that, any number of flips of weights into the unit are read off the tables, for
//! the samples on which the weight's source says anything. When the unit is closed, the [sums](state) of all
//! others follow, in [fixed] point, so that they are exactly those of the mask.

mod behind;
mod fixed;
mod inputs;
mod profile;
mod state;
mod tables;
mod wiring;

use std::ops::Range;
use std::sync::Arc;

use rayon::prelude::*;
use slt_core::{BitMask, Neighbourhood, Score, Units as _, WhatIf};
use slt_datasets::{Dataset, Shifts};

use crate::Network;
use crate::metric::{Loss, Metric, Scoring};
use inputs::{Inputs, Supply};
use profile::Profile;
use slt_simd::InstructionSet;
use state::{CHUNK, Chunk};
use tables::POINTS;
use wiring::{Unit, Wiring};

/// Questions that are asked at once, for each thread.
const QUESTIONS_PER_THREAD: usize = 8;

/// A mask that is held on the first of the samples.
pub(crate) struct Units {
    instructions: InstructionSet,
    metric: Arc<dyn Metric>,
    wiring: Wiring,
    supply: Supply,
    mask: BitMask,
    /// The samples that it is held on, and their features.
    samples: Range<usize>,
    inputs: Inputs,
    chunks: Vec<Chunk>,
    /// Sum of the losses of the samples.
    loss: f64,
    profile: Option<Profile>,
    /// The last unit that was open.
    closed: Option<Profile>,
    /// Bits that were flipped since the unit was opened.
    flipped: Vec<usize>,
}

impl Units {
    /// Of a metric that is a mean of losses; `None` of any other. Masks are
    /// [signed](crate::SignedMask::from_bits) if `is_signed`.
    pub(crate) fn new(
        network: &Network,
        is_signed: bool,
        data: &Dataset,
        shifts: Option<&Shifts>,
        metric: &Arc<dyn Metric>,
        instructions: InstructionSet,
    ) -> Option<Self> {
        if !matches!(metric.scoring(), Scoring::Loss(_)) {
            return None;
        }
        let supply = Supply::new(data, shifts);
        let wiring = Wiring::new(network.clone(), is_signed, &supply.ranges());
        Some(Self {
            instructions,
            metric: Arc::clone(metric),
            mask: BitMask::zeros(wiring.n_bits()),
            wiring,
            supply,
            samples: 0..0,
            inputs: Inputs::default(),
            chunks: Vec::new(),
            loss: 0.0,
            profile: None,
            closed: None,
            flipped: Vec::new(),
        })
    }

    fn sum_up(&mut self) {
        self.loss = self.chunks.iter().map(|chunk| chunk.loss).sum();
    }

    fn opened(&self) -> &Profile {
        self.profile.as_ref().expect("a unit is open")
    }

    /// Source of a weight, and what its value is multiplied with for what a flip adds to the sum.
    fn flip_of(&self, unit: Unit, bit: usize) -> (usize, f32) {
        let (source, weight) = self.wiring.input(unit, bit);
        let factor = self.wiring.fixed.factor(unit.layer, weight);
        (source, if self.mask.get(bit) { -factor } else { factor })
    }

    fn change(&self, bit: usize) -> f64 {
        let profile = self.opened();
        let (source, by) = self.flip_of(profile.unit, bit);
        profile.change(self.instructions, &self.inputs, &self.chunks, source, by)
    }
}

impl Neighbourhood for Units {
    fn mask(&self) -> &BitMask {
        &self.mask
    }

    fn performance(&self) -> f64 {
        -self.profile.as_ref().map_or(self.loss, |profile| profile.loss) / self.samples.len() as f64
    }

    fn what_ifs(&self, questions: &[WhatIf], answers: &mut Vec<Score>) {
        let answer = |question: &WhatIf| {
            let performance = -(self.opened().loss + self.change(question.bit)) / self.samples.len() as f64;
            if performance < question.floor { Score::Below } else { Score::Exact(performance) }
        };
        answers.clear();
        if questions.len() == 1 {
            answers.push(answer(&questions[0]));
        } else {
            questions.par_iter().map(answer).collect_into_vec(answers);
        }
    }

    fn commit(&mut self, bit: usize) {
        let (source, by) = self.flip_of(self.opened().unit, bit);
        let profile = self.profile.as_mut().expect("a unit is open");
        profile.flip(self.instructions, &self.inputs, &self.chunks, source, by);
        self.mask.flip(bit);
        self.flipped.push(bit);
    }

    fn reset(&mut self, mask: &BitMask) {
        let opened = self.profile.as_ref().map(|profile| self.wiring.number(profile.unit));
        self.hold(mask, self.samples.clone());
        if let Some(unit) = opened {
            self.open(unit);
        }
    }

    fn batch(&self) -> usize {
        match rayon::current_num_threads() {
            1 => 1,
            threads => QUESTIONS_PER_THREAD * threads,
        }
    }

    /// The samples on which the source of the weight says anything, at most.
    fn multiply_adds(&self, bit: usize) -> u64 {
        let Some(profile) = &self.profile else { return 0 };
        if profile.unit.layer > 0 {
            return self.samples.len() as u64;
        }
        let (source, _) = self.wiring.input(profile.unit, bit);
        self.inputs.columns[source].len() as u64
    }
}

impl slt_core::Units for Units {
    fn n_units(&self) -> usize {
        self.wiring.n_units()
    }

    fn bits(&self, unit: usize) -> Vec<usize> {
        self.wiring.bits(self.wiring.unit(unit))
    }

    fn n_samples(&self) -> usize {
        self.supply.n_samples()
    }

    fn samples(&self) -> Range<usize> {
        self.samples.clone()
    }

    fn hold(&mut self, mask: &BitMask, samples: Range<usize>) {
        assert_eq!(mask.len(), self.mask.len(), "the mask has other bits than there are");
        assert!(
            samples.start < samples.end && samples.end <= self.n_samples(),
            "samples {samples:?} of {} are none",
            self.n_samples()
        );
        self.close();
        self.closed = None;
        self.flipped.clear();
        if samples == self.samples && *mask == self.mask {
            return;
        }
        self.mask.clone_from(mask);
        if samples != self.samples {
            // Those before go first: there need not be room for both.
            (self.inputs, self.chunks) = Default::default();
            self.inputs = self.supply.inputs(samples.clone());
            let starts: Vec<usize> = (0..samples.len()).step_by(CHUNK).collect();
            let chunk = |&first: &usize| {
                Chunk::new(&self.wiring, &self.inputs, first, CHUNK.min(samples.len() - first))
            };
            self.chunks = starts.par_iter().map(chunk).collect();
            self.samples = samples;
        }
        let (instructions, wiring, inputs) = (self.instructions, &self.wiring, &self.inputs);
        let loss = loss_of(&self.metric);
        self.chunks.par_iter_mut().for_each(|chunk| chunk.compute(instructions, wiring, inputs, mask, loss));
        self.sum_up();
    }

    fn open(&mut self, unit: usize) {
        assert!(!self.samples.is_empty(), "no mask is held");
        self.close();
        self.closed = None;
        self.flipped.clear();
        let unit = self.wiring.unit(unit);
        let loss = loss_of(&self.metric);
        self.profile =
            Some(Profile::new(self.instructions, &self.wiring, &self.chunks, &self.mask, unit, loss));
    }

    fn close(&mut self) {
        let Some(profile) = self.profile.take() else { return };
        if profile.is_changed {
            let (instructions, wiring, mask) = (self.instructions, &self.wiring, &self.mask);
            let loss = loss_of(&self.metric);
            let chunks = self.chunks.par_iter_mut().enumerate();
            chunks.for_each(|(i, chunk)| {
                chunk.set(instructions, wiring, mask, profile.unit, profile.sums(i), loss);
            });
            self.sum_up();
        }
        // The sums stay as they are; a search that pays for set bits should not pay for these.
        for bit in self.wiring.cancelled(&self.mask, profile.unit) {
            self.mask.flip(bit);
            self.flipped.push(bit);
        }
        self.closed = Some(profile);
    }

    fn discard(&mut self) {
        let flipped = std::mem::take(&mut self.flipped);
        flipped.into_iter().for_each(|bit| self.mask.flip(bit));
        if self.profile.take().is_some() {
            return;
        }
        let Some(profile) = self.closed.take().filter(|profile| profile.is_changed) else { return };
        let (instructions, wiring, mask) = (self.instructions, &self.wiring, &self.mask);
        let loss = loss_of(&self.metric);
        let chunks = self.chunks.par_iter_mut().enumerate();
        chunks.for_each(|(i, chunk)| {
            chunk.set(instructions, wiring, mask, profile.unit, profile.sums_before(i), loss);
        });
        self.sum_up();
    }

    fn unit_multiply_adds(&self, unit: usize) -> u64 {
        let behind = behind::Behind::new(&self.wiring, &self.mask, self.wiring.unit(unit));
        (POINTS as u64 + 2) * behind.n_weights() as u64 * self.samples.len() as u64
    }
}

fn loss_of(metric: &Arc<dyn Metric>) -> Loss<'_> {
    match metric.scoring() {
        Scoring::Loss(loss) => loss,
        _ => unreachable!("looked at when the units were made"),
    }
}
