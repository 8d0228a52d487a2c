//! Rules that are told their rewards later than they come.

use std::collections::VecDeque;

use crate::archive::Archive;
use crate::learners::{Config, RoundByRound, Seat};
use crate::rewards::Rewards;
use crate::rng::{Role, Stream};

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

/// When a rule is told its rewards.
enum Told {
    /// Each one a number of rounds late.
    After { delay: u64 },
    /// Those of `size` rounds together; `left` of them are still to come.
    Together { size: u64, left: u64 },
}

/// A rule that decides in every round, and is told its rewards later.
pub(in crate::learners) struct Late {
    rule: Box<dyn RoundByRound>,
    told: Told,
    due: VecDeque<Due>,
    /// The leader's action of this round, if the rule answers all of them.
    facing: usize,
    /// Numbers of leader actions that the rule answers, of arms, and of responses that a reward may belong to.
    sizes: [usize; 3],
}

impl Late {
    /// Told each reward after so many further rounds.
    pub(in crate::learners) fn after(of: &Config, seat: &Seat, delay: u64) -> Self {
        Self::new(of, seat, Told::After { delay })
    }

    /// Told the rewards of so many rounds at their end.
    pub(in crate::learners) fn together(of: &Config, seat: &Seat, size: u64) -> Self {
        Self::new(of, seat, Told::Together { size, left: 0 })
    }

    fn new(of: &Config, seat: &Seat, told: Told) -> Self {
        let answers_all = seat.role == Role::Follower && of.answers_all_actions();
        let faced = if answers_all { seat.n_leader } else { 1 };
        Self {
            rule: of.round_by_round(seat),
            told,
            due: VecDeque::new(),
            facing: 0,
            sizes: [faced, seat.n_arms(), seat.n_follower],
        }
    }

    /// Tells the rule all rewards but the last `still_due`.
    fn tell(&mut self, still_due: u64) {
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
}

impl RoundByRound for Late {
    fn choose(&mut self, choice: &mut Stream) -> usize {
        let still_due = match &mut self.told {
            Told::After { delay } => Some(*delay),
            Told::Together { size, left } => {
                let begins = *left == 0;
                if begins {
                    *left = *size;
                }
                *left -= 1;
                begins.then_some(0)
            }
        };
        if let Some(still_due) = still_due {
            self.tell(still_due);
        }
        self.rule.choose(choice)
    }

    /// Keeps the reward of the choice just made.
    fn observe(&mut self, arm: usize, response: usize, reward: &Rewards) {
        self.due.push_back(Due {
            facing: self.facing,
            arm,
            response,
            memo: self.rule.memo(),
            reward: *reward,
        });
    }

    fn memo(&self) -> f64 {
        self.rule.memo()
    }

    fn recall(&mut self, memo: f64) {
        self.rule.recall(memo);
    }

    fn face(&mut self, action: usize) {
        if self.sizes[0] > 1 {
            self.facing = action;
            self.rule.face(action);
        }
    }

    fn exchange(&mut self, archive: &mut Archive) {
        if let Told::Together { size, left } = &mut self.told {
            archive.count(left, *size);
        }
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
