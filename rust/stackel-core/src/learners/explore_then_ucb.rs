//! `ExploreThenUCB(exploration=N0)`: round-robin until each arm has N0 pulls, all discarded; then
//! UCB from empty statistics.

use super::entry::{BOTH, Entry, Horizon, Information, Play, Seat};
use super::schema::{Args, Param, Value};
use super::support::index::{IndexPolicy, IndexRoundByRound, Width};
use super::support::lengths::leader_exploration;
use super::support::ties::Ties;
use super::{IndexArms, Learner, Plan, Tally};
use crate::archive::Archive;
use crate::error::SpecError;
use crate::rng::Stream;

pub(super) const ENTRY: Entry = Entry {
    name: "ExploreThenUCB",
    roles: BOTH,
    summary: "round-robin until each arm has N0 pulls, all discarded; then UCB",
    sees: Information::OwnRewards,
    horizon: Horizon::Read,
    draws: None,
    params: &[
        Param::length("exploration", 0),
        Param::SIGMA,
        Param::CONFIDENCE,
        Ties::PARAM,
    ],
    fill,
    play: Play::ahead(
        |args, seat| Box::new(ExploreThenUcb::new(args, seat)),
        |args, seat| {
            let (rule, discard) = (Width::of(args, seat), args.count("exploration"));
            Box::new(IndexRoundByRound::new(args, seat, rule, discard))
        },
    ),
};

#[allow(clippy::unnecessary_wraps)] // the type of every `fill`
fn fill(args: &mut Args, seat: &Seat) -> Result<(), SpecError> {
    args.fill("exploration", Value::Count(leader_exploration(seat)));
    Ok(())
}

struct ExploreThenUcb {
    n_arms: usize,
    /// Rounds of discarded exploration that have not been planned yet.
    exploration: u64,
    unread: Tally,
    ucb: IndexPolicy<Width>,
    exploring: bool,
}

impl ExploreThenUcb {
    fn new(args: &Args, seat: &Seat) -> Self {
        Self {
            n_arms: seat.n_arms(),
            exploration: args.count("exploration"),
            unread: Tally::default(),
            ucb: IndexPolicy::new(args, seat, Width::of(args, seat)),
            exploring: false,
        }
    }
}

impl Learner for ExploreThenUcb {
    fn plan(&mut self, choice: &mut Stream) -> Plan {
        self.exploring = self.exploration > 0;
        if self.exploring {
            let turns = std::mem::take(&mut self.exploration);
            return Plan::round_robin(self.n_arms, turns);
        }
        self.ucb.plan(choice)
    }

    #[inline]
    fn tally(&mut self, arm: usize, response: usize) -> &mut Tally {
        if self.exploring {
            &mut self.unread
        } else {
            self.ucb.tally(arm, response)
        }
    }

    fn exchange(&mut self, archive: &mut Archive) {
        archive.count(&mut self.exploration, u64::MAX);
        archive.flag(&mut self.exploring);
        self.unread.exchange(archive);
        self.ucb.exchange(archive);
    }

    fn index_arms(&self) -> Option<IndexArms<'_>> {
        if self.exploring || self.exploration > 0 {
            return None;
        }
        self.ucb.index_arms()
    }

    fn land(&mut self, tallies: &[Tally]) {
        self.ucb.land(tallies);
    }
}
