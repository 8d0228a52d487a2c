//! Learners of the core as a vector player.

use std::ops::Range;

use super::{Lockstep, VectorPlayer};
use crate::engine::{Player, facing};
use crate::error::{SpecError, locating};
use crate::learners::{Config, RoundByRound};
use crate::rewards::Rewards;
use crate::rng::{Role, Stream};

/// The vector player of a learner of the core, built in or from outside.
pub struct Learners {
    /// The instances, one replication after the other.
    players: Vec<Player>,
    n_instances: usize,
    first: usize,
    /// Whether the learner may fail, as those from outside may.
    may_fail: bool,
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
                Role::Follower => config.follower_seat(run.game, action, run.horizon),
            };
            Player::new(config.learner(&seat, false))
        };
        let instances = |r| {
            locating(
                &mut (),
                |()| (0..n_instances).map(player).collect::<Vec<_>>(),
                |failure, ()| failure.locate(r as u64, 0),
            )
        };
        Ok(Self {
            players: replications.clone().flat_map(instances).collect(),
            n_instances,
            first: replications.start,
            may_fail: config.is_own(),
        })
    }

    /// Does something with the instances of each replication.
    #[inline]
    fn each(&mut self, mut work: impl FnMut(usize, &mut [Player])) {
        let teams = self.players.chunks_exact_mut(self.n_instances);
        let teams = teams.enumerate();
        if !self.may_fail {
            teams.for_each(|(r, team)| work(r, team));
            return;
        }
        let visit = |at: &mut usize| {
            for (r, team) in teams {
                *at = r;
                work(r, team);
            }
        };
        locating(&mut 0, visit, |failure, at| {
            failure.replication.get_or_insert((self.first + at) as u64);
        });
    }
}

impl<E> VectorPlayer<E> for Learners {
    fn choose(
        &mut self,
        instances: &[usize],
        streams: &mut [Stream],
        arms: &mut [usize],
    ) -> Result<(), E> {
        self.each(|r, team| arms[r] = facing(team, instances[r]).choose(&mut streams[r]));
        Ok(())
    }

    fn observe(
        &mut self,
        instances: &[usize],
        _arms: &[usize],
        responses: &[usize],
        rewards: &[Rewards],
    ) -> Result<(), E> {
        self.each(|r, team| facing(team, instances[r]).take_one(responses[r], &rewards[r]));
        Ok(())
    }

    fn overhear(&mut self, arms: &[usize], rewards: &[Rewards]) -> Result<(), E> {
        // A player that overhears is one for all actions.
        self.each(|r, team| team[0].overhear(arms[r], rewards[r].value()));
        Ok(())
    }
}
