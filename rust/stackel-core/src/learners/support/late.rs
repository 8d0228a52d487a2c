//! Rewards that a rule is told later than they come.

use std::collections::VecDeque;

use crate::archive::Archive;
use crate::learners::{Config, RoundByRound, Seat};
use crate::rewards::Rewards;
use crate::rng::Role;

/// A reward on its way.
#[derive(Clone)]
struct Due {
    /// The leader's action, if the rule answers all of them.
    facing: usize,
    arm: usize,
    response: usize,
    /// What the rule remembers of the choice.
    memo: f64,
    reward: Rewards,
}

/// A rule and the rewards that it has not been told.
pub(in crate::learners) struct Late {
    pub(in crate::learners) rule: Box<dyn RoundByRound>,
    due: VecDeque<Due>,
    /// The leader's action of this round, if the rule answers all of them.
    facing: usize,
    /// Numbers of leader actions that the rule answers, of arms, and of responses that a reward may belong to.
    sizes: [usize; 3],
}

impl Late {
    pub(in crate::learners) fn new(of: &Config, seat: &Seat) -> Self {
        let answers_all = seat.role == Role::Follower && of.answers_all_actions();
        let faced = if answers_all { seat.n_leader } else { 1 };
        Self {
            rule: of.round_by_round(seat),
            due: VecDeque::new(),
            facing: 0,
            sizes: [faced, seat.n_arms(), seat.n_follower],
        }
    }

    /// The leader has played `action`.
    pub(in crate::learners) fn face(&mut self, action: usize) {
        if self.sizes[0] > 1 {
            self.facing = action;
            self.rule.face(action);
        }
    }

    /// Keeps the reward of the choice just made.
    pub(in crate::learners) fn keep(&mut self, arm: usize, response: usize, reward: &Rewards) {
        self.due.push_back(Due {
            facing: self.facing,
            arm,
            response,
            memo: self.rule.memo(),
            reward: *reward,
        });
    }

    /// Tells the rule all rewards but the last `still_due`.
    pub(in crate::learners) fn tell(&mut self, still_due: u64) {
        while self.due.len() as u64 > still_due {
            let Some(due) = self.due.pop_front() else {
                return;
            };
            if self.sizes[0] > 1 {
                self.rule.face(due.facing);
            }
            self.rule.recall(due.memo);
            self.rule.observe(due.arm, due.response, &due.reward);
        }
        self.face(self.facing);
    }

    pub(in crate::learners) fn exchange(&mut self, archive: &mut Archive) {
        let mut count = self.due.len();
        archive.length(&mut count);
        let none = Due {
            facing: 0,
            arm: 0,
            response: 0,
            memo: 0.0,
            reward: Rewards::from(0.0),
        };
        self.due.resize(count, none);
        let [faced, arms, responses] = self.sizes;
        for due in &mut self.due {
            if faced > 1 {
                archive.index(&mut due.facing, faced);
            }
            archive.index(&mut due.arm, arms);
            archive.index(&mut due.response, responses);
            archive.real(&mut due.memo, f64::INFINITY);
            due.reward.exchange(archive);
        }
        if faced > 1 {
            archive.index(&mut self.facing, faced);
        }
        self.rule.exchange(archive);
    }
}
