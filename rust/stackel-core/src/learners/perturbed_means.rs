//! `PerturbedMeans(power, prior_mean, sigma)`: every mean is disturbed by a normal number of scale `sigma / n^power`; the
//! largest is played.
//!
//! With power 1/2 it is Thompson sampling without a prior; with another one it explores more or less than that.

use super::entry::{BOTH, Entry, Horizon, Information, Seat, every_round, nothing_to_fill};
use super::schema::{Args, Param};
use super::support::tally::{argmax, exchange_all};
use super::{RoundByRound, Tally};
use crate::archive::Archive;
use crate::math::pow;
use crate::noise::LARGEST;
use crate::normal::Ziggurat;
use crate::rewards::Rewards;
use crate::rng::Stream;

pub(super) const ENTRY: Entry = Entry {
    name: "PerturbedMeans",
    roles: BOTH,
    summary: "the largest mean after each is disturbed by a normal number, the less the more is known",
    sees: Information::OwnRewards,
    horizon: Horizon::Unread,
    draws: Some("for each arm in order a normal z from the ziggurat"),
    params: &[
        Param::real("power", 0.0, 1.0),
        Param::real_between("prior_mean", -LARGEST, LARGEST, 0.0),
        Param::SIGMA,
    ],
    fill: nothing_to_fill,
    play: every_round!(|args, seat| PerturbedMeans::new(args, seat)),
};

struct PerturbedMeans {
    power: f64,
    prior_mean: f64,
    sigma: f64,
    tallies: Vec<Tally>,
    /// `sigma / n^power` of each arm.
    scales: Vec<f64>,
}

impl PerturbedMeans {
    fn new(args: &Args, seat: &Seat) -> Self {
        let sigma = args.real("sigma");
        Self {
            power: args.real("power"),
            prior_mean: args.real("prior_mean"),
            sigma,
            tallies: vec![Tally::default(); seat.n_arms()],
            scales: vec![sigma; seat.n_arms()],
        }
    }

    fn scale(&self, tally: &Tally) -> f64 {
        self.sigma * pow(tally.count.max(1) as f64, -self.power)
    }
}

impl RoundByRound for PerturbedMeans {
    fn choose(&mut self, choice: &mut Stream) -> usize {
        let arms = self.tallies.iter().zip(&self.scales);
        argmax(arms.map(|(tally, scale)| {
            let known = tally.count > 0;
            let mean = if known { tally.mean() } else { self.prior_mean };
            mean + scale * Ziggurat::shared().normal(choice.next_u64())
        }))
    }

    fn observe(&mut self, arm: usize, _response: usize, reward: &Rewards) {
        self.tallies[arm].gain(reward);
        self.scales[arm] = self.scale(&self.tallies[arm]);
    }

    fn exchange(&mut self, archive: &mut Archive) {
        exchange_all(&mut self.tallies, archive);
        self.scales = self.tallies.iter().map(|tally| self.scale(tally)).collect();
    }
}
