//! `UCBV(reward_range=b, confidence=z)`: upper confidence bounds that are the narrower the less an arm's rewards
//! vary, the largest `mean + sqrt(2 V z ln t / n) + 3 b z ln t / n`.
//!
//! After Audibert, Munos and Szepesvári (2009), whose rewards lie in [0, b]. Every round is decided anew:
//! V, the empirical variance, takes every single reward, where plans would be told sums.

use super::RoundByRound;
use super::entry::{BOTH, Entry, Information, Seat, every_round, nothing_to_fill};
use super::schema::{Args, Param};
use super::support::tally::{LARGEST_SUM, argmax};
use crate::archive::Archive;
use crate::math::ln;
use crate::record::MAX_HORIZON;
use crate::rewards::Rewards;
use crate::rng::Stream;

pub(super) const ENTRY: Entry = Entry {
    name: "UCBV",
    roles: BOTH,
    summary: "each arm once, then the largest upper bound by the empirical mean and variance",
    sees: Information::OwnRewards,
    draws: None,
    params: &[
        Param::real("reward_range", 0.0, 1.0),
        Param::real("confidence", 0.0, 1.2),
    ],
    fill: nothing_to_fill,
    play: every_round!(|args, seat| Ucbv::new(args, seat)),
};

/// What an arm's rewards are beyond a common origin. Sums of coins are exact, in whatever order they
/// come, so that equal arms have equal bounds.
#[derive(Clone, Copy, Default)]
struct Moments {
    count: u64,
    sum: f64,
    squares: f64,
}

impl Moments {
    fn add(&mut self, beyond: f64) {
        self.count += 1;
        self.sum += beyond;
        self.squares += beyond * beyond;
    }

    /// Mean beyond the origin, and empirical variance.
    fn moments(&self) -> [f64; 2] {
        let n = self.count as f64;
        let mean = self.sum / n;
        [mean, (self.squares / n - mean * mean).max(0.0)]
    }

    fn exchange(&mut self, archive: &mut Archive) {
        archive.count(&mut self.count, MAX_HORIZON);
        archive.real(&mut self.sum, LARGEST_SUM);
        archive.real(&mut self.squares, LARGEST_SUM * LARGEST_SUM);
    }
}

struct Ucbv {
    range: f64,
    confidence: f64,
    /// The very first reward. Variances far smaller than the square of all means do not drown.
    origin: f64,
    arms: Vec<Moments>,
}

impl Ucbv {
    fn new(args: &Args, seat: &Seat) -> Self {
        Self {
            range: args.real("reward_range"),
            confidence: args.real("confidence"),
            origin: 0.0,
            arms: vec![Moments::default(); seat.n_arms()],
        }
    }

    /// Rounds of this instance that are over.
    fn played(&self) -> f64 {
        self.arms.iter().map(|arm| arm.count as f64).sum()
    }

    /// The upper bound of an arm in a round that has this logarithm.
    fn index(&self, arm: &Moments, log: f64) -> f64 {
        if arm.count == 0 {
            return f64::INFINITY;
        }
        let [mean, variance] = arm.moments();
        let exploration = self.confidence * log / arm.count as f64;
        let radius = (2.0 * variance * exploration).sqrt() + 3.0 * self.range * exploration;
        self.origin + mean + radius
    }
}

impl RoundByRound for Ucbv {
    fn choose(&mut self, _choice: &mut Stream) -> usize {
        let log = ln(self.played() + 1.0);
        argmax(self.arms.iter().map(|arm| self.index(arm, log)))
    }

    fn observe(&mut self, arm: usize, _response: usize, reward: &Rewards) {
        let reward = reward.value();
        if self.played() == 0.0 {
            self.origin = reward;
        }
        self.arms[arm].add(reward - self.origin);
    }

    fn exchange(&mut self, archive: &mut Archive) {
        archive.real(&mut self.origin, LARGEST_SUM);
        for arm in &mut self.arms {
            arm.exchange(archive);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn moments_are_those_of_the_definition_in_whatever_order() {
        let rewards = [0.5, -1.0, 0.0, 2.5, 1.0, 1.0, 0.0];
        let of = |rewards: &[f64]| {
            let mut arm = Moments::default();
            for &reward in rewards {
                arm.add(reward);
            }
            arm.moments()
        };
        assert_eq!(of(&rewards[..4]), [0.5, 1.625]);
        let mut others = rewards;
        others.reverse();
        assert_eq!(of(&rewards), of(&others));
    }
}
