//! Signed masks: weights are hidden, kept, or kept with the other sign.

use std::ops::Range;

use slt_core::{BitMask, Objective, Score, Units};

use crate::{Error, Evaluator};

/// A mask of three states: a weight is hidden, kept, or kept with its sign inverted.
///
/// What it cuts out is no strong lottery ticket in the strict sense, in which weights stay as they were
/// drawn.
///
/// ```
/// use slt_core::BitMask;
/// use slt_mlp::SignedMask;
/// let (kept, inverted) = (BitMask::ones(3), (0..3).map(|bit| bit == 1).collect());
/// let mask = SignedMask::new(kept, inverted)?;
/// assert_eq!([0, 1, 2].map(|weight| mask.factor(weight)), [1.0, -1.0, 1.0]);
/// assert!(SignedMask::new(BitMask::zeros(3), BitMask::ones(3)).is_err());
/// # Ok::<(), slt_mlp::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SignedMask {
    kept: BitMask,
    inverted: BitMask,
}

impl SignedMask {
    /// A mask of the weights that are `kept`, with or without being `inverted`.
    ///
    /// # Errors
    /// If the two have different lengths, or a weight is inverted that is not kept.
    pub fn new(kept: BitMask, inverted: BitMask) -> Result<Self, Error> {
        let (expected, actual) = (kept.len(), inverted.len());
        if expected != actual {
            return Err(Error::MaskLength { expected, actual });
        }
        let hidden = inverted.iter_ones().find(|&weight| !kept.get(weight));
        hidden.map_or(Ok(Self { kept, inverted }), |weight| Err(Error::InvertedHidden { weight }))
    }

    /// The mask that a search of signed masks has found, with two bits for each of n weights: bit i keeps
    /// weight i as it is, bit n + i adds its negation. Both together cancel out, so that it is hidden.
    ///
    /// # Errors
    /// If there is an odd number of bits.
    ///
    /// ```
    /// use slt_mlp::SignedMask;
    /// let mask = SignedMask::from_bits(&"8:56".parse()?)?;
    /// assert_eq!([0, 1, 2, 3].map(|weight| mask.factor(weight)), [-1.0, 1.0, 0.0, 0.0]);
    /// assert_eq!(mask.to_bits().to_string(), "8:12");
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn from_bits(bits: &BitMask) -> Result<Self, Error> {
        let n = bits.len() / 2;
        if bits.len() != 2 * n {
            return Err(Error::OddBits { bits: bits.len() });
        }
        let (as_it_is, negated) = (bits.slice(0..n), bits.slice(n..2 * n));
        let of_words = |f: fn((&u64, &u64)) -> u64| {
            let words = as_it_is.words().iter().zip(negated.words()).map(f).collect();
            BitMask::from_words(n, words).expect("bits beyond the end are zero in both")
        };
        Ok(Self {
            kept: of_words(|(as_it_is, negated)| as_it_is ^ negated),
            inverted: of_words(|(as_it_is, negated)| negated & !as_it_is),
        })
    }

    /// Two bits for each weight, at most one of them set: see [`from_bits`](Self::from_bits).
    pub fn to_bits(&self) -> BitMask {
        let n = self.kept.len();
        let as_it_is = (0..n).map(|weight| self.kept.get(weight) && !self.inverted.get(weight));
        as_it_is.chain((0..n).map(|weight| self.inverted.get(weight))).collect()
    }

    pub(crate) fn into_parts(self) -> (BitMask, BitMask) {
        (self.kept, self.inverted)
    }

    /// The weights that are kept, inverted or not.
    pub fn kept(&self) -> &BitMask {
        &self.kept
    }

    /// The weights that are kept and inverted.
    pub fn inverted(&self) -> &BitMask {
        &self.inverted
    }

    /// What weight number `weight` is multiplied with: 0, 1 or -1.
    ///
    /// # Panics
    /// If there is no such weight.
    pub fn factor(&self, weight: usize) -> f32 {
        match (self.kept.get(weight), self.inverted.get(weight)) {
            (false, _) => 0.0,
            (true, false) => 1.0,
            (true, true) => -1.0,
        }
    }
}

/// Evaluates signed masks of a network: the [`Objective`] of a search that may invert weights. Masks have two
/// bits for each weight, as [`SignedMask::from_bits`] says.
///
/// It is made to be searched by [units](Objective::units), which tell what a flip of either bit of a weight
/// gives. A whole mask is evaluated on a network of which it inverts weights, which is made for that mask
/// alone.
///
/// ```
/// use slt_core::{BitMask, Objective, Seed};
/// use slt_mlp::{Architecture, Evaluator, Initializer, MetricName, Network};
/// let data = slt_datasets::paper::moons()?;
/// let network = Network::random(&Architecture::new([2, 20, 2])?, Initializer::paper(), Seed(7))?;
/// let evaluator = Evaluator::new(&network, &data.train, MetricName::CrossEntropy)?;
/// let signed = evaluator.clone().signed();
/// // Every weight as it is.
/// let mask: BitMask = (0..160).map(|bit| bit < 80).collect();
/// assert_eq!(signed.evaluate(&[&mask], None), evaluator.evaluate(&[&BitMask::ones(80)], None));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone)]
pub struct SignedEvaluator {
    evaluator: Evaluator,
}

impl Evaluator {
    /// The evaluator of [signed masks](SignedMask), which may invert weights.
    #[must_use]
    pub fn signed(self) -> SignedEvaluator {
        SignedEvaluator::new(self)
    }
}

impl SignedEvaluator {
    pub(crate) fn new(evaluator: Evaluator) -> Self {
        Self { evaluator }
    }

    /// The evaluator of the network's masks that invert nothing.
    pub fn unsigned(&self) -> &Evaluator {
        &self.evaluator
    }

    /// For a signed mask, the evaluator of the network in which it inverts weights, and the mask of the
    /// weights that are kept.
    ///
    /// # Errors
    /// If the mask does not have two bits for each weight.
    pub fn at(&self, bits: &BitMask) -> Result<(Evaluator, BitMask), Error> {
        let SignedMask { kept, inverted } = SignedMask::from_bits(bits)?;
        Ok((self.evaluator.inverted(&inverted)?, kept))
    }

    fn at_fitting(&self, bits: &BitMask) -> (Evaluator, BitMask) {
        self.at(bits).expect("masks have two bits for each weight")
    }

    fn n_weights(&self) -> usize {
        self.evaluator.n_bits()
    }
}

impl Objective for SignedEvaluator {
    fn n_bits(&self) -> usize {
        2 * self.n_weights()
    }

    fn evaluate(&self, masks: &[&BitMask], floor: Option<f64>) -> Vec<Score> {
        let evaluate = |mask: &&BitMask| {
            let (evaluator, kept) = self.at_fitting(mask);
            evaluator.evaluate(&[&kept], floor)
        };
        masks.iter().flat_map(evaluate).collect()
    }

    fn bit_groups(&self) -> Vec<Range<usize>> {
        let (groups, n) = (self.evaluator.bit_groups(), self.n_weights());
        let of_inverted = groups.iter().map(|bits| n + bits.start..n + bits.end);
        groups.iter().cloned().chain(of_inverted).collect()
    }

    fn linkage(&self) -> Vec<Vec<usize>> {
        let (mut sets, n) = (self.evaluator.linkage(), self.n_weights());
        for set in &mut sets {
            let of_inverted: Vec<usize> = set.iter().map(|bit| n + bit).collect();
            set.extend(of_inverted);
        }
        sets
    }

    fn multiply_adds(&self, mask: &BitMask) -> u64 {
        let mask = SignedMask::from_bits(mask).expect("masks have two bits for each weight");
        self.evaluator.multiply_adds(&mask.kept)
    }

    fn admissible(&self, mask: &BitMask) -> bool {
        let mask = SignedMask::from_bits(mask).expect("masks have two bits for each weight");
        self.evaluator.admissible(&mask.kept)
    }

    fn solved(&self, mask: &BitMask, performance: f64) -> bool {
        let (evaluator, kept) = self.at_fitting(mask);
        evaluator.solved(&kept, performance)
    }

    fn fingerprint(&self) -> u64 {
        slt_core::canonical::fingerprint([self.evaluator.fingerprint(), self.n_bits() as u64])
    }

    /// `None` unless the metric is a mean of losses of the samples.
    fn units(&self) -> Option<Box<dyn Units + '_>> {
        self.evaluator.units_of(true)
    }
}
