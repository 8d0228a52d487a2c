//! `LargestSum(epsilon, decay, rate, exploration, explored)`: the arm whose rewards sum to most, or with some
//! probability an arm at random.
//!
//! A reader of code that is meant to be epsilon-greedy meets it often: sums of rewards where means should
//! stand. As in `epsilon_greedy.rs`, rounds of exploration are drawn ahead.

use super::entry::{BOTH, Entry, Horizon, Information, Play, Seat};
use super::schema::{Args, Param, Value};
use super::support::explorations::{Explorations, Schedule};
use super::support::tally::exchange_all;
use super::support::ties::Ties;
use super::{IndexBarrier, Learner, Plan, RoundByRound, Tally};
use crate::archive::Archive;
use crate::error::SpecError;
use crate::math::{exp, pow};
use crate::record::MAX_HORIZON;
use crate::rewards::Rewards;
use crate::rng::Stream;

const EXPLORED: Param = Param::length("explored", 1);

pub(super) const ENTRY: Entry = Entry {
    name: "LargestSum",
    roles: BOTH,
    summary: "the largest sum of rewards, or with some probability an arm at random",
    sees: Information::OwnRewards,
    horizon: Horizon::Unread,
    draws: Some(
        "as `EpsilonGreedy`, from the first round on; a round of exploration reads a number below `explored`. \
         A single arm reads nothing",
    ),
    params: &[
        Param::real("epsilon", 0.0, 0.1),
        Param::real("decay", 0.0, 0.0),
        Param::real("rate", 0.0, 0.0),
        Param::count("exploration", 0, 0),
        EXPLORED,
        Ties::PARAM,
    ],
    fill,
    play: Play::ahead(
        |args, seat| Box::new(LargestSum::new(args, seat)),
        |args, seat| Box::new(LargestSum::new(args, seat)),
    ),
};

#[allow(clippy::unnecessary_wraps)] // the type of every `fill`
fn fill(args: &mut Args, seat: &Seat) -> Result<(), SpecError> {
    args.fill(EXPLORED.name, Value::Count(seat.n_arms() as u64));
    Ok(())
}

/// 1 in the first rounds, then `epsilon exp(-rate t) / max(1, t)^decay` after t rounds.
struct Cooling {
    epsilon: f64,
    decay: f64,
    rate: f64,
    exploration: u64,
}

impl Schedule for Cooling {
    fn probability(&self, n: u64) -> f64 {
        if n <= self.exploration {
            return 1.0;
        }
        let played = (n - 1) as f64;
        let share = exp(-self.rate * played) * pow(played.max(1.0), -self.decay);
        (self.epsilon * share).min(1.0)
    }
}

struct LargestSum {
    explorations: Explorations<Cooling>,
    explored: usize,
    ties: Ties,
    tallies: Vec<Tally>,
    played: u64,
}

impl LargestSum {
    fn new(args: &Args, seat: &Seat) -> Self {
        let n_arms = seat.n_arms();
        let cooling = Cooling {
            epsilon: args.real("epsilon"),
            decay: args.real("decay"),
            rate: args.real("rate"),
            exploration: args.count("exploration"),
        };
        Self {
            explorations: Explorations::new(cooling, seat.horizon),
            explored: usize::try_from(args.count(EXPLORED.name)).map_or(n_arms, |m| m.min(n_arms)),
            ties: Ties::of(args),
            tallies: vec![Tally::default(); n_arms],
            played: 0,
        }
    }

    /// The arm with the largest sum.
    fn richest(&self, choice: &mut Stream) -> usize {
        let sums = self.tallies.iter().map(|tally| tally.sum);
        self.ties.pick(sums, choice)
    }
}

impl Learner for LargestSum {
    fn plan(&mut self, choice: &mut Stream) -> Plan {
        if self.tallies.len() == 1 {
            return Plan::Fixed { arm: 0 };
        }
        let wait = self.explorations.after(self.played, choice) - self.played - 1;
        if wait == 0 {
            let arm = choice.below(self.explored);
            return Plan::Once { arm };
        }
        let arm = self.richest(choice);
        let others = self.tallies.iter().enumerate().filter(|(i, _)| *i != arm);
        let sums = others.map(|(_, tally)| tally.sum);
        Plan::While {
            arm,
            barrier: IndexBarrier {
                rival: 0.0,
                width: 0.0,
                base: sums.fold(f64::NEG_INFINITY, f64::max),
            },
            rounds: wait,
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
        exchange_all(&mut self.tallies, archive);
        self.explorations.exchange(archive);
        archive.count(&mut self.played, MAX_HORIZON);
    }
}

impl RoundByRound for LargestSum {
    fn choose(&mut self, choice: &mut Stream) -> usize {
        if self.tallies.len() == 1 {
            return 0;
        }
        if self.explorations.after(self.played, choice) == self.played + 1 {
            return choice.below(self.explored);
        }
        self.richest(choice)
    }

    fn observe(&mut self, arm: usize, _response: usize, reward: &Rewards) {
        self.tallies[arm].gain(reward);
        self.played += 1;
    }

    fn exchange(&mut self, archive: &mut Archive) {
        Learner::exchange(self, archive);
    }
}
