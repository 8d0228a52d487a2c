//! Rules that are asked in every round, as learners.

use crate::archive::Archive;
use crate::learners::{Learner, Plan, RoundByRound, Tally};
use crate::rewards::Rewards;
use crate::rng::Stream;

/// A learner that asks its rule in every round, and tells it every reward.
pub(in crate::learners) struct EachRound<R> {
    rule: R,
    /// No reward is added here.
    unread: Tally,
}

impl<R: RoundByRound> EachRound<R> {
    pub(in crate::learners) fn boxed(rule: R) -> Box<Self> {
        let unread = Tally::default();
        Box::new(Self { rule, unread })
    }
}

impl<R: RoundByRound> Learner for EachRound<R> {
    fn plan(&mut self, choice: &mut Stream) -> Plan {
        Plan::Once {
            arm: self.rule.choose(choice),
        }
    }

    fn is_asked_each_round(&self) -> bool {
        true
    }

    #[inline]
    fn tally(&mut self, _arm: usize, _response: usize) -> &mut Tally {
        &mut self.unread
    }

    fn take(&mut self, arm: usize, response: usize, reward: &Rewards) {
        self.rule.observe(arm, response, reward);
    }

    fn face(&mut self, action: usize) {
        self.rule.face(action);
    }

    fn overhear(&mut self, response: usize, reward: f64) {
        self.rule.overhear(response, reward);
    }

    fn exchange(&mut self, archive: &mut Archive) {
        self.rule.exchange(archive);
    }
}

impl RoundByRound for Box<dyn RoundByRound> {
    fn choose(&mut self, choice: &mut Stream) -> usize {
        (**self).choose(choice)
    }

    fn observe(&mut self, arm: usize, response: usize, reward: &Rewards) {
        (**self).observe(arm, response, reward);
    }

    fn memo(&self) -> f64 {
        (**self).memo()
    }

    fn recall(&mut self, memo: f64) {
        (**self).recall(memo);
    }

    fn face(&mut self, action: usize) {
        (**self).face(action);
    }

    fn overhear(&mut self, response: usize, reward: f64) {
        (**self).overhear(response, reward);
    }

    fn exchange(&mut self, archive: &mut Archive) {
        (**self).exchange(archive);
    }
}
