//! `RoundRobinThenCommit(stop, alpha, slack, rounds, extra)`: round-robin until means differ enough or a budget is
//! spent, then always the arm with the best empirical mean.
//!
//! After the explore-then-commit rules of Garivier, Kaufmann and Lattimore (2016) for two arms: one that knows no
//! gap (BAI-ETC), a sequential test (SPRT-ETC) and a fixed budget (FB-ETC).

use std::sync::Arc;

use super::entry::{BOTH, Entry, Horizon, Information, Only, Play, Seat};
use super::schema::{Args, Param, Value};
use super::support::lengths::{follower_exploration, leader_exploration};
use super::support::tally::{exchange_all, next_in_turn};
use super::support::ties::Ties;
use super::{Learner, Plan, RoundByRound, Tally};
use crate::archive::Archive;
use crate::error::SpecError;
use crate::math::ln;
use crate::record::MAX_HORIZON;
use crate::rewards::Rewards;
use crate::rng::{Role, Stream};

const ROUNDS: Param = Param::length("rounds", 1);

pub(super) const ENTRY: Entry = Entry {
    name: "RoundRobinThenCommit",
    roles: BOTH,
    summary: "round-robin until means differ enough, then always the best empirical mean",
    sees: Information::OwnRewards,
    horizon: Horizon::ReadIf("stop", Only::Text("bai")),
    draws: None,
    params: &[
        Param::choice("stop", &["bai", "sprt", "budget"], "bai"),
        Param::real("alpha", 0.0, 4.0),
        Param::real("slack", 0.0, 1.0),
        ROUNDS,
        Param::count("extra", 0, 0),
        Ties::PARAM,
    ],
    fill,
    play: Play::ahead(
        |args, seat| Box::new(RoundRobin::new(args, seat)),
        |args, seat| Box::new(RoundRobin::new(args, seat)),
    ),
};

/// The exploration of `ExploreThenCommit`.
#[allow(clippy::unnecessary_wraps)] // the type of every `fill`
fn fill(args: &mut Args, seat: &Seat) -> Result<(), SpecError> {
    let of_each = match seat.role {
        Role::Leader => leader_exploration(seat),
        Role::Follower => follower_exploration(seat),
    };
    let rounds = of_each.saturating_mul(seat.n_arms() as u64);
    args.fill(ROUNDS.name, Value::Count(rounds));
    Ok(())
}

/// What ends the exploration.
#[derive(Clone, Copy)]
enum Stop {
    /// The largest mean exceeds the smallest by `sqrt(alpha ln(T / t) / t)` after t rounds.
    Bai { alpha: f64, horizon: f64 },
    /// It does so by `slack / t`.
    Sprt { slack: f64 },
    /// So many rounds are over.
    Budget(u64),
}

impl Stop {
    fn of(args: &Args, seat: &Seat) -> Self {
        match args.text("stop") {
            "budget" => Stop::Budget(args.count(ROUNDS.name)),
            "sprt" => Stop::Sprt {
                slack: args.real("slack"),
            },
            _ => Stop::Bai {
                alpha: args.real("alpha"),
                horizon: seat.horizon as f64,
            },
        }
    }

    /// Whether to stop after `played` rounds: whole sweeps, but for a budget.
    fn holds(self, tallies: &[Tally], played: u64) -> bool {
        let t = played as f64;
        let enough = match self {
            Stop::Budget(rounds) => return played >= rounds,
            Stop::Sprt { slack } => slack / t,
            Stop::Bai { alpha, horizon } => (alpha * ln(horizon / t) / t).sqrt(),
        };
        let means = tallies.iter().map(Tally::mean);
        let largest = means.clone().fold(f64::NEG_INFINITY, f64::max);
        largest - means.fold(f64::INFINITY, f64::min) >= enough
    }

    /// Rounds between two looks.
    fn apart(self, n_arms: usize) -> u64 {
        match self {
            Stop::Budget(rounds) => rounds,
            _ => n_arms as u64,
        }
    }
}

struct RoundRobin {
    stop: Stop,
    ties: Ties,
    extra: u64,
    arms: Arc<[usize]>,
    tallies: Vec<Tally>,
    played: u64,
    /// Whole sweeps at the last look of the definition.
    swept: u64,
    committed: Option<usize>,
    /// Further rounds of the round-robin, from when the arm is known.
    left: u64,
}

impl RoundRobin {
    fn new(args: &Args, seat: &Seat) -> Self {
        Self {
            stop: Stop::of(args, seat),
            ties: Ties::of(args),
            extra: args.count("extra"),
            arms: (0..seat.n_arms()).collect(),
            tallies: vec![Tally::default(); seat.n_arms()],
            played: 0,
            swept: 0,
            committed: None,
            left: 0,
        }
    }

    /// Looks whether the exploration is over.
    fn look(&mut self, choice: &mut Stream) {
        if self.committed.is_some() || self.played == 0 {
            return;
        }
        if self.stop.holds(&self.tallies, self.played) {
            let means = self.tallies.iter().map(Tally::mean);
            self.committed = Some(self.ties.pick(means, choice));
            self.left = self.extra;
        }
    }

    /// Visits what plans and the definition remember.
    fn exchange_place(&mut self, archive: &mut Archive) {
        exchange_all(&mut self.tallies, archive);
        archive.count(&mut self.played, MAX_HORIZON);
        archive.optional_index(&mut self.committed, self.tallies.len());
        archive.count(&mut self.left, self.extra);
    }

    fn turns(&self, rounds: u64) -> Plan {
        Plan::Cycle {
            arms: Arc::clone(&self.arms),
            rounds,
            again: None,
        }
    }
}

impl Learner for RoundRobin {
    fn plan(&mut self, choice: &mut Stream) -> Plan {
        self.look(choice);
        match (self.committed, std::mem::take(&mut self.left)) {
            (None, _) => self.turns(self.stop.apart(self.arms.len())),
            (Some(arm), 0) => Plan::Fixed { arm },
            (Some(_), extra) => self.turns(extra),
        }
    }

    #[inline]
    fn tally(&mut self, arm: usize, _response: usize) -> &mut Tally {
        &mut self.tallies[arm]
    }

    #[inline]
    fn observe(&mut self, _arm: usize, _response: usize, rounds: u64) {
        self.played += rounds;
    }

    fn exchange(&mut self, archive: &mut Archive) {
        self.exchange_place(archive);
    }
}

impl RoundByRound for RoundRobin {
    fn choose(&mut self, choice: &mut Stream) -> usize {
        if self.committed.is_none() {
            let sweeps = self.tallies[next_in_turn(&self.tallies)].count;
            if sweeps > self.swept || matches!(self.stop, Stop::Budget(_)) {
                self.swept = sweeps;
                self.look(choice);
            }
            if self.committed.is_some() {
                // The turns of the further rounds begin anew.
                self.tallies.fill(Tally::default());
            }
        }
        match self.committed {
            Some(arm) if self.left == 0 => arm,
            _ => next_in_turn(&self.tallies),
        }
    }

    fn observe(&mut self, arm: usize, _response: usize, reward: &Rewards) {
        self.tallies[arm].gain(reward);
        self.played += 1;
        if self.committed.is_some() {
            self.left = self.left.saturating_sub(1);
        }
    }

    fn exchange(&mut self, archive: &mut Archive) {
        self.exchange_place(archive);
        archive.count(&mut self.swept, MAX_HORIZON);
    }
}
