use slt_core::{BitMask, Neighbourhood, Objective, Score, WhatIf};

/// The neighbourhood of an objective that has none of its own: every flip is an evaluation.
pub(crate) struct Evaluated<'a> {
    objective: &'a dyn Objective,
    mask: BitMask,
    performance: f64,
}

impl<'a> Evaluated<'a> {
    pub(crate) fn new(objective: &'a dyn Objective, mask: BitMask) -> Self {
        let performance = evaluate(objective, &mask);
        Self { objective, mask, performance }
    }

    fn flipped(&self, bit: usize) -> BitMask {
        let mut mask = self.mask.clone();
        mask.flip(bit);
        mask
    }
}

/// NaN if the objective does not answer: the arena takes that for a broken contract.
fn evaluate(objective: &dyn Objective, mask: &BitMask) -> f64 {
    objective.evaluate(&[mask], None).first().and_then(|score| score.exact()).map_or(f64::NAN, |p| p + 0.0)
}

impl Neighbourhood for Evaluated<'_> {
    fn mask(&self) -> &BitMask {
        &self.mask
    }

    fn performance(&self) -> f64 {
        self.performance
    }

    fn what_ifs(&self, questions: &[WhatIf], answers: &mut Vec<Score>) {
        let masks: Vec<BitMask> = questions.iter().map(|question| self.flipped(question.bit)).collect();
        let masks: Vec<&BitMask> = masks.iter().collect();
        let lowest = questions.iter().map(|question| question.floor).fold(f64::INFINITY, f64::min);
        *answers = self.objective.evaluate(&masks, lowest.is_finite().then_some(lowest));
    }

    fn what_if(&self, bit: usize) -> f64 {
        evaluate(self.objective, &self.flipped(bit))
    }

    fn admissible(&self, bit: usize) -> bool {
        self.objective.admissible(&self.flipped(bit))
    }

    fn commit(&mut self, bit: usize) {
        self.mask.flip(bit);
        self.performance = evaluate(self.objective, &self.mask);
    }

    fn reset(&mut self, mask: &BitMask) {
        self.mask.clone_from(mask);
        self.performance = evaluate(self.objective, &self.mask);
    }

    fn multiply_adds(&self, _bit: usize) -> u64 {
        self.objective.multiply_adds(&self.mask)
    }
}
