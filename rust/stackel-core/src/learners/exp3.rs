//! `EXP3(learning_rate, low, high)`: exponential weights, for rewards that an adversary might choose.
//!
//! After Auer, Cesa-Bianchi, Freund and Schapire (2002), in the form of Lattimore and Szepesvári
//! (2020, section 11): losses are estimated without bias, and no arm is played just to explore.

use super::entry::{BOTH, Entry, Horizon, Information, every_round};
use super::support::exponential_weights::{ExponentialWeights, LEARNING_RATE, fill};
use super::support::reward_range::{HIGH, LOW};
use super::support::weighted::DRAWS;

pub(super) const ENTRY: Entry = Entry {
    name: "EXP3",
    roles: BOTH,
    summary: "arms with probabilities that fall exponentially with their estimated losses",
    sees: Information::OwnRewards,
    horizon: Horizon::Unread,
    draws: DRAWS,
    params: &[LEARNING_RATE, LOW, HIGH],
    fill,
    play: every_round!(|args, seat| ExponentialWeights::<false>::new(args, 0.0, seat.n_arms())),
};
