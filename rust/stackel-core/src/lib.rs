//! Repeated Stackelberg games in which both players learn.
//!
//! A leader acts, a follower sees the action and answers; each receives a noisy reward of its own
//! and runs its own bandit algorithm. This crate plays such games fast:
//!
//! - [`game`]: mean utilities and [`noise`] laws;
//! - [`learners`]: one algorithm a file; a learner names an arm and says how long the decision stands;
//! - [`engine`]: joins the two players' plans and draws the rewards;
//! - [`record`]: checkpoints and cumulative utilities;
//! - [`outcome`]: the arrays that a run returns;
//! - [`ensemble`]: many replications of one game, in parallel;
//! - [`lockstep`]: many replications of one game, round by round, for players that decide for all of
//!   them at once;
//! - [`batch`]: many games at once;
//! - [`simulation`]: one game in pieces, in which the caller may decide; an [`Agent`] is one player of
//!   a game that is played elsewhere;
//! - [`archive`]: the state of a simulation or an agent as bytes;
//! - [`supervision`]: threads, progress and cancellation.
//!
//! Other crates can add learners, by [`learners::Algorithm`], and reward laws, by [`noise::Law`]. A
//! player that may fail, or that decides for many replications at once, implements
//! [`VectorPlayer`](lockstep::VectorPlayer).
//!
//! ```
//! use stackel_core::{Checkpoints, Config, EngineKind, Experiment, Game, Noise};
//!
//! let noise = [Noise::Gaussian { sigma: 1.0 }; 2];
//! let game = Game::new(2, 2, vec![0.6, 0.2, 0.5, 0.4], vec![0.4, 0.0, 0.3, 0.2], noise)?;
//! let ucb = Config::new("UCB", vec![])?;
//! let run = Experiment::new(
//!     &game, &ucb, &ucb, 10_000, 4, 2024, Checkpoints::Rounds(vec![10_000]), EngineKind::Stepwise,
//! )?;
//! let outcome = run.run(2, &mut |_fraction_done| true)?;
//! assert_eq!(outcome.pulls.iter().sum::<i64>(), 4 * 10_000);
//! # Ok::<(), stackel_core::RunError>(())
//! ```

//! # As the engine of a bandit library
//!
//! A plain bandit is a game in which the learner leads and the follower has a single action: a [`Game`] with one
//! column, the library's policy as the leader, and `FixedAction` as the follower. The library's own trait becomes
//! an [`Algorithm`](learners::Algorithm) in some thirty lines: `rule` makes a policy for a replication, and its
//! [`RoundByRound`](learners::RoundByRound) asks for an arm and tells the reward. What the engine adds:
//!
//! - replications on all cores, whose bits depend on neither threads nor order;
//! - random numbers for each policy ([`rng::Stream`]), and rewards that all policies share: with one seed, the n-th
//!   pull of an arm brings the same reward to each of them;
//! - a policy that knows how long its decisions stand says so by a [`Planner`](learners::Planner), and is no
//!   longer asked in every round: games of 10^9 rounds take milliseconds;
//! - checkpoints, and counts of each arm over time ([`Experiment::tracing`]).
//!
//! `examples/rust-backend` in the repository is such a library: its trait, the adapter, and a test that its rule
//! plays the games of this crate's `UCB`.

#![forbid(unsafe_code)]

pub mod archive;
pub mod batch;
mod beta;
mod decay;
pub mod engine;
pub mod ensemble;
pub mod error;
pub mod game;
mod gamma;
pub mod learners;
pub mod lockstep;
mod math;
pub mod noise;
mod normal;
pub mod outcome;
pub mod record;
mod rewards;
pub mod rng;
pub mod simulation;
pub mod supervision;
mod tail;

pub use batch::{Batch, BatchOutcome};
pub use engine::EngineKind;
pub use ensemble::Experiment;
pub use error::{LearnerFailure, RunError, SpecError};
pub use game::{Game, Piece};
pub use learners::Config;
pub use noise::Noise;
pub use outcome::{Outcome, Traces};
pub use record::Checkpoints;
pub use rewards::{Inspection, Rewards};
pub use simulation::{Agent, Rounds, Simulation};

/// Runs the example of the README.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
pub struct Readme;
