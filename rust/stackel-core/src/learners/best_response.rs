//! `BestResponse`: an omniscient follower that knows its mean utilities and plays the best.

use super::entry::{Entry, Horizon, Information, Play, nothing_to_fill};
use super::support::committed::Committed;
use super::support::tally::argmax;
use crate::rng::Role;

pub(super) const ENTRY: Entry = Entry {
    name: "BestResponse",
    roles: &[Role::Follower],
    summary: "omniscient follower: plays the answer with its largest mean utility",
    sees: Information::OwnMeans,
    horizon: Horizon::Unread,
    draws: None,
    params: &[],
    fill: nothing_to_fill,
    play: Play::ahead(
        |_args, seat| Committed::boxed(argmax(seat.means.iter().copied())),
        |_args, seat| Committed::boxed(argmax(seat.means.iter().copied())),
    ),
};
