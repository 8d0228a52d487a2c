//! `BestResponse`: an omniscient follower that knows its mean utilities and plays the best.

use super::entry::{Entry, Information, nothing_to_fill};
use super::support::committed::Committed;
use super::support::tally::argmax;
use crate::rng::Role;

pub(super) const ENTRY: Entry = Entry {
    name: "BestResponse",
    roles: &[Role::Follower],
    summary: "omniscient follower: plays the answer with its largest mean utility",
    sees: Information::OwnMeans,
    params: &[],
    plans_ahead: true,
    fill: nothing_to_fill,
    learner: |_args, seat| Committed::boxed(argmax(seat.means.iter().copied())),
    round_by_round: |_args, seat| Committed::boxed(argmax(seat.means.iter().copied())),
};
