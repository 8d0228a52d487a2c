//! `ExploreThenCommitThrowOut(discard=N0, exploration=E)`: round-robin; each arm's first N0 rewards
//! are thrown away, the next E averaged; then commit.

use super::entry::{BOTH, Entry, Horizon, Information, Play, Seat};
use super::schema::{Args, Param, Value};
use super::support::lengths::leader_exploration;
use super::support::tally::exchange_all;
use super::support::ties::Ties;
use super::{Learner, Plan, RoundByRound, Tally};
use crate::archive::Archive;
use crate::error::SpecError;
use crate::math::MAX_HORIZON;
use crate::rewards::Rewards;
use crate::rng::Stream;

pub(super) const ENTRY: Entry = Entry {
    name: "ExploreThenCommitThrowOut",
    roles: BOTH,
    summary: "round-robin; throw away each arm's first N0 rewards, average the next E, then commit",
    sees: Information::OwnRewards,
    horizon: Horizon::Unread,
    draws: None,
    params: &[
        Param::length("discard", 0),
        Param::length("exploration", 1),
        Ties::PARAM,
    ],
    fill,
    play: Play::ahead(
        |args, seat| Box::new(ThrowOut::new(args, seat)),
        |args, seat| Box::new(ThrowOutRoundByRound::new(args, seat)),
    ),
};

#[allow(clippy::unnecessary_wraps)] // the type of every `fill`
fn fill(args: &mut Args, seat: &Seat) -> Result<(), SpecError> {
    args.fill("discard", Value::Count(leader_exploration(seat)));
    args.fill("exploration", Value::Count(leader_exploration(seat)));
    Ok(())
}

/// What the next plan is.
#[derive(Clone, Copy)]
enum Stage {
    Discard,
    Explore,
    Commit,
}

const STAGES: [Stage; 3] = [Stage::Discard, Stage::Explore, Stage::Commit];

struct ThrowOut {
    discard: u64,
    exploration: u64,
    ties: Ties,
    tallies: Vec<Tally>,
    stage: Stage,
}

impl ThrowOut {
    fn new(args: &Args, seat: &Seat) -> Self {
        let discard = args.count("discard");
        Self {
            discard,
            exploration: args.count("exploration"),
            ties: Ties::of(args),
            tallies: vec![Tally::default(); seat.n_arms()],
            stage: if discard == 0 {
                Stage::Explore
            } else {
                Stage::Discard
            },
        }
    }
}

impl Learner for ThrowOut {
    fn plan(&mut self, choice: &mut Stream) -> Plan {
        match self.stage {
            Stage::Discard => {
                self.stage = Stage::Explore;
                Plan::round_robin(self.tallies.len(), self.discard)
            }
            Stage::Explore => {
                self.stage = Stage::Commit;
                self.tallies.fill(Tally::default());
                Plan::round_robin(self.tallies.len(), self.exploration)
            }
            Stage::Commit => Plan::Fixed {
                arm: self.ties.pick(self.tallies.iter().map(Tally::mean), choice),
            },
        }
    }

    #[inline]
    fn tally(&mut self, arm: usize, _response: usize) -> &mut Tally {
        &mut self.tallies[arm]
    }

    fn exchange(&mut self, archive: &mut Archive) {
        exchange_all(&mut self.tallies, archive);
        let mut stage = self.stage as usize;
        archive.index(&mut stage, STAGES.len());
        self.stage = STAGES[stage];
    }
}

struct ThrowOutRoundByRound {
    discard: u64,
    exploration: u64,
    ties: Ties,
    pulls: Vec<u64>,
    kept: Vec<Tally>,
    committed: Option<usize>,
}

impl ThrowOutRoundByRound {
    fn new(args: &Args, seat: &Seat) -> Self {
        Self {
            discard: args.count("discard"),
            exploration: args.count("exploration"),
            ties: Ties::of(args),
            pulls: vec![0; seat.n_arms()],
            kept: vec![Tally::default(); seat.n_arms()],
            committed: None,
        }
    }
}

impl RoundByRound for ThrowOutRoundByRound {
    fn choose(&mut self, choice: &mut Stream) -> usize {
        let explored = |tally: &Tally| tally.count >= self.exploration;
        if self.committed.is_none() && self.kept.iter().all(explored) {
            self.committed = Some(self.ties.pick(self.kept.iter().map(Tally::mean), choice));
        }
        if let Some(arm) = self.committed {
            return arm;
        }
        let pulls = self.pulls.iter().zip(0..);
        pulls.min().map_or(0, |(_, arm)| arm)
    }

    fn observe(&mut self, arm: usize, _response: usize, reward: &Rewards) {
        self.pulls[arm] += 1;
        if self.pulls[arm] > self.discard && self.kept[arm].count < self.exploration {
            self.kept[arm].gain(reward);
        }
    }

    fn exchange(&mut self, archive: &mut Archive) {
        for pulls in &mut self.pulls {
            archive.count(pulls, MAX_HORIZON);
        }
        exchange_all(&mut self.kept, archive);
        archive.optional_index(&mut self.committed, self.pulls.len());
    }
}
