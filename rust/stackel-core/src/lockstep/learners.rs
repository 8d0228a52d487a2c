//! A learner of this crate as a vector player.

use std::ops::Range;

use super::{Lockstep, VectorPlayer};
use crate::engine::{Player, facing};
use crate::error::SpecError;
use crate::learners::{Config, RoundByRound, Seat};
use crate::rng::{Role, Stream};

/// The vector player of a learner of this crate.
pub struct Learners {
    /// The instances, one replication after the other.
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
        let instances = |_| (0..n_instances).map(player);
        Ok(Self {
            players: replications.clone().flat_map(instances).collect(),
            n_instances,
            choice: replications.map(|r| run.choice(role, r)).collect(),
        })
    }
}

impl<E> VectorPlayer<E> for Learners {
    fn choose(&mut self, instances: &[usize], arms: &mut [usize]) -> Result<(), E> {
        let rows = self.players.chunks_exact_mut(self.n_instances);
        for (r, (players, arm)) in rows.zip(arms).enumerate() {
            *arm = facing(players, instances[r]).choose(&mut self.choice[r]);
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
        let rows = self.players.chunks_exact_mut(self.n_instances);
        for (r, players) in rows.enumerate() {
            facing(players, instances[r]).take(responses[r], rewards[r]);
        }
        Ok(())
    }

    fn overhear(&mut self, arms: &[usize], rewards: &[f64]) -> Result<(), E> {
        // A follower that sees the leader's rewards has one instance for all actions.
        let rows = self.players.chunks_exact_mut(self.n_instances);
        for (r, players) in rows.enumerate() {
            players[0].overhear(arms[r], rewards[r]);
        }
        Ok(())
    }
}
