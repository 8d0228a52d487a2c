//! `ExploreThenCommit(exploration=E)`: round-robin until each arm has E pulls, then always the arm with the
//! best empirical mean.

use super::entry::{BOTH, Entry, Horizon, Information, Play, Seat};
use super::schema::{Args, Param, Value};
use super::support::lengths::{follower_exploration, leader_exploration};
use super::support::tally::{exchange_all, next_in_turn};
use super::support::ties::Ties;
use super::{Learner, Plan, RoundByRound, Tally};
use crate::archive::Archive;
use crate::error::SpecError;
use crate::rewards::Rewards;
use crate::rng::{Role, Stream};

pub(super) const ENTRY: Entry = Entry {
    name: "ExploreThenCommit",
    roles: BOTH,
    summary: "round-robin until each arm has E pulls, then always the best empirical mean",
    sees: Information::OwnRewards,
    horizon: Horizon::Unread,
    draws: None,
    params: &[Param::length("exploration", 1), Ties::PARAM],
    fill,
    play: Play::ahead(
        |args, seat| Box::new(ExploreThenCommit::new(args, seat)),
        |args, seat| Box::new(ExploreThenCommit::new(args, seat)),
    ),
};

#[allow(clippy::unnecessary_wraps)] // the type of every `fill`
fn fill(args: &mut Args, seat: &Seat) -> Result<(), SpecError> {
    // The leader's window then coincides with the followers' exploration: the failing pair.
    let length = match seat.role {
        Role::Leader => leader_exploration(seat),
        Role::Follower => follower_exploration(seat),
    };
    args.fill("exploration", Value::Count(length));
    Ok(())
}

struct ExploreThenCommit {
    exploration: u64,
    ties: Ties,
    tallies: Vec<Tally>,
    explored: bool,
    committed: Option<usize>,
}

impl ExploreThenCommit {
    fn new(args: &Args, seat: &Seat) -> Self {
        Self {
            exploration: args.count("exploration"),
            ties: Ties::of(args),
            tallies: vec![Tally::default(); seat.n_arms()],
            explored: false,
            committed: None,
        }
    }

    fn best(&self, choice: &mut Stream) -> usize {
        self.ties.pick(self.tallies.iter().map(Tally::mean), choice)
    }
}

impl Learner for ExploreThenCommit {
    fn plan(&mut self, choice: &mut Stream) -> Plan {
        if self.explored {
            return Plan::Fixed {
                arm: self.best(choice),
            };
        }
        self.explored = true;
        Plan::round_robin(self.tallies.len(), self.exploration)
    }

    #[inline]
    fn tally(&mut self, arm: usize, _response: usize) -> &mut Tally {
        &mut self.tallies[arm]
    }

    fn exchange(&mut self, archive: &mut Archive) {
        exchange_all(&mut self.tallies, archive);
        archive.flag(&mut self.explored);
    }
}

impl RoundByRound for ExploreThenCommit {
    fn choose(&mut self, choice: &mut Stream) -> usize {
        let explored = |tally: &Tally| tally.count >= self.exploration;
        if self.committed.is_none() && self.tallies.iter().all(explored) {
            self.committed = Some(self.best(choice));
        }
        self.committed
            .unwrap_or_else(|| next_in_turn(&self.tallies))
    }

    fn observe(&mut self, arm: usize, _response: usize, reward: &Rewards) {
        // Rewards after the commitment are not averaged: the decision is final.
        if self.committed.is_none() {
            self.tallies[arm].gain(reward);
        }
    }

    fn exchange(&mut self, archive: &mut Archive) {
        exchange_all(&mut self.tallies, archive);
        archive.optional_index(&mut self.committed, self.tallies.len());
    }
}
