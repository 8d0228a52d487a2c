//! Sufficient statistics of an arm.

/// How often an arm was played, and the sum of its rewards.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct Tally {
    /// Number of rewards.
    pub count: u64,
    /// Their sum, added in the order they came.
    pub sum: f64,
}

impl Tally {
    /// Adds one reward.
    #[inline]
    pub fn add(&mut self, reward: f64) {
        self.count += 1;
        self.sum += reward;
    }

    /// Empirical mean; NaN before the first reward.
    #[inline]
    pub fn mean(&self) -> f64 {
        self.sum / self.count as f64
    }
}

/// The arm with the largest empirical mean; ties, and arms without rewards, to the lowest index.
pub(in crate::learners) fn best_mean(tallies: &[Tally]) -> usize {
    argmax(tallies.iter().map(Tally::mean))
}

/// Position of the largest value; ties to the lowest. NaN never wins.
pub(in crate::learners) fn argmax(values: impl Iterator<Item = f64>) -> usize {
    let mut best = (0, f64::NEG_INFINITY);
    for (arm, value) in values.enumerate() {
        if value > best.1 {
            best = (arm, value);
        }
    }
    best.0
}
