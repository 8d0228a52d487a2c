//! Learners that read no reward: in every round, an arm is drawn with the same probabilities.

use super::each_round::EachRound;
use super::mixture::Mixture;
use super::weighted::draw;
use crate::archive::Archive;
use crate::learners::{Learner, Plan, RoundByRound, Seat, Tally};
use crate::rewards::Rewards;
use crate::rng::Stream;

/// Rounds for each arm from which on it is worth to count them, and the most arms for which it is.
const MANY: u64 = 64;
const MOST_ARMS: usize = 64;

/// An arm with a probability in proportion to its weight.
pub(in crate::learners) struct Drawn {
    weights: Vec<f64>,
    total: f64,
}

impl Drawn {
    pub(in crate::learners) fn new(weights: Vec<f64>) -> Self {
        let total = weights.iter().sum();
        Self { weights, total }
    }

    /// A learner with the law of this one; `rule` is played in games that are too short to count rounds.
    pub(in crate::learners) fn leaping(
        self,
        seat: &Seat,
        rule: impl RoundByRound + 'static,
    ) -> Box<dyn Learner> {
        let n_arms = self.weights.len();
        if n_arms == 1 || n_arms > MOST_ARMS || seat.horizon / MANY < n_arms as u64 {
            return EachRound::boxed(rule);
        }
        Box::new(Counted {
            weights: self.weights,
            mixture: None,
            unread: Tally::default(),
        })
    }
}

impl RoundByRound for Drawn {
    fn choose(&mut self, choice: &mut Stream) -> usize {
        draw(&self.weights, self.total, choice)
    }

    fn observe(&mut self, _arm: usize, _response: usize, _reward: &Rewards) {}

    fn exchange(&mut self, _archive: &mut Archive) {}
}

/// The same law, by numbers of rounds.
struct Counted {
    weights: Vec<f64>,
    /// Made in the first round.
    mixture: Option<Mixture>,
    /// No reward is read here.
    unread: Tally,
}

impl Learner for Counted {
    fn plan(&mut self, choice: &mut Stream) -> Plan {
        self.mixture
            .get_or_insert_with(|| Mixture::weighted(&self.weights, choice));
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
        let weights = &self.weights;
        Mixture::exchange_made(&mut self.mixture, archive, |none| {
            Mixture::weighted(weights, none)
        });
    }
}
