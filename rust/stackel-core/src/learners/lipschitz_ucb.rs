//! `LipschitzUCB(lipschitz=L, follower_constant=C)`: a leader that keeps all data and plays the
//! argmax of `mean + C L sigma sqrt(|B| ln T / n)`.
//!
//! When interests are aligned up to L, a follower whose average regret over its n rounds is at most
//! `C sigma sqrt(|B| ln T / n)` costs the leader at most L times as much; the bonus covers that.

use super::entry::{Entry, Horizon, Information, Play, Seat, nothing_to_fill};
use super::schema::{Args, Param};
use super::support::index::{IndexPolicy, IndexRoundByRound, Width};
use super::support::ties::Ties;
use crate::math::ln;
use crate::rng::Role;

pub(super) const ENTRY: Entry = Entry {
    name: "LipschitzUCB",
    roles: &[Role::Leader],
    summary: "leader whose bonus C L sigma sqrt(|B| ln T / n) covers a learning follower",
    sees: Information::OwnRewards,
    horizon: Horizon::Read,
    draws: None,
    params: &[
        Param::real("lipschitz", 1.0, 1.0),
        Param::real("follower_constant", 0.0, 4.0),
        Param::SIGMA,
        Ties::PARAM,
    ],
    fill: nothing_to_fill,
    play: Play::ahead(
        |args, seat| Box::new(IndexPolicy::new(args, seat, width(args, seat))),
        |args, seat| Box::new(IndexRoundByRound::new(args, seat, width(args, seat), 0)),
    )
    .by_index(|args| Ties::of(args) == Ties::Lowest),
};

fn width(args: &Args, seat: &Seat) -> Width {
    let scale = args.real("follower_constant") * args.real("lipschitz") * args.real("sigma");
    Width(scale * (seat.n_follower as f64 * ln(seat.horizon as f64)).sqrt())
}
