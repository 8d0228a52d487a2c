//! `ExploreThenCommitAdaptive(growth=g, sigma, confidence)`: sweep over all arms in index order, and look
//! after the first sweep and whenever there are g times as many as at the last look; once one mean exceeds
//! every other by more than `2 r(n)`, then always that arm.
//!
//! After Perchet, Rigollet, Chassang and Snowberg (2016), who look at such times, and the BAI-ETC of
//! Garivier, Kaufmann and Lattimore (2016), which looks after every sweep.

use std::sync::Arc;

use super::entry::{BOTH, Entry, Horizon, Information, Play, Seat, nothing_to_fill};
use super::schema::{Args, Param};
use super::support::index::horizon_width;
use super::support::survivors::survivors;
use super::support::tally::{exchange_all, next_in_turn};
use super::{EliminationBound, Learner, Plan, RoundByRound, Tally};
use crate::archive::Archive;
use crate::math::count;
use crate::rewards::Rewards;
use crate::rng::Stream;

pub(super) const ENTRY: Entry = Entry {
    name: "ExploreThenCommitAdaptive",
    roles: BOTH,
    summary: "sweep over all arms until one is clearly the best, then always that one",
    sees: Information::OwnRewards,
    horizon: Horizon::Read,
    draws: None,
    params: &[
        Param::real("growth", 1.0, 1.1),
        Param::SIGMA,
        Param::CONFIDENCE,
    ],
    fill: nothing_to_fill,
    play: Play::ahead(
        |args, seat| Box::new(Exploration::new(args, seat)),
        |args, seat| Box::new(ExplorationRoundByRound::new(args, seat)),
    ),
};

/// When to look at the means, and what ends the exploration.
struct Rule {
    growth: f64,
    width: f64,
    arms: Arc<[usize]>,
}

impl Rule {
    fn new(args: &Args, seat: &Seat) -> Self {
        Self {
            growth: args.real("growth"),
            width: horizon_width(args.real("sigma"), args.real("confidence"), seat.horizon),
            arms: (0..seat.n_arms()).collect(),
        }
    }

    /// Sweeps until the look after one at `sweeps`.
    fn next_look(&self, sweeps: u64) -> u64 {
        count((self.growth * sweeps as f64).ceil()).max(sweeps + 1)
    }

    /// The arm that is clearly better than all others, if there is one.
    fn clearly_best(&self, tallies: &[Tally]) -> Option<usize> {
        let mut possible = survivors(&self.arms, tallies, self.width);
        let first = possible.next();
        first.filter(|_| possible.next().is_none())
    }

    /// No arm is clearly best as long as none is clearly worst.
    fn bound(&self, tallies: &[Tally]) -> Option<EliminationBound> {
        let all = survivors(&self.arms, tallies, self.width).count() == tallies.len();
        let width = 2.0 * self.width;
        // Otherwise looks are so few that there is no need to promise more.
        (all && self.growth == 1.0).then_some(EliminationBound { width })
    }
}

struct Exploration {
    rule: Rule,
    tallies: Vec<Tally>,
    /// Sweeps until the next look.
    look: u64,
    committed: Option<usize>,
}

impl Exploration {
    fn new(args: &Args, seat: &Seat) -> Self {
        Self {
            rule: Rule::new(args, seat),
            tallies: vec![Tally::default(); seat.n_arms()],
            look: 1,
            committed: (seat.n_arms() == 1).then_some(0),
        }
    }
}

impl Learner for Exploration {
    fn plan(&mut self, _choice: &mut Stream) -> Plan {
        let sweeps = self.tallies[0].count;
        if self.committed.is_none() && sweeps >= self.look {
            self.committed = self.rule.clearly_best(&self.tallies);
            self.look = self.rule.next_look(sweeps);
        }
        if let Some(arm) = self.committed {
            return Plan::Fixed { arm };
        }
        Plan::Cycle {
            arms: Arc::clone(&self.rule.arms),
            rounds: (self.look - sweeps).saturating_mul(self.tallies.len() as u64),
            again: self.rule.bound(&self.tallies),
        }
    }

    #[inline]
    fn tally(&mut self, arm: usize, _response: usize) -> &mut Tally {
        &mut self.tallies[arm]
    }

    fn exchange(&mut self, archive: &mut Archive) {
        exchange_all(&mut self.tallies, archive);
        archive.count(&mut self.look, u64::MAX);
        archive.optional_index(&mut self.committed, self.tallies.len());
    }
}

struct ExplorationRoundByRound {
    rule: Rule,
    tallies: Vec<Tally>,
    look: u64,
    committed: Option<usize>,
}

impl ExplorationRoundByRound {
    fn new(args: &Args, seat: &Seat) -> Self {
        Self {
            rule: Rule::new(args, seat),
            tallies: vec![Tally::default(); seat.n_arms()],
            look: 1,
            committed: None,
        }
    }
}

impl RoundByRound for ExplorationRoundByRound {
    fn choose(&mut self, _choice: &mut Stream) -> usize {
        self.committed
            .unwrap_or_else(|| next_in_turn(&self.tallies))
    }

    fn observe(&mut self, arm: usize, _response: usize, reward: &Rewards) {
        if self.committed.is_some() {
            return;
        }
        self.tallies[arm].gain(reward);
        let sweeps = self.tallies[next_in_turn(&self.tallies)].count;
        if sweeps >= self.look {
            self.committed = self.rule.clearly_best(&self.tallies);
            self.look = self.rule.next_look(sweeps);
        }
    }

    fn exchange(&mut self, archive: &mut Archive) {
        exchange_all(&mut self.tallies, archive);
        archive.count(&mut self.look, u64::MAX);
        archive.optional_index(&mut self.committed, self.tallies.len());
    }
}
