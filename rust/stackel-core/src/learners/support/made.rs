//! Learners that are made of another learner, the parameter `of`.

use crate::error::{LearnerFailure, SpecError};
use crate::learners::schema::Args;
use crate::learners::{Config, Information, Learner, RoundByRound, Seat};
use crate::rng::Role;

/// What a learner may be told that starts afresh, or is told its rewards later.
pub(in crate::learners) const LEARNING: &[Information] = &[
    Information::OwnRewards,
    Information::OwnRewardsUnderAll,
    Information::Responses,
    Information::OwnMeans,
];

/// Refuses a learner `of` that is told anything else than what one of `allowed` says.
pub(in crate::learners) fn check_of(args: &Args, allowed: &[Information]) -> Result<(), SpecError> {
    let of = args.made_of();
    if allowed.contains(&of.sees()) {
        return Ok(());
    }
    let names: Vec<_> = allowed.iter().map(|each| each.name()).collect();
    Err(SpecError::new(
        "of",
        format!("a learner that sees {}", names.join(", or ")),
        format!("{}, which sees: {}", of.name(), of.sees().name()),
    ))
}

/// The same, and fills in the defaults of `of` for a seat.
pub(in crate::learners) fn resolve_of(
    args: &mut Args,
    allowed: &[Information],
    seat: &Seat,
) -> Result<(), SpecError> {
    check_of(args, allowed)?;
    let of = args.made_of().resolve(seat)?;
    args.remake(of);
    Ok(())
}

/// What a learner is told of its seat, kept for the learners that it makes later on. Whoever is told the game is not kept.
#[derive(Clone)]
pub(in crate::learners) struct KeptSeat {
    role: Role,
    n_leader: usize,
    n_follower: usize,
    leader_action: Option<usize>,
    /// What the leader has played last, for a follower that answers all of its actions.
    pub(in crate::learners) facing: usize,
    blind: bool,
    coins: bool,
    normal: bool,
    means: Box<[f64]>,
}

impl KeptSeat {
    pub(in crate::learners) fn of(seat: &Seat) -> Self {
        Self {
            role: seat.role,
            n_leader: seat.n_leader,
            n_follower: seat.n_follower,
            leader_action: seat.leader_action,
            facing: 0,
            blind: seat.blind,
            coins: seat.coins,
            normal: seat.normal,
            means: seat.means.into(),
        }
    }

    /// The seat, in a game of so many rounds.
    pub(in crate::learners) fn with(&self, horizon: u64) -> Seat<'_> {
        Seat {
            role: self.role,
            horizon,
            n_leader: self.n_leader,
            n_follower: self.n_follower,
            leader_action: self.leader_action,
            blind: self.blind,
            coins: self.coins,
            normal: self.normal,
            means: &self.means,
            full_game: None,
        }
    }
}

/// A fresh learner that is told a horizon. Its defaults depend on it.
pub(in crate::learners) fn fresh(of: &Config, kept: &KeptSeat, horizon: u64) -> Box<dyn Learner> {
    planned(of, kept, horizon, false)
}

/// The same one, with choices in law only if it leaps so.
pub(in crate::learners) fn fresh_in_law(
    of: &Config,
    kept: &KeptSeat,
    horizon: u64,
) -> Box<dyn Learner> {
    planned(of, kept, horizon, true)
}

fn planned(of: &Config, kept: &KeptSeat, horizon: u64, leaps: bool) -> Box<dyn Learner> {
    let seat = kept.with(horizon);
    let mut learner = resolved(of, &seat).learner(&seat, leaps);
    learner.face(kept.facing);
    learner
}

/// The same one round by round.
pub(in crate::learners) fn fresh_definition(
    of: &Config,
    kept: &KeptSeat,
    horizon: u64,
) -> Box<dyn RoundByRound> {
    let seat = kept.with(horizon);
    let mut rule = resolved(of, &seat).round_by_round(&seat);
    rule.face(kept.facing);
    rule
}

fn resolved(of: &Config, seat: &Seat) -> Config {
    match of.resolve(seat) {
        Ok(config) => config,
        // What depends on the horizon is checked for the longest one before anything runs.
        Err(error) => LearnerFailure::unwind(error, format!("the start of {}", of.name())),
    }
}
