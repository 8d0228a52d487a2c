//! Playing one game: a leader's plan meets the plan of the follower's instance at that action.
//!
//! `PlannedPlay` intersects the two plans, finds in the table of rewards the first round after which one of them
//! ends, and counts the rounds of each pair of actions. `ReferencePlay` plays round by round: it
//! recomputes every decision, and it also plays learners that have no plans. All play the same game: what an
//! engine leaps over are rounds in which no decision can change.

mod course;
mod descent;
mod kind;
mod planned;
mod player;
mod reference;
mod rotation;
mod sampling;
mod setup;
mod trace;

pub(crate) use course::{Part, Stage, in_force};
pub use kind::EngineKind;
pub(crate) use planned::PlannedPlay;
pub(crate) use player::Player;
pub use sampling::sample_outcomes;
pub(crate) use setup::{Play, Setup, facing};
pub(crate) use trace::Trace;
