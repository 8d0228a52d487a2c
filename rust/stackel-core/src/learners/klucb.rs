//! `KLUCB(family, loglog=c, confidence=z, anytime=False, sigma)`: each arm once, then the arm whose mean could be
//! largest, as far as its n rewards can tell: `n d(mean, u) <= z (ln T + c ln ln T)` for the divergence d
//! of a family of laws. With `anytime=True`, the rounds this instance has already played stand for T.
//!
//! After Garivier and Cappé (2011). For Gaussian laws the index is that of UCB. For coins the mean is
//! taken to lie in [0, 1].

use super::entry::{BOTH, Entry, Horizon, Information, Only, Play, Seat, nothing_to_fill};
use super::schema::{Args, Param};
use super::support::anytime::{ANYTIME, Anytime, Clock};
use super::support::divergence::{divergence_below, level_above, step_down};
use super::support::first::First;
use super::support::index::{IndexPolicy, IndexRoundByRound, Rule, Width, look_ahead, width};
use super::support::ties::Ties;
use super::{IndexBarrier, Learner, RoundByRound, Tally};
use crate::math::{exp_m1, ln};

pub(super) const ENTRY: Entry = Entry {
    name: "KLUCB",
    roles: BOTH,
    summary: "each arm once, then the largest mean within a Kullback-Leibler ball of the empirical one",
    sees: Information::OwnRewards,
    horizon: Horizon::ReadIf(ANYTIME.name, Only::Flag(false)),
    draws: None,
    params: &[
        Param::choice("family", &["gaussian", "bernoulli"], "gaussian"),
        Param::real("loglog", 0.0, 0.0),
        ANYTIME,
        Param::SIGMA,
        Param::CONFIDENCE,
        Ties::PARAM,
        First::PARAM,
    ],
    fill: nothing_to_fill,
    play: Play::ahead(
        |args, seat| match args.text("family") {
            "bernoulli" => ahead(args, seat, CoinsAt(Exploration::new(args))),
            _ => ahead(args, seat, Normal::new(args)),
        },
        |args, seat| match args.text("family") {
            "bernoulli" => by_definition(args, seat, CoinsAt(Exploration::new(args))),
            _ => by_definition(args, seat, Normal::new(args)),
        },
    )
    .by_index(|args| {
        args.text("family") == "gaussian"
            && !args.flag(ANYTIME.name)
            && Ties::of(args) == Ties::Lowest
    }),
};

fn ahead<C: Clock + 'static>(args: &Args, seat: &Seat, rules: C) -> Box<dyn Learner> {
    if args.flag(ANYTIME.name) {
        return Box::new(Anytime::new(args, seat, rules));
    }
    Box::new(IndexPolicy::new(args, seat, rules.at(seat.horizon)))
}

fn by_definition<C: Clock + 'static>(args: &Args, seat: &Seat, rules: C) -> Box<dyn RoundByRound> {
    if args.flag(ANYTIME.name) {
        return Box::new(Anytime::new(args, seat, rules));
    }
    let rule = rules.at(seat.horizon);
    Box::new(IndexRoundByRound::new(args, seat, rule, 0))
}

/// How far the means of an arm may be from its empirical one, in rewards.
struct Exploration {
    loglog: f64,
    confidence: f64,
}

impl Exploration {
    fn new(args: &Args) -> Self {
        Self {
            loglog: args.real("loglog"),
            confidence: args.real("confidence"),
        }
    }

    /// `ln T + c ln ln T`; the second term only where it is positive.
    fn at(&self, horizon: u64) -> f64 {
        let log = ln(horizon.max(1) as f64);
        self.confidence * (log + self.loglog * ln(log.max(1.0)))
    }
}

/// For normal laws, `d(mean, u) = (u - mean)^2 / (2 sigma^2)`.
struct Normal {
    sigma: f64,
    exploration: Exploration,
}

impl Normal {
    fn new(args: &Args) -> Self {
        Self {
            sigma: args.real("sigma"),
            exploration: Exploration::new(args),
        }
    }
}

impl Clock for Normal {
    type Rule = Width;

    fn at(&self, played: u64) -> Width {
        Width(width(self.sigma, 1.0, self.exploration.at(played)))
    }
}

/// The rules for coins.
struct CoinsAt(Exploration);

impl Clock for CoinsAt {
    type Rule = Coins;

    fn at(&self, played: u64) -> Coins {
        let exploration = self.0.at(played);
        Coins { exploration }
    }
}

/// The rule for coins.
struct Coins {
    exploration: f64,
}

/// Rivals count as this much better, relatively, than they are: more than indices can be off.
const MARGIN: f64 = 64.0 * f64::EPSILON;

/// Explorations per reward below this, among them none, are left out of barriers: their squares are no floats.
const LEAST: f64 = 1e-150;

/// The u of an index `-ln(1 - u)`.
fn bound(index: f64) -> f64 {
    -exp_m1(-index)
}

/// Upper bounds u close to 1 differ by less than floats around 1 do. Indices are `-ln(1 - u)`, which order
/// arms as u does.
impl Rule for Coins {
    fn index(&self, tally: &Tally) -> f64 {
        level_above(tally.mean(), self.exploration / tally.count as f64)
    }

    /// The arm leads while `d(mean, rival) <= x`, where x is the exploration per reward.
    ///
    /// With `step = rival - mean`, `d = k step^2`, where k is a weighted mean of `1 / (2 v)` over the
    /// variances v of the coins between the two, a convex function of the step. So between a step
    /// that reaches x now and one that does not when the barrier ends, k is at most the larger of
    /// its values at both. With that k, `k step^2 <= x` is a barrier.
    fn barrier(&self, tally: &Tally, index: f64, rival: f64) -> (IndexBarrier, u64) {
        let [best, rival] = [index, rival].map(bound);
        let rival_above = rival * (1.0 + MARGIN);
        if rival_above >= 1.0 {
            return (IndexBarrier::new(rival_above, 0.0), 1);
        }
        let rounds = look_ahead(tally.count, best - rival, best - tally.mean(), 1.0);
        let [now, then] = [tally.count, tally.count + rounds].map(|n| self.exploration / n as f64);
        if then < LEAST {
            return (IndexBarrier::new(rival_above, 0.0), rounds);
        }
        let k = |step: f64| divergence_below(rival_above, step) / (step * step);
        let at_once = k(step_down(rival_above, now));
        let at_zero = 1.0 / (2.0 * rival_above * (1.0 - rival_above));
        let most = if at_once >= at_zero {
            at_once
        } else {
            at_once.max(k((then / at_zero).sqrt()))
        };
        let width = (self.exploration / most).sqrt();
        (IndexBarrier::new(rival_above, width), rounds)
    }
}
