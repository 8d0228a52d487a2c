//! `UCB(anytime=False)`: each arm once, then the argmax of `mean + r(n)`.
//!
//! With `anytime=True` the radius grows with the rounds this instance has already played instead of
//! the horizon.

use super::entry::{BOTH, Entry, Horizon, Information, Only, Play, nothing_to_fill};
use super::schema::{Args, Param};
use super::support::anytime::{ANYTIME, Anytime, Clock};
use super::support::first::First;
use super::support::index::{IndexPolicy, IndexRoundByRound, Width, width};
use super::support::ties::Ties;
use crate::math::ln;

pub(super) const ENTRY: Entry = Entry {
    name: "UCB",
    roles: BOTH,
    summary: "each arm once, then the largest mean + r(n)",
    sees: Information::OwnRewards,
    horizon: Horizon::ReadIf(ANYTIME.name, Only::Flag(false)),
    draws: None,
    params: &[
        ANYTIME,
        Param::SIGMA,
        Param::CONFIDENCE,
        Ties::PARAM,
        First::PARAM,
    ],
    fill: nothing_to_fill,
    play: Play::ahead(
        |args, seat| {
            if args.flag("anytime") {
                return Box::new(Anytime::new(args, seat, Rounds::new(args)));
            }
            Box::new(IndexPolicy::new(args, seat, Width::of(args, seat)))
        },
        |args, seat| {
            if args.flag("anytime") {
                return Box::new(Anytime::new(args, seat, Rounds::new(args)));
            }
            Box::new(IndexRoundByRound::new(args, seat, Width::of(args, seat), 0))
        },
    )
    .by_index(|args| !args.flag("anytime") && Ties::of(args) == Ties::Lowest),
};

/// The rule with the logarithm of the rounds that are over.
struct Rounds {
    sigma: f64,
    confidence: f64,
}

impl Rounds {
    fn new(args: &Args) -> Self {
        Self {
            sigma: args.real("sigma"),
            confidence: args.real("confidence"),
        }
    }
}

impl Clock for Rounds {
    type Rule = Width;

    fn at(&self, played: u64) -> Width {
        Width(width(self.sigma, self.confidence, ln(played.max(1) as f64)))
    }
}
