//! Learners of the core as a vector player.

use std::ops::Range;

use super::{Lockstep, VectorPlayer};
use crate::engine::{Part, Player, facing};
use crate::error::{SpecError, locating};
use crate::learners::{Config, RoundByRound};
use crate::rewards::Rewards;
use crate::rng::{Role, Stream};

/// The vector player of a learner of the core, built in or from outside.
pub struct Learners {
    /// The instances, one replication after the other.
    players: Vec<Player>,
    n_instances: usize,
    replications: Range<usize>,
    /// Its parts in the games of the run.
    parts: Vec<Part>,
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
        let parts = Part::all(run.game, config, role, run.horizon)?;
        Ok(Self {
            players: seated(&parts[0], &replications, 0),
            n_instances: config.n_instances(role, run.game),
            replications,
            parts,
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
            let first = self.replications.start;
            failure.replication.get_or_insert((first + at) as u64);
        });
    }
}

/// The instances of a player in each replication; `round` rounds have been played.
fn seated(part: &Part, replications: &Range<usize>, round: u64) -> Vec<Player> {
    let instances = |r| {
        locating(
            &mut (),
            |()| part.players(),
            |failure, ()| failure.locate(r as u64, round),
        )
    };
    replications.clone().flat_map(instances).collect()
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

    fn change(&mut self, game: usize) -> Result<(), E> {
        let part = &self.parts[game];
        if part.renews() {
            self.players = seated(part, &self.replications, part.piece.start);
        }
        Ok(())
    }
}
