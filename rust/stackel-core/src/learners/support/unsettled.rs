//! Rewards of which a learner knows the sum, and has to be told the sum of squares before it decides again.

use super::index_barrier::IndexBarrier;
use crate::rng::Stream;

/// The last rewards of an arm, which all came with one response, while a barrier was cleared.
#[derive(Debug, Clone)]
pub struct Unsettled {
    /// The arm.
    pub arm: usize,
    /// The follower's action.
    pub response: usize,
    /// Number of rewards.
    pub rounds: u64,
    /// The sum of all rewards of the arm was above it, after each of these but the last one.
    pub barrier: IndexBarrier,
    /// Random words that nothing else depends on.
    pub words: Stream,
}

/// What there is to know of rewards beside their number.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct Scatter {
    /// Their mean.
    pub mean: f64,
    /// The sum of the squares of their distances from it.
    pub squares: f64,
}

impl Scatter {
    /// What there is to know of two lots of rewards together, after Chan, Golub and `LeVeque` (1983).
    pub(crate) fn merged(self, own: f64, other: Self, others: f64) -> Self {
        let all = own + others;
        let apart = other.mean - self.mean;
        Self {
            mean: self.mean + apart * (others / all),
            squares: self.squares + other.squares + apart * apart * (own * others / all),
        }
    }
}
