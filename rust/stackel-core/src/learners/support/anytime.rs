//! Index policies whose indices depend on the number of rounds that are over, in place of the horizon.
//!
//! All indices change every round; but slowly, so that a plan can promise for a while ahead: rivals get the
//! index of the end of that while, the arm itself that of its beginning.

use super::first::First;
use super::index::{Rule, index_of};
use super::tally::{Tally, exchange_all};
use super::ties::Ties;
use crate::archive::Archive;
use crate::learners::schema::{Args, Kind, Param, Preset};
use crate::learners::{Learner, Plan, RoundByRound, Seat};
use crate::math::count;
use crate::rewards::Rewards;
use crate::rng::Stream;

pub(in crate::learners) const ANYTIME: Param = Param {
    name: "anytime",
    kind: Kind::Flag,
    preset: Preset::Flag(false),
};

/// A plan looks ahead by at most this fraction of the rounds played.
const LOOK_AHEAD: f64 = 1.0 / 32.0;

/// What the indices are once a number of rounds is over. They may only grow with it.
pub(in crate::learners) trait Clock: Send {
    /// The rule of one round.
    type Rule: Rule;

    /// The rule of the round after `played` ones.
    fn at(&self, played: u64) -> Self::Rule;
}

/// Each arm once, then the argmax.
pub(in crate::learners) struct Anytime<C> {
    clock: C,
    ties: Ties,
    first: First,
    tallies: Vec<Tally>,
    /// Of the arms, while a plan is made.
    indices: Vec<f64>,
    tried: bool,
    /// Arms in the order of their first pulls, for the rule round by round.
    order: Vec<usize>,
}

impl<C: Clock> Anytime<C> {
    /// Reads `ties` and `first`.
    pub(in crate::learners) fn new(args: &Args, seat: &Seat, clock: C) -> Self {
        Self {
            clock,
            ties: Ties::of(args),
            first: First::of(args),
            tallies: vec![Tally::default(); seat.n_arms()],
            indices: Vec::with_capacity(seat.n_arms()),
            tried: false,
            order: Vec::new(),
        }
    }

    fn played(&self) -> u64 {
        self.tallies.iter().map(|tally| tally.count).sum()
    }

    /// Arm to play after `played` rounds.
    fn best(&self, played: u64, choice: &mut Stream) -> usize {
        let rule = self.clock.at(played);
        let indices = self.tallies.iter().map(|tally| index_of(&rule, tally));
        self.ties.pick(indices, choice)
    }

    /// Largest index of the other arms after `played` rounds.
    fn rival(&self, arm: usize, played: u64) -> f64 {
        let rule = self.clock.at(played);
        largest_but(arm, self.tallies.iter().map(|tally| rule.index(tally)))
    }

    /// How long a plan to promise, and the largest index of the other arms at its end: until they have made up
    /// about half of the lead of `arm`, whose index is given beside their largest one.
    fn look_ahead(&self, arm: usize, index: f64, rival: f64, played: u64) -> (u64, f64) {
        let most = count(played as f64 * LOOK_AHEAD).max(1);
        let then = self.rival(arm, played + most);
        let share = 0.5 * (index - rival) / (then - rival);
        // Without growth all of it: 0 / 0 does not count.
        if share.is_nan() || share >= 1.0 {
            return (most, then);
        }
        let ahead = count(most as f64 * share).max(1);
        (ahead, self.rival(arm, played + ahead))
    }
}

/// The largest value but that of one arm.
pub(in crate::learners) fn largest_but(arm: usize, values: impl Iterator<Item = f64>) -> f64 {
    let others = values.enumerate().filter(|&(other, _)| other != arm);
    others
        .map(|(_, value)| value)
        .fold(f64::NEG_INFINITY, f64::max)
}

impl<C: Clock> Learner for Anytime<C> {
    fn plan(&mut self, choice: &mut Stream) -> Plan {
        let n_arms = self.tallies.len();
        if n_arms == 1 {
            return Plan::Fixed { arm: 0 };
        }
        if !self.tried {
            self.tried = true;
            return self.first.turn(n_arms, choice);
        }
        let played = self.played();
        let rule = self.clock.at(played);
        self.indices.clear();
        let indices = self.tallies.iter().map(|tally| rule.index(tally));
        self.indices.extend(indices);
        let arm = self.ties.pick(self.indices.iter().copied(), choice);
        let rival = largest_but(arm, self.indices.iter().copied());
        let (ahead, rival) = self.look_ahead(arm, self.indices[arm], rival, played);
        // The next decision comes after one round at the earliest.
        let next = self.clock.at(played + 1);
        let (barrier, rounds) = next.barrier(&self.tallies[arm], self.indices[arm], rival);
        Plan::While {
            arm,
            barrier,
            rounds: rounds.min(ahead),
        }
    }

    #[inline]
    fn tally(&mut self, arm: usize, _response: usize) -> &mut Tally {
        &mut self.tallies[arm]
    }

    fn exchange(&mut self, archive: &mut Archive) {
        exchange_all(&mut self.tallies, archive);
        archive.flag(&mut self.tried);
    }
}

impl<C: Clock> RoundByRound for Anytime<C> {
    fn choose(&mut self, choice: &mut Stream) -> usize {
        if let Some(arm) = self.first.untried(&mut self.order, &self.tallies, choice) {
            return arm;
        }
        match self.tallies.iter().position(|tally| tally.count == 0) {
            Some(arm) => arm,
            None => self.best(self.played(), choice),
        }
    }

    fn observe(&mut self, arm: usize, _response: usize, reward: &Rewards) {
        self.tallies[arm].gain(reward);
    }

    fn exchange(&mut self, archive: &mut Archive) {
        exchange_all(&mut self.tallies, archive);
        self.first
            .exchange(&mut self.order, self.tallies.len(), archive);
    }
}
