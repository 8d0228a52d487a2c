//! `DiscountedUCB(discount, sigma, confidence)`: upper confidence bounds from rewards that count the less
//! the older they are.
//!
//! After Garivier and Moulines (2011) and Kocsis and Szepesvári (2006); the former's rewards in [0, B]
//! have sigma = B/2, and their xi is half the confidence. Every round is decided anew, for in every
//! round all arms are forgotten a little.

use super::RoundByRound;
use super::entry::{BOTH, Entry, Horizon, Information, Seat, every_round};
use super::schema::{Args, Param, Value};
use super::support::index::width;
use super::support::tally::LARGEST_SUM;
use super::support::ties::Ties;
use crate::archive::Archive;
use crate::error::SpecError;
use crate::math::ln;
use crate::record::MAX_HORIZON;
use crate::rewards::Rewards;
use crate::rng::Stream;

const DISCOUNT: Param = Param::resolved_real("discount", 0.0, 1.0);

pub(super) const ENTRY: Entry = Entry {
    name: "DiscountedUCB",
    roles: BOTH,
    summary: "largest mean + radius of rewards that count the less the older they are",
    sees: Information::OwnRewards,
    horizon: Horizon::Unread,
    draws: None,
    params: &[DISCOUNT, Param::SIGMA, Param::CONFIDENCE, Ties::PARAM],
    fill,
    play: every_round!(|args, seat| DiscountedUcb::new(args, seat)),
};

/// `1 - 1 / (4 sqrt(T))`: what the authors advise where rewards in [0, 1] change once.
#[allow(clippy::unnecessary_wraps)] // the type of every `fill`
fn fill(args: &mut Args, seat: &Seat) -> Result<(), SpecError> {
    let advised = 1.0 - 0.25 / (seat.horizon as f64).sqrt();
    args.fill(DISCOUNT.name, Value::Real(advised));
    Ok(())
}

/// What is left of an arm's rewards. Without a discount, sums of coins are exact in whatever order they come.
#[derive(Clone, Copy, Default)]
struct Discounted {
    /// What they count for all together: 1 for a reward that has just come.
    weight: f64,
    /// Their weighted sum when the last one came.
    sum: f64,
    /// Their weighted mean, which does not change as they grow old together.
    mean: f64,
}

impl Discounted {
    fn add(&mut self, reward: f64, discounts: bool) {
        let old = if discounts {
            self.mean * self.weight
        } else {
            self.sum
        };
        self.sum = old + reward;
        self.weight += 1.0;
        self.mean = self.sum / self.weight;
    }

    /// Infinite where nothing is left, not even of the first reward.
    fn index(&self, width: f64) -> f64 {
        if self.weight == 0.0 {
            return f64::INFINITY;
        }
        self.mean + 2.0 * width / self.weight.sqrt()
    }
}

struct DiscountedUcb {
    discount: f64,
    sigma: f64,
    confidence: f64,
    ties: Ties,
    arms: Vec<Discounted>,
}

impl DiscountedUcb {
    fn new(args: &Args, seat: &Seat) -> Self {
        Self {
            discount: args.real(DISCOUNT.name),
            sigma: args.real("sigma"),
            confidence: args.real("confidence"),
            ties: Ties::of(args),
            arms: vec![Discounted::default(); seat.n_arms()],
        }
    }
}

impl RoundByRound for DiscountedUcb {
    fn choose(&mut self, choice: &mut Stream) -> usize {
        let total: f64 = self.arms.iter().map(|arm| arm.weight).sum();
        let width = width(self.sigma, self.confidence, ln(total.max(1.0)));
        self.ties
            .pick(self.arms.iter().map(|arm| arm.index(width)), choice)
    }

    fn observe(&mut self, arm: usize, _response: usize, reward: &Rewards) {
        for arm in &mut self.arms {
            arm.weight *= self.discount;
        }
        self.arms[arm].add(reward.value(), self.discount < 1.0);
    }

    fn exchange(&mut self, archive: &mut Archive) {
        for Discounted { weight, sum, mean } in &mut self.arms {
            archive.real(weight, MAX_HORIZON as f64);
            archive.real(sum, LARGEST_SUM);
            archive.real(mean, LARGEST_SUM);
            if *weight < 0.0 {
                archive.refuse("a negative weight");
            }
        }
    }
}
