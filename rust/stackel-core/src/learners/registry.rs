//! The list of learners, and a learner's way from a name to a seat.

use super::schema::{Args, Param, Value};
use super::{
    Learner, RoundByRound, active_arm_elimination, best_response, explore_then_commit,
    explore_then_commit_throw_out, explore_then_ucb, fixed_action, lipschitz_ucb, phased_ucb, ucb,
    uniform,
};
use crate::error::SpecError;
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
];

/// Learners that can take either seat.
pub(super) const BOTH: &[Role] = &[Role::Leader, Role::Follower];

/// One learner of the registry.
pub struct Entry {
    /// Its name, the same in Rust, Python and files.
    pub name: &'static str,
    /// Seats it can take.
    pub roles: &'static [Role],
    /// What it does, in a line.
    pub summary: &'static str,
    /// Its parameters.
    pub params: &'static [Param],
    /// Fills in what depends on the seat, and checks what can be checked only now.
    pub(super) fill: fn(&mut Args, &Seat) -> Result<(), SpecError>,
    /// Builds it from filled-in parameters.
    pub(super) learner: fn(&Args, &Seat) -> Box<dyn Learner>,
    /// Builds its definition from filled-in parameters.
    pub(super) round_by_round: fn(&Args, &Seat) -> Box<dyn RoundByRound>,
}

/// For learners whose parameters do not depend on the seat.
#[allow(clippy::unnecessary_wraps)] // the type of every `fill`
pub(super) fn nothing_to_fill(_args: &mut Args, _seat: &Seat) -> Result<(), SpecError> {
    Ok(())
}

/// What a learner is told about its place before the game starts.
#[derive(Debug, Clone, Copy)]
pub struct Seat<'a> {
    /// Which player it is.
    pub role: Role,
    /// Number of rounds T of the whole game.
    pub horizon: u64,
    /// Number of leader actions |A|.
    pub n_leader: usize,
    /// Number of follower actions |B|.
    pub n_follower: usize,
    /// Mean utility of each arm. Only omniscient learners may look; empty for the leader, whose
    /// arms have none of their own.
    pub means: &'a [f64],
}

impl Seat<'_> {
    /// Number of arms K the learner has.
    pub fn n_arms(&self) -> usize {
        match self.role {
            Role::Leader => self.n_leader,
            Role::Follower => self.n_follower,
        }
    }
}

/// A learner's name with checked parameters.
///
/// ```
/// use stackel_core::learners::{Config, schema::Value};
/// let ucb = Config::new("UCB", vec![("sigma".to_string(), Value::Real(0.5))]);
/// assert!(ucb.is_ok());
/// ```
#[derive(Clone)]
pub struct Config {
    entry: &'static Entry,
    args: Args,
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
        Ok(Self { entry, args })
    }

    /// The same learner with its defaults filled in for a seat.
    pub fn resolve(&self, seat: &Seat) -> Result<Self, SpecError> {
        if !self.entry.roles.contains(&seat.role) {
            let can: Vec<_> = REGISTRY
                .iter()
                .filter(|entry| entry.roles.contains(&seat.role))
                .map(|entry| entry.name)
                .collect();
            let allowed = format!(
                "a learner that can be the {}: {}",
                seat.role.name(),
                can.join(", ")
            );
            return Err(SpecError::new(seat.role.name(), allowed, self.entry.name));
        }
        let mut resolved = self.clone();
        (self.entry.fill)(&mut resolved.args, seat)?;
        Ok(resolved)
    }

    /// The registry's entry.
    pub fn entry(&self) -> &'static Entry {
        self.entry
    }

    /// The parameters.
    pub fn args(&self) -> &Args {
        &self.args
    }

    /// A fresh learner in a seat. The parameters must be filled in.
    pub(crate) fn learner(&self, seat: &Seat) -> Box<dyn Learner> {
        (self.entry.learner)(&self.args, seat)
    }

    /// A fresh learner that follows the definition round by round.
    pub(crate) fn round_by_round(&self, seat: &Seat) -> Box<dyn RoundByRound> {
        (self.entry.round_by_round)(&self.args, seat)
    }
}
