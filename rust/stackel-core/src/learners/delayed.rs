//! `Delayed(of, delay)`: the reward of round n of the instance is observed before the decision of its round `n + delay + 1`.

use super::RoundByRound;
use super::entry::{BOTH, Entry, Horizon, Information, Play, Seat};
use super::schema::{Args, Param};
use super::support::each_round::EachRound;
use super::support::late::Late;
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

struct Delayed {
    late: Late,
    delay: u64,
}

impl Delayed {
    fn new(args: &Args, seat: &Seat) -> Self {
        Self {
            late: Late::new(args.made_of(), seat),
            delay: args.count("delay"),
        }
    }
}

impl RoundByRound for Delayed {
    fn choose(&mut self, choice: &mut Stream) -> usize {
        self.late.tell(self.delay);
        self.late.rule.choose(choice)
    }

    fn observe(&mut self, arm: usize, response: usize, reward: &Rewards) {
        self.late.keep(arm, response, reward);
    }

    fn memo(&self) -> f64 {
        self.late.rule.memo()
    }

    fn recall(&mut self, memo: f64) {
        self.late.rule.recall(memo);
    }

    fn face(&mut self, action: usize) {
        self.late.face(action);
    }

    fn exchange(&mut self, archive: &mut Archive) {
        self.late.exchange(archive);
    }
}
