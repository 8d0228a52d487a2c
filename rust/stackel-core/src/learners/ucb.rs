//! `UCB(anytime=False)`: each arm once in index order, then the argmax of `mean + r(n)`.
//!
//! With `anytime=True` the radius grows with the rounds this instance has already played instead of
//! the horizon. All indices then change every round; but slowly, so that a plan can promise for a
//! while ahead: rivals are given the width of the end of that while, the arm itself that of its
//! beginning.

use super::entry::{BOTH, Entry, Information, Play, Seat, nothing_to_fill};
use super::schema::{Args, Kind, Param, Preset};
use super::support::index::{IndexPolicy, IndexRoundByRound, Width, index, width};
use super::support::tally::exchange_all;
use super::support::ties::Ties;
use super::{IndexBarrier, Learner, Plan, RoundByRound, Tally};
use crate::archive::Archive;
use crate::math::{count, ln};
use crate::rewards::Rewards;
use crate::rng::Stream;

pub(super) const ENTRY: Entry = Entry {
    name: "UCB",
    roles: BOTH,
    summary: "each arm once, then the largest mean + r(n)",
    sees: Information::OwnRewards,
    draws: None,
    params: &[
        Param {
            name: "anytime",
            kind: Kind::Flag,
            preset: Preset::Flag(false),
        },
        Param::SIGMA,
        Param::CONFIDENCE,
        Ties::PARAM,
    ],
    fill: nothing_to_fill,
    play: Play::ahead(
        |args, seat| {
            if args.flag("anytime") {
                return Box::new(Anytime::new(args, seat));
            }
            Box::new(IndexPolicy::new(args, seat, Width::of(args, seat)))
        },
        |args, seat| {
            if args.flag("anytime") {
                return Box::new(Anytime::new(args, seat));
            }
            Box::new(IndexRoundByRound::new(args, seat, Width::of(args, seat), 0))
        },
    ),
};

/// A plan looks ahead by at most this fraction of the rounds played.
const LOOK_AHEAD: f64 = 1.0 / 32.0;

struct Anytime {
    sigma: f64,
    confidence: f64,
    ties: Ties,
    tallies: Vec<Tally>,
    tried: bool,
}

impl Anytime {
    fn new(args: &Args, seat: &Seat) -> Self {
        Self {
            sigma: args.real("sigma"),
            confidence: args.real("confidence"),
            ties: Ties::of(args),
            tallies: vec![Tally::default(); seat.n_arms()],
            tried: false,
        }
    }

    fn played(&self) -> u64 {
        self.tallies.iter().map(|tally| tally.count).sum()
    }

    /// Largest index of the other arms.
    fn rival(&self, arm: usize, width: f64) -> f64 {
        let others = self
            .tallies
            .iter()
            .enumerate()
            .filter(|&(other, _)| other != arm);
        others
            .map(|(_, tally)| index(tally, width))
            .fold(f64::NEG_INFINITY, f64::max)
    }

    /// How long a plan to promise: until rivals, whose radii grow by the factor `1 / (2 t ln t)` a
    /// round, have made up about half of the lead that `arm` has after t rounds.
    fn look_ahead(&self, arm: usize, played: u64) -> u64 {
        let width = self.width(played);
        let lead = index(&self.tallies[arm], width) - self.rival(arm, width);
        let least = self
            .tallies
            .iter()
            .map(|tally| tally.count)
            .min()
            .unwrap_or(1) as f64;
        let t = played as f64;
        let half = lead * t * ln(t) / (width / least.sqrt());
        count(half.min(t * LOOK_AHEAD)).max(1)
    }

    /// Width of all radii once `played` rounds are over.
    fn width(&self, played: u64) -> f64 {
        width(self.sigma, self.confidence, ln(played.max(1) as f64))
    }
}

impl Learner for Anytime {
    fn plan(&mut self, choice: &mut Stream) -> Plan {
        let n_arms = self.tallies.len();
        if n_arms == 1 {
            return Plan::Fixed { arm: 0 };
        }
        if !self.tried {
            self.tried = true;
            return Plan::round_robin(n_arms, 1);
        }
        let arm = self.choose(choice);
        let played = self.played();
        let rounds = self.look_ahead(arm, played);
        let rival = self.rival(arm, self.width(played + rounds));
        let barrier = IndexBarrier::new(rival, self.width(played + 1));
        Plan::While {
            arm,
            barrier,
            rounds,
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

impl RoundByRound for Anytime {
    fn choose(&mut self, choice: &mut Stream) -> usize {
        let width = self.width(self.played());
        let indices = self.tallies.iter().map(|tally| index(tally, width));
        self.ties.pick(indices, choice)
    }

    fn observe(&mut self, arm: usize, _response: usize, reward: &Rewards) {
        self.tallies[arm].gain(reward);
    }
}
