//! A player whose learner wants to know the squares of rewards.

use super::Player;
use crate::learners::{Scatter, Unsettled};
use crate::rewards::Rewards;

impl Player {
    /// Whether its learner wants to know the squares of rewards.
    #[inline]
    pub(in crate::engine) fn settles(&self) -> bool {
        self.settles
    }

    pub(in crate::engine) fn unsettled(&self) -> Option<Unsettled> {
        self.learner.unsettled()
    }

    pub(in crate::engine) fn settle(&mut self, scatter: Scatter) {
        self.learner.settle(scatter);
    }

    /// Tells the learner of the reward that it has just taken.
    pub(in crate::engine) fn settle_one(&mut self, reward: &Rewards) {
        if self.learner.unsettled().is_some() {
            let (mean, squares) = (reward.value(), 0.0);
            self.learner.settle(Scatter { mean, squares });
        }
    }
}
