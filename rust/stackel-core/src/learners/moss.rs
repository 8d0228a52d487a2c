//! `MOSS(anytime=False, sigma)`: each arm once, then the argmax of
//! `mean + 2 sigma sqrt(max(0, ln(T / (K n))) / n)`. With `anytime=True`, the rounds this instance has already
//! played stand for T.
//!
//! After Audibert and Bubeck (2009), whose rewards in [0, 1] have sigma = 1/2. An arm that has had its
//! fair share T / K of the rounds gets no bonus any more.

use super::entry::{BOTH, Entry, Horizon, Information, Only, Play, Seat, nothing_to_fill};
use super::schema::{Args, Param};
use super::support::anytime::{ANYTIME, Anytime, Clock};
use super::support::first::First;
use super::support::index::{IndexPolicy, IndexRoundByRound, Rule, look_ahead};
use super::support::ties::Ties;
use super::{IndexBarrier, Tally};
use crate::math::ln_1p;

pub(super) const ENTRY: Entry = Entry {
    name: "MOSS",
    roles: BOTH,
    summary: "each arm once, then the largest mean + 2 sigma sqrt(max(0, ln(T / (K n))) / n)",
    sees: Information::OwnRewards,
    horizon: Horizon::ReadIf(ANYTIME.name, Only::Flag(false)),
    draws: None,
    params: &[ANYTIME, Param::SIGMA, Ties::PARAM, First::PARAM],
    fill: nothing_to_fill,
    play: Play::ahead(
        |args, seat| {
            if args.flag(ANYTIME.name) {
                return Box::new(Anytime::new(args, seat, MossAt::new(args, seat)));
            }
            Box::new(IndexPolicy::new(args, seat, Moss::new(args, seat)))
        },
        |args, seat| {
            if args.flag(ANYTIME.name) {
                return Box::new(Anytime::new(args, seat, MossAt::new(args, seat)));
            }
            Box::new(IndexRoundByRound::new(args, seat, Moss::new(args, seat), 0))
        },
    ),
};

/// The rules of a seat, by the rounds that stand for the horizon.
struct MossAt {
    sigma: f64,
    n_arms: u64,
}

impl MossAt {
    fn new(args: &Args, seat: &Seat) -> Self {
        Self {
            sigma: args.real("sigma"),
            n_arms: seat.n_arms() as u64,
        }
    }
}

impl Clock for MossAt {
    type Rule = Moss;

    fn at(&self, played: u64) -> Moss {
        Moss {
            sigma: self.sigma,
            horizon: played,
            n_arms: self.n_arms,
        }
    }
}

struct Moss {
    sigma: f64,
    horizon: u64,
    n_arms: u64,
}

impl Moss {
    fn new(args: &Args, seat: &Seat) -> Self {
        MossAt::new(args, seat).at(seat.horizon)
    }

    /// The logarithm in the bonus of an arm with n rewards, exact also where T hardly exceeds K n.
    fn log(&self, n: u64) -> f64 {
        let all = n.saturating_mul(self.n_arms);
        ln_1p(self.horizon.saturating_sub(all) as f64 / all as f64)
    }

    /// Factor of `1 / sqrt(n)` in that bonus.
    fn width(&self, n: u64) -> f64 {
        2.0 * self.sigma * self.log(n).sqrt()
    }
}

impl Rule for Moss {
    fn index(&self, tally: &Tally) -> f64 {
        tally.mean() + self.width(tally.count) / (tally.count as f64).sqrt()
    }

    /// The width falls with n: its value at the end of the barrier is safe.
    fn barrier(&self, tally: &Tally, index: f64, rival: f64) -> (IndexBarrier, u64) {
        let n = tally.count;
        // The logarithm's root falls 1 / ln(T / (K n)) times as fast as that of 1 / n.
        let pace = (1.0 / self.log(n)).max(1.0);
        let rounds = look_ahead(n, index - rival, index - tally.mean(), pace);
        let width = self.width(n.saturating_add(rounds));
        (IndexBarrier::new(rival, width), rounds)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bonuses_shrink_to_nothing_without_rounding() {
        let horizon = (1 << 50) + 3;
        let moss = Moss {
            sigma: 1.0,
            horizon,
            n_arms: 2,
        };
        for left in [1u64, 3, 1001] {
            let n = (horizon - left) / 2;
            // T / (K n) - 1, of which ln(1 + x) = x - x^2 / 2 + ... is less by a 1e-12th part here.
            let beyond = left as f64 / (2 * n) as f64;
            assert!((moss.log(n) / beyond - 1.0).abs() < 1e-11, "{left}");
        }
        assert_eq!([horizon / 2 + 1, u64::MAX].map(|n| moss.log(n)), [0.0; 2]);
    }
}
