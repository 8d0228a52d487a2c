//! Sufficient statistics of an arm.

use crate::archive::Archive;
use crate::record::MAX_HORIZON;

/// How often an arm was played, and the sum of its rewards.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct Tally {
    /// Number of rewards.
    pub count: u64,
    /// Their sum, added in the order they came.
    pub sum: f64,
    /// What rounding took away from the sum; only sums of many rewards are kept so exactly.
    rest: f64,
}

/// From this many rewards on, the rounding of their sum could swallow a single one.
const MANY: u64 = 1 << 40;

/// A bound on sums: the longest game, of the largest rewards, stays below it.
pub(crate) const LARGEST_SUM: f64 = 1e120;

impl Tally {
    /// Adds one reward.
    #[inline]
    pub fn add(&mut self, reward: f64) {
        if self.count < MANY {
            self.count += 1;
            self.sum += reward;
        } else {
            self.add_many(1, reward);
        }
    }

    /// Adds `count` rewards that sum to `sum`, and what rounding takes away the next time.
    #[inline]
    pub fn add_many(&mut self, count: u64, sum: f64) {
        let gain = sum + self.rest;
        let total = self.sum + gain;
        // What of the gain has arrived, and what of the old sum is still there (Knuth's two-sum).
        let arrived = total - self.sum;
        self.rest = (gain - arrived) + (self.sum - (total - arrived));
        self.sum = total;
        self.count += count;
    }

    /// Whether the next `rounds` rewards can be added without losing track of their rounding.
    #[inline]
    pub fn is_small(&self, rounds: u64) -> bool {
        self.count.saturating_add(rounds) <= MANY
    }

    /// Visits all of it.
    pub fn exchange(&mut self, archive: &mut Archive) {
        archive.count(&mut self.count, MAX_HORIZON);
        archive.real(&mut self.sum, LARGEST_SUM);
        archive.real(&mut self.rest, LARGEST_SUM);
        if self.count == 0 && self.sum != 0.0 {
            archive.refuse("a sum of no rewards");
        }
    }

    /// Empirical mean; NaN before the first reward.
    #[inline]
    pub fn mean(&self) -> f64 {
        self.sum / self.count as f64
    }
}

/// Visits the statistics of all arms.
pub(in crate::learners) fn exchange_all(tallies: &mut [Tally], archive: &mut Archive) {
    for tally in tallies {
        tally.exchange(archive);
    }
}

/// Position of the largest value; ties to the lowest. NaN never wins.
pub(crate) fn argmax(values: impl Iterator<Item = f64>) -> usize {
    let mut best = (0, f64::NEG_INFINITY);
    for (arm, value) in values.enumerate() {
        if value > best.1 {
            best = (arm, value);
        }
    }
    best.0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn small_rewards_do_not_drown_in_a_large_sum() {
        let mut tally = Tally::default();
        tally.add_many(1 << 50, 1e15);
        for _ in 0..1000 {
            tally.add(0.3);
        }
        assert_eq!(tally.count, (1 << 50) + 1000);
        assert!((tally.sum - (1e15 + 300.0)).abs() <= 0.125, "{}", tally.sum);
    }
}
