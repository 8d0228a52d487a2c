//! Learners of this crate as a party.

use std::ops::Range;

use super::{Lockstep, VectorPlayer};
use crate::engine::{Player, facing};
use crate::error::SpecError;
use crate::learners::{Config, RoundByRound, Seat};
use crate::rng::{Role, Stream};

/// The party of a learner of this crate.
pub struct Learners {
    /// Replication by replication, the instances.
    players: Vec<Player>,
    n_instances: usize,
    choice: Vec<Stream>,
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
        let n_instances = config.n_instances(role, run.game);
        let player = |action| {
            let seat = match role {
                Role::Leader => run.seat(role),
                Role::Follower => Seat::answering(run.game, action, config.sees(), run.horizon),
            };
            Player::new(config.learner(&seat))
        };
        let team = |_| (0..n_instances).map(player);
        Ok(Self {
            players: replications.clone().flat_map(team).collect(),
            n_instances,
            choice: replications.map(|r| run.choice(role, r)).collect(),
        })
    }
}

impl<E> VectorPlayer<E> for Learners {
    fn choose(&mut self, instances: &[usize], arms: &mut [usize]) -> Result<(), E> {
        let teams = self.players.chunks_exact_mut(self.n_instances);
        for (r, (team, arm)) in teams.zip(arms).enumerate() {
            *arm = facing(team, instances[r]).choose(&mut self.choice[r]);
        }
        Ok(())
    }

    fn observe(
        &mut self,
        instances: &[usize],
        _arms: &[usize],
        responses: &[usize],
        rewards: &[f64],
    ) -> Result<(), E> {
        let teams = self.players.chunks_exact_mut(self.n_instances);
        for (r, team) in teams.enumerate() {
            facing(team, instances[r]).take(responses[r], rewards[r]);
        }
        Ok(())
    }

    fn overhear(&mut self, arms: &[usize], rewards: &[f64]) -> Result<(), E> {
        // One that overhears answers all actions.
        let teams = self.players.chunks_exact_mut(self.n_instances);
        for (r, team) in teams.enumerate() {
            team[0].overhear(arms[r], rewards[r]);
        }
        Ok(())
    }
}
