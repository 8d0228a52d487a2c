//! `Restarting(of, every)`: `of` starts afresh after every `every` rounds, and is told that horizon, or T if that is shorter.

use super::entry::{BOTH, Entry, Horizon, Information, Play, Seat};
use super::schema::{Args, Param};
use super::support::epochs::{Epochs, Lengths};
use super::support::made::{LEARNING, fresh, fresh_definition, fresh_in_law, resolve_of};
use crate::error::SpecError;

pub(super) const ENTRY: Entry = Entry {
    name: "Restarting",
    roles: BOTH,
    summary: "`of`, which starts afresh after a fixed number of rounds and is told that number",
    sees: Information::OwnRewards,
    horizon: Horizon::Unread, // except in a game that is shorter than an epoch
    draws: None,
    params: &[Param::OF, Param::required_count("every", 1)],
    fill,
    play: Play::made(
        |args, seat| Epochs::boxed(args, seat, Even::of(args, seat), fresh),
        |args, seat| Epochs::boxed(args, seat, Even::of(args, seat), fresh_in_law),
        |args, seat| Epochs::boxed(args, seat, Even::of(args, seat), fresh_definition),
    ),
};

fn fill(args: &mut Args, seat: &Seat) -> Result<(), SpecError> {
    let horizon = Even::of(args, seat).horizon(0);
    resolve_of(args, LEARNING, &Seat { horizon, ..*seat })
}

/// All epochs are of one length.
struct Even {
    every: u64,
    horizon: u64,
}

impl Even {
    fn of(args: &Args, seat: &Seat) -> Self {
        let every = args.count("every");
        Self {
            every,
            horizon: every.min(seat.horizon),
        }
    }
}

impl Lengths for Even {
    fn rounds(&self, _epoch: u64) -> u64 {
        self.every
    }

    fn horizon(&self, _epoch: u64) -> u64 {
        self.horizon
    }
}
