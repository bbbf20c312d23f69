use std::ops::Range;

use crate::{BitMask, Neighbourhood};

/// A mask that is searched unit by unit, on as many samples as one likes: what a search moves through whose
/// masks are long and whose samples are many.
///
/// The bits fall into *units*: in a network, those of the weights into one unit of it. A unit is
/// [opened](Self::open), which costs something, and then questions about its bits, asked as of any
/// [`Neighbourhood`], cost next to nothing, flips included. When it is [closed](Self::close), all else
/// follows what was flipped. There is a mask after the first [`hold`](Self::hold).
///
/// # What answers depend on
/// While a unit is open, answers, and [`performance`](Neighbourhood::performance), are *estimates*: they
/// depend on the mask when it was opened, on the bits that were committed since, in their order, and on the
/// question. When no unit is open, the performance depends on mask and samples alone, whatever happened
/// before; it differs from the objective's on those samples by rounding.
///
/// Questions about bits that are not the open unit's, or while none is open, are the mistake of the calling
/// algorithm, and panic.
pub trait Units: Neighbourhood {
    /// Number of units. Every bit is one of exactly one unit.
    fn n_units(&self) -> usize;

    /// The bits of a unit.
    fn bits(&self, unit: usize) -> Vec<usize>;

    /// Samples that there are. They are numbered in an order of their own, in which any that follow each
    /// other are a random sample of all.
    fn n_samples(&self) -> usize;

    /// Samples that the mask is held on.
    fn samples(&self) -> Range<usize>;

    /// Holds a mask on some samples, at least one. A unit that is open is closed first.
    fn hold(&mut self, mask: &BitMask, samples: Range<usize>);

    /// Opens a unit; one that is open is closed first.
    fn open(&mut self, unit: usize);

    /// Closes the unit that is open. Where bits of it that are set cancel out, so that the mask would do the
    /// same without them, they are cleared; [`discard`](Self::discard) takes that back, too.
    fn close(&mut self);

    /// Takes back all flips since the last unit was opened, whether or not it was closed since. Then none is
    /// open.
    fn discard(&mut self);

    /// The multiply-adds that opening and closing a unit takes.
    fn unit_multiply_adds(&self, unit: usize) -> u64;
}
