//! `Blind(of)`: a follower that does not see the leader's action. One learner `of` plays all rounds.

use super::entry::{Entry, Horizon, Information, Play, Seat};
use super::schema::{Args, Param};
use super::support::made::resolve_of;
use crate::error::SpecError;
use crate::rng::Role;

pub(super) const NAME: &str = "Blind";

pub(super) const ENTRY: Entry = Entry {
    name: NAME,
    roles: &[Role::Follower],
    summary: "plays by `of` without seeing the leader's action: one learner for all of them",
    sees: Information::OwnRewards,
    horizon: Horizon::Of,
    draws: None,
    params: &[Param::OF],
    fill,
    play: Play::made(
        |args, seat| args.made_of().learner(&seat.unsighted(), false),
        |args, seat| args.made_of().learner(&seat.unsighted(), true),
        |args, seat| args.made_of().round_by_round(&seat.unsighted()),
    ),
};

fn fill(args: &mut Args, seat: &Seat) -> Result<(), SpecError> {
    let allowed = &[Information::OwnRewards, Information::Responses];
    resolve_of(args, allowed, &seat.unsighted())
}
