//! `Delayed(of, delay)`: the reward of round n of the instance is observed before the decision of its round `n + delay + 1`.

use std::collections::VecDeque;

use super::RoundByRound;
use super::entry::{BOTH, Entry, Horizon, Information, Play, Seat};
use super::schema::{Args, Param};
use super::support::each_round::EachRound;
use super::support::made::{LEARNING, resolve_of};
use crate::archive::Archive;
use crate::error::SpecError;
use crate::rewards::Rewards;
use crate::rng::Stream;

pub(super) const ENTRY: Entry = Entry {
    name: "Delayed",
    roles: BOTH,
    summary: "`of`, which is told each reward a fixed number of rounds late",
    sees: Information::OwnRewards,
    horizon: Horizon::Of,
    draws: None,
    params: &[Param::OF, Param::required_count("delay", 0)],
    fill,
    play: Play::every_round(
        |args, seat| EachRound::boxed(Delayed::new(args, seat)),
        |args, seat| Box::new(Delayed::new(args, seat)),
    )
    .of_another(|_| false),
};

fn fill(args: &mut Args, seat: &Seat) -> Result<(), SpecError> {
    resolve_of(args, LEARNING, seat)
}

/// A reward on its way.
#[derive(Clone)]
struct Due {
    arm: usize,
    response: usize,
    /// What the rule remembers of the choice.
    memo: f64,
    reward: Rewards,
}

struct Delayed {
    rule: Box<dyn RoundByRound>,
    delay: u64,
    due: VecDeque<Due>,
    /// Number of arms, and of responses that a reward may belong to.
    sizes: [usize; 2],
}

impl Delayed {
    fn new(args: &Args, seat: &Seat) -> Self {
        Self {
            rule: args.made_of().round_by_round(seat),
            delay: args.count("delay"),
            due: VecDeque::new(),
            sizes: [seat.n_arms(), seat.n_follower],
        }
    }
}

impl RoundByRound for Delayed {
    fn choose(&mut self, choice: &mut Stream) -> usize {
        while self.due.len() as u64 > self.delay {
            if let Some(due) = self.due.pop_front() {
                self.rule.recall(due.memo);
                self.rule.observe(due.arm, due.response, &due.reward);
            }
        }
        self.rule.choose(choice)
    }

    fn observe(&mut self, arm: usize, response: usize, reward: &Rewards) {
        self.due.push_back(Due {
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

    fn exchange(&mut self, archive: &mut Archive) {
        let mut count = self.due.len();
        archive.length(&mut count);
        let none = Due {
            arm: 0,
            response: 0,
            memo: 0.0,
            reward: Rewards::from(0.0),
        };
        self.due.resize(count, none);
        for due in &mut self.due {
            archive.index(&mut due.arm, self.sizes[0]);
            archive.index(&mut due.response, self.sizes[1]);
            archive.real(&mut due.memo, f64::INFINITY);
            due.reward.exchange(archive);
        }
        self.rule.exchange(archive);
    }
}
