//! `Batched(of, size)`: a decision stands for `size` rounds of the instance, whose rewards are observed together at their end.
//!
//! Nobody asks before that end, so that it makes no difference if rewards are told as they come. Of a follower that answers all
//! leader actions the decision is an answer to each: it is asked in every round, and told at the end.

use std::sync::Arc;

use super::entry::{BOTH, Entry, Horizon, Information, Play, Seat};
use super::schema::{Args, Param};
use super::support::each_round::EachRound;
use super::support::late::Late;
use super::support::made::{LEARNING, resolve_of};
use super::{Learner, Plan, RoundByRound, Tally};
use crate::archive::Archive;
use crate::error::SpecError;
use crate::rewards::Rewards;
use crate::rng::Stream;

pub(super) const ENTRY: Entry = Entry {
    name: "Batched",
    roles: BOTH,
    summary: "`of`, whose decisions stand for a fixed number of rounds",
    sees: Information::OwnRewards,
    horizon: Horizon::Of,
    draws: None,
    params: &[Param::OF, Param::required_count("size", 1)],
    fill,
    play: Play::ahead(learner, in_batches).of_another(plans_ahead),
};

/// Whether it plans ahead. With batches of several rounds only an index policy does: its plans hold whenever it is asked. All
/// others decide round by round.
fn plans_ahead(args: &Args) -> bool {
    let of = args.made_of();
    match args.count("size") {
        1 => of.plans_ahead(),
        _ => of.is_index(),
    }
}

fn fill(args: &mut Args, seat: &Seat) -> Result<(), SpecError> {
    resolve_of(args, LEARNING, seat)
}

fn learner(args: &Args, seat: &Seat) -> Box<dyn Learner> {
    let of = args.made_of();
    if args.count("size") == 1 {
        return of.learner(seat, false);
    }
    if !of.is_index() {
        return EachRound::boxed(in_batches(args, seat));
    }
    Box::new(BatchedIndex {
        inner: of.learner(seat, false),
        size: args.count("size"),
        arm: 0,
        left: 0,
        turn: Vec::new(),
        n_arms: seat.n_arms(),
    })
}

fn in_batches(args: &Args, seat: &Seat) -> Box<dyn RoundByRound> {
    let of = args.made_of();
    if of.answers_all_actions() {
        Box::new(Late::together(of, seat, args.count("size")))
    } else {
        Box::new(Batched::new(args, seat))
    }
}

struct Batched {
    rule: Box<dyn RoundByRound>,
    size: u64,
    arm: usize,
    /// Rounds of the batch that are left.
    left: u64,
    /// What the rule remembers of its choice.
    memo: f64,
    n_arms: usize,
}

impl Batched {
    fn new(args: &Args, seat: &Seat) -> Self {
        Self {
            rule: args.made_of().round_by_round(seat),
            size: args.count("size"),
            arm: 0,
            left: 0,
            memo: 0.0,
            n_arms: seat.n_arms(),
        }
    }
}

impl RoundByRound for Batched {
    fn choose(&mut self, choice: &mut Stream) -> usize {
        if self.left == 0 {
            self.arm = self.rule.choose(choice);
            self.memo = self.rule.memo();
            self.left = self.size;
        }
        self.left -= 1;
        self.arm
    }

    fn observe(&mut self, arm: usize, response: usize, reward: &Rewards) {
        self.rule.observe(arm, response, reward);
    }

    fn memo(&self) -> f64 {
        self.memo
    }

    fn recall(&mut self, memo: f64) {
        self.rule.recall(memo);
    }

    fn exchange(&mut self, archive: &mut Archive) {
        archive.index(&mut self.arm, self.n_arms);
        archive.count(&mut self.left, self.size);
        archive.real(&mut self.memo, f64::INFINITY);
        self.rule.exchange(archive);
    }
}

/// The same of an index policy, by plans.
struct BatchedIndex {
    inner: Box<dyn Learner>,
    size: u64,
    arm: usize,
    /// Rounds of the batch that are left.
    left: u64,
    /// Arms of the first turn that are still to come, the next one last.
    turn: Vec<usize>,
    n_arms: usize,
}

impl BatchedIndex {
    /// The arm of the batch until its end.
    fn stay(&self) -> Plan {
        Plan::Cycle {
            arms: Arc::new([self.arm]),
            rounds: self.left,
            again: None,
        }
    }

    /// A batch with an arm.
    fn batch(&mut self, arm: usize) -> Plan {
        (self.arm, self.left) = (arm, self.size);
        self.stay()
    }
}

impl Learner for BatchedIndex {
    fn plan(&mut self, choice: &mut Stream) -> Plan {
        if self.left > 0 {
            return self.stay();
        }
        if let Some(arm) = self.turn.pop() {
            return self.batch(arm);
        }
        match self.inner.plan(choice) {
            Plan::Cycle { arms, .. } => {
                self.turn = arms.iter().rev().copied().collect();
                let arm = self.turn.pop().unwrap_or(0);
                self.batch(arm)
            }
            // As long as the barrier holds, so does the decision, whenever it is made anew. It is not worth while for an arm that
            // has just taken the lead.
            Plan::While {
                arm,
                barrier,
                rounds,
            } if arm == self.arm => {
                self.left = self.size;
                Plan::While {
                    arm,
                    barrier,
                    rounds,
                }
            }
            Plan::While { arm, .. } | Plan::Once { arm } => self.batch(arm),
            other => other,
        }
    }

    #[inline]
    fn tally(&mut self, arm: usize, response: usize) -> &mut Tally {
        self.inner.tally(arm, response)
    }

    fn take(&mut self, arm: usize, response: usize, rewards: &Rewards) {
        let rounds = rewards.count();
        self.left = match self.left.checked_sub(rounds) {
            Some(left) => left,
            None => (self.size - (rounds - self.left) % self.size) % self.size,
        };
        self.inner.take(arm, response, rewards);
    }

    fn exchange(&mut self, archive: &mut Archive) {
        archive.index(&mut self.arm, self.n_arms);
        archive.count(&mut self.left, self.size);
        let mut count = self.turn.len();
        archive.index(&mut count, self.n_arms);
        self.turn.resize(count, 0);
        for arm in &mut self.turn {
            archive.index(arm, self.n_arms);
        }
        self.inner.exchange(archive);
    }
}
