//! The table of rewards: what each pull of each arm brings, whoever pulls it and whenever.
//!
//! Noise belongs to (seed, replication, player, arm, n) and not to the round: the n-th pull of an arm reads the
//! n-th entry of the arm's *tape*. So all engines play the same game, whatever they leap over; and two runs with
//! one seed meet the same n-th reward of each arm.
//!
//! An arm is what the player counts: a leader's action, or a follower's response to an action. Where the law of the
//! noise depends on the mean, as that of coins does, it is a pair of actions for both players.
//!
//! `key` says which random words belong to a place, `tree` how tapes have sums; `gaussian`, `coins`, and `uniform` with
//! `digits` have the laws of their entries, `whole` the random whole numbers of the latter two. `bar` is the curve that a
//! search runs along, `bridge` the reason why it may leave out what lies between two places. `sums` has the whole
//! numbers in which rewards are added up, `scatter` squares of rewards, which have no sums on a tape.

mod bar;
mod bridge;
mod coins;
mod digits;
mod gaussian;
mod inspection;
mod key;
mod scale;
mod scatter;
mod student;
mod sums;
mod table;
mod tape;
#[cfg(test)]
mod tests;
mod tree;
mod uniform;
mod whole;

pub(crate) use self::bar::Search;
pub(crate) use self::bridge::Bridge;
pub use self::inspection::Inspection;
pub(crate) use self::scale::Scale;
pub(crate) use self::scatter::CERTAINTY;
pub(crate) use self::sums::Exact;
pub use self::sums::Rewards;
pub(crate) use self::table::Table;
