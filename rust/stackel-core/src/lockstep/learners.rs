//! Learners of the core as a vector player.

use std::ops::Range;

use super::{Lockstep, VectorPlayer};
use crate::engine::{Player, facing};
use crate::error::{SpecError, locating};
use crate::learners::{Config, RoundByRound};
use crate::rng::{Role, Stream};

/// The vector player of a learner of the core, built in or from outside.
pub struct Learners {
    /// The instances of each replication.
    teams: Vec<Team>,
    first: usize,
    /// The replication that is being asked or told.
    at: usize,
    /// Whether the learner may fail, as those from outside may.
    may_fail: bool,
}

/// The instances of a replication, and the stream of their decisions.
struct Team {
    players: Vec<Player>,
    choice: Stream,
}

impl Learners {
    /// Fresh learners for some replications of a run.
    pub fn new(
        config: &Config,
        role: Role,
        run: &Lockstep<'_>,
        replications: Range<usize>,
    ) -> Result<Self, SpecError> {
        let config = config.resolve(&run.seat(role))?;
        let seat = |action| match role {
            Role::Leader => run.seat(role),
            Role::Follower => config.follower_seat(run.game, action, run.horizon),
        };
        let team = |r| Team {
            players: (0..config.n_instances(role, run.game))
                .map(|action| Player::new(config.learner(&seat(action))))
                .collect(),
            choice: run.choice(role, r),
        };
        let located_team = |r| {
            locating(
                &mut (),
                |()| team(r),
                |failure, ()| failure.locate(r as u64, 0),
            )
        };
        Ok(Self {
            first: replications.start,
            at: 0,
            teams: replications.map(located_team).collect(),
            may_fail: config.entry().is_none(),
        })
    }

    /// Does something with the instances of each replication.
    fn each(&mut self, mut work: impl FnMut(usize, &mut Team)) {
        let mut visit = |this: &mut Self| {
            for (r, team) in this.teams.iter_mut().enumerate() {
                this.at = r;
                work(r, team);
            }
        };
        if self.may_fail {
            locating(self, visit, |failure, this| {
                failure
                    .replication
                    .get_or_insert((this.first + this.at) as u64);
            });
        } else {
            visit(self);
        }
    }
}

impl<E> VectorPlayer<E> for Learners {
    fn choose(&mut self, instances: &[usize], arms: &mut [usize]) -> Result<(), E> {
        self.each(|r, team| {
            arms[r] = facing(&mut team.players, instances[r]).choose(&mut team.choice);
        });
        Ok(())
    }

    fn observe(
        &mut self,
        instances: &[usize],
        _arms: &[usize],
        responses: &[usize],
        rewards: &[f64],
    ) -> Result<(), E> {
        self.each(|r, team| {
            facing(&mut team.players, instances[r]).take(responses[r], rewards[r]);
        });
        Ok(())
    }

    fn overhear(&mut self, arms: &[usize], rewards: &[f64]) -> Result<(), E> {
        // A player that overhears is one for all actions.
        self.each(|r, team| team.players[0].overhear(arms[r], rewards[r]));
        Ok(())
    }
}
