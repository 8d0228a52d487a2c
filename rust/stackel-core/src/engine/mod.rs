//! Playing one game: a leader's plan meets the plan of the follower's instance at that action.
//!
//! `PlannedPlay` intersects the two plans, lets an `Engine` draw the stretch of rounds in which both
//! decisions stand, and counts the rounds of each pair of actions. `ReferencePlay` plays round by round: it
//! recomputes every decision, and it also plays learners that have no plans.

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
