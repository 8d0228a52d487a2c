//! Sufficient statistics of an arm.

use crate::archive::Archive;
use crate::record::MAX_HORIZON;
use crate::rewards::{Exact, Rewards};

/// How often an arm was played, and the sum of its rewards.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct Tally {
    /// Number of rewards.
    pub count: u64,
    /// Their sum, which does not depend on the order in which rewards of the table were added.
    pub sum: f64,
    /// The sum of rewards that are not from the table, and what rounding took away from it.
    other: f64,
    rest: f64,
    exact: Exact,
}

/// A bound on sums: the longest game, of the largest rewards, stays below it.
pub(crate) const LARGEST_SUM: f64 = 1e120;

impl Tally {
    /// Adds rewards.
    #[inline(always)]
    pub fn gain(&mut self, rewards: &Rewards) {
        let Some(units) = &rewards.units else {
            return self.add_many(rewards.count, rewards.other);
        };
        self.exact.add(&rewards.exact);
        if rewards.other == 0.0 {
            self.count += rewards.count;
        } else {
            self.add_many(rewards.count, rewards.other);
        }
        self.sum = units.value(&self.exact) + self.other;
    }

    /// Adds one reward that is not from the table.
    #[inline]
    pub fn add(&mut self, reward: f64) {
        self.add_many(1, reward);
    }

    /// Adds `count` such rewards that sum to `sum`, and what rounding takes away the next time.
    #[inline]
    pub fn add_many(&mut self, count: u64, sum: f64) {
        let gain = sum + self.rest;
        let total = self.other + gain;
        // What of the gain has arrived, and what of the old sum is still there (Knuth's two-sum).
        let arrived = total - self.other;
        self.rest = (gain - arrived) + (self.other - (total - arrived));
        (self.sum, self.other) = (total, total);
        self.count += count;
    }

    /// Visits all of it.
    pub fn exchange(&mut self, archive: &mut Archive) {
        archive.count(&mut self.count, MAX_HORIZON);
        archive.real(&mut self.sum, LARGEST_SUM);
        archive.real(&mut self.other, LARGEST_SUM);
        archive.real(&mut self.rest, LARGEST_SUM);
        self.exact.exchange(archive);
        if self.count == 0 && *self != Self::default() {
            archive.refuse("a sum of no rewards");
        }
    }

    /// Empirical mean; NaN before the first reward.
    #[inline]
    pub fn mean(&self) -> f64 {
        self.sum / self.count as f64
    }
}

/// The next of the arms that are played in turn: the first of those with the fewest rewards.
pub(in crate::learners) fn next_in_turn(tallies: &[Tally]) -> usize {
    let counts = tallies
        .iter()
        .enumerate()
        .map(|(arm, tally)| (tally.count, arm));
    counts.min().map_or(0, |(_, arm)| arm)
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
