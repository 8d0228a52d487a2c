//! How far an arm's statistics may fall before another arm takes over.

use super::tally::Tally;
use crate::archive::Archive;

/// The region in which a policy keeps its arm. For an index policy it is `mean + width / sqrt(n) >= rival`.
///
/// In terms of the sum, `sum >= base + rival * n - width * sqrt(n)`: a random walk above a convex curve.
/// Rounding errors of either form are far below the small margin added to the curve, so an arm that
/// clears the barrier also wins the comparison of the two indices as computed elsewhere.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct IndexBarrier {
    /// Largest index of the other arms, constant while this arm is played.
    pub rival: f64,
    /// Factor of `1 / sqrt(n)` in the arm's own index.
    pub width: f64,
    /// Height of the curve before the first reward; 0 for an index policy.
    pub base: f64,
}

/// A bound on the relative error of the half dozen rounded operations on either side.
const MARGIN: f64 = 16.0 * f64::EPSILON;

impl IndexBarrier {
    /// The region of an index policy.
    pub fn new(rival: f64, width: f64) -> Self {
        Self {
            rival,
            width,
            base: 0.0,
        }
    }

    /// Visits all numbers.
    pub fn exchange(&mut self, archive: &mut Archive) {
        archive.real(&mut self.rival, f64::INFINITY);
        archive.real(&mut self.width, f64::INFINITY);
        archive.real(&mut self.base, f64::INFINITY);
    }

    /// Height of the barrier at `n` rewards, margin included.
    #[inline]
    pub fn level(&self, n: f64) -> f64 {
        self.base + self.rival * n - self.allowance(n, n)
    }

    /// How much the barrier rises a round at `n` rewards.
    #[inline]
    pub fn slope(&self, n: f64) -> f64 {
        self.rival - self.width / (2.0 * n.sqrt())
    }

    /// What is subtracted from the line `rival * n`: a number that is good from `n` to `last`.
    ///
    /// `width * sqrt(n)` grows with n, so its value at the start of a stretch is safe, if a little
    /// strict, until the stretch ends. This saves a square root a round.
    #[inline]
    pub fn allowance(&self, n: f64, last: f64) -> f64 {
        let spread = self.width * n.sqrt();
        let sizes = self.base.abs() + self.rival.abs() * last + self.width * last.sqrt();
        let margin = MARGIN * sizes;
        // The last term keeps the margin from vanishing: a tie at 0 goes to the lowest index.
        spread - margin - f64::MIN_POSITIVE
    }

    /// The barrier of a sum of which each reward since `start` is less by `off`, raised by some height.
    pub(crate) fn over_mean(&self, off: f64, start: &Tally, height: f64) -> Self {
        Self {
            rival: self.rival - off,
            base: self.base + height + off * start.count as f64,
            ..*self
        }
    }

    /// Whether the arm is certain to keep the lead.
    #[inline]
    pub fn clears(&self, tally: &Tally) -> bool {
        tally.sum >= self.level(tally.count as f64)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_tie_is_no_lead() {
        for mean in [-0.3, 0.0, 1e-310, 0.1, 7.0] {
            let mut tally = Tally::default();
            let barrier = IndexBarrier::new(mean, 0.0);
            for _ in 0..10 {
                tally.add(mean);
                assert!(!barrier.clears(&tally), "{mean}");
            }
            tally.add(mean + 1e-12 * (1.0 + mean.abs()));
            assert!(barrier.clears(&tally), "{mean}");
        }
    }
}
