//! `Doubling(of, first=1024)`: epoch k = 0, 1, ... lasts `first * 2^k` rounds. At its start, `of` starts afresh and is told that
//! length as horizon.

use super::entry::{BOTH, Entry, Horizon, Information, Play, Seat};
use super::schema::{Args, Param};
use super::support::epochs::{Epochs, Lengths};
use super::support::made::{LEARNING, check_of, fresh, fresh_definition, fresh_in_law};
use crate::error::SpecError;
use crate::math::MAX_HORIZON;

pub(super) const ENTRY: Entry = Entry {
    name: "Doubling",
    roles: BOTH,
    summary: "`of` for an unknown horizon: starts afresh after rounds that double, and is told their number",
    sees: Information::OwnRewards,
    horizon: Horizon::Unread,
    draws: None,
    params: &[Param::OF, Param::count("first", 1, 1024)],
    fill,
    play: Play::made(
        |args, seat| Epochs::boxed(args, seat, Doubled::of(args), fresh),
        |args, seat| Epochs::boxed(args, seat, Doubled::of(args), fresh_in_law),
        |args, seat| Epochs::boxed(args, seat, Doubled::of(args), fresh_definition),
    ),
};

fn fill(args: &mut Args, seat: &Seat) -> Result<(), SpecError> {
    check_of(args, LEARNING)?;
    let lengths = Doubled::of(args);
    let mut rounds = lengths.rounds(0);
    let mut epoch = 0;
    while rounds < seat.horizon {
        epoch += 1;
        rounds = rounds.saturating_add(lengths.rounds(epoch));
    }
    let longest = Seat {
        horizon: lengths.horizon(epoch),
        ..*seat
    };
    args.made_of().resolve(&longest).map(|_| ())
}

/// Each epoch is twice as long as the one before.
struct Doubled {
    first: u64,
}

impl Doubled {
    fn of(args: &Args) -> Self {
        Self {
            first: args.count("first"),
        }
    }
}

impl Lengths for Doubled {
    fn rounds(&self, epoch: u64) -> u64 {
        let factor = 1_u64.checked_shl(u32::try_from(epoch).unwrap_or(u32::MAX));
        factor.map_or(u64::MAX, |factor| self.first.saturating_mul(factor))
    }

    fn horizon(&self, epoch: u64) -> u64 {
        self.rounds(epoch).min(MAX_HORIZON)
    }
}
