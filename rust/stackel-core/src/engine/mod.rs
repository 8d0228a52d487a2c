//! Playing the game: a leader's plan meets the plan of the follower's instance at that action.
//!
//! `PlannedPlay` intersects the two plans, lets an `Engine` draw the stretch of rounds in which both
//! decisions stand, and counts what was played. `NaivePlay` does the same round by round: where every
//! decision is recomputed, and for players without plans.

pub mod abreast;
mod agent;
mod descent;
mod kind;
mod leap;
mod naive;
mod planned;
mod player;
mod setup;
mod stepwise;
mod stretch;
mod survey;
mod sweep;
mod trace;

pub use agent::Agent;
pub use kind::EngineKind;
pub(crate) use planned::PlannedPlay;
pub(crate) use setup::{Play, Setup};
pub use survey::survey;
pub(crate) use trace::Trace;
