//! The list of learners, and the way from a name to a learner in its seat.

use std::sync::Arc;

use super::algorithm::Algorithm;
use super::entry::{Entry, Seat};
use super::schema::{Args, Value};
use super::support::each_round::EachRound;
use super::{
    Information, Learner, RoundByRound, active_arm_elimination, best_manipulation, best_response,
    discounted_ucb, epsilon_greedy, exp3, exp3_ix, explore_then_commit,
    explore_then_commit_adaptive, explore_then_commit_throw_out, explore_then_ucb, fixed_action,
    hierarchical_ucb, klucb, lipschitz_ucb, manipulation_ucb, moss, phased_ucb, sliding_window_ucb,
    thompson_sampling, ucb, ucbv, uniform,
};
use crate::error::SpecError;
use crate::game::Game;
use crate::rng::Role;

/// Every learner, in the order of the definitions. Adding one is adding its line here.
pub static REGISTRY: &[Entry] = &[
    explore_then_commit::ENTRY,
    explore_then_commit_throw_out::ENTRY,
    explore_then_ucb::ENTRY,
    ucb::ENTRY,
    active_arm_elimination::ENTRY,
    lipschitz_ucb::ENTRY,
    phased_ucb::ENTRY,
    fixed_action::ENTRY,
    best_response::ENTRY,
    uniform::ENTRY,
    epsilon_greedy::ENTRY,
    thompson_sampling::ENTRY,
    klucb::ENTRY,
    ucbv::ENTRY,
    moss::ENTRY,
    explore_then_commit_adaptive::ENTRY,
    exp3::ENTRY,
    exp3_ix::ENTRY,
    sliding_window_ucb::ENTRY,
    discounted_ucb::ENTRY,
    hierarchical_ucb::ENTRY,
    best_manipulation::ENTRY,
    manipulation_ucb::ENTRY,
];

/// A learner to be seated: one of the registry with checked parameters, or anybody's own.
///
/// ```
/// use stackel_core::learners::{Config, schema::Value};
/// let ucb = Config::new("UCB", vec![("sigma".to_string(), Value::Real(0.5))]);
/// assert!(ucb.is_ok());
/// ```
#[derive(Clone)]
pub struct Config(Source);

#[derive(Clone)]
enum Source {
    Registered { entry: &'static Entry, args: Args },
    Own(Arc<dyn Algorithm>),
}

impl Config {
    /// Looks a learner up and reads its parameters.
    pub fn new(name: &str, given: Vec<(String, Value)>) -> Result<Self, SpecError> {
        let entry = REGISTRY
            .iter()
            .find(|entry| entry.name == name)
            .ok_or_else(|| {
                let known: Vec<_> = REGISTRY.iter().map(|entry| entry.name).collect();
                SpecError::new(
                    "learner",
                    format!("one of {}", known.join(", ")),
                    format!("{name:?}"),
                )
            })?;
        let args = Args::read(entry.name, entry.params, given)?;
        Ok(Self(Source::Registered { entry, args }))
    }

    /// A learner that the registry does not know; see [`Algorithm`].
    pub fn own(algorithm: impl Algorithm + 'static) -> Self {
        Self(Source::Own(Arc::new(algorithm)))
    }

    /// The same learner with its defaults filled in for a seat.
    pub fn resolve(&self, seat: &Seat) -> Result<Self, SpecError> {
        match &self.0 {
            Source::Registered { entry, args } => {
                check_role(entry, seat.role)?;
                let mut args = args.clone();
                (entry.fill)(&mut args, seat)?;
                Ok(Self(Source::Registered { entry, args }))
            }
            Source::Own(algorithm) => {
                algorithm.check(seat)?;
                Ok(self.clone())
            }
        }
    }

    /// Its name.
    pub fn name(&self) -> &str {
        match &self.0 {
            Source::Registered { entry, .. } => entry.name,
            Source::Own(algorithm) => algorithm.name(),
        }
    }

    /// The registry's entry, if it has one.
    pub fn entry(&self) -> Option<&'static Entry> {
        match self.0 {
            Source::Registered { entry, .. } => Some(entry),
            Source::Own(_) => None,
        }
    }

    /// The parameters that the registry knows of.
    pub fn args(&self) -> &Args {
        match &self.0 {
            Source::Registered { args, .. } => args,
            Source::Own(_) => Args::NONE,
        }
    }

    /// Whether it ever decides for more than one round.
    pub(crate) fn plans_ahead(&self) -> bool {
        match &self.0 {
            Source::Registered { entry, .. } => entry.plans_ahead,
            Source::Own(algorithm) => algorithm.planner().is_some(),
        }
    }

    /// What it is told that others are not.
    pub(crate) fn sees(&self) -> Information {
        match &self.0 {
            Source::Registered { entry, .. } => entry.sees,
            Source::Own(algorithm) => algorithm.sees(),
        }
    }

    /// How many learners it takes to be a player in a game.
    pub(crate) fn n_instances(&self, role: Role, game: &Game) -> usize {
        match role {
            Role::Follower if !self.answers_all_actions() => game.n_leader(),
            _ => 1,
        }
    }

    /// Whether a follower is one learner for all leader actions.
    pub(crate) fn answers_all_actions(&self) -> bool {
        match &self.0 {
            Source::Registered { entry, .. } => entry.sees == Information::Rewards,
            Source::Own(algorithm) => algorithm.answers_all_actions(),
        }
    }

    /// The seat of the instance that answers `action`, with what such a follower knows before it plays.
    pub(crate) fn follower_seat<'g>(
        &self,
        game: &'g Game,
        action: usize,
        horizon: u64,
    ) -> Seat<'g> {
        let seat = Seat::answering(game, action, self.sees(), horizon);
        Seat {
            leader_action: (!self.answers_all_actions()).then_some(action),
            ..seat
        }
    }

    /// See [`Algorithm::effort`].
    pub(crate) fn effort(&self) -> u64 {
        match &self.0 {
            Source::Registered { .. } => 1,
            Source::Own(algorithm) => algorithm.effort().max(1),
        }
    }

    /// Whether it has no plans at all.
    pub(crate) fn is_asked_every_round(&self) -> bool {
        matches!(&self.0, Source::Own(algorithm) if algorithm.planner().is_none())
    }

    /// A fresh learner in a seat. The parameters must be filled in.
    pub(crate) fn learner(&self, seat: &Seat) -> Box<dyn Learner> {
        match &self.0 {
            Source::Registered { entry, args } => (entry.learner)(args, seat),
            Source::Own(algorithm) => match algorithm.planner() {
                Some(planner) => planner.learner(seat),
                None => EachRound::boxed(algorithm.rule(seat)),
            },
        }
    }

    /// A fresh learner that follows the definition round by round. The parameters must be filled in.
    pub(crate) fn round_by_round(&self, seat: &Seat) -> Box<dyn RoundByRound> {
        match &self.0 {
            Source::Registered { entry, args } => (entry.round_by_round)(args, seat),
            Source::Own(algorithm) => algorithm.rule(seat),
        }
    }
}

fn check_role(entry: &Entry, role: Role) -> Result<(), SpecError> {
    if entry.roles.contains(&role) {
        return Ok(());
    }
    let can: Vec<_> = REGISTRY
        .iter()
        .filter(|entry| entry.roles.contains(&role))
        .map(|entry| entry.name)
        .collect();
    let allowed = format!(
        "a learner that can be the {}: {}",
        role.name(),
        can.join(", ")
    );
    Err(SpecError::new(role.name(), allowed, entry.name))
}
