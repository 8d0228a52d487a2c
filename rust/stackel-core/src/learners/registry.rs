//! What a player is configured to be: a learner of the registry with its parameters, or an algorithm of your own.

use std::sync::Arc;

pub use super::REGISTRY;
use super::algorithm::Algorithm;
use super::entry::{Entry, Leaping, Seat};
use super::schema::{Args, Value};
use super::support::each_round::EachRound;
use super::{Information, Learner, RoundByRound, blind};
use crate::error::SpecError;
use crate::game::Game;
use crate::rng::Role;

/// A learner and its checked parameters: one of the registry, or an algorithm of your own.
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
    /// Finds a learner of the registry by its name, and checks its parameters.
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
        Self::of(entry, given)
    }

    /// Checks the parameters of a learner.
    pub(super) fn of(
        entry: &'static Entry,
        given: Vec<(String, Value)>,
    ) -> Result<Self, SpecError> {
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

    /// The learner that it is made of, if it is made of one.
    pub fn made_of(&self) -> Option<&Config> {
        self.args().learner()
    }

    /// Whether it is a learner that `is`, or is made of one.
    fn any(&self, is: impl Fn(&Config) -> bool) -> bool {
        std::iter::successors(Some(self), |config| config.made_of()).any(is)
    }

    /// Whether its choices may be random; those of an algorithm of your own may.
    pub fn randomises(&self) -> bool {
        let is_random = |value: &Value| matches!(value, Value::Text(word) if word == "random");
        self.any(|config| {
            config.entry().is_none_or(|entry| entry.draws.is_some())
                || config.args().iter().any(|(_, value)| is_random(value))
        })
    }

    /// Whether a follower does not see the leader's action: it is then one learner for all of them, whose rounds
    /// are those of the game.
    pub(crate) fn is_blind(&self) -> bool {
        self.any(|config| {
            config
                .entry()
                .is_some_and(|entry| entry.name == blind::NAME)
        })
    }

    /// Whether it is an algorithm of your own, or made of one.
    pub(crate) fn is_own(&self) -> bool {
        self.any(|config| config.entry().is_none())
    }

    /// Whether it ever decides for more than one round, and makes the choices of its definition.
    pub(super) fn plans_ahead(&self) -> bool {
        match &self.0 {
            Source::Registered { entry, args } => entry.play.plans_ahead_with(args),
            Source::Own(algorithm) => algorithm.planner().is_some(),
        }
    }

    /// Whether it is an index policy from the first round on: see [`Learner::index_arms`].
    pub(super) fn is_index(&self) -> bool {
        match &self.0 {
            Source::Registered { entry, args } => (entry.play.is_index)(args),
            Source::Own(_) => false,
        }
    }

    /// How it can be leapt over: "alike" with the choices of its definition, "in law" with choices that have their law,
    /// "no" if not at all.
    pub fn how_it_leaps(&self) -> &'static str {
        match (self.leaps_in_law(), self.plans_ahead()) {
            (true, _) => "in law",
            (false, true) => "alike",
            (false, false) => "no",
        }
    }

    /// Whether it ever decides for more than one round where the engine leaps.
    pub(crate) fn leaps(&self) -> bool {
        self.leaps_in_law() || self.plans_ahead()
    }

    /// What it is told that others are not.
    pub(crate) fn sees(&self) -> Information {
        match &self.0 {
            Source::Registered { entry, args } => args.learner().map_or(entry.sees, Config::sees),
            Source::Own(algorithm) => algorithm.sees(),
        }
    }

    /// How many independent instances of it a player has in a game.
    pub(crate) fn n_instances(&self, role: Role, game: &Game) -> usize {
        match role {
            Role::Follower if !self.answers_all_actions() && !self.is_blind() => game.n_leader(),
            _ => 1,
        }
    }

    /// Whether a follower is one learner for all leader actions, which it sees.
    pub(crate) fn answers_all_actions(&self) -> bool {
        match &self.0 {
            Source::Registered { .. } => matches!(
                self.sees(),
                Information::Rewards | Information::OwnRewardsUnderAll
            ),
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
        if self.is_blind() {
            return seat.unsighted();
        }
        Seat {
            leader_action: (!self.answers_all_actions()).then_some(action),
            ..seat
        }
    }

    /// Whether its choices agree with those of its definition in law only, where the engine leaps.
    pub fn leaps_in_law(&self) -> bool {
        match &self.0 {
            Source::Registered { entry, args } => leaping(entry, args).is_some(),
            Source::Own(_) => false,
        }
    }

    /// See [`Algorithm::effort`].
    pub(crate) fn effort(&self) -> u64 {
        match &self.0 {
            Source::Registered { args, .. } => args.learner().map_or(1, Config::effort),
            Source::Own(algorithm) => algorithm.effort().max(1),
        }
    }

    /// Whether it has no plans at all, but is asked in every round.
    pub(crate) fn is_asked_every_round(&self) -> bool {
        self.any(
            |config| matches!(&config.0, Source::Own(algorithm) if algorithm.planner().is_none()),
        )
    }

    /// A fresh learner in a seat. The parameters must be filled in. Where the engine leaps, its choices may be those of
    /// the definition in law only.
    pub(crate) fn learner(&self, seat: &Seat, leaps: bool) -> Box<dyn Learner> {
        match &self.0 {
            Source::Registered { entry, args } => match leaping(entry, args) {
                Some(leaping) if leaps => (leaping.learner)(args, seat),
                _ => (entry.play.learner)(args, seat),
            },
            Source::Own(algorithm) => match algorithm.planner() {
                Some(planner) => planner.learner(seat),
                None => EachRound::boxed(algorithm.rule(seat)),
            },
        }
    }

    /// A fresh learner that follows the definition round by round. The parameters must be filled in.
    pub(crate) fn round_by_round(&self, seat: &Seat) -> Box<dyn RoundByRound> {
        match &self.0 {
            Source::Registered { entry, args } => (entry.play.round_by_round)(args, seat),
            Source::Own(algorithm) => algorithm.rule(seat),
        }
    }
}

/// Equal learners of the registry have equal parameters; an algorithm of your own equals itself.
impl PartialEq for Config {
    fn eq(&self, other: &Self) -> bool {
        match (&self.0, &other.0) {
            (
                Source::Registered { entry, args },
                Source::Registered {
                    entry: other,
                    args: others,
                },
            ) => entry.name == other.name && args == others,
            (Source::Own(algorithm), Source::Own(other)) => Arc::ptr_eq(algorithm, other),
            _ => false,
        }
    }
}

impl std::fmt::Debug for Config {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_tuple(self.name()).field(self.args()).finish()
    }
}

/// The learner for leaps with these parameters.
fn leaping(entry: &'static Entry, args: &Args) -> Option<&'static Leaping> {
    entry.leaping().filter(|leaping| leaping.is_for(args))
}

fn check_role(entry: &Entry, role: Role) -> Result<(), SpecError> {
    if entry.roles.contains(&role) {
        return Ok(());
    }
    let can: Vec<_> = entry.roles.iter().map(|role| role.name()).collect();
    let (name, seat) = (entry.name, role.name());
    let allowed = format!(
        "a learner that can be the {seat}, which {name} cannot: it is a {}; learner_schema() lists the seats of all",
        can.join(", ")
    );
    Err(SpecError::new(seat, allowed, name))
}

#[cfg(test)]
mod entries;
