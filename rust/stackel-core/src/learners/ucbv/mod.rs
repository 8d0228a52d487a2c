//! `UCBV(reward_range=b, confidence=z, count_current=True)`: upper confidence bounds that are the narrower the less an arm's rewards
//! vary, the largest `mean + sqrt(2 V z ln t / n) + 3 b z ln t / n`.
//!
//! After Audibert, Munos and Szepesvári (2009), whose rewards lie in [0, b]. V, the empirical variance, takes every single
//! reward, where plans are told sums. In `leap` are decisions that stand for many rounds.

mod leap;

use self::leap::Ahead;
use super::entry::{BOTH, Entry, Horizon, Information, Play, Seat, nothing_to_fill};
use super::schema::{Args, Kind, Param, Preset};
use super::support::double::Double;
use super::support::each_round::EachRound;
use super::support::first::First;
use super::support::tally::LARGEST_SUM;
use super::support::ties::Ties;
use super::{Learner, RoundByRound};
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
    horizon: Horizon::Unread,
    draws: None,
    params: &[
        Param::real("reward_range", 0.0, 1.0),
        Param::real("confidence", 0.0, 1.2),
        Param {
            name: "count_current",
            kind: Kind::Flag,
            preset: Preset::Flag(true),
        },
        Ties::PARAM,
        First::PARAM,
    ],
    fill: nothing_to_fill,
    play: Play::every_round(
        |args, seat| EachRound::boxed(Ucbv::new(args, seat)),
        |args, seat| Box::new(Ucbv::new(args, seat)),
    )
    .leaping(None, leaping),
};

/// A blind follower's rewards are those of several pairs of actions, which come in any order.
fn leaping(args: &Args, seat: &Seat) -> Box<dyn Learner> {
    if seat.coins || seat.normal && !seat.blind {
        return Box::new(Ahead::new(args, seat));
    }
    EachRound::boxed(Ucbv::new(args, seat))
}

/// Below this share of the mean square, a variance is computed in twice the precision.
const LITTLE: f64 = 1e-3;

/// Count of an arm's rewards, their sum and that of their squares, and what follows from these. Sums are kept in twice
/// the precision of a float: those of coins are exact, in whatever order they come, so that equal arms have
/// equal bounds; and variances far smaller than the squares of means do not drown.
#[derive(Clone, Copy, Default)]
struct Moments {
    count: u64,
    sum: Double,
    squares: Double,
    mean: f64,
    variance: f64,
}

impl Moments {
    fn add(&mut self, reward: f64) {
        self.count += 1;
        self.sum.add(Double::of(reward));
        self.squares.add(Double::product(reward, reward));
        self.refresh();
    }

    /// Of coins, which are their own squares.
    fn of_coins(count: u64, ones: f64) -> Self {
        let (sum, squares) = (Double::of(ones), Double::of(ones));
        let mut moments = Self {
            count,
            sum,
            squares,
            ..Self::default()
        };
        moments.refresh();
        moments
    }

    fn refresh(&mut self) {
        let n = self.count as f64;
        self.mean = self.sum.value() / n;
        let square = self.squares.value() / n;
        self.variance = square - self.mean * self.mean;
        if self.variance < LITTLE * square {
            self.variance = self.scatter().max(0.0) / n / n;
        }
    }

    /// `n squares - sum^2`, in twice the precision.
    fn scatter(&self) -> f64 {
        let mut scatter = self.squares.times(self.count as f64);
        scatter.add(self.sum.minus_square());
        scatter.value()
    }

    fn exchange(&mut self, archive: &mut Archive) {
        archive.count(&mut self.count, MAX_HORIZON);
        self.sum.exchange(archive, LARGEST_SUM);
        self.squares.exchange(archive, LARGEST_SUM * LARGEST_SUM);
        self.refresh();
    }
}

/// The bound and its parameters.
#[derive(Clone, Copy)]
struct Rule {
    range: f64,
    confidence: f64,
    /// How many rounds t counts beside those that are over.
    current: f64,
    ties: Ties,
    first: First,
}

impl Rule {
    fn of(args: &Args) -> Self {
        Self {
            range: args.real("reward_range"),
            confidence: args.real("confidence"),
            current: f64::from(args.flag("count_current")),
            ties: Ties::of(args),
            first: First::of(args),
        }
    }

    /// The logarithm of t after so many rounds of the instance.
    fn log(&self, played: f64) -> f64 {
        ln(played + self.current)
    }

    /// The upper bound of an arm that has rewards in a round that has this logarithm.
    fn index(&self, count: u64, [mean, variance]: [f64; 2], log: f64) -> f64 {
        let exploration = self.confidence * log / count as f64;
        let radius = (2.0 * variance * exploration).sqrt() + 3.0 * self.range * exploration;
        mean + radius
    }
}

struct Ucbv {
    rule: Rule,
    arms: Vec<Moments>,
}

impl Ucbv {
    fn new(args: &Args, seat: &Seat) -> Self {
        Self {
            rule: Rule::of(args),
            arms: vec![Moments::default(); seat.n_arms()],
        }
    }

    /// Rounds of this instance that are over.
    fn played(&self) -> f64 {
        self.arms.iter().map(|arm| arm.count as f64).sum()
    }
}

impl RoundByRound for Ucbv {
    fn choose(&mut self, choice: &mut Stream) -> usize {
        let arms = self.arms.iter().enumerate();
        let untried = arms.filter(|(_, arm)| arm.count == 0).map(|(arm, _)| arm);
        if let Some(arm) = self.rule.first.next(untried, choice) {
            return arm;
        }
        let log = self.rule.log(self.played());
        let index = |arm: &Moments| self.rule.index(arm.count, [arm.mean, arm.variance], log);
        self.rule.ties.pick(self.arms.iter().map(index), choice)
    }

    fn observe(&mut self, arm: usize, _response: usize, reward: &Rewards) {
        self.arms[arm].add(reward.value());
    }

    fn exchange(&mut self, archive: &mut Archive) {
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
            [arm.mean, arm.variance]
        };
        assert_eq!(of(&rewards[..4]), [0.5, 1.625]);
        let mut others = rewards;
        others.reverse();
        assert_eq!(of(&rewards), of(&others));
    }

    #[test]
    fn variances_do_not_drown_in_the_squares_of_means() {
        // Half of the rewards lie 2^-10 above a mean, half below: the variance is 2^-20.
        for mean in [0.0, 1.0, -3e3, 1e9, -1e9] {
            let mut arm = Moments::default();
            for i in 0..10_000 {
                let side = if i % 2 == 0 { 1.0 } else { -1.0 };
                arm.add(mean + side * 2f64.powi(-10));
            }
            assert_eq!(arm.mean, mean);
            assert!(
                (arm.variance * 2f64.powi(20) - 1.0).abs() < 1e-5,
                "{mean}: {}",
                arm.variance
            );
        }
    }
}
