//! A player whose learner is asked in every round.

use super::{Mode, Player};
use crate::learners::Plan;
use crate::rewards::Rewards;
use crate::rng::Stream;

impl Player {
    /// Whether the learner is asked in every round, and told of every reward.
    #[inline]
    pub(in crate::engine) fn is_asked_each_round(&self) -> bool {
        self.is_asked_each_round
    }

    /// The arm of the next round, of a learner that is asked in every round, if its plan is for that round alone. Its last plan is over.
    #[inline(always)]
    pub(in crate::engine) fn ask_for_one(&mut self, mut choice: Stream) -> Option<usize> {
        match self.learner.plan(&mut choice) {
            Plan::Once { arm } => {
                (self.mode, self.arm, self.left) = (Mode::Once, arm, 1);
                Some(arm)
            }
            plan => {
                self.follow(plan);
                None
            }
        }
    }

    /// Takes the reward of the round of a decision for one round, which was for `arm`.
    #[inline(always)]
    pub(in crate::engine) fn take_single(&mut self, arm: usize, response: usize, reward: &Rewards) {
        self.learner.take(arm, response, reward);
        self.left = 0;
    }
}
