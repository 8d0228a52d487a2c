//! `FixedAction(a)`: the same action in every round.

use super::entry::{BOTH, Entry, Horizon, Information, Play, Seat};
use super::schema::{Args, Param};
use super::support::committed::Committed;
use crate::error::SpecError;

pub(super) const ENTRY: Entry = Entry {
    name: "FixedAction",
    roles: BOTH,
    summary: "the same action in every round",
    sees: Information::OwnRewards,
    horizon: Horizon::Unread,
    draws: None,
    params: &[Param::required_count("a", 0)],
    fill: check,
    play: Play::ahead(
        |args, _seat| Committed::boxed(action(args)),
        |args, _seat| Committed::boxed(action(args)),
    ),
};

#[allow(clippy::cast_possible_truncation)] // checked to be below a usize
fn action(args: &Args) -> usize {
    args.count("a") as usize
}

fn check(args: &mut Args, seat: &Seat) -> Result<(), SpecError> {
    let (a, n_arms) = (args.count("a"), seat.n_arms());
    if a < n_arms as u64 {
        return Ok(());
    }
    let allowed = format!(
        "an action of the {}, from 0 to {}",
        seat.role.name(),
        n_arms - 1
    );
    Err(SpecError::new("a", allowed, a.to_string()))
}
