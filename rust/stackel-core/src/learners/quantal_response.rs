//! `QuantalResponse(temperature)`: a follower that knows its mean utilities and plays better responses more often, not
//! the best one always.
//!
//! The logit response of `McKelvey` and Palfrey (1995). The law of its responses never changes.

use super::entry::{Entry, Horizon, Information, Play, Seat, nothing_to_fill};
use super::schema::Args;
use super::support::drawn::Drawn;
use super::support::each_round::EachRound;
use super::support::temperature::{TEMPERATURE, weigh};
use super::support::weighted::DRAWS;
use crate::rng::Role;

pub(super) const ENTRY: Entry = Entry {
    name: "QuantalResponse",
    roles: &[Role::Follower],
    summary: "knows its mean utilities: answers with probabilities that grow exponentially with them",
    sees: Information::OwnMeans,
    horizon: Horizon::Unread,
    draws: DRAWS,
    params: &[TEMPERATURE],
    fill: nothing_to_fill,
    play: Play::every_round(
        |args, seat| EachRound::boxed(responses(args, seat)),
        |args, seat| Box::new(responses(args, seat)),
    )
    .leaping(None, |args, seat| {
        responses(args, seat).leaping(seat, responses(args, seat))
    }),
};

fn responses(args: &Args, seat: &Seat) -> Drawn {
    let mut weights = vec![0.0; seat.n_arms()];
    let sharpness = 1.0 / args.real(TEMPERATURE.name);
    weigh(seat.means.iter().copied(), sharpness, &mut weights);
    Drawn::new(weights)
}
