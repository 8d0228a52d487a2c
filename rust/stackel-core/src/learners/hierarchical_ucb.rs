//! `HierarchicalUCB(kappa, constant, delta)`: a leader of a common interest that plays the argmax of
//! `mean + (sqrt(kappa |B|) + constant) sqrt(ln(T / delta) / n)`.
//!
//! The first part of the bonus is what the follower may still lose by learning, the second what
//! chance may hide (Kao, Wei and Subramanian 2022, algorithm 1).

use super::entry::{Entry, Horizon, Information, Play, Seat};
use super::schema::{Args, Param};
use super::support::failure;
use super::support::index::{IndexPolicy, IndexRoundByRound, Width};
use super::support::ties::Ties;
use crate::rng::Role;

pub(super) const ENTRY: Entry = Entry {
    name: "HierarchicalUCB",
    roles: &[Role::Leader],
    summary: "leader of a common interest whose bonus covers what the follower loses by learning",
    sees: Information::OwnRewards,
    horizon: Horizon::Read,
    draws: None,
    params: &[
        Param::real("kappa", 0.0, 4.0),
        Param::real("constant", 0.0, 1.0),
        failure::DELTA,
        Ties::PARAM,
    ],
    fill: failure::fill,
    play: Play::ahead(
        |args, seat| Box::new(IndexPolicy::new(args, seat, width(args, seat))),
        |args, seat| Box::new(IndexRoundByRound::new(args, seat, width(args, seat), 0)),
    )
    .by_index(|args| Ties::of(args) == Ties::Lowest),
};

fn width(args: &Args, seat: &Seat) -> Width {
    let learning = (args.real("kappa") * seat.n_follower as f64).sqrt();
    Width((learning + args.real("constant")) * failure::log(args, seat).sqrt())
}
