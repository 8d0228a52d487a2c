//! `ActiveArmElimination(phases)`: sweep over the active arms in index order; after phase p of
//! `M_p` sweeps drop every arm with `max mean - mean > 2 r(n)`, cumulative means.

use std::sync::Arc;

use super::entry::{BOTH, Entry, Horizon, Information, Play, Seat};
use super::schema::{Args, Param};
use super::support::index::horizon_width;
use super::support::phases::{self, PhaseClock, Phases};
use super::support::survivors::survivors;
use super::support::tally::exchange_all;
use super::{EliminationBound, Learner, Plan, RoundByRound, Tally};
use crate::archive::Archive;
use crate::rewards::Rewards;
use crate::rng::Stream;

pub(super) const ENTRY: Entry = Entry {
    name: "ActiveArmElimination",
    roles: BOTH,
    summary: "sweep over the active arms; after each phase drop those clearly worse than the best",
    sees: Information::OwnRewards,
    horizon: Horizon::Read,
    draws: None,
    params: &[phases::PARAM, Param::SIGMA, Param::CONFIDENCE],
    fill: phases::fill,
    play: Play::ahead(
        |args, seat| Box::new(Elimination::new(args, seat)),
        |args, seat| Box::new(EliminationRoundByRound::new(args, seat)),
    ),
};

struct Elimination {
    width: f64,
    clock: PhaseClock,
    tallies: Vec<Tally>,
    active: Arc<[usize]>,
}

impl Elimination {
    fn new(args: &Args, seat: &Seat) -> Self {
        Self {
            width: horizon_width(args.real("sigma"), args.real("confidence"), seat.horizon),
            clock: Phases::of(args).clock(),
            tallies: vec![Tally::default(); seat.n_arms()],
            active: (0..seat.n_arms()).collect(),
        }
    }
}

impl Learner for Elimination {
    fn plan(&mut self, _choice: &mut Stream) -> Plan {
        let sweeps = self.tallies[self.active[0]].count;
        if sweeps > 0 && self.clock.reaches(sweeps) {
            let survivors = || survivors(&self.active, &self.tallies, self.width);
            // Sweeps are many and drops are few: look before making a new list.
            if survivors().count() < self.active.len() {
                self.active = survivors().collect();
            }
        }
        if let [arm] = *self.active {
            return Plan::Fixed { arm };
        }
        let left = self.clock.left(sweeps);
        Plan::Cycle {
            arms: Arc::clone(&self.active),
            rounds: left.saturating_mul(self.active.len() as u64),
            again: Some(EliminationBound {
                width: 2.0 * self.width,
            }),
        }
    }

    #[inline]
    fn tally(&mut self, arm: usize, _response: usize) -> &mut Tally {
        &mut self.tallies[arm]
    }

    fn exchange(&mut self, archive: &mut Archive) {
        exchange_all(&mut self.tallies, archive);
        self.clock.exchange(archive);
        let mut active = self.active.to_vec();
        archive.indices(&mut active, self.tallies.len());
        self.active = active.into();
    }
}

struct EliminationRoundByRound {
    width: f64,
    phases: Phases,
    phase: usize,
    tallies: Vec<Tally>,
    active: Vec<usize>,
    /// Rewards of each active arm with which this phase is over.
    end: u64,
}

impl EliminationRoundByRound {
    fn new(args: &Args, seat: &Seat) -> Self {
        let phases = Phases::of(args);
        Self {
            width: horizon_width(args.real("sigma"), args.real("confidence"), seat.horizon),
            end: phases.sweeps(0),
            phases,
            phase: 0,
            tallies: vec![Tally::default(); seat.n_arms()],
            active: (0..seat.n_arms()).collect(),
        }
    }

    /// The next active arm in turn, and its number of rewards.
    fn next(&self) -> (u64, usize) {
        let counts = self
            .active
            .iter()
            .map(|&arm| (self.tallies[arm].count, arm));
        counts.min().unwrap_or_default()
    }
}

impl RoundByRound for EliminationRoundByRound {
    fn choose(&mut self, _choice: &mut Stream) -> usize {
        self.next().1
    }

    fn observe(&mut self, arm: usize, _response: usize, reward: &Rewards) {
        self.tallies[arm].gain(reward);
        if self.active.len() > 1 && self.next().0 >= self.end {
            self.active = survivors(&self.active, &self.tallies, self.width).collect();
            self.phase += 1;
            self.end = self.end.saturating_add(self.phases.sweeps(self.phase));
        }
    }

    fn exchange(&mut self, archive: &mut Archive) {
        exchange_all(&mut self.tallies, archive);
        archive.index(&mut self.phase, usize::MAX / 2);
        archive.count(&mut self.end, u64::MAX);
        archive.indices(&mut self.active, self.tallies.len());
    }
}
