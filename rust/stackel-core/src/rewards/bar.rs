//! The curve above which the noise of an arm has to stay so that a decision stands, and the search for the first place
//! at which it does not.

use super::bridge::{Bridge, Safety};
use crate::learners::{IndexBarrier, Tally};

/// A bound on the relative error of the two dozen rounded operations in an index, a barrier and a curve.
const MARGIN: f64 = 64.0 * f64::EPSILON;

/// A decision's barrier as a curve for the sums of a tape, in its own units.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Bar {
    barrier: IndexBarrier,
    /// Mean utility of the rounds to come, as far as it is not on the tape, and as far as it is.
    mean: f64,
    drift: f64,
    /// The place on the tape from which the curve starts, and the number of rewards in the tally there.
    start: u64,
    count: f64,
    /// What the height of the barrier and the sum of the tally have to be corrected by.
    shift: f64,
    /// Units of the tape in a unit of utility, and sum of the tape at the start.
    scale: f64,
    base: f64,
}

impl Bar {
    /// The curve for an arm with these statistics, which is played at most `rounds` times more. At the place `start`
    /// the sum of its tape is `base`, in units of `unit`.
    pub(crate) fn new(
        barrier: IndexBarrier,
        tally: &Tally,
        [mean, drift]: [f64; 2],
        rounds: u64,
        (start, base, unit): (u64, i64, f64),
    ) -> Self {
        let (count, rounds, base) = (tally.count as f64, rounds as f64, base as f64);
        let most = count + rounds;
        let sizes = barrier.base.abs()
            + barrier.rival.abs() * most
            + barrier.width * most.sqrt()
            + tally.sum.abs()
            + mean.abs() * rounds
            + unit * base.abs();
        // The last term keeps the margin from vanishing: a tie at 0 goes to the lowest index.
        let margin = MARGIN * sizes + f64::MIN_POSITIVE;
        Self {
            barrier,
            mean,
            drift,
            start,
            count,
            shift: margin + barrier.base - tally.sum,
            scale: 1.0 / unit,
            base,
        }
    }

    /// The same curve for what of the tape comes after a number of entries that sum to `sum`.
    pub(super) fn after(&self, entries: u64, sum: i64) -> Self {
        Self {
            start: self.start.wrapping_sub(entries),
            base: self.base - sum as f64,
            ..*self
        }
    }

    /// Height of the curve at a place.
    #[inline]
    pub(crate) fn level(&self, place: u64) -> f64 {
        let ahead = place.wrapping_sub(self.start).cast_signed() as f64;
        let n = self.count + ahead;
        let IndexBarrier { rival, width, .. } = self.barrier;
        let height = rival * n - width * n.sqrt() - self.mean * ahead;
        (height + self.shift) * self.scale + self.base
    }

    /// First place in `from + 1..=to` at which the curve lies above 0. It is convex, so that a curve that is above 0
    /// once it has been below stays there.
    pub(crate) fn meets_zero(&self, from: u64, to: u64) -> Option<u64> {
        let above = |place: u64| self.level(place) > 0.0;
        if from == to || above(from + 1) {
            return (from < to).then_some(from + 1);
        }
        if !above(to) {
            return None;
        }
        let (mut below, mut end) = (from + 1, to);
        while end - below > 1 {
            let middle = below + (end - below) / 2;
            if above(middle) {
                end = middle;
            } else {
                below = middle;
            }
        }
        Some(end)
    }

    /// How much the curve comes closer an entry, on average, at a place.
    #[inline]
    pub(super) fn approach(&self, place: u64) -> f64 {
        let n = self.count + place.wrapping_sub(self.start).cast_signed() as f64;
        (self.barrier.slope(n) - self.mean - self.drift) * self.scale
    }
}

/// The bookkeeping of searches.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Search {
    /// What is safe of the tape that is searched.
    pub(super) safety: Safety,
    /// Minus the logarithm of the largest probability of a missed crossing that is ignored; infinite where none is.
    pub(crate) certainty: f64,
    /// Number of crossings that were taken for impossible.
    pub(crate) skipped: u64,
    /// Units of work that were done.
    pub(crate) work: u64,
}

impl Search {
    pub(crate) fn new(certainty: f64) -> Self {
        Self {
            safety: Bridge::Unknown.safety_unscaled(certainty),
            certainty,
            skipped: 0,
            work: 0,
        }
    }
}
