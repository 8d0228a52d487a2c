//! `UniformLearner`: an arm at random every round, whatever the rewards.

use super::entry::{BOTH, Entry, Information, Play, Seat, nothing_to_fill};
use super::support::each_round::EachRound;
use super::support::mixture::Mixture;
use super::{Learner, Plan, RoundByRound, Tally};
use crate::archive::Archive;
use crate::rewards::Rewards;
use crate::rng::Stream;

pub(super) const ENTRY: Entry = Entry {
    name: "UniformLearner",
    roles: BOTH,
    summary: "an arm chosen uniformly at random every round",
    sees: Information::OwnRewards,
    draws: Some("a number below K"),
    params: &[],
    fill: nothing_to_fill,
    play: Play::every_round(
        |_args, seat| EachRound::boxed(UniformLearner::new(seat.n_arms())),
        |_args, seat| Box::new(UniformLearner::new(seat.n_arms())),
    )
    .leaping(None, |_args, seat| leaping(seat)),
};

/// Rounds for each arm from which on it is worth to count them, and the most arms for which it is.
const MANY: u64 = 64;
const MOST_ARMS: usize = 64;

fn leaping(seat: &Seat) -> Box<dyn Learner> {
    let n_arms = seat.n_arms();
    if n_arms == 1 || n_arms > MOST_ARMS || seat.horizon / MANY < n_arms as u64 {
        return EachRound::boxed(UniformLearner::new(n_arms));
    }
    Box::new(Counted {
        n_arms,
        mixture: None,
        unread: Tally::default(),
    })
}

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

/// The same law, by numbers of rounds.
struct Counted {
    n_arms: usize,
    /// Made in the first round.
    mixture: Option<Mixture>,
    /// No reward is read here.
    unread: Tally,
}

impl Learner for Counted {
    fn plan(&mut self, choice: &mut Stream) -> Plan {
        self.mixture
            .get_or_insert_with(|| Mixture::uniform(self.n_arms, choice));
        Plan::Drawn
    }

    fn mixture(&mut self) -> Option<&mut Mixture> {
        self.mixture.as_mut()
    }

    fn tally(&mut self, _arm: usize, _response: usize) -> &mut Tally {
        &mut self.unread
    }

    fn take(&mut self, _arm: usize, _response: usize, _rewards: &Rewards) {}

    fn exchange(&mut self, archive: &mut Archive) {
        let n_arms = self.n_arms;
        Mixture::exchange_made(&mut self.mixture, archive, |none| {
            Mixture::uniform(n_arms, none)
        });
    }
}
