//! `ManipulationUCB`: a follower that sees the leader's rewards, learns both players' means, and does
//! what `BestManipulation` would by upper bounds of its own means and lower bounds of the leader's.
//!
//! One learner for all leader actions: what it answers to one of them depends on what it saw of the others.

use super::entry::{Entry, Horizon, Information, Play, Seat};
use super::schema::{Args, Param};
use super::support::failure;
use super::support::manipulation::Prospects;
use super::{Learner, Plan, RoundByRound, Tally};
use crate::archive::Archive;
use crate::math::ln;
use crate::rewards::Rewards;
use crate::rng::{Role, Stream};

pub(super) const ENTRY: Entry = Entry {
    name: "ManipulationUCB",
    roles: &[Role::Follower],
    summary: "follower that sees the leader's rewards and learns how to manipulate it",
    sees: Information::Rewards,
    horizon: Horizon::Read,
    draws: None,
    params: &[failure::DELTA, Param::SIGMA],
    fill: failure::fill,
    play: Play::every_round(
        |args, seat| Box::new(ManipulationUcb::new(args, seat)),
        |args, seat| Box::new(ManipulationUcb::new(args, seat)),
    ),
};

struct ManipulationUcb {
    n_follower: usize,
    /// Radius after one reward.
    width: f64,
    /// Rewards of leader and follower in each cell.
    tallies: [Vec<Tally>; 2],
    /// The follower's upper bounds, the leader's means, and the leader's lower bounds.
    values: [Vec<f64>; 3],
    /// What the leader has just played.
    action: usize,
}

impl ManipulationUcb {
    fn new(args: &Args, seat: &Seat) -> Self {
        let cells = seat.n_leader * seat.n_follower;
        let log = ln(cells as f64) + failure::log(args, seat);
        let mut learner = Self {
            n_follower: seat.n_follower,
            width: args.real("sigma") * (2.0 * log).sqrt(),
            tallies: [vec![Tally::default(); cells], vec![Tally::default(); cells]],
            values: std::array::from_fn(|_| vec![0.0; cells]),
            action: 0,
        };
        (0..cells).for_each(|cell| learner.refresh(cell));
        learner
    }

    fn cell(&self, response: usize) -> usize {
        self.action * self.n_follower + response
    }

    /// An untried cell counts as one that has brought 0 once.
    fn refresh(&mut self, cell: usize) {
        let [leader, follower] = [0, 1].map(|player: usize| self.tallies[player][cell]);
        let n = leader.count.max(1) as f64;
        let radius = self.width / n.sqrt();
        let promise = leader.sum / n;
        let values = [follower.sum / n + radius, promise, promise - radius];
        for (all, value) in self.values.iter_mut().zip(values) {
            all[cell] = value;
        }
    }

    fn prospects(&self) -> Prospects<'_> {
        let [follower, promise, threat] = &self.values;
        Prospects {
            follower,
            promise,
            threat,
            n_follower: self.n_follower,
        }
    }
}

impl Learner for ManipulationUcb {
    fn plan(&mut self, _choice: &mut Stream) -> Plan {
        let prospects = self.prospects();
        Plan::Once {
            arm: prospects.answer(self.action, prospects.target()),
        }
    }

    fn tally(&mut self, arm: usize, _response: usize) -> &mut Tally {
        let cell = self.cell(arm);
        &mut self.tallies[1][cell]
    }

    fn observe(&mut self, arm: usize, _response: usize, _rounds: u64) {
        self.refresh(self.cell(arm));
    }

    fn exchange(&mut self, archive: &mut Archive) {
        for cell in 0..self.values[0].len() {
            let [leader, follower] = self.tallies.each_mut().map(|tallies| {
                tallies[cell].exchange(archive);
                tallies[cell].count
            });
            if leader != follower {
                archive.refuse("a reward of one player without the other's");
            }
            self.refresh(cell);
        }
        archive.index(&mut self.action, self.values[0].len() / self.n_follower);
    }

    fn face(&mut self, action: usize) {
        self.action = action;
    }

    fn overhear(&mut self, response: usize, reward: f64) {
        let cell = self.cell(response);
        self.tallies[0][cell].add(reward);
    }
}

impl RoundByRound for ManipulationUcb {
    fn choose(&mut self, _choice: &mut Stream) -> usize {
        (0..self.values[0].len()).for_each(|cell| self.refresh(cell));
        let prospects = self.prospects();
        prospects.answer(self.action, prospects.target_by_elimination())
    }

    fn observe(&mut self, arm: usize, _response: usize, reward: &Rewards) {
        let cell = self.cell(arm);
        self.tallies[1][cell].gain(reward);
    }

    fn face(&mut self, action: usize) {
        Learner::face(self, action);
    }

    fn overhear(&mut self, response: usize, reward: f64) {
        Learner::overhear(self, response, reward);
    }
}
