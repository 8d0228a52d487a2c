//! `Delayed(of, delay)`: the reward of round n of the instance is observed before the decision of its round `n + delay + 1`.

use super::entry::{BOTH, Entry, Horizon, Information, Play, Seat};
use super::schema::{Args, Param};
use super::support::each_round::EachRound;
use super::support::late::Late;
use super::support::made::{LEARNING, resolve_of};
use crate::error::SpecError;

pub(super) const ENTRY: Entry = Entry {
    name: "Delayed",
    roles: BOTH,
    summary: "`of`, which is told each reward a fixed number of rounds late",
    sees: Information::OwnRewards,
    horizon: Horizon::Of,
    draws: None,
    params: &[Param::OF, Param::required_count("delay", 0)],
    fill,
    play: Play::every_round(
        |args, seat| EachRound::boxed(late(args, seat)),
        |args, seat| Box::new(late(args, seat)),
    )
    .of_another(|_| false),
};

fn fill(args: &mut Args, seat: &Seat) -> Result<(), SpecError> {
    resolve_of(args, LEARNING, seat)
}

fn late(args: &Args, seat: &Seat) -> Late {
    Late::after(args.made_of(), seat, args.count("delay"))
}
