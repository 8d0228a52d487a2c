//! `EXP3IX(learning_rate, implicit_exploration, low, high)`: exponential weights whose losses are
//! estimated a little too low, the lower the less an arm is played.
//!
//! After Neu (2015): the bound on the regret then holds with high probability, not only in the mean.

use super::entry::{BOTH, Entry, Horizon, Information, Seat, every_round};
use super::schema::{Args, Param, Value};
use super::support::exponential_weights::{self, ExponentialWeights, LEARNING_RATE};
use super::support::reward_range::{HIGH, LOW};
use super::support::weighted::DRAWS;
use crate::error::SpecError;
use crate::noise::LARGEST;

const IMPLICIT: Param = Param::resolved_real("implicit_exploration", 0.0, LARGEST);

pub(super) const ENTRY: Entry = Entry {
    name: "EXP3IX",
    roles: BOTH,
    summary: "exponential weights with losses that are estimated a little too low",
    sees: Information::OwnRewards,
    horizon: Horizon::Unread,
    draws: DRAWS,
    params: &[LEARNING_RATE, IMPLICIT, LOW, HIGH],
    fill,
    play: every_round!(|args, seat| weights(args, seat)),
};

/// Half of the learning rate unless an implicit exploration is given.
fn fill(args: &mut Args, seat: &Seat) -> Result<(), SpecError> {
    exponential_weights::fill(args, seat)?;
    let half = 0.5 * args.real(LEARNING_RATE.name);
    args.fill(IMPLICIT.name, Value::Real(half));
    Ok(())
}

fn weights(args: &Args, seat: &Seat) -> ExponentialWeights<true> {
    ExponentialWeights::new(args, args.real(IMPLICIT.name), seat.n_arms())
}
