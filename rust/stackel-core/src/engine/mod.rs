//! Playing the game: a leader's plan meets the plan of the follower's instance at that action.
//!
//! `PlannedPlay` intersects the two plans, lets an `Engine` draw the stretch of rounds in which both
//! decisions stand, and counts what was played. `ReferencePlay` does the same round by round: where every
//! decision is recomputed, and for players without plans.

mod descent;
mod kind;
mod leap;
mod planned;
mod player;
mod reference;
mod reward_use;
mod rotation;
mod sampling;
mod setup;
pub(crate) mod stepwise;
mod stretch;
mod trace;

pub use kind::EngineKind;
pub(crate) use planned::PlannedPlay;
pub(crate) use player::Player;
pub use sampling::sample_outcomes;
pub(crate) use setup::{Play, Setup, facing};
pub(crate) use stretch::Engine;
pub(crate) use trace::Trace;
