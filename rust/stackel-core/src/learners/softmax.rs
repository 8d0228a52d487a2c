//! `Softmax(temperature, decay, prior_weight, prior_mean)`: each arm once in index order; then, in its n-th round, an arm with a
//! probability in proportion to `exp(mean / (temperature / n^decay))`.
//!
//! The prior counts as `prior_weight` rewards with mean `prior_mean`.
//! Every reward changes all probabilities, so nothing is decided ahead.

use super::entry::{BOTH, Entry, Horizon, Information, Seat, every_round, nothing_to_fill};
use super::schema::{Args, Param};
use super::support::tally::exchange_all;
use super::support::temperature::{TEMPERATURE, weigh};
use super::support::weighted::draw;
use super::{RoundByRound, Tally};
use crate::archive::Archive;
use crate::math::pow;
use crate::noise::LARGEST;
use crate::record::MAX_HORIZON;
use crate::rewards::Rewards;
use crate::rng::Stream;

pub(super) const ENTRY: Entry = Entry {
    name: "Softmax",
    roles: BOTH,
    summary: "each arm once, then arms with probabilities that grow exponentially with their empirical means",
    sees: Information::OwnRewards,
    horizon: Horizon::Unread,
    draws: Some(
        "after the first round of each arm: a unit, which times the sum of all weights lies in the interval of the arm chosen",
    ),
    params: &[
        TEMPERATURE,
        Param::real("decay", 0.0, 0.0),
        Param::real_between("prior_weight", 0.0, LARGEST, 0.0),
        Param::real_between("prior_mean", -LARGEST, LARGEST, 0.0),
    ],
    fill: nothing_to_fill,
    play: every_round!(|args, seat| Softmax::new(args, seat)),
};

struct Softmax {
    temperature: f64,
    decay: f64,
    prior_weight: f64,
    prior_mean: f64,
    tallies: Vec<Tally>,
    /// Rounds played.
    played: u64,
    /// Those of the last draw.
    weights: Vec<f64>,
}

impl Softmax {
    fn new(args: &Args, seat: &Seat) -> Self {
        Self {
            temperature: args.real(TEMPERATURE.name),
            decay: args.real("decay"),
            prior_weight: args.real("prior_weight"),
            prior_mean: args.real("prior_mean"),
            tallies: vec![Tally::default(); seat.n_arms()],
            played: 0,
            weights: vec![0.0; seat.n_arms()],
        }
    }
}

impl RoundByRound for Softmax {
    fn choose(&mut self, choice: &mut Stream) -> usize {
        let untried = self.tallies.iter().position(|tally| tally.count == 0);
        if let Some(arm) = untried {
            return arm;
        }
        let n = self.played as f64 + 1.0;
        let sharpness = pow(n, self.decay) / self.temperature;
        let (weight, mean) = (self.prior_weight, self.prior_mean);
        let means = self
            .tallies
            .iter()
            .map(|tally| (weight * mean + tally.sum) / (weight + tally.count as f64));
        let total = weigh(means, sharpness, &mut self.weights);
        draw(&self.weights, total, choice)
    }

    fn observe(&mut self, arm: usize, _response: usize, reward: &Rewards) {
        self.tallies[arm].gain(reward);
        self.played += 1;
    }

    fn exchange(&mut self, archive: &mut Archive) {
        exchange_all(&mut self.tallies, archive);
        archive.count(&mut self.played, MAX_HORIZON);
    }
}
