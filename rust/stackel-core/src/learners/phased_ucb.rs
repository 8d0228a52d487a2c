//! `PhasedUCB(phases)`: a leader that sees the follower's actions. Its index of action a is the
//! largest `mean1(a, b) + r(n_ab)` over the answers b that an elimination follower still has active.

use super::entry::{Entry, Horizon, Information, Play, Seat};
use super::schema::{Args, Param};
use super::support::index::{horizon_width, index};
use super::support::phases::{self, Phases};
use super::support::tally::{argmax, exchange_all};
use super::{Learner, Plan, RoundByRound, Tally};
use crate::archive::Archive;
use crate::rewards::Rewards;
use crate::rng::{Role, Stream};

pub(super) const ENTRY: Entry = Entry {
    name: "PhasedUCB",
    roles: &[Role::Leader],
    summary: "leader that sees b_t and is optimistic about each answer still active",
    sees: Information::Responses,
    horizon: Horizon::Read,
    draws: None,
    params: &[phases::PARAM, Param::SIGMA, Param::CONFIDENCE],
    fill: phases::fill,
    play: Play::every_round(
        |args, seat| Box::new(PhasedUcb::new(args, seat)),
        |args, seat| Box::new(PhasedUcb::new(args, seat)),
    ),
};

struct PhasedUcb {
    width: f64,
    n_follower: usize,
    /// Statistics of (a, b), row-major by a.
    tallies: Vec<Tally>,
    watches: Vec<SweepWatch>,
    /// Index of every action; only that of the action just played changes.
    indices: Vec<f64>,
}

impl PhasedUcb {
    fn new(args: &Args, seat: &Seat) -> Self {
        let watch = SweepWatch::new(seat.n_follower, Phases::of(args));
        Self {
            width: horizon_width(args.real("sigma"), args.real("confidence"), seat.horizon),
            n_follower: seat.n_follower,
            tallies: vec![Tally::default(); seat.n_leader * seat.n_follower],
            watches: vec![watch; seat.n_leader],
            indices: vec![f64::INFINITY; seat.n_leader],
        }
    }

    fn index(&self, a: usize) -> f64 {
        let row = &self.tallies[a * self.n_follower..][..self.n_follower];
        let active = row
            .iter()
            .zip(&self.watches[a].active)
            .filter(|&(_, &active)| active);
        active
            .map(|(tally, _)| index(tally, self.width))
            .fold(f64::NEG_INFINITY, f64::max)
    }
}

impl Learner for PhasedUcb {
    fn plan(&mut self, _choice: &mut Stream) -> Plan {
        if let [_] = *self.indices {
            return Plan::Fixed { arm: 0 };
        }
        Plan::Once {
            arm: argmax(self.indices.iter().copied()),
        }
    }

    fn tally(&mut self, arm: usize, response: usize) -> &mut Tally {
        &mut self.tallies[arm * self.n_follower + response]
    }

    fn observe(&mut self, arm: usize, response: usize, _rounds: u64) {
        self.watches[arm].see(response);
        self.indices[arm] = self.index(arm);
    }

    fn exchange(&mut self, archive: &mut Archive) {
        exchange_all(&mut self.tallies, archive);
        for watch in &mut self.watches {
            watch.exchange(archive);
        }
        for index in &mut self.indices {
            archive.real(index, f64::INFINITY);
        }
    }
}

impl RoundByRound for PhasedUcb {
    fn choose(&mut self, _choice: &mut Stream) -> usize {
        argmax((0..self.watches.len()).map(|a| self.index(a)))
    }

    fn observe(&mut self, arm: usize, response: usize, reward: &Rewards) {
        self.tallies[arm * self.n_follower + response].gain(reward);
        self.watches[arm].see(response);
    }

    fn exchange(&mut self, archive: &mut Archive) {
        Learner::exchange(self, archive);
    }
}

/// Works out which answers an elimination follower still has active from those it plays.
///
/// A sweep shows itself as an increasing run of answers. Arms are only dropped between phases, so
/// the first sweep of a phase tells: what it skips is gone. An answer that is played is active.
#[derive(Clone)]
struct SweepWatch {
    active: Vec<bool>,
    phases: Phases,
    phase: usize,
    sweep: u64,
    /// Answers below this one have had their turn in the current sweep.
    next: usize,
}

impl SweepWatch {
    fn new(n_follower: usize, phases: Phases) -> Self {
        Self {
            active: vec![true; n_follower],
            phases,
            phase: 0,
            sweep: 0,
            next: 0,
        }
    }

    fn see(&mut self, b: usize) {
        if b < self.next {
            self.skip_to(self.active.len());
            self.next = 0;
            self.sweep += 1;
            if self.sweep == self.phases.sweeps(self.phase) {
                self.sweep = 0;
                self.phase += 1;
            }
        }
        self.skip_to(b);
        self.active[b] = true;
        self.next = b + 1;
    }

    fn exchange(&mut self, archive: &mut Archive) {
        for active in &mut self.active {
            archive.flag(active);
        }
        archive.count(&mut self.sweep, u64::MAX / 2);
        archive.index(&mut self.phase, usize::MAX / 2);
        archive.index(&mut self.next, self.active.len() + 1);
    }

    /// The sweep has passed by the answers from `next` to `end`.
    fn skip_to(&mut self, end: usize) {
        if self.sweep == 0 {
            self.active[self.next..end].fill(false);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::learners::schema::Value;

    fn active_after(phases: &[u64], seen: &[usize]) -> Vec<usize> {
        let given = vec![("phases".to_string(), Value::Counts(phases.into()))];
        let args = Args::read("PhasedUCB", ENTRY.params, given).unwrap();
        let mut watch = SweepWatch::new(3, Phases::of(&args));
        for &b in seen {
            watch.see(b);
        }
        (0..3).filter(|&b| watch.active[b]).collect()
    }

    #[test]
    fn a_skipped_answer_is_dropped_at_once() {
        assert_eq!(active_after(&[1], &[0, 1, 2, 0]), [0, 1, 2]);
        assert_eq!(active_after(&[1], &[0, 1, 2, 0, 2]), [0, 2]);
        assert_eq!(active_after(&[1], &[0, 1, 2, 1]), [1, 2]);
    }

    #[test]
    fn an_answer_missing_at_the_end_is_dropped_when_the_next_sweep_begins() {
        assert_eq!(active_after(&[1], &[0, 1, 2, 0, 1]), [0, 1, 2]);
        assert_eq!(active_after(&[1], &[0, 1, 2, 0, 1, 0]), [0, 1]);
        assert_eq!(active_after(&[1], &[0, 1, 2, 1, 1]), [1]);
    }

    #[test]
    fn nothing_is_dropped_inside_a_phase() {
        assert_eq!(active_after(&[2], &[0, 1, 2, 0]), [0, 1, 2]);
        assert_eq!(active_after(&[2], &[0, 1, 2, 0, 2]), [0, 1, 2]);
        assert_eq!(active_after(&[2], &[0, 1, 2, 0, 1, 2, 1]), [1, 2]);
    }
}
