//! `MOSS(sigma)`: each arm once in index order, then the argmax of
//! `mean + 2 sigma sqrt(max(0, ln(T / (K n))) / n)`.
//!
//! After Audibert and Bubeck (2009), whose rewards in [0, 1] have sigma = 1/2. An arm that has had its
//! fair share T / K of the rounds gets no bonus any more.

use super::entry::{BOTH, Entry, Information, Play, Seat, nothing_to_fill};
use super::schema::{Args, Param};
use super::support::index::{IndexPolicy, IndexRoundByRound, Rule, look_ahead};
use super::{IndexBarrier, Tally};
use crate::math::ln;

pub(super) const ENTRY: Entry = Entry {
    name: "MOSS",
    roles: BOTH,
    summary: "each arm once, then the largest mean + 2 sigma sqrt(max(0, ln(T / (K n))) / n)",
    sees: Information::OwnRewards,
    draws: None,
    params: &[Param::SIGMA],
    fill: nothing_to_fill,
    play: Play::ahead(
        |args, seat| Box::new(IndexPolicy::new(seat.n_arms(), Moss::new(args, seat))),
        |args, seat| {
            Box::new(IndexRoundByRound::new(
                seat.n_arms(),
                Moss::new(args, seat),
                0,
            ))
        },
    ),
};

struct Moss {
    sigma: f64,
    /// T / K.
    fair_share: f64,
}

impl Moss {
    fn new(args: &Args, seat: &Seat) -> Self {
        Self {
            sigma: args.real("sigma"),
            fair_share: seat.horizon as f64 / seat.n_arms() as f64,
        }
    }

    /// The logarithm in the bonus of an arm with n rewards.
    fn log(&self, n: u64) -> f64 {
        ln(self.fair_share / n as f64).max(0.0)
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
        (IndexBarrier { rival, width }, rounds)
    }
}
