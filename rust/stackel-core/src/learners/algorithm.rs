//! Learners from outside this crate.

use super::{Information, Learner, RoundByRound, Seat};
use crate::error::SpecError;

/// An algorithm of your own. It makes a fresh learner for each seat.
///
/// A leader is one learner in each replication, a follower one independent learner for each leader action.
/// Runs take an algorithm as [`Config::own`](super::Config::own).
///
/// ```
/// use stackel_core::learners::{Algorithm, RoundByRound, Seat};
/// use stackel_core::rng::Stream;
/// use stackel_core::{Checkpoints, Config, EngineKind, Experiment, Game, Noise, Rewards};
///
/// /// Keep an arm while its last reward reached the aspiration, else go on to the next.
/// struct WinStay {
///     aspiration: f64,
/// }
///
/// /// One learner that follows this rule.
/// struct Rule {
///     aspiration: f64,
///     n_arms: usize,
///     arm: usize,
/// }
///
/// impl Algorithm for WinStay {
///     fn name(&self) -> &str {
///         "WinStay"
///     }
///
///     fn rule(&self, seat: &Seat) -> Box<dyn RoundByRound> {
///         Box::new(Rule { aspiration: self.aspiration, n_arms: seat.n_arms(), arm: 0 })
///     }
/// }
///
/// impl RoundByRound for Rule {
///     fn choose(&mut self, _choice: &mut Stream) -> usize {
///         self.arm
///     }
///
///     fn observe(&mut self, arm: usize, _response: usize, reward: &Rewards) {
///         if reward.value() < self.aspiration {
///             self.arm = (arm + 1) % self.n_arms;
///         }
///     }
/// }
///
/// let game = Game::new(2, 2, vec![0.2, 0.4, 0.9, 0.6], vec![0.1, 0.8, 0.9, 0.2], [Noise::Deterministic; 2])?;
/// let (leader, follower) = (Config::new("UCB", vec![])?, Config::own(WinStay { aspiration: 0.5 }));
/// let run = Experiment::new(
///     &game, &leader, &follower, 1_000, 1, 7, Checkpoints::Rounds(vec![1_000]), EngineKind::Stepwise,
/// )?;
/// let outcome = run.run(1, &mut |_fraction_done| true)?;
/// // After one disappointment at leader action 0, the answers are 1 and 0.
/// assert_eq!((outcome.pulls[0], outcome.pulls[3]), (1, 0));
/// # Ok::<(), stackel_core::RunError>(())
/// ```
///
/// An algorithm that knows how long its decisions stand is faster, and can leap, if it says so: see
/// [`Planner`].
pub trait Algorithm: Send + Sync {
    /// Its name, for messages.
    fn name(&self) -> &str;

    /// Refuses a seat that it cannot take; called before anything runs.
    fn check(&self, _seat: &Seat) -> Result<(), SpecError> {
        Ok(())
    }

    /// What it is told that others are not. A follower that sees the leader's rewards is one learner for all
    /// leader actions (see [`Self::answers_all_actions`]) and is told of them by [`RoundByRound::overhear`].
    fn sees(&self) -> Information {
        Information::OwnRewards
    }

    /// Whether a follower is one learner for all leader actions instead of one for each. It then has to be
    /// asked in every round, after [`RoundByRound::face`] has told it the leader's action.
    fn answers_all_actions(&self) -> bool {
        self.sees() == Information::Rewards
    }

    /// A fresh learner in a seat, which is asked every round. One that cannot go on ends the run by
    /// [`LearnerFailure::unwind`](crate::LearnerFailure::unwind).
    ///
    /// # Panics
    ///
    /// Runs panic when a learner names an arm that it does not have.
    fn rule(&self, seat: &Seat) -> Box<dyn RoundByRound>;

    /// The same rule as plans, if it can decide ahead.
    fn planner(&self) -> Option<&dyn Planner> {
        None
    }

    /// How long a decision may take, in units of 5 ns, which is what an engine needs for a round. Runs of slow
    /// learners check more often whether they have to stop.
    fn effort(&self) -> u64 {
        1
    }
}

/// An algorithm that decides ahead; implement it for the [`Algorithm`] itself, whose `planner` is then
/// `Some(self)`.
///
/// The reference engine, which recomputes every decision, plays [`Algorithm::rule`]; the other engines play
/// these learners. Both have to give the same bits.
pub trait Planner {
    /// A fresh learner in a seat, which is asked when its [`Plan`](super::Plan) has ended.
    fn learner(&self, seat: &Seat) -> Box<dyn Learner>;
}
