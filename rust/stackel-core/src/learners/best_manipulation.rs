//! `BestManipulation`: a follower that knows the game, and answers so that a leader that learns comes to
//! play the action of the follower's favourite cell.

use super::entry::{Entry, FullGame, Horizon, Information, Play, Seat, nothing_to_fill};
use super::support::committed::Committed;
use super::support::manipulation::Prospects;
use crate::rng::Role;

pub(super) const ENTRY: Entry = Entry {
    name: "BestManipulation",
    roles: &[Role::Follower],
    summary: "follower that knows the game: makes its favourite cell the leader's best by punishing elsewhere",
    sees: Information::Game,
    horizon: Horizon::Unread,
    draws: None,
    params: &[],
    fill: nothing_to_fill,
    play: Play::ahead(
        |_args, seat| {
            let answer = |(game, action): (Prospects, usize)| game.answer(action, game.target());
            Committed::boxed(known(seat).map_or(0, answer))
        },
        |_args, seat| {
            let answer = |(game, action): (Prospects, usize)| {
                game.answer(action, game.target_by_elimination())
            };
            Committed::boxed(known(seat).map_or(0, answer))
        },
    ),
};

/// The game and the action to be answered, in a seat that sees them.
fn known<'g>(seat: &Seat<'g>) -> Option<(Prospects<'g>, usize)> {
    let FullGame { utility, action } = seat.full_game?;
    let prospects = Prospects {
        follower: utility[1],
        promise: utility[0],
        threat: utility[0],
        n_follower: seat.n_follower,
    };
    Some((prospects, action))
}
