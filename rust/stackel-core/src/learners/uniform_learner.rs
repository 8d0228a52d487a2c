//! `UniformLearner`: an arm at random every round, whatever the rewards.

use super::RoundByRound;
use super::entry::{BOTH, Entry, Horizon, Information, Play, nothing_to_fill};
use super::support::drawn::Drawn;
use super::support::each_round::EachRound;
use crate::archive::Archive;
use crate::rewards::Rewards;
use crate::rng::Stream;

pub(super) const ENTRY: Entry = Entry {
    name: "UniformLearner",
    roles: BOTH,
    summary: "an arm chosen uniformly at random every round",
    sees: Information::OwnRewards,
    horizon: Horizon::Unread,
    draws: Some("a number below K"),
    params: &[],
    fill: nothing_to_fill,
    play: Play::every_round(
        |_args, seat| EachRound::boxed(UniformLearner::new(seat.n_arms())),
        |_args, seat| Box::new(UniformLearner::new(seat.n_arms())),
    )
    .leaping(None, |_args, seat| {
        let n_arms = seat.n_arms();
        Drawn::new(vec![1.0; n_arms]).leaping(seat, UniformLearner::new(n_arms))
    }),
};

struct UniformLearner {
    n_arms: usize,
}

impl UniformLearner {
    fn new(n_arms: usize) -> Self {
        Self { n_arms }
    }
}

impl RoundByRound for UniformLearner {
    fn choose(&mut self, choice: &mut Stream) -> usize {
        choice.below(self.n_arms)
    }

    fn observe(&mut self, _arm: usize, _response: usize, _reward: &Rewards) {}

    fn exchange(&mut self, _archive: &mut Archive) {}
}
