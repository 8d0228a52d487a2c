//! `Uniform`: an arm at random every round, whatever the rewards.

use super::RoundByRound;
use super::entry::{BOTH, Entry, Information, nothing_to_fill};
use super::support::each_round::EachRound;
use crate::archive::Archive;
use crate::rng::Stream;

pub(super) const ENTRY: Entry = Entry {
    name: "Uniform",
    roles: BOTH,
    summary: "an arm chosen uniformly at random every round",
    sees: Information::OwnRewards,
    params: &[],
    plans_ahead: false,
    fill: nothing_to_fill,
    learner: |_args, seat| EachRound::boxed(Uniform::new(seat.n_arms())),
    round_by_round: |_args, seat| Box::new(Uniform::new(seat.n_arms())),
};

struct Uniform {
    n_arms: usize,
}

impl Uniform {
    fn new(n_arms: usize) -> Self {
        Self { n_arms }
    }
}

impl RoundByRound for Uniform {
    fn choose(&mut self, choice: &mut Stream) -> usize {
        choice.below(self.n_arms)
    }

    fn observe(&mut self, _arm: usize, _response: usize, _reward: f64) {}

    fn exchange(&mut self, _archive: &mut Archive) {}
}
